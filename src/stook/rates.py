"""How often something may be called: the classes of endpoints, and rates as they are written.

chat=2/s burst 20, search=20/s, other=off
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


class EndpointClass(enum.StrEnum):
    """What is limited together: calls that cost about the same."""

    CHAT = "chat"  # questions that are answered
    AGENTS = "agents"  # runs of agents
    SUMMARIZE = "summarize"
    SEARCH = "search"
    AUTOCOMPLETE = "autocomplete"
    PEOPLE = "people"
    UPLOAD = "upload"  # files for chats
    INDEXING = "indexing"  # single things that are pushed, and questions about them
    BULK = "bulk"  # pages of things that are pushed
    TOKEN = "token"  # noqa: S105  access tokens of OAuth clients
    OTHER = "other"  # lists, single chats, documents, feedback …


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: ``burst`` calls may come at once, and it fills by ``per_second``."""

    per_second: float
    burst: int


Rates = Mapping[EndpointClass, Rate | None]  # None: not limited
DEFAULTS = (
    "chat=10/s burst 600, agents=10/s burst 600, summarize=10/s burst 600, "
    "search=50/s burst 5000, autocomplete=100/s burst 5000, people=50/s burst 5000, "
    "upload=5/s burst 500, indexing=100/s burst 10000, bulk=20/s burst 2000, "
    "token=5/s burst 500, other=100/s burst 10000"
)
OFF = "off"
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
_ITEM = re.compile(
    r"(?:(?P<name>[a-z]+)\s*=\s*)?"
    r"(?:off|(?P<count>\d{1,9}(?:\.\d{1,9})?)\s*/\s*(?P<unit>s|min|h|d)"
    r"(?:\s+burst\s+(?P<burst>\d{1,9}))?)"
)


@functools.lru_cache(maxsize=256)
def parse_rates(text: str) -> Rates:
    """The rates that a text names, which is empty or items with commas between them.

    An item is ``CLASS=RATE``, or ``RATE`` for every class that has no item of its own. A rate is
    ``off`` or ``N/s``, ``N/min``, ``N/h``, ``N/d``, with ``burst B`` behind it or else a burst
    of N. Raises ValueError with a sentence that says what to mend.
    """
    everywhere: dict[EndpointClass, Rate | None] = {}
    named: dict[EndpointClass, Rate | None] = {}
    for item in filter(None, map(str.strip, text.lower().split(","))):
        found = _ITEM.fullmatch(item)
        if found is None:
            raise ValueError(f"{item!r} is no rate such as chat=2/s burst 20, or other=off")
        if found["name"]:
            named[_class(found["name"])] = _rate(found)
        else:
            everywhere = dict.fromkeys(EndpointClass, _rate(found))
    return MappingProxyType(everywhere | named)


def _class(name: str) -> EndpointClass:
    try:
        return EndpointClass(name)
    except ValueError:
        raise ValueError(
            f"there is no class {name!r}; there are {', '.join(EndpointClass)}"
        ) from None


def _rate(found: re.Match[str]) -> Rate | None:
    if found["count"] is None:
        return None
    count = float(found["count"])
    burst = max(1, int(found["burst"] or count))
    if not count:
        raise ValueError(f"{found[0]!r} would allow nothing; take the scope from the token instead")
    return Rate(count / _SECONDS[found["unit"]], burst)
