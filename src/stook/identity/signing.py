"""The keys that sign access tokens, and the tokens (JWTs) that they sign.

Every node signs with the newest key in the database and verifies by all of them, so that a
rotation holds everywhere at once. A retired key still verifies what it signed before.
"""

from __future__ import annotations

import functools
import json
import re
from typing import Any

import sqlalchemy as sa
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from stook.errors import Unauthenticated
from stook.identity import credentials
from stook.storage import clock, locks
from stook.storage.tables import oauth_clients, signing_keys, tokens

ALGORITHM = "ES256"
LONGEST_LIFETIME = 24 * 3600  # seconds that a token may live
SKEW = 60  # seconds by which the clocks of two nodes may differ
_KEY_ID = re.compile(r"[0-9A-Za-z_-]{1,40}")
_INVALID = "Invalid Secret"
_EXPIRED = "The access token has expired."

Claims = dict[str, Any]  # what RFC 7519 calls a claims set; checked by ``verify``


def sign(connection: sa.Connection, claims: Claims) -> str:
    """A JWT over claims that hold ``iat`` and ``exp``; makes the first key where there is none."""
    row = _newest(connection) or _first_key(connection)
    key = _imported(json.dumps(row.private_jwk, sort_keys=True))
    return jwt.encode({"alg": ALGORITHM, "kid": row.key_id}, claims, key, [ALGORITHM])


def verify(connection: sa.Connection, token: str, issuer: str) -> Claims:
    """The claims of a token that a trusted key signed and that has not expired.

    Raises Unauthenticated.
    """
    row = _trusted(connection, _key_id(token))
    key = _imported(json.dumps(row.private_jwk, sort_keys=True))
    try:
        claims = jwt.decode(token, key, [ALGORITHM]).claims
        _registry(issuer).validate(claims)
    except JoseError as error:
        raise Unauthenticated(_reason(error)) from error
    if claims["exp"] <= clock.now() // 1_000_000:
        raise Unauthenticated(_EXPIRED)
    if claims["exp"] - claims["iat"] > LONGEST_LIFETIME or _is_too_late(row, claims["iat"]):
        raise Unauthenticated(_INVALID)
    return claims


def jwks(connection: sa.Connection) -> dict[str, list[dict[str, Any]]]:
    """The public keys, newest first, as RFC 7517 has them."""
    rows = connection.execute(
        sa.select(signing_keys).order_by(signing_keys.c.created_at.desc(), signing_keys.c.key_id)
    )
    return {"keys": [_public(row.key_id, row.private_jwk) for row in rows]}


def rotate(connection: sa.Connection, distrust: bool = False) -> str:
    """Sign with a new key from now on; returns its id.

    Older keys verify what they have signed until it expires, unless ``distrust`` says that
    they leaked: then every token signed so far is worth nothing, nor are sessions made by one.
    """
    locks.hold(connection, "signing keys")
    at = clock.now()
    if distrust:
        clients = sa.select(oauth_clients.c.client_id)
        connection.execute(sa.delete(tokens).where(tokens.c.parent_id.in_(clients)))
    columns = signing_keys.c
    expired = columns.retired_at < at - (LONGEST_LIFETIME + SKEW) * 1_000_000
    connection.execute(sa.delete(signing_keys).where(sa.true() if distrust else expired))
    retire = sa.update(signing_keys).where(columns.retired_at.is_(None))
    connection.execute(retire.values(retired_at=at))
    return str(_insert_key(connection).key_id)


def _newest(connection: sa.Connection) -> sa.Row[Any] | None:
    columns = signing_keys.c
    return connection.execute(
        sa.select(signing_keys)
        .where(columns.retired_at.is_(None))
        .order_by(columns.created_at.desc(), columns.key_id)
        .limit(1)
    ).one_or_none()


def _first_key(connection: sa.Connection) -> sa.Row[Any]:
    """Two nodes may get here at once: the second finds the first one's key."""
    locks.hold(connection, "signing keys")
    return _newest(connection) or _insert_key(connection)


def _insert_key(connection: sa.Connection) -> sa.Row[Any]:
    row = {
        "key_id": credentials.new_id("key"),
        "private_jwk": ECKey.generate_key("P-256").as_dict(private=True),
        "created_at": clock.now(),
    }
    return connection.execute(sa.insert(signing_keys).values(row).returning(signing_keys)).one()


def _key_id(token: str) -> str:
    try:
        key_id = jws.extract_compact(token.encode("utf-8", "surrogatepass")).headers().get("kid")
    except (JoseError, ValueError) as error:
        raise Unauthenticated("Invalid token format") from error
    if not isinstance(key_id, str) or not _KEY_ID.fullmatch(key_id):
        raise Unauthenticated(_INVALID)
    return key_id


def _trusted(connection: sa.Connection, key_id: str) -> sa.Row[Any]:
    row = connection.execute(
        sa.select(signing_keys).where(signing_keys.c.key_id == key_id)
    ).one_or_none()
    if row is None:
        raise Unauthenticated(_INVALID)
    return row


def _is_too_late(row: sa.Row[Any], issued_at: int) -> bool:
    """Whether a token claims to be signed after its key was retired."""
    return row.retired_at is not None and issued_at > row.retired_at // 1_000_000 + SKEW


def _registry(issuer: str) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        leeway=SKEW,  # for what was issued by a clock that is ahead; expiry is checked exactly
        iss={"essential": True, "value": issuer},
        sub={"essential": True},
        iat={"essential": True},
        exp={"essential": True},
        token_use={"essential": True, "value": "access"},
    )


def _reason(error: JoseError) -> str:
    return _EXPIRED if error.error == "expired_token" else _INVALID


@functools.lru_cache(maxsize=16)
def _imported(private_jwk: str) -> ECKey:
    """Keys are read from the database each time; only turning them into numbers is kept."""
    return ECKey.import_key(json.loads(private_jwk))


def _public(key_id: str, private_jwk: dict[str, Any]) -> dict[str, Any]:
    key = ECKey.import_key(private_jwk).as_dict(private=False)
    return {**key, "kid": key_id, "use": "sig", "alg": ALGORITHM}
