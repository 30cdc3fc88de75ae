"""Signs people in at the page, and says who a browser's cookie means."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import Unauthenticated
from stook.identity import administrators, audit, browser_sessions, credentials, users
from stook.identity import sessions as short_lived
from stook.identity.audit import Action
from stook.identity.browser_sessions import ENDED, SEEN_EVERY, BrowserSession
from stook.identity.principals import Caller, Scope
from stook.identity.sessions import Session
from stook.runtime import Runtime
from stook.storage import clock
from stook.storage.database import Database

EVERYDAY = frozenset(Scope) - {Scope.ADMIN, Scope.INDEXING, Scope.DOCPERMISSIONS}


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
    new = browser_sessions.begin(connection, link_secret, browser)
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
    details = {"session": session.id, "browser": session.browser}
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


def _principal(connection: sa.Connection, session: BrowserSession) -> Caller:
    user = users.find(connection, session.user_email)
    if user is None:
        raise Unauthenticated(ENDED)
    leads = administrators.is_administrator(connection, user.email)
    return Caller(
        email=user.email,
        name=user.name,
        scopes=EVERYDAY | {Scope.ADMIN} if leads else EVERYDAY,
        token_id=session.id,
        counted_as=user.email,
    )


async def begin_short_lived(runtime: Runtime, caller: Caller) -> Session:
    """Make a token for the caller's browser, which ends soon."""
    return await runtime.database.write(short_lived.begin, caller)
