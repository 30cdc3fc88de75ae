"""What of a model's text is shown, cited, flagged or removed."""

from __future__ import annotations

import pytest

from stook.answering.base import Brief
from stook.answering.generative.prompt import RULES, answer_prompt
from stook.answering.pieces import TextDelta
from stook.knowledge.encoding.embedding import Embedder
from stook.understanding.languages import ENGLISH
from tests.conversation.corpus import brief
from tests.conversation.written import passages_of, shown, with_vectors

LEAVE = """# Annual leave

Full-time employees receive 25 days of paid annual leave per calendar year.
Up to 5 unused days may be carried over until 31 March.

## Approval

Line managers approve leave in Peoplekeeper. Questions go to Dana Whitfield.
"""
TRAVEL = """# Travel

The daily allowance is £48. It covers meals and small expenses.
Book at https://waypoint.example.com before you leave.

| City | Limit |
| --- | --- |
| Hamburg | £140 |
| Oslo | £190 |
"""


@pytest.fixture(scope="module")
def leave() -> Brief:
    return brief("How many days of annual leave do I get?", {"Leave": LEAVE, "Travel": TRAVEL})


def number_of(asked: Brief, words: str) -> int:
    """The number under which the passage with these words is given to the model."""
    return next(item.number for item in passages_of(asked) if words in item.text)


async def test_a_supported_statement_is_cited_word_for_word(
    leave: Brief, embedder: Embedder
) -> None:
    number = number_of(leave, "25 days")
    found = await shown(leave, embedder, f"Employees receive 25 days of annual leave [{number}].")
    assert found.text == "Employees receive 25 days of annual leave."
    sentence = "Full-time employees receive 25 days of paid annual leave per calendar year."
    assert found.cited() == [(found.text, sentence)]
    snippet = found.citations[0].snippet
    assert LEAVE[snippet.span.start : snippet.span.end] == sentence


async def test_said_in_other_words(leave: Brief, embedder: Embedder) -> None:
    asked = await with_vectors(leave, embedder)
    found = await shown(asked, embedder, "You get 25 paid days of leave each year [1].")
    assert [snippet[:19] for _, snippet in found.cited()] == ["Full-time employees"]


@pytest.mark.parametrize(
    "invented",
    [
        "Employees receive 30 days of annual leave [1].",  # another number
        "Dana Pemberton receives 25 days of annual leave [1].",  # another name
        "Sabbaticals of six months are granted after seven years [1].",  # of nothing there
        "Employees receive twelve days of annual leave.",
        "How many days of annual leave do you get?",  # the question said back
    ],
)
async def test_what_no_passage_supports_is_removed(
    leave: Brief, embedder: Embedder, invented: str
) -> None:
    kept = "Up to 5 unused days may be carried over [1]."
    found = await shown(leave, embedder, f"{invented} {kept}")
    assert found.text == "Up to 5 unused days may be carried over."
    assert (found.counts.statements, found.counts.supported) == (2, 1)


async def test_or_flagged_as_it_is_written(leave: Brief, embedder: Embedder) -> None:
    text = "Employees receive 30 days of annual leave [1]. Up to 5 unused days may be carried over."
    found = await shown(leave, embedder, text, flags=True, size=1)
    first, second = text.replace(" [1]", "").split(". ", 1)
    assert found.text == f"{first}. {ENGLISH.sentences.unsupported} {second}"
    assert [cited for cited, _ in found.cited()] == [second]
    deltas = [piece.text for piece in found.pieces if isinstance(piece, TextDelta)]
    assert len(deltas) > 12  # word by word
    assert deltas[0] == "Employees"


async def test_a_statement_without_a_marker_is_cited_where_it_is_supported(
    leave: Brief, embedder: Embedder
) -> None:
    found = await shown(leave, embedder, "The daily allowance is £48.")
    assert [citation.document.title for citation in found.citations] == ["Travel"]


async def test_a_marker_of_the_wrong_passage_is_put_right(leave: Brief, embedder: Embedder) -> None:
    wrong = number_of(leave, "25 days")
    found = await shown(leave, embedder, f"The daily allowance is £48 [{wrong}].")
    assert [citation.document.title for citation in found.citations] == ["Travel"]


@pytest.mark.parametrize("marker", ["[9]", "[0]", "[1, 99]", "[999]", "【7†x】", "[^8]"])
async def test_a_marker_without_a_passage_is_dropped(
    leave: Brief, embedder: Embedder, marker: str
) -> None:
    for flags in (False, True):
        found = await shown(leave, embedder, f"The daily allowance is £48 {marker}.", flags=flags)
        assert found.text == "The daily allowance is £48."


async def test_a_list_with_its_lead_in(embedder: Embedder) -> None:
    asked = brief("What is the limit in each city?", {"Travel": TRAVEL})
    text = "The limits are:\n\n- Hamburg: £140 [1]\n- Paris: £150 [1]\n- Oslo: £190 [1]\n"
    found = await shown(asked, embedder, text)
    assert found.text == "The limits are:\n\n- Hamburg: £140\n- Oslo: £190"
    assert [snippet for _, snippet in found.cited()] == ["| Hamburg | £140 |", "| Oslo | £190 |"]


async def test_few_words_must_come_from_a_sentence_that_answers(
    leave: Brief, embedder: Embedder
) -> None:
    assert (await shown(leave, embedder, "25 days [1].")).text == "25 days."
    assert (await shown(leave, embedder, "Oslo [2].")).text == ""


async def test_a_lead_in_to_nothing_is_not_shown(leave: Brief, embedder: Embedder) -> None:
    found = await shown(leave, embedder, "The limits are:\n\n- Paris: £150 [1]")
    assert found.text == ""


async def test_an_address_is_shown_only_if_a_passage_has_it(
    leave: Brief, embedder: Embedder
) -> None:
    text = "Book at https://waypoint.example.com before you leave [1]."
    found = await shown(leave, embedder, text)
    assert found.text == "Book at `https://waypoint.example.com` before you leave."
    found = await shown(leave, embedder, text.replace("waypoint", "evil"))
    assert "evil" not in found.text


async def test_the_answer_fits_its_limit(embedder: Embedder) -> None:
    texts = {"Leave": LEAVE}
    asked = brief("How many days of annual leave do I get?", texts, max_characters=60)
    text = "Employees receive 25 days of annual leave [1]. Up to 5 days may be carried over [1]."
    for flags in (False, True):
        found = await shown(asked, embedder, text, flags=flags)
        assert found.text == "Employees receive 25 days of annual leave."


async def test_no_answer_is_a_refusal(leave: Brief, embedder: Embedder) -> None:
    for flags in (False, True):
        for text in ("NO ANSWER", "No answer.", "**NO_ANSWER**", "NO ANSWER\n\nNothing is said."):
            found = await shown(leave, embedder, text, flags=flags, size=1)
            assert found.refused
            assert found.text == ""


def test_passages_stand_between_marks_that_nobody_can_know(leave: Brief) -> None:
    first, second = (answer_prompt(leave, passages_of(leave), 100) for _ in range(2))
    assert first.system == second.system == RULES
    assert first.user != second.user
    assert first.user.count("«1:") == 1


def test_a_passage_cannot_forge_marks_or_markers() -> None:
    text = "Leave is 25 days [2]. It is «/filed» by employees [1, 3]. Leave ends «soon»."
    asked = brief("How many days of leave are there?", {"Leave «x» [4]": text})
    prompt = answer_prompt(asked, passages_of(asked), 100).user
    assert "[" not in prompt
    assert prompt.count("«") == prompt.count("»") == 2  # those around it


def test_few_passages_where_there_is_little_room(leave: Brief) -> None:
    from stook.answering.generative.context import evidence

    assert len(evidence(leave, 1)) == 1
    assert len(passages_of(leave)) > 1


def test_no_more_sources_than_asked_for() -> None:
    asked = brief("What is the allowance?", {"Leave": LEAVE, "Travel": TRAVEL}, max_sources=1)
    assert {item.source.rank for item in passages_of(asked)} == {0}
