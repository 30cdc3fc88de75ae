"""Writes a chat as Markdown, its citations numbered and its sources listed below each answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stook.answering.pieces import Citation
from stook.application.chats import Message, ReadChat
from stook.understanding.question import Author


def as_markdown(read: ReadChat) -> str:
    """Return the chat as its reader may see it: each question a heading, its answer below."""
    return "\n\n".join((f"# {_line(read.chat.title)}", *map(_message, read.messages))) + "\n"


def _message(message: Message) -> str:
    if message.author is Author.USER:
        return f"## {_line(message.text)}"
    numbers = _numbers(message.citations)
    sources = (_source(number, citation) for citation, number in numbers.values())
    return "\n\n".join(filter(None, (_numbered(message, numbers), "\n".join(sources))))


Numbers = dict[tuple[str, int, str], tuple[Citation, int]]


def _numbers(citations: Sequence[Citation]) -> Numbers:
    """Number citations as they appear; the same words have one number."""
    found: Numbers = {}
    for citation in sorted(citations, key=lambda one: one.answer_range.end):
        found.setdefault(_words(citation), (citation, len(found) + 1))
    return found


def _words(citation: Citation) -> tuple[str, int, str]:
    return citation.document.id, citation.snippet.span.start, citation.snippet.text


def _numbered(message: Message, numbers: Numbers) -> str:
    """Put each number behind the text that rests on it."""
    marks: dict[int, list[int]] = {}
    for citation in message.citations:
        place = _place(message.text, citation.answer_range.end)
        number = numbers[_words(citation)][1]
        if number not in marks.setdefault(place, []):
            marks[place].append(number)
    return "".join(_pieces(message.text, marks)).strip()


def _pieces(text: str, marks: dict[int, list[int]]) -> Iterator[str]:
    begun = 0
    for place in sorted(marks):
        yield text[begun:place]
        yield "".join(f" [{number}]" for number in sorted(marks[place]))
        begun = place
    yield text[begun:]


def _place(text: str, end: int) -> int:
    """Before white space, and inside the last cell of a table's row."""
    place = len(text[:end].rstrip())
    if text[:place].endswith("|"):
        place = len(text[: place - 1].rstrip(" "))
    return place


def _source(number: int, citation: Citation) -> str:
    document = citation.document
    where = f", {citation.place}" if citation.place else ""
    words = _line(citation.snippet.text)
    return f"- [{number}] {_line(document.title)}{where} ({document.url}): “{words}”"


def _line(text: str) -> str:
    return " ".join(text.split())
