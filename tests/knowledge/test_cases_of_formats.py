"""Small files, one for each kind of fault that readers have: what each must give, all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import ParsedDocument, Parser
from stook.knowledge.text.chunking import chunk
from stook.settings import Settings

CASES = Path(__file__).parents[2].parent / "shared/cases"
FOLDERS = ("html", "xlsx", "csv", "json", "docx", "pptx", "pdf", "eml", "txt", "vtt", "files")

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"the cases are not at {CASES}")

# What the text holds, white space made one; after "NOT": what it does not hold.
EXPECTED: dict[str, list[str]] = {
    "html/sphinx.html": [
        "## Pagination Each page holds 250 records",
        "## Sharing A ledger may be shared with at most 12 people.",
        "## Cookies The session cookie lives 45 minutes.",
        "## Errors Error 4091 means a locked ledger.",
        "This guide explains",
    ],
    "html/tabs.html": [
        "## Linux On Linux run agentctl install --system.",
        "## Windows On Windows run AgentSetup.exe /quiet",
    ],
    "html/menu.html": ["## Monday Lentil soup with bread, 4.50 euro"],
    "html/linklist.html": [
        "[Leave request form F-101](a)", "[Expense claim form F-102](b)",
        "[Parking permit form F-103](c)", "[Laptop loan form F-104](d)",
        "[Visitor badge form F-105](e)",
    ],
    "html/links.html": [
        "[this form](https://forms.example.com/leave-77)", "](mailto:leave@example.com)",
    ],
    "html/rowspan.html": [
        "| North | Oslo | 80 |", "| North | Bergen | 70 |", "| South | not offered | not offered |",
    ],
    "xlsx/formats.xlsx": [
        "| percent | 7.5% |", "| currency | $1,234.50 |", "| date us | 03/15/2026 |",
        "| datetime | 2026-03-15 14:30 |", "| time | 09:30 |", "| duration | 30:15 |",
        "| zip leading zero | 01234 |", "| thousands | 1,234,567 |", "| euro | 99.90 € |",
        "| neg parentheses | (500) |", "| fraction | 1/2 |", "| text number | 007 |",
        "| in thousands | 2,500k (2500000) |", "| North | Bergen | 4 |", "Hidden (hidden)",
        "| hiddenrow (hidden row) | beta |", "(comment: Only valid until June)", "NOT1900-01-01",
    ],
    "csv/preise.csv": ["| Artikel | Preis |", "| Schraube | 1,50 |", "| Dübel | 0,75 |"],
    "json/prices.json": [
        "items.price: 1.10", "version: 3.10", "big: 12345678901234567890.5", "a: 1 a: 2",
        "items.sku: 00123", "id: 9007199254740993",
    ],
    "docx/clauses.docx": [
        "# 1. Term", "1.1 The term", "1.2 It renews", "# 2. Termination",
        "2.1 Either party may give sixty days notice. - (a) for cause, at once - (b) for",
        "2.2 Fees are not refunded.",
    ],
    "docx/misc.docx": [
        "10⁶ records", "limit 500¹", "Travel costs ≥ 50 euro",
        "Header: CONFIDENTIAL Version 4.2 valid from 2026-02-01", "Footer: Document owner: Finance",
        "休暇(きゅうか)は二十日です。", "~~old rate 19 euro~~ new rate 23 euro",
        "NOT10 6", "NOT5001",
    ],
    "pptx/charts.pptx": [
        "| Q1 | 10% | | Q2 | 25% | | Q3 | 40% |", "| Q1 | 10% | | Q2 | | | Q3 | 40% |",
    ],
    "pdf/table.pdf": [
        "# Bolt price list | Article | Price | Stock | | --- | --- | --- | | Bolt M1 | 0.25 EUR",
        *(f"| Bolt M{n} | {n / 4:.2f} EUR | {3 * n} |" for n in range(1, 90)),
    ],
    "pdf/misc.pdf": [
        "limit is 10⁶ records", "is paid quarterly to the fund", "NOTquar-", "NOT10 6",
        "NOTPage 2 of 3",
    ],
    "eml/apple.eml": [
        "valid until 30 November.", "The discount is 12 percent for orders above 500 pieces.",
        "Attachments: plan.png",
    ],
    "eml/emptyplain.eml": ["Real text: gate code 7731."],
    "txt/koi8.txt": ["Ежегодный отпуск составляет двадцать восемь дней."],
    "txt/latin2.txt": ["Wniosek składa się przełożonemu. Zażółć gęślą jaźń."],
    "txt/transcript.txt": ["heron project is forty thousand euro and ingrid owns it"],
    "vtt/vtt.vtt": [
        "shearwater launch which is moved to the ninth of May because of the vendor", "NOT-->",
        "NOT00:00",
    ],
    "files/2023-half-year-analyses-by-segment.xlsx": [
        "| | Sales (a) | Underlying Trading operating profit (b) | Trading operating profit |",
        "In millions of CHF January–June 2023", "| Zone AOA | 9,060 | 2,068 | 1,985 |",
    ],
    "files/51519.xlsb": ["| 1 | 豊田 | 豊田車会社 |"],
    "files/61490.doc": ["# 章节1", "| 21 | 22 | 23 |", "Footer: 页脚内容"],
    "files/BOOK_in_capitals.xls": ["| Report Date: | 16-Jan-2013 |"],
    "files/all-number-table.pdf": [
        "| 200.01 | 1 |", *(f"| {200 * n}.01 | {2 * n - 1} |" for n in range(2, 9)),
    ],
    "files/alternate_document_path.docx": ["# Test This is italic, bold, underlined"],
    "files/docx_comments.docx": [
        "attached to it. (comment by John Reviewer: This is a sample reviewer comment",
        "(comment: Anonymous feedback on this paragraph.)",
    ],
    "files/enclosed.eml": ["Hello", "Attachments: thanks.eml"],
    "files/fake-email-attachment.eml": ["Here's the attachments!", "fake-attachment.txt"],
    "files/fake-email-utf-16-le.eml": ["# Test Email", "- Roses are red - Violets are blue"],
    "files/headerFooter.docx": [
        "Header: This is a simple header…", "Footer: … and this is a simple footer.",
    ],
    # The field that holds "Bob" is called so, and stands at the foot of the page without a label.
    "files/libreoffice-form.pdf": ["First Name Alice Last Name", "First Name_2: Bob"],
    "files/notes.odp": ["Notes: The travel budget for 2025 is 48,300 euro."],
    "files/numbered.docx": ["1. Clause text 0 2. Clause text 1 3. Clause text 2"],
    "files/orderedListRoman.odt": [
        "- I. A list item - II. A second - III. A third - I. New level! - I. And another!",
        "- V. Pushed us? - IV. Start new list",
    ],
    "files/right_to_left_01.pdf": ["تعتبر البرمجة بلغة R و Python من الأدوات القوية"],
    "files/simple.ipynb": ["**Lorem ipsum** dolor sit", '``` print("hello") ```', 'NOT"cells"'],
    "files/testEXCEL_labels-govdocs-515858.xls": ["| Antigua and Barbuda | 0.12 |"],
    "files/testPPT_diagramData.pptx": [
        "- President - VP – HR - Manager 1 - VP - Marketing - Manager 1",
    ],
    "files/testRTFJapanese.rtf": ["ゾルゲと尾崎、淡々と最期 古書店で処刑記録見つかる"],
    "files/two.mbox": ["- 1 Notice 0 - 2 Notice 1"],
    "files/xlsx_comments.xlsx": [
        "| 2024 | 180 | 130 | 310 (comment: Maximum number of ducks) |",
        "Python is great (comment: Why Python specifically?)",
    ],
}  # fmt: skip

TITLES = {
    "pdf/misc.pdf": "Acme Policy Manual - Confidential",
    "pdf/table.pdf": "Bolt price list",
    "eml/apple.eml": "Offer",
    "pptx/charts.pptx": "charts: Bars (0.1, 0.25, 0.4)",
    "docx/clauses.docx": "1. Term",
}

# What is within these files is a document of its own: its name, and words of its text.
WITHIN = {
    "files/enclosed.eml": ("thanks.eml", "# Thanks! From: Kirk Douglas"),
    "files/fake-email-attachment.eml": ("fake-attachment.txt", "Hey this is a fake attachment!"),
    "files/two.mbox": ("2 Notice 1.eml", "The parking fee for lot 1 is 41 euro — grüße"),
}


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    made = Parser(Settings(), workers=1)
    yield made
    asyncio.run(made.close())


async def read(parser: Parser, file: str) -> ParsedDocument:
    path = CASES / file
    return await parser.parse(path, path.name)


def test_every_case_is_looked_at() -> None:
    there = {f"{folder}/{path.name}" for folder in FOLDERS for path in (CASES / folder).iterdir()}
    assert there == EXPECTED.keys() | {"files/PasswordProtected.doc"}


@pytest.mark.parametrize("file", EXPECTED)
async def test_the_text_of_each(parser: Parser, file: str) -> None:
    text = " ".join((await read(parser, file)).text.replace("\n", " ").split())
    bare = text.replace("| --- ", "").replace("--- |", "|")
    for expected in EXPECTED[file]:
        if expected.startswith("NOT"):
            assert expected[3:] not in text
        else:
            assert expected in text or expected in bare


@pytest.mark.parametrize(("file", "title"), TITLES.items())
async def test_titles(parser: Parser, file: str, title: str) -> None:
    assert (await read(parser, file)).title == title


@pytest.mark.parametrize("file", WITHIN)
async def test_files_within(parser: Parser, file: str) -> None:
    name, words = WITHIN[file]
    member = next(one for one in (await read(parser, file)).members if one.name == name)
    inner = await parser.parse_bytes(member.content, member.name, member.mime_type)
    assert words in " ".join(inner.text.split())


async def test_what_cannot_be_read_says_why(parser: Parser) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        await read(parser, "files/PasswordProtected.doc")
    assert caught.value.reason is UnreadableReason.ENCRYPTED


async def test_doubts_and_places_are_said(parser: Parser) -> None:
    for file in ("txt/koi8.txt", "txt/latin2.txt", "csv/preise.csv"):
        assert "encoding" in (await read(parser, file)).notes[0]
    assert [label for _, label in (await read(parser, "vtt/vtt.vtt")).places][1] == "00:00:04"
    assert [label for _, label in (await read(parser, "pdf/table.pdf")).places] == [
        "page 1", "page 2", "page 3",
    ]  # fmt: skip


async def test_speech_is_cut_into_passages_of_readable_size(parser: Parser) -> None:
    text = (await read(parser, "txt/transcript.txt")).text
    told = [part for part in text.split("\n\n") if "heron project" in part]
    assert len(told) == 1 and len(told[0].split()) < 60
    assert max(len(text[part.span.start : part.span.end].split()) for part in chunk(text)) < 400
