"""Where a server process stands: starting, serving, or on its way out."""

from __future__ import annotations

import enum
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any


class Phase(enum.StrEnum):
    STARTING = "starting"
    SERVING = "serving"
    CLOSING = "shutting down"


class Lifecycle:
    """The phase of one process; once it closes, it takes no new requests."""

    def __init__(self) -> None:
        self.phase = Phase.STARTING
        self.failure = ""  # why it could not start

    def close(self) -> None:
        self.phase = Phase.CLOSING

    def close_on_signals(self) -> None:
        """Notice SIGTERM and SIGINT before the server itself handles them.

        The server hands its shutdown on only when the last request is through; until then new
        ones on open connections must be refused. Works with any server and any number of
        workers; outside the main thread there are no signals, and nothing to do.
        """
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._closing_first(signal.getsignal(number)))

    def _closing_first(self, handler: Any) -> Callable[[int, FrameType | None], None]:
        def close_then_handle(number: int, frame: FrameType | None) -> None:
            self.close()
            if callable(handler):
                handler(number, frame)

        return close_then_handle
