"""What a Glean request says about the documents to be found, as the searcher's filters."""

from __future__ import annotations

from collections.abc import Sequence

from stook.application.search.narrowing import Named, Narrowing, check_number
from stook.application.search.operators import Operator
from stook.dialects.glean.search_models import (
    FacetFilter,
    FacetFilterSet,
    FacetFilterValue,
    RestrictionFilters,
    SearchRequestOptions,
)
from stook.errors import InvalidRequest
from stook.knowledge.store.conditions import AnyOf, Condition, Relation
from stook.knowledge.store.documents import Filters

_RELATIONS = {
    "EQUALS": Relation.EQUALS,
    "ID_EQUALS": Relation.EQUALS,
    "NOT_EQUALS": Relation.NOT_EQUALS,
    "GT": Relation.GT,
    "LT": Relation.LT,
}


async def any_of(
    narrowing: Narrowing, options: SearchRequestOptions, typed: Sequence[Operator]
) -> AnyOf:
    """The conditions of a search: typed ones hold beside any of the sets of filters.

    With queryOverridesFacetFilters a typed operator takes the place of filters on its field.
    """
    sets = [each.filters for each in options.facet_filter_sets] or [options.facet_filters]
    if options.query_overrides_facet_filters:
        overridden = {operator.field for operator in typed}
        sets = [[each for each in some if each.field_name not in overridden] for some in sets]
    check_number(_count(sets) + len(sets) * len(typed))
    of_query = await narrowing.of_operators(typed)
    return _alternatives([[*of_query, *await _conditions(narrowing, some)] for some in sets])


async def any_of_sets(narrowing: Narrowing, sets: Sequence[FacetFilterSet]) -> AnyOf:
    """Documents that fit any of the sets of filters."""
    filters = [each.filters for each in sets]
    check_number(_count(filters))
    return _alternatives([await _conditions(narrowing, some) for some in filters])


def _count(sets: Sequence[Sequence[FacetFilter]]) -> int:
    return sum(len(each.values) for some in sets for each in some)


def _alternatives(sets: Sequence[Sequence[Condition]]) -> AnyOf:
    """One without conditions makes all of them needless."""
    return tuple(map(tuple, sets)) if all(sets) else ()


async def _conditions(narrowing: Narrowing, filters: Sequence[FacetFilter]) -> list[Condition]:
    found: list[Condition] = []
    for each in filters:
        if not each.field_name or not each.values:
            raise InvalidRequest("facetFilters: each filter needs a fieldName and values.")
        given = [_named(value) for value in each.values]
        found += await narrowing.conditions(each.field_name, given)
    return found


def _named(value: FacetFilterValue) -> Named:
    relation = _RELATIONS.get(value.relation_type or "EQUALS")
    if relation is None:
        raise InvalidRequest(f"relationType: one of {', '.join(_RELATIONS)}.")
    if value.is_negated and relation is Relation.EQUALS:
        relation = Relation.NOT_EQUALS
    if value.value is None:
        raise InvalidRequest("facetFilters: each value needs a value.")
    return Named(relation, value.value)


def content_filters(
    inclusions: RestrictionFilters | None, exclusions: RestrictionFilters | None
) -> Filters:
    """Containers to look into, or to leave out."""
    only = (inclusions or RestrictionFilters()).container_specs
    never = (exclusions or RestrictionFilters()).container_specs
    return Filters(
        containers=frozenset(spec.name for spec in only),
        not_containers=frozenset(spec.name for spec in never),
    )
