"""Makes what a wheel, or an editable install, holds besides its sources."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class StookBuildHook(BuildHookInterface[Any]):
    """Runs each maker of ``build_hooks`` and hands what it made to the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files and name them as artifacts, which git does not keep."""
        root = Path(self.root)
        sys.path.insert(0, self.root)
        try:
            from build_hooks import encoder, page

            for make in (encoder.make_graph, page.make_page):
                build_data["artifacts"].append(make(root).as_posix())
        finally:
            sys.path.remove(self.root)
