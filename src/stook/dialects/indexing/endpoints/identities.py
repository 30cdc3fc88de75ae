"""Users, groups and memberships of a datasource, and the organisation's people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.application.intake import datasources, identities
from stook.application.intake.identities import PEOPLE
from stook.dialects.access import Opened
from stook.dialects.bodies import json_body
from stook.dialects.indexing import responses
from stook.dialects.indexing.endpoints.callers import (
    AnyDatasource,
    BulkUnrestricted,
    Caller,
    Digest,
    Unrestricted,
    described,
    within,
)
from stook.dialects.indexing.rendering import json
from stook.dialects.indexing.requests import bodies, organisation, reading

router = APIRouter()


@router.post("/indexuser", **described("Add or replace a user", bodies.OneUser))
async def index_user(
    runtime: Opened,
    body: Annotated[bodies.OneUser, Depends(within(bodies.OneUser))],
) -> Response:
    account = reading.account(body.user)
    await identities.put_user(runtime, body.datasource, account, body.version)
    return Response()


@router.post(
    "/bulkindexusers",
    **described("Replace all users of a datasource, page by page", bodies.BulkUsers),
)
async def bulk_index_users(
    runtime: Opened,
    body: Annotated[bodies.BulkUsers, Depends(within(bodies.BulkUsers, bulk=True))],
    digest: Digest,
) -> Response:
    page = reading.page(body.datasource, body, digest)
    await identities.bulk_users(runtime, page, [reading.account(user) for user in body.users])
    return Response()


@router.post("/indexgroup", **described("Add a group", bodies.OneGroup))
async def index_group(
    runtime: Opened,
    caller: Caller,
    body: Annotated[bodies.OneGroup, Depends(within(bodies.OneGroup))],
) -> Response:
    await identities.put_group(
        runtime, caller.actor, body.datasource, body.group.name, body.version
    )
    return Response()


@router.post(
    "/bulkindexgroups",
    **described("Replace all groups of a datasource, page by page", bodies.BulkGroups),
)
async def bulk_index_groups(
    runtime: Opened,
    body: Annotated[bodies.BulkGroups, Depends(within(bodies.BulkGroups, bulk=True))],
    digest: Digest,
) -> Response:
    page = reading.page(body.datasource, body, digest)
    await identities.bulk_groups(runtime, page, [group.name for group in body.groups])
    return Response()


@router.post("/indexmembership", **described("Add a membership", bodies.OneMembership))
async def index_membership(
    runtime: Opened,
    caller: Caller,
    body: Annotated[bodies.OneMembership, Depends(within(bodies.OneMembership))],
) -> Response:
    given = reading.membership(body.membership)
    await identities.put_member(runtime, caller.actor, body.datasource, given, body.version)
    return Response()


@router.post(
    "/bulkindexmemberships",
    **described("Replace the members of a group, page by page", bodies.BulkMemberships),
)
async def bulk_index_memberships(
    runtime: Opened,
    body: Annotated[bodies.BulkMemberships, Depends(within(bodies.BulkMemberships, bulk=True))],
    digest: Digest,
) -> Response:
    """Without ``group``, each item names its own, and nothing is replaced."""
    if body.group:
        page = reading.page(body.datasource, body, digest, body.group)
        given = [reading.membership(each, body.group) for each in body.memberships]
        await identities.bulk_members(runtime, page, given)
        return Response()
    named = [reading.membership_with_group(each) for each in body.memberships]
    await identities.put_members(runtime, body.datasource, named)
    return Response()


@router.post(
    "/processallmemberships",
    **described("Nothing: memberships hold at once", bodies.MaybeDatasource),
)
async def process_all_memberships(
    runtime: Opened,
    body: AnyDatasource,
) -> Response:
    await identities.check_known(runtime, body.datasource)
    return Response()


@router.post("/deleteuser", **described("Delete a user", bodies.DeleteUser))
async def delete_user(
    runtime: Opened,
    caller: Caller,
    body: Annotated[bodies.DeleteUser, Depends(within(bodies.DeleteUser))],
) -> Response:
    await identities.remove_user(runtime, caller.actor, body.datasource, body.email, body.version)
    return Response()


@router.post("/deletegroup", **described("Delete a group", bodies.DeleteGroup))
async def delete_group(
    runtime: Opened,
    caller: Caller,
    body: Annotated[bodies.DeleteGroup, Depends(within(bodies.DeleteGroup))],
) -> Response:
    await identities.remove_group(
        runtime, caller.actor, body.datasource, body.group_name, body.version
    )
    return Response()


@router.post("/deletemembership", **described("Delete a membership", bodies.OneMembership))
async def delete_membership(
    runtime: Opened,
    caller: Caller,
    body: Annotated[bodies.OneMembership, Depends(within(bodies.OneMembership))],
) -> Response:
    given = reading.membership(body.membership)
    await identities.remove_member(runtime, caller.actor, body.datasource, given, body.version)
    return Response()


@router.post("/betausers", **described("Who sees a test datasource", bodies.BetaUsers))
async def beta_users(
    runtime: Opened,
    body: Annotated[bodies.BetaUsers, Depends(within(bodies.BetaUsers))],
) -> Response:
    await datasources.replace_beta_users(runtime, body.datasource, body.emails)
    return Response()


@router.post(
    "/getusercount",
    **described("How many users there are", bodies.OfDatasource, responses.UserCount),
)
async def get_user_count(
    runtime: Opened,
    body: Annotated[bodies.OfDatasource, Depends(within(bodies.OfDatasource))],
) -> Response:
    return json({"userCount": await identities.count_users(runtime, body.datasource)})


@router.post("/indexemployee", **described("Add or replace a person", organisation.OneEmployee))
async def index_employee(
    runtime: Opened,
    caller: Unrestricted,
    body: Annotated[organisation.OneEmployee, Depends(json_body(organisation.OneEmployee))],
) -> Response:
    person = reading.employee(body.employee)
    await identities.put_person(runtime, caller.actor, person, body.version)
    return Response()


@router.post(
    "/bulkindexemployees",
    **described("Replace all people of the organisation, page by page", organisation.BulkEmployees),
)
async def bulk_index_employees(
    runtime: Opened,
    caller: BulkUnrestricted,
    body: Annotated[organisation.BulkEmployees, Depends(json_body(organisation.BulkEmployees))],
    digest: Digest,
) -> Response:
    page = reading.page(PEOPLE, body, digest)
    await identities.bulk_people(runtime, page, [reading.employee(each) for each in body.employees])
    return Response()


@router.post("/deleteemployee", **described("Remove a person", organisation.DeleteEmployee))
async def delete_employee(
    runtime: Opened,
    caller: Unrestricted,
    body: Annotated[organisation.DeleteEmployee, Depends(json_body(organisation.DeleteEmployee))],
) -> Response:
    await identities.remove_person(runtime, caller.actor, body.employee_email, body.version)
    return Response()


@router.post("/processallemployeesandteams", **described("Nothing: people are known at once"))
async def process_all_employees(runtime: Opened, caller: Unrestricted) -> Response:
    return Response()
