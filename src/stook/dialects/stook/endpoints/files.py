"""Files to ask about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from stook.conversation.chats.uploads import NO_SUCH_FILE, Upload
from stook.dialects.access import Opened, owner_of
from stook.dialects.bodies import content
from stook.dialects.bounds import Name
from stook.dialects.stook.access import Reader, Uploader
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import file_json, json
from stook.dialects.stook.requests import Id, UploadFilesForm
from stook.dialects.stook.responses import UploadedFiles
from stook.errors import InvalidRequest, NotFound

router = APIRouter(tags=["Stook"])
UPLOAD = "/files"
PART = "files"
PIECE = 256 * 1024  # bytes
PATIENCE = 1.0  # seconds that a call waits for files to be read
MOST_IDS = 50
FORM = {"required": True, "content": content("multipart/form-data", UploadFilesForm)}
FileIds = Annotated[list[Id], Query(description="The files' ids.", max_length=MOST_IDS)]


@router.post(
    UPLOAD,
    summary="Upload files to ask about",
    responses={200: {"model": UploadedFiles}},
    openapi_extra={"requestBody": FORM},
)
async def upload(request: Request, runtime: Opened, principal: Uploader) -> Response:
    owner = owner_of(principal)
    most = runtime.settings.chat_files_per_upload
    async with request.form(max_files=most, max_fields=10) as form:
        parts = [part for part in form.getlist(PART) if isinstance(part, UploadFile)]
        if not parts:
            raise InvalidRequest(f"Send multipart/form-data with parts called {PART}.")
        taken = await runtime.uploads.take(owner, [_upload(part) for part in parts])
    return json({"files": [file_json(file) for file in taken]})


def _upload(part: UploadFile) -> Upload:
    name = (part.filename or "").replace("\\", "/").rpartition("/")[2]
    return Upload(name, (part.content_type or "").strip(), part.size or 0, _pieces(part))


async def _pieces(part: UploadFile) -> AsyncIterator[bytes]:
    while piece := await part.read(PIECE):
        yield piece


@router.get(
    "/files",
    summary="How far files have been read; waits a little for those that are being read",
    responses={200: {"model": UploadedFiles}},
)
async def get_files(runtime: Opened, principal: Reader, ids: FileIds) -> Response:
    found = await runtime.uploads.find(owner_of(principal), ids, PATIENCE)
    return json({"files": [file_json(file) for file in found]})


@router.delete(
    "/files/{file_id}",
    summary="Delete a file; answers may no longer rest on it",
    responses={200: {"description": "Nothing."}, **problems(404)},
)
async def delete_file(
    runtime: Opened,
    principal: Reader,
    file_id: Annotated[Name, Path(description="The file's id.")],
) -> Response:
    owner = owner_of(principal)
    if not await runtime.uploads.find(owner, [file_id]):
        raise NotFound(NO_SUCH_FILE)
    await runtime.uploads.delete(owner, [file_id])
    return Response()
