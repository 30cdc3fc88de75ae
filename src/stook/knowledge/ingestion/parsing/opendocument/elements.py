"""Names and attributes of the elements of OpenDocument files."""

from __future__ import annotations

from typing import Any

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
TEXT = f"{{{_ODF}:text:1.0}}"
TABLE = f"{{{_ODF}:table:1.0}}"
DRAW = f"{{{_ODF}:drawing:1.0}}"
OFFICE = f"{{{_ODF}:office:1.0}}"
STYLE = f"{{{_ODF}:style:1.0}}"
PRESENTATION = f"{{{_ODF}:presentation:1.0}}"
SVG = f"{{{_ODF}:svg-compatible:1.0}}"
LINK = "{http://www.w3.org/1999/xlink}href"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


def number(element: Any, name: str, otherwise: int = 1) -> int:
    """An attribute as a whole number; ``otherwise`` where it is none."""
    written = element.get(name, "")
    return int(written) if written.isdigit() and len(written) < 9 else otherwise
