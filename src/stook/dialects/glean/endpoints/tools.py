"""GET /rest/api/v1/tools/list and POST /rest/api/v1/tools/call: what Stook does anyway, as tools.

A tool does what another call does. It takes that call's scope beside TOOLS, counts against that
call's rate limit as well, and its raw response is that call's.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import orjson
from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from stook.conversation.events import Event
from stook.dialects.access import Opened, caller, counts_as
from stook.dialects.answering import AnswerResponse
from stook.dialects.bodies import documented, json_body, validated
from stook.dialects.bounds import Name
from stook.dialects.dialect import Problem
from stook.dialects.glean.endpoints.asking import Asking, wish
from stook.dialects.glean.endpoints.people import people_json
from stook.dialects.glean.endpoints.search import search_json
from stook.dialects.glean.endpoints.shared import Language
from stook.dialects.glean.errors import errors, render_problem
from stook.dialects.glean.rendering import wire
from stook.dialects.glean.rendering.chat import Reply, WholeAnswer
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.chat import ChatRequest
from stook.dialects.glean.requests.message_order import new_session
from stook.dialects.glean.requests.people import ListEntitiesRequest
from stook.dialects.glean.requests.search import SearchRequest
from stook.dialects.glean.requests.tools import CallParameter, ToolsCallRequest
from stook.dialects.glean.responses.tools import ToolsCallResponse, ToolsListResponse
from stook.errors import InvalidRequest, NotFound
from stook.identity.principals import Caller, Principal, Scope
from stook.rates import EndpointClass
from stook.runtime import Runtime

router = APIRouter(prefix="/tools", tags=["Glean"])
ToolCaller = Annotated[Caller, Depends(caller(Scope.TOOLS))]
TEXT, NUMBER = "string", "number"
LONGEST_NUMBER = 9  # digits
MOST_NAMES, LONGEST_NAME = 20, 500  # of tools asked for: they stand in the address
SAID_BACK = 50  # characters of a name that an error repeats
ToolNames = Annotated[
    list[Annotated[Name, Field(max_length=LONGEST_NAME)]],
    Field(max_length=MOST_NAMES),
    Query(alias="toolNames", description="Names with commas between them; none: all tools."),
]


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a tool may be given."""

    name: str
    description: str
    type: str = TEXT
    is_required: bool = False

    def json(self) -> dict[str, Any]:
        """ToolParameter."""
        return {
            "type": self.type,
            "name": self.name,
            "description": self.description,
            "isRequired": self.is_required,
        }

    def read(self, given: CallParameter) -> str | int:
        """The value; raises InvalidRequest."""
        if given.name not in (None, self.name):
            raise self._wrong("its name must be the key below which it stands")
        if given.items or given.properties or given.value is None:
            raise self._wrong(f"give its value, a {self.type}, as text")
        if self.type == TEXT:
            return given.value
        if not given.value.isdecimal() or len(given.value) > LONGEST_NUMBER:
            raise self._wrong("its value must be a whole number")
        return int(given.value)

    def _wrong(self, what: str) -> InvalidRequest:
        return InvalidRequest(f"parameters.{self.name}: {what}.")


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool: what it is given, and on whose behalf."""

    runtime: Runtime
    principal: Principal
    given: Mapping[str, str | int]
    locale: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool; ``run`` raises what the call that does the same raises."""

    name: str
    description: str
    scope: Scope
    counted: EndpointClass
    parameters: tuple[Parameter, ...]
    run: Callable[[Call], Awaitable[Response]]

    def json(self) -> dict[str, Any]:
        """Tool."""
        return {
            "type": "READ",
            "name": self.name,
            "displayName": self.name,
            "description": self.description,
            "parameters": {each.name: each.json() for each in self.parameters},
        }

    def read(self, parameters: Mapping[str, CallParameter]) -> dict[str, str | int]:
        """The values of the parameters, by name; raises InvalidRequest."""
        known = {each.name: each for each in self.parameters}
        for name in parameters:
            if name not in known:
                raise InvalidRequest(
                    f"parameters: {self.name} does not take {name[:SAID_BACK]!r}; it takes "
                    f"{', '.join(known)}."
                )
        for each in self.parameters:
            if each.is_required and each.name not in parameters:
                raise InvalidRequest(f"parameters.{each.name}: {self.name} needs it.")
        return {name: known[name].read(given) for name, given in parameters.items()}


async def _allowed(
    principal: ToolCaller,
    body: Annotated[ToolsCallRequest, Depends(json_body(ToolsCallRequest))],
) -> Tool:
    """A dependency: the tool that is called, whose own scope the token has, too."""
    tool = _named(body.name)
    principal.require(tool.scope)
    return tool


AllowedTool = Annotated[Tool, Depends(_allowed)]


@router.get(
    "/list",
    summary="The tools that may be called with this token",
    responses={200: {"model": ToolsListResponse}, **errors("TOOLS")},
)
async def list_tools(principal: ToolCaller, tool_names: ToolNames = []) -> Response:  # noqa: B006
    wanted = {_plain(name) for names in tool_names for name in names.split(",") if name.strip()}
    return json(
        {
            "tools": [
                tool.json()
                for tool in TOOLS
                if tool.scope in principal.scopes and (not wanted or _plain(tool.name) in wanted)
            ]
        }
    )


@router.post(
    "/call",
    summary="Call a tool",
    description="Takes the scope of the call that does the same, too: SEARCH, ENTITIES or CHAT.",
    responses={
        200: {"model": ToolsCallResponse},
        **errors("TOOLS, or the tool's own", s404="There is no such tool."),
    },
    openapi_extra=documented(ToolsCallRequest),
)
async def call_tool(
    request: Request,
    runtime: Opened,
    principal: ToolCaller,
    body: Annotated[ToolsCallRequest, Depends(json_body(ToolsCallRequest))],
    tool: AllowedTool,
    locale: Language,
) -> Response:
    given = tool.read(body.parameters)
    await counts_as(request, runtime, principal, tool.counted)
    return await tool.run(Call(runtime, principal, given, locale))


def _named(name: str) -> Tool:
    """Raises NotFound."""
    for tool in TOOLS:
        if _plain(tool.name) == _plain(name):
            return tool
    known = ", ".join(tool.name for tool in TOOLS)
    raise NotFound(f"There is no tool {name[:SAID_BACK]!r} here; there are {known}.")


def _plain(name: str) -> str:
    """A name without case; clients write blanks as - or _, too."""
    return re.sub(r"[\s_-]+", " ", name).strip().lower()


# --- what they do ------------------------------------------------------------------------------


async def _search(call: Call) -> Response:
    body = validated(SearchRequest, call.given)
    return json({"rawResponse": await search_json(call.runtime, call.principal, body)})


_FILTER = re.compile(
    r'(?<!\S)(?P<name>[a-z]+):(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))', re.IGNORECASE
)


async def _find_employees(call: Call) -> Response:
    """The query's ``field:value`` are filters of listentities, its other words are its query."""
    typed = str(call.given["query"])
    filters = [
        {"fieldName": found["name"], "values": [{"value": found["quoted"] or found["bare"]}]}
        for found in _FILTER.finditer(typed)
    ]
    words = _FILTER.sub(" ", typed)
    body = validated(ListEntitiesRequest, {**call.given, "query": words, "filter": filters})
    return json({"rawResponse": await people_json(call.runtime, body)})


async def _chat(call: Call) -> Response:
    message = {"fragments": [{"text": call.given["message"]}]}
    body = validated(ChatRequest, {"messages": [message]})
    ask = await Asking(call.runtime, call.principal, body, call.locale, None).ask()
    answer = WholeAnswer(Reply(new_session(ask.question), wish(None).json()))
    events = call.runtime.turns.answer(ask)
    return AnswerResponse(render_problem, events, _RawAnswer(answer), language=call.locale)


class _RawAnswer:
    """A whole answer, as the raw response of a tool."""

    streams: ClassVar[bool] = False
    media_type: ClassVar[str] = wire.JSON
    filler: ClassVar[bytes] = b" "

    def __init__(self, answer: WholeAnswer) -> None:
        self._answer = answer

    def render(self, event: Event) -> bytes:
        data = self._answer.render(event)
        return b'{"rawResponse":%s}' % data if data else b""

    def broken(self, found: Problem) -> bytes:
        return orjson.dumps({"error": found.message})


_PAGES = (
    Parameter("pageSize", "How many results to give at most.", NUMBER),
    Parameter("cursor", "The cursor of the results before, for those that follow."),
)
TOOLS = (
    Tool(
        name="Glean Search",
        description="Finds documents of the organisation that the caller may see.",
        scope=Scope.SEARCH,
        counted=EndpointClass.SEARCH,
        parameters=(
            Parameter(
                "query",
                "Words to search for, phrases in quotes, and filters such as app:, from:, owner:, "
                "type:, updated:, before: and after:.",
                is_required=True,
            ),
            *_PAGES,
        ),
        run=_search,
    ),
    Tool(
        name="Employee Search",
        description="Finds people of the organisation, with their title, department, location, "
        "manager and address.",
        scope=Scope.ENTITIES,
        counted=EndpointClass.PEOPLE,
        parameters=(
            Parameter(
                "query",
                "Words of a name, an address, a title, a department or a location, and filters "
                'such as title:, department:, location: and reportsto:"Jane Doe".',
                is_required=True,
            ),
            *_PAGES,
        ),
        run=_find_employees,
    ),
    Tool(
        name="Glean Chat",
        description="Answers a question from the documents that the caller may see, and cites "
        "them; nothing of it is kept as a chat.",
        scope=Scope.CHAT,
        counted=EndpointClass.CHAT,
        parameters=(Parameter("message", "The question.", is_required=True),),
        run=_chat,
    ),
)
