"""Dates as files write them."""

from __future__ import annotations

import datetime
from email.utils import parsedate_to_datetime


def microseconds(written: str) -> int | None:
    """A date as files write it (ISO 8601, RFC 5322) in microseconds since the epoch, UTC.

    A time without a zone counts as UTC; None where it is no date.
    """
    moment = _moment(written.strip())
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return (moment - epoch) // datetime.timedelta(microseconds=1)


def _moment(written: str) -> datetime.datetime | None:
    if not written:
        return None
    for read in (datetime.datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(written)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
