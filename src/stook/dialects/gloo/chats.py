"""/ai/v1/chat and /ai/v1/chats: stored chats."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from stook.conversation.chats import disclosure, repository
from stook.dialects.access import ChatCaller, Opened, owner_of
from stook.dialects.bodies import documented, json_body, json_object
from stook.dialects.bounds import Name
from stook.dialects.gloo import served, wire
from stook.dialects.gloo.dialect import ERRORS
from stook.dialects.gloo.models import ChangedChat, ChatChange, DeletedChat, GlooChat, GlooChats
from stook.errors import NotFound
from stook.knowledge.intake import publishers

router = APIRouter(prefix="/ai/v1", tags=["Gloo"])
MOST_CHATS = 100_000
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
    owner, read = owner_of(principal), runtime.database.read
    identifier = wire.chat_identifier(chat_id)
    found = await read(repository.find, owner, identifier)
    messages = await read(disclosure.history, principal, identifier)
    shown, model = await read(publishers.names), served.usual(runtime.settings).id
    return wire.json(
        {
            "user_id": wire.user_identifier(owner),
            **wire.chat_entry(found),
            "messages": wire.messages_json(messages, shown, model),
            "summary": found.summary,
        }
    )


@router.get(
    "/chats",
    summary="The caller's chats, newest first",
    responses={200: {"model": GlooChats, "description": "The chats."}},
)
async def list_chats(runtime: Opened, principal: ChatCaller) -> Response:
    chats = await runtime.database.read(
        repository.list_newest, owner_of(principal), limit=MOST_CHATS
    )
    return wire.json({"chats": [wire.chat_entry(found) for found in chats]})


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
    kept = await runtime.database.write(_change, owner, identifier, chat_field, value)
    chat = wire.prefixed(wire.CHAT, identifier)
    return wire.json({"chat_id": chat, "field": chat_field, "value": kept})


def _change(connection: sa.Connection, owner: str, chat: str, field: Field, value: Any) -> Any:
    """Store a value; returns it as it is stored. Raises Unprocessable and NotFound."""
    if field == "pin":
        if value not in (True, False):  # 1 and 0 are equal to them
            raise wire.Unprocessable("new_value: pin is true or false.")
        repository.pin(connection, owner, chat, bool(value))
        return bool(value)
    if field == "title":
        if not isinstance(value, str) or not value.strip():
            raise wire.Unprocessable("new_value: a title is a text that is not empty.")
        repository.rename(connection, owner, chat, value)
        return repository.find(connection, owner, chat).title
    if value is not None and not isinstance(value, str):
        raise wire.Unprocessable("new_value: a summary is a text, or null for none.")
    repository.summarise(connection, owner, chat, value)
    return value


@router.delete("/chat", summary="Delete a chat", responses={200: {"model": DeletedChat}, **ERRORS})
async def delete_chat(
    request: Request, runtime: Opened, principal: ChatCaller, chat_id: MaybeChatId = None
) -> Response:
    given = chat_id or (await json_object(request)).get("chat_id")
    if not isinstance(given, str):
        raise wire.missing("chat_id")
    identifier = wire.chat_identifier(given)
    if not await runtime.database.write(repository.delete, owner_of(principal), [identifier]):
        raise NotFound(repository.NO_SUCH_CHAT)
    return wire.json({"deleted": True, "chat_id": wire.prefixed(wire.CHAT, identifier)})
