"""The bodies that the Platform API takes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    Tag,
)

from stook.application.search.narrowing import Relation
from stook.dialects import bounds
from stook.dialects.bounds import Address, Json, Line, Name
from stook.dialects.platform.errors import TAG

Text = Annotated[Name, Field(min_length=1)]


class Request(BaseModel):
    """A request body; a field that is not known is an error."""

    model_config = ConfigDict(extra="forbid")


# --- chat ---------------------------------------------------------------------------------------

Question = Annotated[bounds.Text, Field(min_length=1)]


class InputMessage(Request):
    role: Literal["USER", "ASSISTANT"]
    content: Question


def _kind(value: Any) -> str:
    return TAG + ("messages" if isinstance(value, list) else "text")


Input = Annotated[
    Annotated[Question, Tag(TAG + "text")]
    | Annotated[list[InputMessage], Field(min_length=1), bounds.SOME, Tag(TAG + "messages")],
    Discriminator(_kind),
]


class TextFormat(Request):
    type: Literal["TEXT"]


class JsonSchemaFormat(Request):
    type: Literal["JSON_SCHEMA"]
    name: Text
    schema_: Annotated[Json, Field(alias="schema")]
    description: Line | None = None
    strict: StrictBool | None = True


def _format(value: Any) -> str:
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return TAG + ("schema" if kind == "JSON_SCHEMA" else "text")


class TextOptions(Request):
    """How the answer is to be written."""

    format: Annotated[
        Annotated[TextFormat, Tag(TAG + "text")] | Annotated[JsonSchemaFormat, Tag(TAG + "schema")],
        Discriminator(_format),
    ] = Field(TextFormat(type="TEXT"))


class ChatCreateRequest(Request):
    """A question, or a conversation oldest first whose last message is the user's."""

    input: Input
    stream: StrictBool = False
    store: StrictBool = True
    conversation_id: Text | None = None
    text: TextOptions = Field(TextOptions())


class ChatUpdateRequest(Request):
    """The chat's new name."""

    name: Text


# --- search -------------------------------------------------------------------------------------


class Filter(Request):
    """Values of EQUALS are alternatives; NOT_EQUALS excludes each; the others take one."""

    field: Text
    values: Annotated[list[Address], Field(min_length=1), bounds.SOME]
    operator: Relation = Relation.EQUALS


class TimeRange(Request):
    """When a document was last changed: from start until before end."""

    start: AwareDatetime | None = None
    end: AwareDatetime | None = None


class PlatformSearchRequest(Request):
    """A query, which may hold operators such as type:page, and filters beside it."""

    query: Annotated[bounds.Text, Field(min_length=1)]
    page_size: Annotated[StrictInt, Field(ge=1, le=100)] = 10
    cursor: Line | None = None
    datasources: Annotated[list[Text], Field(min_length=1), bounds.FEW] | None = None
    filters: Annotated[list[Filter], bounds.FEW] | None = None
    time_range: TimeRange | None = None


# --- agents -------------------------------------------------------------------------------------


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


REQUESTS: tuple[type[BaseModel], ...] = (
    ChatCreateRequest,
    ChatUpdateRequest,
    PlatformSearchRequest,
    AgentsSearchRequest,
    AgentRunCreateRequest,
    RunCancellationRequest,
    RunResponsesRequest,
)
