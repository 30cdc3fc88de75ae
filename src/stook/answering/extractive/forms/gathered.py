"""Lists that stand nowhere as one: what several sections say in the same way, each cited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stook.answering.base import Brief
from stook.answering.extractive.compose import Chosen, Draft, citation_of, on_one_line
from stook.answering.extractive.ranker import Ranked, Scored
from stook.answering.extractive.selection import select
from stook.answering.markdown import inline
from stook.answering.pieces import Citation
from stook.knowledge.store.documents import Span
from stook.knowledge.text.units import Form
from stook.understanding import languages
from stook.understanding.acts import Act, topic_of
from stook.understanding.content import content_terms, text_terms
from stook.understanding.question import Question

ALIKE = 3  # words at the beginning in which statements agree
FEWEST = 3  # sections that say it
MOST = 30
LOOKED_AT = 5  # units, best first
SEARCHED, SHOWN = 20, 3  # units for what speaks of a topic, and how many sections are shown


def asks_for_each(question: Question) -> bool:
    """Whether a question asks for all of some things, at any time: "in every office"."""
    language = languages.of_text(question.asked)
    words = (word.strip(".,;:?!") for word in question.asked.lower().split())
    return not question.times and any(word in language.each for word in words)


def gathered(brief: Brief, ranked: Ranked) -> Draft | None:
    """Gather what each section of what was found says as the best statement does.

    "The office is at …" stands once in the section of each office. The documents are read whole,
    so that none is left out. None where the best statements have no such counterparts.
    """
    if any(one.taken and one.scored.whole_list for one in select(ranked).decisions):
        return None
    own = [(ranked.query.weight_in(text_terms(one.raw)), one) for one in ranked.units[:LOOKED_AT]]
    for share, best in sorted(own, key=lambda pair: -pair[0]):
        if not share:
            break
        if best.structure.leads_in(best.unit):
            continue
        found = list(_counterparts(brief, best))
        if len(found) >= FEWEST:
            return _draft(found[:MOST], brief.max_characters)
    return None


def speaking_of(brief: Brief, ranked: Ranked) -> Draft | None:
    """What sections say about a topic, where it is asked whether there is anything about it."""
    topic = content_terms(topic_of(brief.question.asked, Act.EXISTENCE))
    found: dict[tuple[int, tuple[str, ...]], Chosen] = {}
    for one in ranked.units[:SEARCHED]:
        section = (one.source.rank, one.unit.heading_path)
        names = (one.source.document.title, *one.unit.heading_path, one.raw)
        tells = topic and topic <= text_terms("\n".join(names))
        if tells and section not in found and not one.structure.leads_in(one.unit):
            found[section] = Chosen(one.source, one.structure, one.unit)
    return _draft(list(found.values())[:SHOWN], brief.max_characters) if found else None


def _counterparts(brief: Brief, best: Scored) -> Iterator[Chosen]:
    """The first statement of each section that begins as the best one does."""
    beginning = _beginning(best.raw)
    depth = len(best.unit.heading_path)
    if beginning is None or depth == 0 or best.unit.form is Form.ROW:
        return
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for source in brief.sources:
        made = source.structure
        for unit in made.units:
            section = (source.document.id, unit.heading_path)
            if section in seen or len(unit.heading_path) != depth:
                continue
            if unit.form is best.unit.form and _beginning(made.raw(unit)) == beginning:
                seen.add(section)
                yield Chosen(source, made, unit)


def _beginning(raw: str) -> tuple[str, ...] | None:
    """The first words; those of a label ("**Lunch:**") are enough."""
    words = inline(raw).lower().split()
    if words and words[0].strip("*_").endswith(":"):
        return (words[0].strip("*_"),)
    return tuple(words[:ALIKE]) if len(words) > ALIKE else None


def _draft(found: Sequence[Chosen], limit: int | None) -> Draft:
    pieces: list[tuple[str, Citation | None]] = []
    length, cut = 0, False
    for one in found:
        names = (one.source.document.title, *one.unit.heading_path)
        heading = inline(names[-1]).replace("*", "")
        mark = f"{chr(10) if pieces else ''}- **{heading}**: "
        text = on_one_line(one)
        end = length + len(mark) + len(text)
        if limit is not None and end > limit:
            cut = True
            break
        pieces += [(mark, None), (text, citation_of([one], Span(length + len(mark), end)))]
        length = end
    return Draft(tuple(pieces), cut)
