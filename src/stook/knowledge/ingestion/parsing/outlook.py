"""Reads what Outlook saves of a message (MSG), as the message that was sent.

A message is a folder of an OLE container: a stream for each property, a folder for each recipient
and each attachment. An attached message is such a folder within its attachment's.
"""

from __future__ import annotations

import datetime
import email.policy
import struct
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import format_datetime, formataddr

import olefile

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing.encodings import decode, named

DEEPEST = 8  # messages within messages
MOST_PARTS = 2_000  # attachments of a message, or recipients
_SUBJECT, _HEADERS, _BODY, _HTML = "0037", "007D", "1000", "1013"
_SENDER, _SENDER_ADDRESSES = "0C1A", ("5D01", "0C1F")
_NAME, _ADDRESSES = "3001", ("39FE", "3003")
_FILE_NAMES, _MIME, _DATA, _MESSAGE = ("3707", "3704", "3001"), "370E", "37010102", "3701000D"
_SENT, _RECEIVED, _RECIPIENT_KIND, _CODE_PAGE = 0x0039, 0x0E06, 0x0C15, 0x3FFD
_TO, _CC = 1, 2
_TICKS, _EPOCH = 10_000_000, 11_644_473_600  # a second; seconds from 1601 to 1970
_BROKEN = (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error)

Folder = tuple[str, ...]


def message(content: bytes) -> EmailMessage:
    """The message that was saved, with all that is attached to it. Raises UnreadableDocument."""
    try:
        with olefile.OleFileIO(content) as container:
            return _Reader(container).message((), 0)
    except _BROKEN as error:
        raise UnreadableDocument(UnreadableReason.BROKEN) from error


class _Reader:
    def __init__(self, container: olefile.OleFileIO) -> None:
        self._container = container
        self._streams = {tuple(path): path for path in container.listdir()}
        self._folders = [tuple(path) for path in container.listdir(streams=False, storages=True)]
        self._encoding: str | None = None  # of what is not in Unicode

    def message(self, at: Folder, depth: int) -> EmailMessage:
        """The message in a folder."""
        fixed = self._fixed(at, 24 if at else 32)
        page = fixed.get(_CODE_PAGE, b"")[:4]
        self._encoding = named(f"cp{int.from_bytes(page, 'little')}") if page else self._encoding
        made = EmailMessage(policy=email.policy.default)
        made["Subject"] = _line(self._text(at, _SUBJECT))
        sender = next(filter(None, (self._text(at, name) for name in _SENDER_ADDRESSES)), "")
        made["From"] = _person(self._text(at, _SENDER), sender)
        for header, kind in (("To", _TO), ("Cc", _CC)):
            people = [person for found, person in self._recipients(at) if found == kind]
            if people:
                made[header] = ", ".join(people)
        if when := _moment(fixed.get(_SENT) or fixed.get(_RECEIVED)):
            made["Date"] = format_datetime(when)
        made.set_content(self._text(at, _BODY))
        if html := self._html(at):
            made.add_alternative(html.decode("utf-8", "replace"), subtype="html")
        for attachment in self._inside(at, "__attach_version1.0"):
            self._attach(made, attachment, depth)
        return made

    def _attach(self, made: EmailMessage, at: Folder, depth: int) -> None:
        name = _line(next(filter(None, (self._text(at, one) for one in _FILE_NAMES)), ""))
        inner = (*at, f"__substg1.0_{_MESSAGE}")
        if inner in self._folders and depth < DEEPEST:
            made.add_attachment(self.message(inner, depth + 1))
        else:
            main, _, sub = _line(self._text(at, _MIME)).partition("/")
            kind = (main, sub) if main.isalpha() and sub and main != "message" else _UNKNOWN
            data = self._stream((*at, f"__substg1.0_{_DATA}"))
            made.add_attachment(data, *kind, filename=name or "attachment")

    def _recipients(self, at: Folder) -> Iterator[tuple[int, str]]:
        for folder in self._inside(at, "__recip_version1.0"):
            kind = int.from_bytes(self._fixed(folder, 8).get(_RECIPIENT_KIND, b"")[:4], "little")
            address = next(filter(None, (self._text(folder, name) for name in _ADDRESSES)), "")
            yield kind, _person(self._text(folder, _NAME), address)

    def _inside(self, at: Folder, prefix: str) -> list[Folder]:
        inside = (
            folder
            for folder in self._folders
            if folder[:-1] == at and folder[-1].startswith(prefix)
        )
        return sorted(inside)[:MOST_PARTS]

    def _html(self, at: Folder) -> bytes:
        raw = self._stream((*at, f"__substg1.0_{_HTML}0102"))
        return (decode(raw).text if raw else self._text(at, _HTML)).encode("utf-8", "replace")

    def _text(self, at: Folder, name: str) -> str:
        """A property in words, in Unicode or in the code page of its message."""
        if raw := self._stream((*at, f"__substg1.0_{name}001F")):
            return raw.decode("utf-16-le", "replace").rstrip("\0")
        raw = self._stream((*at, f"__substg1.0_{name}001E")).rstrip(b"\0")
        try:
            return raw.decode(self._encoding or "utf-8")
        except UnicodeDecodeError:
            return decode(raw).text

    def _stream(self, path: Folder) -> bytes:
        if path not in self._streams:
            return b""
        with self._container.openstream(self._streams[path]) as opened:
            return bytes(opened.read())

    def _fixed(self, at: Folder, head: int) -> dict[int, bytes]:
        """The properties of a few bytes, by their number."""
        table = self._stream((*at, "__properties_version1.0"))[head:]
        entries = (table[start : start + 16] for start in range(0, len(table) - 15, 16))
        return {struct.unpack_from("<H", entry, 2)[0]: entry[8:] for entry in entries}


_UNKNOWN = ("application", "octet-stream")


def _line(words: str) -> str:
    return " ".join(words.split())


def _person(name: str, address: str) -> str:
    """A person as headers name one; what is no address of mail, as a directory's, is left out."""
    known = _line(address) if "@" in address and address.isascii() else ""
    return formataddr((_line(name), known)) if known else _line(name).replace(",", " ")


def _moment(value: bytes | None) -> datetime.datetime | None:
    if not value or not (ticks := int.from_bytes(value[:8], "little")):
        return None
    seconds = ticks / _TICKS - _EPOCH
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC) if 0 < seconds < 2**33 else None
