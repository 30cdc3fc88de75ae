"""The calls of ``client.chat``: asking, stored chats, applications and files."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stook.client.calls.base import (
    ANYTHING,
    LINES,
    Call,
    File,
    query,
    read_answer,
    read_bytes,
    read_nothing,
    reader,
    validated,
    without_none,
)
from stook.client.errors import ConfigurationError
from stook.client.models.chats import (
    AgentConfig,
    ChatMessage,
    ChatMessageFragment,
    ChatResponse,
    ChatRestrictionFilters,
    GetChatApplicationResponse,
    GetChatResponse,
    ListChatsResponse,
    SessionInfo,
)
from stook.client.models.files import GetChatFilesResponse, UploadChatFilesResponse
from stook.client.retrying import NO_RETRIES, Retries

API = "/rest/api/v1/"
RESUMABLE = "X-Stook-Resumable"
Message = str | ChatMessage | Mapping[str, Any]
Filters = ChatRestrictionFilters | Mapping[str, Any]


def create(
    messages: str | Sequence[Message],
    *,
    save_chat: bool | None = None,
    chat_id: str | None = None,
    agent_config: AgentConfig | Mapping[str, Any] | None = None,
    inclusions: Filters | None = None,
    exclusions: Filters | None = None,
    timeout_millis: int | None = None,
    application_id: str | None = None,
    agent_id: str | None = None,
    session_info: SessionInfo | Mapping[str, Any] | None = None,
    timezone_offset: int | None = None,
    locale: str | None = None,
    retries: Retries | None = None,
) -> Call[ChatResponse]:
    """Ask, and wait for the whole answer.

    ``messages`` is a question, or a conversation from the most recent message to the oldest: texts,
    ``ChatMessage`` or mappings. ``save_chat`` keeps the turn, ``chat_id`` continues a kept chat.
    ``inclusions`` and ``exclusions`` say which content is used. ``timezone_offset`` is in minutes
    from UTC. Raises AnswerFailed where the server fails after it began to answer.
    """
    return Call(
        API + "chat",
        read_answer,
        body=without_none(
            messages=_messages(messages),
            saveChat=save_chat,
            chatId=chat_id,
            agentConfig=_model(AgentConfig, agent_config),
            inclusions=_model(ChatRestrictionFilters, inclusions),
            exclusions=_model(ChatRestrictionFilters, exclusions),
            timeoutMillis=timeout_millis,
            applicationId=application_id,
            agentId=agent_id,
            sessionInfo=_model(SessionInfo, session_info),
        ),
        query=query(timezone_offset, locale),
        repeatable=not (save_chat or chat_id),
        retries=retries,
    )


def streamed(call: Call[ChatResponse]) -> Call[ChatResponse]:
    """The same question, answered line by line."""
    body = {**(call.body or {}), "stream": True}
    return replace(call, body=body, accept=LINES, headers={RESUMABLE: "true"})


def resumed(call: Call[ChatResponse], turn_id: str, after: int) -> Call[ChatResponse]:
    """The lines of a streamed answer behind the first ``after`` that said something."""
    return Call(
        _stream_path(turn_id),
        call.read,
        query={"after": str(after)},
        method="GET",
        accept=LINES,
        repeatable=True,
        retries=call.retries,
    )


def stopped(turn_id: str) -> Call[None]:
    """Make the server stop a streamed answer."""
    return Call(
        _stream_path(turn_id), read_nothing, method="DELETE", accept=ANYTHING, retries=NO_RETRIES
    )


def _stream_path(turn_id: str) -> str:
    return f"{API}chat/streams/{urllib.parse.quote(turn_id, safe='')}"


def retrieve(
    id: str,  # noqa: A002 - the name that the API and its other clients use
    *,
    timezone_offset: int | None = None,
    retries: Retries | None = None,
) -> Call[GetChatResponse]:
    """A stored chat with its messages, oldest first. Raises NotFound."""
    return Call(
        API + "getchat",
        reader(GetChatResponse),
        body={"id": id},
        query=query(timezone_offset),
        repeatable=True,
        retries=retries,
    )


def list_all(
    *, timezone_offset: int | None = None, retries: Retries | None = None
) -> Call[ListChatsResponse]:
    """The caller's stored chats, newest first, without their messages."""
    return Call(
        API + "listchats",
        reader(ListChatsResponse),
        query=query(timezone_offset),
        repeatable=True,
        retries=retries,
    )


def delete(
    ids: Iterable[str], *, timezone_offset: int | None = None, retries: Retries | None = None
) -> Call[None]:
    """Delete stored chats; those that are not there are no error."""
    return Call(
        API + "deletechats",
        read_nothing,
        body={"ids": _ids(ids)},
        query=query(timezone_offset),
        accept=ANYTHING,
        repeatable=True,
        retries=retries,
    )


def delete_all(*, timezone_offset: int | None = None, retries: Retries | None = None) -> Call[None]:
    """Delete all of the caller's stored chats.

    Never repeated when it may have arrived: it would take chats that were made meanwhile.
    """
    return Call(
        API + "deleteallchats",
        read_nothing,
        query=query(timezone_offset),
        accept=ANYTHING,
        retries=retries,
    )


def retrieve_application(
    id: str,  # noqa: A002
    *,
    timezone_offset: int | None = None,
    retries: Retries | None = None,
) -> Call[GetChatApplicationResponse]:
    """A chat application that an administrator set up."""
    return Call(
        API + "getchatapplication",
        reader(GetChatApplicationResponse),
        body={"id": id},
        query=query(timezone_offset),
        repeatable=True,
        retries=retries,
    )


def upload_files(
    files: Iterable[File | Path | str],
    *,
    timezone_offset: int | None = None,
    retries: Retries | None = None,
) -> Call[UploadChatFilesResponse]:
    """Upload files to ask about: paths, or ``File`` with bytes or an open binary file."""
    uploads = (files,) if isinstance(files, File | Path | str) else files
    return Call(
        API + "uploadchatfiles",
        reader(UploadChatFilesResponse),
        files=tuple(File.of(given) for given in uploads),
        query=query(timezone_offset),
        retries=retries,
    )


def retrieve_files(
    file_ids: Iterable[str], *, timezone_offset: int | None = None, retries: Retries | None = None
) -> Call[GetChatFilesResponse]:
    """Uploaded files by id, with how far each has been read."""
    return Call(
        API + "getchatfiles",
        reader(GetChatFilesResponse),
        body={"fileIds": _ids(file_ids)},
        query=query(timezone_offset),
        repeatable=True,
        retries=retries,
    )


def retrieve_file(file_id: str, *, retries: Retries | None = None) -> Call[bytes]:
    """The bytes of an uploaded file."""
    return Call(
        f"{API}chat-files/{urllib.parse.quote(file_id, safe='')}",
        read_bytes,
        method="GET",
        accept="application/octet-stream",
        repeatable=True,
        retries=retries,
    )


def delete_files(
    file_ids: Iterable[str], *, timezone_offset: int | None = None, retries: Retries | None = None
) -> Call[None]:
    """Delete uploaded files; those that are not there are no error."""
    return Call(
        API + "deletechatfiles",
        read_nothing,
        body={"fileIds": _ids(file_ids)},
        query=query(timezone_offset),
        accept=ANYTHING,
        repeatable=True,
        retries=retries,
    )


def _messages(given: str | Sequence[Message]) -> list[dict[str, Any]]:
    messages: Sequence[Message] = [given] if isinstance(given, str) else given
    if not messages:
        raise ConfigurationError("messages: ask something; the list is empty.")
    return [_message(message).to_wire() for message in messages]


def _message(given: Message) -> ChatMessage:
    if isinstance(given, str):
        return ChatMessage(fragments=(ChatMessageFragment(text=given),))
    return validated(ChatMessage, given)


def _model(model: type[Any], given: Any) -> Any:
    return None if given is None else validated(model, given)


def _ids(given: Iterable[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)
