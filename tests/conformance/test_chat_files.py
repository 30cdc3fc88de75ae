"""Files of chats through the released client, in both of its forms."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from glean.api_client import Glean, errors

from stook.identity import tokens
from stook.identity.principals import Scope
from tests.conformance.findings import proves
from tests.dialects.served import PATIENCE, READER, Credentials, Served, opened

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
API = "/rest/api/v1"
TEXT = "# Lantern watch\n\nThe lantern watch is led by Odalys Fennimore since spring.\n"
ASKED, LEADER = "Who leads the lantern watch?", "Odalys Fennimore"
SENT = [{"file_name": "lantern.md", "content": TEXT.encode()}]


@pytest.fixture
def chat(served: Served, people: Credentials) -> Iterator[Any]:
    with Glean(api_token=people.reader, server_url=served.url) as glean:
        yield glean.client.chat


def wait_until_read(chat: Any, file_id: str) -> Any:
    until = time.monotonic() + PATIENCE
    while True:
        (file,) = chat.retrieve_files(file_ids=[file_id]).files.values()
        if file.metadata.status != "PROCESSING":
            return file
        assert time.monotonic() < until
        time.sleep(0.05)


@proves(f"{API}/uploadchatfiles", "files")
@proves(f"{API}/getchatfiles", "fileIds")
@proves(f"{API}/deletechatfiles", "fileIds")
@proves(f"{API}/chat", "messages.uploadedFileIds")
def test_upload_ask_read_and_delete(chat: Any) -> None:
    (uploaded,) = chat.upload_files(files=SENT).files
    assert wait_until_read(chat, uploaded.id).metadata.status == "PROCESSED"
    message = {"fragments": [{"text": ASKED}], "uploaded_file_ids": [uploaded.id]}
    last = chat.create(messages=[message]).messages[-1]
    assert LEADER in last.fragments[0].text
    assert last.citations[0].source_file.id == uploaded.id
    assert chat.retrieve_file(file_id=uploaded.id).read() == TEXT.encode()
    chat.delete_files(file_ids=[uploaded.id])
    assert chat.retrieve_files(file_ids=[uploaded.id]).files == {}


@proves(f"{API}/chat-files/{{fileId}}", "preview")
def test_preview(chat: Any) -> None:
    (uploaded,) = chat.upload_files(files=SENT).files
    wait_until_read(chat, uploaded.id)
    read = chat.retrieve_file(file_id=uploaded.id, preview=True).read()
    assert read.decode() == TEXT.strip()  # the text as it was understood
    chat.delete_files(file_ids=[uploaded.id])


def test_no_search_finds_them_not_even_an_administrators(
    chat: Any, served: Served, data_dir: Path
) -> None:
    (uploaded,) = chat.upload_files(files=SENT).files
    wait_until_read(chat, uploaded.id)
    with opened(data_dir) as database:
        scopes = {Scope.ADMIN, Scope.SEARCH}
        secret = database.write_now(tokens.create, "admin", scopes, READER).secret
    with Glean(api_token=secret, server_url=served.url) as admin:
        for search in (admin.client.search.query, admin.client.search.query_as_admin):
            assert LEADER not in str(search(query=ASKED).results)
    chat.delete_files(file_ids=[uploaded.id])


async def test_the_asynchronous_forms(served: Served, people: Credentials) -> None:
    async with Glean(api_token=people.reader, server_url=served.url) as glean:
        chat = glean.client.chat
        messages = [{"fragments": [{"text": ASKED}]}]
        answer = await chat.create_async(messages=messages, save_chat=True)
        assert answer.chat_id in await chat.create_stream_async(
            messages=messages, chat_id=answer.chat_id
        )
        listed = (await chat.list_async()).chat_results
        assert answer.chat_id in {each.chat.id for each in listed}
        stored = (await chat.retrieve_async(id=answer.chat_id)).chat_result.chat
        assert len(stored.messages) == 4
        (file,) = (await chat.upload_files_async(files=SENT)).files
        assert file.id in (await chat.retrieve_files_async(file_ids=[file.id])).files
        read = await chat.retrieve_file_async(file_id=file.id)
        assert await read.aread() == TEXT.encode()
        await chat.delete_files_async(file_ids=[file.id])
        await chat.delete_async(ids=[answer.chat_id])
        await chat.delete_all_async()
        with pytest.raises(errors.GleanError):
            await chat.retrieve_application_async(id="none")
