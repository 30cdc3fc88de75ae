"""The bodies that chats take.

They tolerate unknown fields and null where a field is optional, as real clients send them.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, StrictBool

from stook.dialects import bounds
from stook.dialects.bounds import Address, Line, Name, Text
from stook.dialects.glean.requests.fields import AsList, AsText, Wire


def _absent(default: str) -> BeforeValidator:
    """null stands for an absent field, whose value is this."""
    return BeforeValidator(lambda value: default if value is None else value)


Id = Annotated[Name, AsText]
Timestamp = Annotated[Name, AsText]
StringList = Annotated[list[Name], bounds.SOME, AsList]


class ChatFragment(Wire):
    """A piece of a message; only text is read of those that clients send."""

    text: Text | None = None


class ChatMessage(Wire):
    """A message of the conversation that a client sends."""

    author: Annotated[Name, _absent("USER")] = "USER"
    message_type: Annotated[Name, _absent("CONTENT")] = "CONTENT"
    fragments: Annotated[list[ChatFragment], bounds.MANY, AsList] = Field([])
    ts: Timestamp | None = None
    uploaded_file_ids: StringList = Field([])

    @property
    def text(self) -> str:
        """What the message says. An answer is cut where its citations stand, and belongs together
        as it is; fragments of others are texts of their own, unless white space is between."""
        said = ""
        for text in (fragment.text for fragment in self.fragments if fragment.text):
            apart = said and not said[-1].isspace() and not text[0].isspace()
            said += "\n" + text if apart and self.author != "GLEAN_AI" else text
        return said


class ContentSpec(Wire):
    """Names a document or a container, by one of these."""

    url: Address | None = None
    id: Id | None = None
    content_id: Id | None = None
    ugc_id: Id | None = None
    ugc_type: Name | None = None


SpecList = Annotated[list[ContentSpec], bounds.SOME, AsList]


class ChatRestrictionFilters(Wire):
    """Content that an answer may, or may not, be written from."""

    container_specs: SpecList = Field([])
    document_specs: SpecList = Field([])
    datasource_instances: StringList = Field([])


class ToolSets(Wire):
    """What the agents FAST and ADVANCED may use; there is no web search here."""

    enable_web_search: StrictBool | None = None
    enable_company_tools: StrictBool | None = None


class AgentConfig(Wire):
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


class SessionInfo(Wire):
    """The client's own session; its token comes back with the answer."""

    session_tracking_token: Line | None = None
    tab_id: Name | None = None
    last_seen: Name | None = None
    last_query: Text | None = None


class ChatRequest(Wire):
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


class ListChatsRequest(Wire):
    """Nothing: all chats. With a page size: so many, and a cursor for the next ones."""

    page_size: Annotated[int, Field(gt=0, le=1000, strict=True)] | None = None
    cursor: Line | None = None


class GetChatRequest(Wire):
    """Names the chat to read."""

    id: Id


class DeleteChatsRequest(Wire):
    """Names the chats to delete."""

    ids: Annotated[list[Id], bounds.SOME]
