"""The agents of Glean's Client API (in snake case): list, describe, run."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.routing import APIRoute
from pydantic import Field
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
from stook.dialects.dialect import Problem, problem
from stook.dialects.glean.rendering import render_problem
from stook.dialects.glean.shapes import DAY, AsList, Language, SnakeWire, Text, errors, json
from stook.dialects.languages import of_request
from stook.errors import InvalidRequest, NotFound
from stook.identity.principals import Caller, Scope
from stook.rates import EndpointClass
from stook.runtime import Runtime
from stook.understanding.question import Author


class _JsonErrors(APIRoute):
    """Clients read the 404 of these calls as JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except NotFound as error:
                found = problem(error, of_request(request.scope))
                return json({"message": found.message}, found.status)

        return handled


router = APIRouter(prefix="/agents", tags=["Glean"], route_class=_JsonErrors)
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


class SearchAgentsRequest(SnakeWire):
    """A part of the name; nothing: all."""

    name: Text | None = None


class AgentError(SnakeWire):
    message: str


NOT_THERE: dict[int | str, dict[str, Any]] = {
    404: {"model": AgentError, "description": "There is no such agent; JSON says so."}
}


class TextBlock(SnakeWire):
    text: bounds.Text = ""
    type: Name | None = None


class AgentMessage(SnakeWire):
    role: Name | None = "USER"
    content: Annotated[list[TextBlock], bounds.SOME, AsList] = Field([])

    @property
    def text(self) -> str:
        return "".join(block.text for block in self.content)


class AgentRunCreate(SnakeWire):
    """Fields for an agent with a form, or messages (oldest first) for one that converses."""

    agent_id: Text
    input: Json | None = None
    messages: Annotated[list[AgentMessage], bounds.SOME, AsList] = Field([])
    metadata: Json | None = None


class AgentCapabilities(SnakeWire):
    messages: bool = Field(alias="ap.io.messages")
    streaming: bool = Field(alias="ap.io.streaming")


class AgentDescription(SnakeWire):
    agent_id: str
    name: str
    description: str
    metadata: dict[str, Any]
    capabilities: AgentCapabilities


class SearchAgentsResponse(SnakeWire):
    agents: list[AgentDescription]


class AgentSchemas(SnakeWire):
    agent_id: str
    name: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    tools: list[dict[str, Any]]


class AgentRun(SnakeWire):
    agent_id: str
    input: dict[str, Any] | None = None
    messages: list[AgentMessage]
    metadata: dict[str, Any] | None = None
    status: str


class AgentRunWaitResponse(SnakeWire):
    run: AgentRun
    messages: list[AgentMessage]


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


REQUESTS = (SearchAgentsRequest, AgentRunCreate, RunEvents)
