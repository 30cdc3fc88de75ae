"""The example of docs/apis/gloo.md runs, and the page names every call."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import httpx

from tests.dialects.served import PATIENCE, Credentials, Served, clean_environment

PAGE = (Path(__file__).parents[2] / "docs" / "apis" / "gloo.md").read_text()


def test_the_example_runs(served: Served, people: Credentials) -> None:
    (program,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    environment = clean_environment(
        STOOK_URL=served.url,
        GLOO_CLIENT_ID=people.client_id,
        GLOO_CLIENT_SECRET=people.client_secret,
        PYTHONIOENCODING="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert str(date.today().year) in done.stdout
    assert "27 days" in done.stdout and "'item_title': " in done.stdout


def test_every_call_is_on_the_page(stranger: httpx.Client) -> None:
    paths = stranger.get("/openapi.json").json()["paths"]
    ours = {
        path
        for path, methods in paths.items()
        for operation in methods.values()
        if any(tag.startswith("Gloo") for tag in operation["tags"])
    }
    assert len(ours) > 15
    missing = {path for path in ours if path not in PAGE and f"…/{path.split('/')[-1]}" not in PAGE}
    assert not missing
