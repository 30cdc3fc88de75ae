"""What ``stook index`` and ``stook reindex`` do once the arguments are understood."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import itertools
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from stook.cli.index_request import Request
from stook.identity.permissions import EVERYONE_MAY_READ, Permissions
from stook.knowledge.ingestion import backlog, directory_access, standing_access
from stook.knowledge.ingestion.collecting import Collector
from stook.knowledge.ingestion.directory_access import DirectoryAccess
from stook.knowledge.ingestion.indexing import Indexed, Pipeline
from stook.knowledge.ingestion.parsing import Parser
from stook.knowledge.ingestion.reporting import (
    NAMES_OF_A_KIND,
    Emptied,
    Named,
    Progress,
    Report,
    Withheld,
)
from stook.knowledge.store import repository
from stook.runtime import Runtime, open_runtime
from stook.settings import Settings

FILES, WEB = "files", "web"  # datasources, where none is named
NONE = Named(0, ())


@dataclass(frozen=True, slots=True)
class PassedOver(Named):
    """How much of a kind was not opened, and the names of some of it."""

    kind: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it; ``failed`` are ids of documents that are stored but not searchable yet."""

    added: int
    changed: int
    unchanged: int
    withdrawn: int
    skipped: tuple[tuple[str, str], ...]
    failed: tuple[str, ...]
    passages: int
    seconds: float
    withheld: tuple[Withheld, ...] = ()
    emptied: tuple[Emptied, ...] = ()
    noted: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    widened: Named = NONE
    kept_closed: Named = NONE

    @property
    def read(self) -> int:
        return self.added + self.changed + self.unchanged


async def index_all(settings: Settings, request: Request, progress: Progress) -> Outcome:
    """Apply permissions files, then read, store and index; first what a dead run left behind."""
    started = time.monotonic()
    directories = await asyncio.to_thread(_directories, request)
    async with open_runtime(settings) as runtime:
        left_over = await runtime.ingestion.index_pending()
        async with _pipeline(runtime, progress) as pipeline, _parser(settings) as parser:
            reports = [
                report
                async for report in _collect(
                    runtime, request, directories, pipeline, parser, progress
                )
            ]
        done = left_over + pipeline.total
        if done.documents or any(report.withdrawn for report in reports):
            await runtime.ingestion.optimize()
    return _outcome(reports, done, time.monotonic() - started)


def _directories(request: Request) -> list[tuple[Path, DirectoryAccess]]:
    """The paths, with who may read what is there; raises InvalidRequest."""
    name, allow = request.datasource or FILES, list(request.allow)
    idle = request.idle_rules
    find = directory_access.find
    return [(path, find(path, name, allow, idle_rules=idle)) for path in request.paths]


async def reindex_all(settings: Settings, progress: Progress) -> tuple[Indexed, float]:
    """Rebuild the index; gives what was done and the seconds it took."""
    started = time.monotonic()
    async with open_runtime(settings, renew_index=True) as runtime:
        progress.found((await runtime.database.read(backlog.count)).documents, 0)
        done = await runtime.ingestion.reindex(lambda batch: progress.indexed(batch.documents))
    return done, time.monotonic() - started


async def _collect(
    runtime: Runtime,
    request: Request,
    directories: list[tuple[Path, DirectoryAccess]],
    pipeline: Pipeline,
    parser: Parser,
    progress: Progress,
) -> AsyncIterator[Report]:
    def collector(datasource: str) -> Collector:
        return Collector(
            runtime.settings,
            runtime.database,
            runtime.ingestion,
            pipeline,
            parser,
            datasource,
            withdraw=request.withdraw,
            widen=request.widen or "everyone" in request.allow,
            progress=progress,
        )

    name = request.datasource or FILES
    apply = functools.partial(
        directory_access.apply, allow_unknown=request.allow_unknown, widen=request.widen
    )
    settled = [
        (path, await runtime.database.write(apply, access, path, name))
        for path, access in directories
    ]
    for path, access in settled:
        files = collector(name)
        await files.directory(path, access, request.base_url)
        yield files.report
    for url in request.urls:
        site = collector(request.datasource or WEB)
        allowed = await runtime.database.write(_settle_site, request, url)
        await site.site(url, allowed, follow=request.crawl)
        yield site.report


def _settle_site(connection: sa.Connection, request: Request, url: str) -> Permissions:
    """Who may read the pages of a site: as is asked for, else as it was."""
    name = request.datasource or WEB
    repository.ensure_datasource(connection, name)
    standing_access.settle(connection, name, url, request.allow)
    return standing_access.load(connection, name).get(url, EVERYONE_MAY_READ)


def _pipeline(runtime: Runtime, progress: Progress) -> Pipeline:
    return Pipeline(runtime.ingestion.index, lambda batch: progress.indexed(batch.documents))


@contextlib.asynccontextmanager
async def _parser(settings: Settings) -> AsyncIterator[Parser]:
    parser = Parser(settings)
    try:
        yield parser
    finally:
        await parser.close()


def _outcome(reports: list[Report], done: Indexed, seconds: float) -> Outcome:
    return Outcome(
        added=sum(report.added for report in reports),
        changed=sum(report.changed for report in reports),
        unchanged=sum(report.unchanged for report in reports),
        withdrawn=sum(report.withdrawn for report in reports),
        skipped=tuple(line for report in reports for line in report.skipped),
        failed=done.failed,
        passages=done.passages,
        seconds=seconds,
        withheld=tuple(one for report in reports for one in report.withheld),
        emptied=tuple(one for report in reports for one in report.emptied),
        noted=tuple(line for report in reports for line in report.noted),
        passed_over=tuple(_passed_over(reports)),
        widened=_named([name for report in reports for name in report.widened]),
        kept_closed=_named([name for report in reports for name in report.kept_closed]),
    )


def _named(names: list[str]) -> Named:
    some = dict.fromkeys(names)
    return Named(len(some), tuple(itertools.islice(some, NAMES_OF_A_KIND)))


def _passed_over(reports: list[Report]) -> Iterator[PassedOver]:
    counts = sum((report.passed_over for report in reports), Counter[str]())
    for kind, count in counts.most_common():
        names = (name for report in reports for name in report.passed_over_names.get(kind, ()))
        yield PassedOver(count, tuple(itertools.islice(names, NAMES_OF_A_KIND)), kind)
