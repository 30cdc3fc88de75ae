"""Files that people ask about, through the released client and over plain HTTP."""

from __future__ import annotations

import io
import json
import os
import signal
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from glean.api_client import Glean, errors, models

from stook.identity import tokens, users
from stook.identity.principals import Scope
from stook.storage.database import open_database
from stook.storage.schema import upgrade
from tests.dialects.served import (
    INSIDER,
    PATIENCE,
    QUESTION,
    READER,
    Credentials,
    Served,
    make_token,
    opened,
    serve,
)
from tests.dialects.streaming import chat_lines

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")

API = "/rest/api/v1"
ASKED = "Who leads the lanternfish project?"
LEADER = "Vexley"
TEXT = f"# Lanternfish project\n\nThe lanternfish project is led by Quorra {LEADER}.\n"


@pytest.fixture
def chat(served: Served, people: Credentials) -> Iterator[Any]:
    with Glean(api_token=people.reader, server_url=served.url) as glean:
        yield glean.client.chat


def upload(client: httpx.Client, *files: tuple[str, bytes], part: str = "files") -> list[Any]:
    parts = [(part, (name, content)) for name, content in files]
    answer = client.post(f"{API}/uploadchatfiles", files=parts)
    assert answer.status_code == 200, answer.text
    return [settled(client, file["id"]) for file in answer.json()["files"]]


def settled(client: httpx.Client, file_id: str) -> dict[str, Any]:
    """The file, once it is no longer being read."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        answer = client.post(f"{API}/getchatfiles", json={"fileIds": [file_id]})
        file: dict[str, Any] = answer.json()["files"][file_id]
        if file["metadata"]["status"] != "PROCESSING":
            return file
        time.sleep(0.05)
    raise AssertionError(file)


def ask(client: httpx.Client, *ids: str, text: str = ASKED, **more: Any) -> httpx.Response:
    message: dict[str, Any] = {"author": "USER", "fragments": [{"text": text}]}
    if ids:
        message["uploadedFileIds"] = list(ids)
    return client.post(f"{API}/chat", json={"messages": [message], **more})


def test_released_client_uploads_asks_reads_and_deletes(chat: Any) -> None:
    sent = [
        {"file_name": "lantern.md", "content": TEXT.encode()},
        {"file_name": "note.txt", "content": io.BytesIO(b"Nothing of note.")},
    ]
    uploaded = chat.upload_files(files=sent).files
    assert [file.name for file in uploaded] == ["lantern.md", "note.txt"]
    assert all(file.id.startswith("FILE_") for file in uploaded)
    ids = [file.id for file in uploaded]
    until = time.monotonic() + PATIENCE
    while True:
        found = chat.retrieve_files(file_ids=[*ids, "FILE_none"]).files
        if all(file.metadata.status != "PROCESSING" for file in found.values()):
            break
        assert time.monotonic() < until
    assert set(found) == set(ids)
    metadata = found[ids[0]].metadata
    assert (metadata.status, metadata.processed_size) == ("PROCESSED", len(TEXT))
    assert abs(metadata.upload_time - time.time()) < PATIENCE
    fragments = [models.ChatMessageFragment(text=ASKED)]
    answer = chat.create(messages=[{"fragments": fragments, "uploaded_file_ids": ids}])
    last = answer.messages[-1]
    assert LEADER in last.fragments[0].text
    (citation,) = last.citations
    assert citation.source_document is None
    assert (citation.source_file.id, citation.source_file.name) == (ids[0], "lantern.md")
    assert citation.reference_ranges[0].snippets[0].text in TEXT
    stream = chat.create_stream(messages=[{"fragments": fragments, "uploaded_file_ids": ids}])
    parts = [models.ChatResponse.model_validate(line) for line in chat_lines(stream)]
    assert parts[-1].messages[-1].citations[0].source_file.id == ids[0]
    assert chat.retrieve_file(file_id=ids[0]).read() == TEXT.encode()
    chat.delete_files(file_ids=[*ids, "FILE_none"])
    assert chat.retrieve_files(file_ids=ids).files == {}
    with pytest.raises(errors.GleanError) as gone:
        chat.retrieve_file(file_id=ids[0])
    assert gone.value.status_code == 404


async def test_async_forms(served: Served, people: Credentials) -> None:
    async with Glean(api_token=people.reader, server_url=served.url) as glean:
        chat = glean.client.chat
        sent = [{"file_name": "a.md", "content": TEXT.encode()}]
        (file,) = (await chat.upload_files_async(files=sent)).files
        assert file.id in (await chat.retrieve_files_async(file_ids=[file.id])).files
        read = await chat.retrieve_file_async(file_id=file.id)
        assert await read.aread() == TEXT.encode()
        messages = [
            {"fragments": [models.ChatMessageFragment(text=ASKED)], "uploaded_file_ids": [file.id]}
        ]
        answer = await chat.create_async(messages=messages, save_chat=True)
        assert LEADER in answer.messages[-1].fragments[0].text
        assert LEADER in await chat.create_stream_async(messages=messages)
        listed = (await chat.list_async()).chat_results
        assert answer.chat_id in {each.chat.id for each in listed}
        stored = (await chat.retrieve_async(id=answer.chat_id)).chat_result.chat
        assert stored.messages[0].uploaded_file_ids == [file.id]
        assert stored.messages[1].citations[0].source_file.id == file.id
        await chat.delete_async(ids=[answer.chat_id])
        assert (await chat.retrieve_files_async(file_ids=[file.id])).files == {}
        await chat.delete_files_async(file_ids=[file.id])
        await chat.delete_all_async()
        with pytest.raises(errors.GleanError):
            await chat.retrieve_application_async(id="none")


def test_file_is_private_to_its_owner(
    reader: httpx.Client, insider: httpx.Client, stranger: httpx.Client
) -> None:
    (file,) = upload(reader, ("lantern.md", TEXT.encode()))
    asked = {"fragments": [{"text": ASKED}], "uploadedFileIds": ["ID"]}
    requests: list[tuple[str, str, Any]] = [
        ("POST", "/getchatfiles", {"fileIds": ["ID"]}),
        ("GET", "/chat-files/ID", None),
        ("GET", "/chat-files/ID?preview=true", None),
        ("POST", "/chat", {"messages": [asked]}),
    ]
    for method, path, body in requests:
        foreign, unknown = (
            insider.request(
                method,
                API + path.replace("ID", each),
                content=json.dumps(body).replace('"ID"', f'"{each}"') if body else None,
            )
            for each in (file["id"], "FILE_" + "0" * 32)
        )
        assert (foreign.status_code, foreign.text) == (unknown.status_code, unknown.text)
        assert LEADER not in foreign.text
    insider.post(f"{API}/deletechatfiles", json={"fileIds": [file["id"]]})
    assert settled(reader, file["id"])["metadata"]["status"] == "PROCESSED"
    assert stranger.get(f"{API}/chat-files/{file['id']}").status_code == 401


def leaks(client: httpx.Client, file: dict[str, Any]) -> list[str]:
    """Where words of the file come out, of all doors that search or read documents."""
    document = f"chat-file:{file['id']}"
    doors: list[tuple[str, dict[str, Any]]] = [
        (f"{API}/chat", {"messages": [{"fragments": [{"text": ASKED}]}]}),
        (f"{API}/search", {"query": "lanternfish", "pageSize": 10}),
        (f"{API}/autocomplete", {"query": "lantern", "resultSize": 10}),
        (f"{API}/getdocuments", {"documentSpecs": [{"id": file["id"]}, {"url": document}]}),
        (f"{API}/summarize", {"documentSpecs": [{"url": document}]}),
        (f"{API}/recommendations", {"sourceDocument": {"url": document}}),
        (f"{API}/feed", {}),
        ("/api/v1/send_message", {"query_text": ASKED}),
        ("/ai/v1/message", {"query": ASKED}),
        ("/api/search", {"query": "lanternfish"}),
        ("/api/chat", {"messages": [{"role": "USER", "content": [{"text": ASKED}]}]}),
    ]
    answers = [(path, client.post(path, json=body).text) for path, body in doors]
    return [path for path, text in answers if LEADER in text or "lantern.md" in text]


def test_file_comes_out_of_no_other_door(
    data_dir: Path, reader: httpx.Client, served: Served
) -> None:
    (file,) = upload(reader, ("lantern.md", TEXT.encode()))
    assert LEADER in ask(reader, file["id"]).text
    scopes = "CHAT SEARCH DOCUMENTS SUMMARIZE FEEDBACK PEOPLE AGENTS".split()
    with opened(data_dir) as database:
        owner, other = (
            database.write_now(tokens.create, "all", [Scope(each) for each in scopes], email, None)
            for email in (READER, INSIDER)
        )
    for token in (owner.secret, other.secret):
        with served.client(token) as client:
            assert leaks(client, file) == []


def test_file_is_used_in_later_turns_and_gone_when_deleted(reader: httpx.Client) -> None:
    (file,) = upload(reader, ("lantern.md", TEXT.encode()))
    chat_id = ask(reader, file["id"], saveChat=True).json()["chatId"]
    assert LEADER in ask(reader, chatId=chat_id).text
    assert LEADER not in ask(reader).text
    read = reader.post(f"{API}/getchat", json={"id": chat_id})
    assert LEADER in read.text and file["id"] in read.text
    assert reader.post(f"{API}/deletechatfiles", json={"fileIds": [file["id"]]}).content == b""
    assert LEADER not in ask(reader, chatId=chat_id).text
    read = reader.post(f"{API}/getchat", json={"id": chat_id})
    assert LEADER not in read.text and "can no longer see" in read.text
    assert ask(reader, file["id"]).status_code == 400


def test_other_documents_answer_what_the_file_does_not(reader: httpx.Client) -> None:
    (file,) = upload(reader, ("lantern.md", TEXT.encode()))
    answer = ask(reader, file["id"], text=QUESTION).json()["messages"][-1]
    assert answer["citations"] and all("sourceDocument" in each for each in answer["citations"])


def test_deactivated_owner_is_shut_out(data_dir: Path, served: Served) -> None:
    email = "leaver@alderbrook.example"
    with opened(data_dir) as database:
        database.write_now(users.add, email, "Lee Leaver")
        token = make_token(database, email)
        with served.client(token) as client:
            (file,) = upload(client, ("lantern.md", TEXT.encode()))
            database.write_now(users.deactivate, email)
            for answer in (
                client.get(f"{API}/chat-files/{file['id']}"),
                client.post(f"{API}/getchatfiles", json={"fileIds": [file["id"]]}),
                client.post(f"{API}/uploadchatfiles", files=[("files", ("a.md", b"x"))]),
                ask(client, file["id"]),
            ):
                assert answer.status_code == 401


def office_file() -> bytes:
    """A ZIP that says that it is a Word document and is none."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<broken")
    return packed.getvalue()


FAILING = [
    ("empty.txt", b"", "FILE_TOO_SMALL"),
    ("blank.txt", b" \n\n ", "EMPTY_CONTENT"),
    ("broken.docx", office_file(), "PARSE_FAILED"),
    ("film.mp4", b"\0\0\0 ftypisom\0\0\0\0", "FILE_EXTENSION_UNSUPPORTED"),
    ("x" * 300 + ".txt", b"text", "FILE_METADATA_VALIDATION_FAIL"),
]


@pytest.mark.parametrize(("name", "content", "reason"), FAILING, ids=lambda each: str(each)[:20])
def test_what_cannot_be_read_says_why(
    reader: httpx.Client, name: str, content: bytes, reason: str
) -> None:
    (file,) = upload(reader, (name, content))
    assert (file["metadata"]["status"], file["metadata"]["failureReason"]) == ("FAILED", reason)
    refused = ask(reader, file["id"])
    assert refused.status_code == 400 and reason in refused.text


def test_several_files_under_both_names_of_the_part(reader: httpx.Client) -> None:
    files = upload(reader, ("a.md", b"An alpha."), ("b.html", b"<p>A beta.</p>"), part="files[]")
    assert [file["name"] for file in files] == ["a.md", "b.html"]
    preview = reader.get(f"{API}/chat-files/{files[1]['id']}", params={"preview": True})
    assert preview.text == "A beta."
    assert preview.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("parts", "hint"),
    [
        ([("other", ("a.md", b"x"))], "files"),
        ([("files", (None, b"x"))], "files"),
        ([("files", (f"{n}.md", b"x")) for n in range(6)], "5"),
    ],
)
def test_bad_uploads(reader: httpx.Client, parts: Any, hint: str) -> None:
    answer = reader.post(f"{API}/uploadchatfiles", files=parts)
    assert answer.status_code == 400 and hint in answer.text and answer.text.count("\n") == 1


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data", "multipart/form-data; boundary=b"]
)
def test_upload_that_is_no_form(reader: httpx.Client, kind: str) -> None:
    headers = {"Content-Type": kind}
    answer = reader.post(f"{API}/uploadchatfiles", content=b'{"files": []}', headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["getchatfiles", "deletechatfiles"])
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"fileIds":"x"}', b'{"fileIds":[[]]}'])
def test_bad_file_requests(reader: httpx.Client, path: str, body: bytes) -> None:
    assert reader.post(f"{API}/{path}", content=body).status_code == 400


def test_odd_ids_are_unknown_ones(reader: httpx.Client) -> None:
    for odd in ("a\0b", "x" * 1000, "../../etc/passwd", "%", 5):
        answer = reader.post(f"{API}/getchatfiles", json={"fileIds": [odd]})
        assert answer.json() == {"files": {}}
    longer = reader.post(f"{API}/getchatfiles", json={"fileIds": ["x" * 5000]})
    assert longer.status_code == 400 and "1000 characters" in longer.text
    assert reader.get(f"{API}/chat-files/..%2f..%2fstook.db").status_code == 404


def test_limits_and_what_a_killed_server_was_reading(
    tmp_path: Path,
) -> None:
    """An acknowledged upload survives SIGKILL, and is read at the next start."""
    limits = {
        "STOOK_CHAT_FILES_MIB": "3",
        "STOOK_MAX_FILE_MIB": "1",
        "STOOK_CHAT_FILE_MIN_BYTES": "10",
        "STOOK_CHAT_FILE_MAX_CHARACTERS": "200",
        "STOOK_CHAT_FILES_PER_PERSON": "8",
        "STOOK_PARSE_TIMEOUT_SECONDS": "0.01",
        "STOOK_BLOB_URI": str(tmp_path / "blobs"),
    }
    database = open_database(f"sqlite:///{tmp_path / 'stook.db'}")
    upgrade(database)
    database.write_now(users.add, READER, "Rita Reader")
    token = make_token(database, READER)
    database.close()
    with serve(tmp_path, **limits) as server, server.client(token) as client:
        found = upload(
            client,
            ("large.txt", b"x" * 2**20 + b"x"),
            ("small.txt", b"tiny"),
            ("long.md", (TEXT + "More of it. " * 100).encode()),
            ("slow.html", b"<p>slow to read</p>" * 20_000),
        )
        reasons = [file["metadata"].get("failureReason") for file in found]
        assert reasons == ["FILE_TOO_LARGE", "FILE_TOO_SMALL", None, "FILE_PROCESSING_TIMED_OUT"]
        assert found[2]["metadata"]["status"] == "PARTIALLY_PROCESSED"
        assert 0 < found[2]["metadata"]["processedSize"] <= 200
        parts = [("files", ("a.md", b"x" * 2**20)) for _ in range(4)]
        assert client.post(f"{API}/uploadchatfiles", files=parts).status_code == 413
        files = [("files", (f"{n}.md", TEXT.encode())) for n in range(5)]
        answer = client.post(f"{API}/uploadchatfiles", files=files)
        assert answer.status_code == 400 and "8" in answer.text
        assert len(list((tmp_path / "blobs").iterdir())) == 2
        answer = client.post(f"{API}/uploadchatfiles", files=files[:4])
        assert answer.status_code == 200
        os.kill(server.process.pid, signal.SIGKILL)
        server.process.wait(PATIENCE)
    with serve(tmp_path, **limits) as server, server.client(token) as client:
        for file in answer.json()["files"]:
            assert settled(client, file["id"])["metadata"]["status"] == "PROCESSED"
            assert client.get(f"{API}/chat-files/{file['id']}").content == TEXT.encode()
        assert LEADER in ask(client, file["id"]).text
