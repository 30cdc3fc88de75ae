"""What a terminal shows of Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stook.cli.plain_text import PlainText, plain_text

TABLE = "| City | Limit |\n| --- | --- |\n| **London** | £210 |\n| Porto | |\n"


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("You need **level 2** or `more`.", "You need level 2 or more."),
        ("2**10 and part__whole", "2**10 and part__whole"),
        ("See [this form](https://example.com/a).", "See this form (https://example.com/a)."),
        ("## Hotels\n\nThese:", "Hotels\n\nThese:"),
        (TABLE, "City: London; Limit: £210\nCity: Porto\n"),
        ("| Oslo | £90 |", "Oslo; £90"),
        ("| Oslo | £90 |\n\n- and more", "Oslo; £90\n\n- and more"),
        ("```\na | **b**\n```\nend", "a | **b**\nend"),
    ],
)
def test_markup_is_not_shown(markdown: str, shown: str) -> None:
    assert plain_text(markdown) == shown


@given(st.text("ab *`|-#\n[]()_", max_size=60), st.integers(1, 7))
def test_pieces_are_shown_as_the_whole_is(markdown: str, length: int) -> None:
    shown = PlainText()
    pieces = [markdown[at : at + length] for at in range(0, len(markdown), length)]
    assert "".join(map(shown.feed, pieces)) + shown.close() == plain_text(markdown)
