"""Signs people in by password, and lets them set, change and remove it."""

from __future__ import annotations

import asyncio

import sqlalchemy as sa

from stook.application.sessions import SignedIn, begun_for
from stook.errors import Forbidden, InvalidRequest, Unauthenticated
from stook.identity import audit, browser_sessions, passwords, users
from stook.identity.audit import Action, Actor
from stook.identity.browser_sessions import SECOND, Method
from stook.rates import EndpointClass
from stook.runtime import Runtime
from stook.storage import clock

WRONG = "The address or the password is wrong."
OFF = "Passwords are switched off on this server; ask for a link."
NEEDS_CURRENT = "The current password is wrong."
FRESH_LINK = 3600 * SECOND  # how long after coming by a link one may set a password anew
# How often passwords are tried: at an account, and from an address. No setting lifts this.
OF_ACCOUNT, OF_ADDRESS = "other=10/min burst 20", "other=30/min burst 60"
AT_ONCE = 2  # hashes that are computed side by side: each takes 64 MiB

_hashing = asyncio.Semaphore(AT_ONCE)


async def sign_in(
    runtime: Runtime, email: str, password: str, browser: str, address: str
) -> SignedIn:
    """Begin a session by password; raises Unauthenticated, Forbidden and RateLimited."""
    _check_on(runtime)
    admit = runtime.rate_limiter.admit
    await admit(f"password from {address}", EndpointClass.OTHER, OF_ADDRESS)
    known = await runtime.database.read(_known, email)
    await admit(f"password of {known or email.lower()}", EndpointClass.OTHER, OF_ACCOUNT)
    kept = await runtime.database.read(passwords.find, known) if known else None
    if not await _is_right(password, kept):
        if known:
            refused = [audit.Deed(Action.SIGN_IN_REFUSED, known, {"address": address})]
            await runtime.database.write(audit.record_all, Actor(known), refused)
        raise Unauthenticated(WRONG)
    return await runtime.database.write(begun_for, known, browser, Method.PASSWORD)


async def change(runtime: Runtime, signed: SignedIn, current: str, new: str) -> None:
    """Set one's own password; all other sessions of the person end.

    The current one has to be told, unless there is none, or the person has just come by a link,
    which is how a forgotten one is set anew. Raises InvalidRequest, Forbidden and RateLimited.
    """
    _check_on(runtime)
    email = signed.session.user_email
    passwords.check_new(new, email)
    await _check_current(runtime, signed, current)
    async with _hashing:
        hashed = await asyncio.to_thread(passwords.hash_of, new)
    await runtime.database.write(_keep, signed, hashed)


async def remove(runtime: Runtime, signed: SignedIn, current: str) -> None:
    """Forget one's own password: from now on one signs in by links; raises like ``change``."""
    await _check_current(runtime, signed, current)
    await runtime.database.write(_forget, signed)


def has_one(connection: sa.Connection, email: str) -> bool:
    """Whether a person has set a password."""
    return passwords.find(connection, email) is not None


def _check_on(runtime: Runtime) -> None:
    if not runtime.settings.passwords:
        raise Forbidden(OFF)


async def _check_current(runtime: Runtime, signed: SignedIn, current: str) -> None:
    email, session = signed.session.user_email, signed.session
    kept = await runtime.database.read(passwords.find, email)
    by_link = session.method == Method.LINK and session.created_at > clock.now() - FRESH_LINK
    if kept is None or (by_link and not current):
        return
    await runtime.rate_limiter.admit(f"password of {email}", EndpointClass.OTHER, OF_ACCOUNT)
    if not await _is_right(current, kept):
        raise InvalidRequest(NEEDS_CURRENT)


async def _is_right(password: str, kept: str | None) -> bool:
    async with _hashing:
        return await asyncio.to_thread(passwords.is_right, password[: passwords.LONGEST + 1], kept)


def _known(connection: sa.Connection, email: str) -> str:
    """The address of an active person as it is kept; "" for anybody else."""
    try:
        user = users.find(connection, email)
    except InvalidRequest:
        return ""
    return user.email if user is not None and user.active else ""


def _keep(connection: sa.Connection, signed: SignedIn, hashed: str) -> None:
    email = signed.session.user_email
    passwords.put(connection, email, hashed)
    ended = browser_sessions.end_others(connection, email, signed.session.id)
    actor = audit.actor_of(signed.principal)
    audit.record(connection, actor, Action.PASSWORD_SET, email, sessions_ended=ended)


def _forget(connection: sa.Connection, signed: SignedIn) -> None:
    email = signed.session.user_email
    if passwords.remove(connection, email):
        audit.record(connection, audit.actor_of(signed.principal), Action.PASSWORD_REMOVED, email)
