"""Reads the pages of a PDF: their words with place and size, their ruled lines, filled fields."""

from __future__ import annotations

import ctypes
import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
from pypdfium2 import raw

from stook.errors import UnreadableDocument, UnreadableReason

MOST_PAGES = 20_000
MOST_PATHS = 5_000  # of a page; a drawing has more, a table fewer
THIN = 3.0  # points; a thinner box is a ruled line
RAISED = 0.8  # of the size of the letters before; smaller raised figures are an exponent or a mark
MARK_SIZE = 24.0  # points; a smaller field is a box to tick
FAR = 200.0  # points from a field to a word that may be its label
BREAK = 0.08  # of the size of letters between two words that are written one by one
FEW_WORDS = 10  # of a page that may be a picture, with a stamp or a number written on it
COVERED = 0.5  # of a page by pictures
DPI = 300  # at which a page is drawn to be read
MOST_PIXELS = 5_000  # of such a picture's longer side
MARKS = ("☒", "☐")
HYPHEN = "\u00ad"  # at the end of a line: the word goes on in the next

_SUPERSCRIPTS = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_PRESENTED = re.compile(r"[\ufb00-\ufb4f\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff]")
_BOLD = re.compile(rb"bold|black|heavy|demi|bx\d", re.IGNORECASE)
_SPACE = frozenset("\t\n\r \u00a0")


_Edges = tuple[float, float, float, float]
_Turn = Callable[[_Edges], _Edges]
_NOWHERE: _Edges = (0.0, 0.0, 0.0, 0.0)
_RAISABLE = frozenset("0123456789+-=()")


@dataclass(slots=True)
class Box:
    """A rectangle in points; y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def beside(self, other: Box) -> bool:
        """Whether two boxes lie on one line of text."""
        shared = min(self.top, other.top) - max(self.bottom, other.bottom)
        return shared > 0.5 * min(self.height, other.height)

    def with_other(self, other: Box) -> Box:
        """The rectangle around both."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


@dataclass(slots=True)
class Word:
    """Letters without a space between them; ``order`` counts the words of the page's content."""

    text: str
    box: Box
    bold: bool = False
    order: int = 0
    label: str | None = None  # what a form calls the field that this was filled into
    upright: bool = False  # the letters stand above one another, as in a turned text

    @property
    def size(self) -> float:
        """The height of the letters; 0 of what is filled in, whose box says nothing of it."""
        if self.label is not None:
            return 0.0
        return self.box.right - self.box.left if self.upright else self.box.height


@dataclass(frozen=True, slots=True)
class Page:
    """What is on a page. ``rules`` are horizontal and upright lines, as thin boxes."""

    words: list[Word]
    rules: list[Box]
    box: Box
    unknown: int = 0  # letters that the font gives no meaning
    is_picture: bool = False  # what it shows is drawn, and hardly any of it written


@dataclass(frozen=True, slots=True)
class Opened:
    """A PDF: its pages, read one by one, and its metadata.

    ``draw`` makes a picture of a page, and says with how many dots per inch.
    """

    pages: Iterator[Page]
    metadata: dict[str, str]
    draw: Callable[[int], tuple[bytes, int]]


def open_pdf(content: bytes) -> Opened:
    """The pages and metadata of a PDF. Raises UnreadableDocument."""
    try:
        document = pypdfium2.PdfDocument(content)
        document.init_forms()
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        reason = UnreadableReason.ENCRYPTED if locked else UnreadableReason.BROKEN
        raise UnreadableDocument(reason) from error
    draw = functools.partial(_drawn, document)
    return Opened(_pages(document), dict(document.get_metadata_dict()), draw)


def _pages(document: Any) -> Iterator[Page]:
    for number in range(min(len(document), MOST_PAGES)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:  # a damaged page is no reason not to read the others
            yield Page([], [], Box(0, 0, 0, 0))
            continue
        yield _page(page, document.formenv)
        page.close()


def _page(page: Any, forms: Any) -> Page:
    turn = _turn_of(page)
    box = _box(page.get_bbox(), turn)
    words = _Letters(page.get_textpage(), turn).words()
    shown = [word for word in words if _is_inside(word.box, box)]
    fields = list(_fields(page, forms, turn)) if forms is not None else []
    for field in fields:
        if field.text:
            shown.insert(_place(field, shown), field)
    for order, word in enumerate(shown):
        word.order = order
    unknown = sum(word.text.count("\ufffd") for word in shown)
    boxes = [field.box for field in fields if field.box.height < MARK_SIZE]
    drawn = (_box((r.left, r.bottom, r.right, r.top), turn) for r in _rules(page))
    rules = [
        rule
        for rule in drawn
        if _is_part(rule, box) and not any(_encloses(one, rule) for one in boxes)
    ]
    return Page(shown, rules, box, unknown, len(shown) < FEW_WORDS and _is_picture(page, shown))


def _is_picture(page: Any, words: list[Word]) -> bool:
    """Whether pictures cover a page of hardly any words; without a word, whatever is drawn."""
    count = raw.FPDFPage_CountObjects(page)
    if not words:
        return bool(count > 0)
    width, height = page.get_size()
    pictures = page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3)
    covered = 0.0
    for picture in itertools.islice(pictures, MOST_PATHS):
        left, bottom, right, top = picture.get_bounds()
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    return bool(covered >= COVERED * width * height)


def _drawn(document: Any, number: int) -> tuple[bytes, int]:
    """A page, counted from 0, as a picture in shades of grey (PGM), and its dots per inch."""
    page = document[number]
    width, height = page.get_size()
    scale = min(DPI / 72, MOST_PIXELS / max(width, height, 1))
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=True)
    rows, stride = memoryview(bitmap.buffer), bitmap.stride
    lines = (rows[at * stride : at * stride + bitmap.width] for at in range(bitmap.height))
    picture = b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + b"".join(lines)
    page.close()
    return picture, round(scale * 72)


def _box(edges: _Edges, turn: _Turn | None) -> Box:
    return Box(*(turn(edges) if turn else edges))


def _is_part(rule: Box, page: Box) -> bool:
    """Whether a line is not the edge of the whole page."""
    across = rule.right - rule.left < 0.97 * (page.right - page.left)
    return across and rule.height < 0.97 * page.height


def _encloses(box: Box, rule: Box) -> bool:
    x, y = rule.middle
    return box.left - 3 <= x <= box.right + 3 and box.bottom - 3 <= y <= box.top + 3


def _place(field: Word, words: list[Word]) -> int:
    """Where a filled field belongs among the words: at its label.

    A mark stands before its label; any other field after the words to its left or above it.
    """
    if field.text in MARKS:
        right = [
            (word.box.left - field.box.right, number)
            for number, word in enumerate(words)
            if word.box.beside(field.box) and word.box.left >= field.box.right - 3
        ]
        return min(right)[1] if right else len(words)
    distances = [
        (max(0.0, field.box.left - word.box.right) + 3 * max(0.0, word.box.bottom - field.box.top),
         -number)
        for number, word in enumerate(words)
        if _leads_to(word.box, field.box)
    ]  # fmt: skip
    if not distances or min(distances)[0] > FAR:
        field.text = f"{field.label}: {field.text}" if field.label else field.text
        return len(words)
    return 1 - min(distances)[1]


def _leads_to(label: Box, field: Box) -> bool:
    left = label.beside(field) and label.right <= field.left + 3
    overlaps = label.left < field.right and field.left < label.right
    return left or (overlaps and -3 <= label.bottom - field.top < 30)


def _is_inside(box: Box, page: Box) -> bool:
    x, y = box.middle
    return page.left - 1 <= x <= page.right + 1 and page.bottom - 1 <= y <= page.top + 1


# --- letters ---------------------------------------------------------------------------------


class _Letters:
    """Puts the letters of a page together to words. ``turn`` makes up for a turned page."""

    def __init__(self, text: Any, turn: _Turn | None) -> None:
        self._text = text
        self._turn = turn
        self._name = ctypes.create_string_buffer(128)  # of a font
        self._flags = ctypes.c_int()
        self._words: list[Word] = []
        self._letters: list[str] = []
        self._box = _NOWHERE
        self._first = self._last = _NOWHERE  # letters of the word
        self._start = 0
        self._size = 0.0  # of the last full-sized letters
        self._base = 0.0
        self._raised = False

    def words(self) -> list[Word]:
        """The words in the order of the page's content."""
        text, turn, unicode_of, box_of = (
            self._text, self._turn, raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox,
        )  # fmt: skip
        place = raw.FS_RECTF()
        pointer = ctypes.byref(place)
        high = 0  # the first half of a letter beyond the basic plane
        for number in range(raw.FPDFText_CountChars(text)):
            code = unicode_of(text, number)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            letter, high = _letter(code, high), 0
            if letter in _SPACE:
                self._end()
            elif box_of(text, number, pointer):
                edges = (place.left, place.bottom, place.right, place.top)
                self._add(number, letter, turn(edges) if turn else edges)
        self._end()
        return self._words

    def _add(self, number: int, letter: str, edges: _Edges) -> None:
        last, box = self._last, self._box
        gap = edges[0] - last[2]
        if self._letters and edges[1] == last[1] and edges[3] == last[3] and -1 < gap < 1:
            self._letters.append(letter if not self._raised else letter.translate(_SUPERSCRIPTS))
            self._last, self._box = edges, (box[0], box[1], edges[2], box[3])
            return  # the usual case: the next letter of the same size
        raised = letter in _RAISABLE and self._is_raised(edges)
        if self._letters and (
            raised is not self._raised or _are_apart(last, edges) or self._begins(number, edges)
        ):
            self._end()
        if raised and self._words and not self._letters and self._follows(edges):
            word = self._words.pop()  # an exponent belongs to its word, whatever gap is drawn
            before = word.box
            self._first = (before.left, before.bottom, before.left, before.top)
            self._letters, self._box = (
                [word.text],
                (before.left, before.bottom, before.right, before.top),
            )
        if not self._letters:
            self._start, self._box, self._first = number, edges, edges
        elif edges == self._last and RIGHT_TO_LEFT.match(letter):
            self._letters.insert(-1, letter)  # parts of one glyph come from left to right
            return
        self._raised, self._last = raised, edges
        self._letters.append(letter.translate(_SUPERSCRIPTS) if raised else letter)
        around = self._box
        self._box = (
            min(around[0], edges[0]), min(around[1], edges[1]),
            max(around[2], edges[2]), max(around[3], edges[3]),
        )  # fmt: skip
        if not raised:
            self._size, self._base = edges[3] - edges[1], edges[1]

    def _begins(self, number: int, edges: _Edges) -> bool:
        """Whether a letter begins another piece of text, a little after the last: another cell."""
        gap = edges[0] - self._last[2]
        if not BREAK * (edges[3] - edges[1]) < gap or self._last[1] > edges[3]:
            return False
        pieces = (raw.FPDFText_GetTextObject(self._text, at) for at in (number - 1, number))
        before, now = (ctypes.cast(piece, ctypes.c_void_p).value for piece in pieces)
        return before != now

    def _is_raised(self, edges: _Edges) -> bool:
        if not self._size:
            return False
        left, bottom, _, top = edges
        near = -0.1 * self._size <= left - self._last[2] <= 0.5 * self._size
        higher = self._base + 0.15 * self._size < bottom < self._base + self._size
        return near and higher and top - bottom < RAISED * self._size

    def _follows(self, edges: _Edges) -> bool:
        return abs(edges[0] - self._words[-1].box.right) < 0.5 * self._size

    def _end(self) -> None:
        if self._letters:
            letters = _plain("".join(self._letters))
            across, up = self._last[0] - self._first[0], self._last[1] - self._first[1]
            word = Word(letters, Box(*self._box), self._is_bold(), upright=abs(up) > abs(across))
            self._words.append(word)
            self._letters = []
        self._raised = False

    def _is_bold(self) -> bool:
        if raw.FPDFText_GetFontWeight(self._text, self._start) >= 600:
            return True
        length = raw.FPDFText_GetFontInfo(
            self._text, self._start, self._name, len(self._name), self._flags
        )
        return length > 0 and bool(_BOLD.search(self._name.value))


def _are_apart(last: _Edges, edges: _Edges) -> bool:
    """Whether letters lie further from each other than one of them is large."""
    across = max(edges[0] - last[2], last[0] - edges[2])
    down = max(edges[1] - last[3], last[1] - edges[3])
    if across < 1 and down < 1:
        return False
    return max(across, down) > max(
        last[3] - last[1], edges[3] - edges[1], last[2] - last[0], edges[2] - edges[0]
    )


def _turn_of(page: Any) -> _Turn | None:
    """What makes the edges of a box as a turned page shows them; None for upright pages."""
    turns: dict[int, _Turn] = {
        90: lambda e: (e[1], -e[2], e[3], -e[0]),
        180: lambda e: (-e[2], -e[3], -e[0], -e[1]),
        270: lambda e: (-e[3], e[0], -e[1], e[2]),
    }
    return turns.get(page.get_rotation())


def _letter(code: int, high: int) -> str:
    if code == 2:  # pdfium's mark of a hyphen at the end of a line
        return HYPHEN
    if code < 32:
        return " "
    if high and 0xDC00 <= code < 0xE000:
        return chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00))
    if code in (0xFFFE, 0xFFFF) or 0xD800 <= code <= 0xDFFF:
        return "\ufffd"
    return chr(code)


def _plain(letters: str) -> str:
    """Letters without ligatures and shapes that only print has."""
    return _PRESENTED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), letters)


# --- fields of forms ---------------------------------------------------------------------------


def _fields(page: Any, forms: Any, turn: _Turn | None) -> Iterator[Word]:
    """What is filled in on a page, at its place."""
    for number in range(min(raw.FPDFPage_GetAnnotCount(page), MOST_PATHS)):
        annotation = raw.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        subtype = raw.FPDFAnnot_GetSubtype(annotation)
        place = raw.FS_RECTF()
        if raw.FPDFAnnot_GetRect(annotation, ctypes.byref(place)):
            box = _box((place.left, place.bottom, place.right, place.top), turn)
            words = _annotated(annotation, subtype, forms)
            label = _string(raw.FPDFAnnot_GetFormFieldName, forms, annotation)
            yield Word(" ".join(words.split()), box, label=" ".join(label.split())[:80])
        raw.FPDFPage_CloseAnnot(annotation)


def _annotated(annotation: Any, subtype: int, forms: Any) -> str:
    if subtype == raw.FPDF_ANNOT_WIDGET:
        return _value(annotation, forms)
    if subtype == raw.FPDF_ANNOT_FREETEXT:
        return _string(raw.FPDFAnnot_GetStringValue, annotation, b"Contents")
    if subtype == raw.FPDF_ANNOT_TEXT:
        words = _string(raw.FPDFAnnot_GetStringValue, annotation, b"Contents")
        return f"(Comment: {words})" if words.strip() else ""
    return ""


def _value(annotation: Any, forms: Any) -> str:
    kind = raw.FPDFAnnot_GetFormFieldType(forms, annotation)
    if kind in (raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON):
        return MARKS[not raw.FPDFAnnot_IsChecked(forms, annotation)]
    if kind in (
        raw.FPDF_FORMFIELD_TEXTFIELD,
        raw.FPDF_FORMFIELD_COMBOBOX,
        raw.FPDF_FORMFIELD_LISTBOX,
    ):
        return _string(raw.FPDFAnnot_GetFormFieldValue, forms, annotation)
    return ""


def _string(read: Any, *arguments: Any) -> str:
    """What a function of the library writes into a buffer, in UTF-16."""
    length = read(*arguments, None, 0)
    if not 2 < length < 2**20:
        return ""
    buffer = ctypes.create_string_buffer(length)
    read(*arguments, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")


# --- ruled lines ------------------------------------------------------------------------------


def _rules(page: Any) -> Iterator[Box]:
    """The edges of drawn lines and boxes, but for those of the page itself."""
    count = raw.FPDFPage_CountObjects(page)
    for number in range(min(count, 20 * MOST_PATHS)):
        shape = raw.FPDFPage_GetObject(page, number)
        if shape and raw.FPDFPageObj_GetType(shape) == raw.FPDF_PAGEOBJ_PATH:
            segments = raw.FPDFPath_CountSegments(shape)
            if 2 <= segments <= MOST_PATHS:
                yield from _edges(shape, segments)


def _edges(shape: Any, segments: int) -> Iterator[Box]:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(shape, ctypes.byref(matrix))
    start = last = (0.0, 0.0)
    for number in range(segments):
        segment = raw.FPDFPath_GetPathSegment(shape, number)
        point = _point(segment, matrix)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            yield from _straight(last, point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _straight(point, start)
        last = point


def _point(segment: Any, matrix: Any) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
    return (
        matrix.a * x.value + matrix.c * y.value + matrix.e,
        matrix.b * x.value + matrix.d * y.value + matrix.f,
    )


def _straight(one: tuple[float, float], other: tuple[float, float]) -> Iterator[Box]:
    left, right = sorted((one[0], other[0]))
    bottom, top = sorted((one[1], other[1]))
    flat, upright = top - bottom < 1, right - left < 1
    if flat == upright:  # slanting, or a dot
        return
    if max(right - left, top - bottom) >= THIN:
        yield Box(left, bottom, right, top)
