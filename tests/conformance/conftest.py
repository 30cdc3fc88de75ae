"""One server for the suite, behind a front that writes down what passes."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conformance import contract, documented
from tests.conformance.findings import Findings
from tests.conformance.recording import Recorder, recorded
from tests.dialects.conftest import (  # noqa: F401  fixtures
    asker,
    data_dir,
    insider,
    knower,
    people,
    reader,
    searchers,
    stranger,
    tracker,
)
from tests.dialects.served import Credentials, Served, serve

HERE = Path(__file__).parent
OF_THE_WHOLE = HERE / "test_compatibility.py"
recorder = Recorder()
findings = Findings([*contract.of_glean(), *documented.FAMILIES])


@pytest.fixture(scope="session")
def served(data_dir: Path, people: Credentials) -> Iterator[Served]:  # noqa: F811
    with (
        serve(data_dir, STOOK_LOG_FORMAT="json") as running,
        recorded(running.url, recorder) as url,
    ):
        yield replace(running, url=url)


@pytest.fixture
def shown() -> Findings:
    """What the tests before this one have shown."""
    return findings


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    result = yield
    claims: dict[str, set[str]] = {}
    for mark in item.iter_markers("proves"):
        claims.setdefault(mark.args[0], set()).update(mark.args[1:])
    findings.add(recorder.take(), claims)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, object, object]:
    """All on one worker, since there is one server; the page last, since it is of all the rest.

    Groups are named before anybody reads them, and the rest is seen to when all have chosen.
    """
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.xdist_group(f"served by {HERE.name}"))
    result = yield
    items.sort(key=lambda item: item.path == OF_THE_WHOLE)
    if not _is_whole(config, items):
        left_out = [item for item in items if item.path == OF_THE_WHOLE]
        items[:] = [item for item in items if item.path != OF_THE_WHOLE]
        config.hook.pytest_deselected(items=left_out)
    return result


def _is_whole(config: pytest.Config, items: list[pytest.Item]) -> bool:
    """Whether every test of the suite runs; what some of them find is not the page."""
    chosen = config.option.keyword or config.option.markexpr or config.getoption("lf", False)
    part = any("::" in argument for argument in config.args)
    collected = {item.path for item in items}
    return not (chosen or part) and collected.issuperset(HERE.glob("test_*.py"))
