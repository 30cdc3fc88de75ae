"""The files that people ask about: upload, state, bytes, deletion."""

from __future__ import annotations

import urllib.parse
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response, StreamingResponse

from stook.application import files
from stook.conversation.chats.uploads import NO_SUCH_FILE, Upload
from stook.dialects.access import ChatCaller, Opened, caller, owner_of
from stook.dialects.bodies import content, documented, json_body
from stook.dialects.bounds import Name
from stook.dialects.glean.endpoints.shared import Language
from stook.dialects.glean.errors import errors
from stook.dialects.glean.rendering import wire
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.files import (
    ChatFileContent,
    ChatFilesRequest,
    UploadChatFilesForm,
)
from stook.dialects.glean.responses.files import GetChatFilesResponse, UploadChatFilesResponse
from stook.errors import InvalidRequest, NotFound
from stook.identity.principals import Caller, Scope
from stook.rates import EndpointClass

router = APIRouter(tags=["Glean"])
PART_NAMES = ("files", "files[]")
PIECE = 256 * 1024  # bytes
PATIENCE = 1.5  # seconds that an upload waits for its files to be read
Uploader = Annotated[Caller, Depends(caller(Scope.CHAT, endpoint=EndpointClass.UPLOAD))]
UPLOAD_PATH = "/rest/api/v1/uploadchatfiles"
FileId = Annotated[Name, Path(description="The file's id.")]
FILES = {"required": True, "content": content("multipart/form-data", UploadChatFilesForm)}


@router.post(
    "/uploadchatfiles",
    summary="Upload files to ask about",
    responses={
        200: {"model": UploadChatFilesResponse},
        **errors("CHAT", s413="Larger than one upload may be."),
    },
    openapi_extra={"requestBody": FILES},
)
async def upload_chat_files(
    request: Request, runtime: Opened, principal: Uploader, locale: Language
) -> Response:
    owner = owner_of(principal)
    most = runtime.settings.chat_files_per_upload
    async with request.form(max_files=most, max_fields=10) as form:
        taken = await runtime.uploads.take(owner, [_upload(file) for file in _parts(form)])
    ids = [file.id for file in taken]
    found = await runtime.uploads.find(owner, ids, PATIENCE)
    return json({"files": [wire.file_json(file) for file in found]})


def _parts(form: FormData) -> list[UploadFile]:
    parts = [part for name in PART_NAMES for part in form.getlist(name)]
    files = [part for part in parts if isinstance(part, UploadFile)]
    if not files:
        raise InvalidRequest(
            "Send the files as multipart/form-data, in parts called files, each with a filename."
        )
    return files


def _upload(file: UploadFile) -> Upload:
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    kind = (file.content_type or "").strip()
    return Upload(name, kind, file.size or 0, _pieces(file))


async def _pieces(file: UploadFile) -> AsyncIterator[bytes]:
    while piece := await file.read(PIECE):
        yield piece


@router.post(
    "/getchatfiles",
    summary="Uploaded files, and how far each has been read",
    responses={200: {"model": GetChatFilesResponse}, **errors("CHAT")},
    openapi_extra=documented(ChatFilesRequest),
)
async def get_chat_files(
    runtime: Opened,
    principal: ChatCaller,
    body: Annotated[ChatFilesRequest, Depends(json_body(ChatFilesRequest))],
    locale: Language,
) -> Response:
    found = await runtime.uploads.find(owner_of(principal), body.file_ids)
    return json({"files": {file.id: wire.file_json(file) for file in found}})


@router.post(
    "/deletechatfiles",
    summary="Delete uploaded files; answers may no longer rest on them",
    responses={
        200: {"description": "Nothing; files that are not there are no error."},
        **errors("CHAT"),
    },
    openapi_extra=documented(ChatFilesRequest),
)
async def delete_chat_files(
    runtime: Opened,
    principal: ChatCaller,
    body: Annotated[ChatFilesRequest, Depends(json_body(ChatFilesRequest))],
    locale: Language,
) -> Response:
    await runtime.uploads.delete(owner_of(principal), body.file_ids)
    return Response()


@router.get(
    "/chat-files/{fileId}",
    summary="The bytes of an uploaded file; as a preview, the text that was read from it",
    responses={
        200: {
            "content": content("application/octet-stream", ChatFileContent),
            "description": "The file.",
        },
        **errors("CHAT", s404="There is no such file, or it is not yours."),
    },
)
async def get_chat_file(
    runtime: Opened,
    principal: ChatCaller,
    fileId: FileId,  # noqa: N803 - as Glean calls it
    preview: Annotated[bool, Query(description="The text instead, once it was read.")] = False,
) -> Response:
    owner = owner_of(principal)
    found = await runtime.uploads.find(owner, [fileId])
    if not found:
        raise NotFound(NO_SUCH_FILE)
    headers = {"Content-Disposition": _attachment(found[0].name)}
    if preview and found[0].is_readable:
        text = await files.text_of(runtime, principal, found[0])
        return Response(text.encode(), headers=headers, media_type="application/octet-stream")
    pieces = await runtime.uploads.content(owner, fileId)
    headers["Content-Length"] = str(found[0].size)
    return StreamingResponse(pieces, headers=headers, media_type="application/octet-stream")


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{urllib.parse.quote(name, safe='')}"
