"""Pictures of drawn pages, and PDFs that hold nothing but such pictures, as scanners make them."""

from __future__ import annotations

import struct
import zlib

from stook.knowledge.ingestion.parsing import pdf_pages
from tests.knowledge.files_by_code import drawn_pdf

Grey = tuple[int, int, bytes]  # width, height, a byte a pixel


def drawn(page: str) -> Grey:
    """A page of 400 by 300 points, drawn at the resolution of a scanner."""
    picture, _ = pdf_pages.open_pdf(drawn_pdf([page])).draw(0)
    head, _, pixels = picture.partition(b"\n")
    _, width, height, _ = head.split()
    return int(width), int(height), pixels


def png(picture: Grey) -> bytes:
    """A picture in shades of grey as PNG."""
    width, height, pixels = picture

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    rows = b"".join(b"\0" + pixels[at * width : (at + 1) * width] for at in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    resolution = struct.pack(">IIB", 11811, 11811, 1)  # dots a metre: 300 an inch
    body = [
        chunk(b"IHDR", header), chunk(b"pHYs", resolution),
        chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""),
    ]  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def scanned_pdf(pages: list[Grey | str]) -> bytes:
    """A PDF of pages that are pictures, or drawn as ``drawn_pdf`` takes them."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>"
        % (len(pages), b" ".join(b"%d 0 R" % (4 + 3 * at) for at in range(len(pages)))),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for number, page in enumerate(pages):
        first = 4 + 3 * number
        content = page.encode() if isinstance(page, str) else b"q 400 0 0 300 0 0 cm /I Do Q"
        width, height, pixels = (1, 1, b"\xff") if isinstance(page, str) else page
        packed = zlib.compress(pixels)
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Contents %d 0 R/Resources"
            b"<</Font<</F1 3 0 R>>/XObject<</I %d 0 R>>>>>>" % (first + 1, first + 2),
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray"
            b"/BitsPerComponent 8/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
            % (width, height, len(packed), packed),
        ]
    out = bytearray(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    return bytes(out) + b"trailer<</Root 1 0 R>>\n%%EOF"
