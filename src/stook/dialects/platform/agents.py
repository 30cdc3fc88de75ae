"""The agents of the Platform API: list, describe, run within the request."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NoReturn

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field, StrictBool
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from stook.application import agents
from stook.application.agents import Run
from stook.conversation.events import Turn
from stook.dialects import bounds, resuming
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
from stook.dialects.bounds import Json, Name
from stook.dialects.dialect import Problem
from stook.dialects.languages import wanted_locale
from stook.dialects.platform.problems import CODES, WrongParameter, render_problem, request_id
from stook.dialects.platform.shapes import Request, Text, json, problems
from stook.errors import NotFound
from stook.identity.principals import Caller, Scope
from stook.rates import EndpointClass
from stook.understanding.question import Author

router = APIRouter(prefix="/agents", tags=["Glean Platform"])
RunId = Annotated[Name, Path(description="The run's id.")]
AgentId = Annotated[Name, Path(description="One of those that agents/search gives.")]
RUN = "platform run"
AgentCaller = Annotated[Caller, Depends(caller(Scope.AGENTS))]
AgentRunner = Annotated[Caller, Depends(caller(Scope.AGENTS, endpoint=EndpointClass.AGENTS))]


class AgentsSearchRequest(Request):
    """A part of the name; nothing: all."""

    name: Name | None = None


class MessageBlock(Request):
    text: bounds.Text
    type: Literal["text"] = "text"


class RunMessage(Request):
    role: Literal["USER", "GLEAN_AI", "ASSISTANT"]
    content: Annotated[list[MessageBlock], Field(min_length=1), bounds.SOME]

    @property
    def text(self) -> str:
        return "".join(block.text for block in self.content)


class AgentRunCreateRequest(Request):
    """Fields for an agent with a form, or messages (oldest first) for one that converses."""

    input: Json | None = None
    messages: Annotated[list[RunMessage], Field(min_length=1), bounds.SOME] | None = None
    metadata: Json | None = None
    stream: StrictBool = False
    execution_mode: Literal["REQUEST_BOUND", "DURABLE"] = "REQUEST_BOUND"


class RunCancellationRequest(Request):
    """The run to cancel."""

    run_id: Text


class ApprovalDecision(Request):
    interaction_id: Text
    decision: Literal["APPROVE", "REJECT"]


class RunResponsesRequest(Request):
    """Decisions that a run waits for."""

    run_id: Text
    responses: Annotated[list[ApprovalDecision], Field(min_length=1), bounds.FEW]


# --- answers, for the description --------------------------------------------------------------


class PlatformAgent(BaseModel):
    agent_id: str
    name: str
    description: str
    metadata: dict[str, Any]
    capabilities: dict[str, bool]


class AgentsSearchResponse(BaseModel):
    agents: list[PlatformAgent]
    request_id: str


class AgentGetResponse(BaseModel):
    agent: PlatformAgent
    request_id: str


class AgentSchemasResponse(BaseModel):
    agent_id: str
    name: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    tools: list[dict[str, Any]]
    request_id: str


class PlatformRun(BaseModel):
    agent_id: str
    status: Literal["success", "error"]
    input: dict[str, Any] | None = None
    messages: list[RunMessage] | None = None
    metadata: dict[str, Any] | None = None


class AgentRunResponse(BaseModel):
    run: PlatformRun
    messages: list[RunMessage]
    request_id: str


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
    principal.require(Scope.CHAT)
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
    rendering = RunStream(_failure) if body.stream else _whole(agent_id, body)
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
    principal: AgentCaller,
    agent_id: AgentId,
    run_id: resuming.TurnId,
    after: resuming.After = 0,
    last_event_id: resuming.LastEventId = None,
) -> AnswerResponse:
    principal.require(Scope.CHAT)
    seen = resuming.pieces_seen(after, last_event_id)
    stream = await resuming.follow(runtime, principal, RUN, run_id)
    if stream.label["agent_id"] != agent_id:
        _no_such_run(agent_id)
    rendering = resuming.Resumed(RunStream(_failure), seen, FRAME_END)
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


def _failure(found: Problem) -> tuple[str, object]:
    code = CODES.get(found.status, "internal_error")
    return "run.failed", {"error": {"code": code, "message": found.message}}


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


REQUESTS = (
    AgentsSearchRequest,
    AgentRunCreateRequest,
    RunCancellationRequest,
    RunResponsesRequest,
    RunEvents,
)
