"""What the tests of Gloo's API share."""

from __future__ import annotations

from typing import Any

import httpx

from tests.dialects.served import QUESTION
from tests.dialects.streaming import data_of, frames

MESSAGE, CHAT, TOKEN = "/ai/v1/message", "/ai/v1/chat", "/oauth2/token"
GRANT = {"grant_type": "client_credentials", "scope": "api/access"}


def token_of(client: httpx.Client, client_id: str, client_secret: str) -> str:
    """An access token."""
    answer = client.post(TOKEN, data=GRANT, auth=(client_id, client_secret))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def ask(client: httpx.Client, question: str = QUESTION, **more: object) -> dict[str, Any]:
    """The answer to a message."""
    answer = client.post(MESSAGE, json={"query": question, **more})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def frames_of(text: str) -> list[Any]:
    """The data of server-sent events, comments left out."""
    return [data_of(frame) for frame in frames(text)]
