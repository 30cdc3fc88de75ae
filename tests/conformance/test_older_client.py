"""glean-api-client 0.13.0, in an environment of its own."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path

from stook.identity import indexing_tokens
from stook.identity.indexing_tokens import Limits
from tests.conformance.findings import proves
from tests.conformance.test_indexing_sdk import CLIENTS, sdk_python  # noqa: F401  a fixture
from tests.dialects.served import PATIENCE, READER, Served, clean_environment, opened

INDEX = "/api/index/v1"


@proves("/rest/api/v1/chat", "messages", "messages.fragments", "saveChat")
@proves("/rest/api/v1/getchat", "id")
@proves("/rest/api/v1/deletechats", "ids")
@proves("/rest/api/v1/uploadchatfiles", "files")
@proves("/rest/api/v1/getchatfiles", "fileIds")
@proves("/rest/api/v1/deletechatfiles", "fileIds")
@proves("/rest/api/v1/search", "query")
@proves(f"{INDEX}/adddatasource", "name", "urlRegex")
@proves(f"{INDEX}/debug/{{datasource}}/document", "objectType", "docId")
@proves(f"{INDEX}/debug/{{datasource}}/documents", "debugDocuments")
@proves(f"{INDEX}/debug/{{datasource}}/user", "email")
def test_the_older_client(
    served: Served,
    data_dir: Path,
    searchers: dict[str, str],
    sdk_python: Path,  # noqa: F811
) -> None:
    with opened(data_dir) as database:
        token = database.write_now(indexing_tokens.create, "older", Limits()).secret
    done = subprocess.run(
        [
            str(sdk_python),
            str(CLIENTS / "older_client.py"),
            *(served.url, searchers[READER], token, "olderwiki"),
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=clean_environment(),
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert str(date.today().year) in told.pop("text")
    assert told.pop("lines") > 2 and told.pop("results") > 0
    assert told == {
        "listed": True,
        "messages": 2,
        "files": 1,
        "uploaded": "UPLOADED",
        "statuses": 1,
        "visibility": "ENABLED_FOR_ALL",
    }
