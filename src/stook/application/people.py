"""The organisation's people with all that a people connector said of them, its teams and groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.identity import memberships, people
from stook.identity.names import plain_address
from stook.identity.permissions import Subject
from stook.identity.principals import Principal
from stook.identity.users import User
from stook.knowledge.intake import people as pushed
from stook.knowledge.intake import teams as pushed_teams
from stook.runtime import Runtime

KEPT = (  # of what a connector says of a person, what is told again
    "title",
    "department",
    "businessUnit",
    "location",
    "structuredLocation",
    "preferredName",
    "pronoun",
    "bio",
    "startDate",
    "photoUrl",
)
PLACES = ("deskLocation", "timezone", "address", "city", "state", "region", "country")
SEARCHED = ("name", "email", "title", "department", "businessunit", "location")
ALIASES = {
    "fullname": "name",
    "emailaddress": "email",
    "jobtitle": "title",
    "city": "location",
    "country": "location",
    "office": "location",
    "manageremail": "manager",
    "reportsto": "manager",
    "employeetype": "type",
}


@dataclass(frozen=True, slots=True)
class Profile:
    """A person; ``said`` is what a connector pushed, ``manager`` whom it names, if known."""

    user: User
    said: Mapping[str, Any] = field(default_factory=dict)
    manager: User | None = None

    @property
    def names(self) -> tuple[str, str]:
        """The first and the last name."""
        first, _, last = self.user.name.partition(" ")
        return self.said.get("firstName") or first, self.said.get("lastName") or last

    @property
    def type(self) -> str:
        return str(self.said.get("type") or "FULL_TIME")

    @property
    def kept(self) -> dict[str, Any]:
        """What was said of the person, by Glean's names."""
        found = {name: self.said[name] for name in KEPT if self.said.get(name)}
        if phone := self.said.get("phoneNumber"):
            found["phone"] = phone
        if self._places and "location" not in found:
            found["location"] = ", ".join(self._places)
        return found

    def values(self, name: str) -> list[str]:
        """What a filter's field may be equal to, in lower case."""
        said: dict[str, list[Any]] = {
            "name": [self.user.name],
            "email": [self.user.email],
            "firstname": [self.names[0], self.said.get("preferredName")],
            "lastname": [self.names[1]],
            "preferredname": [self.said.get("preferredName")],
            "title": [self.said.get("title")],
            "department": [self.said.get("department")],
            "businessunit": [self.said.get("businessUnit")],
            "location": [self.said.get("location"), *self._places],
            "manager": self._manager_names,
            "type": [self.type],
        }
        return [str(value).lower() for value in said[name] if value]

    def holds(self, words: Sequence[str]) -> bool:
        """Whether each of the words stands in something that people are searched by."""
        texts = [text for name in SEARCHED for text in self.values(name)]
        return all(any(word in text for text in texts) for word in words)

    @property
    def _places(self) -> list[str]:
        structured = self.said.get("structuredLocation")
        if not isinstance(structured, dict):
            return []
        return [str(structured[name]) for name in PLACES if structured.get(name)]

    @property
    def _manager_names(self) -> list[str | None]:
        named = self.said.get("managerEmail")
        return [named, self.manager.name if self.manager else None]


FIELDS = frozenset(
    (*SEARCHED, "firstname", "lastname", "preferredname", "manager", "type"),
)


@dataclass(frozen=True, slots=True)
class FieldValues:
    """What people are to have in a field, one of it, and what they must not have; in lower case."""

    field: str
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    def fits(self, held: Sequence[str]) -> bool:
        """Whether one of the wanted values is held, and none of the unwanted."""
        one = not self.wanted or any(each in held for each in self.wanted)
        return one and not any(each in held for each in self.unwanted)


async def find(
    runtime: Runtime, typed: str = "", filters: Sequence[FieldValues] = ()
) -> list[Profile]:
    """Return everybody who fits a query and all filters, by name."""
    words = typed.lower().split()
    return [
        profile
        for profile in await runtime.database.read(_everybody)
        if profile.holds(words) and all(each.fits(profile.values(each.field)) for each in filters)
    ]


async def teams(runtime: Runtime) -> list[dict[str, Any]]:
    """Return all that connectors said of the organisation's teams."""
    return await runtime.database.read(pushed_teams.definitions)


async def groups_of(runtime: Runtime, principal: Principal) -> list[Subject]:
    """Return the groups that the principal is in, without those in them, sorted."""
    return await runtime.database.read(_groups_of, principal.email or "")


def _groups_of(connection: sa.Connection, email: str) -> list[Subject]:
    return sorted(memberships.chains(connection, memberships.identities(connection, email)))


def field_named(given: str) -> str:
    """Return the field that a filter names, in camel or in snake case; raises InvalidRequest.

    One that is not known here is refused, as nobody would fit it.
    """
    plain = "".join(letter for letter in given.lower() if letter.isalnum())
    name = ALIASES.get(plain, plain)
    if name not in FIELDS:
        raise InvalidRequest(
            f"filter: people cannot be filtered by {given[:50]!r}; take one of "
            f"{', '.join(sorted(FIELDS))}."
        )
    return name


def _everybody(connection: sa.Connection) -> list[Profile]:
    users = people.directory(connection)
    said = pushed.definitions(connection)
    by_email = {user.email: user for user in users}
    by_id = {each["id"]: email for email, each in said.items() if each.get("id")}

    def manager(of: Mapping[str, Any]) -> User | None:
        named = of.get("managerEmail") or by_id.get(of.get("managerId"), "")
        return by_email.get(plain_address(str(named)))

    return [Profile(user, own := said.get(user.email, {}), manager(own)) for user in users]
