"""What a connector may give as an address: a place that people can be sent to, and no code."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.knowledge.intake import datasources, shortcuts
from stook.knowledge.intake.definitions import Datasource
from stook.storage import tables
from stook.storage.database import Database


def datasource(pattern: str = "") -> Datasource:
    return Datasource("wiki", "Wiki", realm="wiki", url_regex=pattern)


@pytest.mark.parametrize(
    "code",
    [
        "javascript:alert(1)", " JavaScript:alert(1)", "java\nscript:alert(1)",
        "\x01javascript:alert(1)", "java\tscript\r\n:alert(1)", "vb\x00script:x", "data:text/html",
    ],
)  # fmt: skip
def test_code_is_no_address(database: Database, code: str) -> None:
    with pytest.raises(InvalidRequest, match="viewURL is not an address"):
        datasources.check_url(datasource(), code)
    with pytest.raises(InvalidRequest, match="destinationUrl is not an address"):
        database.write_now(shortcuts.put, {"go": {"destinationUrl": code}}, False)


def test_places_are_addresses(database: Database) -> None:
    for place in ("https://x.example/javascript:1", "item:wiki/1", "mailto:a@x.example", "/data:1"):
        datasources.check_url(datasource(), place)
        database.write_now(shortcuts.put, {"go": {"destinationUrl": place}}, False)
        stored = database.read_now(lambda c: c.scalar(sa.select(tables.shortcuts.c.definition)))
        assert stored["destinationUrl"] == place


@pytest.mark.parametrize("pattern", [r"^(a+)+$", r"^(a|aa)+$", r"(.*a){25}b", r"(\w*\s*)*x$"])
def test_a_pattern_that_never_ends_is_given_up(pattern: str) -> None:
    """The pattern is a connector's; no pattern keeps everybody else waiting."""
    url = "a" * 5000 + "!"
    with pytest.raises(InvalidRequest, match=r"nested repetitions|does not match"):
        datasources.check_url(datasource(pattern), url)


def test_patterns_are_bounded_and_read_as_before(database: Database) -> None:
    for wrong in ("(", "[a", "a" * 1001, "(?P<x"):
        with pytest.raises(InvalidRequest, match="urlRegex"):
            database.write_now(datasources.put, datasource(wrong))
    pattern = r"^https://wiki\.example/(?:[a-z]+/)*\d{1,5}$"
    datasources.check_url(datasource(pattern), "https://wiki.example/a/b/17")
    with pytest.raises(InvalidRequest, match="does not match"):
        datasources.check_url(datasource(pattern), "https://wiki.example/a/b/")
