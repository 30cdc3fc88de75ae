"""Insights: what is asked, how well and fast it is answered, what is missing, what nobody needs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from stook.conversation import insights
from stook.conversation.insights import DayCount, Opinions, Speed
from stook.conversation.question_log import DAY, AskedQuestion
from stook.knowledge.index.protocol import Vectors
from stook.knowledge.store import usage
from stook.knowledge.store.administration import OPERATOR
from stook.knowledge.store.usage import Kind, Used
from stook.runtime import Runtime
from stook.storage import clock
from stook.storage.pages import Page, Place

# The least cosine of two questions that mean the same. Of the tune half of mtrag's questions it
# keeps .85 of the human rewrites with what they rewrite, and .003 of other pairs together.
SAME_MEANING = 0.6
MOST_CLUSTERS = 50


@dataclass(frozen=True, slots=True)
class Insights:
    """How questions were answered over some days; ``today`` counts days from the epoch, UTC."""

    today: int
    days: list[DayCount]
    speed: list[Speed]
    opinions: Opinions


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that mean much the same and were not answered, the newest first."""

    questions: tuple[AskedQuestion, ...]


async def summary(runtime: Runtime, days: int) -> Insights:
    """Counts, speed and feedback of the last days, today among them."""
    return await runtime.database.read(_summary, days, _text_since(runtime))


def _summary(connection: sa.Connection, days: int, text_since: int) -> Insights:
    since = _since(days)
    return Insights(
        clock.now() // DAY,
        insights.by_day(connection, since),
        insights.speed(connection, since),
        insights.opinions(connection, since, text_since),
    )


async def unanswered(runtime: Runtime, days: int) -> list[Cluster]:
    """What was asked in the last days and not answered, by meaning, the most asked first."""
    found = await runtime.database.read(insights.unanswered, _since(days), _text_since(runtime))
    vectors = await runtime.embedder.embed([question.text for question in found])
    return await asyncio.to_thread(_clustered, found, vectors)


def documents(
    connection: sa.Connection, kind: Kind, days: int, after: Place | None, size: int
) -> Page[Used]:
    """Documents that are cited most, never, or have not changed for long."""
    return usage.find(connection, OPERATOR, kind, days, after, size)


def _clustered(found: Sequence[AskedQuestion], vectors: Vectors) -> list[Cluster]:
    """Each question goes to those that one of its like is among, however far the others are."""
    cluster = list(range(len(found)))
    for place in range(len(found)):
        alike = (vectors[:place] @ vectors[place] >= SAME_MEANING).nonzero()[0]
        joined = {cluster[other] for other in alike} | {cluster[place]}
        first = min(joined)
        cluster = [first if each in joined else each for each in cluster]
    grouped: dict[int, list[AskedQuestion]] = {}
    for place, question in zip(cluster, found, strict=True):
        grouped.setdefault(place, []).append(question)
    ordered = sorted(grouped.values(), key=lambda each: (-len(each), -each[0].asked_at))
    return [Cluster(tuple(each)) for each in ordered[:MOST_CLUSTERS]]


def _since(days: int) -> int:
    """When the first of so many days began, of which today is the last."""
    return (clock.now() // DAY - days + 1) * DAY


def _text_since(runtime: Runtime) -> int:
    """From when on texts may be read."""
    return clock.now() - runtime.settings.question_text_days * DAY
