"""Rates as operators write them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stook.errors import SettingsError
from stook.rates import DEFAULTS, EndpointClass, Rate, parse_rates
from stook.settings import load_settings

PAGE = Path(__file__).parents[1] / "docs" / "rate-limits.md"
CHAT, SEARCH, OTHER = EndpointClass.CHAT, EndpointClass.SEARCH, EndpointClass.OTHER


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("", {}),
        (" , ", {}),
        ("chat=2/s burst 20", {CHAT: Rate(2, 20)}),
        ("chat = 2 / s  burst 20", {CHAT: Rate(2, 20)}),
        ("CHAT=30/min", {CHAT: Rate(0.5, 30)}),
        ("chat=.5/s", None),
        ("chat=0.5/s", {CHAT: Rate(0.5, 1)}),
        ("search=36/h burst 1, other=off", {SEARCH: Rate(0.01, 1), OTHER: None}),
        ("chat=86400/d burst 5", {CHAT: Rate(1, 5)}),
        ("off", dict.fromkeys(EndpointClass)),
        ("chat=5/s, 1/s burst 9", dict.fromkeys(EndpointClass, Rate(1, 9)) | {CHAT: Rate(5, 5)}),
        ("off, chat=5/s", dict.fromkeys(EndpointClass) | {CHAT: Rate(5, 5)}),
        ("chat=0/s", None),
        ("chat=-1/s", None),
        ("chat=2/week", None),
        ("chat=2", None),
        ("caht=2/s", None),
        ("chat=2/s burst", None),
        ("chat=2/s burst 0", {CHAT: Rate(2, 1)}),
        ("chat 2/s", None),
        ("chat=2/s; search=3/s", None),
        ("chat=" + "9" * 400 + "/s", None),
    ],
)
def test_rates_are_read(text: str, rates: dict[EndpointClass, Rate | None] | None) -> None:
    if rates is None:
        with pytest.raises(ValueError, match=r"rate|class|nothing"):
            parse_rates(text)
    else:
        assert dict(parse_rates(text)) == rates


def test_every_class_has_a_default() -> None:
    assert set(parse_rates(DEFAULTS)) == set(EndpointClass)


def test_a_wrong_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOOK_RATE_LIMITS", "chat=often")
    with pytest.raises(SettingsError, match=r"STOOK_RATE_LIMITS .*: 'chat=often' is no rate"):
        load_settings()


def test_the_page_about_limits_says_what_holds() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \| (\d+) \|", PAGE.read_text(), re.MULTILINE)
    assert {f"{name}={rate} burst {burst}" for name, rate, burst in rows} == set(
        DEFAULTS.split(", ")
    )
    assert [name for name, _, _ in rows] == list(EndpointClass)
