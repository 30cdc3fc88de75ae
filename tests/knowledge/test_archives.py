"""Archives: their files are documents of their own; what would burst is bounded, and said."""

from __future__ import annotations

import asyncio
import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator

import pytest

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import ParsedDocument, Parser, members
from stook.settings import Settings
from tests.knowledge import files_by_code as files
from tests.knowledge.samples import tar


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    made = Parser(Settings(), workers=1)
    yield made
    asyncio.run(made.close())


def held(found: ParsedDocument) -> dict[str, bytes]:
    return {member.name: member.content for member in found.members}


async def test_names_lead_nowhere(parser: Parser) -> None:
    content = files.zipped(
        {"../../etc/passwd": "a", "/abs/b.txt": "b", "c:\\d\\e.txt": "c", "./f/../g.txt": "d"}
    )
    found = await parser.parse_bytes(content, "a.zip")
    assert sorted(held(found)) == ["abs/b.txt", "c:/d/e.txt", "etc/passwd", "f/g.txt"]
    assert found.title == "a"


async def test_links_and_devices_in_a_tar_are_no_files(parser: Parser) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (("l", tarfile.SYMTYPE), ("h", tarfile.LNKTYPE), ("d", tarfile.CHRTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
        entry = tarfile.TarInfo("a.txt")
        entry.size = 5
        archive.addfile(entry, io.BytesIO(b"hello"))
    assert held(await parser.parse_bytes(buffer.getvalue(), "a.tar")) == {"a.txt": b"hello"}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
async def test_packed_archives_and_single_files(
    parser: Parser, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(tar({"docs/a.md": b"# A", "b.txt": b"b"}))
    found = await parser.parse_bytes(packed, "backup.bin")  # the content decides
    assert held(found) == {"docs/a.md": b"# A", "b.txt": b"b"}
    assert held(await parser.parse_bytes(pack(b"hello"), "note.txt.gz")) == {"note.txt": b"hello"}


async def test_what_holds_no_document_is_counted(parser: Parser) -> None:
    content = files.zipped(
        {"a.md": "# A", "p.mkv": "x", "q.mp4": "x", ".git/config": "x", "__MACOSX/._a.md": "x"}
    )
    found = await parser.parse_bytes(content, "a.zip")
    assert list(held(found)) == ["a.md"]
    assert found.notes == (
        "4 files within it were passed over: .mkv 1, .mp4 1, hidden 1, __MACOSX 1",
    )


async def test_a_folder_called_word_makes_no_document_of_an_archive(parser: Parser) -> None:
    found = await parser.parse_bytes(files.zipped({"word/list.txt": "hello"}), "a.zip")
    assert held(found) == {"word/list.txt": b"hello"}


def zeros(count: int, size: int) -> bytes:
    return files.zipped({f"{number}.txt": "0" * size for number in range(count)})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (gzip.compress(bytes(100_000_000), 9), "a.gz"),
        (bz2.compress(bytes(100_000_000), 9), "a.bz2"),
        (gzip.compress(tar({"a.txt": b"0" * 100_000_000}), 9), "a.tar.gz"),
    ],
    ids=["gz", "bz2", "tar.gz"],
)
async def test_what_would_burst_is_not_unpacked(parser: Parser, content: bytes, name: str) -> None:
    try:
        found = await parser.parse_bytes(content, name)
    except UnreadableDocument as error:
        assert error.reason in (UnreadableReason.TOO_LARGE, UnreadableReason.EMPTY)
        return
    assert not found.members
    assert "were not read: they are too many or too large" in found.notes[0]


async def test_an_archive_of_much_is_read_as_far_as_the_bounds_go(parser: Parser) -> None:
    found = await parser.parse_bytes(zeros(4, 6_000_000), "a.zip")
    assert list(held(found)) == ["0.txt", "1.txt"]
    assert found.notes == ("2 files within it were not read: they are too many or too large",)
    many = files.zipped({f"{number}.txt": "x" for number in range(members.MOST_MEMBERS + 7)})
    found = await parser.parse_bytes(many, "a.zip")
    assert len(found.members) == members.MOST_MEMBERS
    assert found.notes[0].startswith("7 files")


async def test_an_archive_that_says_less_than_it_holds(parser: Parser) -> None:
    content = bytearray(zeros(1, 40_000_000))
    size = (40_000_000).to_bytes(4, "little")
    while (at := bytes(content).find(size)) >= 0:  # in both of its heads
        content[at : at + 4] = (10).to_bytes(4, "little")
    try:
        found = await parser.parse_bytes(bytes(content), "a.zip")
    except UnreadableDocument:
        return
    assert sum(map(len, held(found).values())) <= 10


async def test_encrypted_files_are_counted_or_the_archive_is_refused(parser: Parser) -> None:
    def locked(*names: str) -> bytes:
        content = bytearray(files.zipped({"a.txt": "hello", "b.txt": "hello"}))
        with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
            starts = [
                entry.header_offset for entry in archive.infolist() if entry.filename in names
            ]
        for start in starts:
            content[start + 6] |= 1
        at = -1
        while (at := bytes(content).find(b"PK\x01\x02", at + 1)) >= 0:
            if bytes(content[at + 46 : at + 51]).decode() in names:
                content[at + 8] |= 1
        return bytes(content)

    found = await parser.parse_bytes(locked("a.txt"), "a.zip")
    assert list(held(found)) == ["b.txt"]
    assert found.notes == ("1 files within it are encrypted and were not read",)
    with pytest.raises(UnreadableDocument) as caught:
        await parser.parse_bytes(locked("a.txt", "b.txt"), "a.zip")
    assert caught.value.reason is UnreadableReason.ENCRYPTED
