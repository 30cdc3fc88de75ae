"""Fusion, what the encoder knows of a language, and late interaction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stook.knowledge.encoding import encoder
from stook.knowledge.index.protocol import IndexHit, PassageKey
from stook.knowledge.retrieval import fusion
from stook.knowledge.retrieval.exact_match import ExactMatches
from stook.knowledge.retrieval.fusion import LEXICAL_UNKNOWN, LEXICAL_WEIGHT, lexical_weight
from stook.knowledge.retrieval.query import ContextQuery, WeightedTokens, weighted_terms
from stook.knowledge.retrieval.rerank import late_interactions

pytestmark = pytest.mark.whole

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
    scores = late_interactions(question, found)
    assert max(scores, key=lambda key: scores[key].with_context) == KEYS[0]
    assert late_interactions(question, {KEYS[0]: found[KEYS[0]]})[KEYS[0]] == scores[KEYS[0]]
    assert late_interactions(question, {KEYS[0]: [np.zeros((0, 48), np.uint8)]}) == {}


def test_the_likeness_of_signs_is_their_cosine():
    rng = np.random.default_rng(3)
    asked, held = rng.standard_normal((4, DIMENSIONS)), rng.standard_normal((9, DIMENSIONS))
    exact = (np.sign(asked) @ np.sign(held).T / DIMENSIONS).max(axis=1).mean()
    packed = [np.packbits(one > 0, axis=1) for one in (asked, held)]
    score = late_interactions([WeightedTokens(packed[0], 1.0)], {KEYS[0]: [packed[1]]})
    assert score[KEYS[0]].without_context == pytest.approx(exact)
    assert score[KEYS[0]].with_context == pytest.approx(exact)


_HITS = st.lists(
    st.tuples(st.floats(0, 50), st.none() | st.floats(-1, 1)), min_size=1, max_size=8
).map(lambda pairs: [IndexHit(PassageKey(f"d{n}", 1, 0), *pair) for n, pair in enumerate(pairs)])


def signals_of(hits, weight):
    late, near = {hits[0].key: 0.5}, {hits[-1].key: 3.5}
    exact = ExactMatches((), {hits[-1].key: 0.5}, 2.0)
    looked_closer = [
        *fusion.hybrid(hits, weight),
        fusion.late_interaction(hits, late, 0.4),
        fusion.proximity(hits, near),
    ]
    return [fusion.hybrid(hits, weight), [*looked_closer, *exact.signals(hits, 1.45)]]


@given(_HITS, st.floats(0, 1))
def test_combined_scores_are_shares_and_in_order(hits, weight):
    for signals in signals_of(hits, weight):
        ranked = fusion.combine(hits, signals)
        scores = [one.score for one in ranked]
        assert scores == sorted(scores, reverse=True)
        assert {one.key for one in ranked} == {hit.key for hit in hits}
        assert all(-1e-9 <= score <= 1 + 1e-9 for score in scores)


@given(_HITS, st.floats(0, 1))
def test_the_signals_of_a_hit_add_up_to_its_score(hits, weight):
    for signals in signals_of(hits, weight):
        for one in fusion.combine(hits, signals):
            assert one.score == pytest.approx(sum(s.value * s.weight for s in one.signals))
            assert sum(s.weight for s in one.signals) == pytest.approx(1.0)


def test_signals_weigh_what_was_measured():
    """The golden ranking of three hits: a changed weight or normalisation changes a score."""
    hits = [
        IndexHit(PassageKey("a", 1, 0), 8.0, 0.2),
        IndexHit(PassageKey("b", 1, 0), 4.0, 0.6),
        IndexHit(PassageKey("c", 1, 0), 0.0, None),
    ]
    lexical = lexical_weight(1.0, fusion.LEXICAL_OF_THREE)
    rest = 1 - lexical
    signals = [
        fusion.bm25(hits, lexical),
        fusion.dense(hits, rest * (1 - fusion.LATE_SHARE)),
        fusion.late_interaction(hits, {KEYS[0]: 0.3, KEYS[1]: 0.5}, rest * fusion.LATE_SHARE),
        fusion.proximity(hits, {KEYS[1]: 2.0}),
    ]
    plain = {one.key.document_id: round(one.score, 4) for one in fusion.combine(hits, signals)}
    assert plain == {"b": 0.8333, "a": 0.3333, "c": 0.0}
    exact = ExactMatches((), {KEYS[2]: 1.0}, 1.0).signals(hits, 1.05)
    raised = fusion.combine(hits, [*signals, *exact])
    assert [(one.key.document_id, round(one.score, 4)) for one in raised] == [
        ("c", 0.5),
        ("b", 0.4167),
        ("a", 0.1667),
    ]


def test_a_term_of_several_questions_has_the_largest_weight():
    texts = [ContextQuery("holidays in Germany", 1.0), ContextQuery("company holidays", 0.2)]
    weights = weighted_terms(texts)
    assert weights["holiday"] == 1.0
    assert weights["compani"] == 0.2
