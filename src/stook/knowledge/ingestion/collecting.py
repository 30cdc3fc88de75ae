"""Brings what connectors find into Stook: reads what changed, withdraws what vanished.

A file is known again by where it lies, else by its path within the directory that was indexed;
a page by its address. What is read and unchanged costs a look into SQL; what changed is parsed,
stored, and handed on to be indexed while the next batch is read.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import structlog

from stook.errors import InvalidRequest, UnreadableDocument, UnreadableReason
from stook.identity.permissions import Permissions
from stook.knowledge.ingestion import sightings, unread, widening
from stook.knowledge.ingestion.batches import in_batches
from stook.knowledge.ingestion.connectors import files, web
from stook.knowledge.ingestion.connectors.files import FileFound, FileSkipped
from stook.knowledge.ingestion.connectors.web import PageSkipped
from stook.knowledge.ingestion.directory_access import DirectoryAccess
from stook.knowledge.ingestion.indexing import (
    BATCH_CHARACTERS,
    BATCH_DOCUMENTS,
    Ingestion,
    Pipeline,
)
from stook.knowledge.ingestion.parsing import ParsedDocument, Parser, tesseract
from stook.knowledge.ingestion.reporting import Emptied, Progress, Report, Withheld
from stook.knowledge.ingestion.sightings import DEPTH, WITHIN, Sighting
from stook.knowledge.ingestion.titles import Titles
from stook.knowledge.ingestion.widening import Before
from stook.knowledge.store import repository
from stook.knowledge.store.documents import SourceDocument
from stook.knowledge.store.repository import Known, Stored
from stook.settings import Settings
from stook.storage.database import Database

READS_AT_ONCE = 8
BATCH_BYTES = 64 * 2**20  # of files that are read together; a larger file is a batch of its own
DEEPEST = 4
MOST_WITHIN = 20_000  # files within one file, and within those
MOST_ENCODED = 512 * 2**20 * 4 // 3  # their bytes together, in Base64
TOO_MANY_WITHIN = "files within it were not read: all together they are too many or too large"
# A document that could not be read for one of these reasons may be as it was: it is kept.
PASSING = frozenset(
    {UnreadableReason.TIMED_OUT, UnreadableReason.OUT_OF_MEMORY, UnreadableReason.TOO_LARGE}
)
NO_WRITING = frozenset({UnreadableReason.EMPTY, UnreadableReason.UNSUPPORTED})  # of a picture
KEPT = "what was read of it before is kept"
GONE = frozenset({"it answered 404", "it answered 410"})
INCOMPLETE = "not every page was read, so none that is missing was removed"

log = structlog.get_logger(__name__)


class Collector:
    """Takes in what was found for one datasource."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        ingestion: Ingestion,
        pipeline: Pipeline,
        parser: Parser,
        datasource: str,
        *,
        withdraw: bool = False,
        widen: bool = False,
        progress: Progress | None = None,
    ) -> None:
        self._may_lose = 1.0 if withdraw else settings.vanished_percent / 100
        self._widen = widen
        self._hashes: set[str] = set()
        self._most_bytes = settings.max_file_mib * 2**20
        self._settings = settings
        self._why_no_pictures = tesseract.languages(settings.ocr_languages).why_not
        self._database = database
        self._ingestion = ingestion
        self._pipeline = pipeline
        self._parser = parser
        self._datasource = datasource
        self._reading = asyncio.Semaphore(READS_AT_ONCE)
        self._known: dict[str, Known] = {}
        self._before = Before()
        self._titles = Titles()
        self._by_path: dict[str, Known] = {}
        self._known_within: dict[str, list[Known]] = {}
        self._found_within: list[Sighting] = []  # files within files, still to be read
        self._kept_within: set[str] = set()  # those that are documents still
        self._outermost: dict[str, str] = {}  # of files within files
        self._taken_out: dict[str, list[int]] = {}  # files and bytes, by the outermost file
        self.report = Report(progress or Progress())

    async def directory(self, path: Path, access: DirectoryAccess, base_url: str = "") -> None:
        """Take in a directory, or a file; documents that vanished from there go, if not most."""
        await self._learn()
        found, place = await asyncio.to_thread(_walk, path, base_url, self._own_places())
        files_found = [one for one in found if isinstance(one, FileFound) and self._reads(one)]
        self.report.progress.found(len(files_found), sum(one.size for one in files_found))
        seen: set[str] = set()
        for batch in in_batches(self._sight(found, access), sightings.size, BATCH_BYTES):
            seen.update(sighting.external_id for sighting in batch)
            seen -= await self._take(batch)
        unlisted = [one.path for one in found if isinstance(one, FileSkipped) and one.unlisted]
        inside = [known for known in self._known.values() if _is_inside(known, place)]
        await self._withdraw_vanished(
            str(place),
            inside,
            [
                known
                for known in inside
                if known.external_id not in seen | self._kept_within
                and not any(_is_inside(known, path) for path in unlisted)
            ],
        )

    def _own_places(self) -> list[Path]:
        """Where Stook keeps its database, the index, and what people attach to their questions."""
        settings = self._settings
        database = settings.sql_url.removeprefix("sqlite:///")
        kept = (database, settings.index_location, settings.blob_location)
        return [Path(place).expanduser().resolve() for place in kept if "://" not in place]

    async def site(self, url: str, permissions: Permissions, *, follow: bool = False) -> None:
        """Take in a page or, with ``follow``, a site; pages that the site has no longer go.

        A page that could not be read may be the only one to lead to others: then a page that
        was not seen may well be there, and stays.
        """
        await self._learn()
        kept: set[str] = set()
        lost: set[str] = set()
        complete = follow
        batch: list[Sighting] = []
        async for found in web.crawl(url, self._settings, follow=follow):
            if isinstance(found, PageSkipped):
                self.report.skip(found.url, found.reason)
                gone = found.reason in GONE
                (lost if gone else kept).add(found.url)
                complete &= gone
                continue
            kept.add(found.url)
            batch.append(sightings.of_page(found, url, permissions))
            if len(batch) == BATCH_DOCUMENTS or sum(map(sightings.size, batch)) > BATCH_BYTES:
                lost |= await self._take(batch)
                batch = []
        lost |= await self._take(batch)
        await self._withdraw(known for name, known in self._known.items() if name in lost)
        pages = [known for known in self._known.values() if _is_of(known, url)]
        accounted = kept | lost | self._kept_within
        missing = [known for known in pages if known.external_id not in accounted]
        if complete and self.report.read:
            await self._withdraw_vanished(url, pages, missing)
        elif follow and missing:
            self.report.skip(url, INCOMPLETE)

    async def _learn(self) -> None:
        self._known = await self._database.read(repository.known, self._datasource)
        self._before = await self._database.read(widening.learn, self._known)
        self._titles = Titles(self._known.values())
        self._by_path = {
            known.details["path"]: known
            for known in self._known.values()
            if "path" in known.details and WITHIN not in known.details
        }
        self._known_within = {}
        for known in self._known.values():
            if WITHIN in known.details:
                self._known_within.setdefault(known.details[WITHIN], []).append(known)

    def _all_within(self, external_id: str) -> list[Known]:
        """The known documents that are files within a file, or within one of those."""
        found: list[Known] = []
        waiting = [external_id]
        while waiting:
            inside = self._known_within.get(waiting.pop(), [])
            found += inside
            waiting += [known.external_id for known in inside]
        return found

    def _sight(
        self, found: Iterable[FileFound | FileSkipped], access: DirectoryAccess
    ) -> Iterator[Sighting]:
        for one in found:
            if isinstance(one, FileSkipped) and one.passed_over:
                self.report.pass_over(str(one.path), one.reason)
            elif isinstance(one, FileSkipped):
                self.report.skip(str(one.path), one.reason)
            elif not self._reads(one):
                kind = f"{unread.picture(one.path.name)}: {self._why_no_pictures}"
                self.report.pass_over(str(one.path), kind)
            else:
                yield self._file_sighting(one, access)

    def _reads(self, found: FileFound) -> bool:
        """Whether a file is looked at: pictures where they can be read, or were before."""
        is_new = self._identify(found) not in self._known
        return not (self._why_no_pictures and is_new and unread.picture(found.path.name))

    def _file_sighting(self, found: FileFound, access: DirectoryAccess) -> Sighting:
        external_id = self._identify(found)
        known = self._known.get(external_id)
        before = Path(str(known.details["path"])) if known and "path" in known.details else None
        return Sighting(
            external_id=external_id,
            url=found.url,
            name=found.path.name,
            container=external_id.rpartition("/")[0],
            mime_type=None,
            modified_at=found.modified_at,
            permissions=access.permissions_of(found.path, before),
            details={"path": str(found.path)},
            content=lambda: asyncio.to_thread(_read, found.path, self._most_bytes),
            size=found.size,
            formerly=access.former_permissions_of(found.path),
        )

    def _identify(self, found: FileFound) -> str:
        """What the file was called before; a new one whose name is taken goes by its whole path."""
        path = str(found.path)
        if path in self._by_path:
            return self._by_path[path].external_id
        other = self._known.get(found.external_id)
        if other is None or not Path(str(other.details.get("path", ""))).is_file():
            return found.external_id
        return found.path.as_posix()

    async def _take(self, batch: Sequence[Sighting]) -> set[str]:
        """Read, store and hand on; gives the external ids of what holds no document any more."""
        outcomes = await asyncio.gather(*(self._read(sighting) for sighting in batch))
        read = [one for outcome in outcomes if isinstance(outcome, list) for one in outcome]
        self._hashes.update(document.content_hash for document in read)
        anew = [one for one in read if one.text]
        await self._store(anew)
        await self._withdraw_taken_out(anew)
        again = await self._confirm([one for one in read if not one.text])
        lost = {outcome for outcome in outcomes if isinstance(outcome, str)}
        lost |= {known.external_id for name in lost for known in self._all_within(name)}
        lost |= await self._take_within()
        if again:
            lost |= await self._take(self._stale(batch, again))
        return lost

    async def _withdraw_taken_out(self, anew: Sequence[SourceDocument]) -> None:
        """Withdraw what a file that was read anew does not hold any more: that is no mistake."""
        held = {sighting.external_id for sighting in self._found_within}
        gone = [
            known
            for document in anew
            for one in self._known_within.get(document.external_id, [])
            if one.external_id not in held
            for known in (one, *self._all_within(one.external_id))
        ]
        await self._withdraw(gone)
        for known in gone:
            self._known.pop(known.external_id, None)

    async def _take_within(self) -> set[str]:
        """Take in the files within the files of the last batch."""
        lost: set[str] = set()
        found, self._found_within = self._found_within, []
        for portion in in_batches(found, sightings.size, BATCH_BYTES):
            self._kept_within.update(sighting.external_id for sighting in portion)
            gone = await self._take(portion)
            self._kept_within -= gone
            lost |= gone
        return lost

    def _stale(self, batch: Sequence[Sighting], again: set[str]) -> list[Sighting]:
        """What is to be read after all: also where only a file within it is not as it was."""
        stale: list[Sighting] = []
        for sighting in batch:
            names = {known.external_id for known in self._all_within(sighting.external_id)}
            if (names | {sighting.external_id}) & again:
                stale.append(sighting)
                for name in names | {sighting.external_id}:
                    self._known.pop(name, None)
        return stale

    async def _read(self, sighting: Sighting) -> list[SourceDocument] | str:
        """The document, with those within it: without their texts where those are stored already.

        Where it cannot be read, the report says so; then the external id, as it holds no document
        any more, or the document as it was read before.
        """
        async with self._reading:
            self.report.progress.begins(sightings.shown(sighting), sightings.foreseen(sighting))
            try:
                documents = await self._read_if_changed(sighting)
                for document in documents:
                    repository.check(document)
                return documents
            except UnreadableDocument as error:
                known = self._known.get(sighting.external_id)
                if known is not None and error.reason in PASSING:
                    self.report.note(sightings.shown(sighting), f"{error.message}; {KEPT}")
                    return self._as_known(self._judged(sighting, known.content_hash), known)
                picture = unread.picture(sighting.name)
                if picture and error.reason in NO_WRITING:
                    self.report.pass_over(sightings.shown(sighting), f"{picture}: {error.detail}")
                else:
                    self._skip(sighting, error.message)
                return sighting.external_id
            except InvalidRequest as error:
                self._skip(sighting, error.message)
                return sighting.external_id

    def _skip(self, sighting: Sighting, reason: str) -> None:
        self.report.skip(sightings.shown(sighting), reason)

    async def _read_if_changed(self, sighting: Sighting) -> list[SourceDocument]:
        content = await sighting.content()
        digest = hashlib.sha256(content).hexdigest()
        sighting = self._judged(sighting, digest)
        known = self._known.get(sighting.external_id)
        if known is not None and known.content_hash == digest:
            return self._as_known(sighting, known)
        parsed = await self._parser.parse_bytes(content, sighting.name, sighting.mime_type)
        for note in parsed.notes:
            self.report.note(sightings.shown(sighting), note)
        self._find_within(sighting, parsed)
        document = SourceDocument(
            datasource=self._datasource,
            external_id=sighting.external_id,
            title=self._titles.telling(
                parsed.title, sighting.external_id, sighting.name, digest, parsed.mime_type
            ),
            url=sighting.url,
            mime_type=parsed.mime_type,
            text=parsed.text,
            content_hash=digest,
            permissions=sighting.permissions,
            container=sighting.container,
            author=parsed.author,
            created_at=parsed.created_at,
            updated_at=parsed.updated_at or sighting.modified_at,
            details=sighting.details,
            notes=parsed.notes,
            places=parsed.places,
        )
        return [document]

    def _judged(self, sighting: Sighting, content_hash: str) -> Sighting:
        """The same, but closed as it was, where it would open without anybody having said so."""
        judged = self._before.judge(sighting, content_hash, widen=self._widen)
        if judged.kept_closed:
            self.report.keep_closed(sightings.shown(sighting))
        elif judged.widened:
            self.report.widen(sightings.shown(sighting))
        return replace(sighting, permissions=judged.permissions)

    def _as_known(self, sighting: Sighting, known: Known) -> list[SourceDocument]:
        """A document that stays as it was read before, with those within it; rights may change."""
        within = self._all_within(sighting.external_id)
        self._kept_within.update(one.external_id for one in within)
        unread = [
            sightings.unread(self._datasource, self._judged(again, one.content_hash), one)
            for one in within
            for again in [sightings.again(one, sighting)]
        ]
        return [sightings.unread(self._datasource, sighting, known), *unread]

    def _find_within(self, sighting: Sighting, parsed: ParsedDocument) -> None:
        """Put the files within a file on the list of what is to be read."""
        depth = int(sighting.details.get(DEPTH, 0)) + 1
        if parsed.members and depth > DEEPEST:
            note = f"{len(parsed.members)} files within it lie too deep and were not read"
            self.report.note(sightings.shown(sighting), note)
            return
        outermost = self._outermost.get(sighting.external_id, sighting.external_id)
        taken = self._taken_out.setdefault(outermost, [0, 0])
        left_out = 0
        for member in parsed.members:
            size = taken[1] + len(member.encoded)
            if taken[0] >= MOST_WITHIN or size > MOST_ENCODED:
                left_out += 1
                continue
            taken[0] += 1
            taken[1] = size
            inside = sightings.within(sighting, member, depth)
            self._outermost[inside.external_id] = outermost
            self._found_within.append(inside)
        if left_out:
            self.report.note(sightings.shown(sighting), f"{left_out} {TOO_MANY_WITHIN}")

    async def _store(self, documents: Sequence[SourceDocument]) -> None:
        for portion in in_batches(documents, lambda one: len(one.text), BATCH_CHARACTERS):
            stored = await self._ingestion.store(portion)
            await self._hand_on(portion, stored)

    async def _confirm(self, documents: Sequence[SourceDocument]) -> set[str]:
        """Gives the external ids of documents that have to be read after all."""
        if not documents:
            return set()
        confirmed = await self._ingestion.confirm(documents)
        known = [one for one in zip(documents, confirmed, strict=True) if one[1] is not None]
        await self._hand_on([document for document, _ in known], [one for _, one in known if one])
        pairs = zip(documents, confirmed, strict=True)
        return {document.external_id for document, one in pairs if one is None}

    async def _hand_on(self, documents: Sequence[SourceDocument], stored: Sequence[Stored]) -> None:
        for document, one in zip(documents, stored, strict=True):
            self.report.count(
                sightings.named(document.external_id, document.url, document.details), one
            )
        changed = [one.document_id for one in stored if one.changed]
        if changed:
            await self._pipeline.put(changed)

    async def _withdraw_vanished(
        self, source: str, known: Sequence[Known], gone: Sequence[Known]
    ) -> None:
        """Withdraw what is not there any more, unless that is so much that it may be a mistake.

        What was found again under another name has only moved.
        """
        vanished = sum(one.content_hash not in self._hashes for one in gone)
        if vanished > self._may_lose * len(known):
            self.report.withheld.append(Withheld(source, vanished, len(known)))
            return
        lost = [one for one in gone if one.content_hash not in self._hashes]
        self.report.emptied += await asyncio.to_thread(_emptied, Path(source), lost)
        await self._withdraw(gone)

    async def _withdraw(self, gone: Iterable[Known]) -> None:
        names = {one.document_id: sightings.named(one.external_id, "", one.details) for one in gone}
        if names:
            withdrawn = await self._database.write(repository.withdraw, list(names))
            for document_id in withdrawn:
                self.report.withdraw(names.get(document_id, document_id))
            for portion in repository.in_portions(withdrawn):
                await self._pipeline.put(portion)


def _emptied(place: Path, lost: Sequence[Known]) -> list[Emptied]:
    """The folders below a place that are gone or empty now, with how much of them was known."""
    counts: Counter[Path] = Counter()
    for path in (Path(str(one.details["path"])) for one in lost if "path" in one.details):
        above = [folder for folder in path.parents if folder.is_relative_to(place)]
        gone = [folder for folder in above if not folder.is_dir() or not any(folder.iterdir())]
        if gone:
            counts[gone[-1]] += 1
    return [Emptied(str(folder), count) for folder, count in sorted(counts.items()) if count > 1]


def _walk(
    path: Path, base_url: str, own: Sequence[Path]
) -> tuple[list[FileFound | FileSkipped], Path]:
    """What lies at a path but in Stook's ``own`` places, and the path without symbolic links.

    Raises InvalidRequest where the path lies in one of them.
    """
    place = path.expanduser().resolve()
    if _is_own(place, own):
        raise InvalidRequest(f"{path} is where Stook keeps its own data; nothing there is indexed.")
    found = files.walk([path], base_url)
    return [one for one in found if not _is_own(one.path, own)], place


def _is_own(path: Path, own: Sequence[Path]) -> bool:
    """Whether a path is or lies in one of these, or belongs to one as ``stook.db-wal`` does."""
    return any(
        path.is_relative_to(one)
        or (path.parent == one.parent and path.name.startswith(f"{one.name}-"))
        for one in own
    )


def _is_inside(known: Known, directory: Path) -> bool:
    return "path" in known.details and Path(str(known.details["path"])).is_relative_to(directory)


def _is_of(known: Known, start: str) -> bool:
    return known.details.get("start") == start


def _read(path: Path, most_bytes: int) -> bytes:
    try:
        if path.stat().st_size > most_bytes:
            raise UnreadableDocument(UnreadableReason.TOO_LARGE)
        return path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(UnreadableReason.MISSING, error.strerror or "") from error
