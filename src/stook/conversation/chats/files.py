"""SQL of the files that people attach to their questions. Each function sees one person's only.

Somebody else's file and one that does not exist are the same: it is left out.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from stook.conversation.chats.records import FILES
from stook.errors import Forbidden, InvalidRequest
from stook.identity.access import ATTACHED
from stook.identity.permissions import ORGANISATION, Permissions, Subject
from stook.knowledge.store import repository as documents
from stook.knowledge.store.documents import SourceDocument, document_id
from stook.storage.tables import chat_files, chats, messages, users
from stook.storage.text import is_storable


class FileStatus(enum.StrEnum):
    """How far a file has been read."""

    PROCESSING = "PROCESSING"
    PROCESSED = "PROCESSED"
    PARTIALLY_PROCESSED = "PARTIALLY_PROCESSED"  # its text was too long, the beginning is used
    FAILED = "FAILED"


class FailureReason(enum.StrEnum):
    """Why a file could not be read."""

    PARSE_FAILED = "PARSE_FAILED"
    FILE_TOO_SMALL = "FILE_TOO_SMALL"
    FILE_TOO_LARGE = "FILE_TOO_LARGE"
    FILE_EXTENSION_UNSUPPORTED = "FILE_EXTENSION_UNSUPPORTED"
    FILE_METADATA_VALIDATION_FAIL = "FILE_METADATA_VALIDATION_FAIL"
    FILE_PROCESSING_TIMED_OUT = "FILE_PROCESSING_TIMED_OUT"
    EMPTY_CONTENT = "EMPTY_CONTENT"


@dataclass(frozen=True, slots=True)
class ChatFile:
    """An uploaded file; sizes in bytes, time in microseconds since the epoch, UTC."""

    id: str
    user_email: str
    name: str
    mime_type: str
    size: int
    status: FileStatus
    failure_reason: FailureReason | None
    processed_size: int
    uploaded_at: int

    @property
    def document_id(self) -> str:
        """The document that holds what was read of it."""
        return document_id(ATTACHED, self.id)

    @property
    def is_readable(self) -> bool:
        """Whether questions may refer to it."""
        return self.status in (FileStatus.PROCESSED, FileStatus.PARTIALLY_PROCESSED)


def add(c: sa.Connection, email: str, files: Sequence[ChatFile], most: int) -> None:
    """Keep new files of this person: all or none.

    Raises Forbidden where there is no such active user, and InvalidRequest where it would be
    more than ``most`` files.
    """
    active = sa.select(users.c.email).where(users.c.email == email, users.c.active)
    if c.execute(active).first() is None:
        raise Forbidden(f"Files are kept for active users only; {email} is none.")
    own = sa.select(sa.func.count()).where(chat_files.c.user_email == email)
    if c.execute(own).scalar_one() + len(files) > most:
        raise InvalidRequest(f"You keep as many files as you may ({most:,}); delete some first.")
    c.execute(sa.insert(chat_files), [asdict(file) for file in files])


def find(c: sa.Connection, email: str, ids: Iterable[str]) -> dict[str, ChatFile]:
    """Those of the named files that are this person's, by id."""
    found: dict[str, ChatFile] = {}
    for some in documents.in_portions(filter(is_storable, ids)):
        query = sa.select(chat_files).where(
            chat_files.c.user_email == email, chat_files.c.id.in_(some)
        )
        found |= {row.id: _file(row) for row in c.execute(query)}
    return found


def remove(c: sa.Connection, email: str, ids: Iterable[str]) -> list[ChatFile]:
    """Forget files, and withdraw what was read of them; gives those that were there."""
    gone = list(find(c, email, ids).values())
    for some in documents.in_portions(file.id for file in gone):
        c.execute(sa.delete(chat_files).where(chat_files.c.id.in_(some)))
    documents.withdraw(c, [file.document_id for file in gone])
    return gone


def used_in(c: sa.Connection, email: str, chat_ids: Collection[str] | None = None) -> set[str]:
    """Ids of the files that questions in these chats of this person refer to (None: in all)."""
    query = (
        sa.select(messages.c.details)
        .join(chats, chats.c.id == messages.c.chat_id)
        .where(chats.c.user_email == email)
        .where(sa.cast(messages.c.details, sa.Text).contains(f'"{FILES}"'))
    )
    if chat_ids is not None:
        query = query.where(chats.c.id.in_(chat_ids))
    return {file for details in c.scalars(query) for file in details.get(FILES, ())}


# --- while a file is read ------------------------------------------------------------------------


def pending(c: sa.Connection) -> list[str]:
    """Ids of files that have to be read, whosever they are; the oldest first."""
    query = sa.select(chat_files.c.id).where(chat_files.c.status == FileStatus.PROCESSING.value)
    return list(c.scalars(query.order_by(chat_files.c.uploaded_at, chat_files.c.id)))


def to_read(c: sa.Connection, file_id: str) -> ChatFile | None:
    """A file that still has to be read, whosever it is."""
    query = sa.select(chat_files).where(chat_files.c.id == file_id)
    row = c.execute(query.where(chat_files.c.status == FileStatus.PROCESSING.value)).first()
    return None if row is None else _file(row)


def take_in(c: sa.Connection, file: ChatFile, source: SourceDocument) -> bool:
    """Store what was read of a file; False, and nothing is done, where it was deleted."""
    row = sa.select(chat_files.c.id).where(chat_files.c.id == file.id)
    if c.execute(row.with_for_update()).first() is None:
        return False
    documents.ensure_datasource(c, ATTACHED, "Chat files")
    documents.store(c, [source])
    return True


def finish(
    c: sa.Connection,
    file: ChatFile,
    status: FileStatus,
    processed_size: int = 0,
    reason: FailureReason | None = None,
) -> None:
    """Note how reading a file ended; one that was deleted meanwhile stays deleted."""
    if status is FileStatus.FAILED:
        documents.withdraw(c, [file.document_id])
    values = {
        "status": status.value,
        "processed_size": processed_size,
        "failure_reason": reason.value if reason else None,
    }
    c.execute(sa.update(chat_files).where(chat_files.c.id == file.id).values(values))


def unknown(c: sa.Connection, ids: Iterable[str]) -> list[str]:
    """Those of the ids that no file has."""
    rest = set(ids)
    for some in documents.in_portions(rest):
        rest -= set(c.scalars(sa.select(chat_files.c.id).where(chat_files.c.id.in_(some))))
    return sorted(rest)


def owner_only(email: str) -> Permissions:
    """Who may see what was read of a file."""
    return Permissions(users=frozenset({Subject(ORGANISATION, email)}))


def _file(row: sa.Row[tuple[object, ...]]) -> ChatFile:
    values = dict(row._mapping)
    values["status"] = FileStatus(values["status"])
    reason = values["failure_reason"]
    values["failure_reason"] = FailureReason(reason) if reason else None
    return ChatFile(**values)
