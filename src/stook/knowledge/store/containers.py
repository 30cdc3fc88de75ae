"""Containers: folders, spaces and parent pages, by which documents say where they are.

A document names its container by that one's id or address in the source, or by a path. A
container may be a document itself, and be in another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

import sqlalchemy as sa

from stook.identity.access import visible_to
from stook.identity.principals import Viewer
from stook.knowledge.store.repository import in_portions
from stook.storage.tables import documents


def documents_below(
    connection: sa.Connection, viewer: Viewer, names: Collection[str]
) -> frozenset[str]:
    """Ids of visible documents in these containers, or in others that are below them.

    A container is named by its id, its address or its path; an address covers all addresses
    that begin with it and a slash.
    """
    if not names:
        return frozenset()
    column = documents.c
    found: set[str] = set()
    for some in in_portions(_covered(connection, viewer, names)):
        query = sa.select(column.id).where(visible_to(viewer), column.container.in_(some))
        found.update(connection.scalars(query))
    for url in (name for name in names if "://" in name):
        below = column.url.startswith(url.rstrip("/") + "/", autoescape=True)
        found.update(connection.scalars(sa.select(column.id).where(visible_to(viewer), below)))
    return frozenset(found)


def _covered(connection: sa.Connection, viewer: Viewer, names: Collection[str]) -> Iterator[str]:
    """The containers that documents name, of those that are meant by, or below, the names."""
    query = sa.select(documents.c.container).where(visible_to(viewer)).distinct()
    used = set(connection.scalars(query)) - {""}
    parents = _parents(connection, viewer, used)
    known: dict[str, bool] = {}
    for container in used:
        if _is_below(container, set(names), parents, known):
            yield container


def _parents(
    connection: sa.Connection, viewer: Viewer, used: Collection[str]
) -> dict[str, set[str]]:
    """For each container that is a document: all names of that one, and of where it is."""
    column = documents.c
    parents: dict[str, set[str]] = {}
    for some in in_portions(used):
        is_named = sa.or_(column.id.in_(some), column.url.in_(some), column.external_id.in_(some))
        rows = connection.execute(
            sa.select(column.id, column.url, column.external_id, column.container).where(
                visible_to(viewer), is_named
            )
        )
        for row in rows:
            for name in (row.id, row.url, row.external_id):
                parents.setdefault(name, set()).update(name for name in row if name)
    return parents


def _is_below(
    container: str, names: set[str], parents: dict[str, set[str]], known: dict[str, bool]
) -> bool:
    """Whether a container is one of the names, or in one of them; cycles come to an end."""
    pending, seen = [container], {container}
    while pending:
        here = pending.pop()
        if known.get(here) or here in names or any(_paths_above(here, names)):
            known[container] = True
            return True
        further = parents.get(here, set()) - seen
        seen |= further
        pending += further
    known[container] = False
    return False


def _paths_above(path: str, names: set[str]) -> Iterator[bool]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path in names
