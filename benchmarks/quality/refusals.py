"""How well questions without an answer are told from others, at given shares of wrong refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.fit_refusal import brief_for
from benchmarks.quality.indexes import prepared
from benchmarks.quality.sets import SETS, spread
from stook.answering.extractive import answerability as refusal
from stook.answering.extractive import scoring
from stook.evaluation import measures
from stook.evaluation.questions import Question
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings

WRONGLY = (0.05, 0.10)
CALIBRATED_ON = "refuse_half"
UNITS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with the probability that it is answered; the best units, best first."""

    question: Question
    probability: float
    units: tuple[str, ...]


async def judge(name: str, cache: Path, sample: int | None = None) -> list[Judged]:
    """What the extractive answerer makes of each question of a set before it decides."""
    directory = await prepared(SETS[name].corpus, cache)
    async with open_runtime(Settings(data_dir=directory)) as runtime:
        return [await _judge(runtime, one) for one in spread(SETS[name].questions(), sample)]


async def _judge(runtime: Runtime, question: Question) -> Judged:
    brief = await brief_for(runtime, question.question)
    asking, candidates = scoring.score(brief)
    if not candidates:
        return Judged(question, 0.0, ())
    probability = refusal.probability(refusal.signals(brief, asking, candidates))
    return Judged(question, probability, tuple(one.raw for one in candidates[: UNITS[-1]]))


def threshold(judged: Sequence[Judged], wrongly: float) -> float:
    """The probability below which that share of the answerable questions lies."""
    return float(np.quantile(_probabilities(judged, answerable=True), wrongly))


def shares(judged: Sequence[Judged], below: float) -> dict[str, float]:
    """Refused below that probability: of the questions without an answer, and of the others."""
    unknown = _probabilities(judged, answerable=False)
    known = _probabilities(judged, answerable=True)
    return {
        "refused": float(np.mean(np.array(unknown) < below)),
        "wrongly refused": float(np.mean(np.array(known) < below)),
    }


def contained(judged: Sequence[Judged]) -> dict[str, float]:
    """In how many of the questions the first one, two and three units hold the answer."""
    wanted = [one for one in judged if one.question.answerable and one.question.answers]
    return {
        str(count): float(
            np.mean(
                [
                    measures.holds(" ".join(one.units[:count]), one.question.answers)
                    for one in wanted
                ]
            )
        )
        for count in (UNITS if wanted else ())
    }


def _probabilities(judged: Sequence[Judged], *, answerable: bool) -> list[float]:
    return [one.probability for one in judged if one.question.answerable is answerable]


async def refusals(cache: Path, sample: int | None = None) -> dict[str, dict[str, float]]:
    """For each set of refusals: what is refused at given shares of wrong refusals, with the
    threshold calibrated on another corpus, and with the one in use."""
    found: dict[str, dict[str, float]] = {}
    base = await judge(CALIBRATED_ON, cache, sample)
    for name in (one for one in SETS if one.startswith("refuse_")):
        judged = base if name == CALIBRATED_ON else await judge(name, cache, sample)
        row = {"asked": float(len(judged))}
        for wrongly in WRONGLY:
            at = f"at {wrongly:.0%}"
            row[at] = shares(judged, threshold(judged, wrongly))["refused"]
        calibrated = shares(judged, threshold(base, WRONGLY[0]))
        row |= {f"calibrated: {key}": value for key, value in calibrated.items()}
        row |= {f"in use: {key}": value for key, value in shares(judged, 0.5).items()}
        found[name] = row
    found["units"] = contained(await judge("xquad_en", cache, sample))
    return found
