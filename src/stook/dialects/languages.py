"""The language in which a caller wants to be answered, and to be told of errors."""

from __future__ import annotations

from starlette.datastructures import Headers, QueryParams
from starlette.exceptions import HTTPException
from starlette.types import Scope

from stook import errors
from stook.understanding import locales

ENGLISH = "en"  # in which errors are written

_KINDS: tuple[tuple[type[errors.StookError], str], ...] = (
    (errors.TooLarge, "too_large"),
    (errors.InvalidRequest, "invalid"),
    (errors.Unauthenticated, "unauthenticated"),
    (errors.MissingScope, "missing_scope"),
    (errors.Forbidden, "forbidden"),
    (errors.NotFound, "not_found"),
    (errors.TimedOut, "timed_out"),
    (errors.Stopped, "stopped"),
    (errors.Conflict, "conflict"),
    (errors.UnreadableDocument, "unreadable"),
    (errors.RateLimited, "rate_limited"),
    (errors.Unavailable, "unavailable"),
)
_ADDRESSES = {404: "no_address", 405: "wrong_method"}


def wanted_locale(given: str | None, accept_language: str | None) -> str:
    """Return the language of the answer: as asked, else the browser's first, else English."""
    first = (accept_language or "").split(",", 1)[0].split(";", 1)[0].strip()
    return given or (first if first not in ("", "*") else ENGLISH)


def of_request(scope: Scope) -> str:
    """Return the language of a request that names it as Glean's do: ``locale`` in the query."""
    given = QueryParams(scope.get("query_string", b"")).get("locale")
    return wanted_locale(given, Headers(scope=scope).get("accept-language"))


def told(error: Exception, status: int, message: str, locale: str) -> str:
    """Return the sentence of an error in a language, with what its English ``message`` adds.

    What only a program that calls can mend, names of fields and values, stays in English.
    """
    name = error.scope if isinstance(error, errors.MissingScope) else ""
    sentence = locales.fault(locale, _kind(error, status), name)
    if sentence is None:
        return message
    return f"{sentence} ({message})" if _says_more(error, status) else sentence


def _kind(error: Exception, status: int) -> str:
    if isinstance(error, HTTPException):
        return _ADDRESSES.get(status, "invalid")
    if status >= 500 and not isinstance(error, errors.Unavailable):
        return "internal"
    return next((name for kind, name in _KINDS if isinstance(error, kind)), "invalid")


def _says_more(error: Exception, status: int) -> bool:
    """Whether a message tells more than what kind of error it is."""
    if isinstance(error, errors.StookError):
        return status != 500 and not error.is_plain
    return status < 500 and status not in _ADDRESSES
