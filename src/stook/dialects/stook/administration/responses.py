"""The JSON that administrators are answered with. Times are RFC 3339, UTC."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

# --- overview ------------------------------------------------------------------------------------


class StoredCounts(BaseModel):
    """What is stored; ``pending`` are documents that the search index has to catch up with."""

    documents: int
    passages: int
    pending: int


class PeopleCounts(BaseModel):
    active: int
    groups: int
    tokens: int
    sessions: int


class RunningJobs(BaseModel):
    """What is being worked on, on all nodes together."""

    indexing: int
    reading: int
    receiving: int
    answering: int


class StoredBytes(BaseModel):
    """Null where it does not lie on this machine."""

    database: int | None
    index: int | None
    files: int | None


class ServerOverview(BaseModel):
    """How the server stands."""

    version: str
    database: str
    model: str
    counts: StoredCounts
    people: PeopleCounts
    jobs: RunningJobs
    bytes: StoredBytes


class EffectiveSetting(BaseModel):
    """A setting by its variable; ``value`` of a secret is "set" or empty."""

    name: str
    value: str
    origin: Literal["command line", "environment", "file", "default"]
    description: str


class EffectiveSettings(BaseModel):
    """The settings in force, and where each comes from."""

    settings: list[EffectiveSetting]
