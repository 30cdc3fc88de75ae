"""Captions and transcripts: cues joined, moments as places, speech cut where it pauses."""

from __future__ import annotations

import pytest

from stook.knowledge.ingestion.parsing import formats, kinds, speech
from stook.knowledge.ingestion.parsing.options import Options
from stook.knowledge.ingestion.parsing.parsed import ParsedDocument
from stook.knowledge.text.chunking import chunk
from stook.knowledge.text.sentences import sentences

VTT = """WEBVTT - Weekly

NOTE
made by a program

1
00:00:01.000 --> 00:00:04.000
so today we look at the

2
00:00:04.000 --> 00:00:08.000 align:start
shearwater <i>launch</i> which is

3
00:00:08.000 --> 00:00:12.000
moved to the ninth of May &amp; no later

4
00:00:15.000 --> 00:00:16.500
next point
"""


def read(text: str, name: str) -> ParsedDocument:
    content = text.encode()
    return formats.read(content, kinds.detect(content, name), name, Options(0))


def test_cues_are_joined_and_their_moments_are_places() -> None:
    found = read(VTT, "weekly.vtt")
    assert found.text == (
        "so today we look at the shearwater launch which is moved to the ninth of May & no later"
        "\n\nnext point"
    )
    begins = {label: found.text[at:][:10] for at, label in found.places}
    assert begins == {
        "00:00:01": "so today w", "00:00:04": "shearwater", "00:00:08": "moved to t",
        "00:00:15": "next point",
    }  # fmt: skip


def test_speakers_are_kept_and_part_what_is_said() -> None:
    source = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v.loud Ada Lovelace>When is it?\n\n"
        "00:02.000 --> 00:03.000\n<v Bob>In May.</v>\n\n"
        "00:03.000 --> 00:04.000\n<v Bob>The ninth.\n"
        "\n00:04.000 --> 00:06.000\n<v Ada Lovelace>Good.\n<v Bob>Yes.\n"
    )
    assert read(source, "a.vtt").text.split("\n\n") == [
        "Ada Lovelace: When is it?", "Bob: In May. The ninth.", "Ada Lovelace: Good.", "Bob: Yes.",
    ]  # fmt: skip


def test_subrip_and_live_captions_that_roll_up() -> None:
    source = (
        "1\r\n00:00:00,500 --> 00:00:02,000\r\n{\\an8}the fee of Oslo\r\n\r\n"
        "2\r\n00:00:02,000 --> 00:00:03,000\r\nthe fee of Oslo\r\nis 310 crowns\r\n\r\n"
        "3\r\n00:00:03,000 --> 01:00:04,000\r\nis 310 crowns\r\n<b>a year</b>\r\n"
    )
    found = read(source, "a.srt")
    assert found.text == "the fee of Oslo is 310 crowns a year"
    assert found.places[-1][1] == "00:00:03"


def test_long_speech_ends_paragraphs_with_sentences_or_anyhow() -> None:
    cues = [
        f"00:00:{at:02d}.000 --> 00:00:{at + 1:02d}.000\n"
        f"nine words are said here in cue number {at}{'.' if at == 3 else ''}"
        for at in range(50)
    ]
    parts = read("WEBVTT\n\n" + "\n\n".join(cues), "a.vtt").text.split("\n\n")
    assert parts[0].endswith("number 3.")
    assert len(parts[1].split()) == 63  # seven cues of nine words: the first that fill it


def test_a_file_without_cues_is_read_as_it_is() -> None:
    assert read("not really captions", "a.vtt").text == "not really captions"


FILLER = "so and we then talk about the plan for next quarter right "


@pytest.mark.parametrize("line", [FILLER * 120, "\n".join([FILLER.strip()] * 120)])
def test_speech_without_punctuation_is_cut_into_readable_pieces(line: str) -> None:
    half = len(line) // 2
    half = line.index(" talk", half)
    transcript = f"{line[:half]} the shearwater launch is moved to the ninth of may {line[half:]}"
    text = speech.cut(transcript)
    assert text.split() == transcript.split()
    pieces = [text[span.start : span.end].split() for span in sentences(text)]
    assert max(map(len, pieces)) <= speech.MOST_WORDS
    assert len(chunk(text)) > 5


@pytest.mark.parametrize(
    "text",
    [
        "This is a sentence of seven words. " * 60,
        "- " + "an item without an end and with very many words " * 30,
        "a short text without any mark at all",
        "| cell " * 200,
    ],
)
def test_prose_lists_and_tables_are_left_as_they_are(text: str) -> None:
    assert speech.cut(text) == text
