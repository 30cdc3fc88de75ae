"""Shows how far a run of indexing is: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from stook.cli.common import say
from stook.knowledge.ingestion.reporting import Line, Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

LARGE = 16 * 2**20  # bytes; a file of more is named before it is read
EVERY_SECONDS = 10.0


class Watch(Progress):
    """Counts what is done, and shows it; a context manager.

    ``report`` is a file that gets a line of JSON for each file, as soon as it is done with.
    """

    def __init__(
        self,
        *,
        report: TextIO | None = None,
        every: float = EVERY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._report = report
        self._every = every
        self._clock = clock
        self._began = clock()
        self._files = self._size = self._done = self._done_size = self._indexed = 0
        self._reading: dict[str, int] = {}
        self._over = threading.Event()
        self._bar: Bar | None = None
        self._task: Any = None

    def __enter__(self) -> Watch:
        if sys.stderr.isatty():
            self._open_bar()
        else:
            threading.Thread(target=self._tick, daemon=True, name="progress").start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._bar is not None:
            self._bar.stop()

    # --- what the run tells ---------------------------------------------------------------------

    def found(self, files: int, size: int) -> None:
        self._files += files
        self._size += size
        self._show()

    def begins(self, name: str, size: int) -> None:
        self._reading[name] = size
        if size >= LARGE:
            self._say(f"reading {name} ({_mib(size)}); --max-file-mib leaves larger files out")
        self._show()

    def said(self, line: Line) -> None:
        if line.name in self._reading:
            size = self._reading.pop(line.name)
            self._done += bool(size)
            self._done_size += size
        if self._report is not None:
            document = {"name": line.name, "outcome": str(line.result), "reason": line.reason}
            self._report.write(json.dumps(document, ensure_ascii=False) + "\n")
            self._report.flush()
        self._show()

    def indexed(self, documents: int) -> None:
        self._indexed += documents
        self._show()

    # --- how it is shown ------------------------------------------------------------------------

    def line(self) -> str:
        """How far the run is, in one line."""
        done, total = (self._done, self._files) if self._size else (self._indexed, self._files)
        seconds = max(self._clock() - self._began, 0.001)
        of_all = f" of {total:,}" if total else ""
        parts = [f"{done:,}{of_all} {'files' if self._size else 'documents'}"]
        if self._size:
            parts.append(f"{_mib(self._done_size)} of {_mib(self._size)}")
        parts.append(f"{done / seconds:.1f} a second")
        if left := self._left(seconds):
            parts.append(f"about {left} left")
        current = max(self._reading, key=lambda name: self._reading[name], default="")
        return ", ".join(parts) + (f"; reading {_short(current)}" if current else "")

    def _left(self, seconds: float) -> str:
        """The remaining time, by bytes where they are known; "" where nothing can be said."""
        share = (
            self._done_size / self._size
            if self._size
            else self._indexed / self._files
            if self._files
            else 0.0
        )
        if not 0 < share < 1:
            return ""
        left = seconds / share - seconds
        return f"{left:.0f} s" if left < 90 else f"{left / 60:.0f} min"

    def _tick(self) -> None:
        while not self._over.wait(self._every):
            say(f"stook: {self.line()}")

    def _open_bar(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None)
        self._bar.start()

    def _show(self) -> None:
        if self._bar is None:
            return
        done, total = (self._done_size, self._size) if self._size else (self._indexed, self._files)
        self._bar.update(self._task, completed=done, total=total or None, description=self.line())

    def _say(self, message: str) -> None:
        if self._bar is not None:
            self._bar.console.print(f"stook: {message}", markup=False, highlight=False)
        else:
            say(f"stook: {message}")


def open_report(path: Path | None) -> TextIO | None:
    """The file that ``--report`` names, empty. Raises OSError."""
    return None if path is None else path.open("w", encoding="utf-8")


def _mib(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB"


def _short(name: str) -> str:
    """The end of a name that is too long for a line."""
    return name if len(name) <= 60 else f"…{name[-59:]}"
