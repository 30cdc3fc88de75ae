"""/ai/v1/chat and /ai/v1/chats: stored chats."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from stook.application import chats, models, publishers
from stook.dialects.access import ChatCaller, Opened, owner_of
from stook.dialects.bodies import documented, json_body, json_object
from stook.dialects.bounds import Name
from stook.dialects.gloo import errors
from stook.dialects.gloo.errors import ERRORS
from stook.dialects.gloo.rendering import wire
from stook.dialects.gloo.requests.messages import ChatChange
from stook.dialects.gloo.responses.messages import ChangedChat, DeletedChat, GlooChat, GlooChats
from stook.errors import NotFound
from stook.runtime import Runtime

router = APIRouter(prefix="/ai/v1", tags=["Gloo"])
ChatId = Annotated[Name, Query(description="The chat's id.")]
MaybeChatId = Annotated[
    Name | None, Query(alias="chat_id", description="The chat's id; it may stand in a body too.")
]
Field = Literal["pin", "title", "summary"]


@router.get(
    "/chat",
    summary="A chat with its messages, oldest first",
    responses={200: {"model": GlooChat}, **ERRORS},
)
async def get_chat(runtime: Opened, principal: ChatCaller, chat_id: ChatId) -> Response:
    owner = owner_of(principal)
    found = await chats.own(runtime, principal, wire.chat_identifier(chat_id))
    shown, model = await publishers.shown_names(runtime), models.usual(runtime.settings).id
    return wire.json(
        {
            "user_id": wire.user_identifier(owner),
            **wire.chat_entry(found.chat),
            "messages": wire.messages_json(found.messages, shown, model),
            "summary": found.chat.summary,
        }
    )


@router.get(
    "/chats",
    summary="The caller's chats, newest first",
    responses={200: {"model": GlooChats, "description": "The chats."}},
)
async def list_chats(runtime: Opened, principal: ChatCaller) -> Response:
    listed = await chats.find(runtime, owner_of(principal))
    return wire.json({"chats": [wire.chat_entry(found) for found in listed.chats]})


@router.patch(
    "/chat",
    summary="Pin a chat, or change its title or summary",
    responses={200: {"model": ChangedChat}, **ERRORS},
    openapi_extra=documented(ChatChange),
)
async def change_chat(
    runtime: Opened,
    principal: ChatCaller,
    chat_id: ChatId,
    chat_field: Annotated[Field, Query(description="What is to be changed.")],
    body: Annotated[ChatChange, Depends(json_body(ChatChange))],
) -> Response:
    identifier = wire.chat_identifier(chat_id)
    owner, value = owner_of(principal), body.new_value
    kept = await _CHANGES[chat_field](runtime, owner, identifier, value)
    chat = wire.prefixed(wire.CHAT, identifier)
    return wire.json({"chat_id": chat, "field": chat_field, "value": kept})


async def _pin(runtime: Runtime, owner: str, chat: str, value: object) -> bool:
    if value not in (True, False):  # 1 and 0 are equal to them
        raise errors.Unprocessable("new_value: pin is true or false.")
    return (await chats.change(runtime, owner, chat, chats.Change(pin=bool(value)))).pinned


async def _rename(runtime: Runtime, owner: str, chat: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise errors.Unprocessable("new_value: a title is a text that is not empty.")
    return (await chats.change(runtime, owner, chat, chats.Change(title=value))).title


async def _summarise(runtime: Runtime, owner: str, chat: str, value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise errors.Unprocessable("new_value: a summary is a text, or null for none.")
    await chats.summarise(runtime, owner, chat, value)
    return value


_CHANGES: Mapping[Field, Callable[[Runtime, str, str, object], Awaitable[object]]] = {
    "pin": _pin,  # each stores a value, and returns it as it is stored
    "title": _rename,
    "summary": _summarise,
}


@router.delete("/chat", summary="Delete a chat", responses={200: {"model": DeletedChat}, **ERRORS})
async def delete_chat(
    request: Request, runtime: Opened, principal: ChatCaller, chat_id: MaybeChatId = None
) -> Response:
    given = chat_id or (await json_object(request)).get("chat_id")
    if not isinstance(given, str):
        raise errors.missing("chat_id")
    identifier = wire.chat_identifier(given)
    if not await chats.delete(runtime, owner_of(principal), [identifier]):
        raise NotFound(chats.NO_SUCH_CHAT)
    return wire.json({"deleted": True, "chat_id": wire.prefixed(wire.CHAT, identifier)})
