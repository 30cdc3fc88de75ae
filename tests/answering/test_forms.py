"""Forms of answers, over small texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from stook.answering.extractive.answerer import Extract, extract_answer
from stook.answering.extractive.compose import Draft
from stook.answering.extractive.forms.comparison import side_by_side
from stook.answering.outcome import Outcome
from stook.understanding.acts import Act, act_of, topic_of
from stook.understanding.languages import ENGLISH, GERMAN
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


BOATS = """# Boats

| Boat | Seats | Range | Colour |
| --- | --- | --- | --- |
| Heron One | 4 | 30 miles | |
| Heron Two | 9 | 55 miles | red |
| Gannet | 12 | 80 miles | blue |
"""


def compared(names: Sequence[str], about: str = "", **limits: int) -> Draft | None:
    """The things of these names side by side."""
    return side_by_side(brief("Compare the boats", {"Boats": BOATS}, **limits), names, about)


def test_rows_of_a_table_are_compared_aspect_by_aspect() -> None:
    draft = compared(["Heron One", "Heron Two"])
    assert draft is not None
    assert draft.text.split("\n") == [
        "- **Seats**: Heron One: 4; Heron Two: 9",
        "- **Range**: Heron One: 30 miles; Heron Two: 55 miles",
        "- **Colour**: Heron One: –; Heron Two: red",
    ]


def test_each_cell_of_a_comparison_is_cited_by_its_row() -> None:
    draft = compared(["Heron One", "Gannet"])
    assert draft is not None and len(draft.citations) == 6
    for citation in draft.citations:
        at = citation.answer_range
        cell = draft.text[at.start : at.end]
        assert cell == "–" or cell in citation.snippet.text
    assert "Gannet" in draft.citations[1].snippet.text


@pytest.mark.parametrize(
    ("about", "columns"),
    [
        ("range", ["Range"]),
        ("colour and seats", ["Seats", "Colour"]),
        ("range and how many get wet", ["Seats", "Range", "Colour"]),
    ],
)
def test_a_comparison_is_of_what_it_is_about(about: str, columns: list[str]) -> None:
    draft = compared(["Heron Two", "Gannet"], about)
    assert draft is not None
    assert re.findall(r"\*\*(\w+)\*\*", draft.text) == columns


def test_what_has_no_row_is_not_compared_in_a_table() -> None:
    assert compared(["Heron One", "Puffin"]) is None
    assert compared(["Heron", "Heron Two"]) is None
    assert compared(["Heron One", "Heron Two"], max_characters=20) is None


HUTS = """# Huts

## North hut

The hut is at the north bay. **Soup:** on Mondays.

## South hut

The hut is at the south bay. **Soup:** on Fridays.

## East hut

The hut is at the cape. Nobody cooks.

## West hut

The hut is at the dunes. **Soup:** every day.
"""


def test_what_stands_in_several_sections_is_gathered_whole() -> None:
    draft = answered("List all huts", {"Huts": HUTS}).draft
    assert draft.text.split("\n") == [
        "- **North hut**: The hut is at the north bay.",
        "- **South hut**: The hut is at the south bay.",
        "- **East hut**: The hut is at the cape.",
        "- **West hut**: The hut is at the dunes.",
    ]
    for citation in draft.citations:
        at = citation.answer_range
        assert draft.text[at.start : at.end] == citation.snippet.text


def test_whether_there_is_anything_about_a_topic() -> None:
    found = answered("Is there anything about soup?", {"Huts": HUTS})
    assert found.outcome is Outcome.ANSWERED
    assert found.draft.text.count("**Soup:**") == 3
    assert found.draft.text.startswith("- **North hut**: ")
    assert answered("Is there anything about dragons?", {"Huts": HUTS}).outcome is not (
        Outcome.ANSWERED
    )


def test_what_is_gathered_is_of_what_is_asked() -> None:
    text = answered("When is there soup in each hut?", {"Huts": HUTS}).draft.text
    assert text.count("Soup") == 3 and "cape" not in text


WORDS = "opens warms cools glows rests hums smokes shuts ticks drips".split()
SAUNA = """# Sauna

The sauna opens at six. The sauna closes at ten. A sauna towel costs 3 euro.

## Rules

Nobody runs in the sauna.
"""


def after(turn: str, said: str, **limits: int) -> Extract:
    """What is answered to a turn about the answer ``said`` to a question about the sauna."""
    made = brief("When does the sauna open?", {"Sauna": SAUNA}, **limits)
    act = act_of(turn).act
    question = replace(made.question, asked=turn, act=act, said=said)
    return extract_answer(replace(made, question=question))


def test_more_is_what_was_not_said() -> None:
    first = after("When does the sauna open?", "").draft.text
    assert "opens at six" in first
    more = after("more", first)
    assert more.outcome is Outcome.ANSWERED
    assert "opens at six" not in more.draft.text
    assert more.draft.citations


def test_more_where_all_is_said() -> None:
    extract = after("anything else?", SAUNA)
    assert extract.outcome is Outcome.NOTHING
    assert extract.draft.text == ENGLISH.replies.nothing_more
    assert after("noch mehr?", SAUNA).draft.text == GERMAN.replies.nothing_more


def test_shorter_is_one_sentence_of_what_was_said() -> None:
    said = "The sauna closes at ten. A sauna towel costs 3 euro."
    text = after("shorter please", said).draft.text
    assert text in said and text.count(".") == 1


def test_a_list_is_shortened_to_one_line() -> None:
    text = "# Lessons\n\nThe lessons that are paid are these:\n\n- diving in the bay\n- rowing\n"
    made = brief("Which lessons are paid?", {"Lessons": text})
    question = replace(made.question, asked="shorter", act=Act.SHORTER, said=text)
    draft = extract_answer(replace(made, question=question)).draft
    assert draft.text == "diving in the bay; rowing"
    assert draft.citations[0].snippet.text == "- diving in the bay\n- rowing"


def test_a_summary_is_asked_for_in_german() -> None:
    text = answered("Fasse die Seite Ferry pass zusammen", PAGES).draft.text
    assert "- **Price**" in text


def test_what_only_leads_in_is_not_the_short_answer() -> None:
    text = "# Lessons\n\nThe lessons that are paid are these:\n\n- diving lessons in the bay\n"
    made = brief("Which lessons are paid?", {"Lessons": text})
    said = "The lessons that are paid are these: diving lessons in the bay"
    for turn, wanted in (("shorter", 1), ("are you sure?", 1)):
        question = replace(made.question, asked=turn, act=act_of(turn).act, said=said)
        shown = extract_answer(replace(made, question=question)).draft.text
        assert shown.count("diving lessons") == wanted


def test_a_page_without_sections_is_summarised_at_length() -> None:
    text = " ".join(f"The kiln {word} at noon on the quay." for word in WORDS)
    draft = answered("Summarise the kiln", {"Kiln": f"# Kiln\n\n{text} Kilns must be:\n"}).draft
    assert draft.text.count("The kiln") == 7 and "must be:" not in draft.text


def test_doubt_is_answered_with_what_it_rests_on() -> None:
    draft = after("are you sure?", "The sauna opens at six.").draft
    assert draft.text == "This is what “Sauna” says:\n\nThe sauna opens at six."
    (citation,) = draft.citations
    at = citation.answer_range
    assert draft.text[at.start : at.end] == citation.snippet.text == "The sauna opens at six."
    limited = after("are you sure?", "The sauna opens at six.", max_characters=30).draft
    assert limited.text == "The sauna opens at six."


def test_a_long_page_is_summarised_in_few_words() -> None:
    sections = "\n\n".join(
        f"## Part {n}\n\n" + " ".join(f"Buoy {n} of row {m} is {m} metres deep." for m in range(40))
        for n in range(30)
    )
    text = answered("Summarise the buoys", {"Buoys": f"# Buoys\n\n{sections}"}).draft.text
    assert len(text.split()) < 240
    assert text.count("- **Part") == 8
