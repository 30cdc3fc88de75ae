"""The page's client is generated from the description of the API as it is now."""

from __future__ import annotations

import runpy
from pathlib import Path

DESCRIPTION = Path(__file__).parents[2] / "web" / "description.py"


def test_the_kept_description_is_that_of_the_server() -> None:
    """``make client`` writes it; ``make check`` compares what is generated from it."""
    described = runpy.run_path(str(DESCRIPTION))
    assert described["WRITTEN"].read_text(encoding="utf-8") == described["described"]()
