"""Fusion, what the encoder knows of a language, and late interaction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stook.knowledge.encoding import encoder
from stook.knowledge.index.protocol import IndexHit, PassageKey
from stook.knowledge.retrieval.fusion import (
    LEXICAL_UNKNOWN,
    LEXICAL_WEIGHT,
    Late,
    WeightedTokens,
    fuse,
    fuse_all,
    interactions,
    lexical_weight,
)
from stook.knowledge.retrieval.query import Leaning, weighted_terms

KEYS = [PassageKey(name, 1, 0) for name in "abc"]
DIMENSIONS = 384


@pytest.fixture(scope="module")
def packaged():
    return encoder.load_default()


def bits(packaged, text):
    return packaged.encode_tokens(packaged.tokens([text]))[1][0]


@pytest.mark.parametrize(
    ("question", "known"),
    [
        ("How many vacation days do I get?", True),
        ("我每年有多少天假期", False),
        ("休暇は何日ありますか", False),
        ("Сколько дней отпуска?", False),
        ("ما هي أيام العطل", False),
        ("2026", True),
    ],
)
def test_languages_that_the_encoder_does_not_know_leave_it_to_bm25(packaged, question, known):
    weight = lexical_weight(packaged.known_share(question))
    assert weight == (LEXICAL_WEIGHT if known else LEXICAL_UNKNOWN)


def test_german_is_half_known(packaged):
    share = packaged.known_share("Wie viele Verteidiger wurden in die Auswahl gewählt?")
    assert LEXICAL_WEIGHT < lexical_weight(share) < LEXICAL_UNKNOWN


def test_late_interaction_finds_the_window_that_speaks_of_it(packaged):
    question = [WeightedTokens(bits(packaged, "Who approves expenses?"), 1.0)]
    windows = [
        ["The cat sat on the mat.", "Expenses are approved by your manager."],
        ["Lunch is served at noon in the canteen."],
        ["Vacation is asked for in the portal."],
    ]
    found = {
        key: [bits(packaged, text) for text in some]
        for key, some in zip(KEYS, windows, strict=True)
    }
    scores = interactions(question, found)
    assert max(scores, key=lambda key: scores[key].together) == KEYS[0]
    assert interactions(question, {KEYS[0]: found[KEYS[0]]})[KEYS[0]] == scores[KEYS[0]]
    assert interactions(question, {KEYS[0]: [np.zeros((0, 48), np.uint8)]}) == {}


def test_the_likeness_of_signs_is_their_cosine():
    rng = np.random.default_rng(3)
    asked, held = rng.standard_normal((4, DIMENSIONS)), rng.standard_normal((9, DIMENSIONS))
    exact = (np.sign(asked) @ np.sign(held).T / DIMENSIONS).max(axis=1).mean()
    packed = [np.packbits(one > 0, axis=1) for one in (asked, held)]
    score = interactions([WeightedTokens(packed[0], 1.0)], {KEYS[0]: [packed[1]]})
    assert score[KEYS[0]].own == pytest.approx(exact)
    assert score[KEYS[0]].together == pytest.approx(exact)


_HITS = st.lists(
    st.tuples(st.floats(0, 50), st.none() | st.floats(-1, 1)), min_size=1, max_size=8
).map(lambda pairs: [IndexHit(PassageKey(f"d{n}", 1, 0), *pair) for n, pair in enumerate(pairs)])


@given(_HITS, st.floats(0, 1))
def test_fused_scores_are_shares_and_in_order(hits, weight):
    late, close = {hits[0].key: Late(0.5, 0.5)}, {hits[-1].key: 3.5}
    for ranked in (fuse(hits, weight), fuse_all(hits, late, close, weight)):
        scores = [one.score for one in ranked]
        assert scores == sorted(scores, reverse=True)
        assert {one.key for one in ranked} == {hit.key for hit in hits}
        assert all(-1e-9 <= score <= 1 + 1e-9 for score in scores)


def test_a_term_of_several_questions_has_the_largest_weight():
    texts = [Leaning("holidays in Germany", 1.0), Leaning("company holidays", 0.2)]
    weights = weighted_terms(texts)
    assert weights["holiday"] == 1.0
    assert weights["compani"] == 0.2
