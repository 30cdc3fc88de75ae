"""Quoted phrases and identifiers in the sample handbook: found first, and answered from."""

from __future__ import annotations

import re

import pytest

from stook.identity.principals import EVERYONE, Principal
from stook.knowledge.retrieval.exact_phrases import holds_phrase
from stook.knowledge.store.documents import Filters
from stook.runtime import Runtime
from tests.conversation.corpus import answer_to, ask, questions

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROW = re.compile(r"[A-Z][a-z]+(?: [a-z]+){5,}")  # words in a row, with nothing between them
LEAD = "What does the handbook say about days, offices, people and pay where it says"


async def rows_of_words(runtime: Runtime) -> list[str]:
    """Four words in a row from each of many passages."""
    found = await runtime.searcher.search("office work leave pay", EVERYONE, Filters(), 60)
    rows = [ROW.search(passage.text) for passage in found.passages]
    return [" ".join(row.group().split()[2:6]) for row in rows if row]


async def test_every_quoted_phrase_is_found_first(handbook: Runtime) -> None:
    phrases = (await rows_of_words(handbook))[::2]
    assert len(phrases) >= 20
    unquoted = 0
    for phrase in phrases:
        quoted = await handbook.searcher.search(f"{LEAD} “{phrase}”?", EVERYONE, Filters())
        assert holds_phrase(quoted.passages[0].text, phrase), phrase
        plain = await handbook.searcher.search(f"{LEAD} {phrase}?", EVERYONE, Filters())
        unquoted += holds_phrase(plain.passages[0].text, phrase)
    assert unquoted < 0.75 * len(phrases)  # or the quotation marks would bring nothing


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Which team is PIP-0422 about?", "Weir platform"),
        ("which team is pip-0425 about?", "sales in Boston"),
        ("Until when does PIP-0417 run?", "December 4, 2026"),
    ],
)
async def test_identifiers_are_answered_from_where_they_stand(
    handbook: Runtime, question: str, said: str
) -> None:
    rows = questions("handbook.jsonl")
    reader = next(r["ask_as"] for r in rows if r["document"] == "restricted/performance-cases.md")
    answer = await answer_to(handbook, ask(question, Principal(reader)))
    assert said in answer.text
    stranger = await answer_to(handbook, ask(question))
    assert said not in stranger.text
    assert all("restricted/" not in each.document.external_id for each in stranger.citations)


async def test_quotation_marks_do_not_stand_in_the_way_of_an_answer(handbook: Runtime) -> None:
    plain = await answer_to(handbook, ask("What is the daily travel allowance?"))
    quoted = await answer_to(handbook, ask('What is the "daily allowance" for travel?'))
    assert not plain.refused and not quoted.refused
    assert quoted.citations[0].document == plain.citations[0].document
