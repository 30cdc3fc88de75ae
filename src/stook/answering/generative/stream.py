"""Turns a model's text into pieces of an answer, statement by statement, as it is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from stook.answering.base import Brief, Noted, Piece
from stook.answering.extractive.compose import cut_at_word
from stook.answering.generative.attribution import Grounding, Verdict
from stook.answering.generative.prompt import NO_ANSWER
from stook.answering.generative.sanitising import Known
from stook.answering.generative.statements import Statement, Statements
from stook.answering.pieces import Cited, TextDelta
from stook.knowledge.store.documents import Span
from stook.understanding import locales


@dataclass(slots=True)
class Counts:
    """How many statements a model made, and how many of them a passage supports."""

    statements: int = 0
    supported: int = 0

    def noted(self) -> Noted:
        """The share of supported statements, as it is kept and logged."""
        share = self.supported / self.statements if self.statements else 0.0
        return Noted(
            statements=self.statements, supported=self.supported, supported_share=round(share, 3)
        )


class Writing:
    """One answer while a model writes it.

    Where unsupported statements are removed, each is shown once it has been checked. Where they
    are flagged, text is shown as it comes, and the flag after it.
    """

    def __init__(self, brief: Brief, grounding: Grounding, known: Known, *, flags: bool) -> None:
        self.counts = Counts()
        self.refused = False  # the model says that the passages do not answer
        self.full = False  # there is no room for more
        self.length = 0  # characters shown
        self._brief = brief
        self._grounding = grounding
        self._statements = Statements(known)
        self._flags = flags
        self._at_once = flags and brief.max_characters is None
        self._ahead = 0  # characters of the statement to come that are shown already
        self._lead_in = ""  # to be shown with the next statement that is supported

    @property
    def done(self) -> bool:
        """Whether what the model writes further on is of no use."""
        return self.refused or self.full

    async def take(self, text: str) -> AsyncIterator[Piece]:
        """What can be shown after this piece of the model's text."""
        for statement in self._statements.feed(text):
            async for piece in self._settle(statement):
                yield piece
        tail = self._statements.tail
        if self._at_once and not self.done and not self._may_refuse(tail):
            for piece in self._shown(tail[self._ahead :] if self.length else tail.lstrip()):
                yield piece
            self._ahead = len(tail)

    async def finish(self) -> AsyncIterator[Piece]:
        """The rest, when the model has ended."""
        for statement in self._statements.finish():
            async for piece in self._settle(statement):
                yield piece

    def _may_refuse(self, text: str) -> bool:
        return not self.length and NO_ANSWER.startswith(_plain(text))

    async def _settle(self, statement: Statement) -> AsyncIterator[Piece]:
        if self.done:
            return
        if not self.length and not self.counts.statements and _says_no_answer(statement.text):
            self.refused = True
            return
        verdict = await self._grounding.check(statement)
        if not verdict.says_nothing:
            self.counts.statements += 1
            self.counts.supported += verdict.supported
        settle = self._flagged if self._flags else self._supported
        for piece in settle(statement, verdict):
            yield piece

    def _supported(self, statement: Statement, verdict: Verdict) -> list[Piece]:
        """The statement, if it is supported; a lead-in waits for what it leads in to."""
        if verdict.says_nothing:
            self._lead_in += statement.whole
            return []
        if not verdict.supported:
            return []
        lead, self._lead_in = self._lead_in + statement.lead, ""
        return self._cited(lead if self.length else lead.lstrip(), statement.text, verdict)

    def _flagged(self, statement: Statement, verdict: Verdict) -> list[Piece]:
        """The statement as far as it is not shown yet, and a flag if it needs one."""
        ahead, self._ahead = self._ahead, 0
        flag = "" if verdict.supported else f" {locales.unsupported(self._brief.locale)}"
        if ahead:
            end = self.length - ahead + len(statement.whole)
            start = end - len(statement.text)
            pieces = self._shown(statement.whole[ahead:])
            citation = verdict.citation(Span(max(start, 0), end))
            return [*pieces, *([Cited(citation)] if citation else []), *self._shown(flag)]
        lead = statement.lead if self.length else ""
        return [*self._cited(lead, statement.text, verdict), *self._shown(flag)]

    def _cited(self, lead: str, text: str, verdict: Verdict) -> list[Piece]:
        limit = self._brief.max_characters
        if limit is not None and self.length + len(lead) + len(text) > limit:
            self.full = True
            if self.length:
                return []
            text = cut_at_word(text, limit - len(lead))
        pieces = self._shown(lead + text)
        citation = verdict.citation(Span(self.length - len(text), self.length))
        return [*pieces, *([Cited(citation)] if citation else [])]

    def _shown(self, text: str) -> list[Piece]:
        self.length += len(text)
        return [TextDelta(text)] if text else []


def _plain(text: str) -> str:
    return " ".join(text.upper().replace("_", " ").strip(" .*`\"'\n").split())


def _says_no_answer(text: str) -> bool:
    return _plain(text) == NO_ANSWER
