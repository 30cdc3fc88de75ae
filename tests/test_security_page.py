"""docs/security.md names tests: each of them is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)?::(\w+)`")


def test_every_test_that_the_page_names_is_there() -> None:
    named = 0
    for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines():
        path = ""
        for file, test in _NAMED.findall(line):
            path = file or path  # without one it is the file named before
            code = (ROOT / path).read_text(encoding="utf-8")
            assert re.search(rf"^(async )?def {test}\(", code, re.MULTILINE), f"{path}::{test}"
            named += 1
    assert named > 70
