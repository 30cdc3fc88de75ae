"""The connection of one client: uvicorn's, with limits of size, count and time.

What a client owes (a head, a body, the reading of its answer) is waited for so long and no
longer. Where there are too many connections, those whose clients owe something make room.
"""

from __future__ import annotations

import asyncio
import enum
import http
from dataclasses import dataclass
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from stook.settings import Settings

KIB = 1024
SLOWEST_BODY = KIB  # bytes a second, after the first seconds
MOST_PIPELINED = 16
# Headers by which somebody is let in; two of one kind would be open to two readings.
ONCE = frozenset(
    {b"host", b"authorization", b"x-glean-actas", b"x-scio-actas", b"x-api-key", b"alhena_api_key"}
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one client may send, and how many clients there may be in a process."""

    head_bytes: int
    fields: int
    head_seconds: float
    body_seconds: float
    idle_seconds: float
    unread_seconds: float
    connections: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that an operator set."""
        return cls(
            head_bytes=settings.max_header_kib * KIB,
            fields=settings.max_headers,
            head_seconds=settings.header_timeout_seconds,
            body_seconds=settings.body_timeout_seconds,
            idle_seconds=settings.idle_timeout_seconds,
            unread_seconds=settings.unread_timeout_seconds,
            connections=settings.max_connections,
        )


class _Phase(enum.Enum):
    HEAD = enum.auto()  # the address and the headers are on their way
    BODY = enum.auto()
    WHOLE = enum.auto()  # the request is here; it is answered, or was


class _Refused(Exception):
    """The request goes over a limit."""


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 by httptools, which itself has no limits."""

    def __init__(self, *args: Any, limits: Limits, **options: Any) -> None:
        super().__init__(*args, **options)
        self._limits = limits
        self._phase = _Phase.HEAD
        self._clock: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._heard_at = 0.0  # when the client last sent something
        self._body_since = 0.0
        self._size = self._fields = 0  # of the head
        self._unparsed = 0  # bytes since the parser last told of something
        self._body = 0  # bytes that came of it
        self._refusal: tuple[int, str] | None = None
        self._is_out = False

    # --- the connection ------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._heard_at = self.loop.time()
        self._start_clock(self._limits.head_seconds)
        if len(self.connections) > self._limits.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_clock()
        self.resume_writing()
        super().connection_lost(exc)

    def _make_room(self) -> None:
        """End the connection whose client has owed something longest; if none does, this one."""
        every = [each for each in self.connections if isinstance(each, BoundedProtocol)]
        owing = [each for each in every if each is not self and each._owes]
        if owing:
            min(owing, key=lambda each: (each._phase is _Phase.BODY, each._heard_at))._end()
        else:
            self._refusal = (503, "There are too many connections; try again shortly.")

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def _owes(self) -> bool:
        """Whether it is the client's turn: nothing that is here whole is being answered."""
        return not self._is_out and (self._phase is _Phase.BODY or not self._is_answering)

    def _end(self) -> None:
        self._is_out = True
        self._stop_clock()
        self.transport.abort()

    # --- what comes ----------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        if self._is_out or self.transport.is_closing():
            return
        self._heard_at = self.loop.time()
        if self._phase is _Phase.WHOLE and not self._is_answering:  # the next request begins
            self._phase = _Phase.HEAD
            self._start_clock(self._limits.head_seconds)
        self._unparsed += len(data)
        super().data_received(data)
        if self._unparsed > self._limits.head_bytes and not self.transport.is_closing():
            self._refuse_head()
            self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._refusal is not None or len(self.pipeline) >= MOST_PIPELINED:
            raise _Refused
        self._phase = _Phase.HEAD
        self._size = self._fields = self._body = 0
        self._start_clock(self._limits.head_seconds)

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count_head(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._fields += 1
        self._count_head(len(name) + len(value) + 4)
        if self._phase is _Phase.HEAD:  # what trails a body is no header; nobody vouches for it
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._check_fields()
        super().on_headers_complete()
        if self.parser.should_upgrade():  # to nothing we speak; what follows may be anything
            self.cycle.keep_alive = False
        self._unparsed = 0
        self._phase = _Phase.BODY
        self._body_since = self.loop.time()
        self._start_clock(self._limits.body_seconds)

    def on_chunk_header(self) -> None:
        """Chunks may be many and small, but each is told of."""
        self._unparsed = self._size = self._fields = 0

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._unparsed = 0
        self._body += len(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._unparsed = 0
        self._phase = _Phase.WHOLE
        self._stop_clock()
        if not self._is_answering:  # the answer came before the end of the body
            self._start_clock(self._limits.idle_seconds)

    def _count_head(self, size: int) -> None:
        self._size += size
        if self._size > self._limits.head_bytes or self._fields > self._limits.fields:
            self._refuse_head()
            raise _Refused

    def _refuse_head(self) -> None:
        kib, fields = self._limits.head_bytes // KIB, self._limits.fields
        self._refusal = (431, f"Address and headers: at most {kib} KiB and {fields} headers.")

    def _check_fields(self) -> None:
        """Refuse a request that two readers might take for two different ones."""
        names = [name for name, _ in self.headers if name in ONCE]
        if len(names) > len(set(names)):
            self._refusal = (400, "A header that must be given once is given twice.")
            raise _Refused
        if b"host" not in names and self.parser.get_http_version() == "1.1":
            self._refusal = (400, "The header Host is missing.")
            raise _Refused

    def _unsupported_upgrade_warning(self) -> None:
        """It is answered as HTTP/1.1, which is what the client then speaks."""

    # --- what goes out -------------------------------------------------------------------------

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            self._start_clock(self._limits.unread_seconds)
        elif self._phase is _Phase.BODY:
            self._start_clock(self._limits.body_seconds)  # it is still taken: the answer arrives

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._start_clock(self._limits.unread_seconds)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(self._limits.unread_seconds, self._end)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser stumbled over, or what goes over a limit."""
        self._answer(*(self._refusal or (400, "The request is not valid HTTP/1.1.")))

    def _answer(self, status: int, message: str) -> None:
        """Answer in the application's place and close; into another answer nothing is written."""
        if self._is_answering and (self.cycle.response_started or self.pipeline):
            self._end()
            return
        if self._is_answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        head = (
            f"HTTP/1.1 {status} {http.HTTPStatus(status).phrase}\r\n"
            "content-type: text/plain; charset=utf-8\r\n"
            f"content-length: {len(message) + 1}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(f"{head}{message}\n".encode("ascii"))
        self.transport.close()
        self._start_clock(self._limits.unread_seconds)

    # --- the clock -----------------------------------------------------------------------------

    def _start_clock(self, seconds: float) -> None:
        self._stop_clock()
        self._clock = self.loop.call_later(seconds, self._ran_out)

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _ran_out(self) -> None:
        """The client owes something for too long; unless it is we who keep it waiting."""
        if self.transport.is_closing():
            self._end()
        elif self._phase is _Phase.HEAD:
            self._head_ran_out()
        elif self._is_answering:
            self._body_ran_out()
        else:
            self._end()

    def _head_ran_out(self) -> None:
        if self._is_answering:  # an earlier request; its answer comes first
            self._start_clock(self._limits.head_seconds)
        elif self._size or self._unparsed:
            self._answer(408, "The request took too long to come.")
        else:
            self._end()

    def _body_ran_out(self) -> None:
        held_up = self.flow.read_paused or self.cycle.waiting_for_100_continue
        if held_up:
            self._body_since = self.loop.time()
        due = self._body_since + self._limits.body_seconds + self._body / SLOWEST_BODY
        left = due - self.loop.time()
        if left > 0:
            self._start_clock(left)
        else:
            self._answer(408, "The body took too long to come.")
