"""Who may read the documents of a directory, as a file in its root says.

    default = ["everyone"]                    # what no rule names; without it: nobody

    [groups]
    people-team = ["ada@example.com"]
    leaders = ["ceo@example.com", "group:people-team"]

    [[rules]]
    path = "restricted/**"                    # * within a name, ** across folders, folder/
    allow = ["group:leaders", "user:legal@example.com"]

    [[users]]
    email = "ada@example.com"
    name = "Ada"

The last rule that matches a path holds. Groups belong to the datasource's realm, whatever groups
of the same name the organisation has. A file with any mistake is refused as a whole: then nothing
of the directory may be indexed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never

from stook.errors import InvalidRequest
from stook.identity.permissions import ORGANISATION, Permissions, Subject

FILE_NAME = "stook-permissions.toml"
KEYS = frozenset({"default", "groups", "rules", "users"})

_EMAIL = re.compile(r"[^\s@:]+@[^\s@:]+")
_GROUP = re.compile(r"[^\s:@/]+(?: [^\s:@/]+)*")


@dataclass(frozen=True, slots=True)
class Member:
    """A person whom the file names."""

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class MemberGroup:
    """A group that the file defines: e-mail addresses and names of other groups in the file."""

    name: str
    users: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: str
    matches: re.Pattern[str]
    permissions: Permissions


@dataclass(frozen=True, slots=True)
class DirectoryPermissions:
    """What a permissions file says; ``realm`` is the datasource that its groups live in.

    ``users`` are all people whom the file names anywhere, once each.
    """

    realm: str
    users: tuple[Member, ...]
    groups: tuple[MemberGroup, ...]
    default: Permissions
    rules: tuple[_Rule, ...]

    def permissions_of(self, path: str) -> Permissions:
        """Who may read the document at a path relative to the directory, with ``/``."""
        for rule in reversed(self.rules):
            if rule.matches.fullmatch(path):
                return rule.permissions
        return self.default

    def idle_rules(self, paths: Iterable[str]) -> list[str]:
        """The patterns that match none of these paths: perhaps misspelt, and worth a warning."""
        known = list(paths)
        return [
            rule.pattern
            for rule in self.rules
            if not any(rule.matches.fullmatch(path) for path in known)
        ]


def load(root: Path, realm: str) -> DirectoryPermissions | None:
    """The permissions file in a directory; None if there is none. Raises InvalidRequest."""
    path = root / FILE_NAME
    if not path.is_symlink() and not path.exists():
        return None
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError, OSError) as error:
        raise InvalidRequest(f"{path}: {error}") from error
    return _Reader(path, realm).read(values)


def parse_allow(values: Sequence[str]) -> Permissions:
    """What ``--allow`` says: ``everyone``, ``user:EMAIL``, ``group:NAME`` (of the organisation).

    Nothing at all means everyone. Raises InvalidRequest.
    """
    groups = [value for value in values if value.startswith("group:")]
    known = {value.removeprefix("group:") for value in groups}
    return _permissions(values or ["everyone"], ORGANISATION, known, _refuse_allow)


def _refuse_allow(value: str) -> Never:
    raise InvalidRequest(f"--allow {value!r}: write everyone, user:EMAIL or group:NAME.")


def _permissions(
    allow: Sequence[Any], realm: str, known: set[str], refuse: Callable[[str], Never]
) -> Permissions:
    everyone, users, clauses = False, set(), set()
    for entry in allow:
        kind, _, name = str(entry).partition(":")
        if entry == "everyone":
            everyone = True
        elif kind == "user" and _EMAIL.fullmatch(name):
            users.add(Subject(ORGANISATION, name.lower()))
        elif kind == "group" and _GROUP.fullmatch(name) and name in known:
            clauses.add(frozenset({Subject(realm, name)}))
        else:
            refuse(str(entry))
    return Permissions(realm, everyone, users=frozenset(users), clauses=frozenset(clauses))


class _Reader:
    """Checks and takes over the values of one file."""

    def __init__(self, path: Path, realm: str) -> None:
        self._path = path
        self._realm = realm
        self._known: set[str] = set()

    def read(self, values: Mapping[str, Any]) -> DirectoryPermissions:
        for key in values.keys() - KEYS:
            self._refuse(key, "unknown; a file may hold default, groups, rules and users")
        groups = self._table(values, "groups")
        self._known = set(groups)
        members = tuple(self._group(name, listed) for name, listed in groups.items())
        rules = tuple(self._rule(*item) for item in enumerate(self._tables(values, "rules"), 1))
        default = self._allow("default", values.get("default", []))
        listed = [self._user(*item) for item in enumerate(self._tables(values, "users"), 1)]
        users = {user.email: user for user in listed}
        for group in members:
            for email in group.users:
                users.setdefault(email, Member(email))
        return DirectoryPermissions(self._realm, tuple(users.values()), members, default, rules)

    def _refuse(self, key: str, why: str) -> Never:
        raise InvalidRequest(f"{self._path}: {key}: {why}.")

    def _table(self, values: Mapping[str, Any], key: str) -> dict[str, Any]:
        table = values.get(key, {})
        if not isinstance(table, dict):
            self._refuse(key, f"must be a table, [{key}]")
        return table

    def _tables(self, values: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        tables = values.get(key, [])
        if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self._refuse(key, f"must be a list of tables, [[{key}]]")
        return tables

    def _group(self, name: str, listed: Any) -> MemberGroup:
        key = f"groups.{name}"
        if not _GROUP.fullmatch(name):
            self._refuse(key, "a name must not hold any of : @ /")
        users, groups = [], []
        for entry in self._texts(key, listed):
            kind, _, other = entry.partition(":")
            if kind == "group" and other in self._known:
                groups.append(other)
            elif _EMAIL.fullmatch(entry):
                users.append(entry.lower())
            else:
                self._refuse(
                    key,
                    f"{entry!r} is neither an e-mail address nor group:NAME of one of these groups",
                )
        return MemberGroup(name, tuple(users), tuple(groups))

    def _rule(self, number: int, rule: Mapping[str, Any]) -> _Rule:
        key = f"rules[{number}]"
        if rule.keys() != {"path", "allow"}:
            self._refuse(key, "must hold path and allow, and nothing else")
        pattern = rule["path"]
        if not isinstance(pattern, str) or not pattern or pattern.startswith(("/", "../")):
            self._refuse(f"{key}.path", "must be a path relative to this directory")
        return _Rule(pattern, _glob(pattern), self._allow(f"{key}.allow", rule["allow"]))

    def _allow(self, key: str, allow: Any) -> Permissions:
        def refuse(entry: str) -> Never:
            self._refuse(
                key,
                f"{entry!r} is not everyone, user:EMAIL or group:NAME of one of "
                "the groups in this file",
            )

        return _permissions(self._texts(key, allow), self._realm, self._known, refuse)

    def _texts(self, key: str, value: Any) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            self._refuse(key, "must be a list of texts")
        return value

    def _user(self, number: int, user: Mapping[str, Any]) -> Member:
        key = f"users[{number}]"
        if not {"email"} <= user.keys() <= {"email", "name"}:
            self._refuse(key, "must hold email, may hold name, and nothing else")
        email, name = user["email"], user.get("name", "")
        if not isinstance(email, str) or not _EMAIL.fullmatch(email) or not isinstance(name, str):
            self._refuse(key, "email must be an e-mail address, name a text")
        return Member(email.lower(), name)


def _glob(pattern: str) -> re.Pattern[str]:
    """``*`` and ``?`` within one name, ``**`` across folders; a folder stands for all in it."""
    pattern = pattern.removeprefix("./")
    if pattern.endswith("/"):
        pattern += "**"
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    known = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    return re.compile("".join(known.get(part) or re.escape(part) for part in parts), re.DOTALL)
