"""POST /rest/api/v1/people and /listentities: what Stook knows of the organisation's people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application import people
from stook.application.people import FieldValues, Profile
from stook.dialects.access import Opened, caller
from stook.dialects.bodies import documented, json_body
from stook.dialects.cursors import InvalidCursor
from stook.dialects.glean.endpoints.shared import Language
from stook.dialects.glean.errors import errors
from stook.dialects.glean.rendering.person import person_id, person_json
from stook.dialects.glean.rendering.wire import json
from stook.dialects.glean.requests.people import ListEntitiesRequest, PeopleRequest
from stook.dialects.glean.requests.search import FacetFilter, FacetFilterValue
from stook.dialects.glean.responses.people import ListEntitiesResponse, PeopleResponse, Team
from stook.errors import InvalidRequest
from stook.identity.names import plain_address
from stook.identity.principals import Caller, Principal, Scope
from stook.runtime import Runtime
from stook.understanding import locales

router = APIRouter(tags=["Glean"])
PeopleCaller = Annotated[Caller, Depends(caller(Scope.PEOPLE))]
EntityCaller = Annotated[Caller, Depends(caller(Scope.ENTITIES))]
PAGE, LARGEST_PAGE = 20, 1000
PEOPLE, TEAMS, CUSTOM = "PEOPLE", "TEAMS", "CUSTOM_ENTITIES"
TEAM_FIELDS = tuple(field.alias or name for name, field in Team.model_fields.items())


@router.post(
    "/people",
    summary="People by their addresses or ids",
    responses={200: {"model": PeopleResponse}, **errors("PEOPLE")},
    openapi_extra=documented(PeopleRequest),
)
async def read_people(
    runtime: Opened,
    principal: PeopleCaller,
    body: Annotated[PeopleRequest, Depends(json_body(PeopleRequest))],
    locale: Language,
) -> Response:
    everybody = await people.find(runtime)
    emails = set(map(plain_address, body.email_ids))
    ids = set(body.obfuscated_ids)
    if not emails and not ids:
        emails = {principal.email or ""}
    found = [one for one in everybody if one.user.email in emails or _id(one) in ids]
    known = {one.user.email for one in found} | set(map(_id, found))
    unknown = [name for name in sorted(emails | ids) if name and name not in known]
    return json(
        {
            "results": [person_json(one) for one in found],
            "errors": [locales.nobody(locale, name) for name in unknown],
        }
    )


def _id(profile: Profile) -> str:
    return person_id(profile.user.email)


@router.post(
    "/listentities",
    summary="List people, or teams and the caller's own groups",
    responses={200: {"model": ListEntitiesResponse}, **errors("ENTITIES")},
    openapi_extra=documented(ListEntitiesRequest),
)
async def list_entities(
    runtime: Opened,
    principal: EntityCaller,
    body: Annotated[ListEntitiesRequest, Depends(json_body(ListEntitiesRequest))],
    locale: Language,
) -> Response:
    kind = body.entity_type or PEOPLE
    if kind == PEOPLE:
        return json(await people_json(runtime, body))
    if kind == TEAMS:
        teams = await _teams(runtime, principal, body.query or "")
        page = _page(body, teams, "id")
        return json({"teamResults": page.items, **page.paging})
    if kind != CUSTOM:
        raise InvalidRequest(f"entityType: one of {PEOPLE}, {TEAMS}, {CUSTOM}.")
    nothing = {"totalCount": 0, "hasMoreResults": False, "cursor": ""}
    return json({"customEntityResults": [], **nothing})


async def people_json(runtime: Runtime, body: ListEntitiesRequest) -> dict[str, Any]:
    """ListEntitiesResponse of people; raises InvalidRequest."""
    found = await people.find(runtime, body.query or "", list(map(_wanted, body.filter)))
    page = _page(body, [person_json(one) for one in found], "obfuscatedId")
    return {"results": page.items, **page.paging}


def _wanted(given: FacetFilter) -> FieldValues:
    """What a filter asks of people; raises InvalidRequest."""
    name = people.field_named(given.field_name or "")
    for value in given.values:
        if (value.relation_type or "EQUALS") not in ("EQUALS", "NOT_EQUALS"):
            raise InvalidRequest("filter: of people, a relation is EQUALS or NOT_EQUALS.")
    return FieldValues(
        name,
        tuple(_plain(value) for value in given.values if not _is_negated(value)),
        tuple(_plain(value) for value in given.values if _is_negated(value)),
    )


def _plain(value: FacetFilterValue) -> str:
    return (value.value or "").strip().lower()


def _is_negated(value: FacetFilterValue) -> bool:
    return bool(value.is_negated) != (value.relation_type == "NOT_EQUALS")


async def _teams(runtime: Opened, principal: Principal, typed: str) -> list[dict[str, Any]]:
    """The organisation's teams, and groups that the caller is in, without those in them."""
    held = await people.groups_of(runtime, principal)
    pushed = await people.teams(runtime)
    found = [
        *(_team_json(definition) for definition in pushed),
        *({"id": f"{group.realm}/{group.name}", "name": group.name} for group in held),
    ]
    return [team for team in found if typed.lower() in team["name"].lower()]


def _team_json(definition: dict[str, Any]) -> dict[str, Any]:
    said = {name: definition[name] for name in TEAM_FIELDS if definition.get(name)}
    if more := definition.get("additionalFields"):
        said["customFields"] = [_custom_field(each) for each in more]
    return said | {"memberCount": len(definition["members"])}


def _custom_field(field: dict[str, Any]) -> dict[str, Any]:
    """What else was said of a team; a link keeps its text and where it leads."""
    values = [_custom_value(each) for each in field["value"]]
    return {"label": field["key"], "values": [each for each in values if each]}


def _custom_value(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"strText": value}
    if "hyperlink" in value:
        return {"urlAnchor": value["anchor"], "urlLink": value["hyperlink"]}
    return {"strText": ", ".join(value.values())} if value else {}


@dataclass(frozen=True, slots=True)
class _Page:
    items: list[dict[str, Any]]
    paging: dict[str, Any]


def _page(body: ListEntitiesRequest, found: list[dict[str, Any]], key: str) -> _Page:
    """The entries behind the one that the cursor names."""
    keys = [each[key] for each in found]
    if body.cursor and body.cursor not in keys:
        raise InvalidCursor
    start = keys.index(body.cursor) + 1 if body.cursor else 0
    items = found[start : start + min(body.page_size or PAGE, LARGEST_PAGE)]
    more = start + len(items) < len(found)
    cursor = items[-1][key] if more else ""
    return _Page(items, {"totalCount": len(found), "hasMoreResults": more, "cursor": cursor})
