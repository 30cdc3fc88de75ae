"""Groups of people and of groups: found, made, joined, left, removed."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from stook.application.administration import people as service
from stook.dialects.access import Opened
from stook.dialects.bodies import documented, json_body
from stook.dialects.bounds import Name
from stook.dialects.stook.administration.access import Administrator
from stook.dialects.stook.administration.lists import PAGE, Cursor, Words, cursor_of, place_of
from stook.dialects.stook.administration.requests import AddToGroupRequest
from stook.dialects.stook.administration.responses import GroupDetails, GroupList
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import json
from stook.identity.audit import actor_of

router = APIRouter(tags=["Stook"])
GroupName = Annotated[Name, Query(description="The group's name.")]
Realm = Annotated[Name, Query(description="Of which datasource; empty: the organisation's own.")]
MemberKind = Annotated[Literal["user", "group"], Query(description="What the member is.")]
MemberName = Annotated[Name, Query(description="The person's address, or the group's name.")]


@router.get("/groups", summary="Groups, found by words", responses={200: {"model": GroupList}})
async def list_groups(
    runtime: Opened, principal: Administrator, query: Words = "", cursor: Cursor = None
) -> Response:
    page = await runtime.database.read(service.find_groups, query, place_of(cursor, str), PAGE)
    return json({"groups": list(map(asdict, page.items)), "next_cursor": cursor_of(page.next)})


@router.get(
    "/group",
    summary="A group, and its direct members",
    responses={200: {"model": GroupDetails}, **problems(404)},
)
async def inspect_group(
    runtime: Opened,
    principal: Administrator,
    name: GroupName,
    realm: Realm = "",
    cursor: Cursor = None,
) -> Response:
    after = place_of(cursor, str)
    found = await runtime.database.read(service.inspect_group, realm, name, after, PAGE)
    return json(
        {
            "group": asdict(found.group),
            "documents": found.documents,
            "members": [{"kind": kind, "name": ref} for kind, ref in found.members.items],
            "next_cursor": cursor_of(found.members.next),
        }
    )


@router.post(
    "/group",
    summary="Add members to a group of the organisation, which is made if it is new",
    responses={200: {"description": "Nothing."}},
    openapi_extra=documented(AddToGroupRequest),
)
async def add_to_group(
    runtime: Opened,
    principal: Administrator,
    body: Annotated[AddToGroupRequest, Depends(json_body(AddToGroupRequest))],
) -> Response:
    members = [(member.kind, member.name) for member in body.members]
    await runtime.database.write(service.add_to_group, actor_of(principal), body.name, members)
    return Response()


@router.delete(
    "/group/member",
    summary="Remove a direct member from a group",
    responses={200: {"description": "Nothing."}, **problems(404)},
)
async def remove_from_group(
    runtime: Opened,
    principal: Administrator,
    name: GroupName,
    kind: MemberKind,
    member: MemberName,
    realm: Realm = "",
) -> Response:
    gone = (realm, name, (kind, member))
    await runtime.database.write(service.remove_from_group, actor_of(principal), *gone)
    return Response()


@router.delete(
    "/group",
    summary="Remove a group; what only its members could see, they see no longer",
    responses={200: {"description": "Nothing."}, **problems(404)},
)
async def remove_group(
    runtime: Opened, principal: Administrator, name: GroupName, realm: Realm = ""
) -> Response:
    await runtime.database.write(service.remove_group, actor_of(principal), realm, name)
    return Response()
