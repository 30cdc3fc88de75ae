"""Forms of answers, over small texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from stook.answering.extractive.answerer import Extract, extract_answer
from stook.answering.outcome import Outcome
from stook.understanding.acts import act_of, topic_of
from tests.conversation.corpus import brief

FERRY = """# Ferry pass

The ferry pass takes staff across the bay.

## Price

The pass is sold at the desk. A pass costs 31 euro a month. Ask at the desk.

## Routes

| Route | Minutes |
| --- | --- |
| Old quay | 12 |
| Light house | 25 |

## Losing it

- call the desk
- wait a day

## Further reading

[All timetables](https://ferry.example.com/times)
"""
CANTEEN = """# Canteen

## Ferry lunch

The ferry lunch is soup.
"""
PAGES = {"Ferry pass": FERRY, "Canteen": CANTEEN}


def answered(question: str, texts: Mapping[str, str], **limits: int) -> Extract:
    """What is answered to a question, in the form of its kind."""
    act = act_of(question).act
    made = brief(topic_of(question, act), texts, **limits)
    return extract_answer(replace(made, question=replace(made.question, asked=question, act=act)))


def test_a_summary_has_the_sections_in_their_order() -> None:
    extract = answered("Summarise the ferry pass", PAGES)
    assert extract.outcome is Outcome.ANSWERED
    assert extract.draft.text.split("\n") == [
        "- **Ferry pass**: The ferry pass takes staff across the bay.",
        "- **Price**: The pass is sold at the desk. A pass costs 31 euro a month.",
        "- **Routes**: Route: Old quay; Minutes: 12. Route: Light house; Minutes: 25.",
        "- **Losing it**: call the desk; wait a day",
    ]


def test_each_sentence_of_a_summary_is_cited_word_for_word() -> None:
    draft = answered("tl;dr of the ferry pass", PAGES).draft
    for citation in draft.citations:
        shown = draft.text[citation.answer_range.start : citation.answer_range.end]
        span = citation.snippet.span
        assert FERRY[span.start : span.end] == citation.snippet.text
        assert shown.split()[-1].strip(".") in citation.snippet.text
    headings = [citation.heading_path[-1] for citation in draft.citations]
    assert headings == sorted(headings, key=FERRY.index)


@pytest.mark.parametrize(
    "question", ["Overview of the ferry lunch", "What are the main points of the ferry lunch?"]
)
def test_a_section_is_summarised_alone(question: str) -> None:
    assert answered(question, PAGES).draft.text == "- **Ferry lunch**: The ferry lunch is soup."


@pytest.mark.parametrize(
    "question", ["Summarise the Madrid ferry pass", "Give me a summary of the Vasa ferry pass"]
)
def test_what_does_not_speak_of_a_name_is_not_its_summary(question: str) -> None:
    text = answered(question, PAGES).draft.text
    assert "- **Price**" not in text


def test_a_summary_keeps_to_the_limit() -> None:
    extract = answered("Summarise the ferry pass", PAGES, max_characters=80)
    assert extract.draft.text == "- **Ferry pass**: The ferry pass takes staff across the bay."
    assert extract.draft.cut


def test_a_long_page_is_summarised_in_few_words() -> None:
    sections = "\n\n".join(
        f"## Part {n}\n\n" + " ".join(f"Buoy {n} of row {m} is {m} metres deep." for m in range(40))
        for n in range(30)
    )
    text = answered("Summarise the buoys", {"Buoys": f"# Buoys\n\n{sections}"}).draft.text
    assert len(text.split()) < 240
    assert text.count("- **Part") == 8
