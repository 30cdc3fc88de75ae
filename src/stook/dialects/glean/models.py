"""The JSON of Glean's Client API for chats: what requests may hold, and what answers are.

Requests tolerate unknown fields and null where a field is optional, as real clients send them.
Answers are written with orjson; their models describe them in the API description.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, StrictBool
from pydantic.alias_generators import to_camel

from stook.dialects import bounds
from stook.dialects.bounds import Address, Line, Name, Text


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True)


def _as_id(value: Any) -> Any:
    """Ids are text; a number is taken as its digits."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_list(value: Any) -> Any:
    """null stands for an empty list."""
    return [] if value is None else value


def _absent(default: str) -> BeforeValidator:
    """null stands for an absent field, whose value is this."""
    return BeforeValidator(lambda value: default if value is None else value)


Id = Annotated[Name, BeforeValidator(_as_id)]
Timestamp = Annotated[Name, BeforeValidator(_as_id)]
StringList = Annotated[list[Name], bounds.SOME, BeforeValidator(_as_list)]


class ChatFragment(_Model):
    """A piece of a message; only text is read of those that clients send."""

    text: Text | None = None


class ChatMessage(_Model):
    """A message of the conversation that a client sends."""

    author: Annotated[Name, _absent("USER")] = "USER"
    message_type: Annotated[Name, _absent("CONTENT")] = "CONTENT"
    fragments: Annotated[list[ChatFragment], bounds.MANY, BeforeValidator(_as_list)] = []
    ts: Timestamp | None = None
    uploaded_file_ids: StringList = []

    @property
    def text(self) -> str:
        """What the message says. An answer is cut where its citations stand, and belongs together
        as it is; fragments of others are texts of their own, unless white space is between."""
        said = ""
        for text in (fragment.text for fragment in self.fragments if fragment.text):
            apart = said and not said[-1].isspace() and not text[0].isspace()
            said += "\n" + text if apart and self.author != "GLEAN_AI" else text
        return said


class ContentSpec(_Model):
    """Names a document or a container, by one of these."""

    url: Address | None = None
    id: Id | None = None
    content_id: Id | None = None
    ugc_id: Id | None = None
    ugc_type: Name | None = None


SpecList = Annotated[list[ContentSpec], bounds.SOME, BeforeValidator(_as_list)]


class ChatRestrictionFilters(_Model):
    """Content that an answer may, or may not, be written from."""

    container_specs: SpecList = []
    document_specs: SpecList = []
    datasource_instances: StringList = []


class ToolSets(_Model):
    """What the agents FAST and ADVANCED may use; there is no web search here."""

    enable_web_search: StrictBool | None = None
    enable_company_tools: StrictBool | None = None


class AgentConfig(_Model):
    """Which agent shall answer; it is said back with the answer.

    DEFAULT, ADVANCED, AUTO and UNIVERSAL are the same here: all answer from the documents, and
    none searches the web. FAST, and the mode QUICK, leave out the follow-up questions. GPT
    answers without documents, which takes a language model; so do FAST and ADVANCED without
    company tools.
    """

    agent: Name | None = None
    mode: Name | None = None
    tool_sets: ToolSets | None = None
    use_image_generation: StrictBool | None = None


class SessionInfo(_Model):
    """The client's own session; its token comes back with the answer."""

    session_tracking_token: Line | None = None
    tab_id: Name | None = None
    last_seen: Name | None = None
    last_query: Text | None = None


class ChatRequest(_Model):
    """A conversation whose newest message is a question."""

    messages: Annotated[list[ChatMessage], bounds.SOME]
    save_chat: StrictBool | None = False
    chat_id: Id | None = None
    agent_config: AgentConfig | None = None
    inclusions: ChatRestrictionFilters | None = None
    exclusions: ChatRestrictionFilters | None = None
    timeout_millis: Annotated[int, Field(gt=0, le=bounds.MOST_NUMBER, strict=True)] | None = None
    application_id: Id | None = None
    agent_id: Id | None = None
    stream: StrictBool | None = False
    session_info: SessionInfo | None = None
    chat_session_tracking_token: Line | None = None

    @property
    def session(self) -> str | None:
        """The client's own name for its session, or the one that it was told."""
        info = self.session_info
        return self.chat_session_tracking_token or (info.session_tracking_token if info else None)


class ChatLines(RootModel[str]):
    """One ChatResponse a line, with the pieces of the answer's text to be joined."""


class StoppedResponse(_Model):
    """The answer was stopped."""

    stopped: bool


class ListChatsRequest(_Model):
    """Nothing: all chats. With a page size: so many, and a cursor for the next ones."""

    page_size: Annotated[int, Field(gt=0, le=1000, strict=True)] | None = None
    cursor: Line | None = None


class GetChatRequest(_Model):
    """Names the chat to read."""

    id: Id


class DeleteChatsRequest(_Model):
    """Names the chats to delete."""

    ids: Annotated[list[Id], bounds.SOME]


# --- answers, for the description --------------------------------------------------------------


class GleanDocument(_Model):
    id: str
    datasource: str
    doc_type: str | None = None
    title: str
    url: str
    metadata: dict[str, Any] = {}


class TextRange(_Model):
    start_index: int
    end_index: int
    type: str = "CITATION"


class GleanSnippet(_Model):
    text: str
    mime_type: str = "text/plain"


class ReferenceRange(_Model):
    text_range: TextRange
    snippets: list[GleanSnippet] = []


class ChatFileMetadata(_Model):
    status: str = Field(description="PROCESSING, PROCESSED, PARTIALLY_PROCESSED or FAILED.")
    upload_time: int = Field(description="Seconds since the epoch.")
    processed_size: int = Field(description="Bytes.")
    failure_reason: str | None = None
    mime_type: str | None = None


class ChatFileJson(_Model):
    id: str
    name: str
    url: str
    metadata: ChatFileMetadata


class ChatMessageCitation(_Model):
    """One source: a document, or an uploaded file."""

    tracking_token: str
    source_document: GleanDocument | None = None
    source_file: ChatFileJson | None = None
    reference_ranges: list[ReferenceRange] = []


class AnswerFragment(_Model):
    text: str | None = None
    citation: ChatMessageCitation | None = None
    query_suggestion: dict[str, Any] | None = None
    structured_results: list[dict[str, Any]] | None = None
    file: ChatFileJson | None = None


class AnswerMessage(_Model):
    author: str
    message_type: str
    message_id: str | None = None
    uploaded_file_ids: list[str] | None = None
    message_tracking_token: str | None = None
    step_id: str | None = Field(None, description="search, read or respond.")
    ts: str | None = None
    has_more_fragments: bool | None = None
    agent_config: AgentConfig | None = None
    fragments: list[AnswerFragment]
    citations: list[ChatMessageCitation] | None = None


class ChatResponse(_Model):
    """An answer: progress messages first, the answer itself last."""

    messages: list[AnswerMessage]
    chat_id: str | None = None
    follow_up_prompts: list[str] | None = None
    backend_time_millis: int | None = None
    chat_session_tracking_token: str | None = None


class QueuedResponse(_Model):
    """The question will be answered in the chat; read it there."""

    chat_id: str
    queued_request_id: str
    is_saved_to_chat_history: bool


class GleanPerson(_Model):
    name: str
    obfuscated_id: str


class ChatMetadata(_Model):
    id: str
    create_time: int = Field(description="Seconds since the epoch.")
    update_time: int
    created_by: GleanPerson
    name: str
    application_id: str | None = None
    application_name: str | None = None


class ChatMetadataResult(_Model):
    chat: ChatMetadata
    tracking_token: str


class ListChatsResponse(_Model):
    chat_results: list[ChatMetadataResult]
    cursor: str


class GleanChat(ChatMetadata):
    permissions: dict[str, bool]
    messages: list[AnswerMessage]
    roles: list[dict[str, Any]]


class ChatResult(_Model):
    chat: GleanChat
    tracking_token: str


class GetChatResponse(_Model):
    chat_result: ChatResult
