"""What an answer is written from, for each question of a set, kept between runs.

Searching takes most of the time of an answer and does not depend on how answers are chosen: with
what was found at hand, all answers of a set are made in seconds.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import stook
from benchmarks.quality.indexes import MADE_BY, prepared, settings_for
from stook.answering.base import Brief, Source
from stook.evaluation.asking import ask_of
from stook.evaluation.questions import Question
from stook.knowledge.store.neighbourhoods import Neighbourhood
from stook.runtime import open_runtime

KEPT = "use what was found before, even if searching has changed since"
# What finds: a change below one of these makes what is kept anew.
FINDERS = ("knowledge", "understanding", "conversation/engine.py", "conversation/context.py")


async def contexts(
    corpus: str, questions: Sequence[Question], cache: Path, *, renew: bool = True
) -> list[Brief]:
    """Return what the engine gathers for each question; ``renew`` where the finders changed."""
    name = hashlib.sha256(repr([one.model_dump() for one in questions]).encode()).hexdigest()[:16]
    path = cache / "contexts" / f"{corpus}.{name}.pickle"
    made_by = _finders()
    if path.is_file():
        with path.open("rb") as file:
            if pickle.load(file) == made_by or not renew:  # our own file
                held: list[Brief] = pickle.load(file)
                return held
    found = await _gathered(corpus, questions, cache)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        pickle.dump(made_by, file)
        pickle.dump(found, file)
    return found


async def _gathered(corpus: str, questions: Sequence[Question], cache: Path) -> list[Brief]:
    directory = await prepared(corpus, cache)
    async with open_runtime(settings_for(directory)) as runtime:
        found = [
            await runtime.engine.answer_context(await ask_of(runtime.database, one))
            for one in questions
        ]
    return _shared(found)


def _shared(found: Sequence[Brief]) -> list[Brief]:
    """Keep each neighbourhood once."""
    near: dict[tuple[str, tuple[int, ...]], Neighbourhood] = {}
    return [
        replace(
            one,
            sources=tuple(
                replace(source, near=near.setdefault(_key(source), source.near))
                for source in one.sources
            ),
        )
        for one in found
    ]


def _key(source: Source) -> tuple[str, tuple[int, ...]]:
    return source.document.id, tuple(source.near.chunks)


def _finders() -> str:
    digest = hashlib.sha256(MADE_BY.encode())
    package = Path(stook.__file__).parent
    for name in FINDERS:
        for path in (
            [package / name] if name.endswith(".py") else sorted((package / name).rglob("*.py"))
        ):
            digest.update(path.read_bytes())
    return digest.hexdigest()
