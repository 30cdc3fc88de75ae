"""API tokens: for one user, or global (acting for whomever the caller names)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import InvalidRequest, NotFound
from stook.identity import credentials, users
from stook.identity.principals import Scope
from stook.rates import parse_rates
from stook.storage import clock, pages
from stook.storage.pages import Order, Page, Place
from stook.storage.tables import indexing_tokens, tokens
from stook.storage.text import check_storable, is_storable

USE_RECORDED_EVERY = 60_000_000  # microseconds
_KNOWN_SCOPES = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just made; ``secret`` is shown this once and stored nowhere."""

    id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Token:
    """A token without its secret, times as in ``clock``; a global one has no ``user_email``."""

    id: str
    name: str
    user_email: str | None
    scopes: frozenset[Scope]
    created_at: int
    expires_at: int | None
    revoked_at: int | None
    last_used_at: int | None
    rate_limits: str = ""  # of its own, as ``stook.rates`` reads them
    counted_as: str = ""  # whose rate limits its calls count against; empty: its own
    parent_id: str | None = None  # of a session: the token or OAuth client that it ends with


def create(
    connection: sa.Connection,
    name: str,
    scopes: Collection[Scope],
    user_email: str | None = None,
    expires_at: int | None = None,
    rate_limits: str = "",
    counted_as: str = "",
    parent_id: str | None = None,
) -> NewToken:
    """Make a token; without ``user_email`` a global one.

    ``rate_limits``, ``counted_as`` and ``parent_id`` are as in ``Token``.
    Raises InvalidRequest where it could never be used, NotFound where there is no such user.
    """
    check_storable(name, "token's name")
    _check_usable(name, scopes, expires_at)
    new = NewToken(credentials.new_id("tok"), credentials.new_secret())
    row = {
        "id": new.id,
        "name": name.strip(),
        "secret_hash": credentials.hash_secret(new.secret),
        "user_email": users.require_active(connection, user_email)
        if user_email is not None
        else None,
        "scopes": sorted(Scope(scope) for scope in scopes),
        "created_at": clock.now(),
        "expires_at": expires_at,
        "rate_limits": check_rates(rate_limits) or None,
        "counted_as": counted_as or None,
        "parent_id": parent_id,
    }
    connection.execute(sa.insert(tokens).values(row))
    return new


def list_all(connection: sa.Connection) -> list[Token]:
    """Every token, revoked and expired ones too, oldest first."""
    rows = connection.execute(sa.select(tokens).order_by(tokens.c.created_at, tokens.c.id))
    return [from_row(row) for row in rows]


def find_all(
    connection: sa.Connection, words: str, *, alive: bool, after: Place | None, size: int
) -> Page[Token]:
    """Tokens whose name or owner holds all the words, the newest first; sessions are none.

    ``alive`` leaves out what was revoked or has expired.
    """
    if not is_storable(words):
        return Page([], None)
    columns = tokens.c
    query = sa.select(tokens).where(columns.parent_id.is_(None))
    if alive:
        lives = sa.or_(columns.expires_at.is_(None), columns.expires_at > clock.now())
        query = query.where(columns.revoked_at.is_(None), lives)
    for word in words.lower().split():
        name = sa.func.lower(columns.name).contains(word, autoescape=True)
        owner = columns.user_email.contains(word, autoescape=True)
        query = query.where(sa.or_(name, owner))
    order = Order(columns.created_at, columns.id, descending=True)
    page = pages.cut(connection, query, order, after, size)
    return Page([from_row(row) for row in page.items], page.next)


def revoke(connection: sa.Connection, token_id: str) -> None:
    """From the next request on the token is worth nothing; raises NotFound."""
    revoked_at = sa.func.coalesce(tokens.c.revoked_at, clock.now())
    change = sa.update(tokens).where(tokens.c.id == token_id).values(revoked_at=revoked_at)
    if connection.execute(change).rowcount == 0:
        raise NotFound(f"There is no token {token_id}; `stook token list` shows them all.")


def find(connection: sa.Connection, token_id: str) -> Token | None:
    """The token with this id, whatever its state."""
    row = connection.execute(sa.select(tokens).where(tokens.c.id == token_id)).one_or_none()
    return from_row(row) if row else None


def remove(connection: sa.Connection, token_id: str) -> None:
    """Forget a token and the browser sessions that it made; raises NotFound."""
    connection.execute(sa.delete(indexing_tokens).where(indexing_tokens.c.token_id == token_id))
    connection.execute(sa.delete(tokens).where(tokens.c.parent_id == token_id))
    if connection.execute(sa.delete(tokens).where(tokens.c.id == token_id)).rowcount == 0:
        raise NotFound(f"There is no token {token_id}; `stook token list` shows them all.")


def find_by_secret(connection: sa.Connection, secret: str) -> Token | None:
    """The token with this secret, whatever its state.

    It is looked up by its hash: how long that takes tells nothing about the secret.
    """
    hashed = credentials.hash_secret(secret)
    row = connection.execute(sa.select(tokens).where(tokens.c.secret_hash == hashed)).one_or_none()
    return from_row(row) if row else None


def record_use(connection: sa.Connection, token_id: str, used_at: int) -> None:
    """Remember when the token was last used, to the minute."""
    stale = sa.or_(
        tokens.c.last_used_at.is_(None), tokens.c.last_used_at <= used_at - USE_RECORDED_EVERY
    )
    connection.execute(
        sa.update(tokens).where(tokens.c.id == token_id, stale).values(last_used_at=used_at)
    )


def is_use_due(token: Token, at: int) -> bool:
    """Whether the last recorded use is long enough ago to record another one."""
    return token.last_used_at is None or token.last_used_at <= at - USE_RECORDED_EVERY


def from_row(row: sa.Row[tuple[object, ...]]) -> Token:
    """A token from a row that has all columns of its table."""
    return Token(
        id=row.id,
        name=row.name,
        user_email=row.user_email,
        scopes=frozenset(Scope(scope) for scope in row.scopes if scope in _KNOWN_SCOPES),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
        rate_limits=row.rate_limits or "",
        counted_as=row.counted_as or "",
        parent_id=row.parent_id,
    )


def check_rates(rates: str) -> str:
    """A token's rate limits, if they can be read as such; raises InvalidRequest."""
    try:
        parse_rates(rates)
    except ValueError as error:
        raise InvalidRequest(f"The rate limit is wrong: {error}.") from error
    return rates.strip()


def _check_usable(name: str, scopes: Collection[Scope], expires_at: int | None) -> None:
    if not name.strip():
        raise InvalidRequest("Give the token a name, so that it can be told from others.")
    if not scopes:
        raise InvalidRequest("Give the token at least one scope, for example CHAT or SEARCH.")
    unknown = sorted(set(scopes) - _KNOWN_SCOPES)
    if unknown:
        known = ", ".join(sorted(_KNOWN_SCOPES))
        raise InvalidRequest(f"There is no scope {unknown[0]}; there are {known}.")
    if expires_at is not None and expires_at <= clock.now():
        raise InvalidRequest("The token would already have expired; give a time to come.")
