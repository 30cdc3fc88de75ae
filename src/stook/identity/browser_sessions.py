"""People signed in at the page: links that begin a session, and sessions. Secrets are hashed.

A session ends when its person ends it or is deactivated, when it was not used for a week, and a
month after it began.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stook.errors import NotFound, Unauthenticated
from stook.identity import credentials, users
from stook.storage import clock
from stook.storage.tables import browser_sessions as stored
from stook.storage.tables import sign_in_links as links
from stook.storage.tables import users as people
from stook.storage.text import is_storable

SECOND = 1_000_000  # microseconds
LINK_LIVES = 3600 * SECOND
IDLE = 7 * 86_400 * SECOND
LONGEST = 30 * 86_400 * SECOND
SEEN_EVERY = 60 * SECOND  # use is written down so often
MOST_PER_PERSON = 50  # the one used longest ago makes room
BROWSER_CHARACTERS = 300
USED_UP = "This link has been used, or has expired; ask for a new one."
ENDED = "You are not signed in, or your session has ended; sign in again."


class Method(enum.StrEnum):
    """How a session was begun."""

    LINK = "link"
    PASSWORD = "password"  # noqa: S105 - a name
    OIDC = "oidc"


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A session without its secret; times in microseconds since the epoch, UTC."""

    id: str
    user_email: str
    browser: str
    created_at: int
    seen_at: int
    method: str = Method.LINK.value

    @property
    def expires_at(self) -> int:
        """When it ends if it is not used any more."""
        return min(self.seen_at + IDLE, self.created_at + LONGEST)


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session just begun; ``secret`` is for the browser's cookie and stored nowhere."""

    session: BrowserSession
    secret: str


def make_link(connection: sa.Connection, email: str, lives: int = LINK_LIVES) -> str:
    """The secret of a link that signs a person in once; raises NotFound or InvalidRequest.

    It ``lives`` so many microseconds.
    """
    secret, at = credentials.new_secret(), clock.now()
    connection.execute(sa.delete(links).where(links.c.expires_at <= at))
    row = {
        "secret_hash": credentials.hash_secret(secret),
        "user_email": users.require_active(connection, email),
        "expires_at": at + lives,
    }
    connection.execute(sa.insert(links).values(row))
    return secret


def begin(connection: sa.Connection, link_secret: str, browser: str) -> NewSession:
    """Use up a link; raises Unauthenticated where it is none, or of somebody deactivated."""
    used = (
        sa.delete(links)
        .where(links.c.secret_hash == credentials.hash_secret(link_secret))
        .where(links.c.expires_at > clock.now())
        .returning(links.c.user_email)
    )
    email: str | None = connection.scalar(used)
    user = users.find(connection, email) if email else None
    if user is None or not user.active:
        raise Unauthenticated(USED_UP)
    return begin_for(connection, user.email, browser, Method.LINK)


def begin_for(connection: sa.Connection, email: str, browser: str, method: Method) -> NewSession:
    """Begin a session of a person who has shown who they are."""
    _make_room(connection, email)
    secret, at = credentials.new_secret(), clock.now()
    name = "".join(filter(str.isprintable, browser))[:BROWSER_CHARACTERS]
    session = BrowserSession(credentials.new_id("ses"), email, name, at, at, method.value)
    row = {each: getattr(session, each) for each in BrowserSession.__slots__}
    connection.execute(
        sa.insert(stored).values(row | {"secret_hash": credentials.hash_secret(secret)})
    )
    return NewSession(session, secret)


def _make_room(connection: sa.Connection, email: str) -> None:
    """Remove what ended, and this person's oldest sessions beyond the most."""
    connection.execute(sa.delete(stored).where(sa.not_(_lives())))
    kept = list_all(connection, email)[MOST_PER_PERSON - 1 :]
    connection.execute(sa.delete(stored).where(stored.c.id.in_([each.id for each in kept])))


def find(connection: sa.Connection, secret: str) -> BrowserSession:
    """The session of a cookie; raises Unauthenticated where it has ended."""
    row = None
    if credentials.is_well_formed(secret):
        query = _living().where(stored.c.secret_hash == credentials.hash_secret(secret))
        row = connection.execute(query).one_or_none()
    if row is None:
        raise Unauthenticated(ENDED)
    return BrowserSession(*row)


def record_use(connection: sa.Connection, session_id: str, at: int) -> None:
    """Note that a session was used."""
    connection.execute(sa.update(stored).where(stored.c.id == session_id).values(seen_at=at))


def list_all(connection: sa.Connection, email: str) -> list[BrowserSession]:
    """A person's sessions, the one used last first."""
    query = _living().where(stored.c.user_email == email)
    rows = connection.execute(query.order_by(stored.c.seen_at.desc(), stored.c.id))
    return [BrowserSession(*row) for row in rows]


def end(connection: sa.Connection, email: str, session_id: str) -> None:
    """End one of a person's sessions; raises NotFound."""
    ended = sa.delete(stored).where(stored.c.user_email == email, stored.c.id == session_id)
    if not is_storable(session_id) or connection.execute(ended).rowcount == 0:
        raise NotFound("There is no such session, or it is not yours.")


def end_all(connection: sa.Connection, email: str) -> int:
    """End all of a person's sessions, and links that would begin one; says how many sessions."""
    connection.execute(sa.delete(links).where(links.c.user_email == email))
    return connection.execute(sa.delete(stored).where(stored.c.user_email == email)).rowcount


def end_others(connection: sa.Connection, email: str, session_id: str) -> int:
    """End a person's sessions but one, and links not used yet; says how many sessions."""
    connection.execute(sa.delete(links).where(links.c.user_email == email))
    others = sa.delete(stored).where(stored.c.user_email == email, stored.c.id != session_id)
    return connection.execute(others).rowcount


def _living() -> sa.Select[Any]:
    columns = [stored.c[name] for name in BrowserSession.__slots__]
    of_active = sa.exists().where(people.c.email == stored.c.user_email, people.c.active)
    return sa.select(*columns).where(_lives(), of_active)


def _lives() -> sa.ColumnElement[bool]:
    at = clock.now()
    return sa.and_(stored.c.seen_at > at - IDLE, stored.c.created_at > at - LONGEST)
