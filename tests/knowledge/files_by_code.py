"""Small real files of each format, written by the tests themselves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
ODF = "urn:oasis:names:tc:opendocument:xmlns"

CORE = (
    '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:dcterms="http://purl.org/dc/terms/"><dc:title>Travel Policy</dc:title>'
    "<dc:creator>Ada Lovelace</dc:creator><dcterms:created>2026-01-02T03:04:05Z</dcterms:created>"
    "<dcterms:modified>2026-02-03T04:05:06Z</dcterms:modified></c:coreProperties>"
)


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _content_types(**parts: str) -> str:
    overrides = "".join(
        f'<Override PartName="/{path}" ContentType="application/vnd.openxmlformats-'
        f'officedocument.{kind}+xml"/>'
        for path, kind in parts.items()
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relations(**targets: str) -> str:
    items = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{value.partition(" ")[0]}" '
        f'Target="{value.partition(" ")[2]}"/>'
        for key, value in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def unzipped(content: bytes) -> dict[str, str | bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def docx(
    body: str = "", parts: dict[str, str] | None = None, links: dict[str, str] | None = None
) -> bytes:
    """A document; ``parts`` are members of ``word/``, related to it by the names of their files."""
    paragraph = "<w:p>{style}<w:r><w:t>{text}</w:t></w:r></w:p>"
    heading = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    rows = [("City", "Limit"), ("Paris", "180 EUR")]
    table = "".join(f"<w:tr>{cell.format(a)}{cell.format(b)}</w:tr>" for a, b in rows)
    body = body or (
        paragraph.format(style=heading, text="Hotels")
        + paragraph.format(style="", text="Book early &amp; cheaply.")
        + f"<w:tbl>{table}</w:tbl>"
    )
    style = (
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>'
        '<w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    )
    beside = {
        "word/styles.xml": f'<w:styles xmlns:w="{WORD}">{style}</w:styles>', **(parts or {})
    }  # fmt: skip
    related = {
        name.rpartition("/")[2].partition(".")[0]: f"part {name.removeprefix('word/')}"
        for name in beside
    }
    outside = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/hyperlink" Target="{target}" '
        'TargetMode="External"/>'
        for key, target in (links or {}).items()
    )
    relations = _relations(**related).replace("</Relationships>", f"{outside}</Relationships>")
    return zipped(
        {
            "[Content_Types].xml": _content_types(
                **{"word/document.xml": "wordprocessingml.document.main"}
            ),
            "_rels/.rels": _relations(a="officeDocument word/document.xml"),
            "word/_rels/document.xml.rels": relations,
            "word/document.xml": f'<w:document xmlns:w="{WORD}" xmlns:r="{RELATIONS}"><w:body>'
            f"{body}</w:body></w:document>",
            "docProps/core.xml": CORE,
            **beside,
        }
    )


def xlsx() -> bytes:
    def row(number: int, *values: str) -> str:
        cells = "".join(
            f'<c r="{column}{number}" t="inlineStr"><is><t>{value}</t></is></c>'
            for column, value in zip("ABC", values, strict=False)
        )
        return f'<row r="{number}">{cells}</row>'

    data = row(1, "City", "Limit") + row(2, "Paris", "180 EUR") + row(4, "Country", "Currency")
    data += row(5, "France", "EUR")
    return zipped(
        {
            "[Content_Types].xml": _content_types(
                **{
                    "xl/workbook.xml": "spreadsheetml.sheet.main",
                    "xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
                }
            ),
            "_rels/.rels": _relations(a="officeDocument xl/workbook.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets>'
            '<sheet name="Hotels" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(rId1="worksheet worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{data}</sheetData>'
            "</worksheet>",
        }
    )


def pptx() -> bytes:
    def shape(kind: str, *runs: str) -> str:
        texts = "".join(f"<a:r><a:t>{run}</a:t></a:r>" for run in runs)
        place = f'<p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
        return f"<p:sp>{place}<p:txBody><a:p>{texts}</a:p></p:txBody></p:sp>"

    def slide(name: str, shapes: str) -> str:
        return (
            f'<p:{name} xmlns:p="{SLIDES}" xmlns:a="{DRAWING}"><p:cSld><p:spTree>{shapes}'
            f"</p:spTree></p:cSld></p:{name}>"
        )

    picture = '<p:pic><p:nvPicPr><p:cNvPr id="1" descr="A map of Paris"/></p:nvPicPr></p:pic>'
    return zipped(
        {
            "[Content_Types].xml": _content_types(),
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{SLIDES}" xmlns:r="{RELATIONS}">'
            '<p:sldIdLst><p:sldId r:id="b"/><p:sldId r:id="a"/></p:sldIdLst></p:presentation>',
            "ppt/_rels/presentation.xml.rels": _relations(
                a="slide slides/slide1.xml", b="slide slides/slide2.xml"
            ),
            "ppt/slides/slide1.xml": slide("sld", shape("title", "Sec", "ond") + picture),
            "ppt/slides/slide2.xml": slide("sld", shape("title", "First") + shape("ftr", "Footer")),
            "ppt/slides/_rels/slide1.xml.rels": _relations(n="notesSlide ../notesSlides/n1.xml"),
            "ppt/notesSlides/n1.xml": slide("notes", shape("body", "Say it slowly.")),
            "docProps/core.xml": CORE,
        }
    )


def presentation(slides: Sequence[str], parts: Mapping[str, str]) -> bytes:
    """A deck; its first slide may have ``notes`` and a ``comment``, the deck ``authors``."""
    listed = "".join(f'<p:sldId r:id="s{at}"/>' for at in range(len(slides)))
    related = {f"s{at}": f"slide slides/slide{at}.xml" for at in range(len(slides))}
    if "authors" in parts:
        related["a"] = "commentAuthors commentAuthors.xml"
    beside = {"n": "notesSlide ../notesSlides/n.xml", "c": "comments ../comments/c.xml"}
    members = {f"ppt/slides/slide{at}.xml": slide for at, slide in enumerate(slides)}
    members |= {
        "ppt/notesSlides/n.xml": parts.get("notes", ""),
        "ppt/comments/c.xml": parts.get("comment", ""),
        "ppt/commentAuthors.xml": parts.get("authors", ""),
    }
    return zipped(
        {
            "[Content_Types].xml": _content_types(),
            "ppt/presentation.xml": f'<p:presentation xmlns:p="{SLIDES}" xmlns:r="{RELATIONS}">'
            f"<p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": _relations(**related),
            "ppt/slides/_rels/slide0.xml.rels": _relations(**(beside if parts else {})),
            **{name: part for name, part in members.items() if part},
        }
    )


_ODF_SPACES = " ".join(
    f'xmlns:{short}="{ODF}:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("presentation", "presentation"), ("svg", "svg-compatible"), ("meta", "meta"),
        ("style", "style"),
    )
)  # fmt: skip
_ODF_SPACES += ' xmlns:xlink="http://www.w3.org/1999/xlink"'
_ODF_SPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'


def opendocument(
    kind: str, body: str, *, styles: str = "", manifest: str = "<manifest/>", **parts: str
) -> bytes:
    """A file of some kind; ``styles`` are those of its content, ``parts`` whole members."""
    document = (
        f"<office:document-content {_ODF_SPACES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body>{body}</office:body>"
    )
    meta = (
        f"<office:document-meta {_ODF_SPACES}>"
        "<office:meta><dc:title>Travel Policy</dc:title><meta:initial-creator>Ada Lovelace"
        "</meta:initial-creator></office:meta></office:document-meta>"
    )
    return zipped(
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": document + "</office:document-content>",
            "meta.xml": meta,
            "META-INF/manifest.xml": manifest,
            **{name: f"<r {_ODF_SPACES}>{part}</r>" for name, part in parts.items()},
        }
    )


def odt(manifest: str = "<manifest/>") -> bytes:
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    rows = [("City", "Limit"), ("Paris", "180 EUR")]
    table = "".join(
        f"<table:table-row>{cell.format(a)}{cell.format(b)}</table:table-row>" for a, b in rows
    )
    nested = "<text:list><text:list-item><text:p>inner</text:p></text:list-item></text:list>"
    body = (
        '<office:text><text:h text:outline-level="2">Hotels</text:h>'
        "<text:p>Book <text:span>ear</text:span>ly.</text:p>"
        f"<text:list><text:list-item><text:p>outer</text:p>{nested}</text:list-item></text:list>"
        f"<table:table>{table}</table:table></office:text>"
    )
    return opendocument("text", body, manifest=manifest)


def odp() -> bytes:
    box = "<draw:text-box><text:p>{}</text:p></draw:text-box>"
    notes = f"<presentation:notes><draw:frame>{box.format('secret notes')}</draw:frame>"
    body = (
        "<office:presentation><draw:page>"
        f'<draw:frame presentation:class="title">{box.format("Hotels")}</draw:frame>'
        f"<draw:frame>{box.format('Book early.')}</draw:frame>{notes}</presentation:notes>"
        "</draw:page></office:presentation>"
    )
    return opendocument("presentation", body)


def epub() -> bytes:
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/>'
        "</rootfiles></container>"
    )
    book = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Travel Policy</dc:title>'
        "<dc:creator>Ada Lovelace</dc:creator></metadata><manifest>"
        '<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>'
    )
    chapter = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>'
        "<h1>Hotels</h1><p>Book early.</p></body></html>"
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "book.opf": book,
            "a.xhtml": chapter,
        }
    )


def pdf(text: str = "Book early and cheaply.", encrypted: bool = False) -> bytes:
    """One page with one line; ``encrypted`` needs a password that nobody has."""
    return drawn_pdf([f"BT /F1 18 Tf 40 200 Td ({text}) Tj ET"], encrypted=encrypted)


def drawn_pdf(
    pages: list[str], *, fields: str = "", title: str = "", turn: int = 0, encrypted: bool = False
) -> bytes:
    """Pages of 400 by 300 points; F1 is Helvetica, F2 bold. ``fields`` are widgets of page 1."""
    first = 8  # the objects before are the same in every file
    kids = " ".join(f"{first + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[%s]/DA(/F1 9 Tf)>>>>" % fields.encode(),
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O(%s)/U(%s)>>" % (b"o" * 32, b"u" * 32),
        b"<</Title(%s)>>" % title.encode("latin-1"),
        b"null",
    ]
    for number, drawn in enumerate(pages):
        stream = drawn.encode("cp1252")
        widgets = f"/Annots[{fields}]" if fields and not number else ""
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 300]/Rotate {turn}{widgets}/Contents "
            f"{first + 2 * number + 1} 0 R/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>".encode(),
            b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        ]
    return _written_pdf(objects, encrypted)


def _written_pdf(objects: list[bytes], encrypted: bool) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    key = b"/Encrypt 5 0 R/ID[(0123456789abcdef)(0123456789abcdef)]" if encrypted else b""
    out += b"trailer<</Size %d/Root 1 0 R/Info 6 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, key, start,
    )  # fmt: skip
    return bytes(out)


RTF = (
    rb"{\rtf1\ansi{\info{\title Travel Policy}{\author Ada Lovelace}}"
    rb"\b Hotels\b0\par Book early in a caf\'e9.\par}"
)

EML = (
    b"From: Ada Lovelace <ada@example.com>\r\nTo: Bob <bob@example.com>\r\n"
    b"Subject: Hotels\r\nDate: Fri, 02 Jan 2026 03:04:05 +0000\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: text/plain; charset="utf-8"\r\n\r\nBook early.\r\n\r\nAda\r\n'
)

HTML = b"""<!doctype html><html><head><title>Travel Policy</title>
<meta name="author" content="Ada Lovelace">
<meta property="article:published_time" content="2026-01-02T03:04:05Z"></head><body>
<header><a href="/">Home page</a></header><nav><ul><li><a href="/x">Elsewhere</a></li></ul></nav>
<div class="cookie-consent">We use cookies.</div>
<main><h1>Hotels</h1><p>Book <a href="https://example.com/x">early</a> &amp; cheaply.</p>
<img src="https://tracker.example/p.png" alt="A map of Paris">
<table><tr><th>City</th><th>Limit</th></tr><tr><td>Paris</td><td>180 EUR</td></tr></table>
<script>alert("never")</script></main><footer>Imprint</footer></body></html>"""
