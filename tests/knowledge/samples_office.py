"""Samples, as in ``samples``, of the formats of office programs."""

from __future__ import annotations

from typing import Any

from tests.knowledge import files_by_code as files
from tests.knowledge.samples import HEADING, TABLE_ROW, sample
from tests.knowledge.test_parsing_opendocument import ROMAN, item, listed, p
from tests.knowledge.test_parsing_pdf import grid, rows, text
from tests.knowledge.test_parsing_sheets import sheet, workbook
from tests.knowledge.test_parsing_word import A, P, W, paragraph, shape, slide

LINK = "[the form](https://forms.example.com/7)"


def _document() -> bytes:
    numbered = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    levels = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt '
        'w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    cells = "".join(f"<w:tc>{paragraph(words)}</w:tc>" for words in ("Paris", "180 EUR"))
    body = (
        '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Hotels</w:t></w:r></w:p>'
        "<w:p><w:r><w:t>It is 10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr>"
        "<w:t>6</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r>"
        "<w:r><w:commentReference w:id='0'/></w:r>"
        "<w:hyperlink r:id='form'><w:r><w:t>the form</w:t></w:r></w:hyperlink></w:p>"
        f"<w:p>{numbered}<w:r><w:t>First step</w:t></w:r></w:p>"
        f"<w:p>{numbered}<w:r><w:t>Second step</w:t></w:r></w:p>"
        f"<w:tbl><w:tr>{cells}</w:tr><w:tr>{cells}</w:tr></w:tbl>"
    )
    parts = {
        "word/numbering.xml": f"<w:numbering {W}>{levels}</w:numbering>",
        "word/comments.xml": f'<w:comments {W}><w:comment w:id="0" w:author="Jane">'
        f"{paragraph('Too low?')}</w:comment></w:comments>",
        "word/footnotes.xml": f'<w:footnotes {W}><w:footnote w:id="2">'
        f"{paragraph('The footnote.')}</w:footnote></w:footnotes>",
    }
    return files.docx(body, parts, {"form": "https://forms.example.com/7"})


def _deck() -> bytes:
    said = shape("body", "The note.")
    notes = f"<p:notes {P} {A}><p:cSld><p:spTree>{said}</p:spTree></p:cSld></p:notes>"
    comment = f'<p:cmLst {P}><p:cm authorId="7"><p:text>Too low?</p:text></p:cm></p:cmLst>'
    cells = "".join(
        f"<a:tc><a:txBody><a:p><a:r><a:t>{words}</a:t></a:r></a:p></a:txBody></a:tc>"
        for words in ("Paris", "180 EUR")
    )
    drawn = f"<a:graphic><a:tbl><a:tr>{cells}</a:tr></a:tbl></a:graphic>"
    table = f"<p:graphicFrame>{drawn}</p:graphicFrame>"
    shapes = shape("title", "Hotels") + shape("body", "It is 1.10 EUR.") + table
    return files.presentation([slide(shapes)], {"notes": notes, "comment": comment})


def _sheets() -> bytes:
    comment = (
        f'<comments xmlns="{files.SHEET}"><commentList><comment ref="A2"><text><r><t>'
        "Too low?</t></r></text></comment></commentList></comments>"
    )
    related = (
        f'<Relationships xmlns="{files.PACKAGE}/relationships"><Relationship Id="c" '
        f'Type="{files.RELATIONS}/comments" Target="../comments1.xml"/></Relationships>'
    )
    more: dict[str, Any] = {
        "xl/comments1.xml": comment,
        "xl/worksheets/_rels/sheet1.xml.rels": related,
    }
    table: list[list[object]] = [["City", "Limit"], ["Paris", "180 EUR"], ["Rome", 1.5]]
    return workbook({"Hotels": sheet(table)}, **more)


def _odt() -> bytes:
    note = (
        "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>The footnote.</text:p></text:note-body></text:note>"
    )
    comment = "<office:annotation><text:p>Too low?</text:p></office:annotation>"
    cells = "".join(
        f"<table:table-cell>{p(words)}</table:table-cell>" for words in ("Paris", "180 EUR")
    )
    body = (
        '<text:h text:outline-level="1">Hotels</text:h>'
        + p(f'It is 1.10 EUR.{note}{comment}<text:a xlink:href="https://forms.example.com/7">the '
            "form</text:a>")
        + listed(item(p("First step")), item(p("Second step")), attributes='text:style-name="D"')
        + f"<table:table><table:table-row>{cells}</table:table-row></table:table>"
    )  # fmt: skip
    return files.opendocument("text", f"<office:text>{body}</office:text>", styles=ROMAN)


def _page() -> bytes:
    xs = [40.0, 160.0, 280.0]
    page = (
        text(40, 270, "Hotels", 18, "F2")
        + text(40, 230, "It is 1.10 EUR a night in all cities that the company books a hotel in.")
        + text(40, 212, "1. First step")
        + text(40, 200, "2. Second step")
        + rows([["City", "Limit"], ["Paris", "180 EUR"]], [45.0, 165.0], 150)
        + grid(xs, [163, 147, 131])
    )
    return files.drawn_pdf([page], title="Travel Policy")


SAMPLES = (
    sample(
        "PDF", "a.pdf", _page(), "title, places", headings=HEADING, lists="2. Second step",
        tables=TABLE_ROW, numbers="1.10 EUR",
    ),
    sample(
        "Word", "a.docx", _document(), "title, author, date", "docx, docm, dotx; doc",
        headings=HEADING, lists="2. Second step", tables=TABLE_ROW, numbers="10⁶",
        notes="(The footnote.)", comments="Too low?", links=LINK,
    ),
    sample(
        "PowerPoint", "a.pptx", _deck(), "title, places", "pptx, pptm, ppsx; ppt", headings=HEADING,
        tables=TABLE_ROW, numbers="1.10 EUR", notes="The note.", comments="Too low?",
    ),
    sample(
        "Excel", "a.xlsx", _sheets(), "title, places", "xlsx, xlsm, xlsb; xls", headings=HEADING,
        tables=TABLE_ROW, numbers="1.5", comments="Too low?",
    ),
    sample(
        "OpenDocument", "a.odt", _odt(), "title, author", "odt, ods, odp", headings=HEADING,
        lists="2. Second step", tables=TABLE_ROW, numbers="1.10 EUR", notes="(The footnote.)",
        comments="Too low?", links=LINK,
    ),
    sample("RTF", "a.rtf", files.RTF, "title, author", numbers="café"),
)  # fmt: skip
