"""Employees, teams and shortcuts: pushed by the released client, and told to people by it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from glean.api_client import Glean, errors
from glean.api_client.indexing import Indexing

from stook.identity import tokens, users
from stook.identity.principals import Scope
from tests.conformance.findings import proves
from tests.conformance.test_indexing import ADA, BOB, client, token  # noqa: F401  fixtures
from tests.dialects.served import Served, opened

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
INDEX = "/api/index/v1"
WHOLE: dict[str, Any] = {"is_first_page": True, "is_last_page": True}
TEAM: Any = {
    "id": "riggers",
    "name": "The riggers",
    "description": "They see to the ropes.",
    "business_unit": "Ships",
    "department": "Deck",
    "photo_url": "https://push.example/riggers.png",
    "external_link": "https://push.example/riggers",
    "members": [{"email": ADA}, {"email": "new@push.example"}],
    "emails": [{"email": "riggers@push.example", "type": "PRIMARY"}],
    "datasource_profiles": [{"datasource": "chat", "handle": "#riggers"}],
    "additional_fields": [{"key": "harbour", "value": []}],
}
TEAM_FIELDS = (
    "id",
    "name",
    "description",
    "businessUnit",
    "department",
    "photoUrl",
    "externalLink",
    "members",
    "emails",
    "datasourceProfiles",
    "additionalFields",
)
LINK: Any = {
    "destination_url": "https://push.example/handbook",
    "created_by": ADA,
    "description": "All rules of the harbour.",
    "create_time": 1_700_000_000,
    "updated_by": BOB,
    "update_time": 1_700_000_500,
}
LINK_FIELDS = (
    "inputAlias",
    "destinationUrl",
    "createdBy",
    "description",
    "createTime",
    "updatedBy",
    "updateTime",
)


@proves(f"{INDEX}/indexemployee", "employee", "employee.email", "employee.firstName")
@proves(f"{INDEX}/deleteemployee", "employeeEmail")
def test_employees_become_users(client: Indexing, data_dir: Path) -> None:  # noqa: F811
    email = f"{uuid.uuid4().hex}@push.example"
    client.people.index(employee={"email": email, "department": "Maps", "first_name": "Flo"})
    with opened(data_dir) as database:
        assert database.read_now(users.find, email).name == "Flo"
    client.people.delete(employee_email=email)
    with opened(data_dir) as database:
        assert not database.read_now(users.find, email).active


@pytest.fixture
def asking(served: Served, data_dir: Path) -> Iterator[Callable[..., Any]]:
    """The client of a person, for the scopes given."""
    clients: list[Glean] = []

    def made(email: str, *scopes: Scope) -> Any:
        with opened(data_dir) as database:
            secret = database.write_now(tokens.create, "organisation", set(scopes), email).secret
        clients.append(Glean(api_token=secret, server_url=served.url))
        return clients[-1].client

    yield made
    for each in clients:
        each.__exit__(None, None, None)


@pytest.fixture
def teams(asking: Callable[..., Any]) -> Callable[[], dict[str, Any]]:
    """The teams that a person is told of, by name."""
    listed = asking(ADA, Scope.ENTITIES).entities.list

    def told() -> dict[str, Any]:
        found = listed(entity_type="TEAMS", page_size=100).team_results or []
        return {team.name: team for team in found}

    return told


def check(team: Any) -> None:
    """All that ``TEAM`` says is told again."""
    for name in ("id", "name", "description", "business_unit", "department", "external_link"):
        assert getattr(team, name) == TEAM[name]
    assert (team.photo_url, team.member_count) == (TEAM["photo_url"], 2)
    assert [(each.email, each.type) for each in team.emails] == [
        ("riggers@push.example", "PRIMARY")
    ]
    assert [(each.datasource, each.handle) for each in team.datasource_profiles] == [
        ("chat", "#riggers")
    ]
    assert [each.label for each in team.custom_fields] == ["harbour"]


@proves(f"{INDEX}/indexteam", "team", *(f"team.{name}" for name in TEAM_FIELDS), "version")
@proves(f"{INDEX}/deleteteam", "id")
def test_a_team_is_told_of_until_it_is_deleted(client: Indexing, teams: Any) -> None:  # noqa: F811
    client.people.index_team(team=TEAM, version=5)
    check(teams()["The riggers"])
    with pytest.raises(errors.GleanError) as refused:
        client.people.index_team(team=TEAM, version=4)
    assert refused.value.status_code == 409
    client.people.delete_team(id="riggers")
    assert "The riggers" not in teams()


@proves(f"{INDEX}/bulkindexteams", "uploadId", "isFirstPage", "isLastPage", "forceRestartUpload")
@proves(f"{INDEX}/bulkindexteams", "teams", *(f"teams.{name}" for name in TEAM_FIELDS))
def test_an_upload_of_teams_replaces_them(client: Indexing, teams: Any) -> None:  # noqa: F811
    crews = [{"id": f"crew{n}", "name": f"Crew {n}", "members": []} for n in range(6)]
    begun_anew(client.people.bulk_index_teams, teams=[*crews, TEAM])
    assert set(teams()) >= {"Crew 0", "Crew 5"}
    check(teams()["The riggers"])
    upload = uuid.uuid4().hex
    client.people.bulk_index_teams(upload_id=upload, teams=[*crews[1:], TEAM], **WHOLE)
    assert "Crew 0" not in teams() and "Crew 5" in teams()


def begun_anew(upload: Any, **given: Any) -> None:
    """Upload in one page, where another upload has begun and is given up for it."""
    upload(upload_id=uuid.uuid4().hex, is_first_page=True, **given)
    whole = {"upload_id": uuid.uuid4().hex, **WHOLE, **given}
    with pytest.raises(errors.GleanError) as told:
        upload(**whole)
    assert told.value.status_code == 409
    upload(**whole, force_restart_upload=True)


def test_what_else_is_said_of_a_team(served: Served, token: str, teams: Any) -> None:  # noqa: F811
    """The released client sends no values of additional fields, so they are sent without it."""
    link = {"anchor": "Harbour", "hyperlink": "https://push.example/harbour"}
    fields = [{"key": "places", "value": ["Hull", link, {"any": "Deck"}]}]
    team = {"id": "crew", "name": "Loose crew", "members": [], "additionalFields": fields}
    with served.client(token) as http:
        assert http.post(f"{INDEX}/indexteam", json={"team": team}).status_code == 200
        (places,) = teams()["Loose crew"].custom_fields
        assert [each.model_dump(by_alias=True) for each in places.values] == [
            {"strText": "Hull"},
            {"urlAnchor": "Harbour", "urlLink": "https://push.example/harbour"},
            {"strText": "Deck"},
        ]
        for wrong in ({"emails": [{"type": "PRIMARY"}]}, {"photoUrl": ["x"]}):
            refused = http.post(f"{INDEX}/indexteam", json={"team": team | wrong})
            assert refused.status_code == 400, refused.text


# --- shortcuts -----------------------------------------------------------------------------------


def links(person: Any, typed: str, **more: Any) -> list[Any]:
    """The shortcuts that a person is offered for what they typed, in that order."""
    found = person.search.autocomplete(query=typed, **more).results
    offered = [each for each in found if each.result_type == "GOLINK"]
    assert all(each.url == LINK["destination_url"] for each in offered)
    return [each.structured_result.shortcut for each in offered]


def names(*asked: Any, **more: Any) -> list[str]:
    return [link.input_alias for link in links(*asked, **more)]


def check_link(link: Any) -> None:
    """All that ``LINK`` says is told again."""
    assert (link.destination_url, link.description) == (
        LINK["destination_url"],
        LINK["description"],
    )
    assert (link.created_by.name, link.updated_by.name) == (ADA, BOB)
    assert link.create_time == datetime.fromtimestamp(LINK["create_time"], UTC)
    assert link.update_time == datetime.fromtimestamp(LINK["update_time"], UTC)


@proves(f"{INDEX}/uploadshortcuts", "uploadId", "isFirstPage", "isLastPage", "forceRestartUpload")
@proves(f"{INDEX}/uploadshortcuts", "shortcuts", *(f"shortcuts.{name}" for name in LINK_FIELDS))
@proves(f"{INDEX}/uploadshortcuts", "shortcuts.unlisted", "shortcuts.urlTemplate")
@proves("/rest/api/v1/autocomplete", "query", "resultTypes", "datasourcesFilter")
def test_shortcuts_are_suggested(client: Indexing, asking: Callable[..., Any]) -> None:  # noqa: F811
    template = "https://push.example/rules/{rule}"
    rules = LINK | {"input_alias": "harbour-rules", "url_template": template}
    hidden = LINK | {"input_alias": "harbour_draft", "unlisted": True}
    begun_anew(client.shortcuts.upload, shortcuts=[rules, hidden])
    ada, bob = asking(ADA, Scope.SEARCH), asking(BOB, Scope.SEARCH)
    (link,) = links(bob, "go/HarbourR")
    check_link(link)
    assert (link.url_template, link.view_prefix, link.is_external) == (template, "go/", False)
    assert names(bob, "harbour_ru", result_types=["GOLINK"]) == ["harbour-rules"]
    for more in ({"result_types": ["DOCUMENT"]}, {"datasources_filter": ["handbook"]}):
        assert names(bob, "harbour", **more) == []
    assert names(bob, "our-rules") == names(bob, "") == []
    assert names(bob, "harbour") == ["harbour-rules"]
    for allowed in (ada, asking(BOB, Scope.SEARCH, Scope.ADMIN)):
        assert names(allowed, "harbour") == ["harbour-rules", "harbour_draft"]
    client.shortcuts.upload(upload_id=uuid.uuid4().hex, shortcuts=[hidden], **WHOLE)
    assert names(ada, "harbour") == ["harbour_draft"]


@proves(f"{INDEX}/bulkindexshortcuts", "uploadId", "isFirstPage", "isLastPage")
@proves(f"{INDEX}/bulkindexshortcuts", "forceRestartUpload")
@proves(f"{INDEX}/bulkindexshortcuts", "shortcuts", *(f"shortcuts.{name}" for name in LINK_FIELDS))
@proves(
    f"{INDEX}/bulkindexshortcuts",
    "shortcuts.intermediateUrl",
    "shortcuts.title",
    "shortcuts.decayedVisitScore",
    "shortcuts.editUrl",
)
def test_shortcuts_of_another_service(client: Indexing, asking: Callable[..., Any]) -> None:  # noqa: F811
    away = {"intermediate_url": "https://go.example/q", "edit_url": "https://go.example/q/edit"}
    quays = [
        LINK | away | {"input_alias": f"quay{n}", "title": "Mooring plan", "decayed_visit_score": n}
        for n in range(6)
    ]
    begun_anew(client.shortcuts.bulk_index, shortcuts=quays)
    bob = asking(BOB, Scope.SEARCH)
    first, *_ = links(bob, "plan moor", result_types=["GOLINK"])
    check_link(first)
    assert (first.intermediate_url, first.edit_url, first.title, first.is_external) == (
        away["intermediate_url"],
        away["edit_url"],
        "Mooring plan",
        True,
    )
    visited = [f"quay{n}" for n in range(5, -1, -1)]
    assert names(bob, "quay", result_types=["GOLINK"]) == visited
    assert names(bob, "quay") == visited[:3]
    assert names(bob, "quay1") == ["quay1"]
    client.shortcuts.upload(
        upload_id=uuid.uuid4().hex, shortcuts=[LINK | {"input_alias": "quay1"}], **WHOLE
    )
    client.shortcuts.bulk_index(upload_id=uuid.uuid4().hex, shortcuts=quays[1:], **WHOLE)
    assert {(link.input_alias, link.is_external) for link in links(bob, "quay1")} == {
        ("quay1", True),
        ("quay1", False),
    }
    assert names(bob, "quay0") == []
