"""The only way out: fetches http(s) addresses, never private ones unless an operator allows it.

The address that a name resolves to is checked, and the connection is made to that very address,
so a name cannot answer differently the second time. Each redirect is checked again.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import typing
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field

import httpcore
import httpx

from stook import __version__
from stook.errors import FetchRefused
from stook.knowledge.ingestion.addresses import IPAddress, refuses
from stook.knowledge.ingestion.unpacking import PIECE, CannotUnpack, TooMuch, unpacked
from stook.settings import Settings

USER_AGENT = f"stook/{__version__} (+self-hosted document search)"
MOST_REDIRECTS = 5
MOST_ADDRESSES = 8
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. ``url`` is where it came from in the end; header names are in lower case."""

    url: str
    status: int
    content: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def mime_type(self) -> str:
        """The media type without its parameters, lower case; "" if none is given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Fetcher:
    """Fetches addresses under the limits of the settings. Close it after use."""

    def __init__(self, settings: Settings) -> None:
        self._seconds = settings.fetch_timeout_seconds
        self._most_bytes = settings.max_file_mib * 2**20
        transport = _GuardedTransport(_Guard(settings.fetch_private_addresses))
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"}
        self._client = httpx.AsyncClient(
            transport=transport, headers=headers, timeout=self._seconds, trust_env=False
        )

    async def get(self, url: str, accept: str = "*/*") -> Fetched:
        """What is at an http(s) address, whatever its status. Raises FetchRefused."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(url, accept)
        except TimeoutError as error:
            raise FetchRefused(f"{url} took longer than {self._seconds:g} seconds.") from error
        except TooMuch as error:
            raise FetchRefused(f"{url} is larger than {self._most_bytes >> 20} MiB.") from error
        except CannotUnpack as error:
            raise FetchRefused(f"{url} cannot be read: {error}.") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpcore.ConnectError, OSError) as error:
            raise FetchRefused(f"{url} cannot be fetched: {_why(error)}.") from error
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FetchRefused(f"{url} broke off its answer.") from error
        except httpcore.TimeoutException as error:
            raise FetchRefused(f"{url} does not answer.") from error

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _follow(self, url: str, accept: str) -> Fetched:
        for _ in range(MOST_REDIRECTS + 1):
            fetched = await self._one(_checked(url), accept)
            location = fetched.headers.get("location")
            if fetched.status not in REDIRECTS or not location:
                return fetched
            url = str(httpx.URL(fetched.url).join(location))
        raise FetchRefused(f"{url} redirects more than {MOST_REDIRECTS} times.")

    async def _one(self, url: httpx.URL, accept: str) -> Fetched:
        self._client.cookies.clear()  # one site's answer must not depend on an earlier one
        async with self._client.stream("GET", url, headers={"Accept": accept}) as response:
            codings = response.headers.get_list("content-encoding", split_commas=True)
            content = bytearray()
            async for piece in unpacked(response.aiter_raw(PIECE), codings, self._most_bytes):
                content += piece
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Fetched(str(url), response.status_code, bytes(content), headers)


def _checked(url: str) -> httpx.URL:
    parsed = httpx.URL(url)
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise FetchRefused(f"{url} is no http or https address.")
    return parsed.copy_with(fragment=None, userinfo=b"")


def _why(error: Exception) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__


class _Guard(httpcore.AsyncNetworkBackend):
    """Opens connections to addresses that it has checked."""

    def __init__(self, private: bool) -> None:
        self._private = private
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in await self._addresses(host, port):
            try:
                return await self._backend.connect_tcp(
                    str(address), port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise FetchRefused("Sockets in the file system are not fetched from.")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[IPAddress]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved") from error
        texts = dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found)
        addresses = [ipaddress.ip_address(text) for text in texts]
        if any(refuses(address, private=self._private) for address in addresses):
            raise FetchRefused(
                f"{host} leads to a private or local address; "
                "set STOOK_FETCH_PRIVATE_ADDRESSES=true if it may be fetched."
            )
        return addresses[:MOST_ADDRESSES]


class _GuardedTransport(httpx.AsyncBaseTransport):
    """httpx over a connection pool whose connections the guard opens."""

    def __init__(self, guard: _Guard) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=8,
            keepalive_expiry=10,
            network_backend=guard,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=typing.cast("AsyncIterable[bytes]", request.stream),
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Stream(typing.cast("AsyncIterable[bytes]", response.stream)),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, stream: AsyncIterable[bytes]) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            yield piece

    async def aclose(self) -> None:
        if isinstance(self._stream, httpx.AsyncByteStream) or hasattr(self._stream, "aclose"):
            await self._stream.aclose()
