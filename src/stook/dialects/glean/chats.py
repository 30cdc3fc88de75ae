"""Stored chats and chat applications."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.responses import Response

from stook.conversation import applications
from stook.conversation.applications import Application
from stook.conversation.chats import disclosure, repository
from stook.conversation.chats.records import Chat
from stook.dialects.access import ChatCaller, Opened, owner_of
from stook.dialects.bodies import documented, json_body, validated_json
from stook.dialects.cursors import InvalidCursor
from stook.dialects.glean import wire
from stook.dialects.glean.file_models import GetChatApplicationRequest, GetChatApplicationResponse
from stook.dialects.glean.models import (
    DeleteChatsRequest,
    GetChatRequest,
    GetChatResponse,
    ListChatsRequest,
    ListChatsResponse,
)
from stook.dialects.glean.shapes import Language, errors, json
from stook.runtime import Runtime

router = APIRouter(tags=["Glean"])
MOST_CHATS = 100_000


@router.post(
    "/listchats",
    summary="The caller's chats, newest first; in pages if a pageSize is given",
    responses={200: {"model": ListChatsResponse}, **errors("CHAT")},
    openapi_extra=documented(ListChatsRequest, required=False),
)
async def list_chats(
    request: Request, runtime: Opened, principal: ChatCaller, locale: Language
) -> Response:
    raw = await request.body()
    body = validated_json(ListChatsRequest, raw if raw.strip() else b"{}")
    size = body.page_size or MOST_CHATS
    before = _place(body.cursor) if body.cursor else None
    owner = owner_of(principal)
    found = await runtime.database.read(repository.list_newest, owner, size + 1, before=before)
    names = await _application_names(runtime)
    results = [
        {
            "chat": wire.chat_json(chat, principal, names),
            "trackingToken": wire.tracking_token(chat.id),
        }
        for chat in found[:size]
    ]
    more = len(found) > size
    return json({"chatResults": results, "cursor": _cursor(found[size - 1]) if more else ""})


@router.post(
    "/getchat",
    summary="A chat with its messages, oldest first",
    responses={
        200: {"model": GetChatResponse},
        **errors("CHAT", s404="There is no such chat, or it is not yours."),
    },
    openapi_extra=documented(GetChatRequest),
)
async def get_chat(
    runtime: Opened,
    principal: ChatCaller,
    body: Annotated[GetChatRequest, Depends(json_body(GetChatRequest))],
    locale: Language,
) -> Response:
    found = await runtime.database.read(repository.find, owner_of(principal), body.id)
    messages = await runtime.database.read(disclosure.history, principal, body.id)
    chat_json = {
        **wire.chat_json(found, principal, await _application_names(runtime)),
        "permissions": {"grantAll": False},
        "messages": [wire.message_json(message) for message in messages],
        "roles": [],
    }
    token = wire.tracking_token(found.id)
    return json({"chatResult": {"chat": chat_json, "trackingToken": token}})


@router.post(
    "/deletechats",
    summary="Delete some of the caller's chats",
    responses={
        200: {"description": "Nothing; chats that are not there are no error."},
        **errors("CHAT"),
    },
    openapi_extra=documented(DeleteChatsRequest),
)
async def delete_chats(
    runtime: Opened,
    principal: ChatCaller,
    body: Annotated[DeleteChatsRequest, Depends(json_body(DeleteChatsRequest))],
    locale: Language,
) -> Response:
    await runtime.database.write(repository.delete, owner_of(principal), body.ids)
    return Response()


@router.post(
    "/deleteallchats",
    summary="Delete all of the caller's chats",
    responses={200: {"description": "Nothing."}, **errors("CHAT")},
)
async def delete_all_chats(runtime: Opened, principal: ChatCaller, locale: Language) -> Response:
    await runtime.database.write(repository.delete_all, owner_of(principal))
    return Response()


@router.post(
    "/getchatapplication",
    summary="A chat application that an administrator set up",
    responses={
        200: {"model": GetChatApplicationResponse},
        **errors("CHAT", s404="There is no such application."),
    },
    openapi_extra=documented(GetChatApplicationRequest),
)
async def get_chat_application(
    runtime: Opened,
    principal: ChatCaller,
    body: Annotated[GetChatApplicationRequest, Depends(json_body(GetChatApplicationRequest))],
    locale: Language,
) -> Response:
    owner_of(principal)
    found = await runtime.database.read(applications.find, body.id)
    return json({"application": _application_json(found)})


def _application_json(application: Application) -> dict[str, Any]:
    """What people may know of it; the names of what it narrows to are the administrator's."""
    own = application.definition
    return {
        "id": application.id,
        "name": application.name,
        "description": own.description,
        "iconUrl": own.icon_url,
        "instructions": own.instructions,
        "model": own.model,
        "starters": list(own.starters),
        "createTime": application.created_at // 1_000_000,
        "updateTime": application.updated_at // 1_000_000,
    }


async def _application_names(runtime: Runtime) -> dict[str, str]:
    found = await runtime.database.read(applications.list_all)
    return {application.id: application.name for application in found}


def _cursor(chat: Chat) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([chat.updated_at, chat.number])).decode()


def _place(cursor: str) -> tuple[int, int]:
    """Where a page begins; raises InvalidCursor."""
    try:
        place = orjson.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor from error
    match place:
        case [int(updated_at), int(number)] if abs(updated_at) < 2**62 and abs(number) < 2**62:
            return updated_at, number
    raise InvalidCursor


REQUESTS: tuple[type[BaseModel], ...] = (
    ListChatsRequest,
    GetChatRequest,
    DeleteChatsRequest,
    GetChatApplicationRequest,
)
