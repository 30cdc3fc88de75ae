"""How well questions without an answer are told from others, at given shares of wrong refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.quality.contexts import contexts
from benchmarks.quality.sets import SETS, spread
from benchmarks.quality.split import Half, of_half
from stook.answering.base import Brief
from stook.answering.extractive.answerer import extract_answer
from stook.evaluation import measures
from stook.evaluation.questions import Question

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
    """Return what the extractive answerer makes of the questions of a set's report half."""
    asked = spread(of_half(SETS[name].questions(), Half.REPORT), sample)
    found = await contexts(SETS[name].corpus, asked, cache)
    return [_judge(one, brief) for one, brief in zip(asked, found, strict=True)]


def _judge(question: Question, brief: Brief) -> Judged:
    extract = extract_answer(brief)
    best = tuple(one.raw for one in extract.ranked.units[: UNITS[-1]])
    return Judged(question, extract.judgement.probability, best)


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
