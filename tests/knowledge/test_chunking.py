"""Passages and windows: what they hold, where they are cut, what they know."""

from __future__ import annotations

import gc
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stook.knowledge.store.documents import Chunk
from stook.knowledge.text.blocks import Kind, blocks
from stook.knowledge.text.chunking import (
    LONGEST_WORD,
    PASSAGE,
    SENTENCE,
    chunk,
    lexical_text,
    weight,
    window_text,
)
from stook.knowledge.text.sentences import sentences

MARKDOWN_PIECES = st.sampled_from(
    [
        "# One\n",
        "## Two\n",
        "### Three #\n",
        "Title\n=====\n",
        "Under\n---\n",
        "---\n",
        "\n",
        "```python\n# not a heading\n",
        "```\n",
        "~~~\n",
        "- item one\n",
        "  1. nested item\n",
        "| a | b |\n|---|:-:|\n",
        "| 1 | 2 |\n",
        "> quoted. Twice.\n",
        "e.g. this, i.e. that. ",
        "A sentence. Another one! Really? ",
        "Dr. Who met J. R. Smith at 3.30 p.m. ",
        "word " * 60,
        "\t",
        "  ",
        "这是一个句子。这是另一个！",
        "ภาษาไทยไม่มีช่องว่าง",
        "日本語の文章です。",
        "x" * 400,
        "# ",
        "#\n",
        "| |\n",
        "\r\n",
        "\u2028",
        "…",
        "\\\n",
        "line  \nbreak\n",
        "**bold.** ",
    ]
)
DOCUMENTS = st.one_of(
    st.text(max_size=300),
    st.lists(MARKDOWN_PIECES, max_size=60).map("".join),
    st.lists(st.one_of(MARKDOWN_PIECES, st.text(max_size=20)), max_size=40).map("".join),
)


def passages(text: str) -> list[str]:
    return [text[part.span.start : part.span.end] for part in chunk(text)]


def gaps(text: str, spans: list[tuple[int, int]]) -> list[str]:
    """What lies before, between and after spans; fails where they overlap or are out of order."""
    ends = [0, *(end for _, end in spans)]
    starts = [*(start for start, _ in spans), len(text)]
    assert all(end <= start for end, start in zip(ends, starts, strict=True))
    return [text[end:start] for end, start in zip(ends, starts, strict=True)]


@given(DOCUMENTS)
@settings(max_examples=300, deadline=None)
def test_passages_and_windows_hold_the_whole_text_once_and_in_order(text: str) -> None:
    cut = chunk(text)
    assert [part.ordinal for part in cut] == list(range(len(cut)))
    spans = [(part.span.start, part.span.end) for part in cut]
    assert not "".join(gaps(text, spans)).strip()
    for part in cut:
        start, end = part.span.start, part.span.end
        passage = text[start:end]
        assert passage and passage == passage.strip()
        windows = [(window.start - start, window.end - start) for window in part.windows]
        assert not "".join(gaps(passage, windows)).strip()
        assert windows[0][0] == 0 and windows[-1][1] == len(passage)


@given(DOCUMENTS)
@settings(max_examples=300, deadline=None)
def test_nothing_is_cut_in_the_middle_of_a_word(text: str) -> None:
    cuts = {
        edge
        for part in chunk(text)
        for window in part.windows
        for edge in (window.start, window.end)
    }
    for edge in cuts:
        around = text[edge - 1 : edge + 1] if edge else ""
        if re.fullmatch(r"[A-Za-zÀ-ɏЀ-ӿ0-9]{2}", around):
            word = re.search(r"\w*$", text[:edge])[0] + re.match(r"\w*", text[edge:])[0]
            assert len(word) > LONGEST_WORD


@given(DOCUMENTS)
@settings(max_examples=200, deadline=None)
def test_passages_and_windows_are_bounded(text: str) -> None:
    for part in chunk(text):
        assert weight(text[part.span.start : part.span.end]) <= PASSAGE * 1.15
        assert all(weight(text[w.start : w.end]) <= SENTENCE * 1.15 for w in part.windows)


@given(DOCUMENTS)
@settings(max_examples=200, deadline=None)
def test_sentences_hold_the_whole_text_once_and_in_order(text: str) -> None:
    spans = [(found.start, found.end) for found in sentences(text)]
    assert not "".join(gaps(text, spans)).strip()
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@given(DOCUMENTS)
@settings(max_examples=100, deadline=None)
def test_blocks_hold_the_whole_text_once_and_in_order(text: str) -> None:
    spans = [(block.start, block.end) for block in blocks(text)]
    assert not "".join(gaps(text, spans)).strip()


@given(DOCUMENTS)
@settings(max_examples=100, deadline=None)
def test_contexts_are_made_for_any_text(text: str) -> None:
    for part in chunk(text):
        own = text[part.span.start : part.span.end]
        assert lexical_text(text, part, "A title").endswith(own)
        for window in part.windows:
            assert window_text(text, part, window, "A title").strip()


@pytest.mark.parametrize(
    "unit",
    [
        "a ",
        "a\n",
        "a. ",
        "#\n",
        "# a\n\n",
        "| a | b |\n",
        "```\n",
        "- a\n",
        "`",
        "!",
        ".",
        "[",
        "字",
        "a | b\n",
        "-",
        "* ",
        "<!--",
        "  ",
        "\t\n",
        "> ",
        'a."',
        "e.g. ",
        "---\n",
        "a\n---\n",
        "ก",
    ],
)
def test_the_time_grows_with_the_length_only(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        gc.collect()
        gc.disable()  # what collecting costs depends on everything else that the process holds
        try:
            begin = time.process_time()
            for part in chunk(text):
                window_text(text, part, part.windows[0], "Title")
                lexical_text(text, part, "Title")
            return time.process_time() - begin
        finally:
            gc.enable()

    # Ten times the text may take twenty times the time, and half a second is no matter.
    short, long = seconds(10_000), seconds(100_000)
    assert long < max(20 * short, 0.5), (short, long)


def test_the_heading_path_is_of_atx_and_underlined_headings_outside_code() -> None:
    prose = "Words that fill the section up so that it stands on its own. " * 8
    text = (
        f"# Guide #\n\n{prose}\n\nSetup\n-----\n\n{prose}\n\n```sh\n# not a heading\n```\n\n"
        f"### Deep\n\n{prose}\n\n## Next\n\n{prose}\n"
    )
    paths = [part.heading_path for part in chunk(text)]
    assert paths == [
        ("Guide",), ("Guide", "Setup"), ("Guide", "Setup", "Deep"), ("Guide", "Next")
    ]  # fmt: skip


def test_small_neighbours_share_a_passage_under_what_is_true_of_both() -> None:
    text = "# Leave\n\n## Sick leave\n\nTell your lead.\n\n## Care leave\n\nFive days a year.\n"
    [only] = chunk(text)
    assert only.heading_path == ("Leave",)
    assert text[only.span.start : only.span.end] == text.strip()
    context = [window_text(text, only, window, "Policy") for window in only.windows]
    assert context[0].startswith("Policy: ") or "Leave" in context[0]


def test_a_heading_without_a_text_goes_with_the_section_below_it() -> None:
    prose = "Words that fill the section up so that it stands on its own. " * 8
    text = f"# Handbook\n\n## Travel\n\n{prose}\n\n## Empty\n\n## Pay\n\n{prose}\n"
    cut = passages(text)
    assert [passage.splitlines()[0] for passage in cut] == ["# Handbook", "## Empty"]
    assert [part.heading_path for part in chunk(text)] == [
        ("Handbook", "Travel"), ("Handbook", "Pay")
    ]  # fmt: skip


def test_unrelated_sections_never_share_a_passage() -> None:
    text = "# A\n\n## A1\n\n### A1a\n\nShort text.\n\n# B\n\nShort text.\n"
    assert [part.heading_path for part in chunk(text)] == [("A", "A1", "A1a"), ("B",)]


def _long_table(rows: int) -> str:
    body = "\n".join(
        f"| 2026-{row:03} | Employee {row} gets {row} days | yes |" for row in range(rows)
    )
    return f"# Days\n\n| Period | Entitlement | Paid |\n| --- | --- | --- |\n{body}\n"


def test_a_long_table_is_cut_between_rows_and_its_header_goes_along() -> None:
    text = _long_table(120)
    cut = chunk(text)
    assert len(cut) > 3
    for part in cut[1:]:
        passage = text[part.span.start : part.span.end]
        assert passage.startswith("| 2026-") and passage.endswith("|")
        assert "Entitlement" not in passage
        assert "| Period | Entitlement | Paid |" in lexical_text(text, part, "Leave")
        for window in part.windows:
            embedded = window_text(text, part, window, "Leave")
            assert embedded.startswith("Leave: Days\nPeriod | Entitlement | Paid\n2026-")
            assert "---" not in embedded


def test_long_code_is_cut_between_lines() -> None:
    lines = [f"    value_{number} = compute(number={number})" for number in range(200)]
    text = "# Code\n\n```python\n" + "\n".join(lines) + "\n```\n"
    cut = passages(text)
    assert len(cut) > 2
    edges = {line.strip() for line in [*lines, "# Code", "```", "```python"]}
    assert all(passage.splitlines()[-1].strip() in edges for passage in cut)


@pytest.mark.parametrize(
    "sentence",
    ["公司为每位员工提供二十五天的带薪年假，并且可以结转五天。", "พนักงานทุกคนมีวันลาพักร้อนสิบห้าวันต่อปี "],
)
def test_text_without_spaces_is_cut_at_its_punctuation(sentence: str) -> None:
    text = sentence * 100
    cut = passages(text)
    assert len(cut) > 5
    assert all(len(passage) < 500 for passage in cut)
    if "。" in sentence:
        assert all(passage.endswith("。") for passage in cut)


def test_a_text_without_any_break_is_cut_by_length() -> None:
    text = "字" * 5000
    cut = passages(text)
    assert "".join(cut) == text and max(map(len, cut)) < 500


def test_a_long_sentence_is_cut_after_a_comma_where_there_is_one() -> None:
    text = ", ".join(f"clause number {number} says something" for number in range(200)) + "."
    cut: list[Chunk] = chunk(text)
    ends = [text[window.end - 1] for part in cut for window in part.windows]
    assert len(ends) > 5 and set(ends) <= {",", "."}


def test_a_window_names_its_title_and_nearest_heading_once() -> None:
    prose = "The badge opens the door of the office on the third floor at any hour. " * 12
    text = f"# Office\n\n## Access\n\n{prose}"
    [first, *others] = [(part, w) for part in chunk(text) for w in part.windows]
    assert window_text(text, *first, "Office").count("Office") == 1
    for part, window in others:
        assert window_text(text, part, window, "Office").startswith("Office: Access\nThe badge")


def test_what_is_embedded_has_no_markup() -> None:
    text = '<p>See the **[travel policy](https://example.com/x_(y)?a=b "t")** and `a<b`.\n'
    [only] = chunk(text)
    assert window_text(text, only, only.windows[0], "T") == "T\nSee the travel policy and a<b."
    assert "https://example.com" in lexical_text(text, only, "T")


def test_kinds_of_blocks() -> None:
    text = "# H\npara\n- item\n\n| a |\n|---|\n| 1 |\n\n***\n~~~\ncode\n~~~\n"
    kinds = [block.kind for block in blocks(text)]
    assert kinds == [
        Kind.HEADING, Kind.PARAGRAPH, Kind.ITEM, Kind.TABLE, Kind.RULE, Kind.CODE
    ]  # fmt: skip
