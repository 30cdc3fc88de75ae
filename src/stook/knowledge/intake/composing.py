"""Turns a pushed document into one canonical text: its title, summary, body and comments."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from stook.errors import UnreadableDocument, UnreadableReason
from stook.identity.permissions import Permissions
from stook.knowledge.ingestion.parsing import canonical
from stook.knowledge.ingestion.parsing.parsed import ParsedDocument
from stook.knowledge.ingestion.parsing.parser import Parser
from stook.knowledge.intake.definitions import Comment, Content, PushedDocument
from stook.knowledge.store.documents import SourceDocument

AT_ONCE = 8
PLAIN = "text/plain"
log = structlog.get_logger(__name__)


async def compose(parser: Parser, pushed: Sequence[PushedDocument]) -> list[SourceDocument]:
    """The documents with their texts, in their order; who may see them is not said yet.

    Content that cannot be read is left out, and the document says so in its details.
    """
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(document: PushedDocument) -> SourceDocument:
        async with slots:
            return await _compose(parser, document)

    return await asyncio.gather(*map(one, pushed))


async def _compose(parser: Parser, pushed: PushedDocument) -> SourceDocument:
    reader = _Reader(parser, pushed)
    body = await reader.read(pushed.body)
    summary = await reader.read(pushed.summary)
    comments = [(each, await reader.read(each.content)) for each in pushed.comments]
    title = _title(pushed, body)
    text = _text(title, summary, body, comments)
    unread = {"unread": reader.unread} if reader.unread else {}
    return SourceDocument(
        datasource=pushed.datasource,
        external_id=pushed.external_id,
        title=title,
        url=pushed.url,
        mime_type=body.mime_type if body else PLAIN,
        text=text,
        content_hash=hashlib.sha256(text.encode("utf-8", "replace")).hexdigest(),
        permissions=Permissions(),
        object_type=pushed.object_type,
        container=pushed.container,
        author=pushed.author.shown or (body.author if body else ""),
        created_at=pushed.created_at,
        updated_at=pushed.updated_at,
        details={**pushed.details, **unread},
    )


class _Reader:
    """Reads the contents of one document; ``unread`` says why some could not be."""

    def __init__(self, parser: Parser, pushed: PushedDocument) -> None:
        self._parser = parser
        self._name = pushed.filename or pushed.id
        self.unread = ""

    async def read(self, content: Content | None) -> ParsedDocument | None:
        if content is None or not content.data.strip():
            return None
        mime_type = content.mime_type.partition(";")[0].strip().lower() or None
        try:
            return await self._parser.parse_bytes(content.data, self._name, mime_type)
        except UnreadableDocument as error:
            if error.reason is not UnreadableReason.EMPTY:
                self.unread = error.reason.value
                log.warning("pushed content not read", reason=self.unread, mime_type=mime_type)
            return None


def _title(pushed: PushedDocument, body: ParsedDocument | None) -> str:
    given = canonical.plain(canonical.tidy(pushed.title))
    if given:
        return given
    found = canonical.first_heading(body.text) if body else ""
    return canonical.plain(found) or canonical.readable_name(pushed.filename or pushed.id)


def _text(
    title: str,
    summary: ParsedDocument | None,
    body: ParsedDocument | None,
    comments: Sequence[tuple[Comment, ParsedDocument | None]],
) -> str:
    parts = [body.text] if body else []
    if summary and not (body and summary.text in body.text):
        parts.insert(0, summary.text)
    said = [_comment(comment, read) for comment, read in comments if read]
    if said:
        parts += ["## Comments", *said]
    if not parts or canonical.plain(canonical.first_heading(parts[0])) != title:
        parts.insert(0, f"# {title}")
    return canonical.tidy("\n\n".join(parts))


def _comment(comment: Comment, read: ParsedDocument) -> str:
    words = [comment.author.shown] if comment.author.shown else []
    if comment.created_at is not None:
        words.append(f"{datetime.fromtimestamp(comment.created_at / 1e6, UTC):%d %B %Y}")
    return f"{', '.join(words)}:\n\n{read.text}" if words else read.text
