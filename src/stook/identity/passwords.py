"""Passwords of those who have set one: hashed with Argon2id, never kept, never logged."""

from __future__ import annotations

import argon2
import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.identity import users
from stook.storage import clock
from stook.storage.tables import passwords as stored
from stook.storage.upserts import upsert

SHORTEST, LONGEST = 12, 200  # characters
LEAST_DIFFERENT = 5  # characters that a password is made of

_hasher = argon2.PasswordHasher.from_parameters(argon2.profiles.RFC_9106_LOW_MEMORY)
# What is compared with where there is no password, so that nobody can tell by the time it takes.
_OF_NOBODY = _hasher.hash("nobody has this one")


def check_new(password: str, email: str) -> None:
    """Raise InvalidRequest where a password could be guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidRequest(f"A password has {SHORTEST} to {LONGEST} characters.")
    name = email.partition("@")[0]
    plain = password.casefold()
    if len(set(plain)) < LEAST_DIFFERENT or plain == email or plain.replace(name, "") == "":
        raise InvalidRequest("This password is easily guessed; take some words of your own.")


def hash_of(password: str) -> str:
    """The hash of a password; takes a good part of a second, off the event loop."""
    return _hasher.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Whether it is the password of a hash; takes as long where there is none."""
    try:
        return _hasher.verify(kept or _OF_NOBODY, password) and kept is not None
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def find(connection: sa.Connection, email: str) -> str | None:
    """The hash of an active person's password, where they have set one."""
    user = users.find(connection, email)
    if user is None or not user.active:
        return None
    found: str | None = connection.scalar(
        sa.select(stored.c.hash).where(stored.c.user_email == user.email)
    )
    return found


def put(connection: sa.Connection, email: str, hashed: str) -> None:
    """Keep the hash of a person's password over that of the one before."""
    row = {"user_email": email, "hash": hashed, "changed_at": clock.now()}
    upsert(connection, stored, [row], replace=("hash", "changed_at"))


def remove(connection: sa.Connection, email: str) -> bool:
    """Forget a person's password; whether there was one."""
    return connection.execute(sa.delete(stored).where(stored.c.user_email == email)).rowcount > 0
