"""What each weight and each rule of the answers is worth, on the tune half.

    python -m benchmarks.quality.ablation --cache DIR

Each is set to 0, half and double in turn. A line says how many answers change, and by how many the
right ones become more or fewer; what changes nothing at any factor earns no place.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from benchmarks.quality.answers import MEASURED, REGRESSION, asked_of, judge_of
from benchmarks.quality.contexts import KEPT, contexts
from benchmarks.quality.split import Half
from benchmarks.tables import show
from stook.answering.base import Brief
from stook.answering.extractive import answerability
from stook.answering.extractive.candidates import Candidates, candidates
from stook.answering.extractive.compose import compose
from stook.answering.extractive.ranker import Ranked, rank
from stook.answering.extractive.rules import RULES, Rules
from stook.answering.extractive.selection import select
from stook.answering.extractive.weights import WEIGHTS, Weights
from stook.answering.outcome import Outcome
from stook.evaluation import measures
from stook.evaluation.questions import Question

FACTORS = (0.0, 0.5, 2.0)
SETS = tuple(name for name in MEASURED if not name.startswith("refuse_"))


@dataclass(frozen=True, slots=True)
class Case:
    """A question with what was found, its candidates, and how its answer is judged."""

    set: str
    question: Question
    brief: Brief
    found: Candidates
    is_right: Callable[[Question, str, bool], bool | None]


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a case, None where refused; whether it and the best unit are right."""

    text: str | None
    right: bool
    best: bool


async def cases(cache: Path, *, renew: bool = True) -> list[Case]:
    """Return the tune half of all sets, and the handbook."""
    found = []
    for name in (*SETS, *REGRESSION):
        corpus, questions = asked_of(name, None if name in REGRESSION else Half.TUNE)
        briefs = await contexts(corpus, questions, cache, renew=renew)
        is_right = judge_of(name)
        found += [
            Case(name, question, brief, candidates(brief), is_right)
            for question, brief in zip(questions, briefs, strict=True)
        ]
    return found


def answer(case: Case, weights: Weights = WEIGHTS, rules: Rules = RULES) -> Result:
    """Answer a case with other weights or rules."""
    ranked = rank(case.found, weights.ranking)
    text = _text(case, ranked, weights, rules)
    right = case.is_right(case.question, text or "", text is None)
    wanted = (*case.question.answers, *case.question.contains)
    best = bool(wanted) and any(measures.holds(one.raw, wanted) for one in ranked.units[:1])
    return Result(text, bool(right), best)


def _text(case: Case, ranked: Ranked, weights: Weights, rules: Rules) -> str | None:
    if answerability.judge(case.brief, ranked, weights).outcome is not Outcome.ANSWERED:
        return None
    return compose(select(ranked, case.brief.max_sources, rules).chosen).text or None


def changed(name: str, factor: float) -> tuple[Weights, Rules]:
    """Return the weights and rules with one of them multiplied; ``name`` is SECTION.KEY."""
    section, key = name.split(".")
    if section == "rules":
        value = getattr(RULES, key)
        return WEIGHTS, replace(RULES, **{key: type(value)(value * factor)})
    held: Mapping[str, float] = getattr(WEIGHTS, section)
    return replace(WEIGHTS, **{section: {**held, key: held[key] * factor}}), RULES


def names() -> Iterator[str]:
    """Name every weight and rule."""
    for section in fields(Weights):
        yield from (f"{section.name}.{key}" for key in getattr(WEIGHTS, section.name))
    yield from (f"rules.{one.name}" for one in fields(Rules))


def compared(held: Sequence[Case], before: Sequence[Result], name: str) -> tuple[str, ...]:
    """Return a line of the table: for each factor changed answers, right ones, best units."""
    cells = []
    for factor in FACTORS:
        weights, rules = changed(name, factor)
        after = [answer(case, weights, rules) for case in held]
        pairs = list(zip(before, after, strict=True))
        differ = sum(one.text != other.text for one, other in pairs)
        right = sum(other.right - one.right for one, other in pairs)
        best = sum(other.best - one.best for one, other in pairs)
        cells.append(f"{differ} {right:+d} {best:+d}")
    return (name, *cells)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.ablation")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("names", nargs="*", help="default: all")
    parser.add_argument("--kept", action="store_true", help=KEPT)
    options = parser.parse_args(arguments)
    held = asyncio.run(cases(options.cache, renew=not options.kept))
    before = [answer(case) for case in held]
    rows = [compared(held, before, name) for name in options.names or names()]
    title = f"Changed answers, right answers, best units, of {len(held)}"
    show(title, ("", *(f"× {factor}" for factor in FACTORS)), rows)


if __name__ == "__main__":
    main()
