"""The old formats: DOC in any script, PPT without what its masters say, RTF in any code page."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator

import pytest

from stook.errors import UnreadableDocument
from stook.knowledge.ingestion.parsing import ParsedDocument, Parser
from stook.settings import Settings
from tests.knowledge import ole_by_code as ole

IN_TABLE = struct.pack("<HB", 0x2416, 1)
ROW_END = IN_TABLE + struct.pack("<HB", 0x2417, 1)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    made = Parser(Settings(), workers=1)
    yield made
    asyncio.run(made.close())


async def read(parser: Parser, content: bytes, name: str) -> ParsedDocument:
    return await parser.parse_bytes(content, name)


# --- DOC ---------------------------------------------------------------------------------------


async def test_documents_in_any_script_with_headings_and_tables(parser: Parser) -> None:
    cells = [("城市\x07", 0, IN_TABLE), ("限额\x07", 0, IN_TABLE), ("\x07", 0, ROW_END)]
    cells += [("东京\x07", 0, IN_TABLE), ("𝟖0\x07", 0, IN_TABLE), ("\x07", 0, ROW_END)]
    content = ole.doc([("第一章\r", 1, b""), ("差旅费。\r", 0, b""), *cells, ("末尾\r", 0, b"")])
    found = await read(parser, content, "travel.doc")
    assert (
        found.text
        == "# 第一章\n\n差旅费。\n\n| 城市 | 限额 |\n| --- | --- |\n| 东京 | 𝟖0 |\n\n末尾"
    )
    assert found.title == "第一章"


async def test_hidden_text_and_the_instructions_of_fields_are_no_content(parser: Parser) -> None:
    field = "see \x13 HYPERLINK x \x14clause 4\x15 and page \x13PAGE\x147\x15\r"
    content = ole.doc([("Rent 950 or 900 euro\r", 0, b""), (field, 0, b"")], hidden=" or 900")
    assert (await read(parser, content, "a.doc")).text == ("Rent 950 euro\n\nsee clause 4 and page")


async def test_notes_comments_headers_and_footers(parser: Parser) -> None:
    headers = "Version 4.2\r" + "Owner: Finance\r"
    places = [0] * 8 + [12, 12, 27, 27, 27]  # the sixth is the first of a section, an even header
    content = ole.doc(
        [("Limit 500\x02 euro\x05.\r", 0, b"")],
        parts={"footnotes": "\x02 net\r", "headers": headers, "comments": "\x05Too low?\r"},
        places={"footnotes": [9, 17], "comments": [15, 17], "headers": places},
    )
    assert (await read(parser, content, "a.doc")).text == (
        "Header: Version 4.2\n\nLimit 500 (net) euro (comment: Too low?) .\n\n"
        "Footer: Owner: Finance"
    )


async def test_a_damaged_document_costs_one_error(parser: Parser) -> None:
    content = bytearray(ole.doc([("Text\r", 0, b"")]))
    at = content.find(struct.pack("<HH", 0xA5EC, 0xC1))
    struct.pack_into("<II", content, at + 0x1A2, 0xFFFFFF, 0xFFFFFF)
    with pytest.raises(UnreadableDocument):
        await read(parser, bytes(content), "a.doc")


# --- PPT ---------------------------------------------------------------------------------------


def slide_atom(notes: int = 0) -> bytes:
    return ole.record(0x03EF, bytes(16) + struct.pack("<IHH", notes, 0, 0))


async def test_slides_in_their_order_with_notes_and_without_masters(parser: Parser) -> None:
    reference = ole.shape(ole.record(0x0F9E, struct.pack("<I", 0)))
    own = ole.shape(ole.words("A box\rof two lines", 4))
    hidden = ole.record(0x03F9, bytes(10) + struct.pack("<HI", 4, 0))
    comment = ole.record(
        0x138B,
        ole.record(
            0x2EE0,
            ole.record(0x0FBA, "Jane".encode("utf-16-le"))
            + ole.record(0x0FBA, "Check".encode("utf-16-le"), instance=1),
            holds=True,
        ),
    )
    slides = [
        (ole.words("Budget", 0), slide_atom(256) + reference + own + comment),
        (ole.words("Not shown in a show", 0), slide_atom() + reference + hidden),
    ]
    notes = [(b"", ole.shape(ole.words("Say it slowly.", 2)))]
    content = ole.ppt(slides, notes, master=ole.shape(ole.words("Click to edit Master", 1)))
    found = await read(parser, content, "deck.ppt")
    assert found.text == (
        "## Budget\n\nA box\n\nof two lines\n\nComment by Jane: Check\n\nNotes: Say it slowly.\n\n"
        "## Not shown in a show (hidden)"
    )
    assert [label for _, label in found.places] == ["slide 1", "slide 2"]
    assert found.title == "deck: Budget" and len(found.notes) == 1


# --- RTF ---------------------------------------------------------------------------------------


def rtf(body: str, *, page: str = r"\ansicpg1252", fonts: str = "") -> bytes:
    return (rf"{{\rtf1\ansi{page}{{\fonttbl{fonts}}}" + body + "}").encode("latin-1")


def escaped(text: str, encoding: str) -> str:
    return "".join(
        chr(byte) if 32 < byte < 127 and chr(byte) not in "\\{}" else f"\\'{byte:02x}"
        for byte in text.encode(encoding)
    )


@pytest.mark.parametrize(
    ("text", "encoding", "page", "charset"),
    [
        ("ソ連の処刑記録", "cp932", r"\ansicpg1252", 128),
        ("年假二十五天", "gbk", r"\ansicpg936", 134),
        ("Příliš žluťoučký kůň", "cp1250", r"\ansicpg1252", 238),
        ("Příliš žluťoučký kůň", "cp1250", r"\ansicpg1250", 0),
        ("Компания", "cp1251", r"\ansicpg1252", 204),
        ("İstanbul’da ışık", "cp1254", r"\ansicpg1254", 162),
        ("Größe", "mac-roman", r"\mac", 0),
    ],
)
async def test_text_is_in_the_code_page_of_its_font(
    parser: Parser, text: str, encoding: str, page: str, charset: int
) -> None:
    body = rf"\f1 {escaped(text, encoding)}\par"
    fonts = rf"{{\f0\fcharset0 Arial;}}{{\f1\fcharset{charset} Other;}}"
    assert (await read(parser, rtf(body, page=page, fonts=fonts), "a.rtf")).text == text


async def test_unicode_and_what_stands_in_for_it(parser: Parser) -> None:
    body = r"\u8364?50, \uc2\u1046\'c6\'c6X, \uc0\u-10179\u-8704 \uc1  and \~ok\par"
    assert (await read(parser, rtf(body), "a.rtf")).text == "€50, ЖX, 😀 and ok"


async def test_what_is_displayed_of_an_rtf(parser: Parser) -> None:
    body = (
        r"{\stylesheet{\s1 heading 1;}{\*\cs2 x;}}{\*\generator Riched;}{\pict\wmetafile8 0100}"
        r"{\header Version 4.2\par Page {\field{\*\fldinst PAGE}{\fldrslt 3}}\par}"
        r"{\footer Owner: Finance\par}\pard\s1 Travel\par\pard Rent {\deleted 900}{\v 901}950"
        r"{\footnote net} {\field{\*\fldinst HYPERLINK "
        r'"https://forms.example.com/7"}{\fldrslt the form}}\par'
        r"\strike old\strike0  new, 10{\super 6}{\*\atnauthor Jane}{\*\annotation Too low?}\par"
        r"\trowd\cellx1\cellx2\pard\intbl City\cell Limit\cell\row\pard\intbl Graz\par "
        r"Linz\cell 9\cell\row\pard"
        r"{\listtext 1.\tab}one\par{\listtext (a)\tab}\ilvl1 two\par\pard{\pntext\'b7\tab}last\par"
        r"\pard{\listtext 2.1\tab}clause\par"
    )
    found = await read(parser, rtf(body), "a.rtf")
    assert found.text == (
        "Header: Version 4.2\n\n# Travel\n\nRent 950 (net) [the form](https://forms.example.com/7)"
        "\n\n~~old~~ new, 10⁶ (comment by Jane: Too low?)\n\n"
        "| City | Limit |\n| --- | --- |\n| Graz Linz | 9 |\n\n"
        "1. one\n  - (a) two\n- last\n\n2.1 clause\n\nFooter: Owner: Finance"
    )


async def test_binary_data_and_damage_do_no_harm(parser: Parser) -> None:
    body = "before {\\pict\\bin4 }}}}} after \\'zz {\\*\\unknown gone} {{{ open\\par"
    text = (await read(parser, rtf(body), "a.rtf")).text
    assert text.startswith("before after") and "open" in text and "gone" not in text
