"""The released connector SDK of Glean, in an environment of its own, pushes to Stook."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from glean.api_client import Glean, models

from stook.identity import indexing_tokens
from stook.identity.indexing_tokens import Limits
from stook.identity.principals import Scope
from tests.conformance.findings import proves
from tests.dialects.installing import INSTALL_PATIENCE, only_once
from tests.dialects.served import PATIENCE, Served, clean_environment, make_token, opened

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")

ROOT = Path(__file__).parents[2]
CLIENTS = ROOT / "tests" / "clients"
INDEX = "/api/index/v1"
PAGES = ("uploadId", "datasource", "isFirstPage", "isLastPage")
LOCK = CLIENTS / "indexing-sdk.lock"


@pytest.fixture(scope="session")
def sdk_python() -> Path:
    """An interpreter with what the lock file names; made once, in the project's environment."""
    digest = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]
    home = Path(sys.prefix) / "clients" / f"indexing-sdk-{digest}"
    python = home / "bin" / "python"
    with only_once(home) as is_missing:
        if is_missing:
            uv = str(Path(sys.executable).with_name("uv"))
            _run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(home))
            install = (uv, "pip", "install", "--quiet", "--require-hashes")
            _run(*install, "--python", str(python), "-r", str(LOCK))
    return python


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_PATIENCE)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def token(served: Served, data_dir: Path) -> str:
    with opened(data_dir) as database:
        return database.write_now(indexing_tokens.create, "connector", Limits()).secret


@pytest.fixture(scope="module")
def crawled(served: Served, sdk_python: Path, token: str) -> str:
    """What the connector printed after a full crawl."""
    return crawl(served, sdk_python, token, "full")


def crawl(served: Served, python: Path, token: str, mode: str) -> str:
    environment = clean_environment(GLEAN_SERVER_URL=served.url, GLEAN_INDEXING_API_TOKEN=token)
    done = subprocess.run(
        [str(python), str(CLIENTS / "indexing_connector.py"), mode],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=environment,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def indexing(served: Served, token: str) -> Iterator[Glean]:
    with Glean(api_token=token, server_url=served.url) as client:
        yield client


def may_see(client: Glean, page: str, name: str) -> bool | None:
    return client.indexing.documents.check_access(
        datasource="surveywiki",
        object_type="Page",
        doc_id=page,
        user_email=f"{name}@survey.example",
    ).has_access


def wait_until_indexed(client: Glean, count: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = client.indexing.datasource.status(datasource="surveywiki").documents
        if sum(each.count for each in found.counts.indexed) == count:
            return
        time.sleep(0.05)
    raise AssertionError("not indexed in time")


@proves(f"{INDEX}/adddatasource", "name", "connectorType", "urlRegex")
@proves(f"{INDEX}/bulkindexdocuments", *PAGES, "documents", "documents.permissions")
@proves(f"{INDEX}/bulkindexusers", *PAGES, "users", "users.email")
@proves(f"{INDEX}/bulkindexgroups", *PAGES, "groups", "groups.name")
@proves(f"{INDEX}/indexmembership", "datasource", "membership")
def test_a_full_crawl_brings_documents_people_and_rights(crawled: str, indexing: Glean) -> None:
    assert crawled.splitlines()[0] in ("indexed", "pending")
    assert "ENABLED_FOR_ALL" in crawled
    assert indexing.indexing.documents.count(datasource="surveywiki").document_count == 12
    assert indexing.indexing.people.count(datasource="surveywiki").user_count == 2
    seen = {
        (page, name)
        for page in ("Open", "Ada", "Team")
        for name in ("ada", "bo", "cy", "nobody")
        if may_see(indexing, page, name)
    }
    assert seen == {
        ("Open", "ada"),
        ("Open", "bo"),
        ("Open", "cy"),
        ("Ada", "ada"),
        ("Team", "bo"),
    }
    uploads = indexing.indexing.datasource.status(datasource="surveywiki").documents
    assert uploads.bulk_upload_history[0].status == "SUCCESSFUL"


def test_search_and_chat_follow_the_rights(
    crawled: str, indexing: Glean, served: Served, data_dir: Path
) -> None:
    wait_until_indexed(indexing, 12)
    question = "Until when is the astrolabe lent?"
    told: dict[str, tuple[list[str], str]] = {}
    for name in ("ada", "cy"):
        with opened(data_dir) as database:
            searching = make_token(database, f"{name}@survey.example", Scope.SEARCH)
            chatting = make_token(database, f"{name}@survey.example")
        with Glean(api_token=searching, server_url=served.url) as client:
            results = client.client.search.query(query=question).results
        with Glean(api_token=chatting, server_url=served.url) as client:
            fragments = [models.ChatMessageFragment(text=question)]
            answer = client.client.chat.create(messages=[{"fragments": fragments}])
        text = answer.messages[-1].fragments[0].text
        told[name] = ([result.url for result in results], text)
    assert "https://wiki.survey.example/Ada" in told["ada"][0]
    assert "until spring" in told["ada"][1]
    assert "https://wiki.survey.example/Ada" not in told["cy"][0]
    assert "spring" not in told["cy"][1]


def test_later_crawls_add_and_remove(
    crawled: str, indexing: Glean, served: Served, sdk_python: Path, token: str
) -> None:
    assert may_see(indexing, "Open", "cy")
    crawl(served, sdk_python, token, "fewer")
    assert indexing.indexing.documents.count(datasource="surveywiki").document_count == 11
    assert not may_see(indexing, "Open", "cy")
    crawl(served, sdk_python, token, "incremental")
    assert may_see(indexing, "Open", "cy")
    wait_until_indexed(indexing, 12)
