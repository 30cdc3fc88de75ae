"""Which words may be misspelt, and what was meant by them."""

from __future__ import annotations

import pytest

from stook.knowledge.retrieval import spelling


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("What is the vacaton polcy?", ["vacaton", "polcy"]),
        ("Vacaton policy", ["vacaton"]),
        ("polcy", ["polcy"]),
        ("Is that so? Vacaton days?", ["vacaton"]),
        ("the polcy and the polcy", ["polcy"]),
        ("What does Xanthor earn?", []),  # a name
        ("Xanthor Quill earns how much?", []),
        ('Who said "vacaton days" first?', []),
        ("What is the policy on parental leave?", []),
        ("the vacaton-2 file, vacaton.md, app:vacaton, vacaton_days and #vacaton", []),
        ("VACATON XQZJW", []),
        ("Wer hat das Urlaubskonto geprüft und freigegeben?", []),  # another language
        ("什么是休假政策", []),
        ("", []),
    ],
)
def test_suspects(text: str, found: list[str]) -> None:
    assert spelling.suspects([text]) == found


def test_only_some_words_are_looked_up_and_the_first_text_comes_first() -> None:
    misspelt = [f"the rather wrng{letter}word stands here" for letter in "abcdef"]
    found = spelling.suspects(misspelt)
    assert found == ["wrngaword", "wrngbword", "wrngcword", "wrngdword"][: spelling.MOST]


def test_of_a_long_text_the_beginning_is_looked_at_and_no_word_is_cut() -> None:
    begun = "new " * ((spelling.LOOKED_AT - 8) // 4)
    text = f"{begun}the vacaton and the polcy"
    assert len(begun) + 4 < spelling.LOOKED_AT < len(begun) + 11  # within the word
    assert spelling.suspects([text]) == ["vacaton"]
    right = spelling.correct(text, {"vacaton": "vacation", "vaca": "x", "polcy": "policy"})
    assert right == f"{begun}the vacation and the polcy"


@pytest.mark.parametrize("right", ["policy", "polcy", "poly", "polcye", "polczy", "polyc", "solcy"])
def test_variants_are_one_edit_away(right: str) -> None:
    assert (right in spelling.variants("polcy")) is (right != "polcy")


def test_what_most_texts_hold_was_meant() -> None:
    near = spelling.variants("polcy")
    assert spelling.best_candidate(near, ["A Policy.", "poly poly poly", "the policy"]) == "policy"
    assert spelling.best_candidate(near, ["nothing", "like it"]) is None


def test_words_are_replaced_where_they_are_suspect() -> None:
    meant = {"polcy": "policy", "vacaton": "vacation"}
    text = 'Polcy? The vacaton\tpolcy, not "polcy" nor polcy.md nor Polcy.'
    right = 'Policy? The vacation\tpolicy, not "polcy" nor polcy.md nor Polcy.'
    assert spelling.correct(text, meant) == right
    assert spelling.correct(text, {}) == text
