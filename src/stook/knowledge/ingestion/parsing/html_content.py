"""Makes the content of an HTML page plain: spans repeated, tabs named, boxes and icons in words."""

from __future__ import annotations

import copy
from typing import Any

from stook.knowledge.ingestion.parsing import symbols

LARGEST_SPAN = 200
MOST_REPEATED = 20_000  # cells of a page that spans may add
LONGEST_TARGET = 500
TARGETS = ("http://", "https://", "mailto:", "tel:", "ftp://", "/", "./", "../")

_LABELLED = frozenset("i span svg img abbr input".split())


def simplify(body: Any) -> None:
    """Leave in a page's content only what Markdown can say."""
    _name_tabs(body)
    _say_boxes(body)
    _say_icons(body)
    for table in list(body.iter("table")):
        _repeat_spans(table)
    _raise_numbers(body)
    _keep_targets(body)
    for element in body.iter("*"):  # a folded panel is content: what hides it goes
        for name in {"hidden", "style", "aria-hidden", "role"} & set(element.attrib):
            del element.attrib[name]


def _name_tabs(body: Any) -> None:
    """Each panel of a row of tabs stands below the name of its tab; the row itself goes."""
    for row in body.xpath(".//*[@role='tablist']"):
        tabs = row.xpath(".//*[@role='tab']")
        panels = _panels(row, tabs)
        if not panels or len(panels) != len(tabs):
            continue
        level = _level_before(row) + 1
        for tab, panel in zip(tabs, panels, strict=True):
            heading = panel.makeelement(f"h{min(level, 6)}")
            heading.text = " ".join(tab.text_content().split())
            panel.insert(0, heading)
            heading.tail, panel.text = panel.text, None
        row.drop_tree()


def _panels(row: Any, tabs: list[Any]) -> list[Any]:
    """The panels of some tabs: those that they name, else those that follow them."""
    root = row.getroottree()
    named = {panel.get("id"): panel for panel in root.xpath("//*[@role='tabpanel'][@id]")}
    wanted = [tab.get("aria-controls", "") for tab in tabs]
    if wanted and all(name in named for name in wanted):
        return [named[name] for name in wanted]
    around = row.getparent()
    return list(around.xpath(".//*[@role='tabpanel']")) if around is not None else []


def _level_before(element: Any) -> int:
    before = element.xpath("preceding::*[self::h1 or self::h2 or self::h3 or self::h4][1]")
    return int(before[0].tag[1]) if before else 2


def _say_boxes(body: Any) -> None:
    for box in list(body.iter("input")):
        kind = box.get("type", "text").lower()
        if kind in ("checkbox", "radio"):
            _instead(box, "☒" if box.get("checked") is not None else "☐")
        else:
            _instead(box, box.get("value", "") if box.get("readonly") is not None else "")


def _say_icons(body: Any) -> None:
    """Pictures become their alternative text; icons without text the label that is read out."""
    for image in list(body.iter("img")):
        _instead(image, image.get("alt") or "")
    for icon in list(body.iter("i", "span", "svg")):
        if len(icon) == 0 and not (icon.text or "").strip():
            _instead(icon, icon.get("aria-label") or icon.get("title") or "")
    for drawing in list(body.iter("svg")):
        title = drawing.findtext(".//title") or drawing.get("aria-label") or ""
        _instead(drawing, title)


def _instead(element: Any, words: str) -> None:
    """Put words in an element's place."""
    if element.getparent() is None:
        return
    words = " ".join(words.split())
    tail = element.tail or ""
    element.tail = f" {words} {tail.lstrip()}" if words else tail
    element.drop_tree()


def _repeat_spans(table: Any) -> None:
    """Cells that span rows or columns stand in each of them."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
    waiting: dict[int, tuple[int, Any]] = {}  # the rows still to fill, and the cell, by column
    added = 0
    for row in rows:
        column = 0
        for cell in [one for one in row if one.tag in ("td", "th")]:
            column = _fill(row, cell, column, waiting)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            added += across * down - 1
            if added > MOST_REPEATED:
                return
            for copied in range(across):
                if copied:
                    cell.addnext(_copy(cell))
                if down > 1:
                    waiting[column + copied] = (down - 1, cell)
            column += across
        _fill(row, None, column, waiting)


def _fill(row: Any, before: Any, column: int, waiting: dict[int, tuple[int, Any]]) -> int:
    """Put in the cells that reach down to a row at a column; the next free column."""
    while column in waiting:
        left, cell = waiting.pop(column)
        if left > 1:
            waiting[column] = (left - 1, cell)
        if before is None:
            row.append(_copy(cell))
        else:
            before.addprevious(_copy(cell))
        column += 1
    return column


def _copy(cell: Any) -> Any:
    copied = copy.deepcopy(cell)
    copied.tail = None
    return copied


def _span(cell: Any, name: str) -> int:
    written = cell.attrib.pop(name, "1").strip()
    return max(1, min(int(written), LARGEST_SPAN)) if written.isdigit() else 1


def _raise_numbers(body: Any) -> None:
    """Powers are kept apart from their base, and marks of notes from the word before."""
    for raised in list(body.iter("sup")):
        words = " ".join(raised.text_content().split())
        if not any(mark.isdigit() for mark in words):
            continue
        if raised.find(".//a") is not None:
            _instead_closely(raised, words if words.startswith("[") else f"[{words}]")
        elif _text_before(raised)[-1:].isalnum():
            power = symbols.raised(words)
            _instead_closely(raised, power if power != words else f"^{words}")


def _text_before(element: Any) -> str:
    before = element.getprevious()
    above = element.getparent()
    if before is not None:
        return before.tail or ("" if before.tag == "br" else before.text_content())
    return (above.text or "") if above is not None else ""


def _instead_closely(element: Any, words: str) -> None:
    """Put words in an element's place, without space around them."""
    if element.getparent() is not None:
        element.tail = words + (element.tail or "")
        element.drop_tree()


def _keep_targets(body: Any) -> None:
    """Links keep their targets, but for those within the page and those that run programs."""
    for link in list(body.iter("a")):
        target = (link.get("href") or "").strip()
        scheme = target.partition(":")[0].lower() if ":" in target else ""
        known = target.lower().startswith(TARGETS) or not scheme
        words = " ".join(link.text_content().split())
        kept = target and not target.startswith("#") and known and len(target) <= LONGEST_TARGET
        if not kept or not words or words == target or " " in target:
            link.drop_tag()
        else:
            link.attrib.pop("title", None)
