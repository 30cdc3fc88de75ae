"""What a language model is given to write from, and may be cited for: numbered passages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stook.answering.base import Brief, Source
from stook.answering.generative.injection import addresses_model
from stook.knowledge.store.documents import FoundPassage
from stook.knowledge.text.units import Form, Structure, Unit

LONGEST_NAME = 200  # characters of a title or heading


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage under its number (from 1), without what speaks to a language model.

    ``units`` are the sentences, items and rows that may be cited; ``name`` is the title with the
    headings above; ``text`` is what the units say, with a mark where something is left out.
    """

    number: int
    source: Source
    passage: FoundPassage
    structure: Structure
    units: tuple[Unit, ...]
    name: str
    text: str

    @property
    def words(self) -> str:
        """All that a statement may rest on."""
        return f"{self.name}\n{self.text}"


def evidence(brief: Brief, characters: int) -> tuple[Evidence, ...]:
    """The passages of a brief, best first, as many as fit; the first one always."""
    chosen: list[Evidence] = []
    used = 0
    for source, passage in _ranked(brief):
        item = _evidence(len(chosen) + 1, source, passage)
        used += len(item.text)
        if chosen and used > characters:
            break
        if item.units:
            chosen.append(item)
    return tuple(chosen)


def _ranked(brief: Brief) -> Iterator[tuple[Source, FoundPassage]]:
    sources = {source.document.id: source for source in brief.sources[: brief.max_sources]}
    for passage in brief.found.passages:
        source = sources.get(passage.document.id)
        if source is not None:
            yield source, passage


def _evidence(number: int, source: Source, passage: FoundPassage) -> Evidence:
    layout = source.structure
    units = _honest(layout, layout.beginning_in(passage.span))
    name = _named((source.document.title, *passage.heading_path))
    text = "".join(_pieces(layout, units)).strip()
    return Evidence(number, source, passage, layout, units, name, text)


def _honest(layout: Structure, units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Those that do not speak to a model, nor stand in a paragraph with a sentence that does."""
    speaking = [unit for unit in units if addresses_model(layout.raw(unit))]
    places = {unit.place for unit in speaking}
    paragraphs = {unit.group for unit in speaking if unit.form is Form.SENTENCE}
    return tuple(
        unit for unit in units if unit.place not in places and unit.group not in paragraphs
    )


def _named(names: tuple[str, ...]) -> str:
    """Title and headings on one line; one that speaks to a model is left out."""
    lines = (" ".join(name.split())[:LONGEST_NAME] for name in names)
    return " › ".join(dict.fromkeys(line for line in lines if line and not addresses_model(line)))


def _pieces(layout: Structure, units: tuple[Unit, ...]) -> Iterator[str]:
    before: Unit | None = None
    for unit in units:
        yield _between(layout, before, unit)
        if unit.header is not None and (before is None or before.header != unit.header):
            header = layout.header(unit)
            yield "" if addresses_model(header) else f"{header}\n"
        yield layout.raw(unit)
        before = unit


def _between(layout: Structure, before: Unit | None, unit: Unit) -> str:
    if before is None:
        return ""
    if before.heading_path != unit.heading_path:
        return f"\n\n{_named(unit.heading_path[-1:])}\n"
    if before.place + 1 != unit.place:
        return "\n…\n"
    between = layout.text[before.span.end : unit.span.start]
    return "\n" if between.strip() else between
