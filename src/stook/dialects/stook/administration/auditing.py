"""The audit log: who did what, found, in pages, exported as CSV or JSON Lines."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response, StreamingResponse

from stook.application.administration import audit_log as service
from stook.dialects.access import Opened
from stook.dialects.bodies import content
from stook.dialects.stook.administration.access import Administrator
from stook.dialects.stook.administration.lists import PAGE, Cursor, cursor_of, place_of
from stook.dialects.stook.administration.responses import AuditList
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import LINES, json, moment
from stook.dialects.stook.responses import FileText
from stook.errors import InvalidRequest
from stook.identity.audit import Action, Event, Wanted, actor_of

router = APIRouter(tags=["Stook"])
CSV = "text/csv; charset=utf-8"
COLUMNS = ("at", "actor", "credential", "action", "subject", "details")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would work out

Part = Annotated[str, Query(max_length=400, description="Words of it; empty: any.")]
Kind = Annotated[str, Query(max_length=40, description="An action, or the first word of some.")]
When = Annotated[str, Query(max_length=40, description="RFC 3339, or a day as YYYY-MM-DD, UTC.")]
Format = Annotated[Literal["csv", "jsonl"], Query(description="CSV, or JSON Lines.")]


async def _wanted(
    actor: Part = "", action: Kind = "", subject: Part = "", since: When = "", until: When = ""
) -> Wanted:
    return Wanted(actor.strip(), action.strip(), subject.strip(), _at(since), _at(until))


def _at(text: str) -> int | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        aware = found if found.tzinfo else found.replace(tzinfo=UTC)
        return int(aware.timestamp() * 1_000_000)
    except (ValueError, OverflowError) as error:
        raise InvalidRequest("A time is RFC 3339, such as 2026-05-01T08:00:00Z.") from error


Filter = Annotated[Wanted, Depends(_wanted)]


@router.get(
    "/audit",
    summary="Who did what, the newest first; and the actions that there are",
    responses={200: {"model": AuditList}, **problems(400)},
)
async def list_audit(
    runtime: Opened, principal: Administrator, wanted: Filter, cursor: Cursor = None
) -> Response:
    page = await runtime.database.read(service.find, wanted, place_of(cursor, int), PAGE)
    return json(
        {
            "events": list(map(_event_json, page.items)),
            "actions": sorted(Action),
            "next_cursor": cursor_of(page.next),
        }
    )


@router.get(
    "/audit/export",
    summary="Who did what, as a file",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "The events.",
            "content": content(CSV, FileText) | content(LINES, FileText),
        },
        **problems(400),
    },
)
async def export_audit(
    runtime: Opened, principal: Administrator, wanted: Filter, kind: Format = "csv"
) -> StreamingResponse:
    portions = service.export(runtime, actor_of(principal), wanted, kind)
    lines, media_type = (_csv(portions), CSV) if kind == "csv" else (_lines(portions), LINES)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="audit.{kind}"',
    }
    return StreamingResponse(lines, headers=headers, media_type=media_type)


def _event_json(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "at": moment(event.at),
        "actor": event.actor,
        "credential": event.credential,
        "action": event.action,
        "subject": event.subject,
        "details": event.details,
    }


async def _lines(portions: AsyncIterator[list[Event]]) -> AsyncIterator[bytes]:
    async for events in portions:
        yield b"".join(orjson.dumps(_event_json(event)) + b"\n" for event in events)


async def _csv(portions: AsyncIterator[list[Event]]) -> AsyncIterator[str]:
    yield _rows([COLUMNS])
    async for events in portions:
        yield _rows(map(_cells, events))


def _cells(event: Event) -> tuple[str, ...]:
    shown = _event_json(event) | {"details": orjson.dumps(event.details).decode()}
    return tuple(_inert(str(shown[name])) for name in COLUMNS)


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()
