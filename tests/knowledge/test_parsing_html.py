"""Web pages: nothing of the content is dropped; links, spans, tabs and folded parts are kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from stook.knowledge.ingestion.parsing import Parser
from stook.settings import Settings


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    made = Parser(Settings(), workers=1)
    yield made
    asyncio.run(made.close())


async def text(parser: Parser, body: str) -> str:
    page = f"<!doctype html><html><body>{body}</body></html>"
    return " ".join((await parser.parse_bytes(page.encode(), "a.html")).text.split())


@pytest.mark.parametrize("name", ["pagination", "sharing", "cookies", "menu", "toc", "sidebar"])
@pytest.mark.parametrize(
    "main", ["<main>{}</main>", '<div role="main">{}</div>', "<article>{}</article>"]
)
async def test_nothing_is_dropped_for_its_name_inside_the_content(
    parser: Parser, name: str, main: str
) -> None:
    part = f'<h1>Guide</h1><p>Read.</p><div class="{name}" id="{name}"><p>250 records</p></div>'
    assert "250 records" in await text(parser, main.format(part))


async def test_what_is_around_the_content_goes_by_its_structure(parser: Parser) -> None:
    links = "".join(f'<li><a href="/{n}">Area {n}</a></li>' for n in range(6))
    around = (
        f"<nav>Ways</nav><ul>{links}</ul><div class='cookie-banner'><p>We use cookies.</p></div>"
    )
    found = await text(parser, f"{around}<h1>Title</h1><p>Content.</p><footer>Imprint</footer>")
    assert found == "# Title Content."


async def test_a_list_of_links_below_the_heading_is_content(parser: Parser) -> None:
    links = "".join(f'<li><a href="/f{n}">Form {n}</a></li>' for n in range(6))
    found = await text(parser, f"<h1>Forms</h1><ul>{links}</ul>")
    assert "[Form 5](/f5)" in found


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<a href="https://x.example/a?b=1">this form</a>', "[this form](https://x.example/a?b=1)"),
        ('<a href="mailto:leave@example.com">the team</a>', "[the team](mailto:leave@example.com)"),
        ('<a href="#top">up</a>', "up"),
        ('<a href="javascript:go()">go</a>', "go"),
        ('<a href="../b.pdf"><b>the plan</b></a>', "[**the plan**](../b.pdf)"),
        ('<a name="x">plain</a>', "plain"),
    ],
)
async def test_links_keep_their_targets(parser: Parser, link: str, expected: str) -> None:
    assert await text(parser, f"<main><p>See {link}.</p></main>") == f"See {expected}."


async def test_folded_parts_are_content(parser: Parser) -> None:
    page = (
        "<main><h1>Questions</h1>"
        "<h2><button aria-expanded='false'>How long is leave?</button></h2>"
        "<div hidden><p>30 days.</p></div>"
        "<details><summary>And sick leave?</summary><p>Six weeks.</p></details>"
        "<div style='display:none' aria-hidden='true'><p>Folded by style.</p></div>"
        "<button>Copy</button></main>"
    )
    found = await text(parser, page)
    for words in ("How long is leave?", "30 days.", "And sick leave?", "Six weeks.", "by style."):
        assert words in found
    assert "Copy" not in found


@pytest.mark.parametrize("linked", [True, False])
async def test_panels_stand_below_the_names_of_their_tabs(parser: Parser, linked: bool) -> None:
    names = ("Linux", "Windows")
    tabs = "".join(
        f"<button role='tab' {f'aria-controls=p{n}' if linked else ''}>{name}</button>"
        for n, name in enumerate(names)
    )
    panels = "".join(
        f"<div role='tabpanel' id='p{n}' {'hidden' if n else ''}>Run {name.lower()}.exe</div>"
        for n, name in enumerate(names)
    )
    row = f"<div><div role='tablist'>{tabs}</div><div>{panels}</div></div>"
    found = await text(parser, f"<main><h2>Install</h2>{row}</main>")
    assert found == "## Install ### Linux Run linux.exe ### Windows Run windows.exe"


async def test_cells_that_span_repeat(parser: Parser) -> None:
    table = (
        "<table><tr><th>Region</th><th>City</th><th>Rate</th></tr>"
        "<tr><td rowspan=3>North</td><td>Oslo</td><td rowspan=2>80</td></tr>"
        "<tr><td>Bergen</td></tr><tr><td>Narvik</td><td>60</td></tr>"
        "<tr><td>South</td><td colspan=2>not offered</td></tr></table>"
    )
    found = await text(parser, table)
    for row in ("North | Oslo | 80", "North | Bergen | 80", "North | Narvik | 60"):
        assert row in found
    assert "South | not offered | not offered" in found


async def test_a_huge_span_costs_little(parser: Parser) -> None:
    cells = "<td rowspan=60000 colspan=60000>x</td>" * 20
    assert "end" in await text(parser, f"<table><tr>{cells}</tr></table><p>end</p>")


async def test_cells_keep_what_their_box_or_icon_says(parser: Parser) -> None:
    row = (
        "<tr><td>Wi-Fi</td><td><input type=checkbox checked></td><td><i aria-label='yes'></i></td>"
        "<td><img src=a.png alt='included'></td><td><input type=checkbox></td></tr>"
    )
    head = "<tr><th>Plan</th><th>A</th><th>B</th><th>C</th><th>D</th></tr>"
    found = await text(parser, f"<main><table>{head}{row}</table></main>")
    assert "| Wi-Fi | ☒ | yes | included | ☐ |" in found


async def test_what_is_never_shown_is_left_out_and_said(parser: Parser) -> None:
    body = (
        "<main><h1>Fees</h1><p>The fee is 310.</p>"
        '<p style="color:red; DISPLAY: none">The fee is 999.</p>'
        '<div><span style="visibility:hidden">secret words</span></div>'
        '<h2>Why?</h2><div style="display:none">Because of the vendor.</div>'
        '<a href="#more">More</a><p>between</p><div id="more" style="display:none">Details.</div>'
        '<button aria-controls="p">Open</button><i>x</i>'
        '<div id="p" style="display:none">Panel.</div>'
        "</main>"
    )
    page = f"<!doctype html><html><body>{body}</body></html>"
    found = await parser.parse_bytes(page.encode(), "a.html")
    assert "999" not in found.text and "secret" not in found.text
    for folded in ("Because of the vendor.", "Details.", "Panel."):
        assert folded in found.text
    assert found.notes == ("2 parts of the page are never shown and were left out",)
