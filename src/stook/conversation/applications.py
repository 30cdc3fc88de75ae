"""Chat applications: what an administrator sets up for a purpose, and people ask by its id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import sqlalchemy as sa

from stook.errors import Conflict, InvalidRequest, NotFound
from stook.knowledge.store.documents import Filters
from stook.storage import clock
from stook.storage.tables import chat_applications
from stook.storage.text import check_storable

NO_SUCH_APPLICATION = "There is no such chat application."
EXTRACTIVE = "extractive"
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_NOT_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Definition:
    """What an application is; each list of names narrows what its answers are written from.

    ``instructions`` are given to a language model; the extractive answerer writes nothing, so
    it follows none. ``model``: empty for the server's own. ``starters`` are questions to begin
    with.
    """

    description: str = ""
    icon_url: str = ""
    instructions: str = ""
    model: str = ""
    starters: tuple[str, ...] = ()
    datasources: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    containers: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    not_datasources: tuple[str, ...] = ()
    not_documents: tuple[str, ...] = ()
    not_containers: tuple[str, ...] = ()

    @property
    def filters(self) -> Filters:
        """What may be found."""
        return Filters(
            datasources=frozenset(self.datasources),
            documents=frozenset(self.documents),
            containers=frozenset(self.containers),
            publishers=frozenset(self.publishers),
            not_datasources=frozenset(self.not_datasources),
            not_documents=frozenset(self.not_documents),
            not_containers=frozenset(self.not_containers),
        )


@dataclass(frozen=True, slots=True)
class Application:
    """A chat application; times in microseconds since the epoch, UTC."""

    id: str
    name: str
    definition: Definition
    created_at: int
    updated_at: int


def definition_from(given: Mapping[str, Any]) -> Definition:
    """A definition from plain JSON; raises InvalidRequest that names what is wrong."""
    known = {field.name: field.type for field in fields(Definition)}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise InvalidRequest(f"{unknown[0]}: unknown; known are {', '.join(known)}.")
    values: dict[str, Any] = {}
    for name, value in given.items():
        is_text = known[name] == "str"
        if is_text != isinstance(value, str) or not (is_text or _is_texts(value)):
            raise InvalidRequest(f"{name}: give {'a text' if is_text else 'a list of texts'}.")
        values[name] = value if is_text else tuple(value)
    return Definition(**values)


def create(
    c: sa.Connection, name: str, definition: Definition, application_id: str = ""
) -> Application:
    """Add an application; raises InvalidRequest, and Conflict where the id is taken."""
    own_id = application_id or _NOT_ID.sub("-", name.lower()).strip("-")[:64].rstrip("-")
    if not name.strip():
        raise InvalidRequest("An application needs a name.")
    if not _ID.fullmatch(own_id):
        raise InvalidRequest(
            f"{own_id!r} cannot be an id: use letters, digits, dots, hyphens and underscores."
        )
    for text in (name, *_texts(definition)):
        check_storable(text, "application")
    if c.execute(_by_id(own_id)).first() is not None:
        raise Conflict(f"There is an application {own_id} already; delete it, or give another id.")
    now = clock.now()
    made = Application(own_id, name.strip(), definition, now, now)
    row = {"id": own_id, "name": made.name, "definition": asdict(definition)}
    c.execute(sa.insert(chat_applications).values(**row, created_at=now, updated_at=now))
    return made


def find(c: sa.Connection, application_id: str) -> Application:
    """Raises NotFound."""
    row = c.execute(_by_id(application_id)).first() if _ID.fullmatch(application_id) else None
    if row is None:
        raise NotFound(NO_SUCH_APPLICATION)
    return _application(row)


def list_all(c: sa.Connection) -> list[Application]:
    """All of them, by name."""
    query = sa.select(chat_applications).order_by(chat_applications.c.name, chat_applications.c.id)
    return [_application(row) for row in c.execute(query)]


def delete(c: sa.Connection, application_id: str) -> None:
    """Raises NotFound; chats that were held in it stay."""
    find(c, application_id)
    c.execute(sa.delete(chat_applications).where(chat_applications.c.id == application_id))


def _by_id(application_id: str) -> sa.Select[Any]:
    return sa.select(chat_applications).where(chat_applications.c.id == application_id)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(each, str) for each in value)


def _texts(definition: Definition) -> list[str]:
    values = asdict(definition).values()
    return [text for value in values for text in ([value] if isinstance(value, str) else value)]


def _application(row: sa.Row[Any]) -> Application:
    definition = definition_from(row.definition)
    return Application(row.id, row.name, definition, row.created_at, row.updated_at)
