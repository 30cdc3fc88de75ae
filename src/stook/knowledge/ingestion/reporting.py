"""What a run of indexing did with each file, and what it tells while it goes on."""

from __future__ import annotations

import enum
from collections import Counter
from dataclasses import dataclass, field

from stook.knowledge.store.repository import Change, Stored

NAMES_TOLD = 3  # of a kind, at the end of a run
WIDENED = "more people may see it than before"
KEPT_CLOSED = "it stays closed as it was; --widen opens it"
NAMES_OF_A_KIND = 20  # that are kept of what was passed over, for people to look at


class Result(enum.StrEnum):
    """What became of a file."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    PASSED_OVER = "passed over"


@dataclass(frozen=True, slots=True)
class Line:
    """A file, what became of it, and why; of what was read in part, what was not read."""

    name: str
    result: Result
    reason: str = ""


class Progress:
    """Is told of a run while it goes on; does nothing with it."""

    def found(self, files: int, size: int) -> None:
        """So many more files, or documents, are to be done, of so many bytes together."""

    def begins(self, name: str, size: int) -> None:
        """A file is read from now on."""

    def said(self, line: Line) -> None:
        """A file is done with."""

    def indexed(self, documents: int) -> None:
        """So many more documents can be searched."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Documents of a directory or site that seem to have vanished, and were not withdrawn."""

    source: str
    vanished: int
    known: int

    def __str__(self) -> str:
        return (
            f"{self.vanished} of the {self.known} documents of {self.source} are not there any "
            "more. Is a share not mounted? They were kept; to withdraw them, say --withdraw."
        )


@dataclass(frozen=True, slots=True)
class Emptied:
    """A folder that is gone, or empty, with all documents that it held."""

    folder: str
    documents: int

    def __str__(self) -> str:
        return (
            f"all {self.documents} documents of {self.folder} were withdrawn: nothing is there any "
            "more. If it is a share that is not mounted, mount it and run again."
        )


@dataclass(frozen=True, slots=True)
class Named:
    """How many there are of a kind, and the names of some of them."""

    count: int
    names: tuple[str, ...]

    def __str__(self) -> str:
        more = f" and {self.count - NAMES_TOLD} more" if self.count > NAMES_TOLD else ""
        return ", ".join(self.names[:NAMES_TOLD]) + more


@dataclass(slots=True)
class Report:
    """What a run did, file by file.

    ``widened`` and ``kept_closed`` are files that more people may see than before, and those that
    stayed closed though everyone might see them. ``noted`` are documents that were read in part,
    or by a guess, with what is to be said of them; ``passed_over`` counts what no document is in,
    by its kind.
    """

    progress: Progress = field(default_factory=Progress)
    counts: Counter[Result] = field(default_factory=Counter)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    noted: list[tuple[str, str]] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    passed_over_names: dict[str, list[str]] = field(default_factory=dict)
    withheld: list[Withheld] = field(default_factory=list)
    emptied: list[Emptied] = field(default_factory=list)
    widened: list[str] = field(default_factory=list)
    kept_closed: list[str] = field(default_factory=list)
    _notes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def added(self) -> int:
        return self.counts[Result.ADDED]

    @property
    def changed(self) -> int:
        return self.counts[Result.CHANGED]

    @property
    def unchanged(self) -> int:
        return self.counts[Result.UNCHANGED]

    @property
    def withdrawn(self) -> int:
        return self.counts[Result.WITHDRAWN]

    @property
    def read(self) -> int:
        return self.added + self.changed + self.unchanged

    def count(self, name: str, stored: Stored) -> None:
        """Count a document that was taken in."""
        if stored.change is Change.ADDED:
            result = Result.ADDED
        else:
            result = Result.CHANGED if stored.changed else Result.UNCHANGED
        self._say(name, result, "; ".join(self._notes.pop(name, ())))

    def note(self, name: str, note: str) -> None:
        """Take in what is to be said of a document that is about to be stored."""
        self.noted.append((name, note))
        self._notes.setdefault(name, []).append(note)

    def widen(self, name: str) -> None:
        """Take in that more people may see a file that is about to be stored."""
        self.widened.append(name)
        self._notes.setdefault(name, []).append(WIDENED)

    def keep_closed(self, name: str) -> None:
        """Take in that a file that is about to be stored stays as closed as it was."""
        self.kept_closed.append(name)
        self._notes.setdefault(name, []).append(KEPT_CLOSED)

    def skip(self, name: str, reason: str) -> None:
        """Count a file that could not be read."""
        self.skipped.append((name, reason))
        self._say(name, Result.REFUSED, reason)

    def pass_over(self, name: str, kind: str) -> None:
        """Count what was not opened, as nothing of its kind holds a document."""
        self.passed_over[kind] += 1
        names = self.passed_over_names.setdefault(kind, [])
        if len(names) < NAMES_OF_A_KIND:
            names.append(name)
        self._say(name, Result.PASSED_OVER, kind)

    def withdraw(self, name: str) -> None:
        """Count a document that is there no more."""
        self._say(name, Result.WITHDRAWN)

    def _say(self, name: str, result: Result, reason: str = "") -> None:
        self.counts[result] += 1
        self.progress.said(Line(name, result, reason))
