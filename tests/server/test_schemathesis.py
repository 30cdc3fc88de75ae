"""Requests made from the OpenAPI document, odd ones too: answered as the document says."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from requests import Session
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from stook.identity import administrators, indexing_tokens, oauth, tokens, users
from stook.identity.indexing_tokens import Limits
from stook.identity.principals import Scope
from stook.server.app import create_app
from stook.settings import Settings
from tests.dialects.served import PATIENCE, Served, opened, serve, stook

PERSON = "rita@alderbrook.example"
EXAMPLES = 6  # of each operation, beside those that cover every keyword of its schemas
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
Authorization = Callable[[Case], str]

schema = schemathesis.openapi.from_dict(create_app(Settings()).openapi())


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzzed")
    (folder / "texts").mkdir()
    (folder / "texts" / "canteen.md").write_text("# Canteen\n\nThe canteen opens at seven.\n")
    stook("index", str(folder / "texts"), data_dir=folder)
    return folder


@pytest.fixture(scope="module")
def served(data_dir: Path) -> Iterator[Served]:
    with serve(data_dir, STOOK_RATE_LIMITS="off") as running:
        yield running


@pytest.fixture(scope="module")
def authorization(data_dir: Path, served: Served) -> Authorization:
    """The header for a case: credentials that its operation wants, with every right."""
    with opened(data_dir) as database:
        database.write_now(users.add, PERSON, "Rita")
        database.write_now(administrators.appoint, PERSON)
        person = database.write_now(tokens.create, "all", list(Scope), PERSON).secret
        indexing = database.write_now(indexing_tokens.create, "all", Limits()).secret
        rotated = database.write_now(indexing_tokens.create, "rotated", Limits()).secret
        client = database.write_now(oauth.create_client, "client", PERSON)
    pair = f"{client.client_id}:{client.client_secret}".encode()
    secrets = {
        "Token": f"Bearer {person}",
        "IndexingToken": f"Bearer {indexing}",
        "Client": f"Basic {base64.b64encode(pair).decode()}",
    }

    def header(case: Case) -> str:
        if case.operation.path.endswith("/rotatetoken"):
            return f"Bearer {rotated}"
        ways = case.operation.definition.raw.get("security", [{"Token": []}])
        return next(secrets[name] for way in ways for name in way if name in secrets)

    return header


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    with Session() as opened_session:
        opened_session.trust_env = False
        yield opened_session


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_operation_answers_as_described(
    case: Case, served: Served, authorization: Authorization, session: Session
) -> None:
    headers = {"Authorization": authorization(case)}
    response = case.call(base_url=served.url, session=session, headers=headers, timeout=PATIENCE)
    says_not = response.status_code == 501  # what SCIM has an answer of its own for
    case.validate_response(response, checks=CHECKS[1:] if says_not else CHECKS)
