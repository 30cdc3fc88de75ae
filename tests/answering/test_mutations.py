"""Every weight and every rule of the answers is held by the golden table, or by an answer in it.

The table has the features, scores and answers of small cases. Each weight and each rule is set to
0, half and double: the table must then look different. What no case can tell apart has no reason
to be there. ``WRITE_GOLDEN=1 pytest tests/answering/test_mutations.py`` writes the table anew.
"""

from __future__ import annotations

import functools
import json
import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from stook.answering.extractive import answerability, query_model
from stook.answering.extractive.candidates import Candidates, candidates
from stook.answering.extractive.closest import not_answered
from stook.answering.extractive.compose import compose
from stook.answering.extractive.features import form
from stook.answering.extractive.features.registry import NAMES
from stook.answering.extractive.ranker import Scored, rank
from stook.answering.extractive.rules import RULES, Rules
from stook.answering.extractive.selection import select
from stook.answering.extractive.weights import BIAS, WEIGHTS, Weights
from stook.answering.outcome import Outcome
from tests.answering.cases import CASES, Case

TABLE = Path(__file__).with_name("golden.json")
FACTORS = (0.0, 0.5, 2.0)
SECTIONS = [one.name for one in fields(Weights) if one.name != "thresholds"]
WEIGHED = [(section, name) for section in SECTIONS for name in getattr(WEIGHTS, section)]

CONSTANTS = [
    (query_model, "KIND_WORD"),
    (form, "FEW_WORDS"),
    (answerability, "SHORT_PERIOD"),
    (answerability, "BEST_UNITS"),
    (answerability, "BEST_PASSAGES"),
    (answerability, "MOST_NAMES"),
]

Row = dict[str, Any]


@functools.cache
def found(case: Case) -> Candidates:
    return candidates(case.brief())


def row(case: Case, weights: Weights = WEIGHTS, rules: Rules = RULES) -> Row:
    """What comes of a case; the answer as if it were one, and as if it only came closest."""
    brief = case.brief()
    ranked = rank(found(case), weights.ranking)
    judged = answerability.judge(brief, ranked, weights)
    draft = compose(select(ranked, None, rules).chosen)
    _, closest = not_answered(brief, ranked, replace(judged, outcome=Outcome.CLOSEST), rules)
    return {
        "question": case.name,
        "answer": draft.text,
        "closest": closest.text,
        "probability": round(judged.probability, 9),
        "features": _rounded(judged.features),
        "candidates": [_candidate(one) for one in (*ranked.units, *ranked.lists)],
    }


def _candidate(one: Scored) -> Row:
    text = " ".join(one.raw.split())
    features = {name: value for name, value in one.candidate.features.items() if value}
    return {"text": text, "score": round(one.score, 6), "features": _rounded(features)}


def _rounded(features: Any) -> dict[str, float]:
    return {name: round(value, 6) for name, value in features.items()}


@functools.cache
def rows() -> list[Row]:
    return [row(case) for case in CASES]


def test_features_scores_and_answers_are_those_of_the_table() -> None:
    if os.environ.get("WRITE_GOLDEN"):
        TABLE.write_text(json.dumps(rows(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    held = json.loads(TABLE.read_text(encoding="utf-8"))
    for made, wanted in zip(rows(), held, strict=True):
        assert made == wanted, made["question"]


def test_every_feature_has_a_weight_and_every_weight_a_feature() -> None:
    assert set(WEIGHTS.ranking) == set(NAMES)
    known = set(answerability.FEATURES)
    of_answerability = set(WEIGHTS.answerability) | set(
        WEIGHTS.answerability_without_late_interaction
    )
    assert of_answerability - {BIAS} == known


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize(("section", "name"), WEIGHED)
def test_a_changed_weight_is_seen(section: str, name: str, factor: float) -> None:
    held = getattr(WEIGHTS, section)
    weights = replace(WEIGHTS, **{section: {**held, name: held[name] * factor}})
    assert any(row(case, weights) != before for case, before in zip(CASES, rows(), strict=True))


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("name", [one.name for one in fields(Rules)])
def test_a_changed_rule_gives_another_answer(name: str, factor: float) -> None:
    value = getattr(RULES, name)
    rules = replace(RULES, **{name: type(value)(value * factor)})
    made = [row(case, rules=rules) for case in CASES]
    assert list(map(_texts, made)) != list(map(_texts, rows()))


def _texts(one: Row) -> tuple[str, str]:
    return one["answer"], one["closest"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_thresholds_tell_the_outcomes_apart(case: Case) -> None:
    brief, ranked = case.brief(), rank(found(case))
    chance = answerability.judge(brief, ranked).probability
    for answered, closest, outcome in (
        (chance, chance, Outcome.ANSWERED),
        (chance + 1e-9, chance, Outcome.CLOSEST),
        (chance + 1e-9, chance + 1e-9, Outcome.NOTHING),
    ):
        weights = replace(WEIGHTS, thresholds={"answered": answered, "closest": closest})
        judged = answerability.judge(brief, ranked, weights)
        is_capped = judged.absent and outcome is Outcome.ANSWERED
        assert judged.outcome is (Outcome.CLOSEST if is_capped else outcome)


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize(("module", "name"), CONSTANTS)
def test_a_changed_constant_is_seen(
    module: Any, name: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "SHORT_PERIOD" and factor > 1:
        pytest.skip("no period that a question can name is as long")
    before, value = rows(), getattr(module, name)
    monkeypatch.setattr(module, name, type(value)(value * factor))
    found.cache_clear()
    try:
        assert any(_row_or_error(case) != one for case, one in zip(CASES, before, strict=True))
    finally:
        found.cache_clear()


def _row_or_error(case: Case) -> Row | str:
    try:
        return row(case)
    except ValueError as error:  # nothing is looked at any more
        return str(error)
