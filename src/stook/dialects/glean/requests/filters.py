"""What a Glean request says about the documents to be found, as the searcher's filters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stook.application.search.finding import Filters
from stook.application.search.narrowing import FieldFilter, Named, Relation
from stook.dialects.glean.requests.search import (
    FacetFilter,
    FacetFilterValue,
    RestrictionFilters,
    SearchRequestOptions,
)
from stook.errors import InvalidRequest

_RELATIONS = {
    "EQUALS": Relation.EQUALS,
    "ID_EQUALS": Relation.EQUALS,
    "NOT_EQUALS": Relation.NOT_EQUALS,
    "GT": Relation.GT,
    "LT": Relation.LT,
}


def alternatives(
    sets: Iterable[Sequence[FacetFilter]],
) -> tuple[tuple[FieldFilter, ...], ...]:
    """What sets of filters ask for, of which documents fit any; raises InvalidRequest."""
    return tuple(tuple(map(_field_filter, some)) for some in sets)


def of_search(options: SearchRequestOptions) -> tuple[tuple[FieldFilter, ...], ...]:
    """The sets of filters of a search; raises InvalidRequest."""
    sets = [each.filters for each in options.facet_filter_sets] or [options.facet_filters]
    return alternatives(sets)


def _field_filter(given: FacetFilter) -> FieldFilter:
    if not given.field_name or not given.values:
        raise InvalidRequest("facetFilters: each filter needs a fieldName and values.")
    return FieldFilter(given.field_name, tuple(map(_named, given.values)))


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
