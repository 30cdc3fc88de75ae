"""Encodings are told by what the bytes are and by language; a guess is said."""

from __future__ import annotations

import pytest

from stook.knowledge.ingestion.parsing import kinds
from stook.knowledge.ingestion.parsing.encodings import decode, named
from stook.knowledge.ingestion.parsing.parser import read_text

RUSSIAN = "Ежегодный отпуск составляет двадцать восемь дней. Заявление подают начальнику."
POLISH = "Urlop trwa dwadzieścia sześć dni. Wniosek składa się przełożonemu."
TURKISH = "Yıllık izin yirmi sekiz gündür. Başvuru amire yapılır, ücret değişmez."
GERMAN = (
    "Der Urlaub beträgt 28 Tage. Anträge nimmt der Vorgesetzte für alle entgegen, größere früh."
)
FRENCH = "Le congé annuel est de vingt-huit jours. La demande est adressée à l’autorité, à l’été."
CZECH = "Dovolená trvá dvacet osm dní. Žádost se podává nadřízenému, který ji schválí."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "koi8-r"), (RUSSIAN, "cp1251"), (RUSSIAN, "cp866"), (RUSSIAN, "iso8859-5"),
        (RUSSIAN, "mac-cyrillic"), (POLISH, "iso8859-2"), (POLISH, "cp1250"), (POLISH, "cp852"),
        (CZECH, "iso8859-2"), (TURKISH, "cp1254"), (TURKISH, "cp857"), (GERMAN, "cp850"),
        (GERMAN, "mac-roman"), (GERMAN, "cp1252"), (FRENCH, "cp1252"), (FRENCH, "mac-roman"),
    ],
)  # fmt: skip
def test_old_encodings_are_told_by_language_and_said(text: str, encoding: str) -> None:
    found = read_text(text.encode(encoding), kinds.TEXT, "leave.txt")
    assert found.text == text
    assert len(found.notes) == 1 and "encoding" in found.notes[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", [RUSSIAN, POLISH, "これは日本語の 文章です。\nplain"])
def test_what_says_its_encoding_is_no_guess(text: str, encoding: str) -> None:
    found = read_text(text.encode(encoding), kinds.TEXT, "leave.txt")
    assert (found.text, found.notes) == (text, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", [RUSSIAN, POLISH, GERMAN])
def test_wide_text_without_a_mark(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    assert kinds.detect(content, "leave.txt") == kinds.TEXT
    assert decode(content).text == text


def test_bytes_that_are_no_text_are_not_taken_for_wide_text() -> None:
    assert decode(b"plain words, an even number!").encoding == "utf-8"
    assert decode(bytes(range(256)) * 4).encoding not in ("utf-16-le", "utf-32-le")


def test_lines_of_several_origins_are_read_each_in_its_own() -> None:
    lines = [GERMAN.encode(), FRENCH.encode("cp1252"), b"plain", POLISH.encode()]
    found = decode(b"\n".join(lines))
    assert found.text == "\n".join([GERMAN, FRENCH, "plain", POLISH])
    assert found.guessed and "some lines" in found.encoding
    damaged = decode(f"{GERMAN}\n{RUSSIAN}".encode() + b"\xff\n" + POLISH.encode())
    assert damaged.text.split("\n") == [GERMAN, f"{RUSSIAN}\ufffd", POLISH]


def test_japanese_that_shifts_by_escapes() -> None:
    text = "年次休暇は二十日です。\nplain text"
    assert decode(text.encode("iso2022_jp")).text == text


def test_encodings_are_known_by_the_names_that_pages_say() -> None:
    assert named("ISO-8859-1") == "cp1252" and named("gb2312") == "gb18030"
    assert named(' "utf-8"') == "utf-8" and named("no-such") is None


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b]0;user@host: ~\x07\x1b[32mgreen\x1b[0m text", "green text"),
        ("\x1b]8;;https://x.example\x1b\\the link\x1b]8;;\x1b\\ here", "the link here"),
        ("\x1b(B\x1b[?25lN\x08NA\x08AME", "NAME"),
        ("\x07" * 3 + "bells \x1b]2;" + "t" * 90 + "\x07", "bells"),
    ],
)
def test_what_steers_a_terminal_is_no_text(written: str, shown: str) -> None:
    content = f"{written}\n{'more of the log, ' * 20}".encode()
    assert kinds.detect(content, "run.txt") == kinds.TEXT
    first = read_text(content, kinds.TEXT, "run.txt").text.split("\n")[0]
    assert first.strip() == shown
