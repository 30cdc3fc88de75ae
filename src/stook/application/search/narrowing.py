"""Turns what callers say about documents, field by field, into conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stook.application.search import times
from stook.application.search.operators import Operator
from stook.errors import InvalidRequest
from stook.identity import people
from stook.identity.principals import Viewer
from stook.knowledge.store.conditions import (
    LAST_UPDATED,
    AnyOf,
    Condition,
    Period,
    Relation,
    Value,
)
from stook.storage.database import Database

__all__ = [
    "MOST_CONDITIONS",
    "FieldFilter",
    "InvalidValue",
    "Named",
    "Narrowing",
    "Period",
    "Relation",
    "any_of",
]

MOST_CONDITIONS = 200  # values of all filters and operators of one search together
PEOPLE = frozenset({"from", "author", "owner"})
_OF_INLINE = {"before": Relation.LT, "after": Relation.GT}


class InvalidValue(InvalidRequest):
    """A field cannot have this value."""

    def __init__(self, field: str, value: str) -> None:
        self.field = field
        self.value = value
        super().__init__(
            f"{field} cannot be {value!r}; it takes dates (2026-01-31) and words such as today, "
            "yesterday, past_week or past_3_months."
        )


def check_number(conditions: int) -> None:
    """Raise InvalidRequest where a search is narrowed by more than it can look at."""
    if conditions > MOST_CONDITIONS:
        raise InvalidRequest(
            f"The search is narrowed by {conditions:,} values of filters and operators together; "
            f"at most {MOST_CONDITIONS} are taken."
        )


@dataclass(frozen=True, slots=True)
class Named:
    """A value as the caller gave it, and how a document's must stand to it."""

    relation: Relation
    value: str


@dataclass(frozen=True, slots=True)
class FieldFilter:
    """What one filter says of a field; values to be equal to are alternatives, others all hold."""

    field: str
    values: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Works out conditions for one caller: who "me" is, and which day is today."""

    database: Database
    viewer: Viewer
    now: datetime

    async def conditions(self, field: str, given: Sequence[Named]) -> list[Condition]:
        """Conditions that together say what one filter says; raises InvalidValue.

        Values to be equal to are alternatives, all others hold at once.
        """
        name = field.strip().lower() if field.strip().lower() in _KNOWN else field.strip()
        equal = [each for each in given if each.relation is Relation.EQUALS]
        others = [[each] for each in given if each.relation is not Relation.EQUALS]
        return [await self._condition(name, group) for group in (equal, *others) if group]

    async def of_operators(self, operators: Sequence[Operator]) -> list[Condition]:
        """The conditions of a typed query; one operator's several values are alternatives."""
        grouped: dict[tuple[str, bool], list[Operator]] = {}
        for operator in operators:
            grouped.setdefault((operator.name, operator.negated), []).append(operator)
        found: list[Condition] = []
        for (name, negated), group in grouped.items():
            relation = Relation.NOT_EQUALS if negated else _OF_INLINE.get(name, Relation.EQUALS)
            given = [Named(relation, operator.value) for operator in group]
            found += await self.conditions(group[0].field, given)
        return found

    async def _condition(self, field: str, given: Sequence[Named]) -> Condition:
        relation = given[0].relation
        if field == LAST_UPDATED:
            periods: tuple[Value, ...] = tuple(self._period(each) for each in given)
            negated = relation is Relation.NOT_EQUALS
            return Condition(field, periods, Relation.NOT_EQUALS if negated else Relation.EQUALS)
        values = tuple(each.value for each in given)
        if field in PEOPLE:
            values = await self._everybody_called(values)
        return Condition(field, values, relation)

    def _period(self, given: Named) -> Period:
        found = times.period(given.value, given.relation, self.now)
        if found is None:
            raise InvalidValue(LAST_UPDATED, given.value)
        return found

    async def _everybody_called(self, names: Sequence[str]) -> tuple[str, ...]:
        me = self.viewer.email or ""
        meant = [me if name.lower() == "me" and me else name for name in names]
        return await self.database.read(people.also_known_as, meant)


async def any_of(
    narrowing: Narrowing,
    alternatives: Sequence[Sequence[FieldFilter]],
    typed: Sequence[Operator] = (),
    period: Period | None = None,
) -> AnyOf:
    """Return the conditions of a search: what was typed holds beside any of the alternatives.

    Raises InvalidRequest and InvalidValue.
    """
    given = sum(len(each.values) for some in alternatives for each in some)
    check_number(given + len(alternatives) * len(typed))
    common = await narrowing.of_operators(typed)
    if period is not None:
        common.append(Condition(LAST_UPDATED, (period,)))
    sets = [[*common, *await _of_filters(narrowing, some)] for some in alternatives]
    return tuple(map(tuple, sets)) if all(sets) else ()  # one without conditions fits everything


async def _of_filters(narrowing: Narrowing, filters: Sequence[FieldFilter]) -> list[Condition]:
    found: list[Condition] = []
    for each in filters:
        found += await narrowing.conditions(each.field, each.values)
    return found


_KNOWN = PEOPLE | {LAST_UPDATED, "type", "app", "datasource", "container", "publisher", "url"}
