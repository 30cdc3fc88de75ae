"""Passages and items as Gloo writes them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from stook.application import publishers
from stook.application.documents import kind
from stook.application.search.passages import NearPassage
from stook.dialects.gloo.rendering import wire
from stook.dialects.gloo.requests.search import AffiliatesRequest, GlooSearchRequest

_PASSAGES = uuid.uuid5(uuid.NAMESPACE_URL, "https://stook.dev/passages")


def items_json(
    hits: Sequence[NearPassage],
    body: AffiliatesRequest,
    shown: wire.Publishers,
    verbose: bool,
) -> list[dict[str, Any]]:
    """The items of the passages that are near enough, those with the most passages first."""
    near = [hit for hit in hits if hit.certainty >= body.certainty_threshold]
    wanted = _of_media(near, body.media_types or [])[: body.max_snippet_count_overall]
    found = [
        _item_json(held, shown, verbose)
        for held in _by_item(wanted)
        if len(held) >= body.min_snippet_count_per_item
    ]
    found.sort(key=lambda item: (-item["snippet_count"], -item["cumulative_certainty"]))
    return found[: body.item_count]


def _of_media(hits: Sequence[NearPassage], media_types: Sequence[str]) -> list[NearPassage]:
    wanted = {each.casefold() for each in media_types}
    return [hit for hit in hits if not wanted or kind(hit.passage.document).casefold() in wanted]


def _by_item(hits: Sequence[NearPassage]) -> list[list[NearPassage]]:
    grouped: dict[str, list[NearPassage]] = {}
    for hit in hits:
        grouped.setdefault(hit.passage.document.id, []).append(hit)
    return list(grouped.values())


def found_json(
    hits: Sequence[NearPassage], body: GlooSearchRequest, shown: wire.Publishers
) -> dict[str, Any]:
    """The passages that are near enough."""
    data = [
        _hit_json(hit, body.collection, shown) for hit in hits if hit.certainty >= body.certainty
    ]
    return {"data": data, "intent": int(bool(data))}


def _hit_json(hit: NearPassage, collection: str, shown: wire.Publishers) -> dict[str, Any]:
    document = hit.passage.document
    return {
        "uuid": _uuid(hit),
        "metadata": {
            "creation_time": None,
            "last_update_time": None,
            "distance": round(2 * (1 - hit.certainty), 6),
            "certainty": round(hit.certainty, 6),
            "score": round(hit.passage.score, 6),
            "explain_score": "",
            "is_consistent": None,
            "rerank_score": None,
        },
        "properties": {
            **wire.item_json(document, shown),
            "snippet": hit.passage.text,
            "type": kind(document),
            "item_id": document.id,
        },
        "references": None,
        "vector": {},
        "collection": collection,
    }


def _item_json(
    held: Sequence[NearPassage], shown: wire.Publishers, verbose: bool
) -> dict[str, Any]:
    document = held[0].passage.document
    said = publishers.said_of(document)
    named = ("tradition", "duration", "item_subtitle", "item_image", "item_summary",
             "denomination", "hosted_url", "h2_title", "h3_title", "publisher_url",
             "publisher_logo")  # fmt: skip
    tags = said.get("item_tags")
    return {
        "item_id": document.id,
        **wire.item_json(document, shown),
        **{name: str(said.get(name) or "") for name in named},
        "publisher_id": document.datasource,
        "filename": publishers.filename(document),
        "item_tags": tags if isinstance(tags, list) else [],
        "type": kind(document),
        "snippet_count": len(held),
        "cumulative_certainty": round(sum(hit.certainty for hit in held), 6),
        "uuids": [_passage_json(hit, said, verbose) for hit in held],
    }


def _passage_json(hit: NearPassage, said: Mapping[str, Any], verbose: bool) -> dict[str, Any]:
    headings = hit.passage.heading_path
    entry = {
        "uuid": _uuid(hit),
        "ai_title": headings[-1] if headings else hit.passage.document.title,
        "ai_subtitle": " › ".join(headings[:-1]),
        "item_summary": str(said.get("item_summary") or ""),
        "time_start": None,
        "time_end": None,
        "part": hit.passage.ordinal + 1,
        "certainty": round(hit.certainty, 6),
    }
    return entry | ({"snippet": hit.passage.text} if verbose else {})


def _uuid(hit: NearPassage) -> str:
    found = hit.passage
    return str(uuid.uuid5(_PASSAGES, f"{found.document.id} {found.version} {found.ordinal}"))
