"""``python -m benchmarks.quality``: see the package's docstring."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality import refusals, report, results
from benchmarks.quality.evaluation import CONFIGURATIONS, applies, measure
from benchmarks.quality.sets import DATA, SETS
from benchmarks.tables import show
from stook.evaluation.summary import Summary

RETRIEVAL = ("hit@1", "hit@5", "recall@10", "MRR@10", "nDCG@10")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the sets named with the configurations named."""
    options = _options(arguments)
    if not DATA.is_dir():
        print(f"quality: not measured, as there is no evaluation data in {DATA}")
        return
    with tempfile.TemporaryDirectory() as aside:
        cache = options.cache or Path(aside)
        if options.refusals or not options.sets:
            asyncio.run(_refusals(options, cache))
        if options.sets or not options.refusals:
            asyncio.run(_measure(options, cache))
    if options.record:
        report.main()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality")
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    parser.add_argument("--configuration", action="append", choices=CONFIGURATIONS)
    parser.add_argument("--cache", type=Path, help="where indexed corpora are kept")
    parser.add_argument("--sample", type=int, help="ask at most so many questions of each set")
    parser.add_argument("--output", type=Path, help="directory for what came of each question")
    parser.add_argument("--refusals", action="store_true", help="questions without an answer")
    parser.add_argument(
        "--record",
        action="store_true",
        help="keep it in benchmarks/results, and write docs/quality.md",
    )
    options = parser.parse_args(arguments)
    unknown = set(options.sets) - SETS.keys()
    if unknown:
        parser.error(f"no such set: {', '.join(sorted(unknown))}")
    return options


async def _refusals(options: argparse.Namespace, cache: Path) -> None:
    found = await refusals.refusals(cache, options.sample)
    columns = list(dict.fromkeys(column for row in found.values() for column in row))
    rows = [(name, *(_cell(row.get(column)) for column in columns)) for name, row in found.items()]
    show("Refusals, and what the best units contain", ("", *columns), rows)
    if options.record:
        results.save(results.REFUSALS, found)


async def _measure(options: argparse.Namespace, cache: Path) -> None:
    for name in options.sets or SETS:
        found: dict[str, Summary] = {}
        for configuration in options.configuration or CONFIGURATIONS:
            if not applies(name, configuration):
                continue
            run = await measure(name, configuration, cache, options.sample)
            found[configuration] = run.summary
            if options.record:
                results.record(run, configuration)
            if options.output:
                options.output.mkdir(parents=True, exist_ok=True)
                path = options.output / f"{name}.{configuration}.json"
                path.write_text(run.model_dump_json(indent=1))
        _print(name, found)


def _print(name: str, found: dict[str, Summary]) -> None:
    columns = list(found)
    first = found[columns[0]]
    title = f"{name}: {SETS[name].what} ({first['questions']['asked']:.0f} asked)"
    names = list(
        dict.fromkeys(
            (section, measure)
            for summary in found.values()
            for section, measures in summary.items()
            for measure in measures
            if section != "questions"
        )
    )
    rows = [
        (f"{section}: {measure}", *(_cell(found[c].get(section, {}).get(measure)) for c in columns))
        for section, measure in names
    ]
    show(title, ("", *columns), rows)


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if value <= 1 else f"{value:.1f}"


if __name__ == "__main__":
    main()
