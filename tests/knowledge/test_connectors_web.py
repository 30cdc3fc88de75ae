"""A real site on the loopback is crawled politely and completely."""

from __future__ import annotations

import time

import pytest

from stook.errors import InvalidRequest
from stook.knowledge.ingestion.connectors import links
from stook.knowledge.ingestion.connectors.web import PageFound, PageSkipped, crawl
from stook.settings import Settings
from tests.knowledge.test_fetch import Answers, Site, serving


def page(body: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    return 200, headers, f"<html><body>{body}</body></html>".encode()


async def crawled(
    url: str, follow: bool = True, **settings: object
) -> tuple[list[PageFound], list[PageSkipped]]:
    made = Settings(**({"fetch_private_addresses": True} | settings))  # type: ignore[arg-type]
    entries = [entry async for entry in crawl(url, made, follow=follow)]
    return (
        [entry for entry in entries if isinstance(entry, PageFound)],
        [entry for entry in entries if isinstance(entry, PageSkipped)],
    )


def paths(site: Site, found: list[PageFound]) -> list[str]:
    return [entry.url.removeprefix(site.url) for entry in found]


async def test_one_page() -> None:
    modified = {"Last-Modified": "Fri, 02 Jan 2026 03:04:05 GMT"}
    with serving({"/docs/a.html": page("<a href='b.html'>b</a>", **modified)}) as site:
        [found], skipped = await crawled(f"{site.url}/docs/a.html#top", follow=False)
        assert site.asked == ["/docs/a.html"] and skipped == []
    assert (found.name, found.mime_type) == ("a.html", "text/html")
    assert found.url == f"{site.url}/docs/a.html" and found.modified_at == 1_767_323_045_000_000


async def test_one_page_that_is_not_there() -> None:
    with serving({}) as site:
        assert await crawled(f"{site.url}/x", follow=False) == (
            [], [PageSkipped(f"{site.url}/x", "it answered 404")]
        )  # fmt: skip
    with pytest.raises(InvalidRequest):
        await crawled("ftp://example.com/")


async def test_a_site_is_crawled_once_each_and_stays_on_its_host() -> None:
    answers: Answers = {
        "/": page("<a href='/a'>a</a> <a href='/a#x'>a</a> <a href='/b?utm_source=x'>b</a>"
                  "<a href='http://other.invalid/'>o</a> <a href='mailto:x@y.org'>m</a>"
                  "<a href='/image'>i</a><a href='/gone'>g</a><a rel=nofollow href='/no'>n</a>"),
        "/a": page("A <a href='/'>home</a> <a href='c/'>c</a>"),
        "/b": page("B <a href='HTTP://127.0.0.1'>other port</a>"),
        "/c/": page("C <base href='/deep/er/'><a href='d'>d</a>"),
        "/deep/er/d": (200, {"Content-Type": "application/pdf"}, b"%PDF-"),
        "/image": (200, {"Content-Type": "image/png"}, b"x"),
    }  # fmt: skip
    with serving(answers) as site:
        found, skipped = await crawled(site.url)
        assert paths(site, found) == ["/", "/a", "/b", "/c/", "/deep/er/d"]
        assert [entry.url for entry in skipped] == [f"{site.url}/gone"]
        assert len(site.asked) == len(set(site.asked))
        assert "/no" not in site.asked


async def test_a_start_that_redirects_to_another_host_is_followed_there() -> None:
    with serving({"/home": page("home <a href='/a'>a</a>"), "/a": page("A")}) as new:
        moved = {"Location": f"{new.url}/home"}
        with serving({"/": (301, moved, b""), "/sitemap.xml": page("")}) as old:
            found, skipped = await crawled(old.url)
            assert paths(new, found) == ["/home", "/a"] and skipped == []


async def test_a_start_that_robots_refuse_is_one_line() -> None:
    refused: tuple[int, dict[str, str], bytes] = (200, {}, b"User-agent: *\nDisallow: /\n")
    with serving({"/robots.txt": refused, "/": page("never")}) as site:
        found, skipped = await crawled(site.url)
        assert found == [] and "robots.txt" in skipped[0].reason
        assert "/" not in site.asked


async def test_robots_are_respected() -> None:
    answers: Answers = {
        "/robots.txt": (200, {"Content-Type": "text/plain"},
                        b"User-agent: *\nDisallow: /secret\nSitemap: /map.xml\n"
                        b"User-agent: stook\nDisallow: /private\nCrawl-delay: 0.05\n"),
        "/": page("<a href='/private/x'>x</a><a href='/secret'>s</a><a href='/to-private'>t</a>"),
        "/secret": page("allowed to us"),
        "/to-private": (302, {"Location": "/private/y"}, b""),
        "/private/y": page("never"),
    }  # fmt: skip
    with serving(answers) as site:
        begin = time.monotonic()
        found, skipped = await crawled(site.url)
        assert time.monotonic() - begin >= 0.1
        assert paths(site, found) == ["/", "/secret"]
        assert "/private/x" not in site.asked
        assert [entry.url for entry in skipped] == [f"{site.url}/to-private"]


async def test_a_site_whose_rules_cannot_be_read_is_left_alone() -> None:
    with serving({"/": page("x"), "/robots.txt": (503, {}, b"")}) as site:
        found, skipped = await crawled(site.url)
    assert found == [] and "robots.txt answered 503" in skipped[0].reason


async def test_sitemaps_lead_to_pages_that_nothing_links_to() -> None:
    with serving({"/": page("home"), "/lonely?x=1&y=2": page("lonely")}) as site:
        index = f"<sitemapindex><sitemap><loc>{site.url}/s.xml</loc></sitemap></sitemapindex>"
        urls = f"<urlset><url><loc> {site.url}/lonely?x=1&amp;y=2 </loc></url></urlset>"
        site.answers["/sitemap.xml"] = (200, {}, index.encode())
        site.answers["/s.xml"] = (200, {}, urls.encode())
        found, _ = await crawled(site.url)
        assert paths(site, found) == ["/", "/lonely?x=1&y=2"]


async def test_canonical_addresses_wishes_and_copies() -> None:
    answers: Answers = {
        "/": page("<a href='/print'>p</a><a href='/hidden'>h</a><a href='/copy'>c</a>"
                  "<a href='/dead-end'>d</a>"),
        "/print": page("<link rel=canonical href='/page'>the page"),
        "/copy": page("<link rel=canonical href='/page'>the page"),
        "/hidden": page("<meta name=robots content='noindex'><a href='/behind'>b</a>"),
        "/behind": page("behind"),
        "/dead-end": page("<meta name=robots content=nofollow>end <a href='/not'>n</a>"),
        "/not": page("never"),
    }  # fmt: skip
    with serving(answers) as site:
        found, _ = await crawled(site.url)
        assert paths(site, found) == ["/", "/page", "/dead-end", "/behind"]


async def test_traps_and_limits_end() -> None:
    class Endless(dict[str, tuple[int, dict[str, str], bytes]]):
        def get(self, path: str, default: object = None) -> tuple[int, dict[str, str], bytes]:
            if path in ("/robots.txt", "/sitemap.xml"):
                return 404, {}, b""
            number = len(path)
            return page(
                f"{path} <a href='/calendar?day={number}{path[-3:]}'>next</a>"
                f"<a href='{path.partition('?')[0].rstrip('/')}/again'>deeper</a>"
            )

    with serving(Endless()) as site:
        found, skipped = await crawled(site.url, crawl_max_pages=200)
        assert len(found) < 120 and skipped == []
        found, skipped = await crawled(site.url, crawl_max_pages=5)
        assert len(found) == 5 and "stopped after 5 pages" in skipped[0].reason


async def test_a_crawl_that_is_left_early_ends() -> None:
    with serving({"/": page("<a href='/a'>a</a>"), "/a": page("a")}) as site:
        pages = crawl(site.url, Settings(fetch_private_addresses=True), follow=True)
        assert isinstance(await anext(pages), PageFound)
        await pages.aclose()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("address", "normal"),
    [
        ("HTTP://Example.COM:80/a/b#c", "http://example.com/a/b"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com:8443/ü ?q=ä&utm_source=x", "https://example.com:8443/%C3%BC%20?q=%C3%A4"),
        ("http://[::1]:80/", "http://[::1]/"),
        ("https://user:secret@example.com/", "https://example.com/"),
        ("mailto:a@b.org", ""), ("javascript:x", ""), ("/path", ""), ("http://[bad", ""),
        ("http://example.com:99999/", ""), ("http://e.com/" + "a" * 3000, ""),
    ],
)  # fmt: skip
def test_each_address_has_one_spelling(address: str, normal: str) -> None:
    assert links.normal(address) == normal
    assert links.normal(normal) == normal
