"""The files that a question asks about: its own, and those that its chat asked about before."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from stook.conversation.chats import files as chat_files
from stook.conversation.chats import repository
from stook.conversation.chats.files import ChatFile, FileStatus
from stook.errors import Conflict, InvalidRequest
from stook.identity.principals import Principal
from stook.knowledge.store import repository as documents
from stook.runtime import Runtime

PATIENCE = 2.0  # seconds that a question waits for its files to be read


async def asked_about(
    runtime: Runtime, email: str, file_ids: Sequence[str], chat_id: str | None
) -> list[ChatFile]:
    """Files to look into first; raises Conflict while one is read, InvalidRequest, NotFound."""
    earlier: set[str] = set()
    if chat_id is not None:
        earlier = await runtime.database.read(_used_in, email, chat_id)
    wanted = [*file_ids, *sorted(earlier - set(file_ids))]
    found = await runtime.uploads.find(email, wanted, PATIENCE) if wanted else []
    known = {file.id: file for file in found}
    for file_id in file_ids:
        _check(known.get(file_id))
    return [file for file in found if file.is_readable]


async def text_of(runtime: Runtime, principal: Principal, file: ChatFile) -> str:
    """Return the text that was read from the principal's own file; raises NotFound."""
    reader = principal.referring_to([file.document_id])
    return await runtime.database.read(documents.text_of, reader, file.document_id)


def _used_in(connection: sa.Connection, email: str, chat_id: str) -> set[str]:
    repository.find(connection, email, chat_id)
    return chat_files.used_in(connection, email, [chat_id])


def _check(file: ChatFile | None) -> None:
    if file is None:
        raise InvalidRequest("There is no such file, or it is not yours.")
    if file.status is FileStatus.PROCESSING:
        raise Conflict(f"{file.name} is still being read; ask again in a moment.")
    if not file.is_readable:
        raise InvalidRequest(f"{file.name} could not be read ({file.failure_reason}).")
