"""The only way out refuses what it must, and a real server is fetched as it should be."""

from __future__ import annotations

import gzip
import ipaddress
import resource
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stook.errors import FetchRefused
from stook.knowledge.ingestion.addresses import refuses
from stook.knowledge.ingestion.fetch import Fetched, Fetcher
from stook.settings import Settings

Answers = dict[str, tuple[int, dict[str, str], bytes]]


class Site(ThreadingHTTPServer):
    """A real site on the loopback; keeps the paths it was asked for."""

    daemon_threads = True

    def __init__(self, answers: Answers) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.released = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path == "/slow":
            self.server.released.wait(30)
        status, headers, body = self.server.answers.get(self.path, (404, {}, b"none"))
        self.send_response(status)
        for name, value in ({"Content-Type": "text/html"} | headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(answers: Answers) -> Iterator[Site]:
    site = Site(answers)
    thread = threading.Thread(target=site.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.released.set()
        site.shutdown()
        site.server_close()
        thread.join()


async def get(url: str, **settings: object) -> Fetched:
    fetcher = Fetcher(Settings(**({"fetch_private_addresses": True} | settings)))  # type: ignore[arg-type]
    try:
        return await fetcher.get(url)
    finally:
        await fetcher.close()


async def refusal(url: str, **settings: object) -> str:
    with pytest.raises(FetchRefused) as caught:
        await get(url, **settings)
    return caught.value.message


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.0.9", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254",
        "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.2.1",
        "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
        "fec0::1", "feff::1", "::10.0.0.1", "::7f00:1", "::93.184.216.34", "::ffff:0:127.0.0.1",
        "::ffff:0:5db8:d822", "64:ff9b:1::a00:1", "64:ff9b:1:ffff::5db8:d822", "2002:a00:1::1",
        "2001:0:5db8:d822::1", "2001::", "100::1", "5f00::1", "4000::1", "::2", "240.0.0.1",
    ],
)  # fmt: skip
def test_private_addresses_are_refused(address: str) -> None:
    assert refuses(ipaddress.ip_address(address), private=False)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822",
        "2002:5db8:d822::1",
    ],
)  # fmt: skip
def test_public_addresses_are_not(address: str) -> None:
    assert not refuses(ipaddress.ip_address(address), private=False)


def test_what_makes_no_sense_is_refused_always() -> None:
    inner = ("::ffff:0.0.0.0", "::ffff:0:224.0.0.1", "64:ff9b:1::e000:1", "::224.0.0.1")
    for address in ("0.0.0.0", "224.0.0.1", "::", "ff02::1", *inner):
        assert refuses(ipaddress.ip_address(address), private=True)
    for address in ("127.0.0.1", "::1", "fe80::1", "fec0::1", "::ffff:10.0.0.1"):
        assert not refuses(ipaddress.ip_address(address), private=True)


async def test_a_private_server_is_never_asked() -> None:
    with serving({"/": (200, {}, b"hello")}) as site:
        port = site.server_port
        for host in (
            "127.0.0.1",
            "localhost",
            "127.1",
            "2130706433",
            "0x7f.1",
            "[::ffff:127.0.0.1]",
        ):
            message = await refusal(f"http://{host}:{port}/", fetch_private_addresses=False)
            assert "STOOK_FETCH_PRIVATE_ADDRESSES" in message or "cannot be" in message
        assert site.asked == []


async def test_a_page_is_fetched() -> None:
    body = gzip.compress(b"hello")
    headers = {"Content-Encoding": "gzip", "Content-Type": "Text/HTML; charset=utf-8"}
    with serving({"/a?b=c": (200, headers, body)}) as site:
        fetched = await get(f"{site.url}/a?b=c#fragment")
    assert (fetched.status, fetched.content, fetched.mime_type) == (200, b"hello", "text/html")
    assert fetched.url.endswith("/a?b=c")


async def test_redirects_are_followed_so_many_times_and_checked_each_time() -> None:
    answers: Answers = {
        "/1": (302, {"Location": "/2"}, b""),
        "/2": (301, {"Location": "3"}, b""),
        "/3": (200, {}, b"end"),
        "/loop": (302, {"Location": "/loop"}, b""),
        "/file": (302, {"Location": "file:///etc/passwd"}, b""),
        "/meta": (302, {"Location": "http://0.0.0.0/latest/meta-data"}, b""),
    }
    with serving(answers) as site:
        fetched = await get(f"{site.url}/1")
        assert (fetched.content, fetched.url) == (b"end", f"{site.url}/3")
        assert "redirects more than" in await refusal(f"{site.url}/loop")
        assert "no http or https" in await refusal(f"{site.url}/file")
        assert "private" in await refusal(f"{site.url}/meta")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.com/", "gopher://x/", "http://", "javascript:1", ""],
)
async def test_other_schemes_are_refused(url: str) -> None:
    assert "no http or https address" in await refusal(url)


async def test_sizes_are_bounded_even_where_they_are_packed() -> None:
    packed = gzip.compress(bytes(3 << 20))
    answers: Answers = {
        "/large": (200, {}, bytes(2 << 20)),
        "/packed": (200, {"Content-Encoding": "gzip"}, packed),
    }
    with serving(answers) as site:
        assert "larger than 1 MiB" in await refusal(f"{site.url}/large", max_file_mib=1)
        assert "larger than 1 MiB" in await refusal(f"{site.url}/packed", max_file_mib=1)


def gzip_of(size: int, times: int = 1) -> bytes:
    packed = gzip.compress(bytes(size), 1)
    for _ in range(times - 1):
        packed = gzip.compress(packed, 1)
    return packed


async def test_each_coding_is_counted_as_it_comes() -> None:
    """A few bytes stand for very many, at the last coding or at the one before it."""
    inner = gzip_of(1 << 28)
    deflated = zlib.compress(bytes(1 << 28), 1)
    nothing = gzip.compress(b"") * 100_000  # 2 MB that unpack to nothing at all
    answers: Answers = {
        "/twice": (200, {"Content-Encoding": "gzip, gzip"}, gzip.compress(inner)),
        "/mixed": (
            200,
            {"Content-Encoding": "deflate,gzip"},
            gzip.compress(deflated),
        ),
        "/empty": (200, {"Content-Encoding": "gzip, x-gzip"}, gzip.compress(nothing)),
        "/thrice": (200, {"Content-Encoding": "gzip, gzip, gzip"}, gzip_of(9, 3)),
    }
    with serving(answers) as site:
        for path in ("/twice", "/mixed", "/empty"):
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            assert "larger than 1 MiB" in await refusal(f"{site.url}{path}", max_file_mib=1)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            assert grown < 64 * 1024  # KiB
        assert "more than 2 times over" in await refusal(f"{site.url}/thrice")


async def test_the_clock_goes_on_while_something_is_unpacked() -> None:
    slow = gzip_of(1 << 28)
    with serving({"/": (200, {"Content-Encoding": "gzip"}, slow)}) as site:
        message = await refusal(site.url, max_file_mib=1 << 12, fetch_timeout_seconds=0.05)
    assert "longer than 0.05 seconds" in message


def gzipped(content: bytes) -> bytes:
    """The same bytes at any time: they name tests."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("codings", "body"),
    [
        ("gzip", gzipped(b"hel") + gzipped(b"lo")),
        ("GZip", gzipped(b"hello") + b"\0\0"),
        ("deflate", zlib.compress(b"hello")),
        ("deflate", zlib.compress(b"hello", wbits=-15)),
        ("identity", b"hello"),
        ("deflate, identity, gzip", gzipped(zlib.compress(b"hello"))),
        ("gzip", b""),
    ],
)
async def test_what_is_packed_is_unpacked(codings: str, body: bytes) -> None:
    with serving({"/": (200, {"Content-Encoding": codings}, body)}) as site:
        assert (await get(site.url)).content == (b"hello" if body else b"")


@pytest.mark.parametrize(
    ("codings", "body", "why"),
    [
        ("gzip", gzipped(bytes(9999))[:-9], "cut off"),
        ("gzip", b"hello", "not packed as gzip"),
        ("deflate", b"hello", "not packed as deflate"),
        ("br", b"hello", "not asked for (br)"),
    ],
)
async def test_what_cannot_be_unpacked_is_one_sentence(codings: str, body: bytes, why: str) -> None:
    with serving({"/": (200, {"Content-Encoding": codings}, body)}) as site:
        assert why in await refusal(site.url)


async def test_large_contents_are_unpacked_whole() -> None:
    content = bytes(range(256)) * 3000
    packed = gzip.compress(gzip.compress(content))
    with serving({"/": (200, {"Content-Encoding": "gzip, gzip"}, packed)}) as site:
        assert (await get(site.url)).content == content


async def test_times_are_bounded() -> None:
    with serving({"/slow": (200, {}, b"late")}) as site:
        begin = time.monotonic()
        assert "longer than 0.3 seconds" in await refusal(
            f"{site.url}/slow", fetch_timeout_seconds=0.3
        )
        assert time.monotonic() - begin < 20


async def test_what_does_not_answer_is_one_sentence() -> None:
    with serving({}) as site:
        port = site.server_port
    assert "cannot be fetched" in await refusal(f"http://127.0.0.1:{port}/")
    assert "cannot be resolved" in await refusal("http://name.invalid/")


async def test_a_name_is_resolved_once_for_check_and_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name server that gives another answer the second time is not asked a second time."""
    resolve = socket.getaddrinfo
    asked: list[str] = []

    def rebinding(host: str, *rest: object, **options: object) -> object:
        asked.append(host)
        address = "127.0.0.1" if asked.count(host) == 1 else "0.0.0.0"
        return resolve(address, *rest, **options)  # type: ignore[arg-type]

    with serving({"/": (200, {}, b"hello")}) as site:
        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        fetched = await get(f"http://rebinding.test:{site.server_port}/")
    assert fetched.content == b"hello" and asked.count("rebinding.test") == 1


async def test_a_name_is_refused_if_any_of_its_addresses_is_private(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answers(_host: str, port: int, *_: object) -> object:
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("93.184.216.34", "127.0.0.1")
        ]

    with serving({"/": (200, {}, b"hello")}) as site:
        monkeypatch.setattr(socket, "getaddrinfo", answers)
        url = f"http://mixed.test:{site.server_port}/"
        assert "private" in await refusal(url, fetch_private_addresses=False)
        assert site.asked == []
