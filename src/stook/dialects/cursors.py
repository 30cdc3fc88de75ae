"""Pages of ranked results that neither repeat nor skip one while documents come and go.

A cursor names what was shown already, in six bytes a result; what is shown next is the best of
the rest. It is opaque to the caller, and worth nothing for another search.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from stook.errors import InvalidRequest

T = TypeVar("T")
MARK = 6  # bytes of a result's hash
LONGEST = 20_000  # characters


class InvalidCursor(InvalidRequest):
    """The cursor is none that this search gave; begin again without one."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some results, how many came before them, and the cursor of the next page, if any."""

    items: list[T]
    before: int
    cursor: str | None


def cut(
    found: Sequence[T], name: Callable[[T], str], search: str, cursor: str | None, size: int
) -> Page[T]:
    """The page behind ``cursor``; ``search`` is all that the results depend on.

    Raises InvalidCursor.
    """
    shown = _shown(cursor, search) if cursor else []
    known = set(shown)
    rest = [each for each in found if _mark(name(each)) not in known]
    items = rest[:size]
    if len(rest) <= size:
        return Page(items, len(shown), None)
    marks = [_mark(search), *shown, *(_mark(name(each)) for each in items)]
    return Page(items, len(shown), base64.urlsafe_b64encode(b"".join(marks)).decode())


def _mark(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:MARK]


def _shown(cursor: str, search: str) -> list[bytes]:
    try:
        raw = base64.b64decode(cursor[:LONGEST], altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor from error
    marks = [raw[at : at + MARK] for at in range(0, len(raw), MARK)]
    if not marks or marks[0] != _mark(search) or len(marks[-1]) != MARK:
        raise InvalidCursor
    return marks[1:]
