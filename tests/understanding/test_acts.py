"""What a turn is for, told from its words."""

from __future__ import annotations

import pytest
from benchmarks.quality.acts import figures, turns
from benchmarks.quality.split import Half

from stook.understanding.acts import Act, act_of, features, without_salutation
from stook.understanding.languages import ENGLISH, FRENCH, GERMAN, LANGUAGES, SPANISH
from stook.understanding.languages.base import Language


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("hi", Act.GREETING),
        ("Helloooo there!", Act.GREETING),
        ("thx a lot", Act.THANKS),
        ("see you tomorrow", Act.GOODBYE),
        ("what can you do?", Act.ABILITIES),
        ("who are you", Act.IDENTITY),
        ("that's wrong", Act.COMPLAINT),
        ("and?", Act.MORE),
        ("shorter please", Act.SHORTER),
        ("are you sure?", Act.DOUBT),
        ("no, I meant sick leave", Act.CORRECTION),
        ("Compare the Porto and Boston offices", Act.COMPARISON),
        ("Summarise the travel policy", Act.SUMMARY),
        ("How many days do I get and when do they expire?", Act.MULTI_PART),
        ("is there anything about dogs", Act.EXISTENCE),
        ("Wie geht's?", Act.GREETING),
        ("Gibt es etwas zu Hunden?", Act.EXISTENCE),
    ],
)
def test_acts(text: str, act: Act) -> None:
    assert act_of(text).act is act


@pytest.mark.parametrize(
    "text",
    [
        "help me with expenses",
        "and food?",
        "more vacation days",
        "Hi, who approves travel requests?",
        "thanks, and where is the printer?",
        "good morning, how do I reset my password",
        "short leave balance",
        "hilf mir bei der Steuererklärung",
        "qwerty",
        "🙂",
    ],
)
def test_what_asks_for_something_is_a_question(text: str) -> None:
    told = act_of(text)
    assert not told.act.is_social
    assert not told.act.is_about_the_last


def test_what_is_unsure_is_a_question_for_a_fact() -> None:
    assert act_of("blue whales in the ledger").act is Act.FACT


@pytest.mark.parametrize(
    ("text", "locale", "language"),
    [
        ("hola", "en", SPANISH),
        ("danke", "en-GB", GERMAN),
        ("merci beaucoup", "en", FRENCH),
        ("hi", "de-DE", GERMAN),
        ("hi", "en", ENGLISH),
        ("What is the wifi password?", "de", ENGLISH),
    ],
)
def test_a_turn_is_told_in_its_own_language(text: str, locale: str, language: Language) -> None:
    assert act_of(text, locale).language is language


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Hi there! How long is probation?", "How long is probation?"),
        ("Good morning team, where is the printer?", "where is the printer?"),
        ("Hallo zusammen, wo ist der Drucker?", "wo ist der Drucker?"),
        ("hi", "hi"),
        ("Hi-fi equipment budget?", "Hi-fi equipment budget?"),
        ("Morning shift hours", "Morning shift hours"),
        ("Dear colleagues of the Porto office", "Dear colleagues of the Porto office"),
    ],
)
def test_a_greeting_before_a_question_is_not_searched_for(text: str, asked: str) -> None:
    assert without_salutation(text) == asked


def test_every_language_replies() -> None:
    for language in LANGUAGES.values():
        text = language.replies.abilities.format(count="12", names="wiki")
        assert "12" in text
        assert "wiki" in text


def test_features_are_named_after_cues() -> None:
    found = features("why are gifts limited?", ENGLISH)
    assert found["reason first"] == 1.0
    assert "greeting" not in found


def test_turns_that_were_fitted_on_are_told() -> None:
    for row in figures(turns(Half.TUNE)).values():
        assert row["right"] >= 0.9
        assert row["question taken for small talk"] == 0
