"""Tokens for a person's browser: they live an hour, and can do no more than what made them.

They end with what made them, make no other, and count against the same rate limits.
"""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import Forbidden
from stook.identity import tokens
from stook.identity.principals import Caller, Scope
from stook.storage import clock
from stook.storage.tables import tokens as stored

NAME = "browser session"
LIFETIME = 3600 * 1_000_000  # microseconds
NEVER_PASSED_ON = frozenset({Scope.ADMIN, Scope.INDEXING, Scope.SCIM})


@dataclass(frozen=True, slots=True)
class Session:
    """A token and when it ends, in microseconds since the epoch."""

    token: str
    expires_at: int


def begin(connection: sa.Connection, caller: Caller) -> Session:
    """A token for the caller's person; sessions that ended are cleared away.

    Raises Forbidden where the caller is nobody, is a session, or could pass nothing on.
    """
    scopes = caller.scopes - NEVER_PASSED_ON
    if caller.email is None or caller.token_id is None or not scopes:
        raise Forbidden("Tokens for browsers are for people; use a token that acts for one.")
    maker = tokens.find(connection, caller.token_id)
    if maker is not None and maker.parent_id is not None:
        raise Forbidden("A browser session makes no other; use the token that made this one.")
    at = clock.now()
    ended = sa.and_(stored.c.parent_id.is_not(None), stored.c.expires_at < at)
    connection.execute(sa.delete(stored).where(ended))
    ends = min(at + LIFETIME, caller.expires_at or at + LIFETIME)
    new = tokens.create(
        connection,
        NAME,
        scopes,
        caller.email,
        ends,
        rate_limits=caller.rate_limits,
        counted_as=caller.counted_as,
        parent_id=caller.token_id,
    )
    return Session(new.secret, ends)
