"""The client for asyncio; its twin is ``stook.client.sync``."""

from __future__ import annotations

import asyncio
import contextlib
import copy
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from dataclasses import replace
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Protocol, Self, TypeVar

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
    async def _run(self, call: Call[Result]) -> Result: ...


def _verb(
    build: Callable[Parameters, Call[Result]],
) -> Callable[Concatenate[_CanRun, Parameters], Coroutine[Any, Any, Result]]:
    """The method that sends the call which ``build`` makes, with its parameters and its words."""

    async def send(
        client: _CanRun, /, *given: Parameters.args, **named: Parameters.kwargs
    ) -> Result:
        return await client._run(build(*given, **named))

    describe(send, build)
    return send


def _streaming_verb(
    build: Callable[Parameters, Call[ChatResponse]],
) -> Callable[Concatenate[AsyncChat, Parameters], AsyncChatStream]:
    def stream(
        client: AsyncChat, /, *given: Parameters.args, **named: Parameters.kwargs
    ) -> AsyncChatStream:
        return client._stream(chat_calls.streamed(build(*given, **named)))

    describe(stream, build, STREAM_DOC)
    return stream


class AsyncStook:
    """A client. Many tasks may use one; close it, or use it in an ``async with`` block.

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
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._options = options(token, base_url, act_as, timeout, retries)
        self._http = httpx.AsyncClient(transport=transport)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self._options.base_url)!r})"

    @property
    def chat(self) -> AsyncChat:
        """Asking, stored chats, applications and files."""
        return AsyncChat(self)

    @property
    def chats(self) -> AsyncOwnChatCalls:
        """Chats of Stook's own API: outcomes, sharing, sources."""
        return AsyncOwnChatCalls(self)

    @property
    def documents(self) -> AsyncDocuments:
        """Documents by id or URL."""
        return AsyncDocuments(self)

    search = _verb(document_calls.search)
    send_message = _verb(thread_calls.send_message)

    def thread(self, thread_id: str | None = None) -> AsyncThread:
        """A conversation by ``send_message``: a new one, or the one with this id."""
        return AsyncThread(self, thread_id)

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

    async def _run(self, call: Call[Result]) -> Result:
        """Send a call, again if need be and allowed; raises StookClientError."""
        exchange = Exchange(call, self._options)
        while True:
            try:
                response = await self._open(exchange)
                with exchange.failures():
                    body = await _read(exchange, response)
                return exchange.result(response, body)
            except StookClientError as error:
                await asyncio.sleep(exchange.wait_after(error))

    async def _open_stream(
        self, call: Call[Result], before: Exchange[Result] | None = None
    ) -> tuple[Exchange[Result], httpx.Response]:
        """The response of a streamed call, its body yet unread; raises StookClientError.

        It goes on where the one ``before`` was cut off, in the time that is left of that.
        """
        exchange = before.next(call) if before else Exchange(call, self._options)
        while True:
            try:
                response = await self._open(exchange)
                if response.status_code == httpx.codes.OK:
                    return exchange, response
                with exchange.failures():
                    exchange.check_status(response, await _read(exchange, response))
            except StookClientError as error:
                await asyncio.sleep(exchange.wait_after(error))

    async def _open(self, exchange: Exchange[Result]) -> httpx.Response:
        with exchange.failures(), exchange.request() as request:
            return await self._http.send(request, stream=True)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.close()


async def _read(exchange: Exchange[Result], response: httpx.Response) -> bytes:
    try:
        return b"".join([exchange.timely(piece) async for piece in response.aiter_bytes()])
    finally:
        await response.aclose()


class _Calls:
    def __init__(self, client: AsyncStook) -> None:
        self._client = client

    async def _run(self, call: Call[Result]) -> Result:
        """Send a call."""
        return await self._client._run(call)


class AsyncChat(_Calls):
    """``client.chat``."""

    def _stream(self, call: Call[ChatResponse]) -> AsyncChatStream:
        """The stream of a call; it is sent when the ``async with`` block is entered."""
        return AsyncChatStream(self._client, call)

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


class AsyncOwnChatCalls(_Calls):
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


class AsyncDocuments(_Calls):
    """``client.documents``."""

    retrieve = _verb(document_calls.retrieve)
    retrieve_permissions = _verb(document_calls.retrieve_permissions)
    summarize = _verb(document_calls.summarize)


class AsyncThread:
    """A conversation; ``id`` is None until the first answer."""

    def __init__(self, client: AsyncStook, thread_id: str | None) -> None:
        self._client = client
        self.id = thread_id

    async def send(self, text: str, *, retries: Retries | None = None) -> SendMessageResponse:
        """Send a message that continues the conversation."""
        answer = await self._client.send_message(text, self.id, retries=retries)
        self.id = answer.thread_id
        return answer


class AsyncChatStream:
    """An answer while it comes: an ``async with`` block and an iterator of events.

    If the connection breaks, the stream goes on with another one, where the server lets it.
    Leaving the block makes the server stop.
    """

    def __init__(self, client: AsyncStook, call: Call[ChatResponse]) -> None:
        self._client = client
        self._call = call
        self._decoder = AnswerDecoder()
        self._resumption = Resumption(call, self._decoder)
        self._http: httpx.Response | None = None
        self._events: AsyncGenerator[StreamEvent] | None = None

    async def __aenter__(self) -> Self:
        exchange, self._http = await self._client._open_stream(self._call)
        self._resumption.opened(self._http.headers)
        self._events = self._decoded(exchange, self._http)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connection, and make the server stop; what came stays."""
        response, self._http = self._http, None
        if response is not None:
            await response.aclose()
            await self._stop()
        if self._decoder.response is None:
            self._events = None

    async def _stop(self) -> None:
        call = self._resumption.last_call()
        if call is not None:
            hurried = self._client.with_options(timeout=STOP_SECONDS)
            with contextlib.suppress(StookClientError):
                await hurried._run(call)

    def __aiter__(self) -> AsyncIterator[StreamEvent]:
        return self

    async def __anext__(self) -> StreamEvent:
        if self._events is None:
            raise ConfigurationError("Iterate over the stream inside its async with block.")
        return await anext(self._events)

    async def _decoded(
        self, exchange: Exchange[ChatResponse], response: httpx.Response
    ) -> AsyncGenerator[StreamEvent]:
        while self._decoder.response is None:
            try:
                async with contextlib.aclosing(self._received(exchange, response)) as events:
                    async for event in events:
                        yield event
            except (ConnectionFailed, TimedOut) as error:
                exchange, response = await self._reconnected(exchange, error)

    async def _received(
        self, exchange: Exchange[ChatResponse], response: httpx.Response
    ) -> AsyncGenerator[StreamEvent]:
        with exchange.stream_failures(response, lambda: self.text):
            async for data in response.aiter_bytes():
                for event in self._decoder.feed(exchange.timely(data)):
                    yield event
            for event in self._decoder.end():
                yield event

    async def _reconnected(
        self, exchange: Exchange[ChatResponse], error: StookClientError
    ) -> tuple[Exchange[ChatResponse], httpx.Response]:
        await asyncio.sleep(self._resumption.wait_after(error, exchange.retries))
        call = self._resumption.next_call()
        try:
            exchange, self._http = await self._client._open_stream(call, exchange)
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

    async def read(self) -> ChatResponse:
        """Read to the end; returns the whole answer."""
        async for _ in self:
            pass
        return self.response
