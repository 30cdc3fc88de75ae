"""POST /api/chat and PATCH /api/chats/{chat_id}."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request
from starlette.responses import Response

from stook.application import chats
from stook.application.asking import checked_question, local_time
from stook.conversation.events import Ask, Turn
from stook.dialects import resuming
from stook.dialects.access import Asker, ChatCaller, Opened, owner_of
from stook.dialects.agent_runs import FRAME_END
from stook.dialects.answering import AnswerResponse
from stook.dialects.bodies import content, documented, json_body
from stook.dialects.bounds import Name
from stook.dialects.languages import wanted_locale
from stook.dialects.platform.errors import (
    Unprocessable,
    WrongParameter,
    problems,
    render_problem,
    request_id,
)
from stook.dialects.platform.rendering import RESPONSE, EventStream, Reply, WholeResponse, json
from stook.dialects.platform.requests import (
    ChatCreateRequest,
    ChatUpdateRequest,
    InputMessage,
    JsonSchemaFormat,
)
from stook.dialects.platform.responses import (
    CancelledResponse,
    ChatEvents,
    ChatUpdateResponse,
    PlatformChatResponse,
)
from stook.errors import NotFound
from stook.identity.principals import Principal
from stook.runtime import Runtime
from stook.understanding.question import Author

router = APIRouter(tags=["Glean Platform"])
CHAT = "platform chat"
ResponseId = Annotated[Name, Path(description="The id of the streamed response.")]


@router.post(
    "/chat",
    summary="Ask, in a conversation",
    responses={
        200: {
            "model": PlatformChatResponse,
            "content": content("text/event-stream", ChatEvents),
            "description": "The answer; streamed, events of which the last holds it.",
        },
        **problems(404, 408, 422),
    },
    openapi_extra=documented(ChatCreateRequest),
)
async def create_chat(
    request: Request,
    runtime: Opened,
    principal: Asker,
    body: Annotated[ChatCreateRequest, Depends(json_body(ChatCreateRequest))],
) -> AnswerResponse:
    _check(body)
    language = wanted_locale(None, request.headers.get("accept-language"))
    ask = _ask(runtime, principal, body, language)
    reply = Reply(body.store, request_id())
    if not body.stream:
        return AnswerResponse(render_problem, runtime.turns.answer(ask), WholeResponse(reply))
    if not (body.store or resuming.is_wanted(request)):
        return AnswerResponse(render_problem, runtime.turns.answer(ask), EventStream(reply))
    stream = runtime.turns.start(ask, resuming.labelled(CHAT, store=body.store))
    headers = resuming.naming(stream)
    return AnswerResponse(render_problem, stream.events, EventStream(reply), headers=headers)


@router.get(
    "/chat/responses/{response_id}/events",
    summary="The events of a streamed response, again",
    description="Stook's own. A response that is stored goes on without its client, which gets "
    "the events behind Last-Event-ID (or after=) here, on any server, until some minutes after "
    "its end.",
    responses={
        200: {"content": content("text/event-stream", ChatEvents)},
        **problems(404),
    },
)
async def resume_chat(
    runtime: Opened,
    principal: ChatCaller,
    response_id: ResponseId,
    after: resuming.After = 0,
    last_event_id: resuming.LastEventId = None,
) -> AnswerResponse:
    seen = resuming.pieces_seen(after, last_event_id)
    turn_id = response_id.removeprefix(RESPONSE)
    stream = await resuming.follow(runtime, principal, CHAT, turn_id)
    reply = Reply(bool(stream.label["store"]), request_id())
    rendering = resuming.Resumed(EventStream(reply), seen, FRAME_END)
    return AnswerResponse(render_problem, stream.events, rendering, headers=resuming.naming(stream))


@router.post(
    "/chat/responses/{response_id}/cancel",
    summary="Stop a response that is being written",
    description="Stook's own. What was written and cited until then stays in a stored chat.",
    responses={200: {"model": CancelledResponse}, **problems(404)},
)
async def cancel_chat(runtime: Opened, principal: ChatCaller, response_id: ResponseId) -> Response:
    if not await resuming.stop(runtime, principal, response_id.removeprefix(RESPONSE)):
        raise NotFound("No such response of yours is being written.")
    return json({"id": response_id, "object": "RESPONSE", "status": "CANCELLED"})


def _check(body: ChatCreateRequest) -> None:
    """Rules that hold between fields."""
    if body.conversation_id is not None and not body.store:
        raise WrongParameter("/conversation_id", "A stored conversation needs store: true.")
    if body.conversation_id is not None and not isinstance(body.input, str):
        raise WrongParameter(
            "/conversation_id", "With conversation_id, input is the new question only, as text."
        )
    if not isinstance(body.input, str) and body.input[-1].role != "USER":
        at = len(body.input) - 1
        raise WrongParameter(f"/input/{at}/role", "The last message must be the user's.")
    if isinstance(body.text.format, JsonSchemaFormat):
        raise Unprocessable(
            "Answers here are the documents' own words and cannot be made to fit a JSON Schema; "
            "ask for the format TEXT."
        )


def _ask(runtime: Runtime, principal: Principal, body: ChatCreateRequest, language: str) -> Ask:
    turns = (
        [InputMessage(role="USER", content=body.input)]
        if isinstance(body.input, str)
        else (body.input)
    )
    history = [
        Turn(Author.USER if turn.role == "USER" else Author.ASSISTANT, turn.content)
        for turn in turns[:-1]
    ]
    return Ask(
        principal=principal,
        question=checked_question(turns[-1].content, runtime.settings),
        now=local_time(None),
        history=tuple(history),
        chat_id=body.conversation_id,
        save=body.store,
        locale=language,
        suggest=False,
    )


@router.patch(
    "/chats/{chat_id}",
    summary="Rename a chat",
    responses={200: {"model": ChatUpdateResponse}, **problems(404)},
    openapi_extra=documented(ChatUpdateRequest),
)
async def rename_chat(
    runtime: Opened,
    principal: ChatCaller,
    chat_id: Annotated[Name, Path(description="The chat's id.")],
    body: Annotated[ChatUpdateRequest, Depends(json_body(ChatUpdateRequest))],
) -> Response:
    name = " ".join(body.name.split())
    if not name:
        raise WrongParameter("/name", "The name is empty.")
    renamed = await chats.change(runtime, owner_of(principal), chat_id, chats.Change(title=name))
    return json({"chat": {"chat_id": chat_id, "name": renamed.title}})
