"""Tells what encoding the bytes of a text are in, by marks, by sound sequences, by language."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

import chardet

SAMPLE = 64 * 1024  # bytes of lines beyond ASCII that are looked at
MIXED = 0.2  # of such lines: with so many sound ones in UTF-8, the others are a mixture
EURO = b"\xa4"  # in ISO 8859-15
SPACES = 0.04  # of the characters of text in two or four bytes without a mark

# What moves the cursor or colours the text of a terminal, names its window, links; and letters
# that a printer struck twice.
TERMINAL = (
    r"\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]|\x1b[\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)"
    r"|\x1b[ -/]{1,4}[0-~]|\x1b[0-Z\\^_`-~]|[^\n]\x08"
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_SHIFTED = re.compile(rb"\x1b(?:\$[@B]|\([BJI])")  # how ISO 2022 goes over to Japanese
_NO_TEXT = re.compile("[\x80-\x9f\ufffd]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and what encoding it was taken to be in; ``guessed``: nothing in it says so."""

    text: str
    encoding: str
    guessed: bool = False

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said of the file."""
        if not self.guessed:
            return ()
        return (f"its encoding is not said; it was read as {self.encoding}, by its words",)


def decode(content: bytes) -> Decoded:
    """Bytes as text: by byte order mark, else as UTF-8, UTF-16 or UTF-32, else the likeliest."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return Decoded(content.decode(encoding, "replace"), encoding)
    if wide := wide_encoding(content[:8192]):
        return Decoded(content.decode(wide, "replace"), wide)
    if _SHIFTED.search(content[:SAMPLE]):
        return _guessed(content, "iso2022_jp")
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _legacy(content)


def named(label: str) -> str | None:
    """The codec of an encoding by the name that a page or a message says; None where unknown.

    Programs say a standard where they mean the larger code page that goes back to it.
    """
    try:
        name = codecs.lookup(label.strip(" \"'")).name
    except LookupError:
        return None
    return _MEANT.get(name, name)


def wide_encoding(head: bytes) -> str | None:
    """The encoding of text in two or four bytes a character without a mark, if it is such."""
    for encoding in _WIDE:
        width = 4 if "32" in encoding else 2
        units = head[: len(head) // width * width]
        if len(units) < 4 * width or (b"\0" not in units and width == 4):
            continue
        try:
            text = units.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(units) - 4:
                continue
            text = units[: error.start].decode(encoding)
        if _is_written(text):
            return encoding
    return None


def _is_written(text: str) -> bool:
    """Whether a text decoded on trial is one: of usual characters, with spaces between words."""
    spaces = sum(character in " \n\t\u3000" for character in text)
    usual = all(
        character.isprintable() or character in "\n\r\t\f\ufeff\u3000\xa0\xad\u200b"
        for character in text
    )
    narrow = sum("\x20" <= character < "\u0600" for character in text)
    return usual and spaces >= SPACES * len(text) and narrow >= len(text) / 2


def _legacy(content: bytes) -> Decoded:
    """A text in which not all is UTF-8: damaged, mixed, or in an older encoding throughout."""
    lines = [line for line in content.split(b"\n") if not line.isascii()]
    sound = [line for line in lines if _is_utf8(line)]
    if _mostly_utf8(b"\n".join(lines)[:SAMPLE]):
        if len(lines) == 1:
            return Decoded(content.decode("utf-8", "replace"), "utf-8", guessed=True)
        return _mixed(content, lines)
    if sound and len(sound) >= MIXED * len(lines):
        return _mixed(content, lines)
    return _guessed(content, likeliest(b"\n".join(lines)[:SAMPLE]))


def _mixed(content: bytes, lines: list[bytes]) -> Decoded:
    """A text whose lines come from several places: each as UTF-8 where it is that."""
    others = [line for line in lines if not _is_utf8(line)]
    encoding = likeliest(b"\n".join(others)[:SAMPLE])

    def line_of(raw: bytes) -> str:
        if _is_utf8(raw):
            return raw.decode("utf-8")
        return raw.decode("utf-8" if _mostly_utf8(raw) else encoding, "replace")

    text = "\n".join(map(line_of, content.split(b"\n")))
    return Decoded(text, f"UTF-8, and {shown(encoding)} in some lines", guessed=True)


def _guessed(content: bytes, encoding: str) -> Decoded:
    return Decoded(content.decode(encoding, "replace"), shown(encoding), guessed=True)


def shown(encoding: str) -> str:
    """An encoding by the name that people know."""
    name = codecs.lookup(encoding).name
    return name.replace("cp125", "Windows-125") if name.startswith("cp125") else name.upper()


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mostly_utf8(sample: bytes) -> bool:
    """Whether some damaged text was UTF-8: most of its other-than-ASCII sequences are sound."""
    decoded = sample.decode("utf-8", "replace")
    damaged = decoded.count("\ufffd")
    return damaged * 4 < sum(character > "\x7f" for character in decoded) - damaged


@lru_cache(maxsize=256)
def likeliest(sample: bytes) -> str:
    """The encoding whose words are likeliest those of a language, and in which all are letters.

    Nobody writes control characters: where they would stand the encoding is another one.
    """
    guesses = [guess["encoding"] for guess in chardet.detect_all(sample, ignore_threshold=True)]
    for name in filter(None, map(named, filter(None, guesses))):
        is_latin_9 = name == "iso8859-15" and EURO not in sample
        if not is_latin_9 and not _NO_TEXT.search(sample.decode(name, "replace")):
            return name
    return "cp1252"
