"""Fits the weights of ranking and of answerability on the tune half, and writes ``weights.json``.

    make fit        # python -m benchmarks.fit --cache DIR [--adopt]

*Ranking*: of all units found for a question, those that hold the answer shall come first; the
loss is the negative logarithm of their share (softmax), held near the weights before (ridge), so
that what no question of these sets uses stays as it is. *Answerability*: a logistic regression
over standardised features, held near 0 (ridge), on sets and on questions altered so that what
becomes of them is known (``altered``); a set weighs as the root of its size. What it tells is
whether the answer is right, where the set says what is right, else whether there is one. It is
also fitted without each set in turn, and reported on the report half of that set. *Thresholds*:
as low as ``MOST_OUTSIDE`` and ``MOST_IN_NOTHING`` allow.

Without ``--adopt`` nothing is written. The same data give the same weights.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.quality.altered import ALTERED
from benchmarks.quality.answers import asked_of
from benchmarks.quality.contexts import KEPT, contexts
from benchmarks.quality.everyday import EVERYDAY, Everyday, everyday
from benchmarks.quality.split import Half
from benchmarks.tables import show
from stook.answering.base import Brief
from stook.answering.extractive import answerability
from stook.answering.extractive.candidates import candidates
from stook.answering.extractive.compose import compose
from stook.answering.extractive.forms import ordered
from stook.answering.extractive.ranker import Ranked, rank
from stook.answering.extractive.selection import select
from stook.answering.extractive.weights import BIAS, PATH, WEIGHTS, Weighted, Weights, weighed
from stook.answering.outcome import Outcome
from stook.evaluation import measures
from stook.evaluation.questions import Question

RANKED = ("refuse_half", "sourcegraph", *EVERYDAY)
JUDGED = ("refuse_half", "refuse_azure", "refuse_mtrag", *EVERYDAY)  # … and, on tune, ALTERED
# Chosen on the tune half: the first two by five-fold cross-validation, the last without each set.
TEMPERATURE = 0.08  # of the softmax; scores of the best units differ by hundredths
RANKING_RIDGE, ANSWERABILITY_RIDGE = 0.1, 0.003
GRID = tuple(number / 100 for number in range(1, 100))  # thresholds that are tried
MOST_IN_NOTHING = 0.03  # of the answerable questions of a set
MOST_OUTSIDE = 0.05  # of all questions that nothing answers, for those that are answered
# Most questions use these. The sets have too few questions for the others, which stay as they are.
KEPT_WEIGHTS = ("in_period", "nothing_dated")
FITTED = ("term_coverage", "context_coverage", "cosine", "relevance", "type_match")

ADOPT = "write what was fitted; with 'neither', the figures of the weights in use"

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a set with what was found for it."""

    set: str
    question: Question
    brief: Brief


async def gathered(
    names: Sequence[str], half: Half, cache: Path, *, renew: bool = True
) -> list[Asked]:
    """Return the questions of one half of some sets."""
    found = []
    for name in names:
        corpus, questions = _asked_of(name, half)
        briefs = await contexts(corpus, questions, cache, renew=renew)
        found += [Asked(name, *pair) for pair in zip(questions, briefs, strict=True)]
    return found


def _asked_of(name: str, half: Half) -> tuple[str, list[Question]]:
    if name not in ALTERED:
        return asked_of(name, half)
    corpus, questions = ALTERED[name]
    return corpus, questions()


# --- ranking -----------------------------------------------------------------------------------


def fit_ranking(asked: Sequence[Asked], before: Weighted) -> dict[str, float]:
    """Fit the weights that put units first which hold the answer."""
    names = list(before)
    start = np.array([before[name] for name in names])
    groups = [group for one in asked if (group := _group(one, names)) is not None]

    def loss(weights: Array) -> tuple[float, Array]:
        parts = [_softmax_loss(weights, *group) for group in groups]
        away = weights - start
        value = float(np.mean([part for part, _ in parts])) + RANKING_RIDGE * float(away @ away)
        slope: Array = np.mean([slope for _, slope in parts], axis=0) + 2 * RANKING_RIDGE * away
        return value, slope

    bounds = [(0, None) if name in FITTED else (before[name],) * 2 for name in names]
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    # Thresholds are shares of scores: their size stays what it was.
    size = np.mean([(group @ start).max() for group, _ in groups])
    common = np.array([name in FITTED for name in names])
    fitted[common] *= size / np.mean([(group @ fitted).max() for group, _ in groups])
    return dict(zip(names, np.round(fitted, 3).tolist(), strict=True))


def _group(asked: Asked, names: Sequence[str]) -> tuple[Array, NDArray[np.bool_]] | None:
    """The features of all units, and which hold the answer; None where none or all do."""
    units = candidates(asked.brief).units
    wanted = asked.question.answers or asked.question.contains
    right = np.array([_holds(asked.question, one.source.document.id, one.raw) for one in units])
    if not wanted or not asked.question.answerable or not 0 < right.sum() < len(right):
        return None
    rows = [[one.features.get(name, 0.0) for name in names] for one in units]
    return np.array(rows), right


def _holds(question: Question, document: str, text: str) -> bool:
    relevant = not question.documents or question.documents.get(document, 0) > 0
    return relevant and any(
        measures.holds(text, [one]) for one in (*question.answers, *question.contains)
    )


def _softmax_loss(weights: Array, rows: Array, right: NDArray[np.bool_]) -> tuple[float, Array]:
    scores = rows @ weights / TEMPERATURE
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    of_right = np.where(right, shares, 0.0)
    total = of_right.sum() + 1e-12
    slope = rows.T @ (shares - of_right / total) / TEMPERATURE
    return -float(np.log(total)), slope


# --- answerability -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """The features of answerability of a question, whether it is answerable, and whether the
    answer is right. ``capped``: it names what is nowhere, and is never answered."""

    set: str
    features: Mapping[str, float]
    answerable: bool
    right: bool
    capped: bool = False


def judged(asked: Sequence[Asked], ranking: Weighted) -> list[Judged]:
    """Return the features with a ranking; questions that have nothing found are left out."""
    found = []
    for one in asked:
        ranked = rank(candidates(one.brief), ranking)
        if ranked.units and one.question.answerable is not None:
            features = answerability.features(one.brief, ranked)
            capped = bool(answerability.absent_names(one.brief, ranked.query))
            known = one.question.answerable
            found.append(Judged(one.set, features, known, known and _right(one, ranked), capped))
    return found


def _right(asked: Asked, ranked: Ranked) -> bool:
    """Whether the answer is right, if it is known what is; True where it is not."""
    wanted = asked.question.answers or asked.question.contains
    text = compose(select(ordered(asked.brief, ranked)).chosen).text
    if asked.set in EVERYDAY:
        return _criteria(asked.set)[asked.question.id].holds(text)
    return not wanted or measures.holds(text, asked.question.answers, asked.question.contains)


@functools.cache
def _criteria(name: str) -> Mapping[str, Everyday]:
    return {one.question.id: one for one in everyday(name)}


def fit_answerability(known: Sequence[Judged], before: Weighted) -> dict[str, float]:
    """Fit weights and bias; those of time, which few questions use, stay as they are."""
    names = [name for name in before if name not in (BIAS, *KEPT_WEIGHTS)]
    rows = np.array([[one.features[name] for name in names] for one in known])
    kept = np.array([weighed(one.features, before, KEPT_WEIGHTS) for one in known])
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    columns = np.hstack([np.ones((len(rows), 1)), (rows - middle) / spread])
    wanted = np.array([float(one.right) for one in known])
    share = np.array([_alike(known, one) ** -0.5 for one in known])
    share /= share.sum()

    def loss(weights: Array) -> tuple[float, Array]:
        chance = 1 / (1 + np.exp(-(columns @ weights + kept)))
        likely = np.where(wanted > 0, chance, 1 - chance)
        ridge = np.concatenate([[0.0], ANSWERABILITY_RIDGE * weights[1:]])
        value = -float(share @ np.log(likely + 1e-12)) + float(ridge @ weights)
        return value, columns.T @ (share * (chance - wanted)) + 2 * ridge

    fitted = minimize(loss, np.zeros(columns.shape[1]), jac=True, method="L-BFGS-B").x
    weights = fitted[1:] / spread
    bias = fitted[0] - float(weights @ middle)
    made = dict(zip((BIAS, *names), np.round([bias, *weights], 3).tolist(), strict=True))
    return {name: made.get(name, before[name]) for name in before}


def _alike(known: Sequence[Judged], one: Judged) -> int:
    return sum(other.set == one.set and other.right == one.right for other in known)


def fit_thresholds(known: Sequence[Judged], weights: Weighted) -> dict[str, float]:
    """Fit from which probability on a question is answered, and from which something comes near.

    Answered: as low as lets ``MOST_OUTSIDE`` of the questions through that nothing answers.
    Closest: as high as leaves ``MOST_IN_NOTHING`` of each set's answerable ones in nothing.
    """
    outside = [one for one in known if one.set in JUDGED and not one.answerable]
    strange = np.array([0.0 if one.capped else chance(one, weights) for one in outside])
    own = [
        np.array([chance(one, weights) for one in known if one.set == name and one.answerable])
        for name in JUDGED
    ]
    answered = min(one for one in GRID if np.mean(strange >= one) <= MOST_OUTSIDE)
    closest = [
        one
        for one in GRID
        if all(np.mean(chances < one) <= MOST_IN_NOTHING for chances in own if len(chances))
    ]
    return {
        Outcome.ANSWERED.value: answered,
        Outcome.CLOSEST.value: min(max(closest, default=GRID[0]), answered),
    }


def errors(known: Sequence[Judged], weights: Weighted, least: float) -> dict[str, float | None]:
    """Return the shares of answerable questions not answered, of others that are, and of all
    that are answered wrongly."""
    told = [(one, chance(one, weights) >= least and not one.capped) for one in known]
    return {
        "not answered": _rounded(measures.mean(not yes for one, yes in told if one.answerable)),
        "outside answered": _rounded(measures.mean(yes for one, yes in told if not one.answerable)),
        "answered wrong": _rounded(measures.mean(yes and not one.right for one, yes in told)),
    }


def chance(one: Judged, weights: Weighted) -> float:
    """Return the probability of a right answer."""
    logit = weights[BIAS] + sum(w * one.features[n] for n, w in weights.items() if n != BIAS)
    return 1 / (1 + float(np.exp(-logit)))


def left_out(tune: Sequence[Judged], report: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    """For each set: fitted on the other sets' tune half, measured on its report half."""
    before = WEIGHTS.answerability
    for name in JUDGED:
        own = [one for one in report if one.set == name]
        fitted = fit_answerability([one for one in tune if one.set != name], before)
        everything = fit_answerability(tune, before)
        used = WEIGHTS.thresholds[Outcome.ANSWERED]
        apart = [one for one in tune if one.set != name]
        for what, weights, least in (
            ("in use", before, used),
            ("left out", fitted, fit_thresholds(apart, fitted)[Outcome.ANSWERED]),
            ("all", everything, fit_thresholds(tune, everything)[Outcome.ANSWERED]),
        ):
            found = errors(own, weights, least)
            yield (name, what, *("–" if v is None else f"{v:.3f}" for v in found.values()))


# --- all ---------------------------------------------------------------------------------------


def first_is_right(asked: Sequence[Asked], ranking: Weighted) -> float | None:
    """Return the share of questions whose best unit holds the answer."""
    return measures.mean(
        bool(units) and _holds(one.question, units[0].source.document.id, units[0].raw)
        for one in asked
        if one.question.answerable and (one.question.answers or one.question.contains)
        for units in [rank(candidates(one.brief), ranking).units]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, show, and with --adopt write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--kept", action="store_true", help=KEPT)
    parser.add_argument(
        "--adopt", choices=("ranking", "answerability", "both", "neither"), help=ADOPT
    )
    options = parser.parse_args(arguments)
    asked = functools.partial(gathered, cache=options.cache, renew=not options.kept)
    halves = {half: asyncio.run(asked(RANKED, half)) for half in Half}
    ranking = fit_ranking(halves[Half.TUNE], WEIGHTS.ranking)
    used = ranking if options.adopt in ("ranking", "both") else WEIGHTS.ranking
    _show_ranking(halves, ranking)
    on = {Half.TUNE: (*JUDGED, *ALTERED), Half.REPORT: JUDGED}
    tune, report = (judged(asyncio.run(asked(on[half], half)), used) for half in Half)
    show(
        "Answerability, report half",
        ("set", "fitted", "not answered", "outside answered", "answered wrong"),
        list(left_out(tune, report)),
    )
    fitted = fit_answerability(tune, WEIGHTS.answerability)
    print(json.dumps({"ranking": ranking, "answerability": fitted}, indent=1))
    if options.adopt:
        adopted = fitted if options.adopt in ("answerability", "both") else WEIGHTS.answerability
        thresholds = fit_thresholds(tune, adopted)
        weights = replace(WEIGHTS, ranking=used, answerability=adopted, thresholds=thresholds)
        first = {half.value: _by_set(asked, used) for half, asked in halves.items()}
        wrong = {
            half.value: {
                name: errors(_of(known, name), adopted, thresholds[Outcome.ANSWERED])
                for name in JUDGED
            }
            for half, known in zip(Half, (tune, report), strict=True)
        }
        _write(weights, options.adopt, first, wrong)


def _of(known: Sequence[Judged], name: str) -> list[Judged]:
    return [one for one in known if one.set == name]


def _by_set(asked: Sequence[Asked], ranking: Weighted) -> dict[str, float | None]:
    sets = {name: [one for one in asked if one.set == name] for name in RANKED}
    return {name: _rounded(first_is_right(own, ranking)) for name, own in sets.items()}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _show_ranking(halves: Mapping[Half, Sequence[Asked]], ranking: Weighted) -> None:
    rows = []
    for half, asked in halves.items():
        before, after = _by_set(asked, WEIGHTS.ranking), _by_set(asked, ranking)
        rows += [(half.value, name, str(before[name]), str(after[name])) for name in RANKED]
    show("The best unit holds the answer", ("half", "set", "in use", "fitted"), rows)


def _write(weights: Weights, adopted: str, first: object, wrong: object) -> None:
    made = {
        "about": {
            "made by": "make fit; what is fitted is adopted if no set's report half becomes worse",
            "adopted": adopted,
            "on": {"ranking": RANKED, "answerability": (*JUDGED, *ALTERED)},
            "split": "tune, by a hash of the question's id (benchmarks/quality/split.py)",
            "seed": None,  # nothing is drawn: the same data give the same weights
            "date": f"{datetime.now().astimezone():%Y-%m-%d}",
            "the best unit holds the answer": first,
            "answerability": wrong,
        },
        **asdict(weights),
    }
    PATH.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
