"""How a streamed answer goes on after its connection broke: both clients share all of this."""

from __future__ import annotations

from collections.abc import Mapping

from stook.client.calls import chat as chat_calls
from stook.client.calls.base import Call
from stook.client.decoding import AnswerDecoder
from stook.client.errors import StookClientError
from stook.client.models.chats import ChatResponse
from stook.client.retrying import Retries

TURN = "X-Stook-Turn"
STOP_SECONDS = 3.0  # for which leaving a stream early may be held up


class Resumption:
    """Which answer it is, and how often coming back has brought nothing new."""

    def __init__(self, call: Call[ChatResponse], decoder: AnswerDecoder) -> None:
        self._call = call
        self._decoder = decoder
        self._turn_id = ""
        self._attempts = 0
        self._lines_before = -1

    def opened(self, headers: Mapping[str, str]) -> None:
        """Note what the server calls the answer; nothing where it cannot be resumed."""
        self._turn_id = headers.get(TURN, "")

    def wait_after(self, error: StookClientError, retries: Retries) -> float:
        """Seconds to wait before coming back; raises the error if that is of no use."""
        if self._decoder.lines > self._lines_before:
            self._attempts, self._lines_before = 0, self._decoder.lines
        self._attempts += 1
        wait = retries.wait_after(error, self._attempts, bool(self._turn_id))
        if wait is None or not self._turn_id:
            raise error
        self._decoder.cut()
        return wait

    def next_call(self) -> Call[ChatResponse]:
        """The call for the rest of the answer."""
        return chat_calls.resumed(self._call, self._turn_id, self._decoder.lines)

    def last_call(self) -> Call[None] | None:
        """The call that stops an answer which is not at its end; None if there is none to stop."""
        if not self._turn_id or self._decoder.response is not None or self._decoder.failed:
            return None
        return chat_calls.stopped(self._turn_id)
