"""Reads subtitles and captions (WebVTT, SubRip): what is said, by whom, from which moment on.

Cues are joined to paragraphs, which end where speech pauses or another begins to speak; the
moments of cues are places, and no part of the text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stook.knowledge.ingestion.parsing import places
from stook.knowledge.ingestion.parsing.parsed import Read

PAUSE = 2.0  # seconds without speech that end a paragraph
SAID_TWICE = 4  # words; fewer, "yes" and "yes", are said again and not shown again
FEW_WORDS, MOST_WORDS = 30, 60  # a paragraph ends with a sentence from FEW_WORDS on, then anyhow

_MOMENT = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_MOMENT}[ \t]*-->[ \t]*{_MOMENT}")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,80})?[ \t]+([^<>]{1,200})>")
_TAG = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,80}\}")
_SENTENCE_END = re.compile(r"""[.!?…。！？][)"'”’»\]]{0,3}$""")


@dataclass(frozen=True, slots=True)
class _Cue:
    """Words that are shown together; times in seconds."""

    start: float
    end: float
    speaker: str
    lines: tuple[str, ...]


def read(text: str) -> Read:
    """What is said, as Markdown; the text as it is where there are no cues."""
    cues = list(_cues(text.replace("\r\n", "\n").replace("\r", "\n")))
    if not cues:
        return Read(text)
    return Read("\n\n".join(map(_written, _paragraphs(_rolled_up(cues)))))


def _cues(text: str) -> Iterator[_Cue]:
    for block in re.split(r"\n[ \t]*\n", text.removeprefix("\ufeff")):
        lines = block.strip("\n").split("\n")
        at = next((n for n, line in enumerate(lines[:3]) if _TIMING.match(line)), None)
        timing = None if at is None else _TIMING.match(lines[at])
        if at is None or timing is None:
            continue  # the head, notes, styles
        start, end = (_seconds(timing.groups()[n : n + 4]) for n in (0, 4))
        speaker = ""
        words: list[str] = []
        for line in lines[at + 1 :]:
            if (voice := _VOICE.search(line)) and voice[1].strip() != speaker:
                if words:
                    yield _Cue(start, end, speaker, tuple(words))
                speaker, words = " ".join(voice[1].split()), []
            if plain := " ".join(html.unescape(_TAG.sub("", line)).split()):
                words.append(plain)
        if words:
            yield _Cue(start, end, speaker, tuple(words))


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, rest = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{rest}")


def _rolled_up(cues: Sequence[_Cue]) -> Iterator[_Cue]:
    """The cues without the lines that live captions show again, one line higher."""
    before: tuple[str, ...] = ()
    for cue in cues:
        repeated = next(
            (n for n in range(len(cue.lines), 0, -1) if before[-n:] == cue.lines[:n]), 0
        )
        kept = cue.lines[repeated:]
        if not kept and len(" ".join(cue.lines).split()) < SAID_TWICE:
            kept = cue.lines
        if kept:
            yield _Cue(cue.start, cue.end, cue.speaker, kept)
        before = cue.lines


def _paragraphs(cues: Iterator[_Cue]) -> Iterator[list[_Cue]]:
    held: list[_Cue] = []
    words = 0
    for cue in cues:
        if held and _ends(held[-1], cue, words):
            yield held
            held, words = [], 0
        held.append(cue)
        words += sum(len(line.split()) for line in cue.lines)
    if held:
        yield held


def _ends(before: _Cue, cue: _Cue, words: int) -> bool:
    if cue.speaker != before.speaker or cue.start - before.end >= PAUSE:
        return True
    closed = _SENTENCE_END.search(before.lines[-1]) is not None
    return words >= MOST_WORDS or (words >= FEW_WORDS and closed)


def _written(cues: Sequence[_Cue]) -> str:
    """A paragraph in which each cue is a place."""
    said = " ".join(f"{places.mark(_moment(cue.start))}{' '.join(cue.lines)}" for cue in cues)
    speaker = cues[0].speaker
    return f"{places.mark(_moment(cues[0].start))}{speaker}: {said}" if speaker else said


def _moment(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"
