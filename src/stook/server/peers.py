"""Notes which requests come from a proxy that the operator named, before their headers are read."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send

from stook.dialects.access import FROM_PROXY


class Peers:
    """Middleware around the one that believes proxies: who is connected, not who they say."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        self._app = app
        self._networks = [ipaddress.ip_network(proxy) for proxy in proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the application with a note in the request's scope."""
        if scope["type"] == "http":
            scope[FROM_PROXY] = self._is_proxy(scope.get("client"))
        await self._app(scope, receive, send)

    def _is_proxy(self, client: tuple[str, int] | None) -> bool:
        try:
            address = ipaddress.ip_address(client[0] if client else "")
        except ValueError:
            return False
        return any(address in network for network in self._networks)
