"""Two runs, question by question: what got better, and what got worse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from stook.evaluation.outcomes import QuestionResult, Run

LEAST = 1e-9  # a smaller difference is none


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True)


class Change(_Kept):
    """A measure of one question that is not what it was."""

    measure: str
    before: float
    after: float


class QuestionChange(_Kept):
    """What changed for one question, and its answers then and now."""

    id: str
    question: str
    changes: tuple[Change, ...]
    answer_before: str
    answer_after: str

    @property
    def direction(self) -> int:
        """1: nothing is worse; -1: nothing is better; 0: some of both."""
        signs = {1 if change.after > change.before else -1 for change in self.changes}
        return signs.pop() if len(signs) == 1 else 0


class Comparison(_Kept):
    """Questions by what became of them; ``missing`` were asked in one of the runs only."""

    before: str
    after: str
    better: tuple[QuestionChange, ...]
    worse: tuple[QuestionChange, ...]
    mixed: tuple[QuestionChange, ...]
    unchanged: int
    missing: tuple[str, ...]


def compare(before: Run, after: Run) -> Comparison:
    """The questions that both runs asked, told apart by id and text."""
    then = {(one.id, one.question): one for one in before.outcomes}
    now = {(one.id, one.question): one for one in after.outcomes}
    both = [(then[key], one) for key, one in now.items() if key in then]
    changed = [change for change in (_changed(*pair) for pair in both) if change.changes]
    return Comparison(
        before=_title(before),
        after=_title(after),
        better=_pointing(changed, 1),
        worse=_pointing(changed, -1),
        mixed=_pointing(changed, 0),
        unchanged=len(both) - len(changed),
        missing=tuple(question for _, question in sorted(then.keys() ^ now.keys())),
    )


def _pointing(changed: Sequence[QuestionChange], direction: int) -> tuple[QuestionChange, ...]:
    return tuple(one for one in changed if one.direction == direction)


def _changed(before: QuestionResult, after: QuestionResult) -> QuestionChange:
    return QuestionChange(
        id=after.id,
        question=after.question,
        changes=tuple(_changes(judgements(before), judgements(after))),
        answer_before=before.answer.text if before.answer else "",
        answer_after=after.answer.text if after.answer else "",
    )


def _changes(before: dict[str, float], after: dict[str, float]) -> Iterator[Change]:
    for measure in [name for name in after if name in before]:
        if abs(after[measure] - before[measure]) > LEAST:
            yield Change(measure=measure, before=before[measure], after=after[measure])


def judgements(outcome: QuestionResult) -> dict[str, float]:
    """What a question is compared by, each from 0 (bad) to 1 (good)."""
    found = {name: outcome.retrieval[name] for name in ("nDCG@10",) if name in outcome.retrieval}
    found["no error"] = float(not outcome.error)
    answer = outcome.answer
    if answer is None:
        return found
    if outcome.answerable is not None:
        found["right to answer or refuse"] = float(answer.refused is not outcome.answerable)
    if answer.right is not None:
        found["contains the answer"] = float(answer.right)
    judged = [one.right for one in answer.citations if one.right is not None]
    if judged:
        found["citations right"] = sum(judged) / len(judged)
    return found


def _title(run: Run) -> str:
    return f"{run.name}, {run.started:%Y-%m-%d %H:%M}"
