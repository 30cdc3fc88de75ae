"""Turns the bytes of a streamed answer into events, as they arrive; does no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from stook.client.errors import AnswerFailed, StreamInterrupted, UnexpectedResponse
from stook.client.events import (
    Cited,
    Done,
    Failed,
    FollowUps,
    Progress,
    Reading,
    StreamEvent,
    TextDelta,
)
from stook.client.models.chats import (
    ChatMessage,
    ChatMessageFragment,
    ChatResponse,
    Citation,
    MessageType,
)


class LineSplitter:
    """Cuts bytes into lines; linear in their number, whatever the pieces are."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that ``data`` completes, without their ends."""
        if b"\n" not in data:
            self._rest += data
            return []
        first, *lines, rest = data.split(b"\n")
        complete = [bytes(self._rest + first), *lines]
        self._rest = bytearray(rest)
        return complete

    def end(self) -> bytes:
        """What came after the last line end."""
        return bytes(self._rest)


class AnswerDecoder:
    """One answer: a ChatResponse a line, whose pieces of text are joined."""

    def __init__(self) -> None:
        self.response: ChatResponse | None = None  # set when the answer is complete
        self.failed = False  # the server said that it cannot go on
        self.lines = 0  # that said something
        self._lines = LineSplitter()
        self._pieces: list[str] = []
        self._citations: list[Citation] = []
        self._updates: list[ChatMessage] = []
        self._last = ChatMessage()
        self._complete = False
        self._common: dict[str, Any] = {}

    @property
    def text(self) -> str:
        """The answer's text so far."""
        return "".join(self._pieces)

    def feed(self, data: bytes) -> Iterator[StreamEvent]:
        """The events that ``data`` completes; raises AnswerFailed after Failed."""
        for line in self._lines.feed(data):
            yield from self._line(line)

    def cut(self) -> None:
        """The connection broke; what came of the last line will come again."""
        self._lines = LineSplitter()

    def end(self) -> Iterator[StreamEvent]:
        """The events at the end of the body; raises StreamInterrupted if it came too early."""
        yield from self._line(self._lines.end())
        if not self._complete:
            raise StreamInterrupted("The answer ended before it was complete.", body=self.text)
        self.response = self._assembled()
        yield Done(self.response)

    def _line(self, line: bytes) -> Iterator[StreamEvent]:
        if not line.strip():
            return
        try:
            response = ChatResponse.model_validate_json(line)
        except ValidationError as error:
            shown = line.decode(errors="replace")
            raise UnexpectedResponse("A line is not a chat answer.", body=shown) from error
        self.lines += not _keeps_alive(response)
        for message in response.messages:
            yield from self._message(message)
        self._common |= response.model_dump(
            include=COMMON, exclude_defaults=True, exclude_none=True
        )
        if response.follow_up_prompts:
            yield FollowUps(response.follow_up_prompts)

    def _message(self, message: ChatMessage) -> Iterator[StreamEvent]:
        if message.message_type == MessageType.ERROR:
            self.failed = True
            yield Failed(message.text)
            raise AnswerFailed(message.text, body=self.text)
        if message.message_type == MessageType.UPDATE:
            yield from self._update(message)
        elif message.is_answer:
            yield from self._content(message)

    def _update(self, message: ChatMessage) -> Iterator[StreamEvent]:
        """Messages without anything in them only keep the connection alive."""
        found = (each for fragment in message.fragments for each in fragment.structured_results)
        documents = tuple(each.document for each in found if each.document)
        queries = (each.query_suggestion for each in message.fragments if each.query_suggestion)
        query = next((each.query for each in queries), None)
        if not (documents or query or message.text):
            return
        self._updates.append(message)
        yield Reading(documents) if documents else Progress(message.text, query)

    def _content(self, message: ChatMessage) -> Iterator[StreamEvent]:
        cited_before = bool(self._citations)
        for fragment in message.fragments:
            if fragment.text:
                self._pieces.append(fragment.text)
                yield TextDelta(fragment.text)
            if fragment.citation:
                self._citations.append(fragment.citation)
                yield Cited(fragment.citation)
        if not cited_before and not any(each.citation for each in message.fragments):
            self._citations += message.citations
            yield from (Cited(citation) for citation in message.citations)
        self._complete = message.has_more_fragments is not True
        self._last = message

    def _assembled(self) -> ChatResponse:
        cited = (ChatMessageFragment(citation=citation) for citation in self._citations)
        answer = self._last.model_copy(
            update={
                "fragments": (ChatMessageFragment(text=self.text), *cited),
                "citations": tuple(self._citations),
            }
        )
        return ChatResponse(messages=(*self._updates, answer), **self._common)


def _keeps_alive(response: ChatResponse) -> bool:
    """Whether a line has nothing in it."""
    return all(
        message.message_type == MessageType.UPDATE
        and not (message.text or any(set(each.to_wire()) - {"text"} for each in message.fragments))
        for message in response.messages
    )


# What is said once for the whole answer, on any of its lines.
COMMON = {
    "chat_id",
    "chat",
    "follow_up_prompts",
    "backend_time_millis",
    "chat_session_tracking_token",
}
