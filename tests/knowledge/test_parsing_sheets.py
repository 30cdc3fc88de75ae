"""Sheets: numbers as they are displayed, merged and hidden cells, headers, comments, kinds."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest

from stook.knowledge.ingestion.parsing import Parser
from stook.knowledge.ingestion.parsing.number_formats import shown, shown_text
from stook.settings import Settings
from tests.knowledge import files_by_code as files

RELATIONS = files.RELATIONS


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    made = Parser(Settings(), workers=1)
    yield made
    asyncio.run(made.close())


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (0.9382716049382716, "0.0%", "93.8%"),
        (-0.05, "0%", "-5%"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (1234.5, "[$\u20ac-407] #,##0.00", "\u20ac 1,234.50"),
        (99.90000000000001, '#,##0.00 "\u20ac"', "99.90 \u20ac"),
        (-500, "#,##0;(#,##0)", "(500)"),
        (0, '_(* #,##0_);_(* \\(#,##0\\);_(* "\u2014"_);_(@_)', "\u2014"),
        (2500000, '#,##0,"k"', "2,500k (2500000)"),
        (1234, "00000", "01234"),
        (5551234567, "(###) ###-####", "(555) 123-4567"),
        (0.5, "# ?/?", "1/2"),
        (2.25, "# ??/??", "2 1/4"),
        (1.5e-7, "0.00E+00", "1.50E-07"),
        (1.234567890123457e16, "0", "12345678901234570"),
        (12.5, "0.##", "12.5"),
        (3, '0" pcs"', "3 pcs"),
        (1500, '[>=1000]0.0,"K";0', "1.5K (1500)"),
        (12, '[>=1000]0.0,"K";0', "12"),
        (0.1 + 0.2, "General", "0.3"),
        (123456789012, "General", "123456789012"),
        (46096, "mm/dd/yyyy", "03/15/2026"),
        (46096, "dddd, d mmmm yyyy", "Sunday, 15 March 2026"),
        (46096.60416666666, "yyyy-mm-dd hh:mm", "2026-03-15 14:30"),
        (0.3958333333333333, "hh:mm", "09:30"),
        (0.75, "h:mm AM/PM", "6:00 PM"),
        (1.260416666666667, "[h]:mm", "30:15"),
        (1.5, "[hh]:mm:ss", "36:00:00"),
        (0.0208333333, "[mm]:ss", "30:00"),
        (0.00001, "mm:ss.0", "00:00.9"),
    ],
)
def test_a_number_is_shown_as_its_format_says(value: float, code: str, expected: str) -> None:
    assert shown(value, code) == expected


def test_a_format_that_wraps_texts_is_kept() -> None:
    assert shown_text("4711", '"No. "@') == "No. 4711"
    assert shown_text("007", "@") == "007"
    assert shown(44634, "yyyy-mm-dd", since_1904=True) == "2026-03-15"


def sheet(rows: list[list[object]], *, extra: str = "", hidden: tuple[int, ...] = ()) -> str:
    """A worksheet; None is an empty cell, a pair a number with the number of its style."""

    def cell(value: object, place: str) -> str:
        if isinstance(value, tuple):
            return f'<c r="{place}" s="{value[1]}"><v>{value[0]}</v></c>'
        if isinstance(value, int | float):
            return f'<c r="{place}"><v>{value}</v></c>'
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'

    made = ""
    for number, row in enumerate(rows, 1):
        cells = "".join(
            cell(value, f"{chr(65 + at)}{number}") for at, value in enumerate(row) if value != ""
        )
        mark = ' hidden="1"' if number in hidden else ""
        made += f'<row r="{number}"{mark}>{cells}</row>' if cells else ""
    return f'<worksheet xmlns="{files.SHEET}"><sheetData>{made}</sheetData>{extra}</worksheet>'


def workbook(sheets: dict[str, str], codes: tuple[str, ...] = (), **more: str) -> bytes:
    """A workbook; a sheet whose name begins with "!" is hidden."""
    relation = f'<Relationship Id="{{}}" Type="{RELATIONS}/{{}}" Target="{{}}"/>'
    wrapped = f'<Relationships xmlns="{files.PACKAGE}/relationships">{{}}</Relationships>'
    listed, related = "", relation.format("st", "styles", "styles.xml")
    members: dict[str, str | bytes] = {}
    for number, (name, content) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name.startswith("!") else ""
        listed += f'<sheet name="{name.lstrip("!")}" sheetId="{number}"{state} r:id="r{number}"/>'
        related += relation.format(f"r{number}", "worksheet", f"worksheets/sheet{number}.xml")
        members[f"xl/worksheets/sheet{number}.xml"] = content
    formats = "".join(
        f'<numFmt numFmtId="{200 + at}" formatCode="{escape(code)}"/>'
        for at, code in enumerate(codes)
    )
    styles = "".join(f'<xf numFmtId="{200 + at}"/>' for at in range(len(codes)))
    return files.zipped(
        {
            "_rels/.rels": wrapped.format(
                relation.format("a", "officeDocument", "xl/workbook.xml")
            ),
            "xl/workbook.xml": f'<workbook xmlns="{files.SHEET}" xmlns:r="{RELATIONS}"><sheets>'
            f"{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": wrapped.format(related),
            "xl/styles.xml": f'<styleSheet xmlns="{files.SHEET}"><numFmts>{formats}</numFmts>'
            f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
            **members,
            **more,
        }
    )


async def text(parser: Parser, content: bytes) -> str:
    return (await parser.parse_bytes(content, "prices.xlsx")).text


async def test_cells_are_read_as_they_are_displayed(parser: Parser) -> None:
    rows: list[list[object]] = [["Rate", "Fee"], [(0.075, 1), (1234.5, 2)], [(0.5, 1), (2, 2)]]
    found = await parser.parse_bytes(
        workbook({"Rates": sheet(rows)}, ("0.0%", '"\u00a3"#,##0.00')), "fees_2026.xlsx"
    )
    assert found.text == (
        "## Rates\n\n| Rate | Fee |\n| --- | --- |\n"
        "| 7.5% | \u00a31,234.50 |\n| 50.0% | \u00a32.00 |"
    )
    assert found.title == "fees 2026: Rates" and found.places == ((0, "sheet Rates"),)


@pytest.mark.parametrize(
    ("merged", "expected"),
    [
        ("A2:A3", "| North | Oslo | 1 |\n| North | Bergen | 2 |"),
        ("B2:B3", "| North | Oslo | 1 |\n|  | Oslo | 2 |"),
    ],
)
async def test_merged_cells_repeat(parser: Parser, merged: str, expected: str) -> None:
    second = ["", "Bergen", 2] if merged.startswith("A") else ["", "", 2]
    rows: list[list[object]] = [["Region", "Office", "Staff"], ["North", "Oslo", 1], second]
    extra = f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>'
    assert expected in await text(parser, workbook({"A": sheet(rows, extra=extra)}))


async def test_what_is_hidden_is_marked(parser: Parser) -> None:
    rows: list[list[object]] = [["Name", "Code"], ["seen", 1], ["not seen", 2]]
    columns = '<cols><col min="2" max="2" hidden="1"/></cols>'
    found = await text(
        parser, workbook({"A": sheet(rows, hidden=(3,)), "!B": sheet(rows, extra=columns)})
    )
    assert "| not seen (hidden row) | 2 |" in found and "| seen | 1 |" in found
    assert "## B (hidden)" in found and "| Name | Code (hidden column) |" in found


async def test_hidden_sheets_are_said(parser: Parser) -> None:
    book = workbook({"A": sheet([["seen", 1]]), "!B": sheet([["not", 2]])})
    for content in (book, book_with_state(book, "veryHidden")):
        found = await parser.parse_bytes(content, "a.xlsx")
        assert "## B (hidden)" in found.text
        assert found.notes == ("1 sheets are hidden; they are marked as such",)


def book_with_state(book: bytes, state: str) -> bytes:
    parts = files.unzipped(book)
    listed = bytes(parts["xl/workbook.xml"])  # type: ignore[arg-type]
    parts["xl/workbook.xml"] = listed.replace(b'state="hidden"', f'state="{state}"'.encode())
    return files.zipped(parts)


async def test_a_header_that_an_empty_row_parts_from_its_data_stays_its_header(
    parser: Parser,
) -> None:
    rows: list[list[object]] = [
        ["Analyses by segment"],
        [],
        ["In millions", "", "", "", "January-June"],
        ["", "Sales", "Profit", "Costs", "Staff"],
        [],
        ["Zone AOA", 9060, 2068, 12, 3],
        ["Zone NA", 12553, 2713, 13, 4],
        [],
        ["Another", "table"],
        ["of", "words"],
    ]
    found = await text(parser, workbook({"A": sheet(rows)}))
    assert "In millions January-June\n\n|  | Sales | Profit | Costs | Staff |\n| --- |" in found
    assert "| Zone AOA | 9060 | 2068 | 12 | 3 |" in found
    assert "| Another | table |\n| --- | --- |\n| of | words |" in found


async def test_two_tables_below_each_other_stay_two(parser: Parser) -> None:
    rows: list[list[object]] = [["City", "Fee"], ["Oslo", 1], [], ["Year", "Sum"], ["2025", 3]]
    found = await text(parser, workbook({"A": sheet(rows)}))
    assert found.count("| --- | --- |") == 2


async def test_formulas_without_a_result_are_named(parser: Parser) -> None:
    row = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>net</t></is></c><c r="B1"><f>A2*2</f></c></row>'
    )
    content = f'<worksheet xmlns="{files.SHEET}"><sheetData>{row}</sheetData></worksheet>'
    found = await parser.parse_bytes(workbook({"A": content}), "a.xlsx")
    assert found.notes == ("1 formulas hold no result: no program calculated them yet",)


async def test_comments_stand_in_their_cells(parser: Parser) -> None:
    comment = (
        f'<comments xmlns="{files.SHEET}"><commentList><comment ref="B2"><text><r><t>until </t></r>'
        "<r><t>June</t></r></text></comment></commentList></comments>"
    )
    related = (
        f'<Relationships xmlns="{files.PACKAGE}/relationships"><Relationship Id="c" '
        f'Type="{RELATIONS}/comments" Target="../comments1.xml"/></Relationships>'
    )
    more: dict[str, Any] = {
        "xl/comments1.xml": comment,
        "xl/worksheets/_rels/sheet1.xml.rels": related,
    }
    rows: list[list[object]] = [["City", "Fee"], ["Oslo", 12]]
    found = await text(parser, workbook({"A": sheet(rows)}, **more))
    assert "| Oslo | 12 (comment: until June) |" in found
