"""A small server that speaks as OpenAI's does, and writes what the model's name stands for."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER = "Every employee has 27 days of vacation a year [1]. The days are paid [1]."
THOUGHT = "The user asks about vacation. Every employee has 27 days of it. I will say so."


def cut_up(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


PIECES: dict[str, list[str]] = {
    "plain": cut_up(ANSWER, 7),
    "think": ["<think>", "\n", *cut_up(THOUGHT, 9), "</think>", "\n\n", *cut_up(ANSWER, 7)],
    "split": cut_up(f"<think>\n{THOUGHT}\n</think>\n\n{ANSWER}", 3),
    "glued": [f"<think>{THOUGHT}</think>{ANSWER}"],
    "thought": ["<", "thought", ">\n", THOUGHT, "</", "thought", ">\n\n", *cut_up(ANSWER, 7)],
    "shouted": [f"<THINKING>{THOUGHT}", f"</Thinking >{ANSWER}"],
    "bracketed": cut_up(f"[THINK]{THOUGHT}[/THINK]{ANSWER}", 4),
    "alone": [THOUGHT, "\n</think>\n\n", *cut_up(ANSWER, 7)],
    "alone_split": cut_up(f"{THOUGHT}</thinking>{ANSWER}", 2),
    "twice": cut_up(f"<think>{THOUGHT}</think>{ANSWER}<think>{THOUGHT}</think>", 5),
    "channels": [
        f"<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant",
        "<|channel|>final<|message|>",
        *cut_up(ANSWER, 7),
        "<|return|>",
    ],
    "channels_split": cut_up(
        f"<|start|>assistant<|channel|>analysis<|message|>{THOUGHT}<|end|><|start|>assistant"
        f"<|channel|>commentary<|message|>{THOUGHT}<|end|><|start|>assistant<|channel|>final"
        f"<|message|>{ANSWER}<|end|>",
        4,
    ),
    "length": cut_up(ANSWER, 7)[:-2],
    "filter": cut_up(ANSWER, 7)[:-2],
    "never_through": [f"<think>{THOUGHT}"],
}
ENDS = {"length": "length", "filter": "content_filter", "never_through": "length"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        size = int(self.headers["content-length"])
        model = json.loads(self.rfile.read(size))["model"]
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for piece in PIECES[model]:
            self._send(model, {"content": piece}, None)
        self._send(model, {}, ENDS.get(model, "stop"))
        self._chunk(b"data: [DONE]\n\n")
        self._chunk(b"")

    def _send(self, model: str, delta: dict[str, Any], end: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": end}
        head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": model}
        self._chunk(b"data: " + json.dumps({**head, "choices": [choice]}).encode() + b"\n\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def ill_behaved() -> Iterator[str]:
    """The address of the server, while it runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
