"""The README says what is so: its table of settings is the settings there are."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic_core import PydanticUndefined

from stook.settings import PREFIX, Settings

README = Path(__file__).parents[1] / "README.md"


def settings_table() -> str:
    """What stands in the README between the heading and the next section."""
    rows = ["| setting | default | |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (PydanticUndefined, None, "") else f"`{field.default}`"
        rows.append(f"| `{PREFIX}{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows)


def test_every_setting_stands_in_the_readme() -> None:
    held = re.search(r"\| setting \|.*?(?=\n\n)", README.read_text(encoding="utf-8"), re.DOTALL)
    assert held is not None
    assert held[0] == settings_table()
