"""A site of somebody else's that shows the widget, with a token for who is signed in."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

DEMO = Path(__file__).parents[2] / "examples" / "widget" / "index.html"
IN_DEMO = "http://127.0.0.1:8080"
TOKEN_URL = "/my-token"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src {0}; connect-src 'self' {0}"


@dataclass
class Host:
    """Where it is, where Stook is, and the token of the visitor who is signed in."""

    url: str
    stook: str = ""
    token: str = ""

    def page(self) -> str:
        demo = DEMO.read_text(encoding="utf-8").replace(IN_DEMO, self.stook)
        signed_in = f'data-token-url="{TOKEN_URL}" data-title' if self.token else "data-title"
        return demo.replace("data-title", signed_in)


@contextlib.contextmanager
def running_host() -> Iterator[Host]:
    """Serve the page on loopback, with a strict policy of its own."""
    host = Host("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_token = self.path == TOKEN_URL
            body = json.dumps({"token": host.token}) if is_token else host.page()
            self.send_response(200 if self.path in ("/", TOKEN_URL) else 404)
            self.send_header("Content-Type", "application/json" if is_token else "text/html")
            self.send_header("Content-Security-Policy", POLICY.format(host.stook))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        host.url = f"http://127.0.0.1:{server.server_address[1]}"
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        try:
            yield host
        finally:
            server.shutdown()
            serving.join()
