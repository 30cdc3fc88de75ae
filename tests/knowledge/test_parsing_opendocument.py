"""OpenDocument files read as they are displayed: numbers, comments, what is hidden, sheets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from stook.knowledge.ingestion.parsing import Parser
from stook.settings import Settings
from tests.knowledge import files_by_code as files

ROMAN = (
    '<text:list-style style:name="L"><text:list-level-style-number text:level="1" '
    'style:num-format="I" style:num-suffix="." text:start-value="4"/>'
    '<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" '
    'style:num-suffix=")"/></text:list-style>'
    '<text:list-style style:name="D"><text:list-level-style-number text:level="1" '
    'style:num-format="1" style:num-suffix="."/><text:list-level-style-number text:level="2" '
    'style:num-format="1" text:display-levels="2"/></text:list-style>'
)
LOOKS = (
    '<style:style style:name="Hidden"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="Below" style:parent-style-name="Hidden"/>'
    '<style:style style:name="Up"><style:text-properties style:text-position="super 58%"/>'
    '</style:style><style:style style:name="Old"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>'
)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    made = Parser(Settings(), workers=1)
    yield made
    asyncio.run(made.close())


async def text_of(parser: Parser, body: str, styles: str = "", **parts: str) -> str:
    content = files.opendocument(
        "text", f"<office:text>{body}</office:text>", styles=styles, **parts
    )
    return (await parser.parse_bytes(content, "a.odt")).text


def item(*blocks: str) -> str:
    return f"<text:list-item>{''.join(blocks)}</text:list-item>"


def listed(*items: str, attributes: str = "") -> str:
    return f"<text:list {attributes}>{''.join(items)}</text:list>"


def p(words: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{words}</text:p>'


async def test_lists_are_numbered_as_they_are_printed(parser: Parser) -> None:
    body = (
        listed(
            item(p("scope"), listed(item(p("inner")), item(p("more")))),
            item(p("costs"), p("in detail")),
            attributes='text:style-name="L"',
        )
        + p("between")
        + listed(
            item(p("goes on")), attributes='text:style-name="L" text:continue-numbering="true"'
        )
        + listed(
            item(p("one"), listed(item(p("below")))), item(p("two"), listed(item(p("last")))),
            attributes='text:style-name="D"',
        )
    )  # fmt: skip
    assert await text_of(parser, body, ROMAN) == (
        "- IV. scope\n  - (a) inner\n  - (b) more\n- V. costs\n  in detail\n\nbetween\n\n"
        "- VI. goes on\n\n1. one\n  - 1.1 below\n2. two\n  - 2.1 last"
    )


async def test_headings_have_their_numbers(parser: Parser) -> None:
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="1"/>'
        '<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>'
        "</text:outline-style>"
    )

    def h(words: str, level: int, more: str = "") -> str:
        return f'<text:h text:outline-level="{level}" {more}>{words}</text:h>'

    body = (
        h("Preface", 1, 'text:is-list-header="true"')
        + h("Term", 1) + h("Start", 2) + h("Costs", 1) + h("Fees", 2)
    )  # fmt: skip
    assert await text_of(parser, body, **{"styles.xml": outline}) == (
        "# Preface\n\n# 1 Term\n\n## 1.1 Start\n\n# 2 Costs\n\n## 2.1 Fees"
    )


async def test_hidden_struck_and_raised_words(parser: Parser) -> None:
    body = (
        "<text:tracked-changes><text:p>deleted</text:p></text:tracked-changes>"
        + p("gone", "Below")
        + p('kept<text:span text:style-name="Hidden"> not this</text:span>')
        + '<text:section text:display="none"><text:p>nor this</text:p></text:section>'
        + p('<text:span text:style-name="Old">19 euro</text:span> 23 euro')
        + p('10<text:span text:style-name="Up">6</text:span><text:s text:c="3"/>rows')
        + p('<text:a xlink:href="https://forms.example.com/7">the form</text:a>')
    )
    assert await text_of(parser, body, LOOKS) == (
        "kept\n\n~~19 euro~~ 23 euro\n\n10⁶ rows\n\n[the form](https://forms.example.com/7)"
    )


async def test_headers_comments_notes_and_charts(parser: Parser) -> None:
    styles = (
        "<style:master-page><style:header><text:p>Version 4.2</text:p></style:header>"
        "<style:footer><text:p>Page <text:page-number>3</text:page-number></text:p></style:footer>"
        "</style:master-page>"
    )
    chart = (
        "<table:table><table:table-row><table:table-cell><text:p>Q1</text:p></table:table-cell>"
        "<table:table-cell><text:p>10</text:p></table:table-cell></table:table-row></table:table>"
    )
    comment = (
        "<office:annotation><dc:creator>Jane</dc:creator><dc:date>2026-01-01</dc:date>"
        "<text:p>Too low?</text:p></office:annotation>"
    )
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>net</text:p>"
        "</text:note-body></text:note>"
    )
    body = (
        p(f"Limit 500{note}{comment}")
        + p("<text:soft-page-break/>Next page")
        + p('<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>')
    )
    parts = {"styles.xml": styles, "Object 1/content.xml": chart}
    content = files.opendocument("text", f"<office:text>{body}</office:text>", **parts)
    found = await parser.parse_bytes(content, "a.odt")
    assert found.text == (
        "Header: Version 4.2\n\nLimit 500 (net) (comment by Jane: Too low?)\n\nNext page\n\n"
        "| Q1 | 10 |\n| --- | --- |"
    )
    assert [(found.text[at:][:5], name) for at, name in found.places] == [
        ("Limit", "page 1"), ("Next ", "page 2"),
    ]  # fmt: skip


async def test_cells_that_span_stand_in_each_row_and_column(parser: Parser) -> None:
    def cell(words: str, more: str = "", kind: str = "table-cell") -> str:
        return f"<table:{kind} {more}>{p(words) if words else ''}</table:{kind}>"

    covered = cell("", kind="covered-table-cell")
    rows = (
        cell("Region") + cell("Sum"),
        cell("North", 'table:number-rows-spanned="2"') + cell("1"),
        covered + cell("2"),
        cell("none", 'table:number-columns-spanned="2"') + covered,
    )
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    found = await text_of(parser, f"<table:table>{body}</table:table>")
    assert found.endswith("| North | 1 |\n| North | 2 |\n| none | none |")


async def test_slides_have_places_and_hidden_ones_are_marked(parser: Parser) -> None:
    styles = (
        '<style:style style:name="dp"><style:drawing-page-properties '
        'presentation:visibility="hidden"/></style:style>'
    )
    box = f"<draw:frame><draw:text-box>{p('Backup figures')}</draw:text-box></draw:frame>"
    body = (
        '<office:presentation><draw:page><draw:frame presentation:class="title"><draw:text-box>'
        f"{p('Budget')}</draw:text-box></draw:frame></draw:page>"
        f'<draw:page draw:style-name="dp">{box}</draw:page></office:presentation>'
    )
    content = files.opendocument("presentation", body, styles=styles)
    found = await parser.parse_bytes(content, "deck.odp")
    assert found.text == "## Budget\n\n## Slide 2 (hidden)\n\nBackup figures"
    assert [name for _, name in found.places] == ["slide 1", "slide 2"]
    assert found.title == "deck: Budget"


async def test_sheets_are_read_as_they_are_displayed(parser: Parser) -> None:
    styles = (
        '<style:style style:name="off"><style:table-properties table:display="false"/>'
        "</style:style>"
    )

    def row(*cells: str, more: str = "") -> str:
        return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"

    def cell(words: str, more: str = "") -> str:
        return f"<table:table-cell {more}>{p(words) if words else ''}</table:table-cell>"

    empty = row(cell("", 'table:number-columns-repeated="16384"'),
                more='table:number-rows-repeated="1048000"')  # fmt: skip
    note = (
        "<office:annotation><dc:creator>Jane</dc:creator><text:p>check</text:p></office:annotation>"
    )
    sheets = (
        '<table:table table:name="Rates">'
        + row(cell("City"), cell("Share"))
        + row(cell("Graz", 'table:number-rows-spanned="2"'), cell("7.5 %", 'office:value="0.075"'))
        + row(
            "<table:covered-table-cell/>", f"<table:table-cell>{p('€ 9')}{note}</table:table-cell>"
        )
        + row(cell("Linz"), cell("1"), more='table:visibility="collapse"')
        + empty
        + '</table:table><table:table table:name="Old" table:style-name="off">'
        + row(cell("x"), cell("y"))
        + "</table:table>"
    )
    content = files.opendocument(
        "spreadsheet", f"<office:spreadsheet>{sheets}</office:spreadsheet>", styles=styles
    )
    found = await parser.parse_bytes(content, "rates.ods")
    assert found.text == (
        "## Rates\n\n| City | Share |\n| --- | --- |\n| Graz | 7.5 % |\n"
        "| Graz | € 9 (comment by Jane: check) |\n| Linz (hidden row) | 1 |\n\n"
        "## Old (hidden)\n\n| x | y |\n| --- | --- |"
    )
    assert [name for _, name in found.places] == ["sheet Rates", "sheet Old"]
    assert found.notes == ("1 sheets are hidden; they are marked as such",)
