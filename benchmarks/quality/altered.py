"""Questions made for fitting answerability: what becomes of them is known. Tune half only.

*Long*: told around with small talk, of which the documents know nothing; still answerable if the
question was. *Swapped*: one of its names is another, from elsewhere or from the same documents;
then nothing answers it. *Half* of xquad in other languages: questions about all of it.
"""

from __future__ import annotations

import functools
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from benchmarks.quality.sets import CORPORA, SETS, Corpus, spread
from benchmarks.quality.split import Half, of_half
from stook.evaluation.questions import Question
from stook.knowledge.store.documents import SourceDocument
from stook.understanding.names import names

SEED = 7
ASKED = 150  # questions of each kind
TALK = (
    "Hi there, hope your week is going well so far. Mine has been rather busy, and I did not sleep "
    "much, but never mind.",
    "Sorry to bother you with this, I know it is late and everybody wants to go home. A colleague "
    "and I were talking about it over lunch and could not agree at all, and in the end we made a "
    "bet for a cup of coffee.",
    "So here is the thing. I have to give a short presentation tomorrow morning, I was asked at "
    "the very last minute, and I am still putting the slides together. I looked around a bit but "
    "did not know where to begin, and the more I read the more confused I got, to be honest.",
    "My daughter asked me this at breakfast and I had no idea what to say, which was a little "
    "embarrassing, as she thinks that I know everything.",
)
ENDS = (
    "Thanks a lot in advance, you would really help me out here!",
    "No hurry, but it would be great to know before the end of the day.",
    "I would be glad about a short answer.",
)
STRANGERS = (
    "Madrid Vienna Reykjavik Nairobi Okafor Lindqvist Bergamo Tallinn Marchetti Quito Brandt "
    "Kowalski Osaka Larsson Denver Zagreb Moreau Nakamura Perth Ibsen"
).split()
_HELD_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")


def long(asked: Sequence[Question]) -> list[Question]:
    """Return the questions in the midst of small talk."""
    chance = random.Random(SEED)
    return [one.model_copy(update={"question": _told(one.question, chance)}) for one in asked]


def _told(question: str, chance: random.Random) -> str:
    talk = chance.sample(TALK, chance.choice((1, 1, 2, 3)))
    return " ".join((*talk, question, chance.choice(ENDS)))


def swapped(asked: Sequence[Question], others: Sequence[str]) -> list[Question]:
    """Return the questions that name something, with another name in its place."""
    chance = random.Random(SEED)
    return list(_swapped(asked, others, chance))


def _swapped(
    asked: Sequence[Question], others: Sequence[str], chance: random.Random
) -> Iterator[Question]:
    for one in asked:
        named = [name for name in names(one.question) if name[0].isupper() and len(name) > 3]
        known = " ".join((one.question, *one.answers))
        free = [name for name in others if name not in known]
        if one.answerable and named and free:
            text = one.question.replace(chance.choice(named), chance.choice(free))
            yield one.model_copy(update={"question": text, "answerable": False})


def names_held(documents: Sequence[SourceDocument]) -> list[str]:
    """Return names that stand in some of the documents, neither once nor everywhere."""
    counted = Counter(name for one in documents for name in _HELD_NAME.findall(one.text))
    return sorted(name for name, count in counted.items() if 2 <= count <= 40)


def half_of_language(language: str) -> list[SourceDocument]:
    """Return every other article of xquad, in a language."""
    known = {one.external_id for one in CORPORA["xquad_half"].documents()}
    return [one for one in CORPORA[f"xquad_{language}"].documents() if one.external_id in known]


def _of_language(language: str) -> list[Question]:
    """The tune half's questions in a language; answerable where their paragraph is indexed."""
    held = {one.id for one in half_of_language(language)}
    every = of_half(SETS[f"xquad_{language}"].questions(), Half.TUNE)
    known = [
        one.model_copy(update={"answerable": bool(held & one.documents.keys())}) for one in every
    ]
    return spread(known, ASKED)


def _tune() -> list[Question]:
    return of_half(SETS["refuse_half"].questions(), Half.TUNE)


FOREIGN = ("de", "zh", "ar")
for _language in FOREIGN:
    _name = f"half_{_language}"
    CORPORA[_name] = Corpus(_name, functools.partial(half_of_language, _language))
# Name: corpus, and its questions, all of the tune half.
ALTERED: dict[str, tuple[str, Callable[[], list[Question]]]] = {
    "long": ("xquad_half", lambda: long(spread(_tune(), ASKED))),
    "swapped": ("xquad_half", lambda: spread(swapped(_tune(), STRANGERS), ASKED)),
    "swapped_held": (
        "xquad_half",
        lambda: spread(swapped(_tune(), names_held(CORPORA["xquad_half"].documents())), ASKED),
    ),
    **{
        f"half_{language}": (f"half_{language}", functools.partial(_of_language, language))
        for language in FOREIGN
    },
}
