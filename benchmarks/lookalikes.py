"""Questions that look answerable and are not: one fact of a real question is changed.

A name becomes one of another article, a year or a number another one, a word its opposite; the
article does not hold what is put in. Adversarial questions of this kind are what SQuAD 2.0 added
to SQuAD (Rajpurkar, Jia and Liang 2018), where people wrote them.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

YEARS = (7, -13, 24, -31, 58)  # by how much a year is moved, the first that is not in the article
_OPPOSITES = (
    "first/last largest/smallest most/least more/fewer before/after highest/lowest north/south "
    "biggest/smallest northern/southern east/west eastern/western increase/decrease won/lost "
    "increased/decreased longest/shortest oldest/newest earliest/latest above/below old/new "
    "maximum/minimum major/minor early/late best/worst higher/lower larger/smaller began/ended "
    "begin/end started/ended founded/dissolved positive/negative included/excluded inside/outside "
    "public/private open/closed allowed/forbidden strong/weak supported/opposed built/demolished "
    "created/destroyed hot/cold easy/hard common/rare imported/exported accepted/rejected good/bad "
    "left/right upper/lower top/bottom primary/secondary likely/unlikely legal/illegal"
)
OPPOSITES: dict[str, str] = {}
for _pair in _OPPOSITES.split():
    _one, _other = _pair.split("/")
    OPPOSITES.setdefault(_one, _other)
    OPPOSITES.setdefault(_other, _one)

_NAME = re.compile(r"(?<!^)\b[A-Z][\w'’-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w'’-]+)*")
_YEAR = re.compile(r"\b(?:1\d\d\d|20\d\d)\b")
_NUMBER = re.compile(r"\b\d+\b")
_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A changed question; ``kind``: name, year, number or opposite."""

    kind: str
    question: str
    original: str


def lookalikes(
    corpus: Sequence[Mapping[str, object]],
    queries: Sequence[Mapping[str, object]],
    relevant: Mapping[str, str],
) -> list[Lookalike]:
    """One for each question that can be changed, always the same; in the order of the questions."""
    title_of = {str(row["_id"]): str(row["title"]) for row in corpus}
    articles: dict[str, str] = {}
    for row in corpus:
        title = str(row["title"])
        articles[title] = f"{articles.get(title, '')} {row['text']}"
    names = sorted({name for query in queries for name in _NAME.findall(str(query["text"]))})
    made = []
    for query in queries:
        article = articles[title_of[relevant[str(query["_id"])]]]
        number = zlib.crc32(str(query["_id"]).encode())
        changes = list(_changes(str(query["text"]), article, names, number))
        if changes:
            made.append(changes[number // 7 % len(changes)])
    return made


def _changes(question: str, article: str, names: Sequence[str], number: int) -> Iterator[Lookalike]:
    for kind, (found, instead) in {
        "year": _other_year(question, article),
        "number": _other_number(question, article),
        "name": _other_name(question, article, names, number),
        "opposite": _opposite(question, article),
    }.items():
        if found is not None and instead:
            changed = question[: found.start()] + instead + question[found.end() :]
            yield Lookalike(kind, changed, question)


Change = tuple[re.Match[str] | None, str]
NOTHING: Change = (None, "")


def _other_year(question: str, article: str) -> Change:
    found = _YEAR.search(question)
    if found is None:
        return NOTHING
    moved = (str(int(found[0]) + years) for years in YEARS)
    return found, next((year for year in moved if year not in article), "")


def _other_number(question: str, article: str) -> Change:
    found = _NUMBER.search(question)
    if found is None or _YEAR.search(question):
        return NOTHING
    other = str(3 * int(found[0]) + 7)
    return found, "" if other in article else other


def _other_name(question: str, article: str, names: Sequence[str], number: int) -> Change:
    """A name of as many words, none of which is in the article."""
    found = list(_NAME.finditer(question))
    if not found:
        return NOTHING
    chosen = found[number % len(found)]
    tried = (names[(number + 7 * step) % len(names)] for step in range(len(names)))
    fitting = (
        name
        for name in tried
        if len(name.split()) == len(chosen[0].split())
        and not any(word in article for word in name.split() if len(word) > 3)
        and name not in article
    )
    return chosen, next(fitting, "")


def _opposite(question: str, article: str) -> Change:
    held = set(article.lower().split())
    for word in _WORD.finditer(question):
        other = OPPOSITES.get(word[0].lower(), "")
        if other and other not in held:
            return word, other
    return NOTHING
