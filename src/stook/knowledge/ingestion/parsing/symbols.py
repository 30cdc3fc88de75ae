"""The characters of symbol fonts, and small raised figures."""

from __future__ import annotations

# The Symbol font from 0x20 and from 0xA0 on, by the characters that look the same.
_SYMBOL_LOW = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟ"
    "ΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
)
_SYMBOL_HIGH = (
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉"
    "∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\uf8ff⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
)
_SYMBOL = {0x20 + at: sign for at, sign in enumerate(_SYMBOL_LOW)} | {
    0xA0 + at: sign for at, sign in enumerate(_SYMBOL_HIGH)
}
_WINGDINGS = {
    0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x46: "☞", 0x4A: "☺", 0x4C: "☹", 0x6C: "●", 0x6D: "❍",
    0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x78: "☒", 0x9F: "•",
    0xA1: "○", 0xA7: "▪", 0xA8: "☐", 0xAB: "★", 0xD8: "➢", 0xDF: "←", 0xE0: "→", 0xE1: "↑",
    0xE2: "↓", 0xE7: "⬅", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xF3: "⬄",
    0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0xA3: "☐", 0xCE: "☒"}
_FONTS = {
    "symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2,
}  # fmt: skip
_RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")


def sign(font: str, code: int) -> str:
    """What a character of a symbol font looks like; "" where that is not known."""
    known = _FONTS.get(font.strip().lower())
    if known is None:
        return "" if 0xE000 <= code <= 0xF8FF or code < 32 or code > 0x10FFFF else chr(code)
    return known.get(code & 0xFF, "")


def spelled(text: str, font: str) -> str:
    """A text with the private characters that stand for those of a symbol font made readable."""
    if not any("\uf000" <= character <= "\uf0ff" for character in text):
        return text
    return "".join(
        sign(font if font.strip().lower() in _FONTS else "symbol", ord(character))
        if "\uf000" <= character <= "\uf0ff"
        else character
        for character in text
    )


def raised(text: str) -> str:
    """Digits as small raised ones, "10⁶", so that they do not join the number before them."""
    bare = text.strip()
    if not any(map(str.isdigit, bare)) or not all(sign in "0123456789+-−()n" for sign in bare):
        return text
    return text.translate(_RAISED)
