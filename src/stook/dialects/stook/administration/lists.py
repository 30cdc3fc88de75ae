"""What the parameters of long lists have in common, and cursors that name a place in one."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

import orjson
from fastapi import Query

from stook.dialects.bounds import MOST_NUMBER, Line, Name
from stook.dialects.cursors import InvalidCursor
from stook.storage.pages import Place
from stook.storage.text import is_storable

PAGE = 50
LONGEST = 20_000  # characters of a cursor

Words = Annotated[str, Query(max_length=200, description="Words that all have to occur.")]
Cursor = Annotated[Line | None, Query(description="What the page before said.")]
Descending = Annotated[bool, Query(description="The other way round.")]
Email = Annotated[Name, Query(description="A person's e-mail address.")]
After = Annotated[int, Query(ge=-1, le=MOST_NUMBER, description="The number to go on behind.")]


def cursor_of(place: Place | None) -> str | None:
    """A place in a list, as what the next page is asked for with."""
    return None if place is None else base64.urlsafe_b64encode(orjson.dumps(place)).decode()


def place_of(cursor: str | None, kind: type[str] | type[int]) -> Place | None:
    """The place that a cursor names in a list sorted by values of a kind; raises InvalidCursor."""
    if cursor is None:
        return None
    try:
        value, key = orjson.loads(base64.b64decode(cursor[:LONGEST], altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError) as error:
        raise InvalidCursor from error
    if type(value) is not kind or not isinstance(key, str) or not is_storable(f"{value}{key}"):
        raise InvalidCursor
    if isinstance(value, int) and abs(value) >= 2**63:
        raise InvalidCursor
    return value, key
