"""Users, groups and memberships of a datasource, and the organisation's people."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from stook.dialects.access import Opened
from stook.dialects.bodies import json_body
from stook.dialects.indexing import answers, models, organisation, reading
from stook.dialects.indexing.wire import AnyDatasource, BulkCaller, Caller, Digest, described, json
from stook.identity import realms
from stook.knowledge.intake import datasources, single
from stook.knowledge.intake import upload_types as kinds
from stook.knowledge.intake.service import PEOPLE

router = APIRouter()


@router.post("/indexuser", **described("Add or replace a user", models.OneUser))
async def index_user(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.OneUser, Depends(json_body(models.OneUser))],
) -> Response:
    caller.check(body.datasource)
    account = reading.account(body.user)
    await runtime.database.write(single.put_user, body.datasource, account, body.version)
    return Response()


@router.post(
    "/bulkindexusers",
    **described("Replace all users of a datasource, page by page", models.BulkUsers),
)
async def bulk_index_users(
    runtime: Opened,
    caller: BulkCaller,
    body: Annotated[models.BulkUsers, Depends(json_body(models.BulkUsers))],
    digest: Digest,
) -> Response:
    caller.check(body.datasource)
    page = reading.page(kinds.USERS.name, body.datasource, body, digest)
    await runtime.pusher.bulk_users(page, [reading.account(user) for user in body.users])
    return Response()


@router.post("/indexgroup", **described("Add a group", models.OneGroup))
async def index_group(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.OneGroup, Depends(json_body(models.OneGroup))],
) -> Response:
    caller.check(body.datasource)
    write = runtime.database.write
    await write(single.put_group, body.datasource, body.group.name, body.version)
    return Response()


@router.post(
    "/bulkindexgroups",
    **described("Replace all groups of a datasource, page by page", models.BulkGroups),
)
async def bulk_index_groups(
    runtime: Opened,
    caller: BulkCaller,
    body: Annotated[models.BulkGroups, Depends(json_body(models.BulkGroups))],
    digest: Digest,
) -> Response:
    caller.check(body.datasource)
    page = reading.page(kinds.GROUPS.name, body.datasource, body, digest)
    await runtime.pusher.bulk_groups(page, [group.name for group in body.groups])
    return Response()


@router.post("/indexmembership", **described("Add a membership", models.OneMembership))
async def index_membership(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.OneMembership, Depends(json_body(models.OneMembership))],
) -> Response:
    caller.check(body.datasource)
    given = reading.membership(body.membership)
    await runtime.database.write(single.put_member, body.datasource, given, body.version)
    return Response()


@router.post(
    "/bulkindexmemberships",
    **described("Replace the members of a group, page by page", models.BulkMemberships),
)
async def bulk_index_memberships(
    runtime: Opened,
    caller: BulkCaller,
    body: Annotated[models.BulkMemberships, Depends(json_body(models.BulkMemberships))],
    digest: Digest,
) -> Response:
    """Without ``group``, each item names its own, and nothing is replaced."""
    caller.check(body.datasource)
    if body.group:
        page = reading.page(kinds.MEMBERSHIPS.name, body.datasource, body, digest, body.group)
        given = [reading.membership(each, body.group) for each in body.memberships]
        await runtime.pusher.bulk_members(page, given)
        return Response()
    named = [reading.membership_with_group(each) for each in body.memberships]
    await runtime.database.write(single.put_members, body.datasource, named)
    return Response()


@router.post(
    "/processallmemberships",
    **described("Nothing: memberships hold at once", models.MaybeDatasource),
)
async def process_all_memberships(
    runtime: Opened,
    caller: Caller,
    body: AnyDatasource,
) -> Response:
    if body.datasource:
        caller.check(body.datasource)
        await runtime.database.read(datasources.get, body.datasource)
    else:
        caller.check_unrestricted()
    return Response()


@router.post("/deleteuser", **described("Delete a user", models.DeleteUser))
async def delete_user(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.DeleteUser, Depends(json_body(models.DeleteUser))],
) -> Response:
    caller.check(body.datasource)
    write = runtime.database.write
    await write(single.remove_user, body.datasource, body.email, body.version)
    return Response()


@router.post("/deletegroup", **described("Delete a group", models.DeleteGroup))
async def delete_group(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.DeleteGroup, Depends(json_body(models.DeleteGroup))],
) -> Response:
    caller.check(body.datasource)
    write = runtime.database.write
    await write(single.remove_group, body.datasource, body.group_name, body.version)
    return Response()


@router.post("/deletemembership", **described("Delete a membership", models.OneMembership))
async def delete_membership(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.OneMembership, Depends(json_body(models.OneMembership))],
) -> Response:
    caller.check(body.datasource)
    given = reading.membership(body.membership)
    await runtime.database.write(single.remove_member, body.datasource, given, body.version)
    return Response()


@router.post("/betausers", **described("Who sees a test datasource", models.BetaUsers))
async def beta_users(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.BetaUsers, Depends(json_body(models.BetaUsers))],
) -> Response:
    caller.check(body.datasource)
    write = runtime.database.write
    await write(datasources.replace_beta_users, body.datasource, body.emails)
    return Response()


@router.post(
    "/getusercount",
    **described("How many users there are", models.OfDatasource, answers.UserCount),
)
async def get_user_count(
    runtime: Opened,
    caller: Caller,
    body: Annotated[models.OfDatasource, Depends(json_body(models.OfDatasource))],
) -> Response:
    caller.check(body.datasource)
    await runtime.database.read(datasources.get, body.datasource)
    accounts = await runtime.database.read(realms.list_all, body.datasource)
    return json({"userCount": len(accounts)})


@router.post("/indexemployee", **described("Add or replace a person", organisation.OneEmployee))
async def index_employee(
    runtime: Opened,
    caller: Caller,
    body: Annotated[organisation.OneEmployee, Depends(json_body(organisation.OneEmployee))],
) -> Response:
    caller.check_unrestricted()
    person = reading.employee(body.employee)
    await runtime.database.write(single.put_person, person, body.version)
    return Response()


@router.post(
    "/bulkindexemployees",
    **described("Replace all people of the organisation, page by page", organisation.BulkEmployees),
)
async def bulk_index_employees(
    runtime: Opened,
    caller: BulkCaller,
    body: Annotated[organisation.BulkEmployees, Depends(json_body(organisation.BulkEmployees))],
    digest: Digest,
) -> Response:
    caller.check_unrestricted()
    page = reading.page(kinds.EMPLOYEES.name, PEOPLE, body, digest)
    await runtime.pusher.bulk_people(page, [reading.employee(each) for each in body.employees])
    return Response()


@router.post("/deleteemployee", **described("Remove a person", organisation.DeleteEmployee))
async def delete_employee(
    runtime: Opened,
    caller: Caller,
    body: Annotated[organisation.DeleteEmployee, Depends(json_body(organisation.DeleteEmployee))],
) -> Response:
    caller.check_unrestricted()
    await runtime.database.write(single.remove_person, body.employee_email, body.version)
    return Response()


@router.post("/processallemployeesandteams", **described("Nothing: people are known at once"))
async def process_all_employees(runtime: Opened, caller: Caller) -> Response:
    caller.check_unrestricted()
    return Response()
