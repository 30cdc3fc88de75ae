"""Takes what is around the content (menus, banners, forms) out of an HTML page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml import etree, html  # type: ignore[import-untyped]

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import encodings, html_content
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.parsed import Facts

_NEVER_TEXT = ("head", "script", "style", "template", "svg", "select", "textarea")
_NEVER_CONTENT = frozenset(
    "script style noscript template canvas iframe object embed nav dialog select textarea link "
    "meta".split()
)
_ROLES = frozenset("navigation banner contentinfo search dialog alertdialog menu menubar".split())
_AROUND = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookies?(?:-\w+)*|consent|sidebar|navbar|nav|navbox|menu|"
    r"skip-?link|jump-link|share|sharing|social|advert(?:isement)?|newsletter|pagination|pager|"
    r"editsection|toc|site-header|site-footer|page-footer)(?:$|[\s_])",
    re.IGNORECASE,
)
_UNSEEN = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_UNFOLDING = "//@aria-controls|//@data-target|//@data-bs-target|//a/@href[starts-with(., '#')]"
_HEADS = frozenset("h1 h2 h3 h4 h5 h6 summary dt".split())
_OF_CONTENT = ".//h1|.//h2|.//main|.//article|.//table"
_MOST_LINKED = 0.8  # a list with more of its text in links is a menu, where it stands outside main
_BEFORE_HEADING = "following::*[self::h1]|self::*[not(preceding::h1) and following::h2]"
_MENU_LINKS = 5
_LEAST_MAIN = 0.3  # of the page's text; a smaller <main> or <article> is not the content
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """The markup of a page's content and what its head says."""

    markup: str
    facts: Facts
    notes: tuple[str, ...] = ()


def clean(content: bytes) -> Page:
    """The content of a page. Raises UnreadableDocument where there is no page at all."""
    decoded = _decoded(content)
    root = _parse(decoded.text)
    facts = _facts(root)
    unseen = _drop_unseen(root)
    _drop_around(root)
    body = _content(root)
    if not body.text_content().strip():  # a page that is nothing but what is around pages
        root = _parse(decoded.text)
        etree.strip_elements(root, *_NEVER_TEXT, with_tail=False)
        body = root
    html_content.simplify(body)
    markup = etree.tostring(body, encoding="unicode", method="html", with_tail=False)
    said = (f"{unseen} parts of the page are never shown and were left out",) if unseen else ()
    return Page(f"<html><body>{markup}</body></html>", facts, decoded.notes + said)


def content_only(markup: str) -> str:
    """A page that Stook itself made of a text, with only what Markdown can say."""
    root = _parse(markup)
    etree.strip_elements(root, "head", "style", "script", with_tail=False)
    for code in root.xpath("//pre[starts-with(@class, 'code ')]/code"):  # as docutils says it
        language = code.getparent().get("class").split()[1]
        code.set("class", f"language-{language}")
    for literal in root.xpath("//span[@class='docutils literal']"):
        literal.tag = "code"
    html_content.simplify(root)
    return str(etree.tostring(root, encoding="unicode", method="html"))


def _parse(text: str) -> Any:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableDocument(UnreadableReason.EMPTY) from error
    return root


def _decoded(content: bytes) -> encodings.Decoded:
    """The page in the encoding that it says, unless it is UTF-8; the likeliest if it says none."""
    decoded = encodings.decode(content)
    said = _CHARSET.search(content, 0, 4096) if decoded.guessed else None
    encoding = encodings.named(said[1].decode()) if said else None
    return encodings.Decoded(content.decode(encoding, "replace"), encoding) if encoding else decoded


def _facts(root: Any) -> Facts:
    fields = {
        str(meta.get("property") or meta.get("name") or "").lower(): str(meta.get("content") or "")
        for meta in root.iter("meta")
    }
    return Facts(
        title=fields.get("og:title") or " ".join((root.findtext(".//title") or "").split()),
        author=fields.get("author") or fields.get("article:author", ""),
        created_at=microseconds(fields.get("article:published_time") or fields.get("date", "")),
        updated_at=microseconds(
            fields.get("article:modified_time") or fields.get("last-modified", "")
        ),
    )


def _drop_unseen(root: Any) -> int:
    """Drop what is never shown; how many parts. What something on the page unfolds is content."""
    named = {target.removeprefix("#") for target in root.xpath(_UNFOLDING)}
    unseen = [
        element
        for element in root.xpath("//body//*[@style]")
        if _UNSEEN.search(element.get("style", "")) and not _is_folded(element, named)
    ]
    spoken = [element for element in unseen if element.text_content().strip()]
    for element in unseen:
        if element.getparent() is not None:
            element.drop_tree()
    return len(spoken)


def _is_folded(element: Any, named: set[str]) -> bool:
    """Whether something unfolds an element: what names it, or the head that it stands below."""
    if element.get("role") == "tabpanel" or element.get("id", "") in named:
        return True
    if element.get("aria-hidden") is not None:  # a program folds it, and says so as it does
        return True
    before = element.getprevious()
    if before is None:
        return False
    return before.tag in _HEADS or bool(before.xpath("self::button|self::a|.//button|.//a[@href]"))


def _drop_around(root: Any) -> None:
    has_heading = bool(root.xpath("//main//h1|//article//h1"))
    dropped = [element for element in root.iter(etree.Element) if _is_around(element, has_heading)]
    for element in dropped:
        if element.getparent() is not None:
            element.drop_tree()


def _is_around(element: Any, has_heading: bool) -> bool:
    """Whether an element is no content: by its kind; outside the main part by its name as well."""
    if element.tag in ("html", "body", "main", "article"):
        return False
    if element.tag in _NEVER_CONTENT or element.get("role", "").lower() in _ROLES:
        return True
    if element.tag == "button":
        return not _folds(element)
    inside = _is_inside_main(element)
    if element.get("aria-hidden") == "true" and element.tag in ("i", "span", "svg", "a"):
        return True
    if inside:
        return False
    if element.tag == "footer" or element.get("hidden") is not None:
        return True
    if element.tag == "header":
        return has_heading or not element.xpath(".//h1")
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(_AROUND.search(names)) and not element.xpath(_OF_CONTENT)


def _is_inside_main(element: Any) -> bool:
    return any(
        above.tag in ("main", "article") or above.get("role", "").lower() == "main"
        for above in element.iterancestors()
    )


def _folds(button: Any) -> bool:
    """Whether a button is the head of something folded: a question, a tab."""
    if button.get("aria-expanded") is not None or button.get("role") == "tab":
        return True
    return any(above.tag in _HEADS for above in button.iterancestors())


def _content(root: Any) -> Any:
    """The main part of a page where it marks one, else its body without lists of links."""
    body = root.find("body")
    body = root if body is None else body
    whole = len(body.text_content().strip())
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = body.xpath(path)
        if len(found) == 1 and len(found[0].text_content().strip()) >= _LEAST_MAIN * whole:
            return found[0]
    for listing in body.xpath(".//ul|.//ol"):
        if _is_menu(listing) and listing.xpath(_BEFORE_HEADING) and listing.getparent() is not None:
            listing.drop_tree()
    return body


def _is_menu(listing: Any) -> bool:
    links = listing.xpath(".//a")
    linked = sum(len(link.text_content().strip()) for link in links)
    return len(links) >= _MENU_LINKS and linked > _MOST_LINKED * len(listing.text_content().strip())
