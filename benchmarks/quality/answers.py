"""Extractive answers on one half of the questions of each set, in minutes.

    python -m benchmarks.quality.answers --cache DIR --half tune [SET …]

What was found for each question is kept (see ``contexts``), so that a change in how answers are
chosen is measured at once. ``--record`` keeps the figures of both halves.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality import reliability, results
from benchmarks.quality.contexts import KEPT, contexts
from benchmarks.quality.everyday import EVERYDAY, everyday
from benchmarks.quality.sets import SETS
from benchmarks.quality.split import Half, of_half
from benchmarks.tables import show
from stook.answering.base import Brief
from stook.answering.extractive.answerer import Extract, extract_answer
from stook.answering.extractive.compose import Draft, compose
from stook.answering.extractive.selection import select
from stook.answering.outcome import Outcome
from stook.evaluation import measures
from stook.evaluation.measures import mean
from stook.evaluation.questions import Question

ANSWERS, RELIABILITY = "answers", "reliability"  # the files of the figures
MEASURED = (
    "xquad_en",
    "azure_hr",
    "sourcegraph",
    "mtrag_rewrite",
    "refuse_half",
    "refuse_azure",
    "refuse_mtrag",
    *EVERYDAY,
)
REGRESSION = ("handbook",)  # was tuned on: only to see what changes

IsRight = Callable[[Question, str, bool], bool | None]


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered to a question. ``right`` is None where nothing is known of the answer.

    ``first`` and ``best``: whether the first thing shown, and the unit ranked first, hold it.
    ``ranked``: of the documents found, best first, which are relevant. ``probability`` is what was
    thought of the answer, ``could_be_right`` whether the best sentences would have been.
    """

    question: Question
    outcome: Outcome
    text: str
    right: bool | None
    first: bool
    best: bool
    cited: bool | None
    ranked: tuple[bool, ...]
    probability: float
    could_be_right: bool | None
    milliseconds: float

    @property
    def refused(self) -> bool:
        return self.outcome is not Outcome.ANSWERED


def tell(question: Question, brief: Brief, is_right: IsRight) -> Told:
    """Answer one question from what was found for it, and judge the answer."""
    began = time.process_time()
    extract = extract_answer(brief)
    milliseconds = 1000 * (time.process_time() - began)
    draft, refused = extract.draft, extract.outcome is not Outcome.ANSWERED
    wanted = (*question.answers, *question.contains)
    return Told(
        question=question,
        outcome=extract.outcome,
        text=draft.text,
        right=is_right(question, draft.text, refused),
        first=not refused and any(measures.holds(text, wanted) for text, _ in draft.pieces[:1]),
        best=any(measures.holds(one.raw, wanted) for one in extract.ranked.units[:1]),
        cited=_cited(question, draft),
        ranked=_ranked(question, brief),
        probability=extract.judgement.probability,
        could_be_right=_could_be_right(question, extract, is_right),
        milliseconds=milliseconds,
    )


def _ranked(question: Question, brief: Brief) -> tuple[bool, ...]:
    if not question.answerable:
        return ()
    found = dict.fromkeys(passage.document.id for passage in brief.found.passages)
    return tuple(question.documents.get(one, 0) > 0 for one in found)


def _could_be_right(question: Question, extract: Extract, is_right: IsRight) -> bool | None:
    """Tell whether the best sentences are right, whether they are shown as an answer or not."""
    if question.answerable is False:
        return False
    return is_right(question, compose(select(extract.ranked).chosen).text, False)


def _cited(question: Question, draft: Draft) -> bool | None:
    """Tell whether the document cited first is one of those that answer; None where unknown."""
    if not question.documents or not draft.citations:
        return None
    return question.documents.get(draft.citations[0].document.id, 0) > 0


def _by_answers(question: Question, text: str, refused: bool) -> bool | None:
    if not question.answerable or not (question.answers or question.contains):
        return None
    return not refused and measures.holds(text, question.answers, question.contains)


def _by_own_criteria(name: str) -> IsRight:
    known = {one.question.id: one for one in everyday(name)}

    def is_right(question: Question, text: str, refused: bool) -> bool:
        return known[question.id].is_right(text, refused=refused)

    return is_right


def asked_of(name: str, half: Half | None) -> tuple[str, list[Question]]:
    """Return the corpus of a set, and the questions of its half, or all."""
    if name in EVERYDAY:
        corpus, every = EVERYDAY[name], [one.question for one in everyday(name)]
    else:
        corpus, every = SETS[name].corpus, list(SETS[name].questions())
    return corpus, of_half(every, half) if half else every


def judge_of(name: str) -> IsRight:
    """Return what tells whether an answer to a question of a set is right."""
    return _by_own_criteria(name) if name in EVERYDAY else _by_answers


async def told(name: str, half: Half | None, cache: Path, *, renew: bool = True) -> list[Told]:
    """Answer the questions of a set's half, or all."""
    corpus, questions = asked_of(name, half)
    found = await contexts(corpus, questions, cache, renew=renew)
    is_right = judge_of(name)
    return [tell(one, brief, is_right) for one, brief in zip(questions, found, strict=True)]


def figures(answers: Sequence[Told]) -> dict[str, float | None]:
    """Return the measures of one half of a set; None where the set says nothing of it."""
    known = [one for one in answers if one.question.answerable]
    outside = [one for one in answers if one.question.answerable is False]
    judged = [one for one in known if one.question.answers or one.question.contains]
    given = [len(one.text.split()) for one in known if not one.refused]
    return {
        "asked": float(len(answers)),
        "right": mean(one.right for one in answers if one.right is not None),
        "first shown": mean(one.first for one in judged),
        "best unit": mean(one.best for one in judged),
        "hit@1": mean(any(one.ranked[:1]) for one in known if one.question.documents),
        "hit@5": mean(any(one.ranked[:5]) for one in known if one.question.documents),
        "hit@10": mean(any(one.ranked[:10]) for one in known if one.question.documents),
        "cited first": mean(one.cited for one in known if one.cited is not None),
        "answered wrong": mean(
            one.outcome is Outcome.ANSWERED and one.right is not True
            for one in answers
            if one.right is not None
        ),
        "nothing": mean(one.outcome is Outcome.NOTHING for one in known),
        "closest": mean(one.outcome is Outcome.CLOSEST for one in known),
        "outside answered": mean(not one.refused for one in outside),
        "median words": float(statistics.median(given)) if given else None,
        "median ms": statistics.median(one.milliseconds for one in answers),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the sets named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.answers")
    parser.add_argument("sets", nargs="*", help=", ".join((*MEASURED, *REGRESSION)))
    parser.add_argument("--cache", type=Path, required=True, help="where indexes are kept")
    parser.add_argument("--half", type=Half, choices=list(Half), help="default: both, apart")
    parser.add_argument("--record", action="store_true", help="keep the figures of the report half")
    parser.add_argument("--kept", action="store_true", help=KEPT)
    options = parser.parse_args(arguments)
    answers_of = functools.partial(told, cache=options.cache, renew=not options.kept)
    for half in [options.half] if options.half else list(Half):
        answers = {name: asyncio.run(answers_of(name, half)) for name in options.sets or MEASURED}
        found = {name: figures(own) for name, own in answers.items()}
        show(f"Extractive answers, {half} half", *_table(found))
        if options.record and half is Half.REPORT:
            results.save(ANSWERS, {**results.load(ANSWERS), **found})
            results.save(RELIABILITY, {**results.load(RELIABILITY), **_reliability(answers)})
    if not options.sets:
        found = {name: figures(asyncio.run(answers_of(name, None))) for name in REGRESSION}
        show("Extractive answers, regression", *_table(found))


def _reliability(answers: Mapping[str, Sequence[Told]]) -> dict[str, dict[str, list[float]]]:
    """Sum up what was thought of each answer that is known to be right or wrong, by set."""
    return {
        name: reliability.kept(
            (one.probability, one.could_be_right) for one in own if one.could_be_right is not None
        )
        for name, own in answers.items()
    }


def _table(
    found: dict[str, dict[str, float | None]],
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    columns = list(next(iter(found.values())))
    return ("", *columns), [(name, *_cells(row.values())) for name, row in found.items()]


def _cells(values: Iterable[float | None]) -> Iterator[str]:
    for value in values:
        yield "–" if value is None else f"{value:.3f}" if value <= 1 else f"{value:.1f}"


if __name__ == "__main__":
    main()
