"""The caller's chats."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from stook.application import chats as service
from stook.application.chats import Sharing
from stook.application.exporting import as_markdown
from stook.dialects import cursors
from stook.dialects.access import Opened, owner_of
from stook.dialects.bodies import content, documented, json_body
from stook.dialects.bounds import Line, Name
from stook.dialects.stook.access import Reader
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import chat_detail_json, chat_json, json, sharing_json
from stook.dialects.stook.requests import ChangeChatRequest, ShareChatRequest
from stook.dialects.stook.responses import (
    ChatDetail,
    ChatPage,
    ChatSharing,
    ChatSummary,
    DeletedChats,
    FileText,
)
from stook.errors import NotFound

router = APIRouter(tags=["Stook"])
MARKDOWN = "text/markdown"
PAGE, MOST_PINNED, MOST_SHARED = 50, 100, 100
ChatId = Annotated[Name, Path(description="The chat's id.")]
Words = Annotated[
    str, Query(max_length=200, description="Words of the title, or of questions in it.")
]
Format = Annotated[
    Literal["markdown", "json"], Query(alias="format", description="What it is to be written as.")
]
Cursor = Annotated[Line | None, Query(description="What the page before said.")]


@router.get(
    "/chats", summary="The caller's chats, newest first", responses={200: {"model": ChatPage}}
)
async def list_chats(
    runtime: Opened, principal: Reader, query: Words = "", cursor: Cursor = None
) -> Response:
    owner, before = owner_of(principal), _place(cursor) if cursor else None
    listed = await service.find(runtime, owner, query, before, PAGE)
    is_first = not (query or before)
    pinned = await service.pinned(runtime, owner, MOST_PINNED) if is_first else []
    shared = await service.shared_with(runtime, owner, MOST_SHARED) if is_first else []
    return json(
        {
            "chats": [chat_json(chat) for chat in listed.chats],
            "pinned": [chat_json(chat) for chat in pinned],
            "shared": [chat_json(chat) for chat in shared],
            "next_cursor": "{}.{}".format(*listed.next) if listed.next else None,
        }
    )


def _place(cursor: str) -> service.Place:
    """Where a page begins; raises InvalidCursor."""
    parts = cursor.split(".")
    if len(parts) != 2 or not all(p.isascii() and p.isdigit() and len(p) < 19 for p in parts):
        raise cursors.InvalidCursor
    return int(parts[0]), int(parts[1])


@router.get(
    "/chats/{chat_id}",
    summary="A chat with its messages",
    responses={200: {"model": ChatDetail}, **problems(404)},
)
async def get_chat(runtime: Opened, principal: Reader, chat_id: ChatId) -> Response:
    owner_of(principal)
    return json(chat_detail_json(await service.read(runtime, principal, chat_id)))


@router.get(
    "/chats/{chat_id}/export",
    summary="A chat as a file: Markdown with its sources, or JSON",
    responses={
        200: {"model": ChatDetail, "content": content(MARKDOWN, FileText)},
        **problems(404),
    },
)
async def export_chat(
    runtime: Opened, principal: Reader, chat_id: ChatId, written: Format = "markdown"
) -> Response:
    owner_of(principal)
    found = await service.read(runtime, principal, chat_id)
    if written == "json":
        response = json(chat_detail_json(found))
    else:
        response = Response(as_markdown(found), media_type=MARKDOWN)
    ending = "json" if written == "json" else "md"
    response.headers["Content-Disposition"] = f'attachment; filename="chat.{ending}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get(
    "/chats/{chat_id}/sharing",
    summary="Whom the caller shows a chat to",
    responses={200: {"model": ChatSharing}, **problems(404)},
)
async def get_sharing(runtime: Opened, principal: Reader, chat_id: ChatId) -> Response:
    return json(sharing_json(await service.sharing_of(runtime, owner_of(principal), chat_id)))


@router.put(
    "/chats/{chat_id}/sharing",
    summary="Show a chat to these and nobody else; each sees only what they may see themselves",
    responses={200: {"model": ChatSharing}, **problems(404)},
    openapi_extra=documented(ShareChatRequest),
)
async def share_chat(
    runtime: Opened,
    principal: Reader,
    chat_id: ChatId,
    body: Annotated[ShareChatRequest, Depends(json_body(ShareChatRequest))],
) -> Response:
    wanted = Sharing(body.everyone, tuple(body.people))
    return json(sharing_json(await service.share(runtime, owner_of(principal), chat_id, wanted)))


@router.patch(
    "/chats/{chat_id}",
    summary="Rename a chat, pin it or let it go",
    responses={200: {"model": ChatSummary}, **problems(404)},
    openapi_extra=documented(ChangeChatRequest),
)
async def change_chat(
    runtime: Opened,
    principal: Reader,
    chat_id: ChatId,
    body: Annotated[ChangeChatRequest, Depends(json_body(ChangeChatRequest))],
) -> Response:
    wanted = service.Change(body.title, body.pinned)
    changed = await service.change(runtime, owner_of(principal), chat_id, wanted)
    return json(chat_json(changed))


@router.delete(
    "/chats/{chat_id}",
    summary="Delete a chat",
    responses={200: {"model": DeletedChats}, **problems(404)},
)
async def delete_chat(runtime: Opened, principal: Reader, chat_id: ChatId) -> Response:
    deleted = await service.delete(runtime, owner_of(principal), [chat_id])
    if not deleted:
        raise NotFound(service.NO_SUCH_CHAT)
    return json({"deleted": deleted})


@router.delete(
    "/chats", summary="Delete all of the caller's chats", responses={200: {"model": DeletedChats}}
)
async def delete_chats(runtime: Opened, principal: Reader) -> Response:
    return json({"deleted": await service.delete_all(runtime, owner_of(principal))})
