"""Stored chats and chat applications."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from stook.application import applications, chats
from stook.application.applications import Application
from stook.dialects.access import ChatCaller, Opened, owner_of
from stook.dialects.bodies import documented, json_body, validated_json
from stook.dialects.cursors import InvalidCursor
from stook.dialects.glean.endpoints.shared import Language
from stook.dialects.glean.errors import errors
from stook.dialects.glean.rendering import wire
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.chat import DeleteChatsRequest, GetChatRequest, ListChatsRequest
from stook.dialects.glean.requests.files import GetChatApplicationRequest
from stook.dialects.glean.responses.chat import GetChatResponse, ListChatsResponse
from stook.dialects.glean.responses.files import GetChatApplicationResponse

router = APIRouter(tags=["Glean"])


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
    size, before = body.page_size or chats.MOST, _place(body.cursor) if body.cursor else None
    listed = await chats.find(runtime, owner_of(principal), before=before, size=size)
    names = await applications.names(runtime)
    results = [
        {
            "chat": wire.chat_json(chat, principal, names),
            "trackingToken": wire.tracking_token(chat.id),
        }
        for chat in listed.chats
    ]
    return json({"chatResults": results, "cursor": _cursor(listed.next) if listed.next else ""})


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
    owner_of(principal)
    found = await chats.own(runtime, principal, body.id)
    chat_json = {
        **wire.chat_json(found.chat, principal, await applications.names(runtime)),
        "permissions": {"grantAll": False},
        "messages": [wire.message_json(message) for message in found.messages],
        "roles": [],
    }
    token = wire.tracking_token(found.chat.id)
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
    await chats.delete(runtime, owner_of(principal), body.ids)
    return Response()


@router.post(
    "/deleteallchats",
    summary="Delete all of the caller's chats",
    responses={200: {"description": "Nothing."}, **errors("CHAT")},
)
async def delete_all_chats(runtime: Opened, principal: ChatCaller, locale: Language) -> Response:
    await chats.delete_all(runtime, owner_of(principal))
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
    found = await applications.find(runtime, body.id)
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


def _cursor(place: chats.Place) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(place)).decode()


def _place(cursor: str) -> chats.Place:
    """Where a page begins; raises InvalidCursor."""
    try:
        place = orjson.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor from error
    match place:
        case [int(updated_at), int(number)] if abs(updated_at) < 2**62 and abs(number) < 2**62:
            return updated_at, number
    raise InvalidCursor
