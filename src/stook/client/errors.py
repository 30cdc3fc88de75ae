"""Every error that the SDK raises.

    StookClientError
    ├── ConfigurationError         an argument, the address or the token is wrong; nothing was sent
    ├── ConnectionFailed           the connection broke; the request may have taken effect
    │   ├── NotConnected           … was never made; the request had no effect
    │   └── StreamInterrupted      … ended in the middle of a streamed answer
    ├── TimedOut                   a time limit of this client was reached
    ├── StatusError                the server refused, with an HTTP status
    │   ├── BadRequest             400, 422 and other statuses below 500
    │   ├── Unauthenticated        401
    │   ├── PermissionDenied       403
    │   ├── NotFound               404
    │   ├── RequestTimeout         408: not answered within timeout_millis
    │   ├── Conflict               409
    │   ├── RequestTooLarge        413
    │   ├── RateLimited            429
    │   └── ServerError            500 and above
    ├── UnexpectedResponse         an answer that does not speak this API
    └── AnswerFailed               the server began to answer and then failed

All of them carry ``status`` and ``body`` (None where no answer came) and ``request_id``, by which
the server's log names the request.
"""

from __future__ import annotations

import json

SHOWN_CHARACTERS = 500


class StookClientError(Exception):
    """The base of all errors of the SDK.

    ``status`` is the HTTP status, ``body`` the text that came with it, ``request_id`` the value of
    ``X-Request-Id``, ``retry_after`` the seconds after which the server wants to be asked again.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        body: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.message = message
        self.status = status
        self.body = body
        self.request_id = request_id
        self.retry_after = retry_after
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.message} (request {self.request_id})" if self.request_id else self.message


class ConfigurationError(StookClientError):
    """An argument, the address or the token is wrong; nothing was sent."""


class ConnectionFailed(StookClientError):
    """The connection broke; the request may have taken effect."""


class NotConnected(ConnectionFailed):
    """No connection was made; the request had no effect."""


class StreamInterrupted(ConnectionFailed):
    """A streamed answer ended before it was complete; what came is in the stream's ``text``."""


class TimedOut(StookClientError):
    """A time limit of this client was reached; the request may have taken effect."""


class StatusError(StookClientError):
    """The server refused the request."""


class BadRequest(StatusError):
    """The request cannot be understood or done."""


class Unauthenticated(StatusError):
    """There is no token, or it is not valid."""


class PermissionDenied(StatusError):
    """The token's owner has no right to this, or the token lacks a scope."""


class NotFound(StatusError):
    """There is no such thing, or none that the caller may see."""


class RequestTimeout(StatusError):
    """The server did not answer within the time that the request gave it."""


class Conflict(StatusError):
    """The thing was changed, or is in use, meanwhile."""


class RequestTooLarge(StatusError):
    """The request is larger than the server allows."""


class RateLimited(StatusError):
    """Too many requests; ``retry_after`` says when to try again."""


class ServerError(StatusError):
    """The server failed, or cannot serve now."""


class UnexpectedResponse(StookClientError):
    """The answer does not speak this API: another server, a proxy, or a newer version."""


class AnswerFailed(StookClientError):
    """The server began to answer and then failed."""


_BY_STATUS: dict[int, type[StatusError]] = {
    401: Unauthenticated,
    403: PermissionDenied,
    404: NotFound,
    408: RequestTimeout,
    409: Conflict,
    413: RequestTooLarge,
    429: RateLimited,
}


def status_error(
    status: int, body: str, request_id: str | None, retry_after: float | None
) -> StatusError:
    """The error for an answer of status 400 or above."""
    kind = _BY_STATUS.get(status, ServerError if status >= 500 else BadRequest)
    said = _sentence(body)
    message = f"HTTP {status}: {said}" if said else f"HTTP {status}"
    return kind(message, status=status, body=body, request_id=request_id, retry_after=retry_after)


def _sentence(body: str) -> str:
    """What the server said: a member of its JSON object, or its text."""
    try:
        said = json.loads(body)
    except ValueError:
        return body.strip()[:SHOWN_CHARACTERS]
    if isinstance(said, dict):
        found = (said[name] for name in ("error", "message", "detail", "title") if name in said)
        said = next(found, body)
    return str(said).strip()[:SHOWN_CHARACTERS]
