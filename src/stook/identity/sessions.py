"""Tokens for a person's browser: they live an hour, and can do no more than what made them.

They count against the rate limits of what made them, too.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import Forbidden
from stook.identity import tokens
from stook.identity.principals import Principal, Scope
from stook.storage import clock
from stook.storage.tables import tokens as stored

NAME = "browser session"
LIFETIME = 3600 * 1_000_000  # microseconds
NEVER_PASSED_ON = frozenset({Scope.ADMIN, Scope.INDEXING})


@dataclass(frozen=True, slots=True)
class Session:
    """A token and when it ends, in microseconds since the epoch."""

    token: str
    expires_at: int


def begin(connection: sa.Connection, principal: Principal) -> Session:
    """A token for the principal's person; those of theirs that ended are cleared away.

    Raises Forbidden where the principal is nobody, or could pass nothing on.
    """
    scopes = principal.scopes - NEVER_PASSED_ON
    if principal.email is None or not scopes:
        raise Forbidden("Tokens for browsers are for people; use a token that acts for one.")
    at = clock.now()
    ended = sa.and_(stored.c.user_email == principal.email, stored.c.name == NAME)
    connection.execute(sa.delete(stored).where(ended, stored.c.expires_at < at))
    new = tokens.create(
        connection,
        NAME,
        scopes,
        principal.email,
        at + LIFETIME,
        rate_limits=principal.rate_limits,
        counted_as=principal.counted_as,
    )
    return Session(new.secret, at + LIFETIME)
