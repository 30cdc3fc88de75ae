"""The routes of SCIM 2.0."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from pydantic import ValidationError
from scim2_models import Context, PatchOp
from scim2_models.exceptions import SCIMException
from starlette.responses import Response

from stook.dialects.access import Opened
from stook.dialects.bodies import content, json_body
from stook.dialects.bounds import Name
from stook.dialects.dialect import Dialect
from stook.dialects.scim import resources
from stook.dialects.scim.resources import MOST_LISTED, PREFIX, Person, Team
from stook.dialects.scim.wire import (
    SCIM,
    Count,
    Filtered,
    Names,
    NotNames,
    Provisioner,
    ScimError,
    ScimResource,
    Start,
    base_of,
    listed,
    not_implemented,
    page_of,
    render_problem,
    resource,
    unreadable,
    wanted_by,
    written,
)
from stook.errors import InvalidRequest, NotFound
from stook.identity import provisioning
from stook.identity.audit import actor_of

router = APIRouter(prefix=PREFIX, tags=["SCIM"])
PERSON_FILTERS = frozenset({"id", "username", "externalid", "emails", "emails.value"})
GROUP_FILTERS = frozenset({"id", "displayname", "externalid"})
Id = Annotated[Name, Path(description="The provider's id for it.")]
Body = Annotated[ScimResource, Depends(json_body(ScimResource))]
TAKES: dict[str, Any] = {"requestBody": {"required": True, "content": content(SCIM, ScimResource)}}
GIVES: dict[int | str, dict[str, Any]] = {
    200: {"description": "What was asked for.", "content": content(SCIM, ScimResource)},
    404: {"description": "There is no such thing."},
}
MADE: dict[int | str, dict[str, Any]] = {
    201: {"description": "Made.", "content": content(SCIM, ScimResource)},
    409: {"description": "There is one of this name."},
}
GONE: dict[int | str, dict[str, Any]] = {
    204: {"description": "Gone."},
    404: {"description": "There is no such thing."},
}
UNIQUE: dict[int | str, dict[str, Any]] = GIVES | {409: MADE[409]}

# --- what this server is -------------------------------------------------------------------------


@router.get("/ServiceProviderConfig", summary="What this server can", responses=GIVES)
async def service_provider_config(request: Request, principal: Provisioner) -> Response:
    found = resources.service_provider_config(base_of(request))
    return written(found, Context.RESOURCE_QUERY_RESPONSE)


@router.get("/Schemas", summary="The attributes of users and groups", responses=GIVES)
async def list_schemas(request: Request, principal: Provisioner) -> Response:
    found = resources.schemas(base_of(request))
    return listed(found, len(found), 0)


@router.get("/Schemas/{schema_id}", summary="The attributes of one of them", responses=GIVES)
async def get_schema(request: Request, principal: Provisioner, schema_id: Id) -> Response:
    return written(
        _of_id(resources.schemas(base_of(request)), schema_id), Context.RESOURCE_QUERY_RESPONSE
    )


@router.get("/ResourceTypes", summary="Where users and groups are", responses=GIVES)
async def list_resource_types(request: Request, principal: Provisioner) -> Response:
    found = resources.resource_types(base_of(request))
    return listed(found, len(found), 0)


@router.get("/ResourceTypes/{type_id}", summary="Where one of them is", responses=GIVES)
async def get_resource_type(request: Request, principal: Provisioner, type_id: Id) -> Response:
    found = _of_id(resources.resource_types(base_of(request)), type_id)
    return written(found, Context.RESOURCE_QUERY_RESPONSE)


def _of_id(found: list[Any], wanted: str) -> Any:
    for each in found:
        if str(each.id) == wanted:
            return each
    raise NotFound("There is no such thing.")


@router.post(
    "/.search",
    summary="Nothing: users and groups are searched for by themselves",
    responses={501: {"description": "Not implemented."}},
    openapi_extra=TAKES,
)
async def search(principal: Provisioner, body: Body) -> Response:
    return not_implemented("Users and groups are searched for by themselves.")


# --- users ---------------------------------------------------------------------------------------


@router.get("/Users", summary="The people that were provisioned", responses=GIVES)
async def list_users(
    request: Request,
    runtime: Opened,
    principal: Provisioner,
    start: Start = 1,
    count: Count = MOST_LISTED,
    filter: Filtered = "",  # noqa: A002 - SCIM's name
    attributes: Names = "",
    without: NotNames = "",
) -> Response:
    wanted = wanted_by(Person, filter, PERSON_FILTERS)
    first, size = page_of(start, count)
    found, total = await runtime.database.read(provisioning.find_people, wanted, first, size)
    shown = [resources.person_resource(each, base_of(request)) for each in found]
    return listed(shown, total, first, attributes, without)


@router.post(
    "/Users", summary="Let a person in", status_code=201, responses=MADE, openapi_extra=TAKES
)
async def add_user(
    request: Request, runtime: Opened, principal: Provisioner, body: Body
) -> Response:
    sent = resources.completed(body.root)
    given = resource(Person, sent, Context.RESOURCE_CREATION_REQUEST)
    person = resources.provisioned_person(given)
    if not person.email:
        raise InvalidRequest("emails: a person needs an e-mail address.")
    new = await runtime.database.write(provisioning.add_person, actor_of(principal), person)
    return await _user(request, runtime, new, Context.RESOURCE_CREATION_RESPONSE, 201)


@router.get("/Users/{user_id}", summary="A person", responses=GIVES)
async def get_user(
    request: Request,
    runtime: Opened,
    principal: Provisioner,
    user_id: Id,
    attributes: Names = "",
    without: NotNames = "",
) -> Response:
    context = Context.RESOURCE_QUERY_RESPONSE
    return await _user(request, runtime, user_id, context, 200, attributes, without)


@router.put(
    "/Users/{user_id}", summary="Describe a person anew", responses=UNIQUE, openapi_extra=TAKES
)
async def replace_user(
    request: Request, runtime: Opened, principal: Provisioner, user_id: Id, body: Body
) -> Response:
    before = await runtime.database.read(provisioning.get_person, user_id)
    sent = resources.completed({"active": before.active, **body.root})  # stays where it is not said
    given = resource(Person, sent, Context.RESOURCE_REPLACEMENT_REQUEST)
    person = resources.provisioned_person(given)
    write = runtime.database.write
    await write(provisioning.change_person, actor_of(principal), user_id, person)
    return await _user(request, runtime, user_id, Context.RESOURCE_REPLACEMENT_RESPONSE)


@router.patch("/Users/{user_id}", summary="Change a person", responses=UNIQUE, openapi_extra=TAKES)
async def patch_user(
    request: Request, runtime: Opened, principal: Provisioner, user_id: Id, body: Body
) -> Response:
    before = await runtime.database.read(provisioning.get_person, user_id)
    changed = resources.person_resource(before, base_of(request))
    _patch(PatchOp[Person], body.root, changed)
    person = resources.provisioned_person(changed)
    write = runtime.database.write
    await write(provisioning.change_person, actor_of(principal), user_id, person)
    return await _user(request, runtime, user_id, Context.RESOURCE_PATCH_RESPONSE)


@router.delete("/Users/{user_id}", summary="Shut a person out", status_code=204, responses=GONE)
async def remove_user(runtime: Opened, principal: Provisioner, user_id: Id) -> Response:
    await runtime.database.write(provisioning.remove_person, actor_of(principal), user_id)
    return Response(status_code=204)


async def _user(
    request: Request,
    runtime: Opened,
    user_id: str,
    context: Context,
    status: int = 200,
    names: str = "",
    without: str = "",
) -> Response:
    person = await runtime.database.read(provisioning.get_person, user_id)
    found = resources.person_resource(person, base_of(request))
    return written(found, context, status, names, without)


# --- groups --------------------------------------------------------------------------------------


@router.get("/Groups", summary="The groups that were provisioned", responses=GIVES)
async def list_groups(
    request: Request,
    runtime: Opened,
    principal: Provisioner,
    start: Start = 1,
    count: Count = MOST_LISTED,
    filter: Filtered = "",  # noqa: A002 - SCIM's name
    attributes: Names = "",
    without: NotNames = "",
) -> Response:
    wanted = wanted_by(Team, filter, GROUP_FILTERS)
    first, size = page_of(start, count)
    found, total = await runtime.database.read(provisioning.find_groups, wanted, first, size)
    shown = [resources.group_resource(each, base_of(request)) for each in found]
    return listed(shown, total, first, attributes, without)


@router.post(
    "/Groups", summary="Make a group", status_code=201, responses=MADE, openapi_extra=TAKES
)
async def add_group(
    request: Request, runtime: Opened, principal: Provisioner, body: Body
) -> Response:
    given = resource(Team, body.root, Context.RESOURCE_CREATION_REQUEST)
    group = resources.provisioned_group(given)
    new = await runtime.database.write(provisioning.add_group, actor_of(principal), group)
    return await _group(request, runtime, new, Context.RESOURCE_CREATION_RESPONSE, 201)


@router.get("/Groups/{group_id}", summary="A group, with its members", responses=GIVES)
async def get_group(
    request: Request,
    runtime: Opened,
    principal: Provisioner,
    group_id: Id,
    attributes: Names = "",
    without: NotNames = "",
) -> Response:
    context = Context.RESOURCE_QUERY_RESPONSE
    return await _group(request, runtime, group_id, context, 200, attributes, without)


@router.put(
    "/Groups/{group_id}", summary="Give a group its members", responses=GIVES, openapi_extra=TAKES
)
async def replace_group(
    request: Request, runtime: Opened, principal: Provisioner, group_id: Id, body: Body
) -> Response:
    given = resource(Team, body.root, Context.RESOURCE_REPLACEMENT_REQUEST)
    group = resources.provisioned_group(given)
    before = await runtime.database.read(provisioning.get_group, group_id)
    if group.name != before.name:
        raise InvalidRequest("displayName: documents name the group by it, so that it stays.")
    write = runtime.database.write
    await write(provisioning.change_group, actor_of(principal), group_id, group)
    return await _group(request, runtime, group_id, Context.RESOURCE_REPLACEMENT_RESPONSE)


@router.patch(
    "/Groups/{group_id}", summary="Change a group's members", responses=GIVES, openapi_extra=TAKES
)
async def patch_group(
    request: Request, runtime: Opened, principal: Provisioner, group_id: Id, body: Body
) -> Response:
    before = await runtime.database.read(provisioning.get_group, group_id)
    changed = resources.group_resource(before, base_of(request))
    _patch(PatchOp[Team], body.root, changed)
    group = resources.provisioned_group(changed)
    write = runtime.database.write
    await write(provisioning.change_group, actor_of(principal), group_id, group)
    return await _group(request, runtime, group_id, Context.RESOURCE_PATCH_RESPONSE)


@router.delete("/Groups/{group_id}", summary="Remove a group", status_code=204, responses=GONE)
async def remove_group(runtime: Opened, principal: Provisioner, group_id: Id) -> Response:
    await runtime.database.write(provisioning.remove_group, actor_of(principal), group_id)
    return Response(status_code=204)


async def _group(
    request: Request,
    runtime: Opened,
    group_id: str,
    context: Context,
    status: int = 200,
    names: str = "",
    without: str = "",
) -> Response:
    group = await runtime.database.read(provisioning.get_group, group_id)
    found = resources.group_resource(group, base_of(request))
    return written(found, context, status, names, without)


def _patch(kind: type[PatchOp[Any]], body: dict[str, Any], changed: Any) -> None:
    """Apply the operations of a body; raises InvalidRequest."""
    try:
        operations = kind.model_validate(body, scim_ctx=Context.RESOURCE_PATCH_REQUEST)
        operations.patch(changed)
    except (SCIMException, ValidationError) as error:
        raise unreadable(error) from error


DIALECT = Dialect(
    name="SCIM",
    summary="SCIM 2.0: an identity provider provisions people and groups",
    router=router,
    paths=(PREFIX,),
    render=render_problem,
    models=(ScimResource,),
    error=ScimError,
    error_type=SCIM,
)
