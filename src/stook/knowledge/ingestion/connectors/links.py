"""What a crawler needs of an HTML page: its links, its base and canonical address, its wishes."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

READ = 2_000_000  # characters of a page that are searched for links
LONGEST_ADDRESS = 2000
DEEPEST_PATH = 20
REPEATED_SEGMENT = 3  # a path that holds a name so often goes round in circles

_TRACKING = ("utm_", "gclid", "fbclid", "msclkid", "mc_cid", "mc_eid", "sessionid", "phpsessid")
_PORTS = {"http": 80, "https": 443}


@dataclass(slots=True)
class PageLinks:
    """Addresses are absolute and normal (see ``normal``); "" where the page gives none."""

    links: list[str] = field(default_factory=list)
    canonical: str = ""
    index: bool = True
    follow: bool = True


def read(markup: str, address: str) -> PageLinks:
    """The links of a page that was fetched from ``address``, in order, each once."""
    collector = _Collector()
    collector.feed(markup[:READ])
    base = _joined(address, collector.base) or address
    found = (normal(_joined(base, link)) for link in collector.links)
    return PageLinks(
        links=list(dict.fromkeys(link for link in found if link)),
        canonical=normal(_joined(base, collector.canonical)) if collector.canonical else "",
        index="noindex" not in collector.robots and "none" not in collector.robots,
        follow="nofollow" not in collector.robots and "none" not in collector.robots,
    )


def normal(address: str) -> str:
    """One spelling for each address; "" for what is no http(s) address or cannot be a page.

    Without fragment, default port and parameters that only track; with a path.
    """
    try:
        parts = urlsplit(urldefrag(address.strip())[0])
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in _PORTS or not host or len(address) > LONGEST_ADDRESS:
        return ""
    scheme = parts.scheme.lower()
    host = f"[{host}]" if ":" in host else host
    place = host if port in (None, _PORTS[scheme]) else f"{host}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return urlunsplit((scheme, place, path, _query(parts.query), ""))


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=50) if query else []
    kept = [(key, value) for key, value in pairs if not key.lower().startswith(_TRACKING)]
    return urlencode(kept)


def is_trap(address: str) -> bool:
    """Whether a path goes round in circles, or deeper than any site is."""
    segments = [segment for segment in urlsplit(address).path.split("/") if segment]
    repeated = max(map(segments.count, set(segments)), default=0)
    return len(segments) > DEEPEST_PATH or repeated >= REPEATED_SEGMENT


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


class _Collector(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.base = ""
        self.canonical = ""
        self.robots = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        relation = values.get("rel", "").lower().split()
        href = values.get("href", "")
        if tag in ("a", "area") and href and "nofollow" not in relation:
            self.links.append(href)
        elif tag == "base" and href and not self.base:
            self.base = href
        elif tag == "link" and "canonical" in relation:
            self.canonical = self.canonical or href
        elif tag == "meta" and values.get("name", "").lower() in ("robots", "stook"):
            self.robots += " " + values.get("content", "").lower()
