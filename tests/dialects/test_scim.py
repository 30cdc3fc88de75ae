"""SCIM 2.0: checked by scim2-tester, and what provisioning does to people and their rights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from stook.errors import Conflict
from stook.identity import administrators, audit, groups, provisioning, tokens, users
from stook.identity.principals import Scope
from stook.identity.provisioning import ProvisionedPerson
from stook.storage.database import Database
from tests.dialects.served import Credentials, Served, opened
from tests.dialects.test_stook import API, signed_in

SCIM = "/scim/v2"
PERSON = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture(scope="module")
def token(people: Credentials, data_dir: Path) -> str:
    with opened(data_dir) as database:
        return database.write_now(tokens.create, "identity provider", [Scope.SCIM], None).secret


@pytest.fixture
def provider(served: Served, token: str) -> Iterator[httpx.Client]:
    with served.client(token) as client:
        yield client


def add(provider: httpx.Client, email: str, **more: Any) -> dict[str, Any]:
    """As Okta and Entra do it: the login is the address."""
    body = {"schemas": [PERSON], "userName": email, "active": True, **more}
    answer = provider.post(f"{SCIM}/Users", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def patch(provider: httpx.Client, address: str, *operations: dict[str, Any]) -> httpx.Response:
    body = {"schemas": [PATCH], "Operations": list(operations)}
    return provider.patch(f"{SCIM}/{address}", json=body)


def test_the_tester_finds_nothing_wrong(served: Served, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=served.url + SCIM, headers=headers, timeout=60) as http:
        results = check_server(SyncSCIMClient(http), raise_exceptions=False)
    wrong = [each for each in results if each.status in (Status.ERROR, Status.CRITICAL)]
    assert not wrong, "\n".join(f"{each.title}: {each.reason}" for each in wrong)
    assert sum(each.status is Status.SUCCESS for each in results) > 40


def test_a_person_is_let_in_renamed_shut_out_and_let_in_again(
    served: Served, data_dir: Path, provider: httpx.Client
) -> None:
    email = "pia@alderbrook.example"
    made = add(provider, email, name={"givenName": "Pia", "familyName": "Prov"}, externalId="x1")
    assert made["emails"][0]["value"] == email and made["externalId"] == "x1"
    with signed_in(served, data_dir, email) as browser:
        assert browser.get(f"{API}/me").json()["name"] == "Pia Prov"
        off = {"op": "Replace", "path": "active", "value": False}
        assert patch(provider, f"Users/{made['id']}", off).json()["active"] is False
        assert browser.get(f"{API}/me").status_code == 401
    on = {"op": "replace", "value": {"active": True, "displayName": "Pia P."}}
    assert patch(provider, f"Users/{made['id']}", on).status_code == 200
    with opened(data_dir) as database:
        user = database.read_now(users.find, email)
        assert user is not None and user.active and user.name == "Pia P."
        recorded = database.read_now(audit.find, audit.Wanted(subject=email), None, 9)
    assert {each.actor for each in recorded if each.action != "session.begun"} >= {
        "identity provider"
    }
    assert provider.delete(f"{SCIM}/Users/{made['id']}").status_code == 204
    assert provider.get(f"{SCIM}/Users/{made['id']}").status_code == 404
    with opened(data_dir) as database:
        user = database.read_now(users.find, email)
        assert user is not None and not user.active


def test_a_description_that_does_not_say_so_lets_nobody_in(provider: httpx.Client) -> None:
    made = add(provider, "otto@alderbrook.example", active=False)
    body = {"schemas": [PERSON], "userName": "otto@alderbrook.example"}
    for active in (False, True):
        told = {"active": True} if active else {}
        answer = provider.put(f"{SCIM}/Users/{made['id']}", json=body | told)
        assert (answer.status_code, answer.json()["active"]) == (200, active)


def test_there_is_always_an_administrator(database: Database) -> None:
    someone, actor = "last@alderbrook.example", audit.Actor("identity provider")
    person = ProvisionedPerson(someone, someone, "", True)
    new = database.write_now(provisioning.add_person, actor, person)
    database.write_now(administrators.appoint, someone)
    with pytest.raises(Conflict):
        database.write_now(provisioning.remove_person, actor, new)
    database.write_now(users.add, "other@alderbrook.example", "")
    database.write_now(administrators.appoint, "other@alderbrook.example")
    database.write_now(provisioning.remove_person, actor, new)
    assert not database.read_now(administrators.is_administrator, someone)


def test_people_and_groups_are_found_by_what_providers_ask(provider: httpx.Client) -> None:
    made = add(provider, "quin@alderbrook.example", externalId="q-7")
    for text in (
        'userName eq "QUIN@alderbrook.example"',
        'externalId eq "q-7"',
        f'id eq "{made["id"]}"',
        'emails.value eq "quin@alderbrook.example"',
    ):
        found = provider.get(f"{SCIM}/Users", params={"filter": text}).json()
        assert [each["id"] for each in found["Resources"]] == [made["id"]], text
    nobody = provider.get(f"{SCIM}/Users", params={"filter": 'userName eq "no"'}).json()
    assert nobody["totalResults"] == 0
    for wrong in ('userName co "q"', "userName eq", 'password eq "x"', "((((", 'active eq "a" or'):
        answer = provider.get(f"{SCIM}/Users", params={"filter": wrong})
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidFilter"), wrong
    page = provider.get(f"{SCIM}/Users", params={"count": 1, "startIndex": 2}).json()
    assert page["startIndex"] == 2 and len(page["Resources"]) <= 1
    again = {"schemas": [PERSON], "userName": "Quin@alderbrook.example"}
    answer = provider.post(f"{SCIM}/Users", json=again)
    assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")


def test_groups_get_and_lose_members_and_keep_those_of_others(
    data_dir: Path, provider: httpx.Client
) -> None:
    ray, sue = (add(provider, f"{name}@alderbrook.example")["id"] for name in ("ray", "sue"))
    with opened(data_dir) as database:
        database.write_now(users.add, "old@alderbrook.example", "")
        database.write_now(groups.add, "weavers")
        database.write_now(groups.add_user, "weavers", "old@alderbrook.example")
    body = {"schemas": [GROUP], "displayName": "weavers", "members": [{"value": ray}]}
    made = provider.post(f"{SCIM}/Groups", json=body).json()
    address = f"Groups/{made['id']}"
    add_sue = {"op": "add", "path": "members", "value": [{"value": sue}]}
    assert patch(provider, address, add_sue).status_code == 200

    def members() -> set[str]:
        with opened(data_dir) as database:
            return {ref for _, ref in database.read_now(groups.members, "", "weavers")}

    assert members() == {f"{name}@alderbrook.example" for name in ("ray", "sue", "old")}
    gone = {"op": "remove", "path": f'members[value eq "{ray}"]'}
    assert patch(provider, address, gone).status_code == 200
    assert members() == {f"{name}@alderbrook.example" for name in ("sue", "old")}
    renamed = {"op": "replace", "path": "displayName", "value": "others"}
    assert patch(provider, address, renamed).status_code == 400
    assert provider.delete(f"{SCIM}/{address}").status_code == 204
    assert provider.get(f"{SCIM}/{address}").status_code == 404


def test_only_its_own_tokens_provision(
    served: Served, people: Credentials, provider: httpx.Client
) -> None:
    for secret in (people.reader, people.everyone):
        with served.client(secret) as other:
            other.headers["X-Glean-ActAs"] = "rita@alderbrook.example"
            answer = other.get(f"{SCIM}/Users")
            assert answer.status_code == 403 and answer.json()["status"] == "403"
    assert provider.get(f"{API}/me").status_code in (400, 403)
    assert provider.get(f"{API}/administration/people").status_code in (400, 403)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"schemas": [PERSON], "userName": "no address"},
        {"schemas": [PERSON], "userName": "x" * 401, "emails": [{"value": "x@y.example"}]},
        {"schemas": [PERSON], "userName": "a", "emails": [{"value": "nobody"}]},
        {"schemas": [GROUP], "userName": "a@b.example"},
    ],
)
def test_what_cannot_be_provisioned_is_refused(
    provider: httpx.Client, body: dict[str, Any]
) -> None:
    answer = provider.post(f"{SCIM}/Users", json=body)
    assert answer.status_code == 400 and answer.json()["schemas"], answer.text
