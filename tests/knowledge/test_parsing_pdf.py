"""PDF: tables, paragraphs, headings, exponents, running heads, forms, turned pages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from stook.errors import UnreadableDocument
from stook.knowledge.ingestion.parsing import ParsedDocument, Parser
from stook.settings import Settings
from tests.knowledge import files_by_code as files


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    made = Parser(Settings(), workers=1)
    yield made
    asyncio.run(made.close())


def text(x: float, y: float, words: str, size: float = 10, font: str = "F1") -> str:
    escaped = words.replace("(", "\\(").replace(")", "\\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET\n"


def lines(x: float, top: float, written: list[str], size: float = 10) -> str:
    return "\n".join(text(x, top - 12 * row, words, size) for row, words in enumerate(written))


def grid(xs: list[float], ys: list[float]) -> str:
    flat = [f"{xs[0]} {y} m {xs[-1]} {y} l S" for y in ys]
    return " ".join([*flat, *(f"{x} {ys[0]} m {x} {ys[-1]} l S" for x in xs)])


def rows(table: list[list[str]], xs: list[float], top: float) -> str:
    return "\n".join(
        text(x, top - 16 * number, cell)
        for number, row in enumerate(table)
        for x, cell in zip(xs, row, strict=True)
    )


async def read(parser: Parser, pages: list[str], **more: object) -> ParsedDocument:
    return await parser.parse_bytes(files.drawn_pdf(pages, **more), "a_file.pdf")  # type: ignore[arg-type]


async def test_lines_become_paragraphs_items_and_headings(parser: Parser) -> None:
    page = "\n".join(
        [
            text(40, 270, "Travel and", 16, "F2"),
            text(40, 252, "Hotel Policy", 16, "F2"),
            lines(40, 225, [
                "Everybody who travels for the company books early and a hotel that is well-",
                "known to the people team, as the limit of the city says. It is paid by the com-",
                "pany.",
            ]),
            text(40, 180, "Who Is Covered", 10, "F2"),
            lines(40, 162, [
                "The company covers everybody who travels for it, with a contract of any kind:",
                "\u2022 employees of all of the countries in which the company has an office of",
                "its own and their families",
                "\u2022 contractors",
                "2) guests",
            ]),
            text(40, 60, "They are well-known to all of us, and welcome in every office."),
        ]
    )  # fmt: skip
    found = await read(parser, [page])
    assert found.text.split("\n\n") == [
        "# Travel and Hotel Policy",
        "Everybody who travels for the company books early and a hotel that is well-known to the "
        "people team, as the limit of the city says. It is paid by the company.",
        "## Who Is Covered",
        "The company covers everybody who travels for it, with a contract of any kind:",
        "- employees of all of the countries in which the company has an office of its own and "
        "their families",
        "- contractors",
        "2) guests",
        "They are well-known to all of us, and welcome in every office.",
    ]
    assert found.title == "Travel and Hotel Policy"


async def test_a_drawn_table_goes_on_over_pages_with_its_header_once(parser: Parser) -> None:
    xs = [40.0, 160.0, 260.0, 340.0]
    header = ["Article", "Price", "Stock"]
    first = [header, *([f"Bolt M{n}", f"{n}.25 EUR", str(3 * n)] for n in range(1, 15))]
    second = [header, *([f"Bolt M{n}", f"{n}.25 EUR", str(3 * n)] for n in range(15, 20))]
    pages = [
        text(40, 280, "Bolt price list", 18) + "\n" + rows(first, [44, 164, 264], 256)
        + grid(xs, [270 - 16 * n for n in range(16)]),
        rows(second, [44, 164, 264], 256) + grid(xs, [270 - 16 * n for n in range(7)]),
    ]  # fmt: skip
    found = await read(parser, pages, title="(anonymous)")
    made = found.text.split("\n")
    assert made[:4] == [
        "# Bolt price list",
        "",
        "| Article | Price | Stock |",
        "| --- | --- | --- |",
    ]
    assert made[4:] == [f"| Bolt M{n} | {n}.25 EUR | {3 * n} |" for n in range(1, 20)]
    assert found.title == "Bolt price list"
    starts = {label: found.text[offset:][:9] for offset, label in found.places}
    assert starts == {"page 1": "# Bolt pr", "page 2": "Bolt M15 "}


@pytest.mark.parametrize("missing", ["outer", "none"])
async def test_cells_that_span_say_their_words_for_each_column(
    parser: Parser, missing: str
) -> None:
    xs, ys = [40.0, 140.0, 240.0, 340.0], [250.0, 230.0, 210.0, 190.0]
    upright = [(x, 250.0, 190.0) for x in (xs if missing == "none" else xs[1:-1])]
    upright = [(x, 230.0 if x == 240 else top, bottom) for x, top, bottom in upright]
    drawn = [f"{x} {top} m {x} {bottom} l S" for x, top, bottom in upright]
    drawn += [f"40 {y} m 340 {y} l S" for y in ys]
    words = text(44, 236, "Plan") + text(200, 236, "Fees")
    words += rows([["Basic", "10", "20"], ["Gold", "30", "40"]], [44, 144, 244], 216)
    found = await read(parser, [words + "\n".join(drawn).replace("\n", " ")])
    assert found.text.split("\n") == [
        "| Plan | Fees | Fees |",
        "| --- | --- | --- |",
        "| Basic | 10 | 20 |",
        "| Gold | 30 | 40 |",
    ]


async def test_a_table_without_lines_is_told_by_its_columns(parser: Parser) -> None:
    table = [
        ["Region", "Sales 2024", "Sales 2025"],
        ["North", "1,204", "1,311"],
        ["South", "998", "1,002"],
        ["West coast", "2,310", "2,298"],
    ]
    page = lines(40, 280, ["The sales of the year are these."]) + rows(table, [40, 180, 280], 250)
    found = await read(parser, [page])
    assert "| Region | Sales 2024 | Sales 2025 |" in found.text
    assert "| West coast | 2,310 | 2,298 |" in found.text


async def test_prose_in_two_columns_is_no_table(parser: Parser) -> None:
    left = [
        "The first column tells of the",
        "harbour and of the ships that",
        "come into it each day.",
    ]
    right = [
        "The second one tells of the",
        "market and of all the fish that",
        "is sold there by noon.",
    ]
    found = await read(parser, [lines(40, 250, left) + "\n" + lines(220, 250, right)])
    assert found.text == f"{' '.join(left)}\n\n{' '.join(right)}"


async def test_exponents_and_note_marks_keep_apart_from_what_they_stand_at(parser: Parser) -> None:
    page = text(40, 250, "The limit is 10") + text(102, 254, "6", 6) + text(108, 250, "records.")
    page += text(40, 220, "The fee is 500") + text(103.6, 224, "1", 6)
    found = await read(parser, [page])
    assert "10⁶ records." in found.text and "500¹" in found.text


async def test_running_heads_and_page_numbers_are_said_once_or_not_at_all(parser: Parser) -> None:
    pages = [
        text(40, 285, "Acme Policy Manual", 8)
        + text(180, 12, f"Page {number} of 3", 8)
        + lines(40, 240, [f"Part {number} tells of the contribution that is paid in quar-",
                          f"ters of the year {2020 + number}."])
        for number in (1, 2, 3)
    ]  # fmt: skip
    found = await read(parser, pages)
    assert found.text.count("Acme Policy Manual") == 1 and "Page" not in found.text
    assert [label for _, label in found.places] == ["page 1", "page 2", "page 3"]
    assert found.text.count("paid in quarters of the year") == 3


async def test_a_sentence_over_a_page_break_is_one(parser: Parser) -> None:
    pages = [
        lines(40, 250, ["The most important part of this contract is that the fee"]),
        lines(40, 250, ["is paid back when the service is not given within thirty days."]),
    ]
    found = await read(parser, pages)
    assert "that the fee is paid back when" in found.text
    (_, second) = found.places
    assert found.text[second[0] :].startswith("is paid back") and second[1] == "page 2"


@pytest.mark.parametrize("turn", [90, 180, 270])
async def test_a_turned_page_reads_as_it_is_shown(parser: Parser, turn: int) -> None:
    height = 400 if turn != 180 else 300
    matrix = {90: "0 1 -1 0 400 0", 180: "-1 0 0 -1 400 300", 270: "0 -1 1 0 0 300"}[turn]
    xs = [40.0, 120.0, 200.0]
    table = [["City", "Limit"], ["Paris", "180 EUR"], ["Oslo", "165 EUR"]]
    inner = text(40, height - 60, "Limits of the cities", 16) + rows(table, [44, 124], height - 100)
    inner += grid(xs, [height - 88 - 16 * n for n in range(4)])
    found = await read(parser, [f"q {matrix} cm {inner} Q"], turn=turn)
    assert found.text == (
        "# Limits of the cities\n\n| City | Limit |\n| --- | --- |\n"
        "| Paris | 180 EUR |\n| Oslo | 165 EUR |"
    )


async def test_what_is_filled_into_a_form_stands_at_its_label(parser: Parser) -> None:
    field = "<</Type/Annot/Subtype/Widget/FT/{kind}/T({name})/Rect[{rect}]/F 4{more}>>"
    ticked = "/V/Yes/AS/Yes/AP<</N<</Yes 7 0 R>>>>"
    fields = "".join(
        [
            field.format(kind="Tx", name="f1", rect="110 245 200 258", more="/V(Alice)"),
            field.format(kind="Tx", name="f2", rect="40 195 200 208", more="/V(Oslo)"),
            field.format(kind="Btn", name="f3", rect="40 150 50 160", more=ticked),
            field.format(kind="Tx", name="Cost centre", rect="300 20 380 33", more="/V(4711)"),
        ]
    )  # fmt: skip
    page = text(40, 248, "First name") + text(40, 212, "Home town") + text(60, 151, "I agree")
    found = await read(parser, [page], fields=fields)
    assert "First name Alice" in found.text and "Home town\n\nOslo" in found.text
    assert "☒ I agree" in found.text and "Cost centre: 4711" in found.text


async def test_content_written_from_the_bottom_is_read_from_the_top(parser: Parser) -> None:
    page = lines(40, 100, ["The last paragraph ends the page with a few words of thanks."])
    page += "\n" + lines(40, 200, ["The middle paragraph tells what is in between the two."])
    page += "\n" + text(40, 260, "The heading of the page", 16)
    found = await read(parser, [page])
    assert [block.split()[1] for block in found.text.split("\n\n")] == ["The", "middle", "last"]


async def test_a_page_without_text_is_named(parser: Parser) -> None:
    found = await read(parser, [text(40, 200, "The first page holds text."), "40 40 100 100 re f"])
    assert found.notes[-1] == "1 of 2 pages hold no text (perhaps pictures): 2"
    with pytest.raises(UnreadableDocument):
        await read(parser, ["40 40 100 100 re f"])


async def test_a_cover_or_a_running_head_is_the_title_where_nothing_else_is(parser: Parser) -> None:
    cover = text(40, 200, "Contoso Electronics", 30) + text(40, 140, "Plan and Benefits", 20)
    body = lines(40, 200, ["Words of the plan that go on and on over the page.", "And on."])
    assert (await read(parser, [cover, body])).title == "Contoso Electronics: Plan and Benefits"
    pages = [text(40, 285, "Staff Manual") + body + text(300, 15, f"Page {n}") for n in range(3)]
    assert (await read(parser, pages)).title == "Staff Manual"
    pages[0] += text(40, 240, "How to travel", 24)
    assert (await read(parser, pages)).title == "How to travel"


async def test_cells_that_nearly_touch_are_words_of_their_own(parser: Parser) -> None:
    cells = text(40, 200, "Bolt M45South") + text(106.6, 200, "56.25") + text(132.8, 200, "315")
    cells += text(40, 180, "Price") + text(64.5, 180, "1.25") + text(86, 180, "EUR")
    found = (await read(parser, [cells])).text.split()
    assert found == ["Bolt", "M45South", "56.25", "315", "Price", "1.25", "EUR"]
    spaced = "BT /F1 10 Tf 3 Tc 40 150 Td (SPACED) Tj ET"
    kerned = "BT /F1 10 Tf 40 120 Td [(Ker) -60 (ned) -90 (word)] TJ ET"
    found = (await read(parser, [f"{spaced}\n{kerned}"])).text.split()
    assert found == ["SPACED", "Kernedword"]


async def test_the_last_row_of_a_table_may_stand_alone_below_its_header(parser: Parser) -> None:
    xs: list[float] = [40, 160, 280]
    head = ["Article", "Price", "Stock"]
    first = rows([head, *([f"Lamp {n}", f"{n}.50", str(n)] for n in range(1, 9))], xs, 250)
    last = rows([head, ["Chair", "48.00", "7"]], xs, 250)
    found = (await read(parser, [first, last])).text
    assert "| Lamp 8 | 8.50 | 8 |\n| Chair | 48.00 | 7 |" in found
    alone = (await read(parser, [last])).text
    assert "|" not in alone
