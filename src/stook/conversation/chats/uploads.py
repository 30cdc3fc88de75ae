"""Takes in the files that people attach to their questions, and reads them in the background.

1. The bytes are kept as a blob; then one SQL write makes them a file: acknowledged.
2. The file is read into text by the isolated parser, stored as a document that only its owner may
   see, and indexed.
3. One SQL write says how that ended.

A file that a process was reading when it died is read by the next one that sweeps.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import uuid
from collections.abc import AsyncIterator, Collection, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from stook.conversation.chats import files as chat_files
from stook.conversation.chats.files import ChatFile, FailureReason, FileStatus
from stook.errors import NotFound, UnreadableDocument, UnreadableReason
from stook.identity.access import ATTACHED
from stook.knowledge.ingestion.indexing import Ingestion
from stook.knowledge.ingestion.parsing import Parser
from stook.knowledge.store.documents import SourceDocument
from stook.settings import Settings
from stook.storage import clock
from stook.storage.blobs import Blobs
from stook.storage.database import Database
from stook.storage.text import is_storable

AT_ONCE = 2  # files that are read at once
SWEEP_SECONDS = 30
ORPHAN_SECONDS = 3600  # after which bytes that belong to no file are removed
LONGEST_NAME, LONGEST_MIME_TYPE = 255, 200  # characters
MIB = 2**20
NO_SUCH_FILE = "There is no such file, or it is not yours."

_REASONS = {
    UnreadableReason.UNSUPPORTED: FailureReason.FILE_EXTENSION_UNSUPPORTED,
    UnreadableReason.EMPTY: FailureReason.EMPTY_CONTENT,
    UnreadableReason.TOO_LARGE: FailureReason.FILE_TOO_LARGE,
    UnreadableReason.TIMED_OUT: FailureReason.FILE_PROCESSING_TIMED_OUT,
}
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives; ``content`` gives its ``size`` bytes once."""

    name: str
    mime_type: str
    size: int
    content: AsyncIterator[bytes]


class Uploads:
    """The files of everybody; each method works for the person whom it is given."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        blobs: Blobs,
        ingestion: Ingestion,
        parser: Parser,
    ) -> None:
        self._settings = settings
        self._database = database
        self._blobs = blobs
        self._ingestion = ingestion
        self._parser = parser
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._reading: dict[str, asyncio.Task[None]] = {}
        self._tidying: set[asyncio.Task[Any]] = set()

    async def take(self, email: str, uploads: Sequence[Upload]) -> list[ChatFile]:
        """Keep files durably; they are read soon. Raises InvalidRequest and Forbidden."""
        files: list[ChatFile] = []
        try:
            for upload in uploads:
                files.append(file := self._judged(email, upload))
                if file.status is FileStatus.PROCESSING:
                    await self._blobs.put(file.id, upload.content)
            most = self._settings.chat_files_per_person
            await self._database.write(chat_files.add, email, files, most)
        except BaseException:
            await asyncio.shield(self._forget([file.id for file in files]))
            raise
        for file in files:
            if file.status is FileStatus.PROCESSING:
                self._begin(file.id)
        return files

    async def find(self, email: str, ids: Collection[str], patience: float = 0) -> list[ChatFile]:
        """Those of the files that are this person's, in the order of ``ids``.

        Waits so many seconds at most for those that are being read.
        """
        reading = [self._reading[each] for each in set(ids) if each in self._reading]
        if reading and patience > 0:
            await asyncio.wait(reading, timeout=patience)
        found = await self._database.read(chat_files.find, email, ids)
        return [found[each] for each in dict.fromkeys(ids) if each in found]

    async def content(self, email: str, file_id: str) -> AsyncIterator[bytes]:
        """The bytes of this person's file, in pieces; raises NotFound before the first."""
        if not await self.find(email, [file_id]):
            raise NotFound(NO_SUCH_FILE)
        pieces = self._blobs.read(file_id)
        first = await anext(pieces, b"")
        return _chained(first, pieces)

    async def delete(self, email: str, ids: Collection[str]) -> None:
        """Delete this person's files, at once for everybody; others are left alone."""
        gone = await self._database.write(chat_files.remove, email, ids)
        await self._forget([file.id for file in gone])
        self._tidy(self._ingestion.index([file.document_id for file in gone]))

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """Read what other processes left, now and again, for as long as the block lasts."""
        sweeping = asyncio.create_task(self._keep_sweeping())
        try:
            yield
        finally:
            await _end([sweeping])

    async def close(self) -> None:
        """Stop reading; what is not read yet stays to be read."""
        await _end([*self._reading.values(), *self._tidying])

    def _judged(self, email: str, upload: Upload) -> ChatFile:
        reason = self._fault(upload)
        return ChatFile(
            id=f"FILE_{uuid.uuid4().hex}",
            user_email=email,
            name="".join(filter(str.isprintable, upload.name))[:LONGEST_NAME] or "unnamed",
            mime_type=upload.mime_type[:LONGEST_MIME_TYPE],
            size=upload.size,
            status=FileStatus.FAILED if reason else FileStatus.PROCESSING,
            failure_reason=reason,
            processed_size=0,
            uploaded_at=clock.now(),
        )

    def _fault(self, upload: Upload) -> FailureReason | None:
        """What keeps a file from being kept and read."""
        names = (upload.name, upload.mime_type)
        if not all(map(is_storable, names)) or not 0 < len(upload.name) <= LONGEST_NAME:
            return FailureReason.FILE_METADATA_VALIDATION_FAIL
        if upload.size < max(1, self._settings.chat_file_min_bytes):
            return FailureReason.FILE_TOO_SMALL
        if upload.size > self._settings.max_file_mib * MIB:
            return FailureReason.FILE_TOO_LARGE
        return None

    def _begin(self, file_id: str) -> None:
        if file_id not in self._reading:
            task = asyncio.create_task(self._read_once(file_id))
            self._reading[file_id] = task
            task.add_done_callback(lambda _: self._reading.pop(file_id, None))

    async def _read_once(self, file_id: str) -> None:
        """Read a file, unless somebody else has; what fails here is tried again by a sweep."""
        try:
            async with self._turns, self._ingestion.claims.hold([f"chat file {file_id}"]):
                file = await self._database.read(chat_files.to_read, file_id)
                if file is not None:
                    await self._read(file)
        except Exception as error:
            log.warning("file not read yet", file=file_id, error=type(error).__name__)

    async def _read(self, file: ChatFile) -> None:
        try:
            source = await self._source(file)
        except (UnreadableDocument, NotFound) as error:
            await self._database.write(chat_files.finish, file, FileStatus.FAILED, 0, _why(error))
            return
        if not await self._database.write(chat_files.take_in, file, source):
            return
        done = await self._ingestion.index([source.id])
        if done.failed:
            reason = FailureReason.PARSE_FAILED
            await self._database.write(chat_files.finish, file, FileStatus.FAILED, 0, reason)
            return
        partial = bool(source.details["partial"])
        status = FileStatus.PARTIALLY_PROCESSED if partial else FileStatus.PROCESSED
        size = len(source.text.encode()) if partial else file.size
        await self._database.write(chat_files.finish, file, status, size)

    async def _source(self, file: ChatFile) -> SourceDocument:
        """What is in a file; raises UnreadableDocument, and NotFound where its bytes are gone."""
        content = b"".join([piece async for piece in self._blobs.read(file.id)])
        parsed = await self._parser.parse_bytes(content, file.name, file.mime_type or None)
        most = self._settings.chat_file_max_characters
        return SourceDocument(
            datasource=ATTACHED,
            external_id=file.id,
            title=file.name,
            url=f"chat-file:{file.id}",
            mime_type=parsed.mime_type,
            text=parsed.text[:most],
            content_hash=hashlib.sha256(content).hexdigest(),
            permissions=chat_files.owner_only(file.user_email),
            author=parsed.author,
            created_at=file.uploaded_at,
            updated_at=file.uploaded_at,
            details={"size": file.size, "partial": len(parsed.text) > most},
            notes=parsed.notes,
            places=tuple(place for place in parsed.places if place[0] < most),
        )

    async def _forget(self, ids: Sequence[str]) -> None:
        """Remove bytes; what this misses is removed by a sweep."""
        for file_id in ids:
            with contextlib.suppress(OSError):
                await self._blobs.delete(file_id)

    async def _keep_sweeping(self) -> None:
        while True:
            try:
                for file_id in await self._database.read(chat_files.pending):
                    self._begin(file_id)
                names = await self._blobs.names(ORPHAN_SECONDS)
                await self._forget(await self._database.read(chat_files.unknown, names))
            except Exception as error:
                log.warning("sweep of files failed", error=type(error).__name__)
            await asyncio.sleep(SWEEP_SECONDS)

    def _tidy(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tidying.add(task)
        task.add_done_callback(self._tidied)

    def _tidied(self, task: asyncio.Task[Any]) -> None:
        self._tidying.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("file not out of the index yet", error=type(error).__name__)


def _why(error: Exception) -> FailureReason:
    if isinstance(error, UnreadableDocument):
        return _REASONS.get(error.reason, FailureReason.PARSE_FAILED)
    return FailureReason.PARSE_FAILED


async def _chained(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
