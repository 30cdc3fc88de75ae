"""The ``stook`` command on a data directory of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Stook


@pytest.fixture
def stook(tmp_path: Path) -> Stook:
    return Stook(tmp_path / "data")
