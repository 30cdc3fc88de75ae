"""How a client reaches its server: address, token, person, times, retries."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

import httpx

from stook.client.errors import ConfigurationError
from stook.client.retrying import Retries

TOKEN_VARIABLE, URL_VARIABLE = "STOOK_TOKEN", "STOOK_URL"
DEFAULT_URL = "http://127.0.0.1:8080"


@dataclass(frozen=True)
class Timeouts:
    """Limits in seconds; None is no limit.

    ``connect``: until the connection is made. ``idle``: without a byte, in either direction.
    ``total``: the whole call with all its attempts and the waits between them; it is looked at
    whenever bytes come, so that a silent connection may overrun it by up to ``idle``.
    """

    connect: float | None = 5.0
    idle: float | None = 30.0
    total: float | None = 600.0

    @classmethod
    def of(cls, given: Timeouts | float | None) -> Timeouts:
        """A number is the total; None are the defaults."""
        if isinstance(given, Timeouts):
            return given
        return cls() if given is None else cls(total=given)


@dataclass(frozen=True)
class Options:
    """Everything that does not change from call to call."""

    base_url: httpx.URL
    token: str = field(repr=False)
    act_as: str | None
    timeouts: Timeouts
    retries: Retries


def options(
    token: str | None,
    base_url: str | None,
    act_as: str | None,
    timeout: Timeouts | float | None,
    retries: Retries | None,
) -> Options:
    """The options, completed from the environment; raises ConfigurationError."""
    return Options(
        base_url=_address(base_url or os.environ.get(URL_VARIABLE) or DEFAULT_URL),
        token=_token(token or os.environ.get(TOKEN_VARIABLE, "")),
        act_as=act_as,
        timeouts=Timeouts.of(timeout),
        retries=retries or Retries(),
    )


def _token(given: str) -> str:
    token = given.strip()
    if not token:
        raise ConfigurationError(f"No token: give token=… or set {TOKEN_VARIABLE}.")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigurationError("The token holds characters that no token has.")
    return token


def _address(given: str) -> httpx.URL:
    try:
        url = httpx.URL(given.rstrip("/"))
    except httpx.InvalidURL as error:
        raise ConfigurationError(f"The address {given} is wrong: {error}") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise ConfigurationError(f"The address {given} must begin with http:// or https://.")
    return url
