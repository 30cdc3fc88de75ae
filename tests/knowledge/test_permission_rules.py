"""A rule of a permissions file holds in whatever form a name is stored, or nothing opens."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from stook.errors import InvalidRequest
from stook.identity import groups
from stook.identity.permissions import Permissions
from stook.knowledge.ingestion import directory_access, standing_access
from stook.knowledge.intake import datasources
from stook.knowledge.intake.definitions import Datasource
from stook.knowledge.store import repository
from stook.storage.database import Database

OPEN = 'default = ["everyone"]\n'
RULE = '[groups]\nboard = ["ada@example.com"]\n[[rules]]\npath = "{}"\nallow = ["group:board"]\n'


def folder(tmp_path: Path, rules: str, *files: str) -> Path:
    source = tmp_path / "docs"
    for name in files:
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Words of {name}.")
    (source / "stook-permissions.toml").write_text(rules)
    return source


def is_open(source: Path, name: str) -> bool:
    path = source / name
    return directory_access.find(path, "files", []).permissions_of(path.resolve()).everyone


DECOMPOSED = unicodedata.normalize("NFD", "Geschäftsführung")


@pytest.mark.parametrize(
    ("rule", "stored"),
    [
        ("Geschäftsführung/**", f"{DECOMPOSED}/pay.md"),
        (f"{DECOMPOSED}/", "Geschäftsführung/pay.md"),
        ("board/**", "Board/Pay.md"),
        ("board\\\\pay\\\\", "board/pay/a.md"),
        ("./Board", "board/pay/a.md"),
        ("STRASSE/*.md", "Straße/a.md"),
    ],
)
def test_a_rule_holds_in_every_form_of_a_name(tmp_path: Path, rule: str, stored: str) -> None:
    source = folder(tmp_path, OPEN + RULE.format(rule), stored, "open.md")
    assert not is_open(source, stored)
    assert is_open(source, "open.md")


@pytest.mark.parametrize("rules", [OPEN, 'default = ["group:board"]\n', ""])
def test_a_rule_that_matches_nothing_stops_before_anything_opens(
    tmp_path: Path, rules: str
) -> None:
    earlier = "" if rules else '[[rules]]\npath = "**"\nallow = ["everyone"]\n'
    text = rules + RULE.format("board/**").replace("[[rules]]", earlier + "[[rules]]")
    source = folder(tmp_path, text, "board/pay.md", "other/a.md")
    directory_access.find(source, "files", [])
    (source / "board").rename(source / "directors")
    for path in (source, source / "directors", source / "other" / "a.md"):
        with pytest.raises(InvalidRequest, match=r"rule for board/\*\*.*--idle-rules"):
            directory_access.find(path, "files", [])
    with capture_logs() as logs:
        assert directory_access.find(source, "files", [], idle_rules=True).rules
    assert [entry["path"] for entry in logs] == ["board/**"]


@pytest.mark.parametrize(
    ("later", "allow"),
    [("**", "everyone"), ("board/**", "everyone"), ("Board", "everyone"), ("*/*", "everyone")],
)
def test_a_rule_that_a_later_one_overrules_stops_before_anything_opens(
    tmp_path: Path, later: str, allow: str
) -> None:
    rules = RULE.format("board/*.md") + f'[[rules]]\npath = "{later}"\nallow = ["{allow}"]\n'
    source = folder(tmp_path, rules, "board/pay.md", "board/plan.md", "other/a.md")
    with pytest.raises(InvalidRequest, match=r"rule for board/\*\.md closes.*later rule"):
        directory_access.find(source, "files", [])
    with capture_logs() as logs:
        assert directory_access.find(source, "files", [], idle_rules=True).rules
    assert [entry["path"] for entry in logs] == ["board/*.md"]


@pytest.mark.parametrize(
    ("later", "allow"),
    [("board/menu.md", "everyone"), ("**", "group:board"), ("board/**", "user:ada@example.com")],
)
def test_a_later_rule_may_open_a_part_or_to_others(tmp_path: Path, later: str, allow: str) -> None:
    rules = RULE.format("board/**") + f'[[rules]]\npath = "{later}"\nallow = ["{allow}"]\n'
    source = folder(tmp_path, OPEN + rules, "board/pay.md", "board/menu.md", "other/a.md")
    assert not is_open(source, "board/pay.md")


def test_a_rule_that_opens_nothing_is_only_told(tmp_path: Path) -> None:
    source = folder(tmp_path, RULE.format("board/**"), "other/a.md")
    with capture_logs() as logs:
        directory_access.find(source, "files", [])
    assert [entry["path"] for entry in logs] == ["board/**"]


def test_a_folder_without_documents_is_no_mistake(tmp_path: Path) -> None:
    source = folder(tmp_path, OPEN + RULE.format("board/**"), "other/a.md")
    (source / "board").mkdir()
    assert is_open(source, "other/a.md")


def test_names_of_groups_are_compared_in_one_form(tmp_path: Path) -> None:
    rules = OPEN + RULE.format("a.md").replace("group:board", "group:BOARD")
    assert not is_open(folder(tmp_path, rules, "a.md"), "a.md")


def test_what_allow_said_holds_in_every_form_of_a_path() -> None:
    closed, opened = Permissions(), Permissions(everyone=True)
    standing = {
        "/docs": opened,
        f"/docs/{DECOMPOSED}": closed,
        "/docs/A": closed,
        "/docs/a": opened,
    }
    nearest = standing_access.nearest
    assert nearest(standing, Path("/docs/geschäftsführung/pay.md")) == closed
    assert nearest(standing, Path("/Docs/open.md")) == opened
    assert nearest(standing, Path("/docs/a/x.md")) == opened  # the same to the letter goes before


def test_a_client_changes_nothing_of_what_the_operator_said(database: Database) -> None:
    write = database.write_now
    write(repository.ensure_datasource, "files")
    write(standing_access.settle, "files", "/docs", ["user:ada@example.com"])
    write(standing_access.claim_realm, Path("/rules"), "files")
    write(standing_access.keep_rules, "files", OPEN)
    before = database.read_now(standing_access.load, "files")
    claims = {"allowed": {"/docs": ["everyone"]}, "rules": "", "permissions_root": "/"}
    for said in ({"homeUrl": "https://example.com"}, claims, {}):
        write(datasources.put, Datasource("files", "Files", "files", config=dict(said)))
        assert database.read_now(standing_access.load, "files") == before
        assert database.read_now(standing_access.rules_kept, "files") == OPEN
        known = database.read_now(datasources.get, "files").config
        assert known == {key: value for key, value in said.items() if key == "homeUrl"}


def test_a_group_that_was_renamed_is_gone(tmp_path: Path, database: Database) -> None:
    source = folder(tmp_path, OPEN + RULE.format("board"), "board/pay.md")

    def names() -> list[str]:
        access = directory_access.find(source, "files", [])
        database.write_now(directory_access.apply, access, source, "files")
        return database.read_now(groups.names, "files")

    assert names() == ["board"]
    (source / "stook-permissions.toml").write_text(
        OPEN
        + RULE.format("board").replace('board = ["', 'leaders = ["').replace(":board", ":leaders")
    )
    assert names() == ["leaders"]
