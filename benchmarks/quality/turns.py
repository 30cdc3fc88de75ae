"""Everyday questions through the whole engine, by kind: acts, follow-ups, parts and forms count.

    python -m benchmarks.quality.turns --cache DIR [--half tune] [--show] [--record]

What was said earlier is asked first, and answered by the engine itself. ``--show`` prints each
answer that is not right, which is for the tune half alone.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.quality import results
from benchmarks.quality.everyday import EVERYDAY, Everyday, everyday
from benchmarks.quality.indexes import prepared, settings_for
from benchmarks.quality.split import Half, half_of
from benchmarks.tables import show
from stook.answering.outcome import Outcome
from stook.conversation.events import Answer, Ask, Failed, Finished, Turn
from stook.evaluation.asking import ask_of
from stook.runtime import Runtime, open_runtime
from stook.understanding.question import Author

RESULT = "turns"
CHAT = "chat"  # the outcome of small talk


@dataclass(frozen=True, slots=True)
class Told:
    """A question, what was answered, and whether that is right by the question's own criteria."""

    asked: Everyday
    answer: Answer
    right: bool


async def told(name: str, half: Half, cache: Path, kinds: Sequence[str] = ()) -> list[Told]:
    """Ask the questions of a half of one of the sets."""
    wanted = [one for one in everyday(name) if half_of(one.question.id) is half]
    if kinds:
        wanted = [one for one in wanted if one.kind in kinds]
    directory = await prepared(EVERYDAY[name], cache)
    async with open_runtime(settings_for(directory)) as runtime:
        return [await _told(runtime, one) for one in wanted]


async def _told(runtime: Runtime, one: Everyday) -> Told:
    last = await ask_of(runtime.database, one.question)
    said: list[Turn] = []
    for earlier in one.question.history:
        asked = replace(last, question=earlier.question, history=tuple(said))
        answer = await _answer(runtime, asked)
        said += [Turn(Author.USER, earlier.question), Turn(Author.ASSISTANT, answer.text)]
    answer = await _answer(runtime, replace(last, history=tuple(said)))
    return Told(one, answer, _is_right(one, answer))


def _is_right(one: Everyday, answer: Answer) -> bool:
    if one.outcome == CHAT:
        brief = len(answer.text.split()) <= one.most_words
        return brief and not answer.refused and not answer.citations
    return one.is_right(answer.text, refused=answer.refused)


async def _answer(runtime: Runtime, asked: Ask) -> Answer:
    async with contextlib.aclosing(runtime.engine.answer(asked)) as events:
        async for event in events:
            if isinstance(event, Failed):
                raise event.error
            if isinstance(event, Finished):
                return event.answer
    raise AssertionError("The engine ended without an answer.")


def by_kind(found: Iterable[Told]) -> dict[str, dict[str, int]]:
    """Return for each kind how many were asked, how many answers are right, and of the others,
    how many end in which outcome."""
    counted: dict[str, dict[str, int]] = {}
    for one in found:
        for kind in (one.asked.kind, "all"):
            row = counted.setdefault(kind, dict.fromkeys(("asked", "right", *Outcome), 0))
            row["asked"] += 1
            row["right" if one.right else one.answer.outcome.value] += 1
    return dict(sorted(counted.items()))


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask, and show how many answers of each kind are right."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.turns")
    parser.add_argument("sets", nargs="*", help=", ".join(EVERYDAY))
    parser.add_argument("--cache", type=Path, required=True, help="where indexes are kept")
    parser.add_argument("--half", type=Half, choices=list(Half), default=Half.TUNE)
    parser.add_argument("--kind", action="append", default=[], help="only questions of this kind")
    parser.add_argument("--show", action="store_true", help="print what is not right")
    parser.add_argument("--record", action="store_true", help="keep it for docs/quality.md")
    options = parser.parse_args(arguments)
    found: list[Told] = []
    for name in options.sets or EVERYDAY:
        found += asyncio.run(told(name, options.half, options.cache, options.kind))
    if options.show and options.half is Half.TUNE:
        for one in found:
            if not one.right:
                _show(one)
    counted = by_kind(found)
    rows = [(kind, *map(str, row.values())) for kind, row in counted.items()]
    show(f"Everyday questions, {options.half} half", ("kind", *counted["all"]), rows)
    if options.record:
        results.save(RESULT, {**results.load(RESULT), options.half.value: counted})


def _show(one: Told) -> None:
    words = len(one.answer.text.split())
    print(f"--- {one.asked.question.id} {one.asked.kind} {one.answer.outcome} {words} words")
    print(f"Q: {one.asked.question.question}")
    print(f"A: {one.answer.text}")
    print(f"wanted: {one.asked.any_of} {one.asked.all_of} never {one.asked.never}\n")


if __name__ == "__main__":
    main()
