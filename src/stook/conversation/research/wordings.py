"""Other words for a question: its key terms, and the words of the documents found first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stook.answering.base import Brief
from stook.understanding.content import text_terms
from stook.understanding.followup import topic_phrase

HEADINGS = 3  # of the best passages, from which words are taken
MOST = 3
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")


def wordings(text: str, brief: Brief) -> list[str]:
    """Queries that say the same in other words, none of them like another."""
    seen = {text_terms(text)}
    found: list[str] = []
    for wording in _candidates(text, brief):
        terms = text_terms(wording)
        if terms and terms not in seen:
            seen.add(terms)
            found.append(wording)
    return found[:MOST]


def _candidates(text: str, brief: Brief) -> Iterator[str]:
    topic = topic_phrase(text)
    yield topic
    for passage in brief.found.passages[:HEADINGS]:
        # What the documents call it: "time off" is found by the heading above what was found.
        yield f"{topic} {' '.join((passage.document.title, *passage.heading_path[-1:]))}"
    names = [name for passage in brief.found.passages[:1] for name in _NAME.findall(passage.text)]
    if names:
        yield f"{topic} {names[0]}"
