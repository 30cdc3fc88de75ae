"""Between two runs of ``stook index`` nobody is let in without a word."""

from __future__ import annotations

import json
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from stook.cli.index_run import Outcome
from stook.errors import InvalidRequest
from stook.identity import users
from stook.identity.permissions import Permissions, Subject, covers
from stook.settings import Settings
from stook.storage.database import open_database
from stook.storage.tables import access_sets, documents
from tests.cli.running import Stook
from tests.cli.test_index import index, write

GROUPS = """
[groups]
board = ["ada@example.com"]
staff = ["ben@example.com"]
"""
SECRET = '[[rules]]\npath = "secret/**"\nallow = ["group:board"]\n'
STAFF = '[[rules]]\npath = "staff/**"\nallow = ["group:staff"]\n'
RULES = f'default = ["everyone"]\n{GROUPS}{SECRET}{STAFF}'


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    source = tmp_path / "docs"
    write(source / "stook-permissions.toml", RULES)
    write(source / "secret" / "pay.md", "# Pay\n\nThe pay of a sailor is 4711 crowns.")
    write(source / "secret" / "plan.md", "# Plan\n\nThe plan is to leave.")
    write(source / "staff" / "shoes.md", "# Shoes\n\nShoes are paid for.")
    write(source / "open.md", "# Hours\n\nOpen from nine.")
    return source


def open_files(data: Path) -> set[str]:
    """The names of what everyone may read."""
    query = sa.select(documents.c.external_id).join(access_sets).where(access_sets.c.everyone)
    database = open_database(Settings(data_dir=data).sql_url)
    try:
        return set(database.read_now(lambda connection: set(connection.scalars(query))))
    finally:
        database.close()


def kept(outcome: Outcome) -> set[str]:
    assert outcome.kept_closed.count == len(outcome.kept_closed.names)
    return {Path(name.partition(" ")[0]).name for name in outcome.kept_closed.names}


def move(source: Path) -> None:
    (source / "secret" / "pay.md").rename(source / "wages.md")


def rename_and_nest(source: Path) -> None:
    (source / "other" / "deep").mkdir(parents=True)
    (source / "secret" / "pay.md").rename(source / "other" / "deep" / "pay.md")


def move_to_a_name_that_is_known(source: Path) -> None:
    (source / "secret" / "pay.md").replace(source / "open.md")


def rule_goes(source: Path) -> None:
    write(source / "stook-permissions.toml", RULES.replace(SECRET, ""))


def rule_opens(source: Path) -> None:
    opened = SECRET.replace('"group:board"', '"everyone"')
    write(source / "stook-permissions.toml", RULES.replace(SECRET, opened))


def later_rule_opens(source: Path) -> None:
    more = '[[rules]]\npath = "**/pay.md"\nallow = ["everyone"]\n'
    write(source / "stook-permissions.toml", RULES + more)


def rule_goes_and_the_text_changes(source: Path) -> None:
    rule_goes(source)
    write(source / "secret" / "pay.md", "# Pay\n\nThe pay of a sailor is 4712 crowns.")


@pytest.mark.parametrize(
    ("change", "closed"),
    [
        (move, {"wages.md"}),
        (rename_and_nest, {"pay.md"}),
        (move_to_a_name_that_is_known, {"open.md"}),
        (rule_goes, {"pay.md", "plan.md"}),
        (rule_opens, {"pay.md", "plan.md"}),
        (later_rule_opens, {"pay.md"}),
        (rule_goes_and_the_text_changes, {"pay.md", "plan.md"}),
    ],
)
async def test_what_was_closed_opens_only_when_that_is_said(
    tmp_path: Path, docs: Path, change: Callable[[Path], None], closed: set[str]
) -> None:
    data = tmp_path / "data"
    first = await index(data, docs)
    assert (first.kept_closed.count, first.widened.count) == (0, 0)
    change(docs)
    for _ in range(2):  # asking again is not saying so
        outcome = await index(data, docs)
        assert (kept(outcome), outcome.widened.count) == (closed, 0)
        names = {Path(name).name for name in open_files(data)}
        assert names == {"open.md"} - closed
    told = await index(data, docs, widen=True)
    assert (told.kept_closed.count, told.widened.count) == (0, len(closed))
    assert {Path(name).name for name in open_files(data)} == closed | {"open.md"}
    after = await index(data, docs)
    assert (after.kept_closed.count, after.widened.count) == (0, 0)


async def test_a_new_file_under_a_rule_that_went_stays_closed(tmp_path: Path, docs: Path) -> None:
    data = tmp_path / "data"
    await index(data, docs)
    rule_goes(docs)
    write(docs / "secret" / "new.md", "# New\n\nA new plan.")
    write(docs / "new.md", "# New, too\n\nAn open plan.")
    assert kept(await index(data, docs)) == {"pay.md", "plan.md", "new.md"}
    assert open_files(data) == {"open.md", "new.md"}
    write(docs / "secret" / "newer.md", "# Newer\n\nA newer plan.")
    assert kept(await index(data, docs)) == {"pay.md", "plan.md", "new.md", "newer.md"}
    await index(data, docs, widen=True)
    write(docs / "secret" / "newest.md", "# Newest\n\nThe newest plan.")
    assert kept(await index(data, docs)) == set()
    assert "secret/newest.md" in open_files(data)


async def test_a_file_that_moves_to_another_datasource_stays_closed(
    tmp_path: Path, docs: Path
) -> None:
    data, other = tmp_path / "data", tmp_path / "other"
    await index(data, docs, datasource="docs")
    other.mkdir()
    (docs / "secret" / "pay.md").rename(other / "pay.md")
    with zipfile.ZipFile(docs / "secret" / "plans.zip", "w") as archive:
        archive.write(docs / "secret" / "plan.md", "plan.md")
    (docs / "secret" / "plan.md").unlink()
    (docs / "secret" / "plans.zip").rename(other / "plans.zip")
    assert kept(await index(data, other)) == {"pay.md", "plans.zip"}
    assert open_files(data) == {"open.md", "plans.zip"}  # which names what is in it, and no more
    assert (await index(data, other, allow=("everyone",))).kept_closed.count == 0  # said so
    assert open_files(data) == {"open.md", "pay.md", "plans.zip", "plans.zip#plan.md"}


async def test_others_who_may_see_more_are_told(tmp_path: Path, docs: Path) -> None:
    data = tmp_path / "data"
    await index(data, docs)
    (docs / "secret" / "pay.md").rename(docs / "staff" / "pay.md")
    write(docs / "copy.md", (docs / "secret" / "plan.md").read_text())
    outcome = await index(data, docs)
    assert [Path(name).name for name in outcome.widened.names] == ["copy.md", "pay.md"]
    assert outcome.kept_closed.count == 0
    assert (await index(data, docs)).widened.count == 0


async def test_what_closes_or_stays_is_not_told(tmp_path: Path, docs: Path) -> None:
    data = tmp_path / "data"
    write(docs / "free.md", "# Free\n\nWater is free.")
    write(docs / "secret" / "free.md", "# Free\n\nWater is free.")  # everyone may see it anyway
    await index(data, docs)
    (docs / "secret" / "free.md").rename(docs / "also-free.md")
    (docs / "open.md").rename(docs / "secret" / "open.md")
    (docs / "secret").joinpath("deep").mkdir()
    (docs / "secret" / "pay.md").rename(docs / "secret" / "deep" / "pay.md")
    outcome = await index(data, docs)
    assert (outcome.kept_closed.count, outcome.widened.count) == (0, 0)
    assert open_files(data) == {"free.md", "also-free.md"}


def test_the_command_says_it_and_fails_until_it_is_told(
    tmp_path: Path, docs: Path, stook: Stook
) -> None:
    stook("index", docs)
    move(docs)
    report = tmp_path / "report.jsonl"
    done = stook("index", docs, "--report", report, "--json", code=1)
    assert done.json["kept_closed"] == {"count": 1, "names": [str(docs / "wages.md")]}
    assert "1 file (" in done.err and "say --widen" in done.err
    [line] = [one for one in map(json.loads, report.open()) if one["name"].endswith("wages.md")]
    assert "--widen opens it" in line["reason"]
    told = stook("index", docs, "--widen")
    assert "may be seen by more people than before" in told.err
    assert "more people" not in stook("index", docs).err


ADA, BEN = Subject("", "ada@example.com"), Subject("", "ben@example.com")
BOARD, STAFF_OF = Subject("docs", "board"), Subject("docs", "staff")


def clauses(*some: frozenset[Subject]) -> frozenset[frozenset[Subject]]:
    return frozenset(some)


def test_who_is_let_in_is_compared() -> None:
    nobody, everyone = Permissions(), Permissions(everyone=True)
    ada, both = Permissions(users=frozenset({ADA})), Permissions(users=frozenset({ADA, BEN}))
    board = Permissions(clauses=clauses(frozenset({BOARD})))
    board_and_staff = Permissions(clauses=clauses(frozenset({BOARD, STAFF_OF})))
    realm = Permissions(realm="docs", realm_members=True)
    wider_first = [
        (everyone, nobody), (everyone, realm), (both, ada), (ada, nobody),
        (board, board_and_staff), (realm, nobody),
    ]  # fmt: skip
    for wide, narrow in wider_first:
        assert covers(wide, narrow) and not covers(narrow, wide)
    for one, other in [(ada, board), (realm, Permissions(realm="b", realm_members=True))]:
        assert not covers(one, other) and not covers(other, one)


def named(source: Path, who: str, where: str) -> Path:
    rules = GROUPS + '[[rules]]\npath = "secret/**"\nallow = ["user:RULE"]\n'
    default = f'default = ["{who}"]\n' if where == "default" else 'default = ["everyone"]\n'
    rules = rules.replace("user:RULE", who if where == "rule" else "group:board")
    write(source / "stook-permissions.toml", default + rules)
    return source


@pytest.mark.parametrize("where", ["rule", "default"])
async def test_a_name_that_nobody_has_is_refused_unless_that_is_said(
    tmp_path: Path, docs: Path, where: str
) -> None:
    data = tmp_path / "data"
    named(docs, "user:adda@example.com", where)
    with pytest.raises(InvalidRequest, match=r"known as adda@example.com.*--allow-unknown"):
        await index(data, docs)
    assert not open_files(data)
    with capture_logs() as logs:
        await index(data, docs, allow_unknown=True)
    assert [entry["user"] for entry in logs if "user" in entry] == ["adda@example.com"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("written", ["user:jörg@example.com", "user:JÖRG@Example.com"])
async def test_a_name_is_known_in_every_form(
    tmp_path: Path, docs: Path, form: str, written: str
) -> None:
    """Whoever is added under one form of a name is meant by each of them."""
    data, source = tmp_path / "data", named(docs, written, "rule")
    await index(data, source, allow_unknown=True)
    other = "NFC" if form == "NFD" else "NFD"
    database = open_database(Settings(data_dir=data).sql_url)
    added = database.write_now(users.add, unicodedata.normalize(form, "jörg@example.com"))  # type: ignore[arg-type]
    assert database.read_now(users.find, unicodedata.normalize(other, added.email)) == added  # type: ignore[arg-type]
    database.close()
    assert (await index(data, source)).unchanged == 4
