"""Tells which files and folders hold no document whatever their content, by their names."""

from __future__ import annotations

SKIPPED_DIRECTORIES = frozenset(
    {"node_modules", "__pycache__", "site-packages", "venv", "bower_components", "__MACOSX"}
)
SKIPPED_SUFFIXES = frozenset(
    ".7z .a .aac .avi .avif .bin .class .db .dll .dylib .eot .exe .flac .ico .iso "
    ".jar .lock .lz4 .m4a .m4v .map .mkv .mov .mp3 .mp4 .mpeg .o .obj .ogg .otf "
    ".parquet .pbm .pgm .ppm .psd .pyc .rar .so .sqlite .svg .ttf .wasm .wav "
    ".webm .whl .wmv .woff .woff2 .zst".split()
)
PICTURES = frozenset(".bmp .gif .jp2 .jpeg .jpg .png .tif .tiff .webp".split())
HIDDEN, LOCK = "hidden", "lock file of an open document"


def picture(name: str) -> str:
    """The ending of a picture's name; "" of other names."""
    ending = _ending(name)
    return ending if ending in PICTURES else ""


def reason(name: str, *, pictures: bool = True) -> str:
    """Why a file of this name is passed over, in a word; "" where it is read.

    ``pictures`` says whether those are read.
    """
    if name.startswith("."):
        return HIDDEN
    if name.startswith("~$"):
        return LOCK
    ending = _ending(name)
    return ending if ending in SKIPPED_SUFFIXES or (ending in PICTURES and not pictures) else ""


def _ending(name: str) -> str:
    point = name.rfind(".")
    return name[point:].lower() if point > 0 else ""


def folder_reason(name: str) -> str:
    """Why a folder of this name is passed over with all in it; "" where it is read."""
    if name.startswith("."):
        return HIDDEN
    return name if name in SKIPPED_DIRECTORIES else ""


def path_reason(path: str, *, pictures: bool) -> str:
    """Why a file at a path, with ``/``, is passed over: for its own name or that of a folder."""
    *folders, name = path.split("/")
    inside = next(filter(None, map(folder_reason, folders)), "")
    return inside or reason(name, pictures=pictures)
