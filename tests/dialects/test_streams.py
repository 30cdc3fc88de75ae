"""Many streams at once."""

from __future__ import annotations

import asyncio
import json

import httpx

from tests.dialects.served import PATIENCE, QUESTION, Credentials, Served

STREAMS = 32
BODY = {"messages": [{"fragments": [{"text": QUESTION}]}], "stream": True}


async def test_many_streams_at_once_all_say_the_same(served: Served, people: Credentials) -> None:
    headers = {"Authorization": f"Bearer {people.reader}"}
    limits = httpx.Limits(max_connections=STREAMS)
    async with httpx.AsyncClient(
        base_url=served.url, headers=headers, timeout=PATIENCE, limits=limits
    ) as client:
        whole = await client.post("/api/v1/send_message", json={"query_text": QUESTION})
        texts = await asyncio.gather(*(_streamed(client) for _ in range(STREAMS)))
    assert set(texts) == {whole.json()["content"]}


async def _streamed(client: httpx.AsyncClient) -> str:
    text = ""
    async with client.stream("POST", "/rest/api/v1/chat", json=BODY) as response:
        assert response.status_code == 200
        async for line in response.aiter_lines():
            (message,) = json.loads(line)["messages"]
            if message["messageType"] == "CONTENT":
                text += "".join(each.get("text", "") for each in message["fragments"])
    return text
