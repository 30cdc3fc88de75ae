"""Events as the JSON that is kept of a running turn, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, get_args

from pydantic import TypeAdapter

from stook import errors
from stook.answering.pieces import Cited
from stook.conversation.events import Event, Failed, Finished, Reading

# Only these are told apart by a client that comes back; the others make the answer unavailable.
_TOLD: tuple[type[errors.StookError], ...] = (
    errors.InvalidRequest,
    errors.Forbidden,
    errors.NotFound,
    errors.Conflict,
    errors.Stopped,
    errors.TimedOut,
)
_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    kind.__name__: TypeAdapter(kind) for kind in get_args(Event) if kind is not Failed
}


def to_json(event: Event) -> dict[str, Any]:
    """An event as plain JSON."""
    kind = type(event).__name__
    if isinstance(event, Failed):
        error = event.error
        message = error.message if isinstance(error, errors.StookError) else None
        return {"kind": kind, "error": type(error).__name__, "message": message}
    return {"kind": kind, "event": _ADAPTERS[kind].dump_python(event, mode="json")}


def from_json(stored: dict[str, Any]) -> Event:
    """The event that ``to_json`` wrote."""
    kind = stored["kind"]
    if kind == Failed.__name__:
        told = {error.__name__: error for error in _TOLD}
        return Failed(told.get(stored["error"], errors.Unavailable)(stored["message"]))
    event: Event = _ADAPTERS[kind].validate_python(stored["event"])
    return event


def cited(events: Iterable[Event]) -> set[str]:
    """The ids of the documents whose words the events repeat."""
    found: set[str] = set()
    for event in events:
        if isinstance(event, Cited):
            found.add(event.citation.document.id)
        elif isinstance(event, Finished):
            found |= {citation.document.id for citation in event.answer.citations}
    return found


def listed(events: Iterable[Event]) -> set[str]:
    """The ids of the documents that the events only name."""
    return {each.id for event in events if isinstance(event, Reading) for each in event.documents}


def without(event: Event, hidden: set[str]) -> Event:
    """The event, naming none of the hidden documents."""
    if not isinstance(event, Reading):
        return event
    shown = tuple(document for document in event.documents if document.id not in hidden)
    return replace(event, documents=shown)
