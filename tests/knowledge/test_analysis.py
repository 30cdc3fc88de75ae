"""What text is turned into for full-text search."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stook.knowledge.text.analysis import query_terms, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("STOOK_DATA_DIR", ["stook_data_dir", "stook", "data", "dir"]),
        ("foo.bar_baz", ["foo.bar_baz", "foo", "bar", "baz"]),
        ("CVE-2024-1234", ["cve-2024-1234", "cve", "2024", "1234"]),
        ("v1.2.3", ["v1.2.3", "v1", "2", "3"]),
        ("e-mail", ["email", "mail"]),
        ("getUserName", ["getusernam", "get", "user", "name"]),
        ("GitHub", ["github"]),
        ("2026-12-25", ["2026-12-25", "2026", "12", "25"]),
        ("12/24/2026", ["12/24/2026", "12", "24", "2026"]),
        ("the 25th", ["the", "25"]),
        ("$1,200.50 and 3.11", ["1200.50", "and", "3.11"]),
        ("U.S. holidays", ["us", "holiday"]),
        ("C++ and C#", ["c++", "and", "c#"]),
        ("Don't touch the company's O'Brien", ["do", "touch", "the", "compani", "o", "brien"]),
        ("東京タワー", ["東京", "京タ", "タワ", "ワー"]),
        ("犬", ["犬"]),
        ("한국어", ["한국", "국어"]),
        ("ชาว", ["ชา", "าว"]),
        ("नमस्ते दुनिया", ["नमस्त", "दुनिय"]),
        ("Ærø Łódź naïve", ["aero", "lodz", "naiv"]),
        ("Acme™ 🎉 hello🎉world", ["acm", "hello", "world"]),
        ("ﬁle", ["file"]),
        ("co\u00adop", ["coop"]),
    ],
)
def test_terms(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("running costs", "the cost of runs"),
        ("email address", "E-mail addresses"),
        ("on-call", "The on call engineer"),
        ("café", "cafe"),
        ("STRASSE", "Straße"),
    ],
)
def test_question_and_passage_meet(question, passage):
    assert set(query_terms(question)) & set(terms(passage))


def test_stop_words_count_only_where_there_is_nothing_else():
    assert query_terms("What are the company holidays this year?") == ["compani", "holiday", "year"]
    assert query_terms("To be or not to be") == ["to", "be", "or", "not"]
    assert query_terms("?!") == []


@given(st.text())
def test_terms_hold_no_white_space_and_are_the_same_each_time(text):
    found = terms(text)
    assert all(term and not any(character.isspace() for character in term) for term in found)
    assert found == terms(text)
    assert " ".join(found).split() == found


def test_a_long_run_of_letters_is_cut():
    assert all(len(term) <= 80 for term in terms("x" * 100_000 + " " + "a-" * 50_000))


def test_speed_is_linear_in_the_length_of_awkward_input():
    started = time.thread_time()
    terms("a." * 200_000 + "_" * 200_000 + "'" * 200_000 + "1,1" * 100_000)
    assert time.thread_time() - started < 20  # quadratic work would take hours


def test_scripts_that_tell_the_language_are_stemmed_in_it():
    assert set(terms("مدينة المدينة")) == set(terms("المدينة"))
    assert terms("отпуска") == terms("отпуск")
    assert terms("διακοπές") == terms("διακοπών")
