"""Reads what old office files (OLE containers) say about themselves."""

from __future__ import annotations

import datetime
from typing import Any

import olefile

from stook.knowledge.ingestion.parsing.parsed import Facts

_MAC_ROMAN, _UTF_8 = 10_000, 65_001


def facts(content: bytes) -> Facts:
    """Title, author and dates; nothing where they are damaged or not there."""
    try:
        with olefile.OleFileIO(content) as container:
            said = container.get_metadata()
    except (OSError, ValueError, IndexError, TypeError, AttributeError):
        return Facts()
    encoding = _encoding(said.codepage)
    return Facts(
        title=_text(said.title, encoding),
        author=_text(said.author, encoding),
        created_at=_moment(said.create_time),
        updated_at=_moment(said.last_saved_time),
    )


def _encoding(page: Any) -> str:
    """The codec of a Windows code page, some of which are written as negative numbers."""
    number = int(page or 1252) & 0xFFFF
    return {_MAC_ROMAN: "mac-roman", _UTF_8: "utf-8"}.get(number, f"cp{number}")


def _text(said: Any, encoding: str) -> str:
    if isinstance(said, str):
        return said.strip("\0 ")
    try:
        return bytes(said or b"").decode(encoding, "replace").strip("\0 ")
    except LookupError:
        return bytes(said or b"").decode("cp1252", "replace").strip("\0 ")


def _moment(said: Any) -> int | None:
    """Microseconds since the epoch; files that were never saved name the year 1601."""
    if not isinstance(said, datetime.datetime) or said.year < 1980:
        return None
    return int(said.replace(tzinfo=datetime.UTC).timestamp() * 1_000_000)
