"""What is suggested after answers, to be judged by eye.

    python -m benchmarks.quality.suggestions --cache DIR [SET …]

Asks the tune halves of three sets and of the everyday questions over the same documents, and
prints each answer that has suggestions with them. What came of judging them stands in
``benchmarks/results/quality/suggestions.json``.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.quality.everyday import everyday
from benchmarks.quality.indexes import prepared, settings_for
from benchmarks.quality.sets import SETS, spread
from benchmarks.quality.split import Half, of_half
from stook.conversation.events import Finished
from stook.evaluation.asking import ask_of
from stook.evaluation.questions import Question
from stook.runtime import open_runtime

NAMES = ("handbook", "sourcegraph", "azure_hr")
EVERYDAY = {"handbook": "everyday_sample", "sourcegraph": "everyday_sourcegraph"}
SHOWN = 100  # characters of an answer


def questions(name: str) -> list[Question]:
    """The questions of a set's tune half, and the everyday ones; those that stand alone."""
    found = [*SETS[name].questions()]
    if name in EVERYDAY:
        found += [one.question for one in everyday(EVERYDAY[name])]
    return [one for one in of_half(found, Half.TUNE) if not one.history]


async def show(name: str, cache: Path, sample: int | None) -> tuple[int, int]:
    """Print what is suggested; returns how many questions were asked, and how many had some."""
    directory = await prepared(SETS[name].corpus, cache)
    asked = spread(questions(name), sample)
    some = 0
    async with open_runtime(settings_for(directory)) as runtime:
        for one in asked:
            asking = replace(await ask_of(runtime.database, one), suggest=True)
            async for event in runtime.engine.answer(asking):
                if isinstance(event, Finished) and event.answer.suggestions:
                    some += 1
                    print(f"\n{one.question}\n  {' '.join(event.answer.text.split())[:SHOWN]}")
                    print(*(f"    > {each}" for each in event.answer.suggestions), sep="\n")
    return len(asked), some


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the suggestions of the sets named, or of all three."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.suggestions")
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(NAMES))
    parser.add_argument("--cache", type=Path, required=True, help="where indexed corpora are kept")
    parser.add_argument("--sample", type=int, help="ask at most so many questions of each set")
    options = parser.parse_args(arguments)
    for name in options.sets or NAMES:
        asked, some = asyncio.run(show(name, options.cache, options.sample))
        print(f"\n{name}: {asked} asked, {some} answers with suggestions")


if __name__ == "__main__":
    main()
