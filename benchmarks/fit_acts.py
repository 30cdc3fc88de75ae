"""Fits the weights that tell what a turn is for, on the tune half, and writes ``acts.json``.

    python -m benchmarks.fit_acts [--adopt]

A softmax regression with a ridge; each act weighs the same, and in it each language. The ridge is
chosen by five-fold cross-validation on the tune half; ``sure`` is the least probability at which
no question of the held-out folds is taken for small talk. The same turns give the same weights.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.quality.acts import Labelled, turns
from benchmarks.quality.split import Half
from benchmarks.tables import show
from stook.understanding.acts import PATH, Act, ActWeights, features, language_of, probabilities

RIDGES = (0.0003, 0.001, 0.003, 0.01)
FOLDS = 5
SURE = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
LEAST = 0.05  # weights nearer to 0 are left out

Array = NDArray[np.float64]
Weighted = Mapping[Act, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Known:
    """A turn's features, and what it is for."""

    labelled: Labelled
    features: Mapping[str, float]


def known(half: Half) -> list[Known]:
    """Return the turns of one half with their features."""
    return [
        Known(one, features(one.text, language_of(one.text, one.language))) for one in turns(half)
    ]


def fit(rows: Sequence[Known], ridge: float) -> Weighted:
    """Fit the weights of all acts."""
    names = sorted({name for one in rows for name in one.features})
    acts = list(Act)
    given = np.array([[one.features.get(name, 0.0) for name in names] for one in rows])
    wanted = np.array([acts.index(one.labelled.act) for one in rows])
    count = Counter((one.labelled.act, one.labelled.language) for one in rows)
    share = np.array([count[one.labelled.act, one.labelled.language] ** -0.5 for one in rows])
    share /= share.sum()
    picked = np.eye(len(acts))[wanted]

    def loss(flat: Array) -> tuple[float, Array]:
        weights = flat.reshape(len(names), len(acts))
        scores = given @ weights
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        chances /= chances.sum(axis=1, keepdims=True)
        likely = (chances * picked).sum(axis=1)
        value = -float(share @ np.log(likely + 1e-12)) + ridge * float(flat @ flat)
        slope = given.T @ (share[:, None] * (chances - picked))
        return value, slope.ravel() + 2 * ridge * flat

    start = np.zeros(len(names) * len(acts))
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B").x.reshape(len(names), len(acts))
    return {
        act: {
            name: round(float(weight), 2)
            for name, weight in zip(names, fitted[:, place], strict=True)
            if abs(weight) >= LEAST
        }
        for place, act in enumerate(acts)
    }


def held_out(rows: Sequence[Known], ridge: float) -> list[tuple[Known, Act, float]]:
    """Return each turn with what weights fitted without its fold take it for, and how surely."""
    found = []
    for fold in range(FOLDS):
        own = [one for place, one in enumerate(rows) if place % FOLDS == fold]
        weights = ActWeights(
            fit([one for place, one in enumerate(rows) if place % FOLDS != fold], ridge), 0.0
        )
        for one in own:
            chances = probabilities(one.features, weights)
            best = max(chances, key=lambda act: chances[act])
            found.append((one, best, chances[best]))
    return found


def right(told: Sequence[tuple[Known, Act, float]], sure: float = 0.0) -> float:
    """Return the share that is told rightly where what is less sure is taken for a fact."""
    taken = [(one, act if chance >= sure else Act.FACT) for one, act, chance in told]
    return sum(one.labelled.act is act for one, act in taken) / len(taken)


def mistaken(told: Sequence[tuple[Known, Act, float]], sure: float) -> int:
    """Count the questions that are taken for small talk."""
    return sum(
        act.is_social and chance >= sure and not one.labelled.act.is_social
        for one, act, chance in told
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, show, and with --adopt write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit_acts")
    parser.add_argument("--adopt", action="store_true", help="write what was fitted")
    options = parser.parse_args(arguments)
    rows = known(Half.TUNE)
    tried = {ridge: held_out(rows, ridge) for ridge in RIDGES}
    show(
        f"{len(rows)} turns of the tune half, held out in {FOLDS} folds",
        ("ridge", "right"),
        [(f"{ridge:g}", f"{right(told):.3f}") for ridge, told in tried.items()],
    )
    ridge = max(RIDGES, key=lambda one: right(tried[one]))
    told = tried[ridge]
    show(
        f"With ridge {ridge:g}, where what is less sure is taken for a fact",
        ("sure", "right", "questions taken for small talk"),
        [(f"{s:g}", f"{right(told, s):.3f}", str(mistaken(told, s))) for s in SURE],
    )
    fewest = min(mistaken(told, sure) for sure in SURE)
    sure = max(
        (sure for sure in SURE if mistaken(told, sure) == fewest), key=lambda s: right(told, s)
    )
    weights = fit(rows, ridge)
    size = sum(len(row) for row in weights.values())
    print(f"ridge {ridge:g}, sure {sure:g}, {size} weights")
    if options.adopt:
        about = {
            "made by": "python -m benchmarks.fit_acts --adopt",
            "on": "benchmarks/acts, tune half",
            "turns": len(rows),
            "ridge": ridge,
            "right, held out": round(right(told, sure), 3),
            "date": f"{datetime.now().astimezone():%Y-%m-%d}",
        }
        made = {"about": about, "sure": sure, "weights": weights}
        PATH.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
