"""SQL of the organisation's people as a people connector pushes them.

A person who is new becomes a user; one who left is deactivated. Users that somebody else made
are left alone: a connector neither deactivates them nor brings them back. Nor does it bring
back somebody whom an administrator deactivated.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from stook.identity import users
from stook.identity.users import normalise_email
from stook.storage import clock
from stook.storage.tables import employees
from stook.storage.upserts import upsert

_CURRENT = "current"  # whether the connector said that the person is in the organisation


@dataclass(frozen=True, slots=True)
class Employee:
    """A person; ``definition`` is all that the client said."""

    email: str
    name: str
    current: bool = True
    definition: dict[str, Any] = field(default_factory=dict)


def put(connection: sa.Connection, people: Sequence[Employee]) -> list[str]:
    """Add people or replace what is said of them; gives their addresses."""
    rows = [_put(connection, person) for person in people]
    newest = {str(row["email"]): row for row in rows}
    upsert(connection, employees, list(newest.values()), ("definition", "made_user", "uploaded_at"))
    return list(newest)


def remove(connection: sa.Connection, emails: Collection[str]) -> None:
    """Remove people; those whom a connector made users are deactivated."""
    for email in map(normalise_email, emails):
        if _looks_after(connection, email):
            _deactivate(connection, email)
            left = {"made_user": True, "definition": {_CURRENT: False}}
            own = sa.update(employees).where(employees.c.email == email)
            connection.execute(own.values(left))
        else:
            connection.execute(sa.delete(employees).where(employees.c.email == email))


def current(connection: sa.Connection) -> list[str]:
    """The addresses of all people who were pushed and are in the organisation."""
    return list(definitions(connection))


def definitions(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """What was said of the people who are in the organisation, by address."""
    rows = connection.execute(sa.select(employees.c.email, employees.c.definition)).all()
    return {email: definition for email, definition in rows if definition.get(_CURRENT)}


def _put(connection: sa.Connection, person: Employee) -> dict[str, Any]:
    email = normalise_email(person.email)
    ours = users.find(connection, email) is None or _looks_after(connection, email)
    if ours and person.current:
        users.add(connection, email, person.name)
    elif ours:
        _deactivate(connection, email)
    return {
        "email": email,
        "definition": {**person.definition, _CURRENT: person.current},
        "made_user": ours,
        "uploaded_at": clock.now(),
    }


def _looks_after(connection: sa.Connection, email: str) -> bool:
    """Whether a connector made the user, and nobody else deactivated them since."""
    row = connection.execute(
        sa.select(employees.c.made_user, employees.c.definition).where(employees.c.email == email)
    ).one_or_none()
    if row is None or not row.made_user:
        return False
    return _is_active(connection, email) or not row.definition.get(_CURRENT)


def _is_active(connection: sa.Connection, email: str) -> bool:
    user = users.find(connection, email)
    return user is not None and user.active


def _deactivate(connection: sa.Connection, email: str) -> None:
    if _is_active(connection, email):
        users.deactivate(connection, email)
