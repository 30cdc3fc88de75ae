"""Writes the answer to a deep question: what answers each part, one after another."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace

from stook.answering.base import Answerer, Brief, Piece
from stook.answering.generative.answerer import extracted_note
from stook.answering.outcome import Outcome
from stook.answering.pieces import Citation, Cited, TextDelta
from stook.conversation.research.plan import Part
from stook.knowledge.store.documents import Span
from stook.understanding import locales

_BLOCK = re.compile(r"\s*(?:[|>#]|[-*+] |\d+[.)] |```)")  # what begins on a line of its own
LEAD = 8  # characters that a label's marks and the lines before it take
Said = tuple[str, int, int]  # a document's id and a span of it


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a part of the question."""

    part: Part
    brief: Brief
    answers: bool  # as far as can be told


class InSections:
    """Answers a deep question part by part, whatever it is asked."""

    def __init__(self, findings: Sequence[Finding], answerer: Answerer) -> None:
        self._findings = findings
        self._answerer = answerer

    def answer(self, brief: Brief) -> AsyncGenerator[Piece]:
        """The answers of the parts, within the brief's limit."""
        return write(self._findings, self._answerer, brief.max_characters)

    async def can_answer(self, brief: Brief) -> bool:
        """Whether any part is answered."""
        return any(finding.answers for finding in self._findings)


async def write(
    findings: Sequence[Finding], answerer: Answerer, limit: int | None
) -> AsyncGenerator[Piece]:
    """The answers of the parts, each under its label; what was said before is not said again.

    That no language model answered is said once, at the end.
    """
    length = 0
    said: set[Said] = set()
    notes: dict[str, TextDelta] = {}
    for number, finding in enumerate(findings):
        left = None if limit is None else (limit - length) // (len(findings) - number)
        note = TextDelta(extracted_note(finding.brief))
        pieces = await _section(finding, answerer, left)
        if note in pieces:
            pieces.remove(note)
            notes[note.text] = note
        told = _told(pieces)
        if told and told <= said:
            continue
        pieces = _not_said(pieces, said)
        said |= told
        label = finding.part.label or ("" if finding.answers else _sentence(finding.part.text))
        lead = ("\n\n" if length else "") + _label(label, _text(pieces))
        for piece in _moved(pieces, lead, length):
            yield piece
            length += len(piece.text) if isinstance(piece, TextDelta) else 0
    for note in notes.values():
        yield note


async def _section(finding: Finding, answerer: Answerer, limit: int | None) -> list[Piece]:
    brief, part = finding.brief, finding.part
    if limit is not None:
        room = limit - len(part.label or part.text) - LEAD
        brief = replace(brief, max_characters=max(1, room))
    if not finding.answers:
        return [TextDelta(locales.refusal(brief.locale))]
    pieces = [piece async for piece in answerer.answer(brief)]
    return [piece for piece in pieces if not isinstance(piece, Outcome)]


def _not_said(pieces: Sequence[Piece], said: set[Said]) -> list[Piece]:
    """The pieces without those whose passage was shown for a part before."""
    kept: list[Piece] = []
    waiting: list[TextDelta] = []
    removed = 0
    for piece in pieces:
        if isinstance(piece, TextDelta):
            waiting.append(piece)
            continue
        if isinstance(piece, Cited) and _told([piece]) <= said:
            removed += sum(len(each.text) for each in waiting)
            waiting = []
            continue
        if waiting and not kept and removed:  # nothing is before it that it could be apart from
            first = waiting[0].text.lstrip()
            removed += len(waiting[0].text) - len(first)
            waiting[0] = TextDelta(first)
        kept += waiting
        waiting = []
        kept.append(
            Cited(_shifted(piece.citation, -removed)) if isinstance(piece, Cited) else piece
        )
    return [*kept, *waiting]


def _moved(pieces: Sequence[Piece], lead: str, length: int) -> list[Piece]:
    """The pieces behind ``length`` characters of answer and a lead."""
    by = length + len(lead)
    first: list[Piece] = [TextDelta(lead)] if lead else []
    return first + [
        Cited(_shifted(piece.citation, by)) if isinstance(piece, Cited) else piece
        for piece in pieces
    ]


def _shifted(citation: Citation, by: int) -> Citation:
    old = citation.answer_range
    return replace(citation, answer_range=Span(old.start + by, old.end + by))


def _label(label: str, text: str) -> str:
    if not label:
        return ""
    mark = "" if label.endswith("?") else ":"
    return f"**{label}{mark}**" + ("\n\n" if _BLOCK.match(text) else " ")


def _sentence(part: str) -> str:
    return part[:1].upper() + part[1:].rstrip("?") + "?"


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, TextDelta))


def _told(pieces: Sequence[Piece]) -> set[Said]:
    cited = [piece.citation for piece in pieces if isinstance(piece, Cited)]
    return {(one.document.id, one.snippet.span.start, one.snippet.span.end) for one in cited}
