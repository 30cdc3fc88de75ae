"""docs/compatibility.md, out of what the suite's tests have shown."""

from __future__ import annotations

import enum
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.conformance import differences
from tests.conformance.contract import Endpoint, Family
from tests.conformance.findings import Findings

APIS = {
    "Glean Client API: chat": ("client_chat",),
    "Glean Client API: search, documents, people, tools": (
        "client_search",
        "client_documents",
        "client_activity",
        "client_authentication",
        "client_agents",
        "entities",
        "tools",
    ),
    "Glean Platform API": ("chat_sdk", "search", "agents"),
    "Glean Indexing API": (
        "indexing_authentication",
        "indexing_datasource",
        "indexing_datasources",
        "indexing_documents",
        "indexing_permissions",
        "indexing_shortcuts",
        "people",
        "custommetadata",
    ),
    "Gleen and Alhena": ("gleen",),
    "Gloo": ("gloo",),
}
HEAD = """# Compatibility

Written by `make compatibility` from what the tests in `tests/conformance` found; do not edit.
They drive released clients over a socket against a running server. The endpoints and fields of
Glean's APIs are those of its newest Python client, those of Gleen and Gloo the documented ones.

- **works**: a test shows what the field does.
- **taken**: it is sent and the request answered, but no test shows what it does.
- **differs**: known to be something else than in the original, for the reason given.
- **not shown**: the description has it, and no test sends it.
"""


class State(enum.StrEnum):
    WORKS = "works"
    TAKEN = "taken"
    DIFFERS = "differs"
    NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class Row:
    """What is known of a field."""

    field: str
    state: State
    clients: tuple[str, ...]
    reason: str

    @property
    def result(self) -> tuple[State, tuple[str, ...], str]:
        return self.state, self.clients, self.reason


class Page:
    """The page; ``offered`` are the server's own methods and paths."""

    def __init__(self, findings: Findings, offered: set[tuple[str, str]]) -> None:
        self._findings = findings
        self._offered = {(method, _parts(path)) for method, path in offered}
        self._families = {family.name: family for family in findings.families}

    def text(self) -> str:
        parts = [HEAD, *self._summary()]
        for name, families in APIS.items():
            parts += [f"\n## {name}\n", *self._api(families)]
        parts += ["\n## Not offered\n", *self._not_offered()]
        return "\n".join(parts) + "\n"

    def rows(self, endpoint: Endpoint) -> list[Row]:
        return [self._row(endpoint, field) for field in endpoint.fields]

    def is_offered(self, endpoint: Endpoint) -> bool:
        return (endpoint.method, _parts(endpoint.path)) in self._offered

    def _row(self, endpoint: Endpoint, field: str) -> Row:
        shown = self._findings.shown.get((endpoint, field), set())
        clients = tuple(sorted(shown | self._findings.taken.get((endpoint, field), set())))
        if shown:
            return Row(field, State.WORKS, clients, "")
        reason = differences.reason(endpoint.path, field)
        if reason is not None:
            return Row(field, State.DIFFERS, clients, reason)
        return Row(field, State.TAKEN if clients else State.NOT_SHOWN, clients, "")

    def _endpoints(self, families: tuple[str, ...]) -> Iterator[Endpoint]:
        for name in families:
            yield from filter(self.is_offered, self._families[name].endpoints)

    def _summary(self) -> Iterator[str]:
        states = list(State)
        yield "| API | endpoints answered | " + " | ".join(states) + " |"
        yield "|---|---|" + "---|" * len(states)
        for name, families in APIS.items():
            endpoints = list(self._endpoints(families))
            answered = sum(endpoint in self._findings.answered for endpoint in endpoints)
            count = Counter(row.state for each in endpoints for row in self.rows(each))
            counts = " | ".join(str(count[state]) for state in states)
            yield f"| {name} | {answered} of {len(endpoints)} | {counts} |"

    def _api(self, families: tuple[str, ...]) -> Iterator[str]:
        for endpoint in self._endpoints(families):
            clients = _joined(sorted(self._findings.answered.get(endpoint, ())))
            yield f"### {endpoint}\n"
            nothing = differences.NOTHING_THERE.get(str(endpoint), "**Answered to nobody.**")
            yield f"Answered to: {clients}.\n" if clients else f"{nothing}\n"
            if endpoint.fields:
                yield "| field | state | sent by |\n|---|---|---|"
                yield from self._table(endpoint)
                yield ""

    def _table(self, endpoint: Endpoint) -> Iterator[str]:
        """Fields in a row of which the same is known share a line."""
        for result, rows in itertools.groupby(self.rows(endpoint), lambda row: row.result):
            state, clients, reason = result
            fields = ", ".join(f"`{row.field}`" for row in rows)
            said = f"{state}: {reason}" if reason else state
            yield f"| {fields} | {said} | {_joined(clients)} |"

    def _not_offered(self) -> Iterator[str]:
        yield "These calls of the clients are answered with 404 or 405.\n"
        yield "| calls | why |\n|---|---|"
        for family in self._findings.families:
            if missing := self.missing(family):
                calls = ", ".join(f"`{endpoint}`" for endpoint in missing)
                yield f"| {calls} | {differences.NOT_OFFERED[family.name]} |"

    def missing(self, family: Family) -> list[Endpoint]:
        return [endpoint for endpoint in family.endpoints if not self.is_offered(endpoint)]


def _parts(path: str) -> tuple[str, ...]:
    """A path without the names of its parameters."""
    return tuple("{}" if part.startswith("{") else part for part in path.split("/"))


def _joined(clients: tuple[str, ...] | list[str]) -> str:
    return ", ".join(clients)
