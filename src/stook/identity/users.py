"""The organisation's people, each known by one e-mail address."""

from __future__ import annotations

import re
from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import InvalidRequest, NotFound
from stook.identity.names import plain_address
from stook.storage import clock, pages
from stook.storage.pages import Order, Page, Place
from stook.storage.tables import passwords, users
from stook.storage.text import check_storable, is_storable
from stook.storage.upserts import insert

LONGEST_EMAIL = 320
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


@dataclass(frozen=True, slots=True)
class User:
    """A person. ``email`` is lower case; ``created_at`` is microseconds since the epoch, UTC."""

    email: str
    name: str
    active: bool
    created_at: int


def normalise_email(email: str) -> str:
    """The form in which an address is stored and compared; raises InvalidRequest."""
    plain = plain_address(email)
    if len(plain) > LONGEST_EMAIL or not plain.isprintable() or not _EMAIL.fullmatch(plain):
        raise InvalidRequest(f"{email!r} is not an e-mail address.")
    return plain


def add(connection: sa.Connection, email: str, name: str = "") -> User:
    """Add a person, or activate them again; an empty name keeps the one they have."""
    check_storable(name, "user's name")
    row = {
        "email": normalise_email(email),
        "name": name,
        "active": True,
        "created_at": clock.now(),
    }
    statement = insert(connection, users).values(row)
    changes: dict[str, object] = {"active": True} | ({"name": name} if name else {})
    stored = connection.execute(
        statement.on_conflict_do_update(index_elements=["email"], set_=changes).returning(*users.c)
    ).one()
    return User(*stored)


def find(connection: sa.Connection, email: str) -> User | None:
    """The person with this address, deactivated or not."""
    found = connection.execute(
        sa.select(users).where(users.c.email == normalise_email(email))
    ).one_or_none()
    return User(*found) if found else None


def list_all(connection: sa.Connection) -> list[User]:
    """Everybody, by address."""
    return [User(*row) for row in connection.execute(sa.select(users).order_by(users.c.email))]


def find_all(
    connection: sa.Connection,
    words: str,
    *,
    active: bool | None,
    after: Place | None,
    size: int,
) -> Page[User]:
    """People by address whose name or address holds all the words; ``active`` None: all."""
    if not is_storable(words):
        return Page([], None)
    query = sa.select(users)
    if active is not None:
        query = query.where(users.c.active.is_(active))
    for word in words.lower().split():
        name = sa.func.lower(users.c.name).contains(word, autoescape=True)
        query = query.where(sa.or_(name, users.c.email.contains(word, autoescape=True)))
    page = pages.cut(connection, query, Order(users.c.email, users.c.email), after, size)
    found = [User(row.email, row.name, row.active, row.created_at) for row in page.items]
    return Page(found, page.next)


def rename(connection: sa.Connection, email: str, name: str) -> None:
    """Give a person another name, whether they are active or not."""
    check_storable(name, "user's name")
    change = sa.update(users).where(users.c.email == normalise_email(email))
    connection.execute(change.values(name=name))


def deactivate(connection: sa.Connection, email: str) -> None:
    """From now on this person sees nothing and no credential of theirs works.

    Their password is forgotten: the address may be somebody else's one day.
    """
    change = sa.update(users).where(users.c.email == normalise_email(email)).values(active=False)
    if connection.execute(change).rowcount == 0:
        raise NotFound(f"There is no user {email}; `stook user list` shows them all.")
    own = passwords.c.user_email == normalise_email(email)
    connection.execute(sa.delete(passwords).where(own))


def require_active(connection: sa.Connection, email: str) -> str:
    """The address as stored, if its user may sign in; raises NotFound or InvalidRequest."""
    user = find(connection, email)
    if user is None:
        raise NotFound(f"There is no user {email}; add them with `stook user add {email}`.")
    if not user.active:
        raise InvalidRequest(f"The user {user.email} is deactivated; add them again first.")
    return user.email
