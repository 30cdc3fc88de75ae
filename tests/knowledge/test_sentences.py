"""Where sentences end, and where they do not."""

from __future__ import annotations

import pytest

from stook.knowledge.store.documents import Span
from stook.knowledge.text.sentences import sentences, without_marker


def split(text: str) -> list[str]:
    return [text[found.start : found.end] for found in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["We use tools, e.g. Git, i.e. version control.", "It works."],
        ["Acme Inc. announced it.", "The U.S. government agreed."],
        ["He works at Acme Inc.", "The office is closed."],
        ["Dr. Smith met Prof. J. R. Jones.", "They talked."],
        ["Pi is 3.14 and not 3.15.", "Version 2.0.1 is out."],
        ["See https://example.com/a.b?c=d. It has more.".split(" It")[0], "It has more."],
        ["Wait... what is this?", "Nothing."],
        ["It ended…", "Then it began."],
        ['She said "Stop." and left.', "He stayed."],
        ['"Stop!" He ran.'.split(" He")[0], "He ran."],
        ["(See section 2.)", "Next one."],
        ["Is it so?!", "Yes!", "No."],
        ["The meeting is at 3 p.m. on Monday.", "Be there."],
        ["It opens at 9 a.m.", "The door is locked before."],
        ["Use No. 5 of Fig. 2 on p. 12.", "The answer is no.", "Really."],
        ["It is due on Jan. 5.", "Do not wait."],
        ["Bring pens, paper, etc.", "The rest is there."],
        ["Bring pens, paper, etc. and a bag.", "Thanks."],
        ["Read node.js docs in README.md first.", "Then ask."],
        ["**Note.**", "This is bold."],
        ["It was shown before.[1]", "Others disagree.[^2]", "We do not."],
        ["Mail a.b@example.com or ask.", "Call me."],
        ["Das gilt z.B. für Reisen.", "Siehe Nr. 4 dazu."],
        ["これは文です。", "「本当ですか？」", "はい！"],
        ["公司放假。", "明天上班。"],
        ["هل هذا صحيح؟", "نعم."],
        ["यह वाक्य है।", "यह दूसरा है।"],
    ],
)
def test_sentences_of_prose(expected: list[str]) -> None:
    joiner = "" if expected[0][-1] == "。" else " "
    assert split(joiner.join(expected)) == expected


def test_wrapped_lines_are_one_sentence_and_hard_breaks_are_not() -> None:
    assert split("One sentence that\nis wrapped here. Two.") == [
        "One sentence that\nis wrapped here.", "Two."
    ]  # fmt: skip
    assert split("Acme  \nMain Street 1\\\nTown") == ["Acme", "Main Street 1\\", "Town"]


def test_blocks_are_units_of_their_own() -> None:
    text = (
        "# A heading. With a stop\nFirst. Second.\n1. Step one. More.\n2. Step two\n"
        "- [ ] task\n\n| a. b | c |\n|---|---|\n| 1. x | 2. y |\n\n```\ncode. more.\n```\n"
    )
    assert split(text) == [
        "# A heading. With a stop", "First.", "Second.", "1. Step one.", "More.", "2. Step two",
        "- [ ] task", "| a. b | c |\n|---|---|", "| 1. x | 2. y |", "```\ncode. more.\n```",
    ]  # fmt: skip


def test_rows_of_a_table_that_was_cut_are_units_too() -> None:
    assert split("| 1 | 2 |\n| 3 | 4 |") == ["| 1 | 2 |", "| 3 | 4 |"]


def test_a_part_of_a_text() -> None:
    text = "Before. Inside one. Inside two. After."
    assert sentences(text, Span(8, 31)) == [Span(8, 19), Span(20, 31)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- item", "item"), ("  2) step", "step"), ("> quoted", "quoted"), ("## Title", "Title"),
        ("- [x] done", "done"), ("plain", "plain"), ("3.5 days", "3.5 days"), ("-", "-"),
    ],
)  # fmt: skip
def test_markers_can_be_left_out(text: str, words: str) -> None:
    span = without_marker(text, Span(0, len(text)))
    assert text[span.start : span.end] == words
