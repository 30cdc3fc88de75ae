"""Ingestion: what publishers push. Durable when the call returns, searchable shortly after."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from stook.application import publishers
from stook.application.publishers import Content, Listed, Publisher, Said, Taken
from stook.dialects.access import Opened, caller, checks_datasource
from stook.dialects.bodies import content, documented, json_body
from stook.dialects.bounds import Name
from stook.dialects.gloo import errors
from stook.dialects.gloo.errors import ERRORS
from stook.dialects.gloo.rendering import wire
from stook.dialects.gloo.requests.ingestion import (
    FilesForm,
    ItemFields,
    ItemUpdate,
    RealTimeUpload,
)
from stook.dialects.gloo.responses.ingestion import (
    IngestedFiles,
    PublishedItem,
    PublishedItems,
    RealTimeUploaded,
    UpdatedItem,
)
from stook.errors import InvalidRequest, UnreadableDocument
from stook.identity.principals import Caller, Scope
from stook.rates import EndpointClass
from stook.runtime import Runtime

router = APIRouter(tags=["Gloo"])
Pushing = Annotated[Caller, Depends(caller(Scope.CHAT, endpoint=EndpointClass.BULK))]
FILES_PATH = "/ingestion/v2/files"
MOST_ITEMS = 1000  # that a list shows
MOST_FILES = 100  # of one call
FORM: dict[str, Any] = {
    "requestBody": {"required": True, "content": content("multipart/form-data", FilesForm)}
}
Id = Annotated[Name | None, Query(min_length=1)]


async def _form(request: Request, principal: Pushing) -> AsyncIterator[FormData]:
    async with request.form(max_files=MOST_FILES, max_fields=20) as form:
        yield form


Form = Annotated[FormData, Depends(_form)]


@checks_datasource
async def _of_form(runtime: Opened, principal: Pushing, form: Form) -> Publisher:
    """A dependency: the publisher that a form names, into which the caller may push."""
    return await publishers.pushed_into(runtime, principal, _publisher_id(form))


@checks_datasource
async def _of_path(
    runtime: Opened,
    principal: Pushing,
    publisher_id: Annotated[Name, Path(description="Its name, or the name it is shown by.")],
) -> Publisher:
    """A dependency: the publisher that the path names, into which the caller may push."""
    return await publishers.pushed_into(runtime, principal, publisher_id)


def _of_body(model: type[ItemFields]) -> Callable[..., Awaitable[Publisher]]:
    """A dependency: the publisher that the body names, into which the caller may push."""
    read = json_body(model)

    @checks_datasource
    async def allowed(
        runtime: Opened,
        principal: Pushing,
        body: ItemFields = Depends(read),  # noqa: B008 - the model is known only here
    ) -> Publisher:
        return await publishers.pushed_into(runtime, principal, body.publisher_id)

    return allowed


def _publisher_id(form: FormData) -> str:
    given = form.get("publisher_id") or form.get("publisherId")
    if not isinstance(given, str) or not given:
        raise errors.fault("body", "publisher_id", "missing", "Field required")
    return given


@router.post(
    FILES_PATH,
    summary="Take in files of a publisher",
    responses={200: {"model": IngestedFiles}, **ERRORS},
    openapi_extra=FORM,
)
async def ingest_files(
    runtime: Opened,
    form: Form,
    publisher: Annotated[Publisher, Depends(_of_form)],
    producer_id: Annotated[Id, Query(description="The publisher's own id, for one file.")] = None,
    item_id: Annotated[Id, Query(description="The item that the one file replaces.")] = None,
) -> Response:
    files = _files(form)
    own_id = item_id or producer_id
    if own_id and len(files) > 1:
        raise InvalidRequest("producer_id and item_id name one item: send one file with them.")
    if item_id:
        await publishers.check_item(runtime, publisher, item_id)
    taken, failed = await _take_in(runtime, publisher, files, own_id)
    message = _told(taken, failed)
    if not taken:
        raise errors.Unprocessable(message)
    return wire.json(
        {
            "success": True,
            "message": message,
            "ingesting": [each.document_id for each in taken if each.changed],
            "duplicates": [each.document_id for each in taken if not each.changed],
            "failed": failed,
        }
    )


@router.post(
    "/engine/v2/item",
    summary="Say something of an item: its title, authors, tags …",
    responses={200: {"model": UpdatedItem}, **ERRORS},
    openapi_extra=documented(ItemUpdate),
)
async def update_item(
    runtime: Opened,
    publisher: Annotated[Publisher, Depends(_of_body(ItemUpdate))],
    body: Annotated[ItemUpdate, Depends(json_body(ItemUpdate))],
) -> Response:
    name = body.item_id or body.producer_id
    if not name:
        raise InvalidRequest("Name the item by item_id or producer_id.")
    taken = await publishers.describe(runtime, publisher, name, _said(body))
    message = "The item is updated." if taken.changed else "The item was so already."
    return wire.json({"success": True, "message": message})


@router.get(
    "/engine/v2/publisher/{publisher_id}/items",
    summary="The items of a publisher that the caller may see, the newest first",
    responses={200: {"model": PublishedItems}, **ERRORS},
)
async def list_items(
    runtime: Opened,
    principal: Pushing,
    publisher: Annotated[Publisher, Depends(_of_path)],
) -> Response:
    found = await publishers.items_of(runtime, principal, publisher, MOST_ITEMS)
    return wire.json([_item_json(item) for item in found])


@router.get(
    "/engine/v2/items/{item_id}",
    summary="An item that the caller may see",
    responses={200: {"model": PublishedItem}, **ERRORS},
)
async def get_item(
    runtime: Opened,
    principal: Pushing,
    item_id: Annotated[Name, Path(description="What the upload called it.")],
) -> Response:
    return wire.json(_item_json(await publishers.item(runtime, principal, item_id)))


def _item_json(item: Listed) -> dict[str, str]:
    return {
        "item_id": item.id,
        "status": "COMPLETED" if item.searchable else "PROCESSING",
        "item_title": item.title,
        "filename": item.filename,
    }


@router.post(
    "/ingestion/v1/real_time_upload",
    summary="Take in an item with its text (deprecated)",
    responses={200: {"model": RealTimeUploaded}, **ERRORS},
    openapi_extra=documented(RealTimeUpload),
    deprecated=True,
)
async def upload_in_real_time(
    runtime: Opened,
    publisher: Annotated[Publisher, Depends(_of_body(RealTimeUpload))],
    body: Annotated[RealTimeUpload, Depends(json_body(RealTimeUpload))],
) -> Response:
    file = Content("", body.content.encode("utf-8", "replace"))
    name = body.filename or body.item_title or "item"
    taken = await publishers.publish(runtime, publisher, body.producer_id, file, name, _said(body))
    return wire.json(
        {
            "success": True,
            "message": "Taken in." if taken.changed else "It was there already.",
            "task_id": taken.document_id,
            "batch_id": None,
            "processing_details": {"item_id": taken.document_id, "duplicate": not taken.changed},
        }
    )


def _files(form: FormData) -> list[UploadFile]:
    parts = [part for name in ("files", "files[]") for part in form.getlist(name)]
    found = [part for part in parts if isinstance(part, UploadFile)]
    if not found:
        raise errors.fault("body", "files", "missing", "Field required")
    return found


async def _take_in(
    runtime: Runtime, publisher: Publisher, files: list[UploadFile], own_id: str | None
) -> tuple[list[Taken], list[dict[str, str]]]:
    """One after the other, so that no more than one is in memory; what was taken in stays."""
    taken, failed = [], []
    for file in files:
        name = _plain_name(file.filename or "") or "unnamed"
        kind = (file.content_type or "").partition(";")[0].strip().lower()
        try:
            if (file.size or 0) > runtime.settings.max_file_mib * 2**20:
                raise InvalidRequest("too large")
            content_ = Content(kind, await file.read())
            taken.append(
                await publishers.publish(runtime, publisher, own_id, content_, name, Said())
            )
        except (UnreadableDocument, InvalidRequest) as error:
            failed.append({"filename": name, "reason": error.message})
    return taken, failed


def _plain_name(given: str) -> str:
    """Without folders, and without what cannot be shown or stored."""
    name = given.replace("\\", "/").rpartition("/")[2]
    return "".join(filter(str.isprintable, name))[:255]


def _told(taken: list[Taken], failed: list[dict[str, str]]) -> str:
    told = f"{len(taken)} of {len(taken) + len(failed)} files taken in."
    reasons = [f"{each['filename']} ({each['reason']})" for each in failed]
    return f"{told} Not read: {'; '.join(reasons)}" if failed else told


def _said(body: ItemFields) -> Said:
    """What a body says of an item; raises a fault for a date that is none."""
    more = {name: value for name, value in (body.model_extra or {}).items() if _is_plain(value)}
    if body.item_tags is not None:
        more["item_tags"] = body.item_tags
    return Said(
        title=body.item_title,
        url=body.item_url,
        kind=body.type,
        authors=None if body.author is None else tuple(body.author),
        published_at=_day(body.publication_date),
        properties=more,
    )


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return isinstance(value, str | int | float | bool)


def _day(given: str | None) -> int | None:
    if not given:
        return None
    try:
        day = date.fromisoformat(given[:10])
    except ValueError as error:
        message = "Write the day as 2026-11-20."
        raise errors.fault("body", "publication_date", "date_parsing", message) from error
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1_000_000)
