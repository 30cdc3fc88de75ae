"""Question files: what they may hold, and what is said of a line that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from stook.errors import InvalidRequest, NotFound
from stook.evaluation.questions import Earlier, Question, dump, load

QUESTIONS = Path(__file__).parents[1] / "questions"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_documents_are_named_in_any_of_three_ways(tmp_path: Path) -> None:
    one, several, graded = load(
        written(
            tmp_path,
            '{"question": "One?", "document": "a.md"}\n\n'
            '{"question": "Several?", "documents": ["a.md", "b.md"], "id": "s"}\n'
            '{"question": "Graded?", "documents": {"a.md": 2, "b.md": 0}, "answerable": null}\n',
        )
    )
    assert (one.id, one.documents) == ("1", {"a.md": 1})
    assert (several.id, several.documents) == ("s", {"a.md": 1, "b.md": 1})
    assert graded.documents == {"a.md": 2, "b.md": 0}
    assert (one.answerable, graded.answerable) == (True, None)


@pytest.mark.parametrize("name", ["handbook.jsonl", "sourcegraph.jsonl"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    questions = load(QUESTIONS / name)
    assert any(question.history for question in questions) or name != "handbook.jsonl"
    assert load(written(tmp_path, dump(questions))) == questions


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "this is not one JSON object"),
        ("[]", "object"),
        ('{"history": []}', "the field 'question' is missing"),
        ('{"question": ""}', "'question'"),
        ('{"question": "?", "expected": "x"}', "there is no field 'expected'; known are answer"),
        ('{"question": "?", "answers": "x"}', "'answers'"),
        ('{"question": "?", "history": [{"answer": "x"}]}', "'history.0.question' is missing"),
        ('{"question": "?", "asked_on": "yesterday"}', "'asked_on'"),
        ('{"question": "?", "documents": {"a": "much"}}', "'documents.a'"),
    ],
)
def test_a_wrong_line_is_named_in_one_sentence(tmp_path: Path, line: str, complaint: str) -> None:
    path = written(tmp_path, f'{{"question": "Fine?"}}\n{line}\n')
    with pytest.raises(InvalidRequest) as raised:
        load(path)
    message = raised.value.message
    assert message.startswith(f"{path}, line 2: ") and complaint in message
    assert "\n" not in message and message.endswith(".")


def test_files_that_are_no_question_files(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        load(tmp_path / "none.jsonl")
    with pytest.raises(InvalidRequest, match="no questions"):
        load(written(tmp_path, "\n \n"))
    with pytest.raises(InvalidRequest, match="two questions have the id '2'"):
        load(written(tmp_path, '{"question": "A?", "id": "2"}\n{"question": "B?"}\n'))
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidRequest, match="not a text file"):
        load(tmp_path / "binary")


def test_history_without_answers() -> None:
    question = Question.model_validate({"question": "Why?", "history": [{"question": "What?"}]})
    assert question.history == (Earlier(question="What?", answer=""),)
