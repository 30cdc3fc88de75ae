"""Glean's chat answers: one ChatResponse, or one a line as the answer comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from stook.answering.pieces import Cited, TextDelta
from stook.conversation.events import Answer, Event, Finished, Reading, Searching, Started
from stook.dialects.dialect import Problem
from stook.dialects.glean.rendering import wire

TEXT = "text/plain; charset=UTF-8"
Message = dict[str, Any]
SEARCH, READ, RESPOND = "search", "read", "respond"  # ids of the steps that messages belong to


@dataclass(frozen=True, slots=True)
class Reply:
    """What every piece of one answer repeats."""

    session: str
    agent_config: dict[str, str]
    warnings: tuple[str, ...] = ()


class WholeAnswer:
    """One ChatResponse: progress messages, then the answer with its text in one fragment."""

    streams: ClassVar[bool] = False
    media_type: ClassVar[str] = wire.JSON
    filler: ClassVar[bytes] = b" "

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._progress: list[Message] = [_warning(text) for text in reply.warnings]

    def render(self, event: Event) -> bytes:
        if isinstance(event, Searching | Reading):
            self._progress.append(_progress(event, len(self._progress), self._reply))
        if isinstance(event, Finished):
            return orjson.dumps(self._response(event.answer))
        return b""

    def _response(self, answer: Answer) -> dict[str, Any]:
        citations = [wire.citation_json(citation) for citation in answer.citations]
        message = _closing(answer, self._reply, citations)
        message["fragments"] = [{"text": answer.text}, *({"citation": each} for each in citations)]
        return {
            "messages": [*self._progress, message],
            **_chat(answer.chat_id),
            "followUpPrompts": list(answer.suggestions),
            "backendTimeMillis": answer.milliseconds,
            "chatSessionTrackingToken": self._reply.session,
        }

    def broken(self, found: Problem) -> bytes:
        return orjson.dumps({"messages": [*self._progress, _error(found)]})


class LineStream:
    """One ChatResponse a line; the pieces of text are to be joined."""

    streams: ClassVar[bool] = True
    media_type: ClassVar[str] = TEXT
    filler: ClassVar[bytes] = (
        b'{"messages":[{"author":"GLEAN_AI","messageType":"UPDATE","fragments":[{"text":""}]}]}\n'
    )

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._common = {"chatSessionTrackingToken": reply.session}
        self._message_id = ""
        self._steps = 0

    def render(self, event: Event) -> bytes:
        if isinstance(event, TextDelta):
            return self._piece({"text": event.text})
        if isinstance(event, Cited):
            return self._piece({"citation": wire.citation_json(event.citation)})
        if isinstance(event, Started):
            self._common |= _chat(event.chat_id)
            self._message_id = event.message_id
            return b"".join(self._line(_warning(text)) for text in self._reply.warnings)
        if isinstance(event, Searching | Reading):
            self._steps += 1
            return self._line(_progress(event, self._steps - 1, self._reply))
        if isinstance(event, Finished):
            return self._last(event.answer)
        return b""

    def _piece(self, fragment: dict[str, Any]) -> bytes:
        message = {
            "author": "GLEAN_AI",
            "messageType": "CONTENT",
            "messageId": self._message_id,
            "stepId": RESPOND,
            "hasMoreFragments": True,
            "fragments": [fragment],
        }
        return self._line(message)

    def _last(self, answer: Answer) -> bytes:
        citations = [wire.citation_json(citation) for citation in answer.citations]
        return self._line(
            _closing(answer, self._reply, citations),
            followUpPrompts=list(answer.suggestions),
            backendTimeMillis=answer.milliseconds,
        )

    def _line(self, message: Message, **more: object) -> bytes:
        body = {"messages": [message], **self._common, **more}
        return orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE)

    def broken(self, found: Problem) -> bytes:
        return self._line(_error(found))


def _chat(chat_id: str) -> dict[str, str]:
    """The chat to go on with; none where the turn is not saved, as no later call would find it."""
    return {"chatId": chat_id} if chat_id else {}


def _progress(event: Searching | Reading, step: int, reply: Reply) -> Message:
    """An UPDATE message: what is searched for, or what is read."""
    if isinstance(event, Searching):
        fragments = [
            {"text": "**Searching:** "},
            {"querySuggestion": {"query": event.query}},
        ]
    else:
        fragments = [{"text": "**Reading:** "}, *wire.reading_fragments(event.documents)]
    return {
        "author": "GLEAN_AI",
        "messageType": "UPDATE",
        "messageId": f"step-{step + 1}",
        "stepId": SEARCH if isinstance(event, Searching) else READ,
        "agentConfig": reply.agent_config,
        "fragments": fragments,
    }


def _warning(text: str) -> Message:
    return {
        "author": "GLEAN_AI",
        "messageType": "WARNING",
        "stepId": RESPOND,
        "fragments": [{"text": text}],
    }


def _closing(answer: Answer, reply: Reply, citations: list[dict[str, Any]]) -> Message:
    """The last message: all citations once more, for readers that look only there."""
    return {
        "author": "GLEAN_AI",
        "messageType": "CONTENT",
        "messageId": answer.message_id,
        "stepId": RESPOND,
        "messageTrackingToken": answer.message_id,
        "ts": wire.iso(answer.created_at),
        "hasMoreFragments": False,
        "agentConfig": reply.agent_config,
        "outcome": answer.outcome.name,
        "fragments": [],
        "citations": citations,
    }


def _error(found: Problem) -> Message:
    return {
        "author": "GLEAN_AI",
        "messageType": "ERROR",
        "stepId": RESPOND,
        "hasMoreFragments": False,
        "fragments": [{"text": found.message}],
    }
