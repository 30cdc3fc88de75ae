"""Every error that Stook raises on purpose.

    StookError
    ├── SettingsError          a setting is unknown or malformed; the process must not start
    ├── InvalidRequest         the caller sent something that cannot be understood or done
    │   └── TooLarge           … because it is larger than a limit
    ├── Unauthenticated        no credentials, or none that are valid
    ├── Forbidden              known caller, but without the right
    │   └── MissingScope       … because its token lacks a scope
    ├── NotFound               no such thing, or none that the caller may see
    ├── Conflict               the thing changed, or is in use, meanwhile
    │   └── Stopped            … because somebody stopped the answer
    ├── RateLimited            too many requests; carries when to try again
    ├── TimedOut               not done within the time that the caller gave
    ├── Unavailable            a part of Stook, or a service it needs, cannot serve now
    │   └── IndexOutdated      … because the search index has to be made anew
    ├── UnreadableDocument     a file cannot be turned into text; carries a reason
    └── FetchRefused           an address must not, or could not, be fetched

The docstring of a class is its default message, so the two cannot drift. Dialects map these
classes to their own API's status and shape; nothing below a dialect knows of HTTP.
"""

from __future__ import annotations

import enum
import inspect


class StookError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.message_of(type(self))
        super().__init__(self.message)

    @property
    def is_plain(self) -> bool:
        """Whether the message says no more than what class of error it is."""
        return self.message == self.message_of(type(self))

    @staticmethod
    def message_of(kind: type[StookError]) -> str:
        """The message of an error of which nothing else is said."""
        return inspect.cleandoc(kind.__doc__ or "").split("\n", 1)[0]


class SettingsError(StookError):
    """A setting is unknown or malformed."""


class InvalidRequest(StookError):
    """The request cannot be understood."""


class TooLarge(InvalidRequest):
    """The request is too large."""


class Unauthenticated(StookError):
    """Valid credentials are required."""


class Forbidden(StookError):
    """You do not have the right to do this."""


class MissingScope(Forbidden):
    """The token lacks a scope that this call needs."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(f"The token lacks the scope {scope}; create one with --scopes {scope}.")

    @property
    def is_plain(self) -> bool:
        return True


class NotFound(StookError):
    """There is no such thing, or you may not see it."""


class Conflict(StookError):
    """The thing was changed, or is in use, meanwhile."""


class Stopped(Conflict):
    """The answer was stopped."""


class RateLimited(StookError):
    """Too many requests; try again later."""

    def __init__(self, retry_after: float, message: str | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class TimedOut(StookError):
    """The answer was not ready within the time given."""


class Unavailable(StookError):
    """The service cannot answer right now; try again shortly."""


class IndexOutdated(Unavailable):
    """The search index was filled by another encoder or version; run `stook reindex`."""


class UnreadableReason(enum.StrEnum):
    """Why a file could not be turned into text."""

    UNSUPPORTED = "unsupported format"
    ENCRYPTED = "encrypted or password protected"
    BROKEN = "broken or not what its name says"
    EMPTY = "no text in it"
    TOO_LARGE = "too large"
    TIMED_OUT = "took too long to read"
    OUT_OF_MEMORY = "needs too much memory to read"
    MISSING = "no such file, or not readable"


class UnreadableDocument(StookError):
    """The file cannot be turned into text."""

    def __init__(self, reason: UnreadableReason, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason.value}: {detail}" if detail else reason.value)


class FetchRefused(StookError):
    """The address must not, or could not, be fetched."""
