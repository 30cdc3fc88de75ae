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

The last rule that matches a path holds; a rule for a folder holds for all in it. Paths and names
are compared without regard to case and to the form in which Unicode stores them. Groups belong to
the datasource's realm, whatever groups of the same name the organisation has. A file with any
mistake is refused as a whole: then nothing of the directory may be indexed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never

from stook.errors import InvalidRequest
from stook.identity.names import known_as, normal_form, plain_address
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
    expression: re.Pattern[str]
    permissions: Permissions

    def matches(self, path: str) -> bool:
        return self.expression.fullmatch(normal_form(path)) is not None

    def is_inside(self, directory: str) -> bool:
        """Whether what it may match begins below a directory whose content is not known."""
        return normal_form(self.pattern).startswith(normal_form(directory) + "/")


@dataclass(frozen=True, slots=True)
class Idle:
    """A rule that closes nothing: nothing matches it, or later rules open all that it matches.

    ``opens``: what it was to close may be read meanwhile.
    """

    pattern: str
    opens: bool
    is_overruled: bool = False


@dataclass(frozen=True, slots=True)
class DirectoryPermissions:
    """What a permissions file says; ``realm`` is the datasource that its groups live in.

    ``users`` are all people whom ``[[users]]`` and groups name, once each; ``text`` is the file.
    """

    text: str
    realm: str
    users: tuple[Member, ...]
    groups: tuple[MemberGroup, ...]
    default: Permissions
    rules: tuple[_Rule, ...]

    def permissions_of(self, path: str) -> Permissions:
        """Who may read the document at a path relative to the directory, with ``/``."""
        for rule in reversed(self.rules):
            if rule.matches(path):
                return rule.permissions
        return self.default

    def unlisted_users(self) -> list[str]:
        """Whom rules or the default let in, and neither ``[[users]]`` nor a group names."""
        allowed = {user.name for rule in self.rules for user in rule.permissions.users}
        allowed |= {user.name for user in self.default.users}
        return sorted(allowed - {user.email for user in self.users})

    def opens(self, path: str, former: DirectoryPermissions) -> bool:
        """Whether everyone may read at a path what ``former`` rules closed."""
        return self.permissions_of(path).everyone and not former.permissions_of(path).everyone

    def idle_rules(self, names: Iterable[str], unlisted: Collection[str] = ()) -> tuple[Idle, ...]:
        """The rules that do nothing in the directory: perhaps misspelt, or in the wrong order.

        ``names`` are all paths in it, those of directories with a slash at their end;
        ``unlisted`` are directories of which it is not known what they hold.
        """
        waiting = {
            number: rule
            for number, rule in enumerate(self.rules)
            if not any(rule.is_inside(directory) for directory in unlisted)
        }
        overruled: set[int] = set()
        for name in names:
            matching = [number for number, rule in waiting.items() if rule.matches(name)]
            is_open = bool(matching) and self.permissions_of(name).everyone
            for number in matching:
                if is_open and not waiting[number].permissions.everyone:
                    overruled.add(number)
                else:
                    del waiting[number]
        return tuple(
            Idle(rule.pattern, number in overruled or self._opens(number), number in overruled)
            for number, rule in waiting.items()
        )

    def _opens(self, number: int) -> bool:
        """Whether somebody may read what a rule was to close, should it match nothing."""
        before = [rule.permissions for rule in self.rules[:number]]
        return self.default != Permissions(self.realm) or any(one.everyone for one in before)


def load(root: Path, realm: str) -> DirectoryPermissions | None:
    """The permissions file in a directory; None if there is none. Raises InvalidRequest."""
    path = root / FILE_NAME
    if not path.is_symlink() and not path.exists():
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as error:
        raise InvalidRequest(f"{path}: {error}") from error
    return parse(text, path, realm)


def parse(text: str, path: Path, realm: str) -> DirectoryPermissions:
    """What the text of a permissions file says; raises InvalidRequest, which names its path."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidRequest(f"{path}: {error}") from error
    return _Reader(path, realm).read(text, values)


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
            users.add(Subject(ORGANISATION, plain_address(name)))
        elif kind == "group" and _GROUP.fullmatch(name) and (group := known_as(name, known)):
            clauses.add(frozenset({Subject(realm, group)}))
        else:
            refuse(str(entry))
    return Permissions(realm, everyone, users=frozenset(users), clauses=frozenset(clauses))


class _Reader:
    """Checks and takes over the values of one file."""

    def __init__(self, path: Path, realm: str) -> None:
        self._path = path
        self._realm = realm
        self._known: set[str] = set()

    def read(self, text: str, values: Mapping[str, Any]) -> DirectoryPermissions:
        for key in values.keys() - KEYS:
            self._refuse(key, "unknown; a file may hold default, groups, rules and users")
        groups = self._table(values, "groups")
        self._known = set(groups)
        self._refuse_doubles(groups)
        members = tuple(self._group(name, listed) for name, listed in groups.items())
        rules = tuple(self._rule(*item) for item in enumerate(self._tables(values, "rules"), 1))
        default = self._allow("default", values.get("default", []))
        listed = [self._user(*item) for item in enumerate(self._tables(values, "users"), 1)]
        users = {user.email: user for user in listed}
        for group in members:
            for email in group.users:
                users.setdefault(email, Member(email))
        people = tuple(users.values())
        return DirectoryPermissions(text, self._realm, people, members, default, rules)

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

    def _refuse_doubles(self, names: Iterable[str]) -> None:
        seen: set[str] = set()
        for name in names:
            if normal_form(name) in seen:
                self._refuse(f"groups.{name}", "there is another group of this name")
            seen.add(normal_form(name))

    def _group(self, name: str, listed: Any) -> MemberGroup:
        key = f"groups.{name}"
        if not _GROUP.fullmatch(name):
            self._refuse(key, "a name must not hold any of : @ /")
        users, groups = [], []
        for entry in self._texts(key, listed):
            kind, _, other = entry.partition(":")
            if kind == "group" and (group := known_as(other, self._known)):
                groups.append(group)
            elif _EMAIL.fullmatch(entry):
                users.append(plain_address(entry))
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
        if not isinstance(pattern, str) or not _relative(pattern):
            self._refuse(f"{key}.path", "must be a path relative to this directory")
        return _Rule(_relative(pattern), _glob(pattern), self._allow(f"{key}.allow", rule["allow"]))

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
        return Member(plain_address(email), name)


def _relative(pattern: str) -> str:
    """A pattern with ``/`` between its names, as on Windows too; empty where it leads away."""
    plain = pattern.replace("\\", "/").removeprefix("./")
    leads_away = plain.startswith("/") or ".." in plain.split("/") or plain[1:2] == ":"
    return "" if leads_away else plain


def _glob(pattern: str) -> re.Pattern[str]:
    """``*`` and ``?`` within one name, ``**`` across folders; a folder stands for all in it."""
    pattern = normal_form(_relative(pattern))
    if pattern.endswith("/"):
        pattern += "**"
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    known = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    below = "" if set("*?") & set(pattern.rpartition("/")[2]) else "(?:/.*)?"
    expression = "".join(known.get(part) or re.escape(part) for part in parts)
    return re.compile(expression + below, re.DOTALL)
