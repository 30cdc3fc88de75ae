"""Shortcuts (go/links) as Glean writes them."""

from __future__ import annotations

from typing import Any

from stook.application.search.suggestions import PREFIX, Shortcut
from stook.dialects.glean.rendering import wire
from stook.dialects.glean.rendering.person import named_person_json

LINK = "GOLINK"
SAID = ("title", "description", "editUrl", "urlTemplate", "intermediateUrl", "unlisted")


def link_json(shortcut: Shortcut, ranges: list[dict[str, Any]]) -> dict[str, Any]:
    """A suggestion that leads where the shortcut does."""
    return {
        "result": shortcut.alias,
        "resultType": LINK,
        "url": shortcut.definition["destinationUrl"],
        "structuredResult": {"shortcut": shortcut_json(shortcut)},
        "ranges": ranges,
        "trackingToken": wire.tracking_token("shortcut", shortcut.alias),
    }


def shortcut_json(shortcut: Shortcut) -> dict[str, Any]:
    """A Shortcut, with all that was said of it."""
    said = shortcut.definition
    people = {role: said[role] for role in ("createdBy", "updatedBy") if said.get(role)}
    times = {time: said[time] for time in ("createTime", "updateTime") if said.get(time)}
    return {
        "inputAlias": shortcut.alias,
        "destinationUrl": said["destinationUrl"],
        "isExternal": shortcut.external,
        **({} if shortcut.external else {"viewPrefix": PREFIX}),
        **{name: said[name] for name in SAID if said.get(name)},
        **{role: named_person_json(email) for role, email in people.items()},
        **{time: wire.iso_of(micros) for time, micros in times.items()},
    }
