"""Numbers kept of what is pushed: the highest version of a thing, when a call was last made."""

from __future__ import annotations

import sqlalchemy as sa

from stook.errors import Conflict, InvalidRequest, RateLimited
from stook.storage import clock, locks
from stook.storage.tables import push_marks
from stook.storage.text import check_storable
from stook.storage.upserts import upsert

LONGEST_REF = 900


def check_version(
    connection: sa.Connection, datasource: str, kind: str, ref: str, version: int | None
) -> None:
    """Take note of a version; raises Conflict where a higher one was seen. 0 is none."""
    if not version:
        return
    locks.hold(connection, f"version {datasource} {kind} {ref}")
    seen = get(connection, datasource, kind, ref)
    if seen is not None and version < seen:
        raise Conflict(f"Version {version} is older than version {seen}, which is stored.")
    put(connection, datasource, kind, ref, version)


def check_pace(connection: sa.Connection, datasource: str, kind: str, seconds: int) -> None:
    """Raise RateLimited where the same was called less than so many seconds ago."""
    locks.hold(connection, f"pace {datasource} {kind}")
    at, last = clock.now(), get(connection, datasource, kind, "")
    wait = (last or 0) / 1e6 + seconds - at / 1e6
    if wait > 0:
        raise RateLimited(wait, f"This may be called once in {seconds} seconds; try again later.")
    put(connection, datasource, kind, "", at)


def get(connection: sa.Connection, datasource: str, kind: str, ref: str) -> int | None:
    """The number noted, if there is one."""
    columns = push_marks.c
    value: int | None = connection.scalar(
        sa.select(columns.value).where(
            columns.datasource == datasource, columns.kind == kind, columns.ref == ref
        )
    )
    return value


def put(connection: sa.Connection, datasource: str, kind: str, ref: str, value: int) -> None:
    """Note a number; raises InvalidRequest where the name cannot be stored."""
    check_storable(ref, "name")
    if len(ref) > LONGEST_REF:
        raise InvalidRequest(f"{ref[:50]!r}… is too long a name.")
    row = {"datasource": datasource, "kind": kind, "ref": ref, "value": value}
    upsert(connection, push_marks, [row], replace=("value",))
