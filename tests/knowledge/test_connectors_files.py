"""What is found in directories, and who may read it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stook.errors import InvalidRequest, NotFound
from stook.identity.permissions import ORGANISATION, Permissions, Subject
from stook.knowledge.ingestion.connectors import permissions_file
from stook.knowledge.ingestion.connectors.files import FileFound, FileSkipped, walk
from stook.knowledge.ingestion.connectors.permissions_file import (
    Idle,
    Member,
    MemberGroup,
    load,
    parse_allow,
)


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {name}")


def ids(*roots: Path, base_url: str = "") -> list[str]:
    return [entry.external_id for entry in walk(roots, base_url) if isinstance(entry, FileFound)]


def skipped(*roots: Path) -> dict[str, str]:
    return {e.path.name: e.reason for e in walk(roots) if isinstance(e, FileSkipped)}


def test_documents_are_found_in_a_stable_order_and_noise_is_not(tmp_path: Path) -> None:
    write(
        tmp_path, "b.md", "a/z.txt", "a/ü b.pdf", ".hidden.md", ".git/config", "node_modules/x.md",
        "a/__pycache__/x.txt", "film.MP4", "~$lock.docx", "stook-permissions.toml", "no-suffix",
    )  # fmt: skip
    assert ids(tmp_path) == ["b.md", "no-suffix", "a/z.txt", "a/ü b.pdf"]
    assert skipped(tmp_path) == {
        ".hidden.md": "hidden", ".git": "hidden", "node_modules": "node_modules",
        "__pycache__": "__pycache__", "film.MP4": ".mp4",
        "~$lock.docx": "lock file of an open document",
    }  # fmt: skip
    assert all(entry.passed_over for entry in walk([tmp_path]) if isinstance(entry, FileSkipped))


def test_the_folders_of_a_maildir_are_read_though_they_are_hidden(tmp_path: Path) -> None:
    write(
        tmp_path, "mail/cur/1.M1.host:2,S", "mail/new/2.M1.host", "mail/tmp/3.half",
        "mail/dovecot.index",
        "mail/.Sent/cur/4.M1.host:2,S", "mail/.Sent/new/x", "mail/.Sent/tmp/x",
        "mail/.hidden/cur/x",
    )  # fmt: skip
    assert ids(tmp_path) == [
        "mail/.Sent/cur/4.M1.host:2,S", "mail/.Sent/new/x", "mail/cur/1.M1.host:2,S",
        "mail/new/2.M1.host",
    ]  # fmt: skip
    assert skipped(tmp_path)["dovecot.index"] == "a mail program's own"
    assert skipped(tmp_path)[".hidden"] == "hidden"


def test_what_is_known_of_a_file(tmp_path: Path) -> None:
    write(tmp_path, "a/ü b.md")
    os.utime(tmp_path / "a/ü b.md", ns=(0, 1_700_000_000_123_456_789))
    [found] = walk([tmp_path])
    assert isinstance(found, FileFound)
    assert (found.size, found.modified_at) == (20, 1_700_000_000_123_456)
    assert found.url == (tmp_path / "a/ü b.md").as_uri() and found.relative == "a/ü b.md"
    [found] = walk([tmp_path], "https://handbook.example.com/")
    assert isinstance(found, FileFound)
    assert found.url == "https://handbook.example.com/a/%C3%BC%20b.md"


def test_single_files_and_several_roots(tmp_path: Path) -> None:
    write(tmp_path, "one/a.md", "two/a.md", "two/.b.md")
    assert ids(tmp_path / "one/a.md", tmp_path / "one/a.md") == ["a.md"]
    assert ids(tmp_path / "two/.b.md") == [".b.md"]
    assert ids(tmp_path / "one", tmp_path / "two") == ["one/a.md", "two/a.md"]
    with pytest.raises(NotFound, match="none"):
        ids(tmp_path / "none")


def test_links_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "root/a.md", "outside/secret.md")
    root = tmp_path / "root"
    (root / "inside.md").symlink_to(root / "a.md")
    (root / "out.md").symlink_to(tmp_path / "outside/secret.md")
    (root / "loop").symlink_to(root)
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "dangling.md").symlink_to(tmp_path / "outside/none.md")
    assert ids(root) == ["a.md"]
    assert skipped(root).keys() == {"out.md", "dangling.md"}


def test_what_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "z.md")
    os.mkfifo(tmp_path / "pipe.md")
    bad = os.fsencode(tmp_path) + b"/bad\xff.md"
    try:
        Path(os.fsdecode(bad)).write_text("x")
    except OSError:  # this file system takes valid names only
        bad = b""
    assert ids(tmp_path) == ["a.md", "z.md"]
    reasons = skipped(tmp_path)
    assert reasons.pop("pipe.md") == "not a regular file"
    assert list(reasons.values()) == (["its name is not valid text"] if bad else [])


def test_a_directory_with_permissions_of_its_own_is_not_read_under_others(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "inner/secret.md", "inner/deep/x.md")
    (tmp_path / "inner/stook-permissions.toml").write_text('default = ["user:a@x.org"]')
    assert ids(tmp_path) == ["a.md"]
    assert "stook-permissions.toml" in skipped(tmp_path)["inner"]
    assert ids(tmp_path / "inner") == ["secret.md", "deep/x.md"]


# --- the permissions file ----------------------------------------------------------------------

EXAMPLE = """
default = ["everyone"]

[groups]
people-team = ["Ada@Example.com"]
leaders = ["ceo@example.com", "group:people-team"]

[[rules]]
path = "restricted/*.md"
allow = ["group:leaders", "user:Legal@example.com"]

[[rules]]
path = "restricted/pay/**"
allow = ["group:people-team"]

[[rules]]
path = "nobody/"
allow = []

[[users]]
email = "ada@example.com"
name = "Ada"
"""


def given(tmp_path: Path, text: str) -> permissions_file.DirectoryPermissions | None:
    (tmp_path / "stook-permissions.toml").write_text(text)
    return load(tmp_path, "handbook")


def test_who_may_read_what(tmp_path: Path) -> None:
    assert load(tmp_path, "handbook") is None
    loaded = given(tmp_path, EXAMPLE)
    assert loaded is not None
    leaders = frozenset({frozenset({Subject("handbook", "leaders")})})
    legal = frozenset({Subject(ORGANISATION, "legal@example.com")})
    restricted = Permissions("handbook", users=legal, clauses=leaders)
    assert loaded.permissions_of("a.md") == Permissions("handbook", everyone=True)
    assert loaded.permissions_of("restricted/a.md") == restricted
    pay = loaded.permissions_of("restricted/pay/2026/bands.md")
    assert pay.clauses == {frozenset({Subject("handbook", "people-team")})} and not pay.everyone
    assert loaded.permissions_of("nobody/x/y.md") == Permissions("handbook")
    assert loaded.permissions_of("other/restricted/a.md").everyone


def test_people_and_groups_of_the_file(tmp_path: Path) -> None:
    loaded = given(tmp_path, EXAMPLE)
    assert loaded is not None
    assert loaded.groups == (
        MemberGroup("people-team", ("ada@example.com",), ()),
        MemberGroup("leaders", ("ceo@example.com",), ("people-team",)),
    )
    assert loaded.users == (Member("ada@example.com", "Ada"), Member("ceo@example.com"))
    idle = loaded.idle_rules(["restricted/a.md", "b.md"])
    assert idle == (Idle("restricted/pay/**", opens=True), Idle("nobody/", opens=True))
    assert loaded.idle_rules(["restricted/", "nobody/"], unlisted=["restricted"]) == ()


def test_without_a_default_nobody_may_read(tmp_path: Path) -> None:
    loaded = given(tmp_path, "[groups]\n")
    assert loaded is not None and loaded.permissions_of("a.md") == Permissions("handbook")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[groups]\n"é" = []\n"e\u0301" = []', "another group of this name"),
        ('[[rules]]\npath = "a/../../b"\nallow = []', "rules[1].path"),
        ("[[rules]]\npath = 'C:\\docs'\nallow = []", "rules[1].path"),
        ("default = []\nx y\n[groups]", "line 2"),
        ("defaults = []", "defaults"),
        ('default = "everyone"', "default"),
        ('default = ["all"]', "'all'"),
        ('default = ["group:none"]', "group:none"),
        ('[groups]\nx = ["group:none"]', "groups.x"),
        ('[groups]\nx = ["not an address"]', "groups.x"),
        ('[groups]\n"a:b" = []', "groups.a:b"),
        ("[groups]\nx = 1", "groups.x"),
        ("groups = []", "groups"),
        ('rules = "x"', "rules"),
        ('[[rules]]\npath = "a"', "rules[1]"),
        ('[[rules]]\npath = "a"\nallow = []\nwho = 1', "rules[1]"),
        ('[[rules]]\npath = "/etc"\nallow = []', "rules[1].path"),
        ('[[rules]]\npath = "a"\nallow = ["user:x"]', "rules[1].allow"),
        ('[groups]\ndefault = ["everyone"]', "groups.default"),
        ('[[users]]\nname = "x"', "users[1]"),
        ("[[users]]\nemail = 5", "users[1]"),
    ],
)
def test_a_wrong_file_is_refused_by_line_or_key(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        given(tmp_path, text)
    assert named in caught.value.message
    assert str(tmp_path / "stook-permissions.toml") in caught.value.message


def test_a_permissions_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "stook-permissions.toml").symlink_to(tmp_path / "none")
    with pytest.raises(InvalidRequest):
        load(tmp_path, "handbook")
    (tmp_path / "stook-permissions.toml").unlink()
    (tmp_path / "stook-permissions.toml").write_bytes(b'default = ["\xff"]')
    with pytest.raises(InvalidRequest):
        load(tmp_path, "handbook")


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("a.md", ["a.md"], ["b/a.md", "aXmd"]),
        ("*.md", ["a.md"], ["b/a.md"]),
        ("**/*.md", ["a.md", "b/c/a.md"], ["a.txt"]),
        ("x/**", ["x/a", "x/b/c"], ["x", "y/x/a"]),
        ("x/", ["x/a", "x/b/c"], ["xx/a"]),
        ("./x/?.md", ["x/a.md"], ["x/ab.md", "x//.md"]),
        ("[a].md", ["[a].md"], ["a.md"]),
        ("a/**/b", ["a/b", "a/c/d/b"], ["ab"]),
        ("board", ["board", "board/a.md", "board/b/c.md"], ["boards", "x/board"]),
        ("board\\pay\\**", ["board/pay/a.md"], ["board/a.md"]),
        ("HR/Pay.md", ["hr/pay.md", "Hr/PAY.MD"], ["hr/pay"]),
        ("Geschäftsführung/**", ["Gescha\u0308ftsfu\u0308hrung/a.md"], ["Geschaftsfuhrung/a.md"]),
        ("caf\u0065\u0301/?.md", ["CAFÉ/e\u0301.md"], ["cafe/a.md"]),
        ("STRASSE/", ["straße/a.md"], ["strase/a.md"]),
    ],
)
def test_patterns(tmp_path: Path, pattern: str, matching: list[str], others: list[str]) -> None:
    text = f"default = ['everyone']\n[[rules]]\npath = '{pattern}'\nallow = []"
    loaded = given(tmp_path, text)
    assert loaded is not None
    assert not any(loaded.permissions_of(path).everyone for path in matching)
    assert all(loaded.permissions_of(path).everyone for path in others)


def test_allow_options() -> None:
    assert parse_allow([]) == parse_allow(["everyone"]) == Permissions(everyone=True)
    assert parse_allow(["user:A@x.org", "group:people team"]) == Permissions(
        users=frozenset({Subject(ORGANISATION, "a@x.org")}),
        clauses=frozenset({frozenset({Subject(ORGANISATION, "people team")})}),
    )
    for wrong in ("all", "user:", "user:x", "group:", "a@x.org", ""):
        with pytest.raises(InvalidRequest, match="--allow"):
            parse_allow([wrong])
