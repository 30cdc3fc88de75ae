"""Tools do nothing that the calls which do the same would not do for the same token."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from stook.identity import tokens
from stook.identity.principals import Scope
from tests.dialects.served import READER, SECRET_QUESTION, SECRET_WORD, Served, opened

API = "/rest/api/v1"
SEARCH, EMPLOYEES, CHAT = "Glean Search", "Employee Search", "Glean Chat"
OF = {SEARCH: Scope.SEARCH, EMPLOYEES: Scope.ENTITIES, CHAT: Scope.CHAT}


def call(client: httpx.Client, tool: str, **given: Any) -> httpx.Response:
    parameters = {name: {"name": name, "value": value} for name, value in given.items()}
    return client.post(f"{API}/tools/call", json={"name": tool, "parameters": parameters})


def question_of(tool: str) -> str:
    return "message" if tool == CHAT else "query"


def token(data_dir: Path, scopes: list[Scope], rates: str = "") -> str:
    with opened(data_dir) as database:
        return database.write_now(tokens.create, "tools", scopes, READER, None, rates).secret


@pytest.mark.parametrize("tool", OF)
def test_a_tool_takes_its_own_scope_too(served: Served, data_dir: Path, tool: str) -> None:
    given = {question_of(tool): "vacation"}
    others = [scope for scope in OF.values() if scope != OF[tool]]
    with served.client(token(data_dir, [Scope.TOOLS, *others])) as without:
        answer = call(without, tool, **given)
        assert answer.status_code == 403 and OF[tool].value in answer.text
        assert tool not in without.get(f"{API}/tools/list").text
    with served.client(token(data_dir, [OF[tool]])) as no_tools:
        answer = call(no_tools, tool, **given)
        assert answer.status_code == 403 and "TOOLS" in answer.text
    with served.client(token(data_dir, [Scope.TOOLS, OF[tool]])) as both:
        listed = both.get(f"{API}/tools/list").json()["tools"]
        assert [each["name"] for each in listed] == [tool]
        answer = call(both, tool, **given)
        assert answer.status_code == 200 and set(answer.json()) == {"rawResponse"}


@pytest.mark.parametrize("tool", OF)
def test_a_tool_counts_as_the_call_that_does_the_same(
    served: Served, data_dir: Path, tool: str
) -> None:
    scopes = [Scope.TOOLS, *OF.values()]
    rates = "off, search=1/d burst 1, people=1/d burst 1, chat=1/d burst 1"
    with served.client(token(data_dir, scopes, rates)) as client:
        assert call(client, tool).status_code == 400  # what is refused costs nothing
        assert call(client, tool, **{question_of(tool): "vacation"}).status_code == 200
        answer = call(client, tool, **{question_of(tool): "vacation"})
        assert answer.status_code == 429 and answer.headers["retry-after"]
        other = SEARCH if tool != SEARCH else EMPLOYEES
        assert call(client, other, query="vacation").status_code == 200


@pytest.mark.parametrize("tool", [SEARCH, CHAT])
def test_a_tool_shows_what_its_caller_may_see(
    asker: httpx.Client, knower: httpx.Client, tool: str
) -> None:
    given = {question_of(tool): SECRET_QUESTION}
    assert SECRET_WORD in call(knower, tool, **given).text
    hidden = call(asker, tool, **given)
    assert hidden.status_code == 200
    assert SECRET_WORD not in hidden.text and "stipend.md" not in hidden.text


def test_the_answer_is_that_of_the_call(asker: httpx.Client) -> None:
    found = call(asker, SEARCH, query="vacation days").json()["rawResponse"]
    same = asker.post(f"{API}/search", json={"query": "vacation days"}).json()
    assert found["results"] and found["results"] == same["results"]
    people = call(asker, EMPLOYEES, query="rita").json()["rawResponse"]
    assert people == asker.post(f"{API}/listentities", json={"query": "rita"}).json()


def test_a_wrong_value_of_an_operator_is_a_line_of_text(asker: httpx.Client) -> None:
    answer = call(asker, SEARCH, query="vacation updated:someday")
    assert answer.status_code == 400 and "someday" in answer.text
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("name", ["glean_chat", "GLEAN-CHAT", " Glean  Chat "])
def test_names_are_known_however_they_are_written(asker: httpx.Client, name: str) -> None:
    assert call(asker, name, message="What are the core hours?").status_code == 200


def test_the_language_is_that_of_the_request(asker: httpx.Client) -> None:
    parameters = {"message": {"value": "Who won the chess world cup of 1931?"}}
    body = {"name": CHAT, "parameters": parameters}
    answer = asker.post(f"{API}/tools/call?locale=de", json=body)
    assert "habe ich dazu keine Antwort gefunden" in answer.text
