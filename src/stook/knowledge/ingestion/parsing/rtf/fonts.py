"""The fonts of an RTF document, which say in what code page the text that uses them is."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

from stook.knowledge.ingestion.parsing import symbols

SYMBOL = "symbol"  # what stands for the encoding of fonts whose characters are signs

_CHARSETS = {
    2: SYMBOL, 77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257",
    204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_PAGES = {10000: "mac-roman", 10001: "cp932", 65001: "utf-8", 936: "gbk", 708: "iso8859-6"}


@dataclass(slots=True)
class Font:
    """A font as the table of fonts defines it."""

    name: str = ""
    charset: int = 0
    page: int = 0


@dataclass(slots=True)
class Fonts:
    """``usual`` is the code page of the whole document."""

    usual: str = "cp1252"
    known: dict[int, Font] = field(default_factory=dict)

    def use_page(self, number: int) -> None:
        """Take a code page as that of the document, if it is known."""
        self.usual = page(number) or self.usual

    def encoding(self, number: int) -> str:
        """The encoding of text in a font; that of the document where the font says nothing."""
        font = self.known.get(number)
        if font is None:
            return self.usual
        return page(font.page) or _CHARSETS.get(font.charset, self.usual)

    def decoded(self, raw: bytes, number: int) -> str:
        """Text in a font."""
        encoding = self.encoding(number)
        if encoding == SYMBOL:
            name = self.known[number].name
            return "".join(
                symbols.sign(name, 0xF000 + byte) if byte > 32 else chr(byte) for byte in raw
            )
        return raw.decode(encoding, "replace")


def page(number: int) -> str:
    """The codec of a Windows code page; "" where it is unknown."""
    name = _PAGES.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name if number else ""
    except LookupError:
        return ""
