"""Streams that a client can come back to after its connection broke.

A response that can be resumed names its turn in the header ``X-Stook-Turn``. Coming back, the
client says how many pieces (events, lines) it has; the answer is written again from its first
event, and those pieces are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Header, Path, Query
from starlette.requests import Request

from stook.conversation.events import Event, Finished
from stook.conversation.turns.journal import NO_SUCH_TURN
from stook.conversation.turns.runner import Stream
from stook.dialects.answering import Rendering
from stook.dialects.bounds import MOST_NUMBER, Name
from stook.dialects.dialect import Problem
from stook.errors import InvalidRequest, NotFound
from stook.identity.principals import Principal
from stook.runtime import Runtime

TURN = "X-Stook-Turn"
RESUMABLE = "X-Stook-Resumable"
API = "api"  # in a label: whose streams these are
_DIGITS = 9

TurnId = Annotated[Name, Path(description="What the header X-Stook-Turn said.")]
After = Annotated[
    int, Query(ge=0, le=MOST_NUMBER, description="How many pieces of the stream have come.")
]
LastEventId = Annotated[
    Name | None,
    Header(alias="Last-Event-ID", description="The id of the last event that came."),
]


def is_wanted(request: Request) -> bool:
    """Whether the client says that it will come back, or stop what it no longer wants."""
    return request.headers.get(RESUMABLE, "").strip().lower() == "true"


def naming(stream: Stream) -> dict[str, str]:
    """The headers of a response by which its client can come back."""
    return {TURN: stream.turn_id} if stream.turn_id else {}


def labelled(api: str, **details: Any) -> Mapping[str, Any]:
    """What is kept of the request, to write its answer once more."""
    return {API: api, **details}


def pieces_seen(after: int, last_event_id: str | None) -> int:
    """How many pieces the client has; raises InvalidRequest."""
    given = (last_event_id or "").strip()
    if not given:
        return after
    if not (given.isascii() and given.isdigit() and len(given) <= _DIGITS):
        raise InvalidRequest("Last-Event-ID: give the number of the last event that came.")
    return int(given)


async def follow(runtime: Runtime, principal: Principal, api: str, turn_id: str) -> Stream:
    """The caller's stream, from its first event; raises NotFound."""
    stream = await runtime.turns.follow(turn_id, principal)
    if stream.label.get(API) != api:
        raise NotFound(NO_SUCH_TURN)
    return stream


async def stop(runtime: Runtime, principal: Principal, turn_id: str) -> bool:
    """Stop the caller's turn; whether there was one that ran."""
    return await runtime.turns.stop(turn_id, principal)


class Resumed:
    """A rendering without its first ``seen`` pieces, each of which ends with ``end``."""

    streams = True

    def __init__(self, rendering: Rendering, seen: int, end: bytes) -> None:
        self.media_type = rendering.media_type
        self.filler = rendering.filler
        self._rendering = rendering
        self._seen = seen
        self._end = end
        self._said = False

    def render(self, event: Event) -> bytes:
        pieces = self._rendering.render(event).split(self._end)[:-1]
        unseen = pieces[self._seen :]
        self._seen = max(0, self._seen - len(pieces))
        self._said = self._said or bool(unseen)
        if isinstance(event, Finished) and not self._said:
            return self.filler  # the client has all of it; an empty answer would be none
        return b"".join(piece + self._end for piece in unseen)

    def broken(self, found: Problem) -> bytes:
        return self._rendering.broken(found)
