"""The administrator of the tests, and a browser of hers."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import httpx

from stook.identity import administrators, users
from tests.dialects.served import Served, opened
from tests.dialects.test_stook import API, signed_in

ADMINISTRATOR = "ada@alderbrook.example"
ADMINISTRATION = f"{API}/administration"


@contextlib.contextmanager
def administering(served: Served, data_dir: Path) -> Iterator[httpx.Client]:
    """A client that is signed in as the administrator, who is made if she is new."""
    with opened(data_dir) as database:
        database.write_now(users.add, ADMINISTRATOR, "Ada")
        database.write_now(administrators.appoint, ADMINISTRATOR)
    with signed_in(served, data_dir, ADMINISTRATOR) as client:
        yield client
