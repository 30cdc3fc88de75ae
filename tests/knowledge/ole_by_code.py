"""Small files in the old office formats, laid out byte by byte."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def container(streams: Mapping[str, bytes]) -> bytes:
    """An OLE container with some streams, each of whole sectors."""
    sizes = {name: max(len(data), 4096) for name, data in streams.items()}
    counts = {name: -(-size // SECTOR) for name, size in sizes.items()}
    directory = -(-(len(streams) + 1) // 4)
    fat = [_FAT]
    fat += [at + 2 for at in range(directory - 1)] + [_END]
    starts: dict[str, int] = {}
    for name, count in counts.items():
        starts[name] = len(fat)
        fat += [len(fat) + 1 + at for at in range(count - 1)] + [_END]
    assert len(fat) <= SECTOR // 4, "one sector of the table is all that is written here"
    fat += [_FREE] * (SECTOR // 4 - len(fat))
    names = list(streams)
    entries = [_entry("Root Entry", 5, child=1, start=_END, size=0)]
    for at, name in enumerate(names, 1):
        right = at + 1 if at < len(names) else _FREE
        entries.append(_entry(name, 2, right=right, start=starts[name], size=sizes[name]))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0,
                          _END, 0, 0)  # fmt: skip
    header += struct.pack("<108I", *[_FREE] * 108)
    body = struct.pack(f"<{len(fat)}I", *fat) + b"".join(entries).ljust(directory * SECTOR, b"\0")
    for name, data in streams.items():
        body += data.ljust(counts[name] * SECTOR, b"\0")
    return header + body


def _entry(
    name: str, kind: int, *, start: int, size: int, right: int = _FREE, child: int = _FREE
) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<III", _FREE, right, child)
    place = struct.pack("<IQ", start, size)
    return (
        encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1) + links + bytes(36)
        + place
    )  # fmt: skip


Tree = Mapping[str, "bytes | Tree"]


def nested(tree: Tree) -> bytes:
    """An OLE container with folders; each folder's entries hang on one another to the right."""
    entries: list[list[object]] = [["Root Entry", 5, _FREE, _FREE, b""]]

    def add(inside: Tree, parent: int) -> None:
        before = None
        for name, value in inside.items():
            at = len(entries)
            if before is None:
                entries[parent][3] = at
            else:
                entries[before][2] = at
            folder = not isinstance(value, bytes)
            entries.append([name, 1 if folder else 2, _FREE, _FREE, b"" if folder else value])
            if not isinstance(value, bytes):
                add(value, at)
            before = at

    add(tree, 0)
    directory = -(-len(entries) // 4)
    fat = [_FAT] * 4 + [at + 5 for at in range(directory - 1)] + [_END]
    written, body = [], b""
    for name, kind, right, child, data in entries:
        assert isinstance(data, bytes)
        start, size = _END, 0
        if data:
            start, size = len(fat), max(len(data), 4096)
            count = -(-size // SECTOR)
            fat += [len(fat) + 1 + at for at in range(count - 1)] + [_END]
            body += data.ljust(count * SECTOR, b"\0")
        written.append(
            _entry(str(name), int(str(kind)), right=int(str(right)), child=int(str(child)),
                   start=start, size=size)
        )  # fmt: skip
    fat += [_FREE] * (4 * SECTOR // 4 - len(fat))
    assert len(fat) == SECTOR
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 4, 4, 0, 4096, _END, 0,
                          _END, 0, 0)  # fmt: skip
    header += struct.pack("<108I", 1, 2, 3, *[_FREE] * 105)
    table = struct.pack(f"<{len(fat)}I", *fat)
    return header + table + b"".join(written).ljust(directory * SECTOR, b"\0") + body


# --- documents ----------------------------------------------------------------------------------


def doc(
    paragraphs: Sequence[tuple[str, int, bytes]],
    *,
    hidden: str = "",
    parts: Mapping[str, str] | None = None,
    places: Mapping[str, Sequence[int]] | None = None,
) -> bytes:
    """A DOC file. A paragraph is its text with its mark, its style, and its properties (sprms).

    ``hidden`` is the part of the text that is hidden. ``parts`` are the texts of "footnotes",
    "headers" and "comments", ``places`` where their marks stand.
    """
    main = "".join(text for text, _, _ in paragraphs)
    others = {name: (parts or {}).get(name, "") for name in ("footnotes", "headers", "comments")}
    text = main + "".join(others.values())
    start = 0x800
    pages_at = -(-(start + 2 * _units(text)) // SECTOR) * SECTOR
    runs, lines = _run_page(start, text, hidden), _paragraph_page(start, paragraphs)
    header = bytearray(start)
    struct.pack_into("<HH", header, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", header, 0x0A, 0x0200)
    lengths = (_units(main), len(others["footnotes"]), len(others["headers"]), 0)
    struct.pack_into("<8I", header, 0x4C, *lengths, len(others["comments"]), 0, 0, 0)
    table = b""
    pieces = b"\x02" + struct.pack("<III", 16, 0, _units(text)) + struct.pack("<HIH", 0, start, 0)
    listed = {
        0x1A2: pieces,
        0xFA: struct.pack("<III", start, start + 2 * _units(text), pages_at // SECTOR),
        0x102: struct.pack("<III", start, start + 2 * _units(text), pages_at // SECTOR + 1),
    }
    for name, at, width in (("footnotes", 0xAA, 2), ("comments", 0xBA, 30), ("headers", 0xF2, 0)):
        if found := (places or {}).get(name):
            listed[at] = struct.pack(f"<{len(found)}I", *found) + bytes(width * (len(found) - 1))
    for at, data in listed.items():
        struct.pack_into("<II", header, at, len(table), len(data))
        table += data
    document = bytes(header) + text.encode("utf-16-le")
    document = document.ljust(pages_at, b"\0") + runs + lines
    return container({"WordDocument": document, "1Table": table})


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _run_page(start: int, text: str, hidden: str) -> bytes:
    at = text.find(hidden) if hidden else 0
    cuts = sorted({0, at, at + len(hidden), _units(text)})
    page = bytearray(SECTOR)
    count = len(cuts) - 1
    struct.pack_into(f"<{count + 1}I", page, 0, *(start + 2 * cut for cut in cuts))
    page[400:404] = bytes([3]) + struct.pack("<HB", 0x083C, 1)
    for number in range(count):
        page[4 * (count + 1) + number] = 200 if hidden and cuts[number] == at else 0
    page[-1] = count
    return bytes(page)


def _paragraph_page(start: int, paragraphs: Sequence[tuple[str, int, bytes]]) -> bytes:
    page, count = bytearray(SECTOR), len(paragraphs)
    offset, free = start, SECTOR - 2
    for number, (text, style, properties) in enumerate(paragraphs):
        struct.pack_into("<I", page, 4 * number, offset)
        offset += 2 * _units(text)
        said = struct.pack("<H", style) + properties
        said += b"\0" * (len(said) % 2)
        free -= len(said) + 2
        page[free : free + len(said) + 2] = bytes([0, len(said) // 2]) + said
        page[4 * (count + 1) + 13 * number] = free // 2
    struct.pack_into("<I", page, 4 * count, offset)
    page[-1] = count
    assert free > 17 * count + 4, "more than one page of properties"
    return bytes(page)


# --- presentations ------------------------------------------------------------------------------


def record(kind: int, data: bytes, *, instance: int = 0, holds: bool = False) -> bytes:
    """A record of a presentation; ``holds``: its content are records."""
    return struct.pack("<HHI", instance << 4 | (0xF if holds else 0), kind, len(data)) + data


def words(text: str, kind: int) -> bytes:
    """A text of some kind: 0 a title, 1 a body, 4 another."""
    return record(0x0F9F, struct.pack("<I", kind)) + record(0x0FA0, text.encode("utf-16-le"))


def shape(content: bytes) -> bytes:
    """A shape with a box of text."""
    box = record(0xF00D, content, holds=True)
    return record(0x040C, record(0xF004, box, holds=True), holds=True)


def ppt(
    slides: Sequence[tuple[bytes, bytes]], notes: Sequence[tuple[bytes, bytes]], master: bytes
) -> bytes:
    """A PPT file. A slide is its texts in the list of the document, and what stands on it."""
    stream, offsets = b"", []
    lists = b""
    masters = [(b"", master)]
    for instance, kind, some in ((1, 0x03F8, masters), (0, 0x03EE, slides), (2, 0x03F0, notes)):
        listed = b""
        for number, (texts, drawn) in enumerate(some):
            offsets.append(len(stream))
            stream += record(kind, drawn, holds=True)
            listed += record(0x03F3, struct.pack("<5I", len(offsets) + 1, 0, 0, 256 + number, 0))
            listed += texts
        lists += record(0x0FF0, listed, instance=instance, holds=True)
    document = len(stream)
    stream += record(0x03E8, lists, holds=True)
    directory = len(stream)
    entries = [document, *offsets]
    stream += record(0x1772, struct.pack(f"<{1 + len(entries)}I", 1 | len(entries) << 20, *entries))
    edit = len(stream)
    stream += record(0x0FF5, struct.pack("<7I", 0, 0, 0, directory, 1, 0, 0))
    current = record(0x0FF6, struct.pack("<III", 20, 0xE391C05F, edit))
    return container({"PowerPoint Document": stream, "Current User": current})
