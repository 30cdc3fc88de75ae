"""Yes and no: said only where a plain sentence says it; what is not so, where that is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stook.answering.extractive.answerer import Extract, extract_answer
from stook.answering.extractive.candidates import candidates
from stook.answering.extractive.forms.polarity import verdict
from stook.answering.extractive.ranker import rank
from stook.understanding.acts import Act, act_of
from tests.conversation.corpus import brief


def answered(question: str, text: str) -> Extract:
    made = brief(question, {"Rules": text})
    asked = replace(made.question, asked=question, act=act_of(question).act)
    return extract_answer(replace(made, question=asked))


def said(question: str, sentence: str) -> str | None:
    ranked = rank(candidates(brief(question, {"Rules": f"# Rules\n\n{sentence}\n"})))
    return verdict(question, ranked, ranked.units[0])


@pytest.mark.parametrize(
    ("question", "sentence", "wanted"),
    [
        ("Are dogs allowed?", "Dogs are allowed in the yard.", "Yes"),
        ("Are dogs allowed?", "Dogs are not allowed.", "No"),
        ("Is smoking allowed?", "Smoking is forbidden.", "No"),
        ("Is parking free?", "Parking is free.", "Yes"),
        ("Is business class paid?", "Business class is not paid.", "No"),
        ("Do I have to wear a badge?", "You must wear a badge.", "Yes"),
        ("Do I have to wear a badge?", "Guests must wear a badge.", None),
        ("Do I have to wear a badge?", "You do not have to wear a badge.", "No"),
        ("Sind Hunde erlaubt?", "Hunde sind nicht erlaubt.", "Nein"),
        ("Muss ich einen Ausweis tragen?", "Alle müssen einen Ausweis tragen.", "Ja"),
        # with a condition, a number, an exception, or not about all that is asked
        ("Are dogs allowed?", "Dogs are allowed on Fridays only.", None),
        ("May I keep a gift?", "You may keep a gift up to £30.", None),
        ("Can I carry days over?", "You may carry 6 days over.", None),
        ("May a partner share my room?", "A partner may share it if nothing costs more.", None),
        ("Are dogs allowed?", "Dogs are not allowed. Except guide dogs.", None),
        ("Are jokes allowed?", "Jokes are no excuse.", None),
        ("Are cats allowed in the yard?", "Dogs are allowed in the yard.", None),
        ("Are dogs not allowed?", "Dogs are not allowed.", None),
        ("Is the office in Porto big?", "The office in Porto is open.", None),
        ("Why are dogs allowed?", "Dogs are allowed.", None),
    ],
)
def test_yes_and_no(question: str, sentence: str, wanted: str | None) -> None:
    assert said(question, sentence) == wanted


def test_what_holds_in_one_section_alone_is_no_yes_or_no() -> None:
    text = "# Offices\n\n## Hamburg\n\nDogs are not allowed.\n\n## Porto\n\nDogs are allowed.\n"
    assert not answered("Are dogs allowed?", text).draft.text.startswith(("Yes", "No"))
    assert answered("Are dogs allowed in Hamburg?", text).draft.text.startswith("No. Dogs are not")


def test_what_decides_is_the_first_sentence() -> None:
    text = "# Flights\n\nFlights are booked in the tool. Business class is not paid.\n"
    draft = answered("Is business class paid?", text).draft
    assert draft.text == "No. Business class is not paid."
    (citation,) = draft.citations
    at = citation.answer_range
    assert draft.text[at.start : at.end] == citation.snippet.text == "Business class is not paid."


def test_what_is_not_so_goes_first_where_that_is_asked_for() -> None:
    text = (
        "# Releases\n\nReleases to production are shipped every day.\n\n"
        "Nothing is shipped to production on a holiday.\n"
    )
    question = "When must we not ship to production?"
    assert act_of(question).act is Act.NEGATION
    assert answered(question, text).draft.text.startswith("Nothing is shipped")


def test_not_limited_to_is_no_negation() -> None:
    text = (
        "# Fund\n\nThe fund covers sport, including but not limited to rowing.\n\n"
        "The fund does not cover food.\n"
    )
    assert answered("What is not covered by the fund?", text).draft.text == (
        "The fund does not cover food."
    )
