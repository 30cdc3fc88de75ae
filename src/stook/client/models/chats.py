"""Messages, answers with their citations, and stored chats."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from stook.client.models.base import Items, Model, Open
from stook.client.models.documents import Document, DocumentSpec, Person, Snippet, TextRange
from stook.client.models.files import ChatFile


class Author(StrEnum):
    """Who wrote a message."""

    USER = "USER"
    GLEAN_AI = "GLEAN_AI"


class MessageType(StrEnum):
    """What a message is for."""

    CONTENT = "CONTENT"
    CONTEXT = "CONTEXT"
    UPDATE = "UPDATE"
    ERROR = "ERROR"
    CONTROL = "CONTROL"


class Outcome(StrEnum):
    """How a question was answered: by the documents, by what comes closest, or not at all."""

    ANSWERED = "ANSWERED"
    CLOSEST = "CLOSEST"
    NOTHING = "NOTHING"


class AgentKind(StrEnum):
    """Which kind of answer is asked for."""

    DEFAULT = "DEFAULT"
    FAST = "FAST"
    ADVANCED = "ADVANCED"
    AUTO = "AUTO"
    GPT = "GPT"
    UNIVERSAL = "UNIVERSAL"


class ToolSets(Model):
    """What the agents FAST and ADVANCED may use."""

    enable_web_search: bool | None = None
    enable_company_tools: bool | None = None


class AgentConfig(Model):
    """Describes the agent that answers."""

    agent: Open[AgentKind] | None = None
    tool_sets: ToolSets | None = None
    mode: str | None = None


class ChatRestrictionFilters(Model):
    """Content that is used alone (inclusions) or never (exclusions)."""

    document_specs: Items[DocumentSpec] = ()
    container_specs: Items[DocumentSpec] = ()
    datasource_instances: Items[str] = ()


class SessionInfo(Model):
    """Which session of which application asks."""

    session_tracking_token: str | None = None
    tab_id: str | None = None
    last_query: str | None = None


class QuerySuggestion(Model):
    """A query that was searched for."""

    query: str


class StructuredResult(Model):
    """A thing that was found."""

    document: Document | None = None


class ReferenceRange(Model):
    """A range of the answer, and the words of the source which it rests on."""

    text_range: TextRange | None = None
    snippets: Items[Snippet] = ()


class Citation(Model):
    """What a part of an answer rests on."""

    source_document: Document | None = None
    source_file: ChatFile | None = None
    source_person: Person | None = None
    reference_ranges: Items[ReferenceRange] = ()
    tracking_token: str | None = None

    @property
    def title(self) -> str:
        """The source's title, or a file's or person's name."""
        named = self.source_file or self.source_person
        title = self.source_document.title if self.source_document else named and named.name
        return title or ""

    @property
    def url(self) -> str | None:
        """Where to read the source."""
        source = self.source_document or self.source_file
        return source.url if source else None

    @property
    def quotes(self) -> tuple[str, ...]:
        """The words of the source, verbatim."""
        snippets = (each for found in self.reference_ranges for each in found.snippets)
        return tuple(snippet.quote for snippet in snippets if snippet.quote)

    @property
    def ranges(self) -> tuple[TextRange, ...]:
        """The parts of the answer that rest on this source, in code points of its text."""
        return tuple(found.text_range for found in self.reference_ranges if found.text_range)


class ChatMessageFragment(Model):
    """A piece of a message: text, a citation of the text before it, or what was found."""

    text: str | None = None
    citation: Citation | None = None
    query_suggestion: QuerySuggestion | None = None
    structured_results: Items[StructuredResult] = ()
    file: ChatFile | None = None


class ChatMessage(Model):
    """A message that is sent or received."""

    author: Open[Author] = Author.USER
    message_type: Open[MessageType] = MessageType.CONTENT
    fragments: Items[ChatMessageFragment] = ()
    uploaded_file_ids: Items[str] = ()
    citations: Items[Citation] = ()
    agent_config: AgentConfig | None = None
    ts: str | None = None
    message_id: str | None = None
    message_tracking_token: str | None = None
    has_more_fragments: bool | None = None
    outcome: Open[Outcome] | None = None

    @property
    def text(self) -> str:
        """The text of all fragments."""
        return "".join(fragment.text or "" for fragment in self.fragments)

    @property
    def is_answer(self) -> bool:
        """Whether this is the answer itself, not progress, context or a question."""
        return self.author == Author.GLEAN_AI and self.message_type == MessageType.CONTENT

    def to_wire(self) -> dict[str, Any]:
        """The JSON object; author and type are always in it."""
        named = {"author": str(self.author), "messageType": str(self.message_type)}
        return {**super().to_wire(), **named}


class ChatMetadata(Model):
    """A stored chat without its messages; times in seconds since 1970 UTC."""

    id: str | None = None
    name: str | None = None
    create_time: int | None = None
    update_time: int | None = None
    created_by: Person | None = None
    application_id: str | None = None


class ChatResponse(Model):
    """An answer: what was done for it, and as its last message the answer itself."""

    messages: Items[ChatMessage] = ()
    chat_id: str | None = None
    chat: ChatMetadata | None = None
    follow_up_prompts: Items[str] = ()
    backend_time_millis: int | None = None
    chat_session_tracking_token: str | None = None

    @property
    def text(self) -> str:
        """The answer's text."""
        return "".join(message.text for message in self.messages if message.is_answer)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What the answer rests on."""
        answers = [message for message in self.messages if message.is_answer]
        listed = tuple(each for message in answers for each in message.citations)
        fragments = (each for message in answers for each in message.fragments)
        return listed or tuple(each.citation for each in fragments if each.citation)

    @property
    def outcome(self) -> Outcome | str | None:
        """How the question was answered, as far as the server says."""
        said = [message.outcome for message in self.messages if message.is_answer]
        return said[-1] if said else None

    @property
    def error(self) -> str | None:
        """What the server says went wrong after it began to answer."""
        errors = [each for each in self.messages if each.message_type == MessageType.ERROR]
        return errors[-1].text if errors else None


class Chat(ChatMetadata):
    """A stored chat with its messages, oldest first."""

    messages: Items[ChatMessage] = ()


class ChatResult(Model):
    """A chat, wrapped as the API wraps it."""

    chat: Chat
    tracking_token: str | None = None


class GetChatResponse(Model):
    """A stored chat."""

    chat_result: ChatResult

    @property
    def chat(self) -> Chat:
        """The chat itself."""
        return self.chat_result.chat

    @property
    def messages(self) -> tuple[ChatMessage, ...]:
        """Its messages, oldest first."""
        return self.chat.messages


class ChatMetadataResult(Model):
    """A chat without its messages, wrapped as the API wraps it."""

    chat: ChatMetadata
    tracking_token: str | None = None


class ListChatsResponse(Model):
    """The caller's chats, newest first."""

    chat_results: Items[ChatMetadataResult] = ()
    cursor: str | None = None

    @property
    def chats(self) -> tuple[ChatMetadata, ...]:
        """The chats themselves."""
        return tuple(result.chat for result in self.chat_results)


class ChatApplication(Model):
    """A chat application that an administrator set up."""

    id: str | None = None
    name: str | None = None
    description: str | None = None
    starters: Items[str] = ()


class GetChatApplicationResponse(Model):
    """A chat application."""

    application: ChatApplication
