"""Publishers: datasources by the names that readers know, and which clients may push into them.

A client may push into a datasource when an administrator granted it; the grant also says who may
see what it brings. Nothing granted is nothing allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import Forbidden, InvalidRequest, NotFound
from stook.identity import oauth
from stook.identity.permissions import ORGANISATION, Permissions
from stook.identity.principals import Principal
from stook.knowledge.intake import datasources as configured
from stook.knowledge.intake.definitions import Datasource, Grants, PersonRef
from stook.knowledge.store import catalogue
from stook.knowledge.store.conditions import Condition
from stook.knowledge.store.documents import Filters
from stook.storage import clock
from stook.storage.tables import client_publishers, datasources
from stook.storage.text import is_storable
from stook.storage.upserts import upsert


@dataclass(frozen=True, slots=True)
class Publisher:
    """A datasource that a client may push into, and who may see what it brings."""

    datasource: Datasource
    grants: Grants


def names(connection: sa.Connection) -> dict[str, str]:
    """By which name each datasource is shown."""
    rows = connection.execute(sa.select(datasources.c.name, datasources.c.display_name))
    return {row.name: row.display_name or row.name for row in rows}


def filters(connection: sa.Connection, given: Sequence[str]) -> Filters:
    """Only what these publish: datasources by name or shown name, else what documents say.

    Case does not matter. No names at all are no restriction.
    """
    if not given:
        return Filters()
    wanted = {name.strip().casefold() for name in given} - {""}
    shown = names(connection).items()
    meant = {name: {name.casefold(), display.casefold()} & wanted for name, display in shown}
    found = frozenset(name for name, known_as in meant.items() if known_as)
    others = wanted - frozenset().union(*meant.values())
    if found and not others:
        return Filters(datasources=found)
    said = (Condition("publisher", tuple(sorted(others))),)
    return Filters(any_of=((Condition("app", tuple(sorted(found))),), said) if found else (said,))


def is_known(connection: sa.Connection, principal: Principal, given: str) -> bool:
    """Whether there is anything by this publisher that the principal may see."""
    wanted = filters(connection, [given])
    return bool(catalogue.newest(connection, principal, wanted, 1))


def grant(
    connection: sa.Connection,
    client_id: str,
    name: str,
    allowed: Permissions,
    display_name: str = "",
) -> None:
    """Let a client push into a datasource, which is made if there is none of the name.

    Raises NotFound for the client, InvalidRequest for the datasource.
    """
    client = oauth.find_client(connection, client_id)
    if client is None:
        raise NotFound(f"There is no client {client_id}; `stook client list` shows them all.")
    datasource = _made(connection, name, display_name)
    grants = _grants(allowed)
    if (grants.users or grants.groups) and datasource.realm != ORGANISATION:
        raise InvalidRequest(
            f"Datasource {name} has users and groups of its own; allow everyone, or choose a "
            "publisher of another name."
        )
    row = {
        "client_id": client_id,
        "datasource": name,
        "grants": grants.to_json(),
        "created_at": clock.now(),
    }
    upsert(connection, client_publishers, [row], replace=("grants",))


def withdraw(connection: sa.Connection, client_id: str, name: str) -> None:
    """From now on the client may not push into the datasource; raises NotFound."""
    columns = client_publishers.c
    own = sa.and_(columns.client_id == client_id, columns.datasource == name)
    if connection.execute(sa.delete(client_publishers).where(own)).rowcount == 0:
        raise NotFound(f"Client {client_id} may not push into {name} anyway.")


def granted(connection: sa.Connection) -> Mapping[str, list[str]]:
    """By client, the datasources that it may push into."""
    found: dict[str, list[str]] = {}
    columns = client_publishers.c
    query = sa.select(columns.client_id, columns.datasource).order_by(columns.datasource)
    for row in connection.execute(query):
        found.setdefault(row.client_id, []).append(row.datasource)
    return found


def require(connection: sa.Connection, client_id: str | None, given: str) -> Publisher:
    """The publisher of this name or shown name, into which the client may push.

    Raises Forbidden, the same for one that does not exist.
    """
    columns = client_publishers.c
    by_name = sa.or_(columns.datasource == given, datasources.c.display_name == given)
    query = (
        sa.select(columns.datasource, columns.grants)
        .join(datasources, datasources.c.name == columns.datasource)
        .where(columns.client_id == client_id, by_name)
        .order_by(sa.case((columns.datasource == given, 0), else_=1), columns.datasource)
    )
    row = connection.execute(query).first() if client_id and is_storable(given) else None
    if row is None:
        raise Forbidden(
            f"This client may not push into publisher {given[:100]!r}; an administrator allows "
            "it with `stook client grant`."
        )
    datasource = configured.get(connection, row.datasource)
    return Publisher(datasource, Grants.from_json(row.grants))


def _made(connection: sa.Connection, name: str, display_name: str) -> Datasource:
    known = connection.scalar(sa.select(datasources.c.name).where(datasources.c.name == name))
    if known is None:
        configured.put(connection, Datasource(name, display_name, realm=ORGANISATION))
    elif display_name:
        change = sa.update(datasources).where(datasources.c.name == name)
        connection.execute(change.values(display_name=display_name))
    return configured.get(connection, name)


def _grants(allowed: Permissions) -> Grants:
    """What ``--allow`` says, as it is kept with pushed documents."""
    return Grants(
        users=tuple(PersonRef(email=user.name) for user in sorted(allowed.users, key=str)),
        groups=tuple(sorted(group.name for clause in allowed.clauses for group in clause)),
        everyone=allowed.everyone,
    )
