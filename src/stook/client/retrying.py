"""Whether, and when, a failed call is sent again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from stook.client.errors import ConnectionFailed, NotConnected, StookClientError, TimedOut

REFUSED = frozenset({429, 503})  # the server did nothing, and says so
PASSING = frozenset({500, 502, 504})  # may pass, but the request may have taken effect
_chance = random.SystemRandom()


@dataclass(frozen=True)
class Retries:
    """How often a call is sent at most, and how long is waited in between, in seconds.

    The wait doubles from ``first_wait`` up to ``longest_wait``; a random part of it is waited, so
    that many clients do not come back at the same moment. Where the server says when it wants to
    be asked again, that is waited instead; if it is longer than ``longest_wait``, the error is
    raised at once.
    """

    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 60.0

    def wait_after(self, error: StookClientError, attempt: int, repeatable: bool) -> float | None:
        """Seconds to wait after the failure of attempt 1, 2, …; None: give up."""
        if attempt >= self.attempts or not _may_repeat(error, repeatable):
            return None
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= self.longest_wait else None
        return _chance.uniform(0, min(self.longest_wait, self.first_wait * 2.0 ** (attempt - 1)))


NO_RETRIES = Retries(attempts=1)


def _may_repeat(error: StookClientError, repeatable: bool) -> bool:
    """Never what may have taken effect, unless a second time changes nothing."""
    if isinstance(error, NotConnected) or error.status in REFUSED:
        return True
    passing = isinstance(error, ConnectionFailed | TimedOut) or error.status in PASSING
    return repeatable and passing


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from a Retry-After header (RFC 9110, 10.2.3): a number or a date.

    A date is measured against the server's own Date, because clocks differ.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    wanted = _date(value)
    if wanted is None:
        return None
    now = _date(headers.get("date", "")) or datetime.now(UTC)
    return max(0.0, (wanted - now).total_seconds())


def _date(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
