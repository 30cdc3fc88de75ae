"""How well questions in one language find documents in another, with and without the extra.

    python -m benchmarks.quality.languages --cache DIR [--half tune] [--sample N] [--record]

German, Spanish, French and Russian questions are asked of the English sample handbook, those of
xquad in German, Chinese and Arabic of its English paragraphs, and English ones of the paragraphs
in these languages. Beside them stand the languages alone: what the second encoder must not spoil.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality import results
from benchmarks.quality.indexes import prepared, settings_for
from benchmarks.quality.sets import DATA, beir_questions, spread
from benchmarks.quality.split import Half, of_half
from benchmarks.tables import show
from stook.evaluation.questions import Question
from stook.identity.principals import EVERYONE
from stook.knowledge.retrieval.retriever import Searcher
from stook.knowledge.store.documents import Filters, document_id
from stook.runtime import open_runtime

WRITTEN = Path(__file__).parents[1] / "languages" / "handbook.txt"
OVER_ENGLISH = ("de", "es", "fr", "ru")
ACROSS = (("en", "de"), ("de", "en"), ("en", "zh"), ("zh", "en"), ("en", "ar"), ("ar", "en"))
ALONE = ("en", "de", "zh", "ar")
WAYS = ("off", "auto")  # of the setting `multilingual`
LIMIT = 10
RESULT = "languages"


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions in one language, and the corpus in another that they are asked of."""

    name: str
    corpus: str
    questions: Sequence[Question]


@dataclass(frozen=True, slots=True)
class Share:
    """Of how many questions the right document was the first, and one of the first ten."""

    asked: int
    first: float
    found: float


def written(language: str) -> list[Question]:
    """The questions over the handbook in a language, in order."""
    return list(_written(language))


def _written(language: str) -> Iterator[Question]:
    page, number = "", 0
    for line in WRITTEN.read_text("utf-8").splitlines():
        if line.endswith(".md"):
            page, number = line, number + 1
        elif line.startswith(f"{language} "):
            wanted = {document_id("handbook", page): 1}
            name = f"handbook-{number}"  # the same half in all languages
            yield Question(id=name, question=line.removeprefix(f"{language} "), documents=wanted)


def all_asked(half: Half, sample: int | None) -> list[Asked]:
    """All pairs of languages, with the questions of a half."""
    pairs = [
        Asked(f"{language} → en, handbook", "handbook", written(language))
        for language in OVER_ENGLISH
    ]
    for asking, held in (*ACROSS, *((one, one) for one in ALONE)):
        folder = DATA / "xquad" / f"beir_{asking}"
        pairs.append(
            Asked(f"{asking} → {held}, xquad", f"xquad_{held}", _over(folder, f"xquad_{held}"))
        )
    return [
        Asked(one.name, one.corpus, spread(of_half(one.questions, half), sample)) for one in pairs
    ]


def _over(folder: Path, corpus: str) -> list[Question]:
    return beir_questions(corpus, folder)


async def measure(asked: Sequence[Asked], way: str, cache: Path) -> dict[str, Share]:
    """Ask all of it in one way."""
    found = {}
    for one in asked:
        (cache / way).mkdir(parents=True, exist_ok=True)
        directory = await prepared(one.corpus, cache / way, multilingual=way)
        async with open_runtime(settings_for(directory, multilingual=way)) as runtime:
            found[one.name] = await _share(runtime.searcher, one.questions)
    return found


async def _share(searcher: Searcher, questions: Sequence[Question]) -> Share:
    places = [await _place(searcher, one) for one in questions]
    first = sum(place == 0 for place in places) / len(places)
    return Share(len(places), first, sum(place is not None for place in places) / len(places))


async def _place(searcher: Searcher, question: Question) -> int | None:
    """The place of the right document among those found, from 0."""
    found = await searcher.search(question.question, EVERYONE, Filters(), 3 * LIMIT)
    documents = list(dict.fromkeys(one.document.id for one in found.passages))[:LIMIT]
    return next((at for at, name in enumerate(documents) if name in question.documents), None)


async def main() -> None:
    """Measure in both ways, and show a row for each pair of languages."""
    options = _options()
    asked = all_asked(options.half, options.sample)
    found = {way: await measure(asked, way, options.cache) for way in WAYS}
    rows = {
        one.name: {
            "asked": found["off"][one.name].asked,
            **{
                f"{measure}{with_extra}": getattr(found[way][one.name], name)
                for name, measure in (("first", "hit@1"), ("found", "recall@10"))
                for way, with_extra in zip(WAYS, ("", " with the extra"), strict=True)
            },
        }
        for one in asked
    }
    columns = ("", *next(iter(rows.values())))
    cells = [(name, *(f"{value:.4g}" for value in row.values())) for name, row in rows.items()]
    show("Across languages", columns, cells)
    if options.record:
        results.save(RESULT, rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.languages")
    parser.add_argument("--cache", type=Path, required=True, help="where indexed corpora are kept")
    parser.add_argument("--half", type=Half, default=Half.REPORT)
    parser.add_argument("--sample", type=int, help="ask at most so many questions of each pair")
    parser.add_argument("--record", action="store_true", help="keep it for docs/quality.md")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main())
