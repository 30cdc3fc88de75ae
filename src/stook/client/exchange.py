"""One call from request to result, without sending: both clients share all of this."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import httpx

from stook import __version__
from stook.client.calls.base import LINES, Call, File
from stook.client.errors import (
    ConfigurationError,
    ConnectionFailed,
    NotConnected,
    StookClientError,
    StreamInterrupted,
    TimedOut,
    UnexpectedResponse,
    status_error,
)
from stook.client.options import Options
from stook.client.retrying import retry_after

Result = TypeVar("Result")
USER_AGENT = f"stook-python/{__version__}"
REQUEST_ID = "X-Request-Id"
NOT_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
UNUSABLE = (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError)


class Exchange(Generic[Result]):
    """The state of one call: its id, how often it was tried, and when its time is over."""

    def __init__(self, call: Call[Result], options: Options, deadline: float | None = None) -> None:
        self._call = call
        self._options = options
        self.retries = call.retries or options.retries
        self._request_id = uuid.uuid4().hex
        self._attempts = 0
        total = options.timeouts.total
        self._deadline = deadline
        if deadline is None and total is not None:
            self._deadline = time.monotonic() + total

    def next(self, call: Call[Result]) -> Exchange[Result]:
        """Another call, within what is left of this one's time."""
        return Exchange(call, self._options, self._deadline)

    @contextlib.contextmanager
    def request(self) -> Iterator[httpx.Request]:
        """The request of the next attempt; files on disk are open inside the block."""
        self.check_time()
        self._attempts += 1
        with contextlib.ExitStack() as opened:
            yield httpx.Request(
                self._call.method,
                f"{self._options.base_url}{self._call.path}",
                params=self._call.query or None,
                headers=self._headers(),
                json=self._call.body,
                files=[("files", _part(file, opened)) for file in self._call.files] or None,
                extensions={"timeout": self._timeouts()},
            )

    def _headers(self) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {self._options.token}",
            "Accept": self._call.accept,
            # A compressed stream would be held back until a block of it is full.
            "Accept-Encoding": "identity" if self._call.accept == LINES else "gzip, deflate",
            "User-Agent": USER_AGENT,
            REQUEST_ID: self._request_id,
            **self._call.headers,
        }
        if self._options.act_as:
            headers["X-Glean-ActAs"] = self._options.act_as
        return headers

    def _timeouts(self) -> dict[str, float | None]:
        limits, left = self._options.timeouts, self._left()
        connect, idle = _least(limits.connect, left), _least(limits.idle, left)
        return {"connect": connect, "pool": connect, "read": idle, "write": idle}

    def _left(self) -> float | None:
        return None if self._deadline is None else max(0.001, self._deadline - time.monotonic())

    def check_time(self) -> None:
        """Raises TimedOut when the time of the whole call is over."""
        if self._deadline is not None and time.monotonic() >= self._deadline:
            raise self._error(TimedOut, f"Not done within {self._options.timeouts.total} seconds.")

    def timely(self, piece: bytes) -> bytes:
        """A piece of the body, if there is time for more."""
        self.check_time()
        return piece

    @contextlib.contextmanager
    def failures(self) -> Iterator[None]:
        """Turns what the transport raises into the SDK's errors, and gives them the id."""
        try:
            yield
        except StookClientError as error:
            error.request_id = error.request_id or self._request_id
            raise
        except NOT_CONNECTED as error:
            address = self._options.base_url
            raise self._error(NotConnected, f"Cannot reach {address}: {error}") from error
        except httpx.TimeoutException as error:
            raise self._error(TimedOut, self._silence()) from error
        except UNUSABLE as error:
            raise self._error(ConfigurationError, f"This cannot be sent: {error}") from error
        except httpx.DecodingError as error:
            raise self._error(UnexpectedResponse, f"The answer is garbled: {error}") from error
        except httpx.TransportError as error:
            raise self._error(ConnectionFailed, f"The connection broke: {error}") from error

    @contextlib.contextmanager
    def stream_failures(self, response: httpx.Response, text: Callable[[], str]) -> Iterator[None]:
        """The same for the body of a stream, of which ``text`` has come so far."""
        try:
            with self.failures():
                yield
        except StookClientError as error:
            found = error
            if type(error) is ConnectionFailed:
                found = StreamInterrupted(error.message)
            if found.body is None:
                found.body = text()
            raise self._told(found, response) from error.__cause__

    def _silence(self) -> str:
        self.check_time()
        return f"Not a byte for {self._options.timeouts.idle} seconds."

    def _error(self, kind: type[StookClientError], message: str) -> StookClientError:
        return kind(message, request_id=self._request_id)

    def check_status(self, response: httpx.Response, body: bytes) -> None:
        """Raises StatusError, or UnexpectedResponse, unless the status is 200."""
        if response.status_code == httpx.codes.OK:
            return
        text = body.decode(errors="replace")
        answered_by = response.headers.get(REQUEST_ID, self._request_id)
        if response.is_error:
            wait = retry_after(response.headers)
            raise status_error(response.status_code, text, answered_by, wait)
        raise UnexpectedResponse(
            _unexpected(response), status=response.status_code, body=text, request_id=answered_by
        )

    def result(self, response: httpx.Response, body: bytes) -> Result:
        """What the call returns; raises the errors that an answer can hold."""
        self.check_status(response, body)
        try:
            return self._call.read(body)
        except StookClientError as error:
            raise self._told(error, response) from error.__cause__
        except ValueError as error:
            text = body.decode(errors="replace")
            message = f"The answer of {self._call.path} is not what this API says."
            raise self._told(UnexpectedResponse(message, body=text), response) from error

    def _told(self, error: StookClientError, response: httpx.Response) -> StookClientError:
        """The error with the status and the request id of the answer that it was found in."""
        error.status = response.status_code
        error.request_id = response.headers.get(REQUEST_ID, self._request_id)
        return error

    def wait_after(self, error: StookClientError) -> float:
        """Seconds to wait before the next attempt; raises the error if there is none."""
        wait = self.retries.wait_after(error, self._attempts, self._call.repeatable)
        left = self._left()
        if wait is None or (left is not None and wait >= left):
            raise error
        return wait


def _least(*limits: float | None) -> float | None:
    return min((limit for limit in limits if limit is not None), default=None)


def _unexpected(response: httpx.Response) -> str:
    if response.is_redirect:
        return f"The server sends us on to {response.headers['location']}; set that address."
    return f"HTTP {response.status_code} is not what this API says."


def _part(file: File, opened: contextlib.ExitStack) -> tuple[Any, ...]:
    content: Any = file.content
    if isinstance(content, Path):
        try:
            content = opened.enter_context(content.open("rb"))
        except OSError as error:
            raise ConfigurationError(f"{content} cannot be read: {error.strerror}") from error
    kind = (file.content_type,) if file.content_type else ()
    return (file.file_name, content, *kind)
