"""The client for programs that wait; its twin is ``stook.client.asynchronous``."""

from __future__ import annotations

import contextlib
import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import Concatenate, ParamSpec, Protocol, Self, TypeVar

import httpx

from stook.client.calls import chat as chat_calls
from stook.client.calls import documents as document_calls
from stook.client.calls import own as own_calls
from stook.client.calls import threads as thread_calls
from stook.client.calls.base import Call
from stook.client.decoding import AnswerDecoder
from stook.client.errors import ConfigurationError, ConnectionFailed, StookClientError, TimedOut
from stook.client.events import StreamEvent
from stook.client.exchange import Exchange
from stook.client.models.chats import ChatResponse
from stook.client.models.search import SendMessageResponse
from stook.client.options import Timeouts, options
from stook.client.resuming import STOP_SECONDS, Resumption
from stook.client.retrying import Retries
from stook.client.verbs import STREAM_DOC, describe

Result = TypeVar("Result")
Parameters = ParamSpec("Parameters")


class _CanRun(Protocol):
    def _run(self, call: Call[Result]) -> Result: ...


def _verb(
    build: Callable[Parameters, Call[Result]],
) -> Callable[Concatenate[_CanRun, Parameters], Result]:
    """The method that sends the call which ``build`` makes, with its parameters and its words."""

    def send(client: _CanRun, /, *given: Parameters.args, **named: Parameters.kwargs) -> Result:
        return client._run(build(*given, **named))

    describe(send, build)
    return send


def _streaming_verb(
    build: Callable[Parameters, Call[ChatResponse]],
) -> Callable[Concatenate[Chat, Parameters], ChatStream]:
    def stream(client: Chat, /, *given: Parameters.args, **named: Parameters.kwargs) -> ChatStream:
        return client._stream(chat_calls.streamed(build(*given, **named)))

    describe(stream, build, STREAM_DOC)
    return stream


class Stook:
    """A client. Several threads may use one; close it, or use it in a ``with`` block.

    ``token`` and ``base_url`` default to the environment's STOOK_TOKEN and STOOK_URL. ``act_as``
    is the e-mail of the person for whom a global token acts. ``timeout`` is the total in seconds,
    or ``Timeouts``. ``transport`` replaces the network.
    """

    def __init__(
        self,
        token: str | None = None,
        base_url: str | None = None,
        *,
        act_as: str | None = None,
        timeout: Timeouts | float | None = None,
        retries: Retries | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._options = options(token, base_url, act_as, timeout, retries)
        self._http = httpx.Client(transport=transport)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._options.base_url)!r})"

    @property
    def chat(self) -> Chat:
        """Asking, stored chats, applications and files."""
        return Chat(self)

    @property
    def chats(self) -> OwnChatCalls:
        """Chats of Stook's own API: outcomes, sharing, sources."""
        return OwnChatCalls(self)

    @property
    def documents(self) -> Documents:
        """Documents by id or URL."""
        return Documents(self)

    search = _verb(document_calls.search)
    send_message = _verb(thread_calls.send_message)

    def thread(self, thread_id: str | None = None) -> Thread:
        """A conversation by ``send_message``: a new one, or the one with this id."""
        return Thread(self, thread_id)

    def with_options(
        self,
        *,
        act_as: str | None = None,
        timeout: Timeouts | float | None = None,
        retries: Retries | None = None,
    ) -> Self:
        """A client with other options and the same connections; closing one closes both."""
        current = self._options
        changed = copy.copy(self)
        changed._options = replace(
            current,
            act_as=act_as or current.act_as,
            timeouts=current.timeouts if timeout is None else Timeouts.of(timeout),
            retries=retries or current.retries,
        )
        return changed

    def _run(self, call: Call[Result]) -> Result:
        """Send a call, again if need be and allowed; raises StookClientError."""
        exchange = Exchange(call, self._options)
        while True:
            try:
                response = self._open(exchange)
                with exchange.failures():
                    body = _read(exchange, response)
                return exchange.result(response, body)
            except StookClientError as error:
                time.sleep(exchange.wait_after(error))

    def _open_stream(
        self, call: Call[Result], before: Exchange[Result] | None = None
    ) -> tuple[Exchange[Result], httpx.Response]:
        """The response of a streamed call, its body yet unread; raises StookClientError.

        It goes on where the one ``before`` was cut off, in the time that is left of that.
        """
        exchange = before.next(call) if before else Exchange(call, self._options)
        while True:
            try:
                response = self._open(exchange)
                if response.status_code == httpx.codes.OK:
                    return exchange, response
                with exchange.failures():
                    exchange.check_status(response, _read(exchange, response))
            except StookClientError as error:
                time.sleep(exchange.wait_after(error))

    def _open(self, exchange: Exchange[Result]) -> httpx.Response:
        with exchange.failures(), exchange.request() as request:
            return self._http.send(request, stream=True)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()


def _read(exchange: Exchange[Result], response: httpx.Response) -> bytes:
    try:
        return b"".join(exchange.timely(piece) for piece in response.iter_bytes())
    finally:
        response.close()


class _Calls:
    def __init__(self, client: Stook) -> None:
        self._client = client

    def _run(self, call: Call[Result]) -> Result:
        """Send a call."""
        return self._client._run(call)


class Chat(_Calls):
    """``client.chat``."""

    def _stream(self, call: Call[ChatResponse]) -> ChatStream:
        """The stream of a call; it is sent when the ``with`` block is entered."""
        return ChatStream(self._client, call)

    create = _verb(chat_calls.create)
    create_stream = _streaming_verb(chat_calls.create)
    retrieve = _verb(chat_calls.retrieve)
    list = _verb(chat_calls.list_all)
    delete = _verb(chat_calls.delete)
    delete_all = _verb(chat_calls.delete_all)
    retrieve_application = _verb(chat_calls.retrieve_application)
    upload_files = _verb(chat_calls.upload_files)
    retrieve_files = _verb(chat_calls.retrieve_files)
    retrieve_file = _verb(chat_calls.retrieve_file)
    delete_files = _verb(chat_calls.delete_files)


class OwnChatCalls(_Calls):
    """``client.chats``."""

    ask = _verb(own_calls.ask)
    change = _verb(own_calls.change)
    delete = _verb(own_calls.delete)
    export = _verb(own_calls.export)
    list = _verb(own_calls.list_all)
    retrieve = _verb(own_calls.retrieve)
    share = _verb(own_calls.share)
    sharing = _verb(own_calls.sharing)
    source = _verb(own_calls.source)


class Documents(_Calls):
    """``client.documents``."""

    retrieve = _verb(document_calls.retrieve)
    retrieve_permissions = _verb(document_calls.retrieve_permissions)
    summarize = _verb(document_calls.summarize)


class Thread:
    """A conversation; ``id`` is None until the first answer."""

    def __init__(self, client: Stook, thread_id: str | None) -> None:
        self._client = client
        self.id = thread_id

    def send(self, text: str, *, retries: Retries | None = None) -> SendMessageResponse:
        """Send a message that continues the conversation."""
        answer = self._client.send_message(text, self.id, retries=retries)
        self.id = answer.thread_id
        return answer


class ChatStream:
    """An answer while it comes: a ``with`` block and an iterator of events.

    If the connection breaks, the stream goes on with another one, where the server lets it.
    Leaving the block makes the server stop.
    """

    def __init__(self, client: Stook, call: Call[ChatResponse]) -> None:
        self._client = client
        self._call = call
        self._decoder = AnswerDecoder()
        self._resumption = Resumption(call, self._decoder)
        self._http: httpx.Response | None = None
        self._events: Iterator[StreamEvent] | None = None

    def __enter__(self) -> Self:
        exchange, self._http = self._client._open_stream(self._call)
        self._resumption.opened(self._http.headers)
        self._events = self._decoded(exchange, self._http)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, and make the server stop; what came stays."""
        response, self._http = self._http, None
        if response is not None:
            response.close()
            self._stop()
        if self._decoder.response is None:
            self._events = None

    def _stop(self) -> None:
        call = self._resumption.last_call()
        if call is not None:
            hurried = self._client.with_options(timeout=STOP_SECONDS)
            with contextlib.suppress(StookClientError):
                hurried._run(call)

    def __iter__(self) -> Iterator[StreamEvent]:
        return self

    def __next__(self) -> StreamEvent:
        if self._events is None:
            raise ConfigurationError("Iterate over the stream inside its with block.")
        return next(self._events)

    def _decoded(
        self, exchange: Exchange[ChatResponse], response: httpx.Response
    ) -> Iterator[StreamEvent]:
        while self._decoder.response is None:
            try:
                yield from self._received(exchange, response)
            except (ConnectionFailed, TimedOut) as error:
                exchange, response = self._reconnected(exchange, error)

    def _received(
        self, exchange: Exchange[ChatResponse], response: httpx.Response
    ) -> Iterator[StreamEvent]:
        with exchange.stream_failures(response, lambda: self.text):
            for data in response.iter_bytes():
                yield from self._decoder.feed(exchange.timely(data))
            yield from self._decoder.end()

    def _reconnected(
        self, exchange: Exchange[ChatResponse], error: StookClientError
    ) -> tuple[Exchange[ChatResponse], httpx.Response]:
        time.sleep(self._resumption.wait_after(error, exchange.retries))
        call = self._resumption.next_call()
        try:
            exchange, self._http = self._client._open_stream(call, exchange)
        except StookClientError as later:
            raise error from later
        return exchange, self._http

    @property
    def text(self) -> str:
        """The answer's text as far as it has come."""
        return self._decoder.text

    @property
    def response(self) -> ChatResponse:
        """The whole answer, as ``create`` would give it; there once the stream is at its end."""
        if self._decoder.response is None:
            raise ConfigurationError("The answer is not complete; iterate to the end, or read().")
        return self._decoder.response

    def read(self) -> ChatResponse:
        """Read to the end; returns the whole answer."""
        for _ in self:
            pass
        return self.response
