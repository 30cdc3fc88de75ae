"""Signs people in at the page, and says who a browser's cookie means."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from stook.application import arrivals
from stook.errors import Forbidden, Unauthenticated
from stook.identity import administrators, audit, browser_sessions, credentials, users
from stook.identity import sessions as short_lived
from stook.identity.audit import Action
from stook.identity.browser_sessions import (
    ENDED,
    SEEN_EVERY,
    BrowserSession,
    Method,
    NewSession,
)
from stook.identity.principals import Caller, Scope
from stook.identity.sessions import Session
from stook.identity.users import User
from stook.runtime import Runtime
from stook.storage import clock
from stook.storage.database import Database

PROXY = "proxy"
EVERYDAY = frozenset(Scope) - {
    Scope.ADMIN,
    Scope.INDEXING,
    Scope.DOCPERMISSIONS,
    Scope.SCIM,
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person at the page; ``secret`` is there only where the session has just begun."""

    principal: Caller
    session: BrowserSession
    secret: str = ""


async def sign_in(database: Database, link_secret: str, browser: str) -> SignedIn:
    """Begin a session by a link; raises Unauthenticated."""
    if not credentials.is_well_formed(link_secret):  # strangers' guesses cost no write
        raise Unauthenticated(browser_sessions.USED_UP)
    return await database.write(_begin, link_secret, browser)


def _begin(connection: sa.Connection, link_secret: str, browser: str) -> SignedIn:
    return _signed_in(connection, browser_sessions.begin(connection, link_secret, browser))


def begun_for(connection: sa.Connection, email: str, browser: str, method: Method) -> SignedIn:
    """Begin a session of a person who has shown who they are; it is recorded."""
    new = browser_sessions.begin_for(connection, email, browser, method)
    return _signed_in(connection, new)


def _signed_in(connection: sa.Connection, new: NewSession) -> SignedIn:
    begun = SignedIn(_principal(connection, new.session), new.session, new.secret)
    _record(connection, begun.principal, Action.SIGNED_IN, new.session)
    return begun


def end(connection: sa.Connection, principal: Caller, session_id: str) -> None:
    """End one of the caller's own sessions; raises NotFound."""
    owner = principal.email or ""
    for session in browser_sessions.list_all(connection, owner):
        if session.id == session_id:
            _record(connection, principal, Action.SESSION_ENDED, session)
    browser_sessions.end(connection, owner, session_id)


def _record(
    connection: sa.Connection, principal: Caller, action: Action, session: BrowserSession
) -> None:
    details = {"session": session.id, "browser": session.browser, "method": session.method}
    actor = audit.actor_of(principal)
    audit.record(connection, actor, action, session.user_email, **details)


async def recognise(database: Database, secret: str) -> SignedIn:
    """Who has this cookie, looked up anew for each request; raises Unauthenticated."""
    found = await database.read(_recognise, secret)
    at = clock.now()
    if at - found.session.seen_at > SEEN_EVERY:
        database.write_later(browser_sessions.record_use, found.session.id, at)
    return found


def _recognise(connection: sa.Connection, secret: str) -> SignedIn:
    session = browser_sessions.find(connection, secret)
    return SignedIn(_principal(connection, session), session)


async def vouched_for(database: Database, email: str, domains: Collection[str]) -> Caller:
    """Who calls through a proxy that says who it is, each time anew; raises Forbidden."""
    try:
        return await database.read(_vouched_for, email, ())
    except Forbidden:
        if not domains:
            raise
    return await database.write(_vouched_for, email, domains)


def _vouched_for(connection: sa.Connection, email: str, domains: Collection[str]) -> Caller:
    return _caller(connection, arrivals.let_in(connection, email, "", domains, PROXY), PROXY)


def _principal(connection: sa.Connection, session: BrowserSession) -> Caller:
    user = users.find(connection, session.user_email)
    if user is None:
        raise Unauthenticated(ENDED)
    return _caller(connection, user, session.id)


def _caller(connection: sa.Connection, user: User, credential: str) -> Caller:
    leads = administrators.is_administrator(connection, user.email)
    return Caller(
        email=user.email,
        name=user.name,
        scopes=EVERYDAY | {Scope.ADMIN} if leads else EVERYDAY,
        token_id=credential,
        counted_as=user.email,
    )


async def begin_short_lived(runtime: Runtime, caller: Caller) -> Session:
    """Make a token for the caller's browser, which ends soon."""
    return await runtime.database.write(short_lived.begin, caller)
