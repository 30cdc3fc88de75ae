"""SQL of bulk uploads: a whole set in pages, and the removal of what the set lacks.

The first page begins an upload; the others may come in any order, beside one another and
repeatedly; the last one ends it. What an upload's pages bring is stored at once. When it has
ended, things of its kind that none of its pages brought are removed: at once, or a week later
where that would remove more than a fifth of them. A later upload takes the place of a removal
that still waits. What is pushed singly meanwhile counts as brought.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import sqlalchemy as sa

from stook.errors import Conflict, InvalidRequest
from stook.identity import credentials
from stook.knowledge.intake.definitions import Page
from stook.storage import clock, locks
from stook.storage.tables import bulk_upload_items, bulk_upload_pages, bulk_uploads
from stook.storage.text import check_storable
from stook.storage.upserts import insert_missing

GUARD = 5  # more than one in so many is not removed at once
DELAY = 7 * 86_400_000_000  # microseconds
LONGEST_ID = 400
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Kind:
    """What uploads of a kind replace: how it is listed, and how some of it is removed.

    ``refs`` takes the datasource and the subject; ``remove`` also takes what is to go, and
    gives the ids of documents that the search index has to catch up with.
    """

    name: str
    refs: Callable[[sa.Connection, str, str], Collection[str]]
    remove: Callable[[sa.Connection, str, str, Collection[str]], list[str]]
    guarded: bool = True


@dataclass(frozen=True, slots=True)
class Upload:
    """An upload; times are microseconds since the epoch, UTC."""

    id: str
    upload_id: str
    started_at: int
    finished_at: int | None
    remove_at: int | None
    pages: int = 0


def begin(connection: sa.Connection, page: Page) -> str | None:
    """The upload that a page belongs to; None where the page is known and nothing is to be done.

    Raises Conflict where another upload has not ended, InvalidRequest for a page of none.
    """
    _check(page)
    locks.hold(connection, f"upload {page.kind} {page.datasource} {page.subject}")
    current = _unfinished(connection, page)
    if current is not None and current.upload_id == page.upload_id:
        if _is_known(connection, current.id, page):
            return None
        if not (page.first and page.restart):
            return str(current.id)
    if page.first:
        return _start(connection, page, current)
    _check_known(connection, page)
    return None


def add(connection: sa.Connection, upload: str, page: Page, refs: Collection[str]) -> None:
    """Note a page as taken in, and what it brought."""
    insert_missing(connection, bulk_upload_pages, [{"upload": upload, "page": page.digest}])
    rows = [{"upload": upload, "ref": ref} for ref in sorted(set(refs))]
    insert_missing(connection, bulk_upload_items, rows)


def finish(connection: sa.Connection, kind: Kind, upload: str, page: Page) -> list[str]:
    """End an upload; gives the documents that the index has to catch up with."""
    same = _of(page.kind, page.datasource, page.subject)
    connection.execute(sa.update(bulk_uploads).where(same).values(remove_at=None))
    own = sa.update(bulk_uploads).where(bulk_uploads.c.id == upload)
    connection.execute(own.values(finished_at=clock.now()))
    present = kind.refs(connection, page.datasource, page.subject)
    lacking = _lacking(connection, upload, present)
    held_back = kind.guarded and not page.remove_at_once
    if held_back and len(lacking) * GUARD > len(present):
        connection.execute(own.values(remove_at=clock.now() + DELAY))
        return []
    _forget_old(connection, page)
    return kind.remove(connection, page.datasource, page.subject, lacking)


def touch(
    connection: sa.Connection, kind: str, datasource: str, refs: Collection[str], subject: str = ""
) -> None:
    """Count what is pushed singly as brought by uploads that have not removed anything yet."""
    columns = bulk_uploads.c
    open_ones = sa.or_(columns.finished_at.is_(None), columns.remove_at.is_not(None))
    query = sa.select(columns.id).where(
        _of(kind, datasource, subject), columns.dropped_at.is_(None), open_ones
    )
    rows = [{"upload": each, "ref": ref} for each in connection.scalars(query) for ref in refs]
    insert_missing(connection, bulk_upload_items, rows)


def remove_due(connection: sa.Connection, kinds: Collection[Kind]) -> list[str]:
    """Make the removals whose time has come; gives the documents to catch up with."""
    by_name = {kind.name: kind for kind in kinds}
    columns = bulk_uploads.c
    due = sa.select(bulk_uploads).where(columns.remove_at <= clock.now(), columns.kind.in_(by_name))
    gone: list[str] = []
    for row in connection.execute(due).all():
        kind = by_name[row.kind]
        present = kind.refs(connection, row.datasource, row.subject)
        lacking = _lacking(connection, row.id, present)
        gone += kind.remove(connection, row.datasource, row.subject, lacking)
        done = sa.update(bulk_uploads).where(columns.id == row.id)
        connection.execute(done.values(remove_at=None))
    return gone


def recent(connection: sa.Connection, kind: str, datasource: str) -> list[Upload]:
    """The newest uploads of a kind that were not dropped, newest first."""
    columns, page = bulk_uploads.c, bulk_upload_pages.c
    pages = sa.select(sa.func.count()).where(page.upload == columns.id).scalar_subquery()
    rows = connection.execute(
        sa.select(
            columns.id,
            columns.upload_id,
            columns.started_at,
            columns.finished_at,
            columns.remove_at,
            pages,
        )
        .where(columns.kind == kind, columns.datasource == datasource)
        .where(columns.dropped_at.is_(None))
        .order_by(columns.started_at.desc(), columns.id)
        .limit(SHOWN)
    )
    return [Upload(*row) for row in rows]


def _check(page: Page) -> None:
    check_storable(page.upload_id + page.subject, "upload's id")
    if not page.upload_id.strip() or len(page.upload_id) > LONGEST_ID:
        raise InvalidRequest(f"uploadId: give 1 to {LONGEST_ID} characters.")
    if len(page.subject) > LONGEST_ID:
        raise InvalidRequest(f"group: give at most {LONGEST_ID} characters.")


def _of(kind: str, datasource: str, subject: str) -> sa.ColumnElement[bool]:
    columns = bulk_uploads.c
    return sa.and_(
        columns.kind == kind, columns.datasource == datasource, columns.subject == subject
    )


def _unfinished(connection: sa.Connection, page: Page) -> sa.Row[tuple[object, ...]] | None:
    columns = bulk_uploads.c
    return connection.execute(
        sa.select(bulk_uploads).where(
            _of(page.kind, page.datasource, page.subject),
            columns.finished_at.is_(None),
            columns.dropped_at.is_(None),
        )
    ).one_or_none()


def _is_known(connection: sa.Connection, upload: str, page: Page) -> bool:
    columns = bulk_upload_pages.c
    query = sa.select(columns.page).where(columns.upload == upload, columns.page == page.digest)
    return connection.scalar(query) is not None


def _start(
    connection: sa.Connection, page: Page, current: sa.Row[tuple[object, ...]] | None
) -> str:
    if current is not None:
        if not page.restart:
            raise Conflict(
                f"The upload {current.upload_id} has not ended: send its last page, or begin "
                "this one with forceRestartUpload."
            )
        drop = sa.update(bulk_uploads).where(bulk_uploads.c.id == current.id)
        connection.execute(drop.values(dropped_at=clock.now()))
    row = {
        "id": credentials.new_id("upload"),
        "datasource": page.datasource,
        "kind": page.kind,
        "subject": page.subject,
        "upload_id": page.upload_id,
        "started_at": clock.now(),
    }
    connection.execute(sa.insert(bulk_uploads).values(row))
    return str(row["id"])


def _check_known(connection: sa.Connection, page: Page) -> None:
    """A page that comes again after its upload has ended is fine; any other belongs to none."""
    columns = bulk_uploads.c
    query = sa.select(columns.id).where(
        _of(page.kind, page.datasource, page.subject), columns.upload_id == page.upload_id
    )
    uploads = list(connection.scalars(query))
    if any(_is_known(connection, each, page) for each in uploads):
        return
    if uploads:
        raise InvalidRequest(f"The upload {page.upload_id} has ended; begin another one.")
    raise InvalidRequest(
        f"There is no upload {page.upload_id}: send its first page first, with isFirstPage."
    )


def _lacking(connection: sa.Connection, upload: str, present: Collection[str]) -> list[str]:
    columns = bulk_upload_items.c
    brought = set(connection.scalars(sa.select(columns.ref).where(columns.upload == upload)))
    return sorted(set(present) - brought)


def _forget_old(connection: sa.Connection, page: Page) -> None:
    """Keep what is shown of uploads that are through, and of those only which pages they had."""
    columns = bulk_uploads.c
    through = sa.or_(columns.finished_at.is_not(None), columns.dropped_at.is_not(None))
    query = sa.select(columns.id).where(_of(page.kind, page.datasource, page.subject), through)
    ids = list(connection.scalars(query.order_by(columns.started_at.desc())))
    _delete(connection, bulk_upload_items, "upload", ids[1:])
    _delete(connection, bulk_upload_pages, "upload", ids[SHOWN:])
    _delete(connection, bulk_upload_items, "upload", ids[SHOWN:])
    _delete(connection, bulk_uploads, "id", ids[SHOWN:])


def _delete(connection: sa.Connection, table: sa.Table, column: str, ids: list[str]) -> None:
    connection.execute(sa.delete(table).where(table.c[column].in_(ids)))
