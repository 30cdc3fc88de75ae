"""Nobody is let in without a word: by a file that moved, or by a rule that is another now.

A run that opens to everyone what was closed before leaves it as it was until the operator says
that it may open; whatever lets more people in is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from stook.identity import permissions
from stook.identity.permissions import Permissions, covers
from stook.knowledge.ingestion.sightings import Sighting
from stook.knowledge.store import closed_files
from stook.knowledge.store.closed_files import ClosedFile
from stook.knowledge.store.repository import Known


@dataclass(frozen=True, slots=True)
class Judgement:
    """Who may see a file from now on, and what is to be told of it."""

    permissions: Permissions
    widened: bool = False  # more people may see it than before
    kept_closed: bool = False  # everyone might, by what is said of its place


@dataclass(frozen=True, slots=True)
class Before:
    """Who might see what when a run began."""

    of_documents: Mapping[str, int] = field(default_factory=dict)  # access sets by external id
    hashes: Mapping[str, str] = field(default_factory=dict)  # of contents, by external id
    closed: Mapping[str, Sequence[ClosedFile]] = field(default_factory=dict)  # by such a hash
    sets: Mapping[int, Permissions] = field(default_factory=dict)

    def judge(self, sighting: Sighting, content_hash: str, *, widen: bool) -> Judgement:
        """Who may see what was found; ``widen`` says that what was closed may open."""
        said = sighting.permissions
        earlier = self._own(sighting.external_id)
        moved, copied = self._elsewhere(sighting.external_id, content_hash)
        holding = [*earlier, *moved, *([sighting.formerly] if sighting.formerly else [])]
        closed = [one for one in holding if not one.everyone]
        if said.everyone and closed and not widen:
            return Judgement(closed[0], kept_closed=True)
        seen = [*earlier, *moved, *copied]
        return Judgement(said, widened=not all(covers(one, said) for one in seen))

    def _own(self, external_id: str) -> list[Permissions]:
        access_set = self.of_documents.get(external_id)
        return [] if access_set is None else [self.sets[access_set]]

    def _elsewhere(
        self, external_id: str, content_hash: str
    ) -> tuple[list[Permissions], list[Permissions]]:
        """Who might see the same content where it lies no more, and where it still lies."""
        if self.hashes.get(external_id) == content_hash:
            return [], []
        moved: list[Permissions] = []
        copied: list[Permissions] = []
        for file in self.closed.get(content_hash, ()):
            (copied if file.path.is_file() else moved).append(self.sets[file.access_set_id])
        return moved, copied


def learn(connection: sa.Connection, known: Mapping[str, Known]) -> Before:
    """What is known of a datasource's documents, and of closed files in any."""
    closed = closed_files.find(connection)
    numbers = {file.access_set_id for files in closed.values() for file in files}
    numbers |= {one.access_set_id for one in known.values()}
    return Before(
        {name: one.access_set_id for name, one in known.items()},
        {name: one.content_hash for name, one in known.items()},
        closed,
        {number: permissions.load(connection, number) for number in numbers},
    )
