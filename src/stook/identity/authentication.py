"""Turns the credential of a request into the caller."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import Forbidden, InvalidRequest, Unauthenticated
from stook.identity import acting, credentials, oauth, tokens, users
from stook.identity.names import plain_address
from stook.identity.principals import Caller, Scope
from stook.storage import clock
from stook.storage.database import Database

INVALID_SECRET = "Invalid Secret"  # noqa: S105 - what the caller is told
INVALID_IDENTITY = "Invalid identity"
SESSION_ENDED = "The session has ended with the token that made it; ask for another one."
ACT_AS_MISSING = "Required header missing: X-Glean-ActAs"
LONGEST_CREDENTIAL = 8192  # characters
FOR_NOBODY = frozenset({Scope.INDEXING, Scope.SCIM})
OAUTH_SCOPES = frozenset({Scope.CHAT, Scope.SEARCH})


@dataclass(frozen=True, slots=True)
class _Credential:
    """A valid credential: its owner (None: global), and whether its use is to be recorded."""

    id: str
    name: str
    owner: str | None
    scopes: frozenset[Scope]
    record_use_at: int | None = None
    rate_limits: str = ""
    counted_as: str = ""
    expires_at: int | None = None


async def authenticate(database: Database, bearer: str, act_as: str | None = None) -> Caller:
    """Who asks, by an API token or an OAuth access token.

    ``act_as`` is the address that a global token must name. Everything is looked up for each
    request, so that what was revoked is worth nothing from the next one on.

    Raises Unauthenticated (no valid credential, or for nobody), Forbidden (acting as somebody
    else without the right) or InvalidRequest (a global token without ``act_as``).
    """
    credential, caller = await database.read(_identify, bearer, act_as)
    if credential.record_use_at is not None:
        database.write_later(tokens.record_use, credential.id, credential.record_use_at)
    if caller.acting_through:
        acting.note(database, caller)
    return caller


def check_usable(connection: sa.Connection, token: tokens.Token) -> None:
    """Raise Unauthenticated where a token, or the person whose it is, has ended."""
    _check_alive(connection, token, clock.now())
    if token.user_email is not None:
        _active_owner(connection, token.user_email)


def _identify(
    connection: sa.Connection, bearer: str, act_as: str | None
) -> tuple[_Credential, Caller]:
    credential = _credential(connection, bearer)
    user = _acting_user(connection, credential, (act_as or "").strip())
    return credential, Caller(
        email=user.email if user else None,
        name=user.name if user else credential.name,
        scopes=credential.scopes,
        token_id=credential.id,
        counted_as=_counted_as(credential, user),
        rate_limits=credential.rate_limits,
        expires_at=credential.expires_at,
        acting_through=credential.name if user and credential.owner is None else "",
    )


def _counted_as(credential: _Credential, user: users.User | None) -> str:
    """Each token counts by itself; a global one counts against the person it acts for.

    One with rates of its own takes from no bucket but its own, or it would empty others'.
    """
    if credential.counted_as or credential.owner is not None or user is None:
        return credential.counted_as or credential.id
    return f"{credential.id} {user.email}" if credential.rate_limits else user.email


def _credential(connection: sa.Connection, bearer: str) -> _Credential:
    if not bearer:
        raise Unauthenticated
    if len(bearer) > LONGEST_CREDENTIAL:
        raise Unauthenticated("Invalid token format")
    if bearer.count(".") == 2:
        client, expires_at = oauth.verify_access_token(connection, bearer)
        return _Credential(
            id=client.client_id,
            name=client.name,
            owner=client.user_email,
            scopes=OAUTH_SCOPES,
            rate_limits=client.rate_limits,
            expires_at=expires_at,
        )
    return _api_token(connection, bearer)


def _api_token(connection: sa.Connection, secret: str) -> _Credential:
    is_ours = credentials.is_well_formed(secret)
    token = tokens.find_by_secret(connection, secret) if is_ours else None
    if token is None:
        raise Unauthenticated(INVALID_SECRET)
    at = clock.now()
    _check_alive(connection, token, at)
    used_at = at if tokens.is_use_due(token, at) else None
    return _Credential(
        id=token.id,
        name=token.name,
        owner=token.user_email,
        scopes=token.scopes,
        record_use_at=used_at,
        rate_limits=token.rate_limits,
        counted_as=token.counted_as,
        expires_at=token.expires_at,
    )


def _check_alive(connection: sa.Connection, token: tokens.Token, at: int) -> None:
    _check_in_force(token, at)
    if token.parent_id is not None:
        _check_parent(connection, token.parent_id, at)


def _check_in_force(token: tokens.Token, at: int) -> None:
    if token.revoked_at is not None:
        raise Unauthenticated("The token was revoked; create another one.")
    if token.expires_at is not None and token.expires_at <= at:
        raise Unauthenticated("The token has expired; create another one.")


def _check_parent(connection: sa.Connection, parent_id: str, at: int) -> None:
    """What made a session must be in force itself; whose both are is checked with the owner."""
    token = tokens.find(connection, parent_id)
    client = None if token else oauth.find_client(connection, parent_id)
    if token is None and (client is None or client.revoked_at is not None):
        raise Unauthenticated(SESSION_ENDED)
    if token is not None:
        try:
            _check_in_force(token, at)
        except Unauthenticated as ended:
            raise Unauthenticated(SESSION_ENDED) from ended


def _acting_user(
    connection: sa.Connection, credential: _Credential, act_as: str
) -> users.User | None:
    if credential.owner is None:
        return _user_acted_for(connection, credential, act_as)
    owner = _active_owner(connection, credential.owner)
    if act_as and plain_address(act_as) != owner.email:
        raise Forbidden("This credential acts for its own user only; use a global token.")
    return owner


def _active_owner(connection: sa.Connection, email: str) -> users.User:
    owner = users.find(connection, email)
    if owner is None or not owner.active:
        raise Unauthenticated("The user of this credential is deactivated.")
    return owner


def _user_acted_for(
    connection: sa.Connection, credential: _Credential, act_as: str
) -> users.User | None:
    if act_as:
        user = _find_active(connection, act_as)
        if user is None:
            raise Unauthenticated(INVALID_IDENTITY)
        return user
    if credential.scopes <= FOR_NOBODY:
        return None  # a token that only brings documents or people in acts for nobody
    raise InvalidRequest(ACT_AS_MISSING)


def _find_active(connection: sa.Connection, email: str) -> users.User | None:
    try:
        user = users.find(connection, email)
    except InvalidRequest:
        return None
    return user if user and user.active else None
