"""Real files of many formats: read, or refused cleanly; compared with expected Markdown."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from stook.errors import UnreadableDocument
from stook.knowledge.ingestion.parsing import Parser
from stook.knowledge.text.chunking import chunk
from stook.settings import Settings

ROOT = Path(__file__).parents[2].parent / "shared/data/files/docling/tests/data"
SECONDS = 120

# The share of the expected words that must be found, by format. What is missing: words inside
# drawings, labels of charts in sheets, comments; repeated words of merged cells.
LEAST_FOUND = {
    "csv": 0.99, "doc": 0.95, "docx": 0.90, "epub": 0.99, "html": 0.95, "md": 0.98, "odf": 0.95,
    "pdf": 0.80, "ppt": 0.80, "pptx": 0.88, "webvtt": 0.99, "xls": 0.99, "xlsx": 0.78,
}  # fmt: skip


def words(markdown: str) -> Counter[str]:
    shown = re.sub(r"<!--.*?-->|\]\([^)]*\)|https?://\S+", " ", markdown, flags=re.DOTALL)
    return Counter(re.findall(r"\w+", shown.lower()))


async def read_all(paths: list[Path]) -> dict[Path, str]:
    """The text of each file; "" where it is refused."""
    parser = Parser(Settings(), workers=2)

    async def read(path: Path) -> str:
        try:
            return (await parser.parse(path, path.name)).text
        except UnreadableDocument:
            return ""

    async with asyncio.timeout(SECONDS):
        texts = await asyncio.gather(*map(read, paths))
    await parser.close()
    return dict(zip(paths, texts, strict=True))


@pytest.mark.skipif(not ROOT.is_dir(), reason=f"the evaluation files are not at {ROOT}")
async def test_files_of_all_formats() -> None:
    paths = sorted(path for path in ROOT.rglob("*") if path.is_file())
    texts = await read_all(paths)
    refused = {path for path, text in texts.items() if not text}
    # Scans without a text layer, drawings and code lists; nothing that holds text.
    assert len(refused) <= len(paths) * 0.05, sorted(str(path) for path in refused)
    found: dict[str, list[float]] = defaultdict(list)
    for path, text in texts.items():
        assert "".join(text.split()).startswith("".join(joined(text).split())[:100])
        expected = expected_of(path)
        if path.parent.name == "sources" and expected.is_file() and text:
            wanted = words(expected.read_text(encoding="utf-8"))
            found[path.parents[1].name].append(
                (wanted & words(text)).total() / max(1, wanted.total())
            )
    shares = {kind: sum(values) / len(values) for kind, values in found.items()}
    print({kind: (len(found[kind]), round(share, 3)) for kind, share in shares.items()})
    assert {kind: shares[kind] for kind, least in LEAST_FOUND.items() if shares[kind] < least} == {}


def expected_of(path: Path) -> Path:
    folder = path.parents[1] / "groundtruth"
    named = folder / f"{path.name}.md"
    return named if named.is_file() else folder / f"{path.stem}.md"


def joined(text: str) -> str:
    return " ".join(text[part.span.start : part.span.end] for part in chunk(text))
