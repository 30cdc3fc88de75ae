"""The agents of Glean's Client API (in snake case): list, describe, run."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from stook.application import agents
from stook.application.agents import Run
from stook.conversation.events import Turn
from stook.dialects import resuming
from stook.dialects.access import Opened, caller
from stook.dialects.agent_runs import (
    FRAME_END,
    RunEvents,
    RunStream,
    WholeRun,
    agent_json,
    schemas_json,
)
from stook.dialects.answering import AnswerResponse
from stook.dialects.bodies import content, documented, json_body, validated_json
from stook.dialects.bounds import Name
from stook.dialects.dialect import Problem
from stook.dialects.glean.endpoints.shared import Language
from stook.dialects.glean.errors import NOT_THERE, AgentError, JsonErrors, errors, render_problem
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.agents import AgentMessage, AgentRunCreate, SearchAgentsRequest
from stook.dialects.glean.requests.fields import DAY
from stook.dialects.glean.responses.agents import (
    AgentDescription,
    AgentRunWaitResponse,
    AgentSchemas,
    SearchAgentsResponse,
)
from stook.errors import InvalidRequest
from stook.identity.principals import Caller, Scope
from stook.rates import EndpointClass
from stook.runtime import Runtime
from stook.understanding.question import Author

router = APIRouter(prefix="/agents", tags=["Glean"], route_class=JsonErrors)
AgentId = Annotated[Name, Path(description="One of those that agents/search gives.")]
RUN = "glean run"
AgentCaller = Annotated[Caller, Depends(caller(Scope.AGENTS))]
Follower = Annotated[Caller, Depends(caller(Scope.AGENTS, also=Scope.CHAT))]
AgentRunner = Annotated[
    Caller, Depends(caller(Scope.AGENTS, also=Scope.CHAT, endpoint=EndpointClass.AGENTS))
]
ZoneOffset = Annotated[
    int | None,
    Query(alias="timezoneOffset", gt=-DAY, lt=DAY, description="Minutes from UTC."),
]


@router.post(
    "/search",
    summary="Agents by a part of their name",
    responses={200: {"model": SearchAgentsResponse}, **errors("AGENTS")},
    openapi_extra=documented(SearchAgentsRequest, required=False),
)
async def search_agents(request: Request, principal: AgentCaller) -> Response:
    raw = await request.body()
    body = validated_json(SearchAgentsRequest, raw if raw.strip() else b"{}")
    return json({"agents": [agent_json(agent) for agent in agents.named_like(body.name)]})


@router.get(
    "/{agent_id}",
    summary="An agent",
    responses={200: {"model": AgentDescription}, **errors("AGENTS"), **NOT_THERE},
)
async def get_agent(principal: AgentCaller, agent_id: AgentId) -> Response:
    return json(agent_json(agents.by_id(agent_id)))


@router.get(
    "/{agent_id}/schemas",
    summary="What an agent takes and gives",
    responses={200: {"model": AgentSchemas}, **errors("AGENTS"), **NOT_THERE},
)
async def get_schemas(principal: AgentCaller, agent_id: AgentId) -> Response:
    return json(schemas_json(agents.by_id(agent_id)))


@router.post(
    "/runs/wait",
    summary="Run an agent and wait for what it says",
    responses={200: {"model": AgentRunWaitResponse}, **errors("AGENTS and CHAT"), **NOT_THERE},
    openapi_extra=documented(AgentRunCreate),
)
async def run_and_wait(
    runtime: Opened,
    principal: AgentRunner,
    body: Annotated[AgentRunCreate, Depends(json_body(AgentRunCreate))],
    locale: Language,
    offset: ZoneOffset = None,
) -> AnswerResponse:
    def envelope(status: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
        run = body.model_dump(mode="json", exclude_none=True) | {"status": status}
        return {"run": run, "messages": messages}

    return await _running(runtime, principal, body, WholeRun(envelope), offset, locale)


@router.post(
    "/runs/stream",
    summary="Run an agent and hear what it says as it comes",
    responses={
        200: {
            "content": content("text/event-stream", RunEvents),
            "description": "Events called message; the pieces of text are to be joined.",
        },
        **errors("AGENTS and CHAT"),
        **NOT_THERE,
    },
    openapi_extra=documented(AgentRunCreate),
)
async def run_and_stream(
    request: Request,
    runtime: Opened,
    principal: AgentRunner,
    body: Annotated[AgentRunCreate, Depends(json_body(AgentRunCreate))],
    locale: Language,
    offset: ZoneOffset = None,
) -> AnswerResponse:
    comes_back = resuming.is_wanted(request)
    return await _running(runtime, principal, body, RunStream(_failure), offset, locale, comes_back)


@router.get(
    "/runs/{run_id}/events",
    summary="The events of a streamed run, again",
    description="Stook's own. A run that was asked for with the header X-Stook-Resumable: true "
    "goes on without its client, which gets the events behind Last-Event-ID (or after=) here. "
    "The header X-Stook-Turn of the first response has the id.",
    responses={
        200: {"content": content("text/event-stream", RunEvents)},
        **errors("AGENTS and CHAT"),
        404: {"model": AgentError, "description": "There is no such run, or it is not yours."},
    },
)
async def resume_run(
    runtime: Opened,
    principal: Follower,
    run_id: resuming.TurnId,
    after: resuming.After = 0,
    last_event_id: resuming.LastEventId = None,
) -> AnswerResponse:
    seen = resuming.pieces_seen(after, last_event_id)
    stream = await resuming.follow(runtime, principal, RUN, run_id)
    rendering = resuming.Resumed(RunStream(_failure), seen, FRAME_END)
    return AnswerResponse(render_problem, stream.events, rendering, headers=resuming.naming(stream))


def _failure(found: Problem) -> tuple[str, object]:
    return "error", {"message": found.message}


async def _running(
    runtime: Runtime,
    principal: Caller,
    body: AgentRunCreate,
    rendering: WholeRun | RunStream,
    offset: int | None,
    locale: str,
    comes_back: bool = False,
) -> AnswerResponse:
    agent = agents.by_id(body.agent_id)
    turns = tuple(_turn(message) for message in body.messages)
    label = resuming.labelled(RUN) if comes_back else None
    run = Run(runtime, principal, body.input or {}, turns, offset, locale, label)
    stream = await agent.start(run)
    headers = resuming.naming(stream)
    return AnswerResponse(
        render_problem, stream.events, rendering, headers=headers, language=locale
    )


def _turn(message: AgentMessage) -> Turn:
    role = (message.role or "USER").upper()
    if role not in ("USER", "GLEAN_AI", "ASSISTANT"):
        raise InvalidRequest("messages: a role is USER or GLEAN_AI.")
    return Turn(Author.USER if role == "USER" else Author.ASSISTANT, message.text)
