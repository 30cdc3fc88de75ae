"""A model's text as it may be shown: without links, images and HTML, however it arrives."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stook.answering.generative.sanitising import Output, cleaned
from stook.answering.generative.statements import Statement, Statements

KNOWN = "https://portal.example.com/leave"
EVIL = "https://evil.example.net/x?q=secret"


def known(address: str) -> bool:
    return address == KNOWN


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"See [the portal]({KNOWN}).", f"See the portal (`{KNOWN}`)."),
        (f"See [the portal]({EVIL}).", "See the portal."),
        (f"See {KNOWN}, please.", f"See `{KNOWN}`, please."),
        (f"See {EVIL}.", "See …."),
        (f"See <{EVIL}> now.", "See  … now."),
        (f"![chart]({EVIL}.png) Done.", "chart Done."),
        (f"[![chart]({EVIL}.png)]({EVIL}) Done.", "chart Done."),
        ("[the page][1a]", "the page"),
        ("[x](//evil.example.net/a b)", "x"),
        ("[x](\n//evil.example.net)", "[x] (\n//evil.example.net)"),
        (f"[x]: {EVIL}", "x: …"),
        (f"<img src={EVIL} onerror=alert(1)>Text <b>bold</b><!-- hidden -->", "Text bold"),
        (f'<a href="{EVIL}"\n>click</a>', '‹a href="…"\n>click'),
        ("javascript:alert(1) data:text/html,x www.evil.example.net", "…) … …"),
        ("a < b and List<String> stays text", "a < b and List stays text"),
        ("Passage [passage 2] and 【3†source】 and [^4]", "Passage [2] and [3] and [4]"),
        ("«1:ab12cd34» hello «/1:ab12cd34»", " hello "),
        ("in\u200bvis\u202eible", "invisible"),
    ],
)
def test_what_is_written_and_what_is_shown(written: str, shown: str) -> None:
    assert cleaned(written, known) == shown


FRAGMENTS = st.sampled_from(
    "[|]|(|)|!|<|>|`| |\n|[1]|[1, 2]|https://e.example|www.a.b|//e.example|:|img src=x|word|Dr."
    "|end.|«1:aa»|【2】|\\|- |é".split("|")
)
TEXTS = st.lists(FRAGMENTS, max_size=30).map("".join)


def in_pieces(text: str, cuts: list[int]) -> list[str]:
    places = [0, *sorted(cut % (len(text) + 1) for cut in cuts), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(places)]


@given(TEXTS, st.lists(st.integers(0, 1000), max_size=12))
def test_the_pieces_make_no_difference(text: str, cuts: list[int]) -> None:
    def shown(pieces: list[str]) -> str:
        output = Output(known)
        return "".join([*(output.feed(piece) for piece in pieces), output.finish()])

    assert shown(in_pieces(text, cuts)).rstrip() == shown([text]).rstrip()


@given(TEXTS)
def test_nothing_is_left_that_could_become_a_link(text: str) -> None:
    shown = cleaned(text, known)
    assert "](" not in shown
    assert not re.search(r"<[A-Za-z/!?]", shown)
    assert not re.search(r"\w://", shown)
    assert "www." not in shown


def read(text: str, size: int) -> list[Statement]:
    statements = Statements(known)
    found: list[Statement] = []
    for start in range(0, len(text), size):
        found += statements.feed(text[start : start + size])
    return [*found, *statements.finish()]


def test_statements_and_the_passages_that_they_name() -> None:
    text = (
        "In short:\n\n- 25 days a year [1].\n- Dr. Ames approves it.[2, 1] [7] Then go.\n\nSee [4]"
    )
    assert read(text, 1) == [
        Statement("", "In short:", ()),
        Statement("\n\n", "- 25 days a year.", (1,)),
        Statement("\n", "- Dr. Ames approves it.", (2, 1, 7)),
        Statement(" ", "Then go.", ()),
        Statement("\n\n", "See", (4,)),
    ]


@given(TEXTS, st.integers(1, 7))
def test_statements_do_not_depend_on_the_pieces(text: str, size: int) -> None:
    assert read(text, size) == read(text, 10_000)


@given(TEXTS)
def test_a_marker_is_never_shown(text: str) -> None:
    shown = "".join(statement.whole for statement in read(text, 3))
    assert not re.search(r"\[\d", shown)
