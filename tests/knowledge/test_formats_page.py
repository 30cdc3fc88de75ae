"""docs/formats.md says what is kept of each format: what the samples show."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stook.knowledge.ingestion.parsing import ParsedDocument, Parser, kinds
from stook.knowledge.ingestion.parsing.canonical import readable_name
from stook.settings import Settings
from tests.knowledge import samples, samples_office
from tests.knowledge.samples import FACTS, FEATURES, Sample

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "formats.md"
WRITE = "WRITE_FORMATS"
START, END = "<!-- made by the tests -->", "<!-- end -->"
ALL = (*samples.SAMPLES, *samples_office.SAMPLES)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    made = Parser(Settings(), workers=2)
    yield made
    asyncio.run(made.close())


def shown(sample: Sample, document: ParsedDocument) -> list[str]:
    """A row of the table: of each thing that the format can say, what becomes of it."""
    kept = {
        "title": document.title != readable_name(sample.name),
        "author": bool(document.author),
        "date": bool(document.created_at or document.updated_at),
        "places": bool(document.places),
        "files within": bool(document.members),
    }
    text = " ".join(document.text.split())
    cells = [sample.format, sample.endings]
    for feature in FEATURES:
        expected = sample.says.get(feature)
        if expected is None:
            cells.append("")
        elif not expected:  # what is said to nobody but who writes it
            cells.append("LOST" if "internal" in text else "left out")
        else:
            cells.append("kept" if " ".join(expected.split()) in text else "LOST")
    return [
        *cells,
        *(("kept" if kept[fact] else "LOST") if fact in sample.facts else "" for fact in FACTS),
    ]


async def test_the_table_of_formats(parser: Parser) -> None:
    read = await asyncio.gather(*(parser.parse_bytes(one.content, one.name) for one in ALL))
    rows = [shown(sample, document) for sample, document in zip(ALL, read, strict=True)]
    lost = {row[0]: row for row in rows if "LOST" in row}
    assert lost == {}
    head = ["format", "endings", *FEATURES, *FACTS]
    lines = [f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows]]
    table = f"{START}\n\n" + "\n".join(lines) + f"\n\n{END}"
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(START)
    written = before + table + rest.partition(END)[2]
    if os.environ.get(WRITE):
        PAGE.write_text(written, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == written, f"run with {WRITE}=1, and read the change"


def test_every_ending_that_is_known_is_on_the_page() -> None:
    said = set(re.findall(r"[\w+]+", PAGE.read_text(encoding="utf-8").lower()))
    assert sorted(kinds.suffixes() - said) == []


def test_the_readme_names_every_format() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("### What it reads")[2].partition("###")[0].lower()
    names = {sample.format.partition(" (")[0].partition(",")[0].lower() for sample in ALL}
    names -= {"other xml", "packed alone"}  # said in other words
    assert sorted(name for name in names if name not in section) == []
