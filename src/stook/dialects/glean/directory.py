"""The organisation's people with all that a people connector said of them, and how they are found.

Filters name a field as Glean does, in camel or in snake case; one that is not known here is
refused, as nobody would fit it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from stook.dialects.glean.search_models import FacetFilter, FacetFilterValue
from stook.errors import InvalidRequest
from stook.identity import people
from stook.identity.names import plain_address
from stook.identity.users import User
from stook.knowledge.intake import people as pushed

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


def find(
    connection: sa.Connection, typed: str = "", filters: Sequence[FacetFilter] = ()
) -> list[Profile]:
    """Everybody who fits a query and all filters, by name; raises InvalidRequest."""
    wanted = [(_field(each), each.values) for each in filters]
    words = typed.lower().split()
    return [
        profile
        for profile in _everybody(connection)
        if profile.holds(words)
        and all(_fits(profile.values(name), values) for name, values in wanted)
    ]


def _everybody(connection: sa.Connection) -> list[Profile]:
    users = people.directory(connection)
    said = pushed.definitions(connection)
    by_email = {user.email: user for user in users}
    by_id = {each["id"]: email for email, each in said.items() if each.get("id")}

    def manager(of: Mapping[str, Any]) -> User | None:
        named = of.get("managerEmail") or by_id.get(of.get("managerId"), "")
        return by_email.get(plain_address(str(named)))

    return [Profile(user, own := said.get(user.email, {}), manager(own)) for user in users]


def _field(given: FacetFilter) -> str:
    """The field that a filter names; raises InvalidRequest."""
    plain = "".join(letter for letter in (given.field_name or "").lower() if letter.isalnum())
    name = ALIASES.get(plain, plain)
    if name not in FIELDS:
        raise InvalidRequest(
            f"filter: people cannot be filtered by {(given.field_name or '')[:50]!r}; take one of "
            f"{', '.join(sorted(FIELDS))}."
        )
    for value in given.values:
        if (value.relation_type or "EQUALS") not in ("EQUALS", "NOT_EQUALS"):
            raise InvalidRequest("filter: of people, a relation is EQUALS or NOT_EQUALS.")
    return name


def _fits(held: Sequence[str], values: Sequence[FacetFilterValue]) -> bool:
    """Whether one of the wanted values is held, and none of the unwanted."""
    wanted = [_plain(value) for value in values if not _is_negated(value)]
    unwanted = [_plain(value) for value in values if _is_negated(value)]
    return (not wanted or any(each in held for each in wanted)) and not any(
        each in held for each in unwanted
    )


def _plain(value: FacetFilterValue) -> str:
    return (value.value or "").strip().lower()


def _is_negated(value: FacetFilterValue) -> bool:
    return bool(value.is_negated) != (value.relation_type == "NOT_EQUALS")
