"""What a command imports before it works: each start pays for it. Counted, not timed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from stook.cli.app import COMMANDS, GROUPS, application

IMPORTED = """
import json, sys
from stook.cli.app import application
{then}
print(json.dumps(sorted(sys.modules)))
"""


def _imported(then: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED.format(then=then)],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("first", ["", "no command"])
def test_all_commands_are_offered_where_none_is_named(first: str) -> None:
    app = application(first)
    assert [command.name for command in app.registered_commands] == list(COMMANDS)
    groups = {group.name: group.typer_instance for group in app.registered_groups}
    assert list(groups) == list(GROUPS)
    for name, (_, commands) in GROUPS.items():
        held = groups[name]
        assert held is not None
        assert [command.name for command in held.registered_commands] == list(commands)


@pytest.mark.parametrize("first", ["ask", "token"])
def test_one_command_is_made_alone(first: str) -> None:
    app = application(first)
    commands = [command.name for command in app.registered_commands]
    assert [*commands, *(group.name for group in app.registered_groups)] == [first]


def test_help_loads_no_database_and_no_engine() -> None:
    assert not _imported("application()") & {"sqlalchemy", "numpy", "lancedb", "pydantic"}


def test_a_question_loads_no_server_and_no_other_database() -> None:
    then = (
        "import stook.core, stook.knowledge.index.lance, stook.conversation.engine,"
        " stook.storage.upserts"
    )
    loaded = _imported(then)
    assert {"lancedb", "sqlalchemy.dialects.sqlite"} <= loaded
    unwanted = {"fastapi", "uvicorn", "alembic", "numpy.ma", "overrides", "pandas"}
    unwanted |= {"lance_namespace_urllib3_client", "sqlalchemy.dialects.postgresql"}
    assert not loaded & unwanted
