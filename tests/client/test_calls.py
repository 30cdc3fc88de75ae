"""What each verb sends, and what it makes of the answer."""

from __future__ import annotations

import email
import inspect
import io
from pathlib import Path
from typing import Any

import httpx
import pytest

from stook import Stook
from stook.client import (
    AgentConfig,
    AgentKind,
    Author,
    ChatFileStatus,
    ChatMessage,
    ChatMessageFragment,
    ChatRestrictionFilters,
    ConfigurationError,
    DocumentSpec,
    File,
)
from tests.client.conftest import MakeTwin
from tests.client.misbehaving import Misbehaving, says
from tests.client.twins import TOKEN

ASKED = {"author": "USER", "messageType": "CONTENT", "fragments": [{"text": "How many days?"}]}
NO_ANSWER: dict[str, Any] = {"messages": []}
FILE = {"id": "FILE_1", "name": "a.txt", "metadata": {"status": "PROCESSED", "processedSize": 5}}
CHAT = {"id": "c1", "name": "Leave", "createTime": 1_795_000_000, "createdBy": {"name": "Rita"}}


@pytest.mark.parametrize(
    "messages",
    [
        "How many days?",
        ["How many days?"],
        [{"fragments": [{"text": "How many days?"}]}],
        [{"fragments": [ChatMessageFragment(text="How many days?")]}],
        [ChatMessage(fragments=(ChatMessageFragment(text="How many days?"),))],
        [{"author": "USER", "message_type": "CONTENT", "fragments": [{"text": "How many days?"}]}],
        [{"messageType": "CONTENT", "fragments": [{"text": "How many days?"}]}],
    ],
)
def test_every_form_of_a_question_is_the_same_question(rogue: Misbehaving, messages: Any) -> None:
    rogue.will(says(NO_ANSWER))
    with Stook(TOKEN, rogue.url) as client:
        client.chat.create(messages)
    assert rogue.requests[0].json == {"messages": [ASKED]}


async def test_every_field_of_a_question_is_sent(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(says(NO_ANSWER))
    await twin(rogue.url, act_as="rita@ex.test").call(
        "chat.create",
        ["How many days?", ChatMessage(author=Author.GLEAN_AI, uploaded_file_ids=("FILE_1",))],
        save_chat=True,
        chat_id="c1",
        agent_config=AgentConfig(agent=AgentKind.FAST),
        inclusions=ChatRestrictionFilters(document_specs=(DocumentSpec(id="d1"),)),
        exclusions={"datasource_instances": ["wiki"]},
        timeout_millis=30000,
        application_id="app",
        agent_id="agent",
        session_info={"tab_id": "t"},
        timezone_offset=-420,
        locale="de",
    )
    (request,) = rogue.requests
    earlier = {"author": "GLEAN_AI", "messageType": "CONTENT", "uploadedFileIds": ["FILE_1"]}
    assert request.json == {
        "messages": [ASKED, earlier],
        "saveChat": True,
        "chatId": "c1",
        "agentConfig": {"agent": "FAST"},
        "inclusions": {"documentSpecs": [{"id": "d1"}]},
        "exclusions": {"datasourceInstances": ["wiki"]},
        "timeoutMillis": 30000,
        "applicationId": "app",
        "agentId": "agent",
        "sessionInfo": {"tabId": "t"},
    }
    assert (request.method, request.path) == ("POST", "/rest/api/v1/chat")
    assert request.query == {"timezoneOffset": ["-420"], "locale": ["de"]}
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.headers["x-glean-actas"] == "rita@ex.test"
    assert request.headers["user-agent"].startswith("stook-python/")


@pytest.mark.parametrize(
    ("verb", "given", "path", "body"),
    [
        ("chat.retrieve", ["c1"], "getchat", {"id": "c1"}),
        ("chat.list", [], "listchats", None),
        ("chat.delete", [["c1", "c2"]], "deletechats", {"ids": ["c1", "c2"]}),
        ("chat.delete", ["c1"], "deletechats", {"ids": ["c1"]}),
        ("chat.delete_all", [], "deleteallchats", None),
        ("chat.retrieve_application", ["app"], "getchatapplication", {"id": "app"}),
        ("chat.retrieve_files", [["f"]], "getchatfiles", {"fileIds": ["f"]}),
        ("chat.delete_files", [["f"]], "deletechatfiles", {"fileIds": ["f"]}),
        ("documents.retrieve_permissions", ["d"], "getdocpermissions", {"documentId": "d"}),
        ("documents.retrieve", ["d"], "getdocuments", {"documentSpecs": [{"id": "d"}]}),
        ("documents.summarize", [["d"]], "summarize", {"documentSpecs": [{"id": "d"}]}),
    ],
)
async def test_what_a_verb_sends(
    twin: MakeTwin, rogue: Misbehaving, verb: str, given: list[Any], path: str, body: Any
) -> None:
    rogue.will(says({"chatResult": {"chat": CHAT}, "application": {}}))
    await twin(rogue.url).call(verb, *given)
    (request,) = rogue.requests
    assert request.path == f"/rest/api/v1/{path}"
    assert (request.json if request.body else None) == body


async def test_deletions_read_no_answer(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(says(b""))
    assert await twin(rogue.url).call("chat.delete", ["c1"]) is None


async def test_stored_chats(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(
        says({"chatResults": [{"chat": CHAT}]}),
        says({"chatResult": {"chat": {**CHAT, "messages": [ASKED]}}}),
    )
    client = twin(rogue.url)
    (chat,) = (await client.call("chat.list")).chats
    assert (chat.id, chat.name, chat.created_by.name) == ("c1", "Leave", "Rita")
    found = await client.call("chat.retrieve", id="c1")
    assert [message.text for message in found.messages] == ["How many days?"]


async def test_files_of_every_kind_are_uploaded_again_whole(
    twin: MakeTwin, rogue: Misbehaving, tmp_path: Path
) -> None:
    rogue.will(says(b"later", 503), says({"files": [FILE]}))
    path = tmp_path / "a.txt"
    path.write_bytes(b"hello" * 50_000)
    files = [path, str(path), File("b.pdf", b"%PDF"), File("c.x", io.BytesIO(b"c"), "text/x-c")]
    uploaded = await twin(rogue.url).call("chat.upload_files", files)
    assert uploaded.files[0].metadata.status is ChatFileStatus.PROCESSED
    first, second = (_parts(request.headers, request.body) for request in rogue.requests)
    assert first == second
    assert second == [
        ("files", "a.txt", "text/plain", path.read_bytes()),
        ("files", "a.txt", "text/plain", path.read_bytes()),
        ("files", "b.pdf", "application/pdf", b"%PDF"),
        ("files", "c.x", "text/x-c", b"c"),
    ]


def _parts(headers: dict[str, str], body: bytes) -> list[tuple[str, str, str, bytes]]:
    head = f"Content-Type: {headers['content-type']}\r\n\r\n".encode()
    parts: Any = email.message_from_bytes(head + body).get_payload()
    return [
        (
            part.get_param("name", header="Content-Disposition"),
            part.get_filename(),
            part.get_content_type(),
            part.get_payload(decode=True),
        )
        for part in parts
    ]


async def test_a_file_that_is_not_there(twin: MakeTwin, rogue: Misbehaving, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nowhere"):
        await twin(rogue.url).call("chat.upload_files", [tmp_path / "nowhere"])
    assert rogue.requests == []


async def test_uploaded_files(twin: MakeTwin, rogue: Misbehaving) -> None:
    rogue.will(says({"files": {"FILE_1": FILE}}), says(b"hello"))
    client = twin(rogue.url)
    found = await client.call("chat.retrieve_files", ["FILE_1"])
    assert found.files["FILE_1"].name == "a.txt"
    assert await client.call("chat.retrieve_file", "a/../b") == b"hello"
    assert rogue.requests[1].method == "GET"
    assert rogue.requests[1].path == "/rest/api/v1/chat-files/a%2F..%2Fb"


async def test_search(twin: MakeTwin, rogue: Misbehaving) -> None:
    result = {
        "url": "https://ex.test/leave",
        "title": "Leave",
        "snippets": [{"text": "25 days"}, {"snippet": "per year"}],
        "document": {"id": "d1", "metadata": {"updateTime": "2026-10-01T08:00:00Z"}},
    }
    rogue.will(says({"results": [result], "requestID": "r1", "hasMoreResults": True}))
    found = await twin(rogue.url).call(
        "search",
        "leave",
        page_size=5,
        cursor="next",
        datasources=["wiki"],
        facets={"type": "page", "from": ["rita", "ines"]},
    )
    assert rogue.requests[0].json == {
        "query": "leave",
        "pageSize": 5,
        "cursor": "next",
        "requestOptions": {
            "facetBucketSize": 10,
            "datasourcesFilter": ["wiki"],
            "facetFilters": [
                {"fieldName": "type", "values": [{"value": "page", "relationType": "EQUALS"}]},
                {
                    "fieldName": "from",
                    "values": [
                        {"value": "rita", "relationType": "EQUALS"},
                        {"value": "ines", "relationType": "EQUALS"},
                    ],
                },
            ],
        },
    }
    assert (found.request_id, found.has_more_results) == ("r1", True)
    assert found.results[0].quotes == ("25 days", "per year")
    assert found.results[0].document.metadata.update_time.year == 2026


async def test_documents(twin: MakeTwin, rogue: Misbehaving) -> None:
    url = "https://ex.test/leave"
    documents = {
        "d1": {"id": "d1", "content": {"fullTextList": ["25 ", "days"]}},
        url: {"error": "no such document"},
    }
    rogue.will(says({"documents": documents}))
    found = await twin(rogue.url).call("documents.retrieve", ["d1", url], include_content=True)
    assert rogue.requests[0].json == {
        "documentSpecs": [{"id": "d1"}, {"url": url}],
        "includeFields": ["DOCUMENT_CONTENT"],
    }
    assert found.documents["d1"].text == "25 days"
    assert found.documents[url].error == "no such document"


async def test_a_thread_remembers_its_id(twin: MakeTwin, rogue: Misbehaving) -> None:
    source = {"title": "Leave", "url": "https://ex.test/leave"}
    rogue.will(says({"thread_id": 802300, "content": "25 days.", "citations": [source]}))
    client = twin(rogue.url)
    thread = client.client.thread()
    for text in ("How many days?", "Why?"):
        sent = thread.send(text)
        answer = await sent if inspect.isawaitable(sent) else sent
    assert (answer.text, answer.thread_id, thread.id) == ("25 days.", "802300", "802300")
    assert answer.citations[0].title == "Leave"
    first, second = (request.json for request in rogue.requests)
    assert first == {"query_text": "How many days?"}
    assert second == {"query_text": "Why?", "thread_id": "802300"}


def test_options_of_a_copy(rogue: Misbehaving) -> None:
    rogue.will(says({"chatResults": []}))
    with Stook(TOKEN, rogue.url) as client:
        client.with_options(act_as="rita@ex.test").chat.list()
        client.chat.list()
    first, second = (request.headers for request in rogue.requests)
    assert first["x-glean-actas"] == "rita@ex.test"
    assert "x-glean-actas" not in second


def test_another_transport() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"chatResults": [{"chat": CHAT}]})

    with Stook(TOKEN, transport=httpx.MockTransport(respond)) as client:
        assert client.chat.list().chats[0].id == "c1"


@pytest.mark.parametrize(
    ("messages", "said"),
    [([], "empty"), ([{"fragments": [{"text": 3}]}], "fragments.0.text"), ([7], "ChatMessage")],
)
def test_wrong_messages_are_refused_before_they_are_sent(messages: Any, said: str) -> None:
    client = Stook(TOKEN, "http://127.0.0.1:9")
    with client, pytest.raises(ConfigurationError, match=said):
        client.chat.create(messages)


def test_what_is_new_on_the_server_is_kept(rogue: Misbehaving) -> None:
    message = {"author": "ROBOT", "messageType": "SONG", "fragments": None, "mood": "merry"}
    rogue.will(says({"messages": [message], "weather": 7, "chatId": None}))
    with Stook(TOKEN, rogue.url) as client:
        answer = client.chat.create("?")
    assert answer.model_extra == {"weather": 7}
    assert answer.messages[0].author == "ROBOT"
    assert answer.messages[0].message_type == "SONG"
    assert answer.messages[0].model_extra == {"mood": "merry"}
    with pytest.raises(ValueError, match="frozen"):
        setattr(answer, "chat_id", "c2")  # noqa: B010 - the types forbid it, too
