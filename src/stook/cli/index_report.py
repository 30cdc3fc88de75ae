"""What ``stook index`` says at its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from stook.cli.common import say

if TYPE_CHECKING:
    from stook.cli.index_run import Outcome, PassedOver
    from stook.knowledge.ingestion.reporting import Named

SHOWN = 200  # lines of one kind


def tell(outcome: Outcome) -> None:
    """Say on stderr what was not read, read in part, passed over, withdrawn or kept."""
    _lines([f"skipped {name}: {reason}" for name, reason in outcome.skipped])
    _lines([f"read in part {name}: {note}" for name, note in outcome.noted])
    _lines([f"passed over {_kind(one)}" for one in outcome.passed_over])
    for one in (*outcome.emptied, *outcome.withheld):
        say(f"stook: {one}")
    if outcome.widened.count:
        say(f"stook: {_files(outcome.widened)} may be seen by more people than before.")
    if outcome.kept_closed.count:
        say(
            f"stook: {_files(outcome.kept_closed)} would be open to everyone and was closed until "
            "now: by another rule, or at another place. It stays as it was; to open it, say "
            "--widen."
        )


def _files(named: Named) -> str:
    return f"{named.count} file{'s' * (named.count > 1)} ({named})"


def _lines(lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        say(line)
    if len(lines) > SHOWN:
        say(f"… and {len(lines) - SHOWN} more; --report FILE names them all.")


def _kind(one: PassedOver) -> str:
    return f"{one.count} ({one.kind}): {one}"


def sentence(outcome: Outcome) -> str:
    """The counts of a run."""
    return "".join(_parts(outcome))


def _parts(outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.added} added, {outcome.changed} changed, {outcome.unchanged} unchanged, "
    yield f"{outcome.withdrawn} withdrawn, {len(outcome.skipped)} skipped"
    if outcome.noted:
        yield f", {len({name for name, _ in outcome.noted})} read in part"
    if outcome.passed_over:
        yield f", {sum(one.count for one in outcome.passed_over)} passed over"
    if outcome.failed:
        yield f", {len(outcome.failed)} FAILED (run again)"
    yield f"; {outcome.passages} passages indexed in {outcome.seconds:.1f} s"


def document(outcome: Outcome) -> dict[str, Any]:
    """What ``--json`` prints."""
    return {
        "added": outcome.added,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "withdrawn": outcome.withdrawn,
        "skipped": [{"name": name, "reason": reason} for name, reason in outcome.skipped],
        "read_in_part": [{"name": name, "reason": note} for name, note in outcome.noted],
        "passed_over": [asdict(one) for one in outcome.passed_over],
        "failed": list(outcome.failed),
        "withheld": [asdict(one) for one in outcome.withheld],
        "emptied": [asdict(one) for one in outcome.emptied],
        "widened": asdict(outcome.widened),
        "kept_closed": asdict(outcome.kept_closed),
        "passages": outcome.passages,
        "seconds": round(outcome.seconds, 2),
    }
