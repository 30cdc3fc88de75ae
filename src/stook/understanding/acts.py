"""What a turn of a conversation is for: a greeting, thanks, a kind of question, …

A linear classifier (softmax) over named features, which are the cues of a language and how much
else the turn says. Its weights stand in ``acts.json``, which ``python -m benchmarks.fit_acts``
writes; they are the same for all languages. What it is not sure of is a question for a fact.
"""

from __future__ import annotations

import enum
import functools
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from stook.understanding import languages
from stook.understanding.languages.base import Cues, Language, Phrases

PATH = Path(__file__).with_name("acts.json")
BIAS = "bias"
LOOKED_AT = 600  # characters of a turn, at its beginning
MANY_WORDS = 20

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")  # "hellooo"
_SPACE = re.compile(r"\s+")
_AT_START = re.compile(r"[^\w👋👍🙏?]*")


class Act(enum.StrEnum):
    """What a turn is for; the later ones are kinds of questions."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    ABILITIES = "abilities"  # "what can you do?"
    IDENTITY = "identity"  # "who are you?"
    COMPLAINT = "complaint"
    MORE = "more"
    SHORTER = "shorter"
    DOUBT = "doubt"  # "are you sure?"
    CORRECTION = "correction"  # "no, I meant …"
    FACT = "fact"
    YES_NO = "yes_no"
    WHO = "who"
    WHEN = "when"
    HOW_MANY = "how_many"
    HOW_TO = "how_to"
    LIST = "list"
    DEFINITION = "definition"
    COMPARISON = "comparison"
    SUMMARY = "summary"
    REASON = "reason"
    MULTI_PART = "multi_part"
    NEGATION = "negation"
    EXISTENCE = "existence"  # "is there anything about …?"

    @property
    def is_social(self) -> bool:
        """Whether nothing is asked that documents could answer."""
        return self in SOCIAL

    @property
    def is_about_the_last(self) -> bool:
        """Whether it is about the answer before it."""
        return self in (Act.MORE, Act.SHORTER, Act.DOUBT)


SOCIAL = frozenset(
    {Act.GREETING, Act.THANKS, Act.GOODBYE, Act.ABILITIES, Act.IDENTITY, Act.COMPLAINT}
)
# Acts of turns that say nothing else.
WHOLE_TURNS = frozenset(
    {Act.GREETING, Act.THANKS, Act.GOODBYE, Act.ABILITIES, Act.MORE, Act.SHORTER, Act.DOUBT}
)
SAYS_NOTHING = "says nothing"
WHOLE = "all cues of whole turns"  # with the words that stand between them
_ANY_WHOLE = "any cue of a whole turn"
_CUES = tuple(field.name for field in fields(Cues))
_WHOLE_TURNS = _CUES[:10]  # cues that make up a turn
_SALUTATIONS = ("greeting", "thanks", "goodbye")


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn is for, how sure that is, and the language that it is in."""

    act: Act
    probability: float
    language: Language


@dataclass(frozen=True, slots=True)
class ActWeights:
    """A weight for each feature of each act; an act less likely than ``sure`` is a fact."""

    weights: Mapping[Act, Mapping[str, float]]
    sure: float


def load() -> ActWeights:
    """Read the weights that Stook ships with."""
    held = json.loads(PATH.read_text(encoding="utf-8"))
    return ActWeights({Act(name): row for name, row in held["weights"].items()}, held["sure"])


def act_of(text: str, locale: str = "en", weights: ActWeights | None = None) -> Turn:
    """Tell what a turn is for."""
    known = WEIGHTS if weights is None else weights
    language = language_of(text, locale)
    found = features(text, language)
    chances = probabilities(found, known)
    if SAYS_NOTHING not in found:  # "help me with expenses" asks for no help, "and food?" for food
        chances = {act: chances[act] for act in chances if act not in WHOLE_TURNS}
    best = max(chances, key=lambda act: chances[act])
    act = best if chances[best] >= known.sure else Act.FACT
    return Turn(act, chances[best], language)


def probabilities(found: Mapping[str, float], known: ActWeights) -> dict[Act, float]:
    """Return how likely each act is."""
    scores = {
        act: math.fsum(row.get(name, 0.0) * value for name, value in found.items())
        for act, row in known.weights.items()
    }
    most = max(scores.values())
    parts = {act: math.exp(score - most) for act, score in scores.items()}
    total = math.fsum(parts.values())
    return {act: part / total for act, part in parts.items()}


def topic_of(text: str, act: Act) -> str:
    """The turn without the cues of its act: "the travel policy" of "Summarise … policy"."""
    normalised = _normalised(text)
    if act.value not in _CUES or len(normalised) != len(text):
        return text
    kept, place = [], 0
    for found in _cue(languages.of_text(text), act.value).finditer(normalised):
        kept.append(text[place : found.start()])
        place = found.end()
    rest = " ".join(" ".join([*kept, text[place:]]).split())
    return rest if len(_WORD.findall(rest)) else text


def topic_of_summary(text: str) -> str:
    """Return what is to be summarised."""
    return topic_of(text, Act.SUMMARY)


def without_list_lead(text: str) -> str:
    """Return what is to be listed: "company values" of "give me a list of all company values"."""
    rest = languages.of_text(text).list_lead.sub("", text, count=1)
    return rest if _WORD.search(rest) else text


def says_only(name: str, text: str) -> bool:
    """Tell whether a text has only cues of a kind: "just the main points" of a summary."""
    language = languages.of_text(text)
    left = _WORD.findall(_without(_normalised(text), [_cue(language, name)]))
    return bool(text.strip()) and not set(left) - language.function_words


def behind_cue(name: str, text: str) -> str:
    """What follows the first cue of a kind: "days do I get" of "how many days do I get"."""
    normalised = _normalised(text)
    found = _cue(languages.of_text(text), name).search(normalised)
    return normalised[found.end() :] if found else ""


def without_salutation(text: str) -> str:
    """The turn without "Hi there," before what it asks; as it is where that is all."""
    language = languages.of_text(text)
    greeting, fillers = _cue(language, "greeting"), _cue(language, "fillers")
    rest = text
    for _ in range(3):  # "Hi! Good morning everybody, …"
        lowered = _normalised(rest)
        found = greeting.match(lowered) if len(lowered) == len(rest) else None
        if found is None:
            break
        end = _end_of_fillers(lowered, found.end(), fillers)
        if end is None:
            break
        rest = rest[end:].lstrip(" ,.!:;-–—\n\t")
    words = [word for word in _WORD.findall(rest) if word.lower() not in language.function_words]
    return rest if words else text


def _end_of_fillers(text: str, place: int, fillers: re.Pattern[str]) -> int | None:
    """Where a mark ends the salutation, past at most three words like "there"; None without one."""
    for _ in range(4):
        rest = text[place:].lstrip(" ")
        place = len(text) - len(rest)
        joined = text[place - 1 : place] != " "  # "hi-fi"
        if rest[:1] in (",", "!", ".", ":", "–", "—") or (rest[:1] == "-" and not joined):
            return place + 1
        found = fillers.match(text, place)
        if found is None:
            return None
        place = found.end()
    return None


def language_of(text: str, locale: str = "en") -> Language:
    """The language of a turn that may be too short to tell: its cues count, then the locale."""
    told = languages.of_text(text)
    own = languages.of_locale(locale)
    normalised = _normalised(text)
    shares = {
        language: _social_share(language, normalised)
        for language in dict.fromkeys((own, told, *languages.LANGUAGES.values()))
    }
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] >= 0.5 else told


def _social_share(language: Language, text: str) -> float:
    """The share of the words that are cues of whole turns."""
    words = len(_WORD.findall(text)) or 1
    if not _cue(language, _ANY_WHOLE).search(text):
        return 0.0
    return 1.0 - len(_WORD.findall(_without(text, [_cue(language, WHOLE)]))) / words


# --- features ------------------------------------------------------------------------------------


def features(text: str, language: Language) -> dict[str, float]:
    """Return the features of a turn by name; those that are 0 are left out."""
    normalised = _normalised(text)
    asked = _without(normalised, [_cue(language, name) for name in _SALUTATIONS]) or normalised
    found: dict[str, float] = {BIAS: 1.0}
    for name in _CUES:
        if name == "fillers":
            continue
        text_of, cue = normalised if name in _WHOLE_TURNS else asked, _cue(language, name)
        if cue.match(text_of, _start(text_of)):
            found[f"{name} first"] = 1.0
        if cue.search(text_of):
            found[name] = 1.0
    words = _WORD.findall(asked)
    said = _left(normalised, language)
    found |= _measures(said, words, asked, language)
    if not said:
        alone = [name for name in _WHOLE_TURNS if f"{name}" in found]
        found |= {f"{name} alone": 1.0 for name in alone}
    return {name: value for name, value in found.items() if value}


def _measures(
    said: Sequence[str], words: Sequence[str], text: str, language: Language
) -> dict[str, float]:
    """How much is said besides cues, and the form of it."""
    first = words[0] if words else ""
    asking = [place for place, word in enumerate(words) if word in language.question_words]
    return {
        SAYS_NOTHING: float(not said),
        "says one word": float(len(said) == 1),
        "says a few words": float(2 <= len(said) <= 3),
        "length": min(len(words), MANY_WORDS) / MANY_WORDS,
        "question mark": float("?" in text or "？" in text),
        "question word first": float(first in language.question_words),
        "auxiliary first": float(first in language.auxiliaries),
        "asks twice": float(len(asking) > 1 and asking[-1] > 1),
        "question marks": float(text.count("?") > 1),
        "ends in a question": float(text.rstrip().endswith("?")),
        "sentences": float(len(re.findall(r"[.!?]\s", text)) > 0),
    }


def _left(text: str, language: Language) -> list[str]:
    """The words that no cue of a whole turn accounts for, nor the language's function words."""
    rest = _without(text, [_cue(language, WHOLE)])
    return [word for word in _WORD.findall(rest) if word not in language.function_words]


def _without(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    for each in patterns:
        text = each.sub(" ", text)
    return text.strip()


def _start(text: str) -> int:
    found = _AT_START.match(text)
    return found.end() if found else 0


@functools.lru_cache(maxsize=1024)
def _normalised(text: str) -> str:
    """In lower case, on one line, with plain apostrophes, and no letter drawn out."""
    lowered = _SPACE.sub(" ", text[:LOOKED_AT]).strip().lower().replace("’", "'")
    return _DRAWN_OUT.sub(r"\1", lowered)


@functools.cache
def _cue(language: Language, name: str) -> re.Pattern[str]:
    """Compile the cues of one name when they are asked for: those of all languages take long."""
    names = {WHOLE: (*_WHOLE_TURNS, "fillers"), _ANY_WHOLE: _WHOLE_TURNS}.get(name, (name,))
    return _compiled(tuple(phrase for each in names for phrase in getattr(language.cues, each)))


def _compiled(found: Phrases) -> re.Pattern[str]:
    """A pattern of the phrases as whole words, the longest first."""
    if not found:
        return re.compile(r"(?!)")
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(_alternatives(found))})(?![^\W_])")


def _alternatives(found: Phrases) -> Iterator[str]:
    for phrase in sorted(found, key=lambda each: (-len(each), each)):
        yield re.escape(phrase).replace(r"\*", r"\w*")


WEIGHTS = load()
