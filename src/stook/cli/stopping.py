"""Answers Ctrl-C at once, also while a thread computes that nothing can stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

import typer

T = TypeVar("T")

INTERRUPTED = 130  # the exit code, as shells give it
PATIENCE = 2.0  # seconds for what can end in order
_SHOW_CURSOR = "\x1b[?25h"


class Stopper:
    """From when it is made on, Ctrl-C says so and ends the run, at the latest after ``PATIENCE``.

    That is safe at any moment: what SQL has committed is kept, and the next run goes on from it.
    """

    def __init__(self, message: str) -> None:
        self._message = message
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        self._stopping = False
        signal.signal(signal.SIGINT, self._interrupted)

    def run(self, main: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end; raises typer.Exit where it was stopped."""
        try:
            return asyncio.run(self._watched(main))
        except asyncio.CancelledError:
            raise typer.Exit(INTERRUPTED) from None

    async def _watched(self, main: Coroutine[Any, Any, T]) -> T:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        return await main

    def _interrupted(self, *_: object) -> None:
        loop, task = self._loop, self._task
        if self._stopping or loop is None or task is None:
            _leave()
            return
        self._stopping = True
        os.write(2, f"\nstook: {self._message}\n".encode())
        last = threading.Timer(PATIENCE, _leave)
        last.daemon = True
        last.start()
        loop.call_soon_threadsafe(task.cancel)


def _leave() -> None:
    if sys.stderr.isatty():
        os.write(2, _SHOW_CURSOR.encode())
    os._exit(INTERRUPTED)
