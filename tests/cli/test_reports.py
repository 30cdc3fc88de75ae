"""What a run of indexing says: while it goes on, when it is stopped, and at its end."""

from __future__ import annotations

import contextlib
import json
import signal
import time
from io import StringIO
from pathlib import Path

from stook.cli.progress import LARGE, Watch
from stook.knowledge.ingestion.reporting import Line, Result
from tests.cli.running import Stook
from tests.cli.test_index import index, write
from tests.knowledge import files_by_code as files

PATIENCE = 60.0


def test_every_file_is_accounted_for(tmp_path: Path, stook: Stook) -> None:
    docs = tmp_path / "docs"
    write(docs / "a.md", "# A\n\nWords.")
    write(docs / "b.pdf", "no PDF")
    write(docs / "film.mp4", "x")
    write(docs / ".git" / "config", "x")
    (docs / "c.zip").write_bytes(files.zipped({"d.md": "# D\n\nWords.", "q.mp4": "x"}))
    report = tmp_path / "report.jsonl"
    done = stook("index", docs, "--json", "--report", report)
    lines = {
        Path(one["name"]).name: one for one in map(json.loads, report.read_text().splitlines())
    }
    assert {name: one["outcome"] for name, one in lines.items()} == {
        "a.md": "added", "b.pdf": "refused", "film.mp4": "passed over", ".git": "passed over",
        "c.zip": "added", "c.zip › d.md": "added",
    }  # fmt: skip
    assert lines["b.pdf"]["reason"] == "broken or not what its name says"
    assert lines["c.zip"]["reason"] == "1 files within it were passed over: .mp4 1"
    said = done.json
    assert (said["added"], len(said["skipped"])) == (3, 1)
    assert [one["name"] for one in said["read_in_part"]] == [str(docs / "c.zip")]
    assert {one["kind"]: one["count"] for one in said["passed_over"]} == {".mp4": 1, "hidden": 1}
    assert f"read in part {docs / 'c.zip'}: 1 files within it" in done.err
    assert f"passed over 1 (.mp4): {docs / 'film.mp4'}" in done.err
    again = stook("index", docs)
    assert "3 unchanged, 0 withdrawn, 1 skipped, 2 passed over" in again.out


def test_larger_files_can_be_left_out(tmp_path: Path, stook: Stook) -> None:
    write(tmp_path / "docs" / "a.md", "# A\n\nWords.")
    write(tmp_path / "docs" / "b.md", "word " * 300_000)
    done = stook("index", tmp_path / "docs", "--json", "--max-file-mib", "1")
    assert done.json["added"] == 1
    assert [one["reason"] for one in done.json["skipped"]] == ["too large"]


async def test_a_folder_that_is_gone_is_named(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    for name in ("a", "b", "c", "share/d", "share/deep/e"):
        write(docs / f"{name}.md", f"# {name}\n\nWords of {name}.")
    await index(tmp_path / "data", docs)
    (docs / "share").rename(tmp_path / "away")
    done = await index(tmp_path / "data", docs)
    assert done.withdrawn == 2
    assert [(one.folder, one.documents) for one in done.emptied] == [(str(docs / "share"), 2)]
    assert "mount it and run again" in str(done.emptied[0])
    (docs / "a.md").unlink()  # one file is no share
    assert (await index(tmp_path / "data", docs)).emptied == ()


def test_what_is_stopped_goes_on_when_it_is_run_again(tmp_path: Path, stook: Stook) -> None:
    for number in range(90):
        words = " ".join(f"word{number}x{at}" for at in range(60))
        write(tmp_path / "docs" / f"{number}.md", f"# Page {number}\n\n{words}.")
    report = tmp_path / "report.jsonl"
    process = stook.start("index", tmp_path / "docs", "--report", report)
    deadline = time.monotonic() + PATIENCE
    while not (report.exists() and report.stat().st_size):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130, err
    assert "stook: stopping; run again to go on." in err and "Traceback" not in err
    stored = len(stook("document", "list", "--json").json)
    acknowledged = len(report.read_text().splitlines())
    assert 0 < acknowledged <= stored
    found = stook("index", tmp_path / "docs", "--json").json
    assert found["added"] + found["changed"] + found["unchanged"] == 90
    assert found["added"] == 90 - stored


def test_a_line_says_how_far_it_is() -> None:
    now = [0.0]
    out = StringIO()
    watch = Watch(report=out, clock=lambda: now[0])
    watch.found(4, 40 * 2**20)
    watch.begins("/docs/a.pdf", 10 * 2**20)
    now[0] = 5.0
    watch.said(Line("/docs/a.pdf", Result.ADDED, "a note"))
    watch.begins("/docs/b.pdf", 2 * 2**20)
    assert watch.line() == (
        "1 of 4 files, 10.0 MiB of 40.0 MiB, 0.2 a second, about 15 s left; reading /docs/b.pdf"
    )
    assert json.loads(out.getvalue()) == {
        "name": "/docs/a.pdf", "outcome": "added", "reason": "a note",
    }  # fmt: skip


def test_documents_are_counted_where_no_bytes_are_known() -> None:
    now = [0.0]
    watch = Watch(clock=lambda: now[0])
    watch.found(300, 0)
    now[0] = 100.0
    watch.indexed(100)
    assert watch.line() == "100 of 300 documents, 1.0 a second, about 3 min left"


def test_a_large_file_is_named_before_it_is_read() -> None:
    said = StringIO()
    with contextlib.redirect_stderr(said):
        Watch().begins("/docs/huge.pdf", LARGE)
    assert said.getvalue() == (
        "stook: reading /docs/huge.pdf (16.0 MiB); --max-file-mib leaves larger files out\n"
    )
