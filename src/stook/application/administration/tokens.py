"""API tokens as administrators make and revoke them; each change is recorded with who did it."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from stook.errors import NotFound
from stook.identity import audit, tokens
from stook.identity.audit import Action, Actor
from stook.identity.principals import Scope
from stook.identity.tokens import NewToken, Token
from stook.storage import clock
from stook.storage.pages import Page, Place

DAY = 86_400_000_000  # microseconds


def find(
    connection: sa.Connection, words: str, *, alive: bool, after: Place | None, size: int
) -> Page[Token]:
    """A page of tokens, the newest first; ``alive``: neither revoked nor expired."""
    return tokens.find_all(connection, words, alive=alive, after=after, size=size)


def make(
    connection: sa.Connection,
    actor: Actor,
    name: str,
    scopes: Collection[Scope],
    email: str | None,
    days: int | None,
) -> NewToken:
    """Make a token, without ``email`` a global one; raises InvalidRequest, NotFound."""
    ends = None if days is None else clock.now() + days * DAY
    new = tokens.create(connection, name, scopes, email, ends)
    details = {"name": name.strip(), "owner": email or "", "scopes": sorted(scopes)}
    audit.record(connection, actor, Action.TOKEN_MADE, new.id, **details)
    return new


def revoke(connection: sa.Connection, actor: Actor, token_id: str) -> None:
    """From the next request on a token is worth nothing; raises NotFound."""
    token = tokens.find(connection, token_id)
    if token is None:
        raise NotFound("There is no such token.")
    tokens.revoke(connection, token_id)
    audit.record(connection, actor, Action.TOKEN_REVOKED, token_id, name=token.name)
