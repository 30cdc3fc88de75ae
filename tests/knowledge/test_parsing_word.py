"""Word documents and presentations read as they are displayed; nothing that is not content."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from stook.knowledge.ingestion.parsing import ParsedDocument, Parser, counting, symbols
from stook.settings import Settings
from tests.knowledge import files_by_code as files

W = f'xmlns:w="{files.WORD}"'
R = f'xmlns:r="{files.RELATIONS}"'
A = f'xmlns:a="{files.DRAWING}"'
P = f'xmlns:p="{files.SLIDES}"'
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"

LEGAL = (
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/>'
    '<w:pStyle w:val="Heading1"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/>'
    '</w:lvl><w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>'
    '<w:lvlText w:val="(%3)"/></w:lvl>'
)
ARTICLES = (
    '<w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/>'
    '<w:lvlText w:val="Article %1"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
    '<w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%2"/></w:lvl>'
)
PLAIN = (
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1)"/>'
    "</w:lvl>"
)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    import asyncio

    made = Parser(Settings(), workers=1)
    yield made
    asyncio.run(made.close())


def numbering(*lists: str, nums: str = "") -> str:
    """The part that defines lists; list N is used as numId N."""
    defined = "".join(
        f'<w:abstractNum w:abstractNumId="{at}">{levels}</w:abstractNum>'
        for at, levels in enumerate(lists, 1)
    )
    used = "".join(
        f'<w:num w:numId="{at}"><w:abstractNumId w:val="{at}"/></w:num>'
        for at in range(1, len(lists) + 1)
    )
    return f"<w:numbering {W}>{defined}{used}{nums}</w:numbering>"


def paragraph(text: str, *, style: str = "", num: str = "", level: int | None = None) -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num:
        at = "" if level is None else f'<w:ilvl w:val="{level}"/>'
        properties += f'<w:numPr>{at}<w:numId w:val="{num}"/></w:numPr>'
    runs = text if text.startswith("<w:") else f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


async def read(parser: Parser, body: str, **parts: str) -> ParsedDocument:
    """A document with some body; a part named ``header1`` is ``word/header1.xml``."""
    content = files.docx(body, {f"word/{name}.xml": part for name, part in parts.items()})
    return await parser.parse_bytes(content, "lease.docx")


async def text_of(parser: Parser, body: str, **parts: str) -> str:
    return (await read(parser, body, **parts)).text


# --- numbers -----------------------------------------------------------------------------------


async def test_clauses_are_numbered_as_they_are_printed(parser: Parser) -> None:
    body = (
        paragraph("Term", style="Heading1", num="1", level=0)
        + paragraph("Two years.", num="1", level=1)
        + paragraph("Termination", style="Heading1", num="1", level=0)
        + paragraph("Sixty days.", num="1", level=1)
        + paragraph("for cause", num="1", level=2)
        + paragraph("for convenience", num="1", level=2)
        + paragraph("No refund.", num="1", level=1)
    )
    assert await text_of(parser, body, numbering=numbering(LEGAL)) == (
        "# 1. Term\n\n1.1 Two years.\n\n# 2. Termination\n\n2.1 Sixty days.\n\n"
        "- (a) for cause\n- (b) for convenience\n\n2.2 No refund."
    )


async def test_levels_in_other_forms_and_lists_that_go_on(parser: Parser) -> None:
    again = (
        '<w:num w:numId="9"><w:abstractNumId w:val="2"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        '<w:num w:numId="8"><w:abstractNumId w:val="2"/></w:num>'
    )
    body = (
        paragraph("Fees", num="1", level=0)
        + paragraph("Monthly.", num="1", level=1)
        + paragraph("one", num="2", level=0)
        + paragraph("between the two")
        + paragraph("two", num="8", level=0)
        + paragraph("one again", num="9", level=0)
        + paragraph("", num="9", level=0)
        + paragraph("three", num="9", level=0)
    )
    assert await text_of(parser, body, numbering=numbering(ARTICLES, PLAIN, nums=again)) == (
        "Article IV Fees\n\n4.1 Monthly.\n\n1) one\n\nbetween the two\n\n2) two\n1) one again\n"
        "3) three"
    )


async def test_a_style_may_say_the_list_and_its_level(parser: Parser) -> None:
    styles = (
        f'<w:styles {W}><w:style w:type="paragraph" w:styleId="Heading1">'
        '<w:name w:val="heading 1"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Own"/>'
        '<w:basedOn w:val="Heading1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="ListNumber"><w:name w:val="List Number"/>'
        '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr></w:style></w:styles>'
    )
    body = (
        paragraph("Scope", style="Heading1")
        + paragraph("Costs", style="Own")
        + paragraph("first", style="ListNumber")
        + paragraph("none", style="ListNumber", num="0")
        + paragraph("second", style="ListNumber")
    )
    found = await text_of(parser, body, numbering=numbering(LEGAL, PLAIN), styles=styles)
    assert found == "# 1. Scope\n\n# 2. Costs\n\n1) first\n\nnone\n\n2) second"


def test_forms_of_numbers() -> None:
    written = [counting.written(number, "lowerLetter") for number in (1, 26, 27, 53)]
    assert written == ["a", "z", "aa", "aaa"]
    assert [counting.written(n, "upperRoman") for n in (4, 9, 14, 1990)] == [
        "IV", "IX", "XIV", "MCMXC",
    ]  # fmt: skip
    assert [counting.written(n, "ordinal") for n in (1, 2, 11, 23)] == [
        "1st",
        "2nd",
        "11th",
        "23rd",
    ]
    assert [counting.written(n, "chineseCounting") for n in (3, 10, 12, 20, 35)] == [
        "三", "十", "十二", "二十", "三十五",
    ]  # fmt: skip
    assert counting.written(0, "lowerLetter") == "0"
    assert counting.written(10**9, "lowerLetter") == "1000000000"


# --- characters --------------------------------------------------------------------------------


async def test_what_is_deleted_or_hidden_is_no_content(parser: Parser) -> None:
    styles = (
        f'<w:styles {W}><w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/>'
        "<w:rPr><w:vanish/></w:rPr></w:style></w:styles>"
    )
    shown = run(" a month", '<w:vanish w:val="0"/>')
    by_style = run(" or 8", '<w:rStyle w:val="Secret"/>')
    body = (
        f"<w:p>{run('The rent is ')}<w:del>{run('900')}</w:del><w:ins>{run('950')}</w:ins>"
        f"{shown}{run(' or 7', '<w:vanish/>')}{by_style}</w:p>"
        f"<w:p>{run('old price 19', '<w:strike/>')}{run(' euro,', '<w:strike/>')}{run(' 23')}</w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('gone')}</w:tc></w:tr>"
        f"<w:tr><w:tc>{paragraph('stays')}</w:tc></w:tr></w:tbl>"
    )
    assert await text_of(parser, body, styles=styles) == (
        "The rent is 950 a month\n\n~~old price 19 euro,~~ 23\n\n| stays |\n| --- |"
    )


async def test_symbols_raised_figures_and_readings(parser: Parser) -> None:
    raised, lowered = (f'<w:vertAlign w:val="{name}script"/>' for name in ("super", "sub"))
    symbol = run("&#xF0A3;", '<w:rFonts w:ascii="Symbol"/>')
    body = (
        f"<w:p>{run('cost ')}<w:r><w:sym w:font='Symbol' w:char='F0B3'/></w:r>{run(' 50, ')}"
        f"{symbol}{run(' 80, ')}"
        f"<w:r><w:sym w:font='Wingdings' w:char='F0FC'/></w:r></w:p>"
        f"<w:p>{run('10')}{run('6', raised)}{run(' records, 21')}{run('st', raised)}"
        f"{run(' of May, H')}{run('2', lowered)}{run('O')}</w:p>"
        f"<w:p><w:r><w:ruby><w:rt>{run('きゅうか')}</w:rt><w:rubyBase>{run('休暇')}</w:rubyBase>"
        "</w:ruby></w:r></w:p>"
    )
    assert await text_of(parser, body) == (
        "cost ≥ 50, ≤ 80, ✓\n\n10⁶ records, 21st of May, H2O\n\n休暇(きゅうか)"
    )
    assert [symbols.sign("Symbol", 0xF000 + ord(sign)) for sign in "aW"] == ["α", "Ω"]
    assert symbols.sign("Arial", 0xF041) == "" and symbols.sign("Arial", 0x2265) == "≥"


async def test_formulas_are_written_on_one_line(parser: Parser) -> None:
    def r(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    square = f"<m:sSup><m:e>{r('b')}</m:e><m:sup>{r('2')}</m:sup></m:sSup>"
    root = f"<m:rad><m:deg/><m:e>{square}{r('-4ac')}</m:e></m:rad>"
    whole = f"<m:f><m:num>{r('-b±')}{root}</m:num><m:den>{r('2a')}</m:den></m:f>"
    body = f'<w:p><m:oMath xmlns:m="{MATH}">{r("x=")}{whole}</m:oMath></w:p>'
    assert await text_of(parser, body) == "x=(-b±√(b^2-4ac))/2a"


async def test_fields_show_their_results_and_boxes_their_marks(parser: Parser) -> None:
    def field(instruction: str, result: str, form: str = "") -> str:
        mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
        return (
            f'<w:r><w:fldChar w:fldCharType="begin">{form}</w:fldChar></w:r>'
            f"<w:r><w:instrText>{instruction}</w:instrText></w:r>{mark.format('separate')}"
            f"{run(result)}{mark.format('end')}"
        )

    box = "<w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>"
    choice = (
        '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="Graz"/>'
        '<w:listEntry w:val="Linz"/></w:ddList></w:ffData>'
    )
    body = (
        f"<w:p>{run('see clause ')}{field(' REF x ', '4.2')}</w:p>"
        f"<w:p>{field(' FORMCHECKBOX ', '', box)}{run(' paid in ')}"
        f"{field(' FORMDROPDOWN ', '', choice)}</w:p>"
    )
    assert await text_of(parser, body) == "see clause 4.2\n\n☒ paid in Linz"


# --- beside the text ---------------------------------------------------------------------------


async def test_headers_footers_comments_and_notes(parser: Parser) -> None:
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="header1"/>'
        '<w:headerReference w:type="first" r:id="header2"/>'
        '<w:footerReference w:type="default" r:id="footer1"/></w:sectPr>'
    )
    page = (
        '<w:p><w:r><w:t>Page </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>3</w:t></w:r>'
        "</w:fldSimple></w:p>"
    )
    parts = {
        "header1": f"<w:hdr {W}>{paragraph('Version 4.2')}</w:hdr>",
        "header2": f"<w:hdr {W}>{paragraph('Version 4.2')}</w:hdr>",
        "footer1": f"<w:ftr {W}>{page}{paragraph('Owner: Finance')}</w:ftr>",
        "comments": f'<w:comments {W}><w:comment w:id="0" w:author="Jane">{paragraph("Too low?")}'
        f'</w:comment><w:comment w:id="1">{paragraph("Lost?")}</w:comment></w:comments>',
        "footnotes": f'<w:footnotes {W}><w:footnote w:id="2">{paragraph("net of tax")}'
        "</w:footnote></w:footnotes>",
    }
    body = (
        f"<w:p>{run('The limit is 500')}<w:r><w:footnoteReference w:id='2'/></w:r>"
        f"<w:r><w:commentReference w:id='0'/></w:r>{run('.')}</w:p>{section}"
    )
    assert await text_of(parser, body, **parts) == (
        "Header: Version 4.2\n\nThe limit is 500 (net of tax) (comment by Jane: Too low?) .\n\n"
        "Comment: Lost?\n\nFooter: Owner: Finance"
    )


async def test_charts_diagrams_and_links(parser: Parser) -> None:
    points = '<c:pt idx="0"><c:v>0.1</c:v></c:pt><c:pt idx="2"><c:v>0.4</c:v></c:pt>'
    chart = (
        f'<c:chartSpace xmlns:c="{CHART}"><c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0">'
        "<c:v>Share</c:v></c:pt></c:strCache></c:strRef></c:tx><c:val><c:numRef><c:numCache>"
        f"<c:formatCode>0%</c:formatCode>{points}</c:numCache></c:numRef></c:val></c:ser>"
        "</c:chartSpace>"
    )
    nodes = f"<d {A}><a:p><a:r><a:t>President</a:t></a:r></a:p></d>"
    body = (
        f'<w:p><w:hyperlink r:id="link">{run("the form")}</w:hyperlink></w:p>'
        f'<w:p><w:r><w:drawing><c:chart xmlns:c="{CHART}" r:id="chart1"/></w:drawing></w:r></w:p>'
        '<w:p><w:r><w:drawing><d:relIds xmlns:d="http://schemas.openxmlformats.org/drawingml/2006/'
        'diagram" r:dm="data1"/></w:drawing></w:r></w:p>'
    )
    content = files.docx(
        body,
        {"word/charts/chart1.xml": chart, "word/diagrams/data1.xml": nodes},
        links={"link": "https://forms.example.com/77"},
    )
    found = (await parser.parse_bytes(content, "a.docx")).text
    assert found == (
        "[the form](https://forms.example.com/77)\n\n| Share |\n| --- |\n| 10% |\n| 40% |\n\n"
        "- President"
    )


async def test_pages_are_places(parser: Parser) -> None:
    ended = "<w:r><w:lastRenderedPageBreak/></w:r>"
    body = (
        paragraph("On the first.")
        + f"<w:p>{ended}</w:p>"
        + paragraph("On the second.")
        + f"<w:p>{run('It ends ')}{ended}{run('on the third.')}</w:p>"
    )
    found = await read(parser, body)
    assert found.text == "On the first.\n\nOn the second.\n\nIt ends on the third."
    places = [(label, found.text[offset:][:6]) for offset, label in found.places]
    assert places == [("page 1", "On the"), ("page 2", "On the"), ("page 3", "on the")]


async def test_the_main_part_may_have_any_name_and_the_strict_kind_is_read(parser: Parser) -> None:
    usual: dict[str, Any] = {**files.unzipped(files.docx(paragraph("Book early.")))}
    document = usual.pop("word/document.xml").decode()
    usual["_rels/.rels"] = usual["_rels/.rels"].replace(b"word/document.xml", b"word/main2.xml")
    usual["word/main2.xml"] = document.encode()
    assert (await parser.parse_bytes(files.zipped(usual), "a.docx")).text == "Book early."
    strict = document.replace(files.WORD, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    usual["word/main2.xml"] = strict.encode()
    assert (await parser.parse_bytes(files.zipped(usual), "a.docx")).text == "Book early."


async def test_damage_to_a_part_is_said_and_costs_that_part(parser: Parser) -> None:
    found = await read(parser, paragraph("Book early."), comments="<broken")
    assert found.text == "Book early." and found.notes == (
        "comments.xml is damaged and was not read",
    )


async def test_deep_and_endless_documents_do_no_harm(parser: Parser) -> None:
    body = paragraph("before")
    cell = "<w:tbl><w:tr><w:tc>" * 60 + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * 60
    styles = (
        f"<w:styles {W}>"
        '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    note = f'<w:footnote w:id="1">{run("x")}<w:p><w:footnoteReference w:id="1"/></w:p></w:footnote>'
    found = await text_of(
        parser,
        body + cell + paragraph("circle", style="a"),
        styles=styles,
        footnotes=f"<w:footnotes {W}>{note}</w:footnotes>",
    )
    assert "before" in found and "deep" in found and "circle" in found


# --- presentations -----------------------------------------------------------------------------


def slide(shapes: str, attributes: str = "") -> str:
    return f"<p:sld {P} {A} {R} {attributes}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"


def shape(kind: str, *paragraphs: str) -> str:
    text = "".join(
        one if one.startswith("<a:p>") else f"<a:p><a:r><a:t>{one}</a:t></a:r></a:p>"
        for one in paragraphs
    )
    place = f'<p:nvSpPr><p:cNvPr id="1"/><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
    return f"<p:sp>{place}<p:txBody>{text}</p:txBody></p:sp>"


async def deck(parser: Parser, *slides: str, **parts: str) -> ParsedDocument:
    return await parser.parse_bytes(files.presentation(slides, parts), "budget.pptx")


async def test_slides_have_titles_numbers_and_marks(parser: Parser) -> None:
    found = await deck(
        parser,
        slide(shape("body", "Travel first") + shape("title", "Budget")),
        slide(shape("body", "Nobody named this one") + shape("sldNum", "2")),
        slide(shape("title", "Backup"), 'show="0"'),
    )
    assert found.text == (
        "## Budget\n\nTravel first\n\n## Slide 2\n\nNobody named this one\n\n## Backup (hidden)"
    )
    assert [label for _, label in found.places] == ["slide 1", "slide 2", "slide 3"]
    assert found.title == "budget"  # its name says what the title of the first slide says
    assert found.notes == ("1 slides are hidden; they are marked as such",)


async def test_slides_number_their_lists_and_repeat_merged_cells(parser: Parser) -> None:
    def numbered(text: str, kind: str, level: int = 0) -> str:
        return (
            f'<a:p><a:pPr lvl="{level}"><a:buAutoNum type="{kind}"/></a:pPr>'
            f"<a:r><a:t>{text}</a:t></a:r></a:p>"
        )

    listed = shape(
        "body",
        numbered("one", "arabicPeriod"),
        numbered("inner", "alphaLcParenR", 1),
        numbered("two", "arabicPeriod"),
        "plain",
        numbered("one again", "arabicPeriod"),
    )

    def cell(text: str, merged: str = "") -> str:
        return f"<a:tc {merged}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"

    north, again = cell("North", 'rowSpan="2"'), cell("", 'vMerge="1"')
    table = (
        f"<a:tbl><a:tr>{cell('Region')}{cell('Sum')}</a:tr><a:tr>{north}{cell('1')}</a:tr>"
        f"<a:tr>{again}{cell('2')}</a:tr></a:tbl>"
    )
    frame = f"<p:graphicFrame><a:graphic>{table}</a:graphic></p:graphicFrame>"
    found = (await deck(parser, slide(listed + frame))).text
    assert found.startswith(
        "## Slide 1\n\n1. one\n\n  a) inner\n\n2. two\n\nplain\n\n1. one again\n\n"
    )
    assert found.endswith("| North | 1 |\n| North | 2 |")


async def test_notes_and_comments_of_slides_are_marked(parser: Parser) -> None:
    said = shape("body", "Say it slowly.") + shape("sldNum", "1")
    notes = f"<p:notes {P} {A}><p:cSld><p:spTree>{said}</p:spTree></p:cSld></p:notes>"
    comment = f'<p:cmLst {P}><p:cm authorId="7"><p:text>Check this sum</p:text></p:cm></p:cmLst>'
    authors = f'<p:cmAuthorLst {P}><p:cmAuthor id="7" name="Jane"/></p:cmAuthorLst>'
    found = await deck(
        parser, slide(shape("title", "Budget")), notes=notes, comment=comment, authors=authors
    )
    assert found.text == "## Budget\n\nNotes: Say it slowly.\n\nComment by Jane: Check this sum"
