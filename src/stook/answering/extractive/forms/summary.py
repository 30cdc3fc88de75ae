"""A summary: what the sections of a page say, in their order, each under its heading."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stook.answering.base import Brief, Source
from stook.answering.extractive.compose import Chosen, Draft, citation_of, cut_at_word, on_one_line
from stook.answering.extractive.query_model import KIND_TERMS
from stook.answering.markdown import inline
from stook.answering.outcome import Outcome
from stook.answering.pieces import Citation
from stook.knowledge.store.documents import Span
from stook.knowledge.text.units import Form, Structure, Unit
from stook.understanding.content import content_terms, name_terms, text_terms
from stook.understanding.question import Question

MOST_SECTIONS = 8
MOST_WORDS = 200  # of what is taken, headings aside
LONGEST = 260  # characters that are shown of a sentence
SHORT_LIST = 30  # words; a list up to this is given whole, on one line
NAMED = 0.5  # how well a title or heading must name the topic (F1 of the words)
TITLE, NEXT = 0.4, 0.02  # what a title counts more than a heading, and the next document less
MOST_EACH = 2  # statements of a section
FEW_SECTIONS, MOST_OF_FEW, MOST_OF_ONE = 4, 4, 7  # … of one among so few, of the only one
FEWEST_WORDS = 3  # of a statement, links aside
FIRST, FIGURE, TOPIC = 1.0, 1.0, 0.6  # what a section's first sentence, a figure, the topic count
LONG, TOO_LONG = 35, 1.0  # words of a sentence, and what one more than so long loses

_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[A-Z]\w[\w’'-]*")
_FIGURE = re.compile(r"\d")
_LINK = re.compile(r"\[[^\[\]]*\]\([^()\s]*\)|https?://\S+")
Statement = tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and the units below it in reading order."""

    path: tuple[str, ...]
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What is summarised: a document, or what stands below one of its headings."""

    source: Source
    structure: Structure
    path: tuple[str, ...] = ()


def summary(brief: Brief, outcome: Outcome) -> Draft | None:
    """Summarise the page or section that is asked for; None where it is not among what was found.

    A page is asked for if its title or a heading names the topic, or if what was found best for
    the question is mostly of that page and comes close to an answer (``outcome``).
    """
    asked = content_terms(brief.question.text)
    topic = asked - KIND_TERMS or asked
    target = _target(brief, topic, outcome)
    if target is None:
        return None
    sections = list(_sections(target))
    if not sections:
        return None
    sections = sections[:MOST_SECTIONS]
    writer = _Writer(target, brief.max_characters)
    for section, taken in zip(sections, _telling(target.structure, sections, topic), strict=True):
        writer.add(section, taken)
    return writer.draft()


# --- what is summarised --------------------------------------------------------------------------


def _target(brief: Brief, topic: frozenset[str], outcome: Outcome) -> Target | None:
    """The best named document or heading; else that which most of the best passages are of.

    It has to speak of what the question names: the Porto office is no summary of Madrid's.
    """
    named = [
        (share - NEXT * source.rank, -len(path), Target(source, source.structure, path))
        for source in brief.sources
        for path, share in _names(source, topic)
        if share >= NAMED and _speaks_of(source, brief.question)
    ]
    if named:
        return max(named, key=lambda one: one[:2])[2]
    best = brief.found.passages[:3]
    documents = Counter(passage.document.id for passage in best)
    for source in brief.sources[:1] if outcome is not Outcome.NOTHING else ():
        most = documents[source.document.id] >= min(2, len(best))
        if most and _speaks_of(source, brief.question):
            return Target(source, source.structure)
    return None


def _names(source: Source, topic: frozenset[str]) -> Iterator[tuple[tuple[str, ...], float]]:
    """The document and its headings, with how well each names the topic (F1 of the words)."""
    title = source.document.title
    if share := _alike(name_terms(title), topic):
        yield (), share + TITLE
    for path in dict.fromkeys(unit.heading_path for unit in source.structure.units):
        for depth in range(1, len(path) + 1):
            if path[depth - 1] != title:
                yield path[:depth], _alike(name_terms(path[depth - 1]), topic)


def _speaks_of(source: Source, question: Question) -> bool:
    """Whether the names in a question stand in the document."""
    topic = text_terms(question.text)
    named = (text_terms(name) for name in _NAME.findall(question.asked))
    wanted = frozenset[str]().union(*(name for name in named if name <= topic))
    return not wanted or wanted <= text_terms(f"{source.document.title}\n{source.text}")


def _alike(name: frozenset[str], topic: frozenset[str]) -> float:
    common = len(name & topic)
    return 2 * common / (len(name) + len(topic)) if common else 0.0


# --- its sections --------------------------------------------------------------------------------


def _sections(target: Target) -> Iterator[Section]:
    """The sections that have text, at the first depth at which there are several."""
    depth = len(target.path)
    below = [unit for unit in target.structure.units if unit.heading_path[:depth] == target.path]
    deepest = max((len(unit.heading_path) for unit in below), default=depth)
    while depth < deepest and len({unit.heading_path[: depth + 1] for unit in below}) == 1:
        depth += 1
    for path, units in itertools.groupby(below, key=lambda unit: unit.heading_path[: depth + 1]):
        told = tuple(unit for unit in units if unit.form is not Form.CODE)
        if told:
            yield Section(path, told)


def _telling(
    structure: Structure, sections: Sequence[Section], topic: frozenset[str]
) -> list[list[Statement]]:
    """The statements that tell most of each section, in their order.

    Each section has its best one; the others are taken by their weight, as far as there is room.
    """
    taken: list[set[int]] = []
    known: list[list[Statement]] = []
    more: list[tuple[float, int, int]] = []
    for number, section in enumerate(sections):
        own = [one for one in _statements(structure, section) if _says(structure, one)]
        weights = _weights(structure, own, topic)
        best = max(range(len(own)), key=lambda place: weights[place], default=None)
        known.append(own)
        taken.append(set() if best is None else {best})
        more += [(-weights[p], number, p) for p in range(len(own)) if p != best]
    each = MOST_EACH if len(sections) > FEW_SECTIONS else MOST_OF_FEW
    each = MOST_OF_ONE if len(sections) == 1 else each
    left = MOST_WORDS - sum(_words(structure, known[n][p]) for n, s in enumerate(taken) for p in s)
    for _, number, place in sorted(more):
        words = _words(structure, known[number][place])
        if words <= left and len(taken[number]) < each:
            taken[number].add(place)
            left -= words
    return [[known[n][p] for p in sorted(places)] for n, places in enumerate(taken)]


def _statements(structure: Structure, section: Section) -> Iterator[Statement]:
    """Single units; a short list as a whole, and rows of a table one by one."""
    for _, run in itertools.groupby(section.units, key=lambda unit: (unit.group, unit.form)):
        units = tuple(run)
        words = sum(len(structure.raw(unit).split()) for unit in units)
        if units[0].form is Form.ITEM and len(units) > 1 and words <= SHORT_LIST:
            yield units
        else:
            yield from ((unit,) for unit in units if not structure.leads_in(unit))


def _says(structure: Structure, statement: Statement) -> bool:
    """Whether it says something besides where to read on."""
    text = inline(_raw(structure, statement))
    own = _LINK.sub("", text)
    announces = text.rstrip("*_").endswith(":")
    return len(own.split()) >= FEWEST_WORDS and len(own) * 2 > len(text) and not announces


def _weights(
    structure: Structure, statements: Sequence[Statement], topic: frozenset[str]
) -> list[float]:
    """How much each statement tells of its section."""
    own = [content_terms(_raw(structure, one)) for one in statements]
    terms = Counter(term for found in own for term in found)
    most = max(1, max(terms.values(), default=1) - 1)
    found = []
    for place, (statement, held) in enumerate(zip(statements, own, strict=True)):
        raw = _raw(structure, statement)
        central = sum(terms[term] - 1 for term in held) / (max(1, len(held)) * most)
        figure = FIGURE if _FIGURE.search(raw) else 0.0
        about = TOPIC * len(held & topic) / max(1, len(topic))
        excess = max(0, len(raw.split()) - LONG) / LONG
        found.append(FIRST * (place == 0) + central + figure + about - TOO_LONG * excess)
    return found


def _raw(structure: Structure, statement: Statement) -> str:
    return " ".join(structure.raw(unit) for unit in statement)


def _words(structure: Structure, statement: Statement) -> int:
    return len(_raw(structure, statement)[:LONGEST].split())


def _heading(section: Section) -> str:
    return inline(section.path[-1]).replace("*", "").rstrip(" :")


# --- writing -------------------------------------------------------------------------------------


class _Writer:
    """Writes sections as a list: heading, statements, each statement cited."""

    def __init__(self, target: Target, limit: int | None) -> None:
        self._target = target
        self._limit = limit
        self._pieces: list[tuple[str, Citation | None]] = []
        self._length = 0
        self._cut = False

    def draft(self) -> Draft | None:
        """What was written, if anything was."""
        return Draft(tuple(self._pieces), self._cut) if self._pieces else None

    def add(self, section: Section, statements: Sequence[Statement]) -> None:
        """Add a section, unless there is no room left for all of it."""
        if not statements or self._cut:
            return
        start = "\n" if self._pieces else ""
        mark = f"{start}- **{_heading(section)}**: " if section.path else start
        texts = [self._text(statement) for statement in statements]
        if (
            self._limit is not None
            and self._length + len(mark) + len(" ".join(texts)) > self._limit
        ):
            self._cut = True
            return
        self._write(mark, None)
        for number, (text, statement) in enumerate(zip(texts, statements, strict=True)):
            lead = " " if number else ""
            chosen = [self._chosen(unit) for unit in statement]
            begin = self._length + len(lead)
            self._write(lead + text, citation_of(chosen, Span(begin, begin + len(text))))

    def _chosen(self, unit: Unit) -> Chosen:
        return Chosen(self._target.source, self._target.structure, unit)

    def _text(self, statement: Statement) -> str:
        parts = [self._words(unit) for unit in statement]
        joined = "; ".join(part.rstrip(".;,") for part in parts[:-1])
        text = f"{joined}; {parts[-1]}" if joined else parts[-1]
        return cut_at_word(text, LONGEST)

    def _words(self, unit: Unit) -> str:
        said = on_one_line(self._chosen(unit))
        return f"{said}." if unit.form is Form.ROW else said

    def _write(self, text: str, citation: Citation | None) -> None:
        if text:
            self._pieces.append((text, citation))
            self._length += len(text)
