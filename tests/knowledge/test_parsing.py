"""Every format becomes canonical text; whatever is broken or hostile costs one error."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import ParsedDocument, Parser
from stook.settings import Settings
from tests.knowledge import files_by_code as files

JANUARY = 1_767_323_045_000_000  # 2026-01-02T03:04:05Z
TABLE = "| City | Limit |\n| --- | --- |\n| Paris | 180 EUR |"


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    import asyncio

    made = Parser(Settings(), workers=1)
    yield made
    asyncio.run(made.close())


async def read(parser: Parser, content: bytes | str, name: str) -> ParsedDocument:
    raw = content.encode() if isinstance(content, str) else content
    found = await parser.parse_bytes(raw, name)
    assert found.text and found.text == unicodedata.normalize("NFC", found.text)
    assert not set(found.text) & set("\r\0\x0b\x0c\u2028")
    return found


async def refusal(parser: Parser, content: bytes, name: str) -> UnreadableReason:
    with pytest.raises(UnreadableDocument) as caught:
        await parser.parse_bytes(content, name)
    return caught.value.reason


# --- text, in this process --------------------------------------------------------------------


async def test_markdown_is_kept_but_for_what_is_no_text(parser: Parser) -> None:
    source = (
        "---\ntitle: 'Travel: Policy'\nauthors: [Ada, Bob]\ndate: 2026-01-02T03:04:05Z\n---\n"
        "# Hotels\r\n\r\nBook early.<!-- remove\nme --> ![A map](https://x.example/a_(1).png)\n"
        '[![badge](a.png)](https://example.com) <img src=x alt="A tag">\n\n'
        "```html\n<!-- kept --> ![kept](x.png)\n```\nand `<!-- kept too -->`\n"
    )
    found = await read(parser, source, "hotels.md")
    assert found.text == (
        "# Hotels\n\nBook early. A map\n[badge](https://example.com) A tag\n\n"
        "```html\n<!-- kept --> ![kept](x.png)\n```\nand `<!-- kept too -->`"
    )
    assert (found.title, found.author, found.created_at) == ("Travel: Policy", "Ada, Bob", JANUARY)
    assert found.mime_type == "text/markdown"


async def test_rules_are_not_front_matter(parser: Parser) -> None:
    source = "---\n\nFirst part, with a stop.\n\n---\n\nSecond part.\n"
    assert (await read(parser, source, "a.md")).text == source.strip()


async def test_toml_front_matter(parser: Parser) -> None:
    found = await read(parser, '+++\ntitle = "Hotels"\ndate = 2026-01-02\n+++\nText.\n', "a.md")
    assert (found.text, found.title) == ("Text.", "Hotels")
    assert found.created_at == JANUARY - 11_045_000_000


@pytest.mark.parametrize(
    ("source", "name", "title"),
    [
        ("# The *first* [heading](x)\n\nText", "a.md", "The first heading"),
        ("Title\n=====\n\nText", "a.md", "Title"),
        ("Only text, no heading.", "docs/pay_bands-2026.txt", "pay bands 2026"),
        ("```\n# code\n```\n", "notes.md", "notes"),
    ],
)
async def test_titles(parser: Parser, source: str, name: str, title: str) -> None:
    assert (await read(parser, source, name)).title == title


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"],
)
async def test_encodings_of_western_text(parser: Parser, encoding: str) -> None:
    text = "Die Größe der Grüße über Köln, naïve façade, déjà vu. " * 3
    assert (await read(parser, text.encode(encoding), "a.txt")).text == text.strip()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("これは日本語の文章です。会社の休日について説明します。", "shift-jis"),
        ("公司为每位员工提供二十五天的带薪年假，并且可以结转五天。", "gb18030"),
        ("Компания предоставляет сотрудникам оплачиваемый отпуск. ", "cp1251"),
        ("Příliš žluťoučký kůň úpěl ďábelské ódy. ", "cp1250"),
    ],
)
async def test_encodings_of_other_scripts(parser: Parser, text: str, encoding: str) -> None:
    found = await read(parser, (text * 5).encode(encoding), "a.txt")
    assert found.text == (text * 5).strip()


async def test_damaged_utf8_stays_utf8(parser: Parser) -> None:
    content = "Größe und Grüße überall. ".encode() * 20 + b"\xff\xfe bad"
    assert "Größe und Grüße überall." in (await read(parser, content, "a.txt")).text


async def test_decomposed_letters_are_composed(parser: Parser) -> None:
    assert (await read(parser, "Cafe\u0301", "a.txt")).text == "Café"


# --- formats that go through a worker ----------------------------------------------------------


async def test_html_keeps_content_and_drops_what_is_around(parser: Parser) -> None:
    found = await read(parser, files.HTML, "a.html")
    assert found.text.startswith("# Hotels\n\nBook [early](https://example.com/x) & cheaply.")
    assert "A map of Paris" in found.text and "| Paris | 180 EUR |" in found.text
    for gone in ("Home", "Elsewhere", "cookies", "Imprint", "alert", "tracker"):
        assert gone not in found.text
    assert (found.title, found.author, found.created_at) == (
        "Travel Policy", "Ada Lovelace", JANUARY
    )  # fmt: skip


async def test_html_in_other_encodings(parser: Parser) -> None:
    page = '<meta charset="iso-8859-1"><body><p>Größe über alles</p>'.encode("latin-1")
    assert (await read(parser, page, "a.html")).text == "Größe über alles"


async def test_docx(parser: Parser) -> None:
    found = await read(parser, files.docx(), "travel.docx")
    assert found.text == f"# Hotels\n\nBook early & cheaply.\n\n{TABLE}"
    assert (found.title, found.author, found.created_at) == (
        "Travel Policy", "Ada Lovelace", JANUARY
    )  # fmt: skip


async def test_docx_loses_no_character(parser: Parser) -> None:
    run = "<w:r><w:t xml:space='preserve'>{}</w:t></w:r>"
    body = (
        f"<w:p>{run.format('R&amp;D at AT&amp;T: 3 &lt; 4 &#8211; caf&#233;, bo')}"
        f"{run.format('ld')}"
        "<w:r><w:br/><w:t>Next</w:t><w:tab/><w:t>line</w:t></w:r>"
        "<w:del><w:r><w:delText>deleted</w:delText></w:r></w:del></w:p>"
    )
    found = await read(parser, files.docx(body), "a.docx")
    assert found.text == "R&D at AT&T: 3 < 4 – café, bold\nNext line"


async def test_xlsx_areas_are_tables_of_their_own(parser: Parser) -> None:
    found = await read(parser, files.xlsx(), "limits.xlsx")
    second = "| Country | Currency |\n| --- | --- |\n| France | EUR |"
    assert found.text == f"## Hotels\n\n{TABLE}\n\n{second}"


async def test_pptx_is_read_in_the_order_of_its_slides(parser: Parser) -> None:
    found = await read(parser, files.pptx(), "deck.pptx")
    assert found.text == "## First\n\n## Second\n\nA map of Paris\n\nNotes: Say it slowly."
    assert found.title == "deck: First"  # many decks hold the title of the one they were copied of


async def test_opendocument(parser: Parser) -> None:
    found = await read(parser, files.odt(), "travel.odt")
    assert found.text == f"## Hotels\n\nBook early.\n\n- outer\n  - inner\n\n{TABLE}"
    assert (found.title, found.author) == ("Travel Policy", "Ada Lovelace")
    deck = await read(parser, files.odp(), "deck.odp")
    assert deck.text == "## Hotels\n\nBook early.\n\nNotes: secret notes"


async def test_epub_rtf_and_pdf(parser: Parser) -> None:
    book = await read(parser, files.epub(), "book.epub")
    assert "# Hotels\n\nBook early." in book.text and book.title == "Travel Policy"
    rich = await read(parser, files.RTF, "a.rtf")
    assert "Book early in a café." in rich.text and rich.author == "Ada Lovelace"
    page = await read(parser, files.pdf(), "travel_policy.pdf")
    assert page.text == "Book early and cheaply."
    assert (page.title, page.mime_type) == ("travel policy", "application/pdf")


async def test_mail(parser: Parser) -> None:
    found = await read(parser, files.EML, "a.eml")
    assert found.text.startswith("# Hotels\n\n")
    assert "From:" in found.text and "ada@example.com" in found.text and "\\" not in found.text
    assert found.text.endswith("Book early.\n\nAda")
    assert (found.title, found.author) == ("Hotels", "Ada Lovelace")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("City,Limit\nParis,180 EUR\n", "a.csv"),
        ("City;Limit\r\nParis;180 EUR\r\n", "a.csv"),
        ("sep=;\r\nCity;Limit\r\nParis;180 EUR\r\n", "a.csv"),
        ("City\tLimit\nParis\t180 EUR\n", "a.tsv"),
        ('"City"|"Limit"\n"Paris"|"180\nEUR"\n', "a.csv"),
        ('[{"City": "Paris", "Limit": "180 EUR"}]', "a.json"),
        ('{"City": "Paris", "Limit": "180 EUR"}\n', "a.jsonl"),
    ],
)
async def test_tables_in_text_formats(parser: Parser, source: str, name: str) -> None:
    assert (await read(parser, source, name)).text == TABLE


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("Artikel;Preis\nSchraube;1,50\nMutter;2,25\nD\u00fcbel;0,75\n", "| Schraube | 1,50 |"),
        ("Name\tSum\nOslo\t1,200.50\nRome\t3,400.00\n", "| Oslo | 1,200.50 |"),
        ("a,b;c\n1,5;2,5;x\n3,5;4,5;y\n7,5;8,5;z\n", "| 1,5 | 2,5 | x |"),
        ("1,2\n3,4\n", "| 3 | 4 |"),
    ],
)
async def test_the_delimiter_is_not_the_decimal_sign(parser: Parser, table: str, row: str) -> None:
    assert row in (await read(parser, table, "a.csv")).text


async def test_json_keeps_numbers_to_the_letter_and_repeated_keys(parser: Parser) -> None:
    source = '{"v": 3.10, "big": 12345678901234567890.5, "a": 1, "a": 2, "n": 1e400, "z": -0.0}'
    found = (await read(parser, source, "a.json")).text
    assert found.split("\n\n") == [
        "v: 3.10", "big: 12345678901234567890.5", "a: 1", "a: 2", "n: 1e400", "z: -0.0",
    ]  # fmt: skip
    rows = (await read(parser, '[{"a": 1.10, "a": 2.0}, {"a": 3}]', "a.json")).text
    assert rows.split("\n\n") == ["a: 1.10", "a: 2.0", "a: 3"]
    assert "| 1.10 |" in (await read(parser, '[{"price": 1.10}, {"price": 2.50}]', "a.json")).text


async def test_json_is_an_outline(parser: Parser) -> None:
    source = '{"title": "Hotels", "rules": {"early": true, "limits": [180, 200]}, "a": [{"b": {}}]}'
    found = await read(parser, source, "a.json")
    assert found.text == "title: Hotels\n\nrules.early: true\n\nrules.limits: 180, 200"
    assert found.title == "Hotels"
    assert (await read(parser, "{broken: json}", "b.json")).text == "{broken: json}"


async def test_content_decides_over_the_name(parser: Parser) -> None:
    assert (await read(parser, files.pdf(), "a.docx")).mime_type == "application/pdf"
    assert (await read(parser, files.docx(), "a.pdf")).mime_type.endswith(
        "wordprocessingml.document"
    )
    assert (await read(parser, files.RTF, "a.doc")).mime_type == "application/rtf"
    assert (await read(parser, files.HTML, "page")).mime_type == "text/html"
    assert (await read(parser, files.EML, "mail")).mime_type == "message/rfc822"


# --- files that cannot be read -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.md", UnreadableReason.EMPTY),
        (b" \n\t", "a.txt", UnreadableReason.EMPTY),
        (b"---\ntitle: x\n---\n", "a.md", UnreadableReason.EMPTY),
        (b"<html><body></body></html>", "a.html", UnreadableReason.EMPTY),
        (bytes(range(256)) * 50, "a.docx", UnreadableReason.BROKEN),
        (b"PK\x03\x04" + bytes(500), "a.docx", UnreadableReason.BROKEN),
        (b"only text", "a.docx", UnreadableReason.BROKEN),
        (files.docx()[:-300], "a.docx", UnreadableReason.BROKEN),
        (files.xlsx()[:600], "a.xlsx", UnreadableReason.BROKEN),
        (files.odt()[:500], "a.odt", UnreadableReason.BROKEN),
        (b"%PDF-1.7\n" + bytes(range(256)) * 9, "a.pdf", UnreadableReason.BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "a.doc", UnreadableReason.BROKEN),
        (b"\0\0\0 ftypisom" + bytes(500), "a.mp4", UnreadableReason.UNSUPPORTED),
        (b"7z\xbc\xaf'\x1c" + bytes(500), "a.7z", UnreadableReason.UNSUPPORTED),
        (files.pdf(encrypted=True), "a.pdf", UnreadableReason.ENCRYPTED),
        (files.odt("<m><encryption-data/></m>"), "a.odt", UnreadableReason.ENCRYPTED),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            UnreadableReason.ENCRYPTED,
        ),
        (b"[" * 200_000 + b"]" * 200_000, "a.json", UnreadableReason.EMPTY),
    ],
    ids=lambda value: "content" if isinstance(value, bytes) else str(value),
)
async def test_unreadable(
    parser: Parser, content: bytes, name: str, reason: UnreadableReason
) -> None:
    assert await refusal(parser, content, name) is reason


async def test_deep_nesting_does_no_harm(parser: Parser) -> None:
    page = b"<p>before</p>" + b"<div>" * 100_000 + b"deep" + b"</div>" * 100_000
    assert "before" in (await read(parser, page, "a.html")).text
    rich = b"{\\rtf1 before" + b"{" * 200_000 + b"}" * 200_000 + b"}"
    assert "before" in (await read(parser, rich, "a.rtf")).text


async def test_entities_are_not_expanded(parser: Parser) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<!DOCTYPE x [<!ENTITY e0 "lol">{entities}]><x xmlns:o="o">&e11;</x>'
    bomb = files.zipped(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": body}
    )
    assert await refusal(parser, bomb, "a.odt") in (UnreadableReason.EMPTY, UnreadableReason.BROKEN)


async def test_archives_that_unpack_to_too_much(parser: Parser) -> None:
    bomb = files.zipped({"[Content_Types].xml": "x", "word/document.xml": bytes(130 << 20)})
    assert len(bomb) < 1 << 20
    assert await refusal(parser, bomb, "a.docx") is UnreadableReason.TOO_LARGE


async def test_files_by_path(parser: Parser, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# Hello\n")
    assert (await parser.parse(path, path.name)).title == "Hello"
    for missing in (tmp_path / "none.md", tmp_path):
        with pytest.raises(UnreadableDocument) as caught:
            await parser.parse(missing, missing.name)
        assert caught.value.reason is UnreadableReason.MISSING


async def test_large_files_are_not_read(tmp_path: Path) -> None:
    small = Parser(Settings(max_file_mib=1), workers=1)
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * (1 << 20) + b"a")
    with pytest.raises(UnreadableDocument) as caught:
        await small.parse(path, path.name)
    assert caught.value.reason is UnreadableReason.TOO_LARGE
    await small.close()


async def test_one_line_of_many_megabytes_is_read(parser: Parser) -> None:
    found = await read(parser, b"![<!--`word " * (1 << 21), "a.md")
    assert len(found.text) == 12 * (1 << 21) - 1
