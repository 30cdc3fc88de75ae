"""Tokens that only bring documents in: what limits them, who calls with one, their rotation."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import Forbidden, InvalidRequest, MissingScope, Unauthenticated
from stook.identity import credentials, tokens
from stook.identity.audit import Actor
from stook.identity.authentication import INVALID_SECRET, LONGEST_CREDENTIAL, check_usable
from stook.identity.principals import Scope
from stook.identity.tokens import NewToken, Token
from stook.storage import clock
from stook.storage.database import Database
from stook.storage.tables import indexing_tokens
from stook.storage.tables import tokens as token_table

SHORTEST_ROTATION = 1440  # minutes
OVERLAP = 600_000_000  # microseconds for which the secret before the last one still works
MINUTE = 60_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What an indexing token is restricted to; nothing named is no restriction.

    ``addresses`` are networks such as 10.0.0.0/8 or single addresses. With
    ``rotation_minutes`` the token ends unless it is rotated that often.
    """

    datasources: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    rotation_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Indexer:
    """Who brings documents in: a token, and the datasources it may touch (None: all)."""

    token_id: str
    name: str
    datasources: frozenset[str] | None = None
    rate_limits: str = ""

    @property
    def actor(self) -> Actor:
        """By whom what it does is done."""
        return Actor(self.name, self.token_id)

    def check(self, datasource: str) -> None:
        """Raise Forbidden unless the token is for this datasource."""
        if self.datasources is not None and datasource not in self.datasources:
            raise Forbidden(f"This token is not for the datasource {datasource}.")

    def check_unrestricted(self) -> None:
        """Raise Forbidden where the token is for some datasources only."""
        if self.datasources is not None:
            raise Forbidden("This call needs an indexing token that is for all datasources.")


@dataclass(frozen=True, slots=True)
class Rotated:
    """A new secret; ``created_at`` is microseconds since the epoch, UTC."""

    secret: str
    created_at: int
    rotation_minutes: int | None


def create(
    connection: sa.Connection,
    name: str,
    limits: Limits,
    expires_at: int | None = None,
    rate_limits: str = "",
) -> NewToken:
    """Make an indexing token, perhaps with rate limits of its own; raises InvalidRequest."""
    networks = [_network(address) for address in limits.addresses]
    minutes = limits.rotation_minutes
    if minutes is not None and minutes < SHORTEST_ROTATION:
        raise InvalidRequest(f"A token is rotated at most every {SHORTEST_ROTATION} minutes.")
    new = tokens.create(connection, name, [Scope.INDEXING], None, expires_at, rate_limits)
    row = {
        "token_id": new.id,
        "datasources": sorted(limits.datasources),
        "addresses": networks,
        "rotation_minutes": minutes,
        "rotated_at": clock.now(),
    }
    connection.execute(sa.insert(indexing_tokens).values(row))
    return new


async def authenticate(database: Database, bearer: str, address: str) -> Indexer:
    """Who calls, from this network address.

    Raises Unauthenticated, MissingScope, or Forbidden (not from this address).
    """
    token, indexer = await database.read(_identify, bearer, address)
    at = clock.now()
    if tokens.is_use_due(token, at):
        database.write_later(tokens.record_use, token.id, at)
    return indexer


def rotate(connection: sa.Connection, secret: str) -> Rotated:
    """Give the token of this secret a new one; the old one works for ten minutes more.

    Raises Unauthenticated where it is not the token's newest secret.
    """
    token = tokens.find_by_secret(connection, secret)
    if token is None:
        raise Unauthenticated("Rotate a token with its newest secret.")
    at, new = clock.now(), credentials.new_secret()
    if _limits_row(connection, token.id) is None:
        connection.execute(sa.insert(indexing_tokens).values(_unlimited(token, at)))
    hashed = {"secret_hash": credentials.hash_secret(new)}
    own = indexing_tokens.c.token_id == token.id
    previous = {
        "rotated_at": at,
        "previous_hash": credentials.hash_secret(secret),
        "previous_until": at + OVERLAP,
    }
    connection.execute(sa.update(token_table).where(token_table.c.id == token.id).values(hashed))
    connection.execute(sa.update(indexing_tokens).where(own).values(previous))
    row = _limits_row(connection, token.id)
    return Rotated(new, at, row.rotation_minutes if row else None)


def limits_of(connection: sa.Connection, token_ids: Collection[str]) -> dict[str, Limits]:
    """The limits of those of these tokens that have some."""
    rows = connection.execute(
        sa.select(indexing_tokens).where(indexing_tokens.c.token_id.in_(list(token_ids)))
    )
    return {
        row.token_id: Limits(tuple(row.datasources), tuple(row.addresses), row.rotation_minutes)
        for row in rows
    }


def _identify(connection: sa.Connection, bearer: str, address: str) -> tuple[Token, Indexer]:
    token = _find(connection, bearer)
    if token is None:
        raise Unauthenticated(INVALID_SECRET)
    check_usable(connection, token)
    if Scope.INDEXING not in token.scopes:
        raise MissingScope(Scope.INDEXING)
    row = _limits_row(connection, token.id)
    if row is None:
        return token, Indexer(token.id, token.name, rate_limits=token.rate_limits)
    _check_rotated(row)
    _check_address(row, address)
    only = frozenset(row.datasources) or None
    return token, Indexer(token.id, token.name, only, token.rate_limits)


def _find(connection: sa.Connection, bearer: str) -> Token | None:
    """By the newest secret, or the one before it while that still works."""
    if len(bearer) > LONGEST_CREDENTIAL:
        raise Unauthenticated("Invalid token format")
    if not credentials.is_well_formed(bearer):
        return None
    found = tokens.find_by_secret(connection, bearer)
    if found is not None:
        return found
    limits = indexing_tokens.c
    row = connection.execute(
        sa.select(token_table)
        .join(indexing_tokens, limits.token_id == token_table.c.id)
        .where(limits.previous_hash == credentials.hash_secret(bearer))
        .where(limits.previous_until > clock.now())
    ).one_or_none()
    return tokens.from_row(row) if row else None


def _limits_row(connection: sa.Connection, token_id: str) -> sa.Row[tuple[object, ...]] | None:
    return connection.execute(
        sa.select(indexing_tokens).where(indexing_tokens.c.token_id == token_id)
    ).one_or_none()


def _unlimited(token: Token, at: int) -> dict[str, object]:
    return {"token_id": token.id, "datasources": [], "addresses": [], "rotated_at": at}


def _check_rotated(row: sa.Row[tuple[object, ...]]) -> None:
    minutes = row.rotation_minutes
    if minutes is not None and clock.now() > row.rotated_at + minutes * MINUTE:
        raise Unauthenticated("The token was not rotated in time; create another one.")


def _check_address(row: sa.Row[tuple[object, ...]], address: str) -> None:
    if row.addresses and not _is_within(address, row.addresses):
        raise Forbidden("This token may not be used from this address.")


def _is_within(address: str, networks: Collection[str]) -> bool:
    try:
        given = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = given.ipv4_mapped if isinstance(given, ipaddress.IPv6Address) else None
    plain = mapped or given
    return any(plain in ipaddress.ip_network(network) for network in networks)


def _network(address: str) -> str:
    try:
        return str(ipaddress.ip_network(address.strip(), strict=False))
    except ValueError as error:
        raise InvalidRequest(f"{address} is no address and no network like 10.0.0.0/8.") from error
