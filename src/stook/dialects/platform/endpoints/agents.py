"""The agents of the Platform API: list, describe, run within the request."""

from __future__ import annotations

from typing import Annotated, Any, NoReturn

from fastapi import APIRouter, Depends, Path
from starlette.requests import Request as HttpRequest
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
from stook.dialects.languages import wanted_locale
from stook.dialects.platform.errors import (
    WrongParameter,
    problems,
    render_problem,
    request_id,
)
from stook.dialects.platform.rendering import json, run_failure
from stook.dialects.platform.requests import (
    AgentRunCreateRequest,
    AgentsSearchRequest,
    RunCancellationRequest,
    RunMessage,
    RunResponsesRequest,
)
from stook.dialects.platform.responses import (
    AgentGetResponse,
    AgentRunResponse,
    AgentSchemasResponse,
    AgentsSearchResponse,
)
from stook.errors import NotFound
from stook.identity.principals import Caller, Scope
from stook.rates import EndpointClass
from stook.understanding.question import Author

router = APIRouter(prefix="/agents", tags=["Glean Platform"])
RunId = Annotated[Name, Path(description="The run's id.")]
AgentId = Annotated[Name, Path(description="One of those that agents/search gives.")]
RUN = "platform run"
AgentCaller = Annotated[Caller, Depends(caller(Scope.AGENTS))]
Follower = Annotated[Caller, Depends(caller(Scope.AGENTS, also=Scope.CHAT))]
AgentRunner = Annotated[
    Caller, Depends(caller(Scope.AGENTS, also=Scope.CHAT, endpoint=EndpointClass.AGENTS))
]


@router.post(
    "/search",
    summary="Agents by a part of their name",
    responses={200: {"model": AgentsSearchResponse}, **problems()},
    openapi_extra=documented(AgentsSearchRequest, required=False),
)
async def search_agents(request: HttpRequest, principal: AgentCaller) -> Response:
    raw = await request.body()
    body = validated_json(AgentsSearchRequest, raw if raw.strip() else b"{}")
    return json({"agents": [agent_json(agent) for agent in agents.named_like(body.name)]})


@router.get(
    "/{agent_id}",
    summary="An agent",
    responses={200: {"model": AgentGetResponse}, **problems(404)},
)
async def get_agent(principal: AgentCaller, agent_id: AgentId) -> Response:
    return json({"agent": agent_json(agents.by_id(agent_id))})


@router.get(
    "/{agent_id}/schemas",
    summary="What an agent takes and gives",
    responses={200: {"model": AgentSchemasResponse}, **problems(404)},
)
async def get_schemas(principal: AgentCaller, agent_id: AgentId) -> Response:
    return json(schemas_json(agents.by_id(agent_id)))


@router.post(
    "/{agent_id}/runs",
    summary="Run an agent",
    responses={
        200: {
            "model": AgentRunResponse,
            "content": content("text/event-stream", RunEvents),
            "description": "What it says; streamed, events called message whose texts are joined.",
        },
        **problems(404),
    },
    openapi_extra=documented(AgentRunCreateRequest),
)
async def create_run(
    request: HttpRequest,
    runtime: Opened,
    principal: AgentRunner,
    agent_id: AgentId,
    body: Annotated[AgentRunCreateRequest, Depends(json_body(AgentRunCreateRequest))],
) -> AnswerResponse:
    agent = agents.by_id(agent_id)
    if body.execution_mode == "DURABLE":
        raise WrongParameter(
            "/execution_mode",
            "This server runs agents within the request; send REQUEST_BOUND, or nothing.",
        )
    turns = tuple(_turn(message) for message in body.messages or ())
    comes_back = body.stream and resuming.is_wanted(request)
    label = resuming.labelled(RUN, agent_id=agent_id) if comes_back else None
    language = wanted_locale(None, request.headers.get("accept-language"))
    run = Run(runtime, principal, body.input or {}, turns, locale=language, label=label)
    rendering = RunStream(run_failure) if body.stream else _whole(agent_id, body)
    stream = await agent.start(run)
    return AnswerResponse(render_problem, stream.events, rendering, headers=resuming.naming(stream))


@router.get(
    "/{agent_id}/runs/{run_id}/events",
    summary="The events of a streamed run, again",
    description="Stook's own. A run that was asked for with the header X-Stook-Resumable: true "
    "goes on without its client, which gets the events behind Last-Event-ID (or after=) here. "
    "The header X-Stook-Turn of the first response has the id.",
    responses={
        200: {"content": content("text/event-stream", RunEvents)},
        **problems(404),
    },
)
async def resume_run(
    runtime: Opened,
    principal: Follower,
    agent_id: AgentId,
    run_id: resuming.TurnId,
    after: resuming.After = 0,
    last_event_id: resuming.LastEventId = None,
) -> AnswerResponse:
    seen = resuming.pieces_seen(after, last_event_id)
    stream = await resuming.follow(runtime, principal, RUN, run_id)
    if stream.label["agent_id"] != agent_id:
        _no_such_run(agent_id)
    rendering = resuming.Resumed(RunStream(run_failure), seen, FRAME_END)
    return AnswerResponse(render_problem, stream.events, rendering, headers=resuming.naming(stream))


def _turn(message: RunMessage) -> Turn:
    return Turn(Author.USER if message.role == "USER" else Author.ASSISTANT, message.text)


def _whole(agent_id: str, body: AgentRunCreateRequest) -> WholeRun:
    given = body.model_dump(exclude_none=True, include={"input", "messages", "metadata"})
    number = request_id()

    def envelope(status: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
        run = {"agent_id": agent_id, "status": status, **given}
        return {"run": run, "messages": messages, "request_id": number}

    return WholeRun(envelope)


@router.get(
    "/{agent_id}/runs/{run_id}",
    summary="A durable run; this server keeps none",
    status_code=404,
    responses=problems(404),
)
async def get_run(principal: AgentCaller, agent_id: AgentId, run_id: RunId) -> Response:
    _no_such_run(agent_id)


@router.post(
    "/{agent_id}/cancellations",
    summary="Cancel a durable run; this server keeps none",
    status_code=404,
    responses=problems(404),
    openapi_extra=documented(RunCancellationRequest),
)
async def cancel_run(
    principal: AgentCaller,
    agent_id: AgentId,
    body: Annotated[RunCancellationRequest, Depends(json_body(RunCancellationRequest))],
) -> Response:
    _no_such_run(agent_id)


@router.post(
    "/{agent_id}/responses",
    summary="Decide what a durable run waits for; this server keeps none",
    status_code=404,
    responses=problems(404),
    openapi_extra=documented(RunResponsesRequest),
)
async def respond_to_run(
    principal: AgentCaller,
    agent_id: AgentId,
    body: Annotated[RunResponsesRequest, Depends(json_body(RunResponsesRequest))],
) -> Response:
    _no_such_run(agent_id)


def _no_such_run(agent_id: AgentId) -> NoReturn:
    agents.by_id(agent_id)
    raise NotFound("There is no such run: runs end with the request that began them.")
