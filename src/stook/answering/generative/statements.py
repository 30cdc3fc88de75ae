"""Cuts a model's text into statements, each with the passages that it names, as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from stook.answering.generative.sanitising import Known, Output
from stook.knowledge.text.sentences import sentences

_MARKER = re.compile(r"(?<![ \t])[ \t]*\[(\d{1,3}(?:[\s,;]+\d{1,3})*)\]")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, list item or table row, without its markers. ``lead`` is the white space before
    it; ``claimed`` are the numbers of the passages that it says it rests on."""

    lead: str
    text: str
    claimed: tuple[int, ...]

    @property
    def whole(self) -> str:
        return self.lead + self.text


class Statements:
    """Takes a model's text in any pieces."""

    def __init__(self, known: Known) -> None:
        self._output = Output(known)
        self._text = ""  # not yet cut, markers taken out
        self._marks: list[tuple[int, int]] = []  # place in it, and number

    @property
    def tail(self) -> str:
        """What is shown of the statement that is not complete yet."""
        return self._text

    def feed(self, piece: str) -> Iterator[Statement]:
        """The statements that this piece completes."""
        self._take(self._output.feed(piece))
        yield from self._complete(last=False)

    def finish(self) -> Iterator[Statement]:
        """The rest."""
        self._take(self._output.finish())
        yield from self._complete(last=True)

    def _take(self, text: str) -> None:
        end = 0
        for match in _MARKER.finditer(text):
            self._text += text[end : match.start()]
            numbers = re.findall(r"\d+", match[1])
            self._marks += [(len(self._text), int(number)) for number in numbers]
            end = match.end()
        self._text += text[end:]

    def _complete(self, *, last: bool) -> Iterator[Statement]:
        while (cut := self._cut(last)) is not None:
            yield self._first(cut)

    def _cut(self, last: bool) -> int | None:
        """Where the first statement ends, if that is certain."""
        start = len(self._text) - len(self._text.lstrip())
        line_end = self._text.find("\n", start)
        line = self._text[: line_end if line_end >= 0 else len(self._text)]
        spans = sentences(line)
        if len(spans) > 1 or (spans and (last or line_end >= 0)):
            return spans[0].end
        return None

    def _first(self, cut: int) -> Statement:
        whole = self._text[:cut]
        claimed = tuple(number for place, number in self._marks if place <= cut)
        self._marks = [(place - cut, number) for place, number in self._marks if place > cut]
        self._text = self._text[cut:]
        text = whole.lstrip()
        return Statement(whole[: len(whole) - len(text)], text, tuple(dict.fromkeys(claimed)))
