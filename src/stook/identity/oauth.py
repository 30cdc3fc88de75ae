"""OAuth clients (the client credentials grant) and the access tokens they get."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stook.errors import InvalidRequest, NotFound, Unauthenticated
from stook.identity import credentials, signing, users
from stook.identity.tokens import check_rates
from stook.storage import clock
from stook.storage.tables import oauth_clients
from stook.storage.tables import users as users_table
from stook.storage.text import check_storable

ISSUER = "stook"
SCOPE = "api/access"
_CLIENT_ID = re.compile(r"[0-9a-f]{26}")
jwks = signing.jwks


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client just made; its secret is shown this once and stored nowhere."""

    client_id: str
    client_secret: str


@dataclass(frozen=True, slots=True)
class Client:
    """A client without its secret; it acts as the user with this address."""

    client_id: str
    name: str
    user_email: str
    created_at: int
    revoked_at: int | None
    rate_limits: str = ""  # of its own, as ``stook.rates`` reads them


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A JWT, and in how many seconds it expires; the rate limits are its client's own."""

    token: str
    expires_in: int
    rate_limits: str = ""


def create_client(
    connection: sa.Connection, name: str, user_email: str, rate_limits: str = ""
) -> NewClient:
    """Make a client that acts as a user; raises InvalidRequest, or NotFound for the user."""
    check_storable(name, "client's name")
    if not name.strip():
        raise InvalidRequest("Give the client a name, so that it can be told from others.")
    new = NewClient(secrets.token_hex(13), credentials.new_secret())
    row = {
        "client_id": new.client_id,
        "name": name.strip(),
        "secret_hash": credentials.hash_secret(new.client_secret),
        "user_email": users.require_active(connection, user_email),
        "created_at": clock.now(),
        "rate_limits": check_rates(rate_limits) or None,
    }
    connection.execute(sa.insert(oauth_clients).values(row))
    return new


def find_client(connection: sa.Connection, client_id: str) -> Client | None:
    """The client with this id, revoked or not."""
    found = connection.execute(
        sa.select(oauth_clients).where(oauth_clients.c.client_id == client_id)
    ).first()
    return _client(found) if found else None


def list_clients(connection: sa.Connection) -> list[Client]:
    """Every client, revoked ones too, oldest first."""
    order = (oauth_clients.c.created_at, oauth_clients.c.client_id)
    return [_client(row) for row in connection.execute(sa.select(oauth_clients).order_by(*order))]


def revoke_client(connection: sa.Connection, client_id: str) -> None:
    """From the next request on, the client and all its access tokens are worth nothing."""
    columns = oauth_clients.c
    change = sa.update(oauth_clients).where(columns.client_id == client_id)
    revoked_at = sa.func.coalesce(columns.revoked_at, clock.now())
    if connection.execute(change.values(revoked_at=revoked_at)).rowcount == 0:
        raise NotFound(f"There is no client {client_id}; `stook client list` shows them all.")


def issue_access_token(
    connection: sa.Connection, client_id: str, client_secret: str, lifetime_seconds: int
) -> AccessToken:
    """Exchange a client's credentials for an access token; raises Unauthenticated.

    Run it with ``write``: the first token of a database makes its signing key.
    """
    rate_limits = check_client(connection, client_id, client_secret)
    lifetime = min(lifetime_seconds, signing.LONGEST_LIFETIME)
    issued_at = clock.now() // 1_000_000
    claims = {
        "sub": client_id,
        "client_id": client_id,
        "scope": SCOPE,
        "iss": ISSUER,
        "iat": issued_at,
        "exp": issued_at + lifetime,
        "jti": secrets.token_hex(16),
        "token_use": "access",
    }
    return AccessToken(signing.sign(connection, claims), lifetime, rate_limits)


def verify_access_token(connection: sa.Connection, token: str) -> tuple[Client, int]:
    """The client that an access token was issued to, and when that ends, in microseconds.

    Raises Unauthenticated.
    """
    claims = signing.verify(connection, token, ISSUER)
    client = find_client(connection, str(claims["sub"]))
    if client is None or client.revoked_at is not None:
        raise Unauthenticated("The client of this access token was revoked.")
    return client, int(claims["exp"]) * 1_000_000


def _client(row: sa.Row[Any]) -> Client:
    return Client(
        row.client_id,
        row.name,
        row.user_email,
        row.created_at,
        row.revoked_at,
        row.rate_limits or "",
    )


def check_client(connection: sa.Connection, client_id: str, client_secret: str) -> str:
    """The client's own rate limits, if these are its credentials; raises Unauthenticated.

    Run it with ``read`` first, so that strangers never wait for the database's write lock.
    """
    columns = oauth_clients.c
    row = None
    if _CLIENT_ID.fullmatch(client_id):
        row = connection.execute(
            sa.select(columns.secret_hash, columns.rate_limits, users_table.c.active)
            .join(users_table, users_table.c.email == columns.user_email)
            .where(columns.client_id == client_id, columns.revoked_at.is_(None))
        ).one_or_none()
    known = row.secret_hash if row else ""
    if not hmac.compare_digest(known, credentials.hash_secret(client_secret)):
        raise Unauthenticated("Invalid client credentials")
    if row is None or not row.active:
        raise Unauthenticated("The user of this client is deactivated.")
    return row.rate_limits or ""
