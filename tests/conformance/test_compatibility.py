"""docs/compatibility.md says what the tests before these have found."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from tests.conformance import differences
from tests.conformance.findings import Findings
from tests.conformance.page import Page
from tests.dialects.served import Served

PAGE = Path(__file__).parents[2] / "docs" / "compatibility.md"
WRITE = "WRITE_COMPATIBILITY"


@pytest.fixture
def page(served: Served, shown: Findings, stranger: httpx.Client) -> Page:
    paths = stranger.get("/openapi.json").json()["paths"]
    offered = {(method.upper(), path) for path, each in paths.items() for method in each}
    return Page(shown, offered)


def test_what_is_not_offered_is_not_found(page: Page, shown: Findings, asker: httpx.Client) -> None:
    families = {family.name for family in shown.families if page.missing(family)}
    assert families == differences.NOT_OFFERED.keys()
    for family in shown.families:
        for endpoint in page.missing(family):
            answer = asker.request(endpoint.method, endpoint.path, json={})
            assert answer.status_code in (404, 405), endpoint
            assert answer.text.strip()


def test_no_offered_endpoint_is_forgotten(page: Page, shown: Findings) -> None:
    offered = {e for family in shown.families for e in family.endpoints if page.is_offered(e)}
    text = page.text()
    assert [str(each) for each in offered if f"### {each}\n" not in text] == []
    silent = {str(endpoint) for endpoint in offered - shown.answered.keys()}
    assert sorted(silent) == sorted(differences.NOTHING_THERE)


def test_the_page_says_what_was_found(page: Page) -> None:
    text = page.text()
    if os.environ.get(WRITE):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, "run make compatibility, and read the change"
