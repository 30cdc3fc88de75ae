"""Fetches a page, or crawls the site that it belongs to."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import html
import re
from collections import Counter, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from protego import Protego

from stook.errors import FetchRefused, InvalidRequest
from stook.knowledge.ingestion.connectors import links
from stook.knowledge.ingestion.fetch import Fetched, Fetcher
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.settings import Settings

AGENT = "stook"
ACCEPT = "text/html,application/xhtml+xml,text/markdown,text/plain,application/pdf;q=0.9,*/*;q=0.1"
LONGEST_DELAY = 10.0  # seconds between pages, whatever a site asks for
MOST_VARIANTS = 20  # of one path that differ in their query only
MOST_WAITING = 50_000  # addresses
MOST_SITEMAPS = 20
HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_MEDIA = ("image/", "audio/", "video/", "font/")
_NO_DOCUMENTS = frozenset(
    {
        "application/javascript",
        "text/javascript",
        "text/css",
        "application/zip",
        "application/octet-stream",
        "application/gzip",
        "application/rss+xml",
        "application/atom+xml",
    }
)
_LOCATION = re.compile(r"<(?:\w+:)?loc>\s*([^<\s]+)\s*</(?:\w+:)?loc>")


@dataclass(frozen=True, slots=True)
class PageFound:
    """A page to be indexed. ``url`` is its canonical address and its external id.

    ``name`` and ``mime_type`` help the parser; ``modified_at`` is in microseconds since the epoch.
    """

    url: str
    content: bytes
    mime_type: str
    name: str
    modified_at: int | None


@dataclass(frozen=True, slots=True)
class PageSkipped:
    """An address that could not be read, and why, for the report."""

    url: str
    reason: str


async def crawl(
    url: str, settings: Settings, *, follow: bool = False
) -> AsyncIterator[PageFound | PageSkipped]:
    """The page at ``url`` or, with ``follow``, all pages of its host that can be reached.

    A crawl asks robots.txt, takes one page at a time, and ends after
    ``settings.crawl_max_pages``. Raises InvalidRequest where ``url`` is no http(s) address.
    """
    start = links.normal(url)
    if not start:
        raise InvalidRequest(f"{url} is no http or https address.")
    fetcher = Fetcher(settings)
    try:
        if follow:
            async for found in _Crawl(fetcher, settings.crawl_max_pages).run(start):
                yield found
        else:
            yield await _single(fetcher, start)
    finally:
        await fetcher.close()


async def _single(fetcher: Fetcher, url: str) -> PageFound | PageSkipped:
    try:
        fetched = await fetcher.get(url, ACCEPT)
    except FetchRefused as error:
        return PageSkipped(url, error.message)
    if fetched.status != 200:
        return PageSkipped(url, f"it answered {fetched.status}")
    return _page(fetched, links.normal(fetched.url))


def _page(fetched: Fetched, url: str) -> PageFound:
    return PageFound(
        url=url,
        content=fetched.content,
        mime_type=fetched.mime_type,
        name=urlsplit(url).path.rstrip("/").rpartition("/")[2] or urlsplit(url).netloc,
        modified_at=microseconds(fetched.headers.get("last-modified", "")),
    )


class _Crawl:
    """One walk through one host, breadth first."""

    def __init__(self, fetcher: Fetcher, most_pages: int) -> None:
        self._fetcher = fetcher
        self._most_pages = most_pages
        self._waiting: deque[str] = deque()
        self._known: set[str] = set()
        self._variants: Counter[str] = Counter()
        self._contents: set[bytes] = set()
        self._given: set[str] = set()
        self._first: Fetched | None = None
        self._place = ""
        self._robots: Protego = Protego.parse("")

    async def run(self, start: str) -> AsyncIterator[PageFound | PageSkipped]:
        try:
            await self._begin(start)
        except FetchRefused as error:
            yield PageSkipped(start, error.message)
            return
        delay = min(float(self._robots.crawl_delay(AGENT) or 0), LONGEST_DELAY)
        fetched = 0
        while self._waiting:
            if fetched >= self._most_pages:
                yield PageSkipped(start, f"stopped after {fetched} pages; more were found")
                return
            fetched += 1
            async for found in self._visit(self._waiting.popleft()):
                yield found
            await asyncio.sleep(delay)

    async def _begin(self, start: str) -> None:
        """Enter the host of the start address, or the one that it redirects to."""
        await self._enter(start)
        first = await self._get(start)
        landed = links.normal(first.url)
        if urlsplit(landed).netloc != self._place:
            self._waiting.clear()
            await self._enter(landed)
            first = await self._get(landed)
        self._first = first

    async def _get(self, address: str) -> Fetched:
        if not self._robots.can_fetch(address, AGENT):
            raise FetchRefused(f"robots.txt of {self._place} does not allow it.")
        return await self._fetcher.get(address, ACCEPT)

    async def _enter(self, start: str) -> None:
        """Learn the rules of a host, and its sitemaps; begin with one of its addresses."""
        self._place = urlsplit(start).netloc
        self._robots = await self._read_robots(start)
        self._add(start)
        sitemaps = list(self._robots.sitemaps) or [urljoin(start, "/sitemap.xml")]
        for page in await self._from_sitemaps(deque(map(links.normal, sitemaps))):
            self._add(page)

    async def _read_robots(self, start: str) -> Protego:
        address = urlunsplit((*urlsplit(start)[:2], "/robots.txt", "", ""))
        answer = await self._fetcher.get(address)
        if answer.status >= 500:
            raise FetchRefused(f"{address} answered {answer.status}, so nothing may be crawled.")
        text = answer.content[:500_000].decode("utf-8", "replace") if answer.status == 200 else ""
        return Protego.parse(text)

    async def _from_sitemaps(self, sitemaps: deque[str]) -> list[str]:
        pages: list[str] = []
        for _ in range(MOST_SITEMAPS):
            if not sitemaps:
                break
            for address in await self._locations(sitemaps.popleft()):
                listing = sitemaps if urlsplit(address).path.endswith(".xml") else pages
                listing.append(address)
        return pages

    async def _locations(self, sitemap: str) -> list[str]:
        if urlsplit(sitemap).netloc != self._place:
            return []
        with contextlib.suppress(FetchRefused):
            answer = await self._fetcher.get(sitemap)
            if answer.status == 200:
                found = _LOCATION.findall(answer.content.decode("utf-8", "replace"))
                return [links.normal(html.unescape(address)) for address in found[:MOST_WAITING]]
        return []

    def _add(self, address: str) -> None:
        """Wait for an address, if it is new, of this host, allowed, and no trap."""
        path = address.partition("?")[0]
        wanted = address not in self._known and urlsplit(address).netloc == self._place
        if not wanted or len(self._known) >= MOST_WAITING or links.is_trap(address):
            return
        self._known.add(address)
        self._variants[path] += 1
        if self._variants[path] <= MOST_VARIANTS and self._robots.can_fetch(address, AGENT):
            self._waiting.append(address)

    async def _visit(self, address: str) -> AsyncIterator[PageFound | PageSkipped]:
        try:
            fetched = self._first or await self._fetcher.get(address, ACCEPT)
        except FetchRefused as error:
            yield PageSkipped(address, error.message)
            return
        self._first = None
        if fetched.status != 200:
            yield PageSkipped(address, f"it answered {fetched.status}")
            return
        url = links.normal(fetched.url)
        redirected = url != address
        if urlsplit(url).netloc != self._place or (
            redirected and not self._robots.can_fetch(url, AGENT)
        ):
            yield PageSkipped(address, f"it leads to {url}, which is not part of the crawl")
            return
        if page := await self._take(fetched, url):
            yield page

    async def _take(self, fetched: Fetched, url: str) -> PageFound | None:
        """The page, if it is a document that was not given yet; its links are added."""
        self._known.add(url)
        if not _may_hold_text(fetched.mime_type):
            return None
        wanted = True
        if fetched.mime_type in HTML_TYPES:
            markup = fetched.content.decode("utf-8", "replace")
            page = await asyncio.to_thread(links.read, markup, url)
            wanted = page.index
            for link in page.links if page.follow else ():
                self._add(link)
            if urlsplit(page.canonical).netloc == self._place:
                url = page.canonical
        digest = hashlib.sha256(fetched.content).digest()
        if not wanted or url in self._given or digest in self._contents:
            return None
        self._given.add(url)
        self._contents.add(digest)
        return _page(fetched, url)


def _may_hold_text(mime_type: str) -> bool:
    return not mime_type.startswith(_MEDIA) and mime_type not in _NO_DOCUMENTS
