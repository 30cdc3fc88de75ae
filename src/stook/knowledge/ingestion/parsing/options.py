"""What an operator says about reading files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """``most_unpacked`` bytes come out of an archive at most; pictures are in ``ocr_languages``.

    The languages are Tesseract's names, joined by ``+``; without any, pictures are not read.
    """

    most_unpacked: int
    ocr_languages: str = ""
