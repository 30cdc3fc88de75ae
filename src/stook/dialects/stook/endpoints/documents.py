"""A source beside an answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response, StreamingResponse

from stook.application import documents as service
from stook.dialects.access import Opened
from stook.dialects.bodies import content
from stook.dialects.bounds import Name
from stook.dialects.stook.access import Reader
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import document_json, json, span_json
from stook.dialects.stook.responses import FileBytes, SourceText

router = APIRouter(tags=["Stook"])
BYTES = "application/octet-stream"  # whatever the file is: no browser is to run it
DocumentId = Annotated[Name, Path(description="The document's id.")]
Words = Annotated[
    str, Query(max_length=20_000, description="Words of the document, as a citation has them.")
]
Near = Annotated[int, Query(ge=0, lt=2**31, description="Where these words stood.")]


@router.get(
    "/documents/{document_id}",
    summary="The text of a document, around words that were cited",
    responses={200: {"model": SourceText}, **problems(404)},
)
async def get_document(
    runtime: Opened, principal: Reader, document_id: DocumentId, words: Words = "", near: Near = 0
) -> Response:
    found = await service.read(runtime, principal, document_id, words, near)
    return json(
        {
            "document": document_json(found.document),
            "text": found.text,
            "start": found.start,
            "length": found.length,
            "cited": span_json(found.cited) if found.cited else None,
            "has_original": found.has_original,
        }
    )


@router.get(
    "/documents/{document_id}/original",
    summary="The file that a document was read from, where it is kept",
    responses={
        200: {"content": content(BYTES, FileBytes), "description": "The file."},
        **problems(404),
    },
)
async def get_original(runtime: Opened, principal: Reader, document_id: DocumentId) -> Response:
    _, pieces = await service.original(runtime, principal, document_id)
    headers = {"Content-Disposition": "attachment", "Cache-Control": "no-store"}
    return StreamingResponse(pieces, headers=headers, media_type=BYTES)
