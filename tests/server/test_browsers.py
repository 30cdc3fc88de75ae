"""What browsers, proxies and careless clients ask of every address."""

from __future__ import annotations

import httpx
import pytest

from stook.errors import SettingsError
from stook.settings import load_settings
from tests.server.conftest import ORIGIN

CHAT = "/rest/api/v1/chat"


def preflight(client: httpx.Client, origin: str) -> httpx.Response:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type, x-glean-actas",
    }
    return client.request("OPTIONS", CHAT, headers=headers)


@pytest.mark.parametrize("origin", [ORIGIN, "http://localhost:5173"])
def test_pages_of_allowed_origins_may_call(client: httpx.Client, origin: str) -> None:
    told = preflight(client, origin)
    assert told.status_code == 200
    assert told.headers["access-control-allow-origin"] == origin
    assert "POST" in told.headers["access-control-allow-methods"]
    assert "authorization" in told.headers["access-control-allow-headers"].lower()
    answer = client.post(CHAT, content=b"{", headers={"Origin": origin})
    assert answer.status_code == 400
    assert answer.headers["access-control-allow-origin"] == origin
    assert "x-stook-turn" in answer.headers["access-control-expose-headers"].lower()


@pytest.mark.parametrize("origin", ["https://evil.example", f"{ORIGIN}.evil.example", "null"])
def test_pages_of_other_origins_may_not(client: httpx.Client, origin: str) -> None:
    assert preflight(client, origin).status_code == 400
    for answer in (preflight(client, origin), client.get("/", headers={"Origin": origin})):
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("wrong", ["intranet.example", "https://a.example/page", "ftp://a.example"])
def test_what_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("STOOK_ALLOWED_ORIGINS", f"https://right.example,{wrong}")
    with pytest.raises(SettingsError, match="origin"):
        load_settings()


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (CHAT, {"POST", "OPTIONS"}),
        ("/health", {"GET", "HEAD", "OPTIONS"}),
        ("/health/", {"GET", "HEAD", "OPTIONS"}),
        ("/rest/api/v1/agents/ask-your-documents", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_options_tells_the_methods(client: httpx.Client, path: str, allowed: set[str]) -> None:
    told = client.request("OPTIONS", path)
    assert (told.status_code, told.content) == (204, b"")
    assert set(told.headers["allow"].split(", ")) == allowed
    assert told.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/", "/health", "/openapi.json", "/nothing", "/ready/"])
def test_head_is_get_without_its_body(client: httpx.Client, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    assert client.get("/health").status_code == 200  # the connection is still of use


def test_options_of_nothing(client: httpx.Client) -> None:
    assert client.request("OPTIONS", "/nothing").status_code == 404


@pytest.mark.parametrize("path", ["/rest/api/v1/search", "/api/v1/send_message", "/api/search"])
def test_a_slash_at_the_end_changes_nothing(client: httpx.Client, path: str) -> None:
    bare, slashed = (client.post(each, content=b"{") for each in (path, f"{path}/"))
    assert bare.status_code in (400, 403)
    assert (slashed.status_code, slashed.headers["content-type"]) == (
        bare.status_code,
        bare.headers["content-type"],
    )
