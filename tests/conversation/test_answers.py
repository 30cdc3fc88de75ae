"""Answers to the question files: over the sample handbook, and over a real company's."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import pytest

from stook.answering.outcome import Outcome
from stook.conversation.events import Answer, Ask, Turn
from stook.identity.principals import EVERYONE, Principal
from stook.knowledge.store import repository as documents
from stook.runtime import Runtime
from stook.understanding.question import Author
from tests.conversation.corpus import NOW, answer_to, ask, questions

pytestmark = [pytest.mark.whole, pytest.mark.asyncio(loop_scope="session")]

RIGHT = 0.82  # of the answerable questions of the sample handbook
REFUSED = 0.8  # of the others
WRONGLY_REFUSED = 0.1


def asked(row: dict[str, Any]) -> Ask:
    history: list[Turn] = []
    for turn in row["history"]:
        history += [Turn(Author.USER, turn["question"]), Turn(Author.ASSISTANT, turn["answer"])]
    principal = Principal(row["ask_as"]) if row["ask_as"] else EVERYONE
    now = (
        datetime.fromisoformat(row["asked_on"]).replace(tzinfo=NOW.tzinfo)
        if "asked_on" in row
        else NOW
    )
    return ask(row["question"], principal, history=tuple(history), now=now, suggest=False)


def verdict(row: dict[str, Any], answer: Answer) -> str:
    """How an answer fares against what its row wants."""
    if answer.refused:
        return "refused" if row["answerable"] else "rightly refused"
    if not row["answerable"]:
        return "answered"
    cited = {citation.document.external_id for citation in answer.citations}
    if not cited & set(row.get("documents", [row["document"]])):
        return "other document"
    text = plain(answer.text)
    return "right" if all(plain(wanted) in text for wanted in row["contains"]) else "incomplete"


def plain(text: str) -> str:
    return " ".join(text.casefold().replace("*", "").replace("`", "").split())


async def judged(runtime: Runtime, rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    results: list[tuple[str, str]] = []
    for row in rows:
        answer = await answer_to(runtime, asked(row))
        assert (answer.outcome is Outcome.NOTHING) == (answer.citations == ())
        await assert_verbatim(runtime, asked(row).principal, answer)
        results.append((verdict(row, answer), row["question"]))
    return results


async def assert_verbatim(runtime: Runtime, principal: Principal, answer: Answer) -> None:
    for citation in answer.citations:
        text = await runtime.database.read(documents.text_of, principal, citation.document.id)
        span = citation.snippet.span
        assert text[span.start : span.end] == citation.snippet.text
        assert 0 <= citation.answer_range.start < citation.answer_range.end <= len(answer.text)


async def test_the_sample_handbook_answers_its_questions(handbook: Runtime) -> None:
    results = await judged(handbook, questions("handbook.jsonl"))
    counts = Counter(result for result, _ in results)
    missed = [result for result in results if result[0] not in ("right", "rightly refused")]
    answerable = sum(row["answerable"] for row in questions("handbook.jsonl"))
    assert counts["right"] >= RIGHT * answerable, missed
    assert counts["refused"] <= WRONGLY_REFUSED * answerable, missed
    assert counts["rightly refused"] >= REFUSED * (len(results) - answerable), missed


async def test_restricted_words_never_come_out(handbook: Runtime) -> None:
    """Whoever may not read a document gets no word of it, whatever is asked."""
    closed = [row for row in questions("handbook.jsonl") if row["ask_as"] and row["answerable"]]
    assert closed
    for row in closed:
        answer = await answer_to(handbook, asked(row | {"ask_as": None}))
        assert all("restricted" not in c.document.external_id for c in answer.citations)
        wanted = [plain(text) for text in row["contains"]]
        assert not all(text in plain(answer.text) for text in wanted), row["question"]


@pytest.mark.timeout(1500)
async def test_a_real_company_handbook(sourcegraph: Runtime) -> None:
    """ "What are the company holidays this year?" and 20 more, from the right file in 18."""
    rows = questions("sourcegraph.jsonl")
    results = await judged(sourcegraph, rows)
    assert results[0] == ("right", "What are the company holidays this year?")
    from_right_file = [result for result in results[1:] if result[0] in ("right", "incomplete")]
    assert len(from_right_file) >= 18, results
