"""Pictures and scanned pages are read by Tesseract; where it is not installed, that is said."""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import ParsedDocument, Parser, tesseract
from stook.runtime import Runtime
from stook.settings import Settings
from tests.knowledge import pictures_by_code as pictures
from tests.knowledge.test_collecting import index, known, runtime
from tests.knowledge.test_parsing_isolation import workers
from tests.knowledge.test_parsing_pdf import grid, lines, rows, text

__all__ = ["runtime"]

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="Tesseract is not installed (tesseract-ocr)"
)
PRICES = [["Article", "Price"], ["Lamp", "19.50"], ["Chair", "48.00"], ["Table", "120.00"]]


@contextlib.asynccontextmanager
async def parsing(**settings: object) -> AsyncIterator[Parser]:
    parser = Parser(Settings(**settings), workers=1)  # type: ignore[arg-type]
    try:
        yield parser
    finally:
        await parser.close()


async def read(content: bytes, name: str, **settings: object) -> ParsedDocument:
    async with parsing(**settings) as parser:
        return await parser.parse_bytes(content, name)


async def refusal(content: bytes, name: str, **settings: object) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        await read(content, name, **settings)
    return caught.value


def letter() -> str:
    words = ["The lease of the warehouse ends on 30 June 2027.", "Notice is given in writing."]
    return text(40, 250, "Warehouse lease", 22) + lines(40, 200, words, 12)


@needs_tesseract
async def test_a_picture_is_read_with_its_headings_and_tables() -> None:
    table = f"{grid([40, 160, 280], [90, 106, 122, 138, 154])}\n{rows(PRICES, [50, 170], 142)}"
    found = await read(pictures.png(pictures.drawn(letter() + table)), "IMG_2041.PNG")
    assert "# Warehouse lease" in found.text
    assert "The lease of the warehouse ends on 30 June 2027." in found.text
    assert "| Chair | 48.00 |" in found.text
    assert found.title == "IMG 2041: Warehouse lease"
    assert "read by Tesseract; it may err" in found.notes[0]


@needs_tesseract
async def test_scanned_pages_stand_among_the_others_and_are_said() -> None:
    stamped = pictures.drawn(lines(40, 200, ["The deposit is 4,200 euro, paid in May."], 14))
    words = "This page has words of its own, and enough of them that nothing needs to be drawn."
    content = pictures.scanned_pdf([lines(40, 200, [words]), stamped, pictures.drawn(letter())])
    found = await read(content, "lease.pdf")
    assert words in found.text and "The deposit is 4,200 euro, paid in May." in found.text
    assert [label for _, label in found.places] == ["page 1", "page 2", "page 3"]
    assert found.notes == ("2 of 3 pages are pictures, read by Tesseract; it may err",)


@needs_tesseract
async def test_what_a_photograph_seems_to_say_is_no_text() -> None:
    noise = random.Random(3).randbytes(400 * 300)
    error = await refusal(pictures.png((400, 300, noise)), "beach.png")
    assert error.reason is UnreadableReason.EMPTY and "without writing" in error.message


@needs_tesseract
async def test_a_language_that_is_not_there_is_named() -> None:
    content = pictures.png(pictures.drawn(letter()))
    found = await read(content, "a.png", ocr_languages="eng+xyz")
    assert "ends on 30 June 2027" in found.text
    assert any("xyz" in note and "tesseract-ocr-xyz" in note for note in found.notes)
    error = await refusal(content, "a.png", ocr_languages="xyz")
    assert error.reason is UnreadableReason.UNSUPPORTED and "tesseract-ocr-xyz" in error.message


async def test_without_tesseract_it_is_said_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    picture = pictures.drawn(letter())
    monkeypatch.setenv("PATH", str(tmp_path))
    error = await refusal(pictures.png(picture), "a.png")
    assert error.reason is UnreadableReason.UNSUPPORTED and "tesseract-ocr" in error.message
    error = await refusal(pictures.scanned_pdf([picture]), "a.pdf")
    assert error.reason is UnreadableReason.EMPTY and "tesseract-ocr" in error.message
    content = pictures.scanned_pdf([lines(40, 200, ["Some words of a page."] * 4), picture])
    found = await read(content, "b.pdf")
    assert found.notes[0].startswith("pages that are pictures are not read: Tesseract is not")
    error = await refusal(pictures.png(picture), "a.png", ocr_languages="")
    assert "STOOK_OCR_LANGUAGES" in error.message


@needs_tesseract
async def test_its_time_counts_and_what_was_read_until_then_stays() -> None:
    page = pictures.drawn("".join(lines(20, 290, ["many words of one page " * 3] * 24)))
    content = pictures.scanned_pdf([page] * 6)
    found = await read(content, "long.pdf", parse_timeout_seconds=3)
    assert "many words of one page" in found.text
    assert any(note.endswith("no time was left") for note in found.notes)
    error = await refusal(pictures.png(page), "long.png", parse_timeout_seconds=0.2)
    assert error.reason is UnreadableReason.TIMED_OUT


def running() -> set[str]:
    """The processes of Tesseract that belong to a worker of this process."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat=,comm="], capture_output=True, text=True, check=True
    ).stdout
    mine = {str(worker) for worker in workers()}
    rows = (line.split(maxsplit=3) for line in listed.splitlines())
    return {
        pid
        for pid, owner, state, name in rows
        if "tesseract" in name and state[0] != "Z" and (owner in mine or owner == "1")
    }


async def until(is_so: Callable[[set[str]], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so(await asyncio.to_thread(running)):  # noqa: ASYNC110 - of others
            await asyncio.sleep(0.02)


@needs_tesseract
async def test_nothing_goes_on_when_a_read_is_cancelled() -> None:
    page = pictures.drawn("".join(lines(20, 290, ["many words of one page " * 3] * 24)))
    async with parsing() as parser:
        task = asyncio.create_task(
            parser.parse_bytes(pictures.scanned_pdf([page] * 60), "long.pdf")
        )
        await until(bool)
        begun = await asyncio.to_thread(running)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda now: not begun & now)


async def test_pictures_of_a_directory_are_read_or_counted(
    runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    (folder / "a.md").write_text("# A\n\nWords.")
    (folder / "scan.png").write_bytes(pictures.png(pictures.drawn(letter())))
    (folder / "photo.png").write_bytes(pictures.png((60, 60, bytes(range(60)) * 60)))
    if shutil.which("tesseract"):
        report = await index(runtime, folder)
        assert report.passed_over == {".png: a picture without writing": 1}
        assert known(runtime) == {"a.md", "scan.png"}
    monkeypatch.setenv("PATH", str(tmp_path))
    tesseract.installed.cache_clear()
    try:
        report = await index(runtime, folder)
    finally:
        tesseract.installed.cache_clear()
    kinds = {".png: Tesseract is not installed (Debian: tesseract-ocr)"}
    assert report.withdrawn == 0 and set(report.passed_over) == kinds and not report.skipped
