"""What becomes of a sentence's Markdown in an answer."""

from __future__ import annotations

import pytest

from stook.answering.markdown import inline


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("A **bold** word.", "A **bold** word."),
        ("**Bold that goes on. ", "Bold that goes on."),
        ("it ends here** at last", "it ends here at last"),
        ("`code that is cut", "code that is cut"),
        ("2**10 is a power, 0`0 is nothing", "2**10 is a power, 0`0 is nothing"),
        ("call part__whole once", "call part__whole once"),
        ("Monday<br>Tuesday<BR/>Wednesday", "Monday Tuesday Wednesday"),
        ("<p>One</p><p>Two</p>", "One Two"),
        ("m<sup>2</sup> and <b>bold</b><!-- no -->", "m2 and bold"),
        ("## A heading\n> quoted\n> words", "A heading quoted words"),
        ("See [the page](other.md) and [the site](https://a.example/x).",
         "See the page and [the site](https://a.example/x)."),
        ("![A chart](chart.png) shows it[^1].", "A chart shows it."),
    ],
)  # fmt: skip
def test_inline(raw: str, shown: str) -> None:
    assert inline(raw) == shown
