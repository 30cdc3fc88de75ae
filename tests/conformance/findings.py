"""What the suite's tests have shown, collected while they run.

A test says which fields of which endpoint it shows to work::

    @proves("/rest/api/v1/chat", "saveChat", "chatId")

Its claim counts once it has passed, for the clients that sent the field while it ran; a claim
about a field that no client sent fails the test. What is sent along without being claimed is
written down too, as taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest

from tests.conformance.contract import Endpoint, Family
from tests.conformance.recording import Exchange

proves = pytest.mark.proves
OK = range(200, 300)


def of_each(paths: Iterable[str], *fields: str) -> pytest.MarkDecorator:
    """The test takes each ``path`` in turn, and shows these fields of it to work."""
    params = [pytest.param(path, marks=proves(path, *fields)) for path in paths]
    return pytest.mark.parametrize("path", params)


@dataclass
class Findings:
    """Clients by endpoint, and by endpoint and field; both by the path of the contract."""

    families: list[Family]
    answered: dict[Endpoint, set[str]] = field(default_factory=lambda: defaultdict(set))
    shown: dict[tuple[Endpoint, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    taken: dict[tuple[Endpoint, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    filled: dict[Endpoint, set[str]] = field(default_factory=lambda: defaultdict(set))
    outside: set[str] = field(default_factory=set)

    def add(self, exchanges: Iterable[Exchange], claims: dict[str, set[str]]) -> None:
        """Of a test that passed; raises AssertionError for a claim that has nothing behind it."""
        missing = {path: set(fields) for path, fields in claims.items()}
        for exchange in exchanges:
            for endpoint in self._endpoints(exchange):
                claimed = claims.get(endpoint.path, set()) & endpoint.named(exchange.sent)
                missing.get(endpoint.path, set()).difference_update(claimed)
                self._add(endpoint, exchange, claimed)
        left = {path: fields for path, fields in missing.items() if fields}
        assert not left, f"claimed, but sent by nobody: {left}"

    def _add(self, endpoint: Endpoint, exchange: Exchange, claimed: set[str]) -> None:
        for name in claimed:
            self.shown[endpoint, name].add(exchange.client)
        if exchange.status in OK:
            self.answered[endpoint].add(exchange.client)
            self.filled[endpoint] |= exchange.answered
            for name in endpoint.named(exchange.sent).intersection(endpoint.fields):
                self.taken[endpoint, name].add(exchange.client)

    def _endpoints(self, exchange: Exchange) -> list[Endpoint]:
        found = [
            endpoint
            for family in self.families
            for endpoint in family.endpoints
            if endpoint.matches(exchange.method, exchange.path)
        ]
        exact = [endpoint for endpoint in found if "{" not in endpoint.path]
        if not found:
            self.outside.add(f"{exchange.method} {exchange.path}")
        return exact or found
