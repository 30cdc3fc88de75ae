"""Every question belongs to one half for good, wherever it is asked."""

from __future__ import annotations

from benchmarks.quality.split import Half, half_of, of_half

from stook.evaluation.questions import Question

EIGHT = "report tune tune report tune report report report"


def test_the_half_of_a_question_never_changes() -> None:
    assert [half_of(f"q{number}") for number in range(1, 9)] == [
        Half(name) for name in EIGHT.split()
    ]


def test_a_question_borrowed_by_another_set_keeps_its_half() -> None:
    ids = [f"q{number}" for number in range(50)]
    assert [half_of(f"outside-{one}") for one in ids] == [half_of(one) for one in ids]


def test_the_halves_are_about_equal_and_make_the_whole() -> None:
    questions = [Question(id=str(number), question="?") for number in range(1000)]
    tune, report = (of_half(questions, half) for half in Half)
    assert sorted([*tune, *report], key=lambda one: int(one.id)) == questions
    assert 450 < len(tune) < 550
