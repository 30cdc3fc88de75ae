"""Every field of a chat request does something; chat applications; chats in pages and in turn."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from glean.api_client import Glean, errors, models

from tests.dialects.served import (
    FOLLOW_UP,
    PATIENCE,
    QUESTION,
    SECRET_QUESTION,
    SECRET_WORD,
    Credentials,
    Served,
    serve,
    stook,
)

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
API = "/rest/api/v1"


def body(text: str = QUESTION, **more: Any) -> dict[str, Any]:
    return {"messages": [{"author": "USER", "fragments": [{"text": text}]}], **more}


def ask(client: httpx.Client, text: str = QUESTION, **more: Any) -> dict[str, Any]:
    answer = client.post(f"{API}/chat", json=body(text, **more))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def sources(answer: dict[str, Any]) -> set[str]:
    return {each["sourceDocument"]["url"] for each in answer["messages"][-1]["citations"]}


# --- agents --------------------------------------------------------------------------------------


@pytest.mark.parametrize("agent", ["DEFAULT", "FAST", "ADVANCED", "AUTO", "UNIVERSAL"])
def test_agents_answer_and_are_said_back(reader: httpx.Client, agent: str) -> None:
    answer = ask(reader, agentConfig={"agent": agent})
    assert sources(answer)
    configs = [message["agentConfig"] for message in answer["messages"]]
    assert configs == [{"agent": agent, "mode": "DEFAULT"}] * len(configs)
    assert bool(answer["followUpPrompts"]) == (agent != "FAST")


def test_each_part_is_answered_whichever_agent_is_named(reader: httpx.Client) -> None:
    question = "What is there for lunch in Boston, Toronto and Porto?"
    for agent in ("FAST", "ADVANCED", "AUTO"):
        messages = ask(reader, question, agentConfig={"agent": agent})["messages"]
        *steps, answer = messages
        assert {step["messageType"] for step in steps} == {"UPDATE"}
        searched = [each["fragments"][1]["querySuggestion"]["query"] for each in searches(steps)]
        assert len(searched) == 4  # the whole, and each part
        assert all(each in str(answer) for each in ("Wednesdays", "soup", "€9.60"))
        assert len({step["messageId"] for step in steps}) == len(steps)


def searches(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [step for step in steps if step["fragments"][0]["text"].startswith("**Searching")]


@pytest.mark.parametrize(
    "config",
    [
        {"agent": "GPT"},
        {"agent": "FAST", "toolSets": {"enableCompanyTools": False}},
        {"agent": "ADVANCED", "toolSets": {"enableCompanyTools": False, "enableWebSearch": True}},
    ],
)
def test_agents_without_documents_need_a_model(
    served: Served, people: Credentials, reader: httpx.Client, config: dict[str, Any]
) -> None:
    (message,) = ask(reader, agentConfig=config)["messages"]
    assert (message["author"], message["messageType"]) == ("GLEAN_AI", "ERROR")
    assert "language model" in message["fragments"][0]["text"]
    streamed = reader.post(f"{API}/chat", json=body(agentConfig=config, stream=True))
    assert json.loads(streamed.text)["messages"][-1]["messageType"] == "ERROR"
    with Glean(api_token=people.reader, server_url=served.url) as glean:
        asked = [{"fragments": [models.ChatMessageFragment(text=QUESTION)]}]
        answer = glean.client.chat.create(messages=asked, agent_config={"agent": "GPT"})
        assert answer.messages[-1].message_type == "ERROR"


@pytest.mark.parametrize(
    ("field", "value", "hint"),
    [
        ("agentConfig", {"agent": "NOBODY"}, "agentConfig.agent"),
        ("agentConfig", {"mode": "SLOW"}, "agentConfig.mode"),
        ("agentConfig", {"toolSets": {"enableCompanyTools": "no"}}, "enableCompanyTools"),
        ("agentId", "nobody", "agentId"),
        ("agentId", "search-your-documents", "agentId"),
        ("applicationId", "none", "applicationId"),
        ("applicationId", "a\0b", "applicationId"),
        ("sessionInfo", "mine", "sessionInfo"),
        ("inclusions", {"containerSpecs": "x"}, "containerSpecs"),
    ],
)
def test_wrong_values_are_named(reader: httpx.Client, field: str, value: Any, hint: str) -> None:
    answer = reader.post(f"{API}/chat", json=body(**{field: value}))
    assert answer.status_code == 400 and hint in answer.text and answer.text.count("\n") == 1


def test_agent_and_session(reader: httpx.Client) -> None:
    assert sources(ask(reader, agentId="ask-your-documents"))
    session = {"sessionTrackingToken": "mine", "tabId": "t", "lastSeen": "2026-01-01T00:00:00Z"}
    assert ask(reader, sessionInfo=session)["chatSessionTrackingToken"] == "mine"


# --- filters -------------------------------------------------------------------------------------


def test_documents_by_id_and_url(reader: httpx.Client) -> None:
    cited = ask(reader)["messages"][-1]["citations"][0]["sourceDocument"]
    for spec in ({"id": cited["id"]}, {"url": cited["url"]}):
        only = {"documentSpecs": [spec]}
        assert sources(ask(reader, inclusions=only)) == {cited["url"]}
        assert cited["url"] not in sources(ask(reader, exclusions=only))
        assert sources(ask(reader, inclusions=only, exclusions=only)) == set()


def test_container_covers_what_is_below(reader: httpx.Client) -> None:
    cited = ask(reader)["messages"][-1]["citations"][0]["sourceDocument"]
    folder = cited["url"].rpartition("/")[0]
    above = folder.rpartition("/")[0]
    for container in ({"url": folder}, {"url": above}, {"id": cited["metadata"]["container"]}):
        only = {"containerSpecs": [container]}
        assert cited["url"] in sources(ask(reader, inclusions=only))
        assert cited["url"] not in sources(ask(reader, exclusions=only))
    for other in ({"url": folder[:-1]}, {"id": cited["metadata"]["container"][:-1]}):
        assert sources(ask(reader, inclusions={"containerSpecs": [other]})) == set()


@pytest.mark.parametrize(
    "spec",
    [
        {"ugcType": "ANSWERS_TYPE", "contentId": 5},
        {"ugcType": "ANNOUNCEMENTS_TYPE", "ugcId": "5", "docType": "Announcement"},
        {},
    ],
)
def test_content_that_is_not_here_is_said_so(reader: httpx.Client, spec: dict[str, Any]) -> None:
    for kind in ("documentSpecs", "containerSpecs"):
        answer = ask(reader, inclusions={kind: [spec]})
        warning = answer["messages"][0]
        assert (
            warning["messageType"] == "WARNING" and "contentId" in warning["fragments"][0]["text"]
        )
        assert sources(answer) == set()
        assert sources(ask(reader, exclusions={kind: [spec]}))
        streamed = reader.post(f"{API}/chat", json=body(inclusions={kind: [spec]}, stream=True))
        first = json.loads(streamed.text.split("\n")[0])["messages"][0]
        assert first["messageType"] == "WARNING"


# --- applications --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def application(data_dir: Path, served: Served, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Knows the secrets only, and how it is begun."""
    file = tmp_path_factory.mktemp("application") / "definition.json"
    file.write_text(json.dumps({"description": "On stipends.", "starters": [SECRET_QUESTION]}))
    options = ("--file", str(file), "--datasource", "secrets", "--instructions", "Be brief.")
    made = stook("application", "create", "Stipends", *options, "--json", data_dir=data_dir)
    return str(json.loads(made)["id"])


def test_application_is_read_by_the_released_client(
    served: Served, people: Credentials, application: str
) -> None:
    with Glean(api_token=people.reader, server_url=served.url) as glean:
        chat = glean.client.chat
        found = chat.retrieve_application(id=application).application
        assert found["name"] == "Stipends" and found["description"] == "On stipends."
        assert found["starters"] == [SECRET_QUESTION]
        with pytest.raises(errors.GleanError) as unknown:
            chat.retrieve_application(id="none")
        assert unknown.value.status_code == 404


def test_application_narrows_and_gives_no_rights(
    reader: httpx.Client, insider: httpx.Client, application: str
) -> None:
    assert SECRET_WORD in json.dumps(ask(insider, SECRET_QUESTION, applicationId=application))
    assert SECRET_WORD not in json.dumps(ask(reader, SECRET_QUESTION, applicationId=application))
    own = sources(ask(insider, SECRET_QUESTION, applicationId=application))
    assert own and sources(ask(insider)) - own
    assert sources(ask(insider, applicationId=application)) <= own  # the closest, if anything
    both = {"datasourceInstances": ["handbook"]}
    assert not sources(ask(insider, SECRET_QUESTION, applicationId=application, inclusions=both))
    chat_id = ask(insider, SECRET_QUESTION, applicationId=application, saveChat=True)["chatId"]
    assert sources(ask(insider, chatId=chat_id)) <= own  # the chat stays in its application
    chats = insider.post(f"{API}/listchats").json()["chatResults"]
    (chat,) = (each["chat"] for each in chats if each["chat"]["id"] == chat_id)
    assert (chat["applicationId"], chat["applicationName"]) == (application, "Stipends")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"id": []}'])
def test_bad_application_requests(reader: httpx.Client, content: bytes) -> None:
    assert reader.post(f"{API}/getchatapplication", content=content).status_code == 400


# --- chats in pages, and one question at a time ------------------------------------------------


@pytest.fixture
def saved(insider: httpx.Client) -> Iterator[list[str]]:
    insider.post(f"{API}/deleteallchats")
    yield [ask(insider, saveChat=True, agentConfig={"agent": "FAST"})["chatId"] for _ in range(3)]
    insider.post(f"{API}/deleteallchats")


def test_chats_come_in_pages_if_asked(insider: httpx.Client, saved: list[str]) -> None:
    whole = insider.post(f"{API}/listchats").json()
    newest_first = [each["chat"]["id"] for each in whole["chatResults"]]
    assert newest_first == saved[::-1] and whole["cursor"] == ""
    cursor, seen = "", []
    while True:
        page = insider.post(f"{API}/listchats", json={"pageSize": 2, "cursor": cursor}).json()
        seen += [each["chat"]["id"] for each in page["chatResults"]]
        cursor = page["cursor"]
        if not cursor:
            break
    assert seen == newest_first
    odd = ("x", "é", base64.b64encode(b"[1]").decode(), base64.b64encode(b'["a",1]').decode())
    for wrong in ({"cursor": each} for each in odd):
        assert insider.post(f"{API}/listchats", json=wrong).status_code == 400
    sizes: tuple[object, ...] = ({"pageSize": 0}, {"pageSize": "2"}, [])
    for bad in sizes:
        assert insider.post(f"{API}/listchats", json=bad).status_code == 400


def test_questions_of_one_chat_wait_for_each_other(insider: httpx.Client, saved: list[str]) -> None:
    chat_id = saved[0]
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(ask, insider, FOLLOW_UP, chatId=chat_id) for _ in range(4)]
        assert {each.result()["chatId"] for each in asked} == {chat_id}
    read = insider.post(f"{API}/getchat", json={"id": chat_id}).json()
    authors = [message["author"] for message in read["chatResult"]["chat"]["messages"]]
    assert authors == ["USER", "GLEAN_AI"] * 5


def test_busy_chat_queues_where_the_setting_says_so(
    data_dir: Path, served: Served, people: Credentials
) -> None:
    """While one question holds the chat, another one is told 202, and is answered later."""
    with (
        serve(data_dir, STOOK_CHATS_IN_FLIGHT="queue") as server,
        server.client(people.reader) as client,
    ):
        chat_id = ask(client, saveChat=True)["chatId"]
        began, answered = threading.Barrier(6), []

        def asking() -> None:
            began.wait(60)
            answered.append(client.post(f"{API}/chat", json=body(FOLLOW_UP, chatId=chat_id)))

        threads = [threading.Thread(target=asking) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        statuses = {answer.status_code for answer in answered}
        assert 200 in statuses and statuses <= {200, 202}
        for answer in answered:
            said = answer.json()
            assert said["chatId"] == chat_id
            if answer.status_code == 202:
                assert said["queuedRequestId"] and said["isSavedToChatHistory"] is True
                assert models.ChatResponse.model_validate(said).chat_id == chat_id
        until = time.monotonic() + PATIENCE
        while len(_messages(client, chat_id)) < 14:
            assert time.monotonic() < until, "a queued question was not answered"
            time.sleep(0.05)


def _messages(client: httpx.Client, chat_id: str) -> list[Any]:
    read = client.post(f"{API}/getchat", json={"id": chat_id}).json()
    return list(read["chatResult"]["chat"]["messages"])
