"""What the Platform API writes: answers whole or as events, search results, runs of agents."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson
from starlette.responses import Response

from stook.answering.pieces import TextDelta
from stook.application.documents import Document, kind, owner
from stook.application.search.facets import facets, properties_of
from stook.application.search.finding import FoundDocument
from stook.application.search.narrowing import Relation
from stook.application.search.snippets import Snippets
from stook.conversation.events import Answer, Event, Finished, Reading, Searching, Started
from stook.dialects.agent_runs import frame
from stook.dialects.citing import annotation_json
from stook.dialects.dialect import Problem
from stook.dialects.platform.errors import CODES, request_id

JSON = "application/json; charset=UTF-8"
RESPONSE = "resp_"  # what ids of responses begin with; the turn's id follows
TITLES = 3  # of documents that progress names
COMMON = (("type", "STRING"), ("from", "USER"), ("author", "USER"), ("owner", "USER"))
EQUALITY = ("EQUALS", "NOT_EQUALS")
VALUES = 50  # suggested for one field


def json(body: dict[str, Any], status: int = 200) -> Response:
    """A JSON response that carries the request's id."""
    answer = body | {"request_id": request_id()}
    return Response(orjson.dumps(answer), status, media_type=JSON)


@dataclass(slots=True)
class Reply:
    """What a response says besides the answer."""

    store: bool
    request_id: str
    id: str = ""
    conversation_id: str | None = None

    def __post_init__(self) -> None:
        self.id = f"{RESPONSE}{uuid.uuid4()}"

    def begin(self, event: Started) -> None:
        self.id = RESPONSE + event.turn_id
        if self.store:
            self.conversation_id = event.chat_id

    def completed(self, answer: Answer) -> dict[str, Any]:
        """The 200's body."""
        text = {
            "type": "OUTPUT_TEXT",
            "text": answer.text,
            "annotations": [annotation_json(citation) for citation in answer.citations],
        }
        output = [{"type": "MESSAGE", "role": "ASSISTANT", "content": [text]}]
        return self._body("COMPLETED", answer.created_at, output)

    def failed(self, found: Problem) -> dict[str, Any]:
        """The same for an answer that broke off."""
        code = CODES.get(found.status, "internal_error")
        error = {"message": found.message, "code": code}
        return self._body("FAILED", datetime.now(UTC), []) | {"error": error}

    def _body(self, status: str, at: datetime, output: list[dict[str, Any]]) -> dict[str, Any]:
        body = {
            "id": self.id,
            "object": "RESPONSE",
            "created_at": rfc3339(at),
            "status": status,
            "output": output,
            "store": self.store,
            "request_id": self.request_id,
        }
        if self.conversation_id is not None:
            body["conversation_id"] = self.conversation_id
        return body


def rfc3339(moment: datetime) -> str:
    """In UTC, with Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class WholeResponse:
    """One JSON document."""

    streams: ClassVar[bool] = False
    media_type: ClassVar[str] = JSON
    filler: ClassVar[bytes] = b" "

    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    def render(self, event: Event) -> bytes:
        if isinstance(event, Started):
            self._reply.begin(event)
        if isinstance(event, Finished):
            return orjson.dumps(self._reply.completed(event.answer))
        return b""

    def broken(self, found: Problem) -> bytes:
        return orjson.dumps(self._reply.failed(found))


class EventStream:
    """Events of six kinds, each with its name in the frame and in the data."""

    streams: ClassVar[bool] = True
    media_type: ClassVar[str] = "text/event-stream"
    filler: ClassVar[bytes] = b": still answering\n\n"

    def __init__(self, reply: Reply) -> None:
        self._reply = reply
        self._number = 0

    def render(self, event: Event) -> bytes:
        return b"".join(self._frames(event))

    def _frames(self, event: Event) -> Iterator[bytes]:
        if isinstance(event, Started):
            self._reply.begin(event)
            yield self._frame("RESPONSE_CREATED")
        elif isinstance(event, Searching):
            yield self._frame("RESPONSE_PROGRESS", text=f"Searching: {event.query}")
        elif isinstance(event, Reading):
            titles = ", ".join(document.title for document in event.documents[:TITLES])
            yield self._frame("RESPONSE_PROGRESS", text=f"Reading: {titles or 'nothing'}")
        elif isinstance(event, TextDelta):
            yield self._frame("RESPONSE_OUTPUT_TEXT_DELTA", delta=event.text)
        elif isinstance(event, Finished):
            yield self._frame("RESPONSE_OUTPUT_TEXT_DONE", text=event.answer.text)
            yield self._frame("RESPONSE_COMPLETED", response=self._reply.completed(event.answer))

    def _frame(self, name: str, **data: object) -> bytes:
        self._number += 1
        return frame(self._number, name, {"type": name, "response_id": self._reply.id, **data})

    def broken(self, found: Problem) -> bytes:
        return self._frame("RESPONSE_FAILED", response=self._reply.failed(found))


def run_failure(found: Problem) -> tuple[str, object]:
    """The event that ends a run which failed."""
    code = CODES.get(found.status, "internal_error")
    return "run.failed", {"error": {"code": code, "message": found.message}}


def results_json(found: Sequence[FoundDocument], snippets: Snippets) -> list[dict[str, Any]]:
    """The PlatformResults of a page."""
    return [_result_json(each, snippets) for each in found]


def _result_json(found: FoundDocument, snippets: Snippets) -> dict[str, Any]:
    document = found.document
    return {
        "url": document.url,
        "title": document.title,
        "datasource": document.datasource,
        "snippets": [piece.text for piece in snippets.of(found)],
        "document_type": kind(document),
        "updated_at": _time(document.updated_at),
        "created_at": _time(document.created_at),
        **_people_json(document),
    }


def _people_json(document: Document) -> dict[str, Any]:
    people = {"creator": document.author, "owner": owner(document)}
    return {role: {"name": name} for role, name in people.items() if name}


def _time(microseconds: int | None) -> str | None:
    if microseconds is None:
        return None
    return rfc3339(datetime.fromtimestamp(microseconds / 1_000_000, UTC))


def fields_json(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """What documents can be filtered by: what all have, and what their source says of these."""
    common = [{"field": name, "type": kind, "operators": list(EQUALITY)} for name, kind in COMMON]
    known = {name for name, _ in COMMON}
    own = [
        {"field": name, "type": "STRING", "operators": [each.value for each in Relation]}
        for name in properties_of(documents)
        if name not in known
    ]
    return [*common, *own]


def values_json(documents: Sequence[Document]) -> list[dict[str, Any]]:
    """The same, each with the values that these documents have."""
    names = [*(name for name, _ in COMMON), *properties_of(documents)]
    counted = {facet.field: facet for facet in facets(documents, names, VALUES)}
    listed = fields_json(documents)
    for field in listed:
        buckets = counted[field["field"]].buckets if field["field"] in counted else ()
        field["values"] = [bucket.value for bucket in buckets]
    return listed
