"""People: found, let in, invited, changed, signed out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from stook.application.administration import people as service
from stook.application.administration.people import Person
from stook.dialects.access import Opened
from stook.dialects.bodies import documented, json_body
from stook.dialects.stook.administration.access import Administrator
from stook.dialects.stook.administration.lists import (
    PAGE,
    Cursor,
    Email,
    Words,
    cursor_of,
    place_of,
)
from stook.dialects.stook.administration.requests import (
    AddPersonRequest,
    ChangePersonRequest,
    PersonRequest,
)
from stook.dialects.stook.administration.responses import (
    EndedSessions,
    Invitation,
    PeopleList,
    PersonDetails,
)
from stook.dialects.stook.errors import problems
from stook.dialects.stook.rendering import json, moment
from stook.identity.audit import actor_of

router = APIRouter(tags=["Stook"])
Active = Annotated[bool | None, Query(description="Only those who may sign in, or may not.")]


@router.get("/people", summary="People, found by words", responses={200: {"model": PeopleList}})
async def list_people(
    runtime: Opened,
    principal: Administrator,
    query: Words = "",
    active: Active = None,
    cursor: Cursor = None,
) -> Response:
    after = place_of(cursor, str)
    page = await runtime.database.read(service.find, query, active, after, PAGE)
    return json(
        {"people": list(map(_person_json, page.items)), "next_cursor": cursor_of(page.next)}
    )


def _person_json(person: Person) -> dict[str, Any]:
    user = person.user
    return {
        "email": user.email,
        "name": user.name,
        "active": user.active,
        "administrator": person.administrator,
        "created_at": moment(user.created_at),
    }


@router.get(
    "/person",
    summary="A person, the groups they are in, and where they are signed in",
    responses={200: {"model": PersonDetails}, **problems(404)},
)
async def inspect_person(runtime: Opened, principal: Administrator, email: Email) -> Response:
    found = await runtime.database.read(service.inspect, email)
    sessions = [
        {"browser": each.browser, "seen_at": moment(each.seen_at)} for each in found.sessions
    ]
    person = _person_json(found.person)
    return json({"person": person, "groups": found.groups, "sessions": sessions})


@router.post(
    "/people",
    summary="Let a person in, and make a link for them if wanted",
    responses={200: {"model": Invitation}},
    openapi_extra=documented(AddPersonRequest),
)
async def add_person(
    runtime: Opened,
    principal: Administrator,
    body: Annotated[AddPersonRequest, Depends(json_body(AddPersonRequest))],
) -> Response:
    actor = actor_of(principal)
    user = await runtime.database.write(service.add, actor, body.email, body.name)
    link = await runtime.database.write(service.invite, actor, user.email) if body.invite else None
    return json({"email": user.email, "link": link})


@router.post(
    "/people/invitation",
    summary="A link that signs a person in, once, within a week",
    responses={200: {"model": Invitation}, **problems(404)},
    openapi_extra=documented(PersonRequest),
)
async def invite_person(
    runtime: Opened,
    principal: Administrator,
    body: Annotated[PersonRequest, Depends(json_body(PersonRequest))],
) -> Response:
    link = await runtime.database.write(service.invite, actor_of(principal), body.email)
    return json({"email": body.email, "link": link})


@router.patch(
    "/people",
    summary="Rename a person, activate or deactivate them, appoint or dismiss them",
    responses={200: {"description": "Nothing."}, **problems(404)},
    openapi_extra=documented(ChangePersonRequest),
)
async def change_person(
    runtime: Opened,
    principal: Administrator,
    body: Annotated[ChangePersonRequest, Depends(json_body(ChangePersonRequest))],
) -> Response:
    changed = (body.email, body.name, body.active, body.administrator)
    await runtime.database.write(service.change, actor_of(principal), *changed)
    return Response()


@router.post(
    "/people/sign-out",
    summary="End all sessions of a person, and links not used yet",
    responses={200: {"model": EndedSessions}, **problems(404)},
    openapi_extra=documented(PersonRequest),
)
async def sign_person_out(
    runtime: Opened,
    principal: Administrator,
    body: Annotated[PersonRequest, Depends(json_body(PersonRequest))],
) -> Response:
    ended = await runtime.database.write(service.sign_out, actor_of(principal), body.email)
    return json({"ended": ended})
