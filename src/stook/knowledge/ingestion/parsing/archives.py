"""Takes the files out of ZIP and TAR archives, and out of what is packed by itself.

Nothing is written anywhere: a member's name is only shown. What an archive unpacks to is counted
as it comes, whatever the archive says of itself.
"""

from __future__ import annotations

import bz2
import functools
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import IO, Any

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion import unread
from stook.knowledge.ingestion.parsing import kinds
from stook.knowledge.ingestion.parsing.members import MOST_BYTES, Members
from stook.knowledge.ingestion.parsing.parsed import Read

HIGHEST_RATIO = 200  # of unpacked to packed bytes; text comes to 50, what is made to burst to 1000
ALWAYS_ALLOWED = 16 * 2**20  # bytes to which any archive may unpack
MOST_ENTRIES = 100_000  # that are looked at
LISTED = 200  # members that the text names

_BROKEN = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError,
    ValueError, NotImplementedError, RuntimeError, UnicodeError,
)  # fmt: skip
_OPENERS: dict[str, Callable[[io.BytesIO], Any]] = {
    kinds.GZIP: lambda packed: gzip.GzipFile(fileobj=packed),
    kinds.BZIP2: bz2.BZ2File,
    kinds.XZ: lzma.LZMAFile,
}
_ENDINGS = (".gz", ".bz2", ".xz")


def read(content: bytes, kind: str, name: str, *, pictures: bool) -> Read:
    """An archive: a list of its files, each a member. Raises UnreadableDocument.

    ``pictures`` can be read, too.
    """
    taking = _Taking(len(content), pictures)
    try:
        if kind == kinds.ZIP:
            taking.zip(content)
        elif kind == kinds.TAR:
            taking.tar(io.BytesIO(content))
        else:
            taking.packed(_OPENERS[kind](io.BytesIO(content)), name)
    except _TooMuch as error:
        if not taking.members.names:
            raise UnreadableDocument(UnreadableReason.TOO_LARGE, "when unpacked") from error
        taking.members.leave_out()
    except _BROKEN as error:
        if not taking.members.names:
            raise UnreadableDocument(UnreadableReason.BROKEN) from error
        taking.broken += 1
    return taking.read()


class _Taking:
    """The members taken out so far, and what was left."""

    def __init__(self, packed: int, pictures: bool) -> None:
        self._pictures = pictures
        self._left = min(MOST_BYTES, max(ALWAYS_ALLOWED, HIGHEST_RATIO * packed))
        self._passed_over: Counter[str] = Counter()
        self._encrypted = 0
        self.broken = 0
        self.members = Members()

    def zip(self, content: bytes) -> None:
        """Take the files out of a ZIP archive."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for number, entry in enumerate(archive.infolist()):
                if entry.is_dir() or not self._wants(name := _zip_name(entry), number):
                    continue
                if entry.flag_bits & 1:
                    self._encrypted += 1
                    continue
                self._add(name, entry.file_size, functools.partial(archive.open, entry))

    def tar(self, content: IO[bytes]) -> None:
        """Take the files out of a TAR archive; links and devices are no files."""
        with tarfile.open(fileobj=content, mode="r|") as archive:
            for number, entry in enumerate(archive):
                if entry.isfile() and self._wants(entry.name, number):
                    opened = functools.partial(archive.extractfile, entry)
                    self._add(entry.name, entry.size, opened)

    def packed(self, content: IO[bytes], name: str) -> None:
        """Take the one file out of what is packed by itself; a TAR archive is that archive."""
        counted = _Counted(content, self._left)
        head = counted.peek(512)
        if head[257:262] == b"ustar":
            self.tar(counted)  # type: ignore[arg-type]
            return
        inner = name.rpartition("/")[2]
        ending = next((ending for ending in _ENDINGS if inner.lower().endswith(ending)), "")
        self._add(inner[: len(inner) - len(ending)] or "content", 0, lambda: counted)

    def _wants(self, name: str, number: int) -> bool:
        if number >= MOST_ENTRIES:
            raise _TooMuch
        if reason := unread.path_reason(_plain(name), pictures=self._pictures):
            self._passed_over[reason] += 1
            return False
        return True

    def _add(self, name: str, size: int, opened: Callable[[], Any]) -> None:
        """Take in a file, unless it is larger than what is left, by its own word or in truth."""
        if size > self._left:
            self.members.leave_out()
            return
        try:
            source = opened()
            content = source.read(self._left + 1) if source else b""
        except _BROKEN:
            self.broken += 1
            return
        if len(content) > self._left:
            raise _TooMuch
        self._left -= len(content)
        self.members.add(_plain(name), content)

    def read(self) -> Read:
        """The archive as a document of its own: what is in it."""
        names = self.members.names
        more = f"\n- … and {len(names) - LISTED} more" if len(names) > LISTED else ""
        listed = "\n".join(f"- {name}" for name in names[:LISTED])
        files = "file" if len(names) == 1 else "files"
        text = f"Archive of {len(names)} {files}:\n\n{listed}{more}"
        return Read(text, notes=tuple(self._notes()), by_name=True, members=self.members.taken())

    def _notes(self) -> Iterator[str]:
        yield from self.members.notes()
        if self._encrypted:
            yield f"{self._encrypted} files within it are encrypted and were not read"
        if self.broken:
            yield f"{self.broken} files within it are broken and were not read"
        if self._passed_over:
            counts = ", ".join(f"{kind} {count}" for kind, count in self._passed_over.most_common())
            yield f"{self._passed_over.total()} files within it were passed over: {counts}"


class _TooMuch(Exception):
    """More came out than is allowed."""


class _Counted(io.RawIOBase):
    """A stream that ends with _TooMuch where more comes out of it than is allowed."""

    def __init__(self, source: IO[bytes], most: int) -> None:
        self._source = source
        self._left = most
        self._head = b""

    def peek(self, size: int) -> bytes:
        """The first bytes, which are still to be read."""
        self._head = self._source.read(size)
        return self._head

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """As a file's; reads at most one byte more than is allowed."""
        wanted = self._left + 1 if size < 0 else min(size, self._left + 1)
        piece, self._head = self._head[:wanted], self._head[wanted:]
        piece += self._source.read(wanted - len(piece)) if wanted > len(piece) else b""
        self._left -= len(piece)
        if self._left < 0:
            raise _TooMuch
        return piece


def _zip_name(entry: zipfile.ZipInfo) -> str:
    """A member's name; programs that do not say UTF-8 often mean it."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename


def _plain(name: str) -> str:
    """A path below the archive's root, whatever the archive says: it names no other place."""
    parts = name.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", ".."))
