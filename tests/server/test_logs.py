"""What the log says of errors: where they were raised, and no word of any text."""

from __future__ import annotations

import json
import logging

import pydantic
import pytest
import structlog

from stook.dialects.glean.requests.chat import ChatRequest
from stook.server import logs
from stook.settings import Settings

SECRET = "quillwort stipend"


def _raise() -> None:
    try:
        ChatRequest.model_validate({"messages": SECRET})
    except pydantic.ValidationError as error:
        try:
            raise TypeError(f"cannot write {SECRET!r}")
        except TypeError as second:
            raise RuntimeError(SECRET) from second or error


@pytest.fixture
def _restored() -> object:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("logger", [structlog.get_logger("stook.a"), logging.getLogger("other")])
@pytest.mark.usefixtures("_restored")
def test_tracebacks_hold_no_text(
    form: str, logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure(Settings(log_format=form))
    try:
        _raise()
    except RuntimeError:
        logger.exception("unexpected error")
    written = capsys.readouterr().err
    assert SECRET not in written
    assert "RuntimeError" in written and "TypeError" in written and "ValidationError" in written
    assert "test_logs.py" in written and "_raise" in written
    if form == "json":
        assert json.loads(written)["event"] == "unexpected error"


@pytest.mark.usefixtures("_restored")
def test_what_the_operating_system_says_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(log_format="json"))
    try:
        raise PermissionError(13, "Permission denied")
    except PermissionError:
        structlog.get_logger("stook.a").exception("unexpected error")
    assert "Permission denied" in capsys.readouterr().err
