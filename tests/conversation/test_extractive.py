"""What the extractive answerer chooses, how it joins it, and that it invents nothing."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stook.answering.base import Brief
from stook.answering.extractive import answerability
from stook.answering.extractive.answerer import extract_answer
from stook.answering.extractive.candidates import candidates
from stook.answering.extractive.compose import Draft, compose, cut_at_word
from stook.answering.extractive.features.answer_types import AnswerType, answer_type, has_type
from stook.answering.extractive.ranker import rank
from stook.answering.extractive.selection import select
from stook.answering.markdown import cleaned, inline
from stook.answering.outcome import Outcome
from stook.knowledge.text.units import Form, structure
from stook.understanding import content, locales
from tests.conversation.corpus import ROOT, brief

HOLIDAYS = """# Company holidays

We observe these days in every office.

## 2025

| Date | Holiday |
| --- | --- |
| January 1, 2025 | New Year's Day |
| November 28, 2025 | Recharge Friday |

## 2026

| Date | Holiday |
| --- | --- |
| January 1, 2026 | New Year's Day |
| November 27, 2026 | Recharge Friday |
| December 25, 2026 | Christmas Day |
"""
TRAVEL = """# Travel

The daily allowance is £48. It covers meals and small expenses. Hotels are booked in Waypoint.

Book a flight like this:

1. Open Waypoint.
2. Choose economy class.
3. Ask your manager to approve it.

![Map](https://evil.example.com/pixel.png) See the [rules](rules.md) and [Waypoint](https://waypoint.example.com).
"""


def answer(question: str, **texts: str) -> str:
    extract = extract_answer(brief(question, texts))
    return extract.draft.text


def chosen_draft(given_brief: Brief) -> Draft:
    """What would be answered if nothing were refused."""
    selection = select(rank(candidates(given_brief)), given_brief.max_sources)
    return compose(selection.chosen, given_brief.max_characters)


def test_a_question_for_a_list_gets_the_table_of_its_year() -> None:
    text = answer("What are the company holidays this year?", holidays=HOLIDAYS)
    assert "| Date | Holiday |\n| --- | --- |\n| January 1, 2026 |" in text
    assert "Christmas Day" in text
    assert "2025" not in text


def test_a_period_keeps_only_its_rows() -> None:
    text = answer("What are the company holidays in November 2026?", holidays=HOLIDAYS)
    assert "November 27, 2026" in text
    assert "January" not in text
    assert "December" not in text


def test_a_list_that_holds_nothing_of_the_period_is_no_answer() -> None:
    question = "What are the company holidays in June 2026?"
    extract = extract_answer(brief(question, {"holidays": HOLIDAYS}))
    assert extract.outcome is Outcome.CLOSEST
    assert extract.draft.text.startswith(locales.closest("en"))


def test_the_next_one_is_the_first_to_come() -> None:
    text = answer("When is the next company holiday?", holidays=HOLIDAYS)
    assert "November 27, 2026" in text
    assert "December" not in text


def test_one_row_answers_a_question_about_one_thing() -> None:
    text = answer("When is Christmas Day?", holidays=HOLIDAYS)
    assert text == "| Date | Holiday |\n| --- | --- |\n| December 25, 2026 | Christmas Day |"


def test_a_sentence_comes_with_the_one_it_leans_on() -> None:
    assert answer("What does the allowance cover, meals?", travel=TRAVEL).startswith(
        "The daily allowance is £48. It covers meals"
    )


def test_steps_come_whole_and_with_their_lead_in() -> None:
    text = answer("How do I book a flight?", travel=TRAVEL)
    assert text == (
        "Book a flight like this:\n\n1. Open Waypoint.\n2. Choose economy class.\n"
        "3. Ask your manager to approve it."
    )


def test_nothing_about_it_is_refused() -> None:
    extract = extract_answer(brief("What is the capital of Mongolia?", {"travel": TRAVEL}))
    assert extract.outcome is Outcome.NOTHING


def test_answers_hold_no_images_and_no_links_into_nowhere() -> None:
    text = answer("Where are the rules and Waypoint, see the map?", travel=TRAVEL)
    assert "evil.example.com" not in text
    assert "rules.md" not in text
    assert "[Waypoint](https://waypoint.example.com)" in text


def test_the_same_statement_is_given_once() -> None:
    same = "# Mail\n\nThe parcel room opens at nine in the morning.\n"
    text = answer("When does the parcel room open?", first=same, second=same)
    assert text == "The parcel room opens at nine in the morning."


def newer_and_older(question: str, newer: str, older: str) -> list[tuple[str, str]]:
    """What is cited, and from where, if the two differ in their dates."""
    given_brief = brief(question, {"older": older, "newer": newer})
    dated = [
        replace(one, document=replace(one.document, updated_at=1 + (one.document.title == "newer")))
        for one in given_brief.sources
    ]
    draft = chosen_draft(replace(given_brief, sources=tuple(dated)))
    return [(one.document.title, one.snippet.text) for one in draft.citations]


def test_of_two_that_say_the_same_the_newer_one_is_cited() -> None:
    newer = "The parcel room opens at nine in the morning."
    older = "The parcel room opens at nine in the morning hours."
    found = newer_and_older("When does the parcel room open?", newer, older)
    assert found == [("newer", newer)]


@pytest.mark.parametrize(
    ("newer", "older"),
    [
        (
            "The parcel room opens at ten in the morning.",
            "The parcel room opens at nine in the morning.",
        ),
        (
            "The parcel room opens at 10:30 on all days.",
            "The parcel room opens at 9:00 on all days.",
        ),
        ("The parcel room does not open on Sundays.", "The parcel room does open on Sundays."),
    ],
)
def test_of_two_that_contradict_each_other_both_are_shown_the_newer_first(
    newer: str, older: str
) -> None:
    found = newer_and_older("When does the parcel room open?", newer, older)
    assert found == [("newer", newer), ("older", older)]


def test_a_rule_and_the_one_it_superseded_are_both_shown_the_newer_first() -> None:
    texts = {
        "April update": "Starting May 2022, two days per week in the office are required "
        "of everybody.\n",
        "May update": "Starting May 2023 everybody works three days per week in the office "
        "as required.\n",
    }
    given_brief = brief("How many days per week in the office are required?", texts)
    dated = [
        replace(source, document=replace(source.document, updated_at=1 + source.rank))
        for source in given_brief.sources
    ]
    draft = chosen_draft(replace(given_brief, sources=tuple(dated)))
    assert [one.document.title for one in draft.citations] == ["May update", "April update"]


EDITIONS = {
    f"Office days {year}": f"# Office days {year}\n\n## Hamburg {year}\n\n"
    f"| Date | Closed for |\n| --- | --- |\n| June {year - 2020}, {year} | the summer party |\n"
    for year in (2029, 2025, 2026, 2027)
}


def test_a_question_without_a_year_is_asked_of_this_years_edition() -> None:
    assert answer("When is the summer party in Hamburg?", **EDITIONS).endswith(
        "| June 6, 2026 | the summer party |"
    )


def test_without_an_edition_of_this_year_the_last_one_counts() -> None:
    texts = {title: text for title, text in EDITIONS.items() if "2026" not in title}
    assert "June 5, 2025" in answer("When is the summer party in Hamburg?", **texts)


def test_a_year_that_is_asked_for_has_its_own_edition() -> None:
    text = answer("When is the summer party in Hamburg in 2027?", **EDITIONS)
    assert text.endswith("| June 7, 2027 | the summer party |")


def test_a_log_under_years_has_no_editions() -> None:
    log = "# Changes\n\n## 2025\n\nBadges were dropped, as they were lost.\n\n## 2026\n\nNone.\n"
    assert answer("Why were badges dropped?", log=log).startswith("Badges were dropped")


@pytest.mark.parametrize("words", ["What can't we claim", "what won’t we claim", "What's a claim"])
def test_contractions_of_function_words_are_no_topic(words: str) -> None:
    assert content.content_terms(words) == {"claim"}


def test_what_is_asked_for_weighs_less_than_what_it_is_about() -> None:
    texts = {
        "Policy changes": "# Policy changes\n\nThe old policy of wearing badges was dropped.\n",
        "Passwords": "# Passwords and data\n\nA password has at least 16 characters.\n",
    }
    given_brief = brief("What is the password policy?", texts)
    weights = candidates(given_brief).query.weights
    assert weights["password"] > weights["polici"]
    assert chosen_draft(given_brief).text.startswith("A password has at least 16 characters.")


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("What do engineers at level 5 earn?", 1.0),
        ("What do engineers at level 3 earn?", 0.0),
        ("Who earns 2500 or 2,500 a month?", 0.0),
        ("Who earns 52 a day?", 0.0),
    ],
)
def test_a_number_that_is_asked_for_is_looked_for_whole(question: str, lacking: float) -> None:
    text = "# Levels\n\nEngineers at level 3 earn £2,500 a month, and $52 a day for 15 days.\n"
    given_brief = brief(question, {"levels": text})
    ranked = rank(candidates(given_brief))
    assert answerability.features(given_brief, ranked)["number_missing"] == lacking


def test_a_weaker_sentence_of_another_document_is_left_out() -> None:
    texts = {
        "Travel": "# Travel\n\nThe daily allowance on trips is £48 for meals.\n",
        "Canteen": "# Canteen\n\nThe daily allowance on trips has its limit.\n",
    }
    given_brief = brief("How much is the daily allowance on trips?", texts)
    assert [one.document.title for one in chosen_draft(given_brief).citations] == ["Travel"]


@pytest.mark.parametrize("limit", [1, 5, 30, 60, 90, 200])
def test_answers_fit_the_limit(limit: int) -> None:
    question = "What are the company holidays this year?"
    extract = extract_answer(brief(question, {"holidays": HOLIDAYS}, max_characters=limit))
    assert extract.outcome is Outcome.ANSWERED
    assert len(extract.draft.text) <= limit
    assert_cited(brief(question, {"holidays": HOLIDAYS}), extract.draft)


def test_a_limit_cuts_between_rows() -> None:
    question = "What are the company holidays this year?"
    extract = extract_answer(brief(question, {"holidays": HOLIDAYS}, max_characters=100))
    assert extract.outcome is Outcome.ANSWERED
    assert extract.draft.text.endswith("| January 1, 2026 | New Year's Day |")


def test_max_sources_limits_the_documents() -> None:
    texts = {
        f"page {n}": f"# Page {n}\n\nThe office in city{n} has a red door.\n" for n in range(4)
    }
    draft = chosen_draft(brief("Which office has a red door?", texts, max_sources=1))
    assert len({citation.document.id for citation in draft.citations}) == 1


def test_structure_knows_lead_ins_headers_and_headings() -> None:
    layout = structure(TRAVEL + "\n## Cities\n\n| City | Limit |\n|---|---|\n| Porto | £130 |\n")
    steps = [unit for unit in layout.units if unit.form is Form.ITEM]
    lead = layout.units[steps[0].lead or 0]
    assert layout.raw(lead) == "Book a flight like this:"
    assert [layout.raw(unit) for unit in layout.led_by(lead)] == [layout.raw(u) for u in steps]
    (row,) = [unit for unit in layout.units if unit.form is Form.ROW]
    assert row.heading_path == ("Travel", "Cities")
    assert row.header is not None
    assert layout.text[row.header.start : row.header.end] == "| City | Limit |\n|---|---|"


@pytest.mark.parametrize(
    ("question", "kind", "good", "bad"),
    [
        ("Who approves it?", AnswerType.PERSON, "Your manager approves it.", "it is approved"),
        ("When is it due?", AnswerType.TIME, "Within ten days.", "It is due."),
        ("How many days?", AnswerType.NUMBER, "Twenty days.", "Some days."),
        ("How much is it?", AnswerType.AMOUNT, "It is £30.", "It is dear."),
        ("How long does it take?", AnswerType.DURATION, "Three weeks.", "It takes long."),
        ("Why is it so?", AnswerType.REASON, "Because it helps.", "It is so."),
        ("Where is it?", AnswerType.PLACE, "It is in Porto.", "it moves"),
    ],
)
def test_expectations(question: str, kind: AnswerType, good: str, bad: str) -> None:
    assert answer_type(question) is kind
    assert has_type(good, kind)
    assert not has_type(bad, kind)


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("![x](https://a.example/b.png) text", "x text"),
        ("[a](b.md) and [c](https://d.example)", "a and [c](https://d.example)"),
        ("<img src='https://a.example/x'>text<br/>", "text"),
        ("![x][ref] and [words][ref]", "x and words"),
        ("plain", "plain"),
    ],
)
def test_markup_is_cleaned(raw: str, wanted: str) -> None:
    assert cleaned(raw).strip() == wanted


def test_emphasis_cut_in_two_is_dropped() -> None:
    assert inline("**Note this.") == "Note this."
    assert inline("a **b** c") == "a **b** c"


@given(st.text(max_size=60), st.integers(0, 60))
def test_cutting_never_exceeds(text: str, limit: int) -> None:
    assert len(cut_at_word(text, limit)) <= limit


# --- properties over any corpus ----------------------------------------------------------------

_WORDS = st.sampled_from(
    "holiday holidays vacation days office Porto manager approve expenses travel laptop 2026 "
    "November 27 limit £30 **bold** [link](a.md) [site](https://x.example) "
    "![i](https://x.example/i) because weekly It they Ärger 休暇 <b>".split(" ")
)
_SENTENCE = st.lists(_WORDS, min_size=1, max_size=9).map(lambda words: " ".join(words) + ".")
_PARAGRAPH = st.lists(_SENTENCE, min_size=1, max_size=3).map(" ".join)
_LIST = st.lists(_SENTENCE, min_size=1, max_size=4).map(
    lambda items: "\n".join(f"- {item}" for item in items)
)
_NUMBERED = st.lists(_PARAGRAPH, min_size=1, max_size=3).map(
    lambda items: "As follows:\n\n" + "\n".join(f"{n}. {i}" for n, i in enumerate(items, 1))
)
_TABLE = st.lists(st.tuples(_SENTENCE, _SENTENCE), min_size=1, max_size=4).map(
    lambda rows: "| A | B |\n| --- | --- |\n" + "\n".join(f"| {a} | {b} |" for a, b in rows)
)
_HEADING = st.tuples(st.integers(1, 4), _SENTENCE).map(lambda h: f"{'#' * h[0]} {h[1]}")
_CODE = _PARAGRAPH.map(lambda text: f"```\n{text}\n```")
_BLOCK = st.one_of(_PARAGRAPH, _LIST, _NUMBERED, _TABLE, _HEADING, _CODE, st.text(max_size=40))
_DOCUMENT = st.lists(_BLOCK, min_size=1, max_size=8).map("\n\n".join)
_CORPUS = st.dictionaries(st.sampled_from("abcd"), _DOCUMENT, min_size=1, max_size=3)
_QUESTION = st.one_of(
    _SENTENCE.map(lambda text: f"What are {text}?"),
    _SENTENCE.map(lambda text: f"How do I {text}"),
    _SENTENCE.map(lambda text: f"{text} this month?"),
    st.text(min_size=1, max_size=30),
)


def assert_cited(given_brief: Brief, draft: Draft) -> None:
    """Every snippet is verbatim at its offsets, every range lies in the answer, in order."""
    texts = {source.document.id: source.text for source in given_brief.sources}
    end = 0
    for citation in draft.citations:
        span = citation.snippet.span
        assert texts[citation.document.id][span.start : span.end] == citation.snippet.text
        assert citation.snippet.text.strip()
        assert end <= citation.answer_range.start < citation.answer_range.end <= len(draft.text)
        end = citation.answer_range.end


@settings(max_examples=200, deadline=None)
@given(_CORPUS, _QUESTION, st.none() | st.integers(1, 120), st.none() | st.integers(1, 2))
def test_citations_are_verbatim_for_any_corpus(
    corpus: dict[str, str], question: str, characters: int | None, sources: int | None
) -> None:
    asked = brief(question, corpus, max_characters=characters, max_sources=sources)
    draft = chosen_draft(asked)
    assert_cited(asked, draft)
    assert characters is None or len(draft.text) <= characters
    assert sources is None or len({c.document.id for c in draft.citations}) <= sources
    assert "![" not in draft.text
    assert chosen_draft(asked) == draft


@settings(max_examples=100, deadline=None)
@given(_CORPUS, _QUESTION)
def test_answers_hold_only_words_of_the_sources(corpus: dict[str, str], question: str) -> None:
    words = set(re.findall(r"\w+", "\n".join((*corpus, *corpus.values()))))
    draft = chosen_draft(brief(question, corpus))
    assert set(re.findall(r"\w+", draft.text)) <= words


@pytest.mark.parametrize(
    "piece", ["below ", "<!--", "![", "[", "(", "|", "May 1 ", "every ", "**", "`", "- a below\n"]
)
def test_hostile_texts_are_answered_from_in_bounded_time(piece: str) -> None:
    """Each of these took minutes once; the time limit of every test is what fails here."""
    given_brief = brief("What is below this month?", {"hostile": piece * 10_000})
    assert_cited(given_brief, chosen_draft(given_brief))


_DIGEST = """
import sys
from tests.conversation import test_extractive as t
texts = {"holidays": t.HOLIDAYS, "travel": t.TRAVEL}
questions = ["What are the company holidays this year?", "How do I book a flight, hotels, meals?"]
for question in questions:
    extract = t.extract_answer(t.brief(question, texts))
    print(extract.draft, extract.judgement.probability, [one.score for one in extract.ranked.units])
"""


def test_answers_do_not_depend_on_the_hash_seed() -> None:
    digests = set()
    for seed in ("0", "1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        printed = subprocess.run(
            [sys.executable, "-c", _DIGEST],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            check=True,
            timeout=120,
        ).stdout
        assert b"Citation" in printed
        digests.add(hashlib.sha256(printed).hexdigest())
    assert len(digests) == 1
