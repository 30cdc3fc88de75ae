"""``stook eval`` over a small corpus: tables, JSON, page, TREC files, comparison."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from ir_measures import nDCG
from lxml import html  # type: ignore[import-untyped]

from tests.cli.running import Stook

pytestmark = pytest.mark.whole

TEXTS = {
    "parking.md": "# Parking\n\nThe car park opens at 7:15 and holds 212 cars.\n",
    "canteen.md": "# Canteen\n\nLunch is served from 11:40. The chef is Odile Marchetti.\n",
    "plan.md": "# Plan\n\nThe secret plan is called Nightjar and starts in May.\n",
}
BOSS = "boss@x.example"
QUESTIONS: list[dict[str, Any]] = [
    {"id": "park", "question": "When does the car park open?", "document": "parking.md"},
    {"id": "chef", "question": "Who is the chef of the canteen?", "document": "canteen.md"},
    {"id": "plan", "question": "What is the secret plan called?", "ask_as": BOSS},
    {"id": "denied", "question": "What is the secret plan called?", "answerable": False},
    {"id": "moon", "question": "How far away is the moon?", "answerable": False},
    {"id": "who", "question": "What is for lunch?", "ask_as": "nobody@x.example"},
]
ANSWERS = {"park": ["7:15"], "chef": ["Odile Marchetti"], "plan": ["Nightjar"]}


@pytest.fixture(scope="module")
def stook(tmp_path_factory: pytest.TempPathFactory) -> Stook:
    """Two documents for everyone, and one for the boss."""
    folder = tmp_path_factory.mktemp("texts")
    for name, text in TEXTS.items():
        target = folder / ("closed" if name == "plan.md" else "open") / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(text)
    command = Stook(tmp_path_factory.mktemp("data"))
    command("user", "add", BOSS)
    command("index", folder / "open")
    command("index", folder / "closed", "--datasource", "closed", "--allow", f"user:{BOSS}")
    return command


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("questions") / "few.jsonl"
    rows = [row | {"answers": ANSWERS.get(row["id"], [])} for row in QUESTIONS]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(scope="module")
def full(stook: Stook, questions: Path) -> Path:
    """A run, as ``--json`` prints it, with its TREC files and its page beside it."""
    kept = questions.with_name("full.json")
    page, trec = kept.with_suffix(".html"), kept.with_suffix(".run")
    done = stook("eval", questions, "--json", "--html", page, "--run", trec)
    kept.write_text(done.out)
    return kept


def outcome(run: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in run["outcomes"] if one["id"] == name)


def test_what_is_measured(full: Path) -> None:
    run = json.loads(full.read_text())
    summary = run["summary"]
    assert summary["questions"] == {"asked": 6, "answerable": 4, "failed": 1}
    assert summary["retrieval"]["hit@1"] == 1
    assert summary["answers"]["contains"] == 1
    assert summary["refusals"] == {"precision": 1, "recall": 1, "wrongly refused": 0}
    assert summary["citations"]["verbatim"] == 1
    assert summary["latency"]["answer p95"] >= summary["latency"]["answer p50"] > 0
    park = outcome(run, "park")
    assert park["ranking"][0]["name"] == "parking.md"
    assert [one["right"] for one in park["answer"]["citations"]][:1] == [True]
    assert outcome(run, "who")["error"] == "There is no active user nobody@x.example."


def test_questions_are_asked_as_whom_they_say(full: Path) -> None:
    run = json.loads(full.read_text())
    assert "Nightjar" in outcome(run, "plan")["answer"]["text"]
    denied = outcome(run, "denied")
    assert denied["answer"]["refused"] and "Nightjar" not in json.dumps(denied)


def test_trec_files_give_the_same_measure(full: Path) -> None:
    run, qrels = full.with_suffix(".run"), full.with_suffix(".run.qrels")
    theirs = ir_measures.calc_aggregate(
        [nDCG @ 10],
        ir_measures.read_trec_qrels(str(qrels)),
        ir_measures.read_trec_run(str(run)),
    )
    ours = json.loads(full.read_text())["summary"]["retrieval"]["nDCG@10"]
    assert theirs[nDCG @ 10] == pytest.approx(ours)


def test_the_page_needs_nothing_else(full: Path) -> None:
    text = full.with_suffix(".html").read_text()
    page = html.fromstring(text)
    assert not re.search(r"(?:src|href)=|url\(|<script|@import", text)
    assert len(page.xpath("//details")) == len(QUESTIONS)
    verdicts = [one.text for one in page.xpath("//details//span[starts-with(@class, 'verdict')]")]
    assert sorted(verdicts) == ["failed", "right", "right", "right", *["rightly refused"] * 2]
    assert len(page.xpath("//figure/*[local-name()='svg']")) == 7


def test_an_earlier_run_is_compared_with_question_by_question(
    stook: Stook, questions: Path, full: Path
) -> None:
    """Words that no document has find nothing by words alone."""
    changed = questions.with_name("other.jsonl")
    rows = [json.loads(line) for line in questions.read_text().splitlines()]
    wrong = [row | {"answers": ["7:45"]} if row["id"] == "park" else row for row in rows]
    changed.write_text("".join(json.dumps(row) + "\n" for row in wrong[:-1]))
    page = changed.with_suffix(".html")
    done = stook("eval", changed, "--compare", full, "--json", "--html", page)
    comparison = done.json["comparison"]
    assert [one["id"] for one in comparison["worse"]] == ["park"]
    assert comparison["better"] == comparison["mixed"] == []
    assert comparison["unchanged"] == 4
    assert comparison["missing"] == ["What is for lunch?"]
    measures = [change["measure"] for change in comparison["worse"][0]["changes"]]
    assert measures == ["contains the answer", "citations right"]
    assert "Since few.jsonl" in page.read_text()
    kept = changed.with_suffix(".json")
    kept.write_text(done.out)
    table = stook("eval", kept, "--compare", full).out
    assert "0 questions better, 1 worse" in table and "before" in table


def test_a_part_of_the_ranking_alone(stook: Stook, questions: Path) -> None:
    run = stook("eval", questions, "--retrieval", "bm25", "--no-answers", "--json").json
    assert run["retrieval"] == "bm25"
    assert all(one["answer"] is None for one in run["outcomes"])
    assert outcome(run, "moon")["ranking"] == []
    assert "answers" not in run["summary"]


def test_mistakes_are_one_sentence(stook: Stook, tmp_path: Path, questions: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"question": "Fine?"}\n{"question": 7}\n')
    done = stook("eval", bad, code=2)
    assert done.err.startswith(f"stook: {bad}, line 2: the field 'question'")
    assert len(done.err.splitlines()) == 1
    assert "is no run" in stook("eval", questions, "--compare", questions, code=2).err
    assert stook("eval", tmp_path / "none.jsonl", code=1).err.startswith("stook: There is no file")
