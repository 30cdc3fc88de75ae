"""The question files and the sample handbook hold what they promise."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from benchmarks.quality import languages

from stook.knowledge.ingestion.connectors import permissions_file
from stook.knowledge.store.documents import document_id

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
HANDBOOK = ROOT / "examples" / "handbook"
SOURCEGRAPH = ROOT.parent / "shared" / "data" / "handbook" / "sourcegraph"
YEARS = range(2025, 2030)
KEYS = {"question", "history", "ask_as", "document", "contains", "answerable"}
OPTIONAL = {"documents", "asked_on"}

_DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, [A-Z][a-z]+ \d{1,2}, \d{4}\b")
_LOOSE_DAY = re.compile(r"\b[A-Z][a-z]+day, [A-Z][a-z]+ \d{1,2}, \d{4}")


def questions(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def check_form(row: dict[str, Any]) -> None:
    assert KEYS <= row.keys() <= KEYS | OPTIONAL, row
    assert row["question"].strip() == row["question"] != ""
    for turn in row["history"]:
        assert turn.keys() == {"question", "answer"}, row
    if row["answerable"]:
        assert row["document"] and row["contains"], row
    else:
        assert row["document"] is None and row["contains"] == [], row
    if "asked_on" in row:
        date.fromisoformat(row["asked_on"])


def check_answer(row: dict[str, Any], root: Path) -> None:
    for document in row.get("documents", [row["document"]]):
        assert (root / document).is_file(), row
    text = (root / row["document"]).read_text(encoding="utf-8").casefold()
    for wanted in row["contains"]:
        assert wanted.casefold() in text, f"{row['document']} does not hold {wanted!r}"


def day(text: str) -> date:
    return datetime.strptime(text, "%A, %B %d, %Y").date()


def company_table(year: int) -> list[date]:
    """The days of a year's first table: those on which all offices are closed."""
    page = (HANDBOOK / "holidays" / f"{year}.md").read_text(encoding="utf-8")
    assert f"# Company holidays {year}\n" in page
    table = page.split("\n## ")[0]
    return [day(text) for text in re.findall(r"^\| ([^|]+, \d{4}) \|", table, re.MULTILINE)]


def test_handbook_questions_are_answered_where_they_say() -> None:
    rows = questions("handbook.jsonl")
    for row in rows:
        check_form(row)
        if row["answerable"]:
            check_answer(row, HANDBOOK)
    assert len(rows) >= 60
    assert sum(not row["answerable"] for row in rows) >= 15
    assert sum(bool(row["history"]) for row in rows) >= 10


def test_sourcegraph_questions_are_answered_where_they_say() -> None:
    rows = questions("sourcegraph.jsonl")
    for row in rows:
        check_form(row)
        assert row["document"] == row["documents"][0]
    assert len(rows) == 21
    if not SOURCEGRAPH.is_dir():
        pytest.skip(f"the Sourcegraph handbook is not at {SOURCEGRAPH}")
    for row in rows:
        check_answer(row, SOURCEGRAPH)


def test_every_weekday_of_the_handbook_is_right() -> None:
    found = 0
    for path in HANDBOOK.rglob("*.md"):
        for text in _LOOSE_DAY.findall(path.read_text(encoding="utf-8")):
            assert _DAY.fullmatch(text), f"{path.name}: {text}"
            assert f"{day(text):%A}" == text.split(",")[0], f"{path.name}: {text}"
            found += 1
    assert found > 200


@pytest.mark.parametrize("year", YEARS)
def test_every_month_has_a_company_holiday_on_a_working_day(year: int) -> None:
    days = company_table(year)
    assert {day.month for day in days} == set(range(1, 13))
    assert {day.year for day in days} == {year}
    assert all(day.weekday() < 5 for day in days)
    assert days == sorted(set(days))


@pytest.mark.parametrize("year", YEARS)
def test_a_holidays_page_counts_its_own_days(year: int) -> None:
    page = (HANDBOOK / "holidays" / f"{year}.md").read_text(encoding="utf-8")
    assert f"The company holidays in {year} are {len(company_table(year))} days" in page


def test_links_between_pages_lead_somewhere() -> None:
    for path in HANDBOOK.rglob("*.md"):
        for target in re.findall(r"\]\(([^):#]+\.md)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).is_file(), f"{path.name} links to {target}"


def test_restricted_questions_agree_with_the_permissions_file() -> None:
    permissions = permissions_file.load(HANDBOOK, "handbook")
    assert permissions is not None
    paths = [path.relative_to(HANDBOOK).as_posix() for path in HANDBOOK.rglob("*.md")]
    assert not permissions.idle_rules(paths)
    open_paths = [path for path in paths if permissions.permissions_of(path).everyone]
    assert sorted(set(paths) - set(open_paths)) == sorted(
        path for path in paths if path.startswith("restricted/")
    )
    named = {user.email for user in permissions.users}
    askers = {row["ask_as"] for row in questions("handbook.jsonl")} - {None}
    assert askers <= named


def test_restricted_questions_are_asked_with_and_without_the_right() -> None:
    rows = questions("handbook.jsonl")
    refused = {row["question"] for row in rows if not row["answerable"]}
    restricted = [row for row in rows if (row["document"] or "").startswith("restricted/")]
    assert {Path(row["document"]).name for row in restricted} == {
        path.name for path in (HANDBOOK / "restricted").glob("*.md")
    }
    assert {row["question"] for row in restricted} <= refused
    open_text = "".join(
        path.read_text(encoding="utf-8")
        for path in HANDBOOK.rglob("*.md")
        if path.parent.name != "restricted"
    )
    for row in restricted:
        assert row["ask_as"]
        assert not any(wanted in open_text for wanted in row["contains"]), row


def test_questions_in_four_languages_are_about_pages_that_are_there() -> None:
    asked = {language: languages.written(language) for language in languages.OVER_ENGLISH}
    pages = {
        document_id("handbook", str(path.relative_to(HANDBOOK))) for path in HANDBOOK.rglob("*.md")
    }
    assert {len(found) for found in asked.values()} == {35}
    for at in zip(*asked.values(), strict=True):
        assert len({(one.id, *one.documents) for one in at}) == 1
        assert len({one.question for one in at}) == len(asked)
        assert set(at[0].documents) <= pages
