"""Which models answer here, and which one a caller's name or family means."""

from __future__ import annotations

from dataclasses import dataclass

from stook.answering.base import Noted
from stook.models import names
from stook.models.prompts import Wish
from stook.settings import Settings

EXTRACTIVE, EXTRACTIVE_ID = "extractive", "stook-extractive"
PROVIDER = "Stook"
FAMILIES = {"openai": "OpenAI", "anthropic": "Anthropic", "google": "Google"}
OTHERS = "Open Source"


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model that answers here; ``family`` is whose it is."""

    id: str
    name: str
    family: str
    provider_id: str


def served(settings: Settings) -> list[ServedModel]:
    """In the order in which they are tried."""
    found = [
        ServedModel(str(model), model.name, FAMILIES.get(model.provider, OTHERS), model.provider)
        for model in names.parse(settings.model)
    ]
    if any(entry.strip() == EXTRACTIVE for entry in settings.model.split(",")):
        found.append(ServedModel(EXTRACTIVE_ID, "Extractive", PROVIDER, "stook"))
    return found


def who_answered(noted: Noted, usual_id: str) -> str:
    """The model that wrote an answer, as far as that is known, else the usual one."""
    if noted.answered_by is None:
        return usual_id
    return EXTRACTIVE_ID if noted.answered_by == EXTRACTIVE else noted.answered_by


def chosen(settings: Settings, model: str | None, family: str | None = None) -> ServedModel:
    """The one of that id, else the first of that family, else the one that is tried first."""
    all_served = served(settings)
    of_id = (each for each in all_served if each.id == model)
    of_family = (each for each in all_served if each.family.lower() == family)
    return next(of_id, None) or next(of_family, None) or all_served[0]


def wish(settings: Settings, chosen: ServedModel, temperature: float | None) -> Wish:
    """What the engine is told; the usual model is one of several that are tried in turn."""
    is_usual = chosen == usual(settings)
    name = EXTRACTIVE if chosen.id == EXTRACTIVE_ID else chosen.id
    return Wish("" if is_usual else name, temperature)


def usual(settings: Settings) -> ServedModel:
    """The one that is tried first."""
    return served(settings)[0]
