"""SQL of short names for addresses; external ones lead over another service."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.knowledge.intake.datasources import check_place
from stook.storage import clock
from stook.storage.tables import shortcuts
from stook.storage.text import check_storable, is_storable
from stook.storage.upserts import upsert

LONGEST_ALIAS = 400
PREFIX = "go/"
Definitions = Mapping[str, dict[str, Any]]  # all that the client said, by alias


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut; ``definition`` is all that the client said of it."""

    alias: str
    external: bool
    definition: dict[str, Any]

    def is_shown_to(self, email: str | None, is_admin: bool) -> bool:
        """Unlisted ones are for whoever made them, and for administrators."""
        made_by = str(self.definition.get("createdBy", "")).strip().lower()
        return is_admin or not self.definition.get("unlisted") or made_by == email

    @property
    def visits(self) -> float:
        return float(self.definition.get("decayedVisitScore") or 0)


def put(connection: sa.Connection, given: Definitions, external: bool) -> list[str]:
    """Add shortcuts or replace them; gives their aliases. Raises InvalidRequest."""
    for alias, each in given.items():
        _check(alias)
        check_place(str(each.get("destinationUrl", "")), "destinationUrl")
    at = clock.now()
    rows = [
        {"alias": alias, "external": external, "definition": each, "uploaded_at": at}
        for alias, each in given.items()
    ]
    upsert(connection, shortcuts, rows, replace=("definition", "uploaded_at"))
    return list(given)


def remove(connection: sa.Connection, aliases: Collection[str], external: bool) -> list[str]:
    """Remove shortcuts; no documents change with them."""
    own = sa.and_(shortcuts.c.external == external, shortcuts.c.alias.in_(aliases))
    connection.execute(sa.delete(shortcuts).where(own))
    return []


def aliases(connection: sa.Connection, external: bool) -> list[str]:
    own = shortcuts.c.external == external
    return list(connection.scalars(sa.select(shortcuts.c.alias).where(own)))


def typed_for(
    connection: sa.Connection, typed: str, email: str | None, is_admin: bool, limit: int
) -> list[Shortcut]:
    """Shortcuts that begin with what somebody typed, or have all its words in their titles.

    Hyphens, underscores, spaces and a ``go/`` before make no difference. One that is called just
    so comes first, then those that are visited most.
    """
    plain = typed.lower().strip().removeprefix(PREFIX)
    if not plain or not is_storable(plain):
        return []
    squeezed = _squeezed(plain)
    title = sa.func.lower(shortcuts.c.definition["title"].as_string())
    named = _squeezed_column(shortcuts.c.alias).startswith(squeezed, autoescape=True)
    titled = sa.and_(*(title.contains(word, autoescape=True) for word in plain.split()))
    query = sa.select(shortcuts.c.alias, shortcuts.c.external, shortcuts.c.definition)
    rows = connection.execute(query.where(sa.or_(named, titled) if squeezed else titled))
    found = [each for row in rows if (each := Shortcut(*row)).is_shown_to(email, is_admin)]
    found.sort(key=lambda each: (_squeezed(each.alias) != squeezed, -each.visits, each.alias))
    return found[:limit]


def _squeezed(alias: str) -> str:
    return "".join(alias.lower().replace("-", " ").replace("_", " ").split())


def _squeezed_column(column: sa.Column[str]) -> sa.ColumnElement[str]:
    text: sa.ColumnElement[str] = sa.func.lower(column)
    for mark in "-_ ":
        text = sa.func.replace(text, mark, "")
    return text


def _check(alias: str) -> None:
    check_storable(alias, "alias")
    if not alias.strip() or len(alias) > LONGEST_ALIAS:
        raise InvalidRequest(f"inputAlias: give 1 to {LONGEST_ALIAS} characters.")
