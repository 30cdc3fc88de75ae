"""The measures agree with ir-measures on the same files, and with SQuAD's definition."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG

from stook.evaluation import measures, trec
from stook.evaluation.measures import rank
from stook.evaluation.outcomes import Answered, Hit, QuestionResult
from stook.evaluation.summary import summarise

THEIRS = {
    "hit@1": Success @ 1,
    "hit@3": Success @ 3,
    "hit@5": Success @ 5,
    "hit@10": Success @ 10,
    "recall@5": R @ 5,
    "recall@10": R @ 10,
    "MRR@10": RR @ 10,
    "nDCG@10": nDCG @ 10,
}

documents = st.sampled_from([f"d{number} of a\tname" for number in range(14)])


@st.composite
def outcomes(draw: st.DrawFn) -> list[QuestionResult]:
    """Rankings with tied scores, judged with gains, some of them empty."""
    made = []
    for number in range(draw(st.integers(1, 4))):
        names = draw(st.lists(documents, unique=True, max_size=12))
        relevant = draw(st.dictionaries(documents, st.integers(0, 3), min_size=1, max_size=6))
        hits = tuple(Hit(name=name, title="", url="", score=1.0) for name in names)
        made.append(
            QuestionResult(
                id=f"question {number}",
                question="?",
                answerable=True,
                relevant=relevant,
                ranking=hits,
                retrieval=rank(names, relevant),
            )
        )
    return made


@settings(deadline=None, max_examples=60)
@given(outcomes())
def test_rankings_as_ir_measures_sees_them(
    tmp_path_factory: pytest.TempPathFactory, made: list[QuestionResult]
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "run").write_text("".join(trec.run_lines(made)))
    (folder / "qrels").write_text("".join(trec.qrels_lines(made)))
    run = list(ir_measures.read_trec_run(str(folder / "run")))
    qrels = list(ir_measures.read_trec_qrels(str(folder / "qrels")))
    theirs = ir_measures.calc(list(THEIRS.values()), qrels, run)
    ours = summarise(made)["retrieval"]
    aggregated: Any = theirs.aggregated
    assert {name: aggregated[one] for name, one in THEIRS.items()} == pytest.approx(ours)
    each = {(one.query_id, str(one.measure)): one.value for one in theirs.per_query}
    for outcome in made:
        for name, measure in THEIRS.items():
            query = outcome.id.replace(" ", "%20")
            assert outcome.retrieval[name] == pytest.approx(each.get((query, str(measure)), 0.0))


def test_ties_of_a_run_file_are_broken_alike(tmp_path: Path) -> None:
    """trec_eval sorts ties by name, backwards; what a question misses counts 0."""
    run, qrels = tmp_path / "run", tmp_path / "qrels"
    run.write_text("".join(f"q1 Q0 {name} 1 0.5 other\n" for name in ("b", "a", "c")))
    qrels.write_text("q1 0 b 2\nq1 0 x 1\nq2 0 a 1\n")
    theirs = ir_measures.calc_aggregate(
        list(THEIRS.values()),
        ir_measures.read_trec_qrels(str(qrels)),
        ir_measures.read_trec_run(str(run)),
    )
    ours = [rank(["c", "b", "a"], {"b": 2, "x": 1}), rank([], {"a": 1})]
    for name, measure in THEIRS.items():
        assert theirs[measure] == pytest.approx(math.fsum(one[name] for one in ours) / 2), name


@pytest.mark.parametrize(
    ("answer", "wanted", "f1"),
    [
        ("The Denver Broncos", ["Denver Broncos", "Broncos"], 1.0),
        ("an apple, a pear", ["apple"], 2 / 3),
        ("cats cats dogs", ["cats dogs dogs"], 2 / 3),  # each word as often as in both
        ("", ["something"], 0.0),
        ("the", ["a"], 1.0),  # nothing is left of either
        ("U.S.A.", ["usa"], 1.0),
        ("anything", [], 0.0),
    ],
)
def test_token_f1(answer: str, wanted: list[str], f1: float) -> None:
    assert measures.token_f1(answer, wanted) == pytest.approx(f1)


def test_what_a_text_holds() -> None:
    text = "The office **closes** on  Friday,\nNovember 27."
    assert measures.holds(text, ["closes on friday", "never"])
    assert not measures.holds(text, ["never"])
    assert measures.holds(text, [], ["Friday, November 27", "OFFICE"])
    assert not measures.holds(text, ["office"], ["Monday"])


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.floats(0, 1))
def test_quantiles_lie_between_their_neighbours(values: list[float], share: float) -> None:
    found = measures.quantile(values, share)
    assert found is not None
    below = sum(value <= found + 1e-6 for value in values)
    above = sum(value >= found - 1e-6 for value in values)
    assert below >= math.floor(share * (len(values) - 1)) + 1
    assert above >= len(values) - math.ceil(share * (len(values) - 1))
    assert measures.quantile([], share) is None


@pytest.mark.parametrize(
    ("counts", "share"), [([(4, 3), (0, 0), (1, 1)], 0.8), ([(0, 0)], None), ([(2, 0)], 0.0)]
)
def test_the_share_of_statements_that_passages_support(
    counts: list[tuple[int, int]], share: float | None
) -> None:
    made = [
        QuestionResult(id=str(place), question="?", answerable=True, answer=written(*each))
        for place, each in enumerate(counts)
    ]
    assert summarise(made)["citations"]["supported"] == share


def written(statements: int, supported: int) -> Answered:
    return Answered(
        text="x",
        refused=False,
        right=None,
        f1=None,
        citations=(),
        statements=statements,
        supported=supported,
        milliseconds=1.0,
        cpu_milliseconds=1.0,
    )
