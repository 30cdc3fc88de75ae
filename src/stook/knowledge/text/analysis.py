"""Turns text into the terms that full-text search matches on.

The same analysis serves passages and queries. Words are lower-cased, stripped of accents and
stemmed (Snowball: English, and four languages that their scripts tell); identifiers, numbers,
dates and addresses are kept whole and in parts; scripts that do not put spaces between words
become pairs of neighbouring characters.
Stop words are terms like any others, so that "to be or not to be" can be found;
``query_terms`` leaves them out of a question that has anything else in it.
"""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from collections.abc import Callable

import Stemmer

from stook.knowledge.text.words import HANGUL, UNSPACED

LONGEST_TERM = 80  # characters; longer runs (encoded data) are cut to this
CACHED_TOKENS = 1 << 16

_PAIRED = UNSPACED + HANGUL  # becomes pairs of neighbouring characters
# Letters and digits; the signs that Indic and Tibetan words are written with are not \w.
_LETTER = f"(?:(?![{_PAIRED}])[\\w\u0300-\u036f\u0900-\u0dff\u0f18-\u0fbc])"
_WORD = f"{_LETTER}+"
_JOINED = rf"{_WORD}(?:(?:[.\-'’@&]|(?<=\d)[/:,](?=\d)){_WORD})*"
_TOKEN = re.compile(rf"[{_PAIRED}]+|(?:\b[A-Za-z](?:\+\+|#)(?!\w))|\.?{_JOINED}")
_ASCII_TOKEN = re.compile(
    r"\b[A-Za-z](?:\+\+|#)(?!\w)|\w+(?:(?:[.\-'@&]|(?<=\d)[/:,](?=\d))\w+)*", re.ASCII
)
_IS_PAIRED = re.compile(f"[{_PAIRED}]")

_POSSESSIVE = re.compile(r"['’]s$")
_CONTRACTION = re.compile(r"(?:n['’]t|['’](?:re|ve|ll|d|m))$")
_GROUPED_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL = re.compile(r"\d+\.\d+")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_ACRONYM = re.compile(r"\.?[^\W\d_](?:\.[^\W\d_])+")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_CAMEL = re.compile(r"(?:[a-z]{2,}|(?:[A-Z]+[a-z]+){2})\w*[A-Z]\w+")
_SEPARATORS = re.compile(r"[.\-'’@&/:,_]+")

STOP_WORDS = frozenset(
    "a about above after again all am an and any are as at be because been before being below "
    "between both but by can could did do does doing down during each few for from further had "
    "has have having he her here hers herself him himself his how i if in into is it its itself "
    "just me more most my myself no nor not now of off on once only or other our ours ourselves "
    "out over own please same she should so some such than that the their theirs them themselves "
    "then there these they this those through to too under until up very was we were what when "
    "where which while who whom why will with would you your yours yourself yourselves".split()
)
# Left out of questions as well: xquad ar goes from .934 to .942 nDCG@10.
ARABIC_STOP_WORDS = frozenset(
    "ما ماذا من متى أين كيف كم هل لماذا أي أية التي الذي الذين في على إلى عن مع هو هي هم كان كانت "
    "يكون تكون هذا هذه ذلك تلك أن إن قد لقد ثم أو و ب ل ك بعد قبل بين عند عندما منذ حتى كل بعض غير "
    "لا لم لن ليس مثل خلال أثناء تم يتم بواسطة إذا لكن كما وما ومن وفي به بها له لها فيه فيها عليه "
    "عليها منه منها".split()
)

_ENGLISH = Stemmer.Stemmer("english")
# Scripts that tell the language, or one near enough: xquad ar goes from .887 to .934 nDCG@10.
_STEMMERS = tuple(
    (re.compile(letters), Stemmer.Stemmer(language))
    for letters, language in (
        ("[\u0620-\u064a\u066e-\u06d3]", "arabic"),
        ("[\u0400-\u04ff]", "russian"),
        ("[\u0370-\u03ff\u1f00-\u1fff]", "greek"),
        ("[\u0904-\u0939\u0958-\u0961]", "hindi"),
    )
)
_stemmer_lock = threading.Lock()  # a stemmer keeps state between calls


def terms(text: str) -> list[str]:
    """The terms of a text, in order, with repetitions; none of them holds white space."""
    if text.isascii():
        found = _ASCII_TOKEN.findall(text)
    else:
        found = _TOKEN.findall(unicodedata.normalize("NFKC", text.translate(_FOLD_MARKS)))
    result: list[str] = []
    for token in found:
        result += _expand(token)
    return result


def query_terms(text: str) -> list[str]:
    """The distinct terms of a question, in order, without stop words unless it has only those."""
    found = list(dict.fromkeys(terms(text)))
    return [term for term in found if term not in STOP_TERMS] or found


def is_unspaced(character: str) -> bool:
    """Whether a character is of a script that puts no spaces between words."""
    return _IS_PAIRED.match(character) is not None


@functools.lru_cache(CACHED_TOKENS)
def _expand(token: str) -> tuple[str, ...]:
    if _IS_PAIRED.match(token):
        return _bigrams(token)
    folded = token.casefold().translate(_FOLD_LETTERS)
    plain = _CONTRACTION.sub("", _POSSESSIVE.sub("", folded))
    if plain.isalpha():
        return _dedupe([_stem(plain), *_humps(token)])
    if _GROUPED_NUMBER.fullmatch(plain):
        return (plain.replace(",", ""),)
    if _DECIMAL.fullmatch(plain):
        return (plain,)
    if _ACRONYM.fullmatch(plain):
        return (plain.replace(".", ""),)
    if ordinal := _ORDINAL.fullmatch(plain):
        return (ordinal[1],)
    return _dedupe(_whole_and_parts(plain) + _humps(token))


def _bigrams(run: str) -> tuple[str, ...]:
    if len(run) == 1:
        return (run,)
    return tuple(run[i : i + 2] for i in range(len(run) - 1))


def _whole_and_parts(token: str) -> list[str]:
    """``foo.bar_baz`` as itself and as foo, bar, baz; ``e-mail`` as email and mail."""
    parts = [part for part in _SEPARATORS.split(token) if part]
    if len(parts) < 2 or "'" in token or "’" in token:
        return [_stem(part) for part in parts] or [token]
    hyphenated = _HYPHENATED.fullmatch(token)
    whole = _stem(token.replace("-", "")) if hyphenated else token
    return [whole, *(_stem(part) for part in parts if len(part) > 1 or not hyphenated)]


def _humps(token: str) -> list[str]:
    """The words of an identifier in camel case; nothing for names like GitHub."""
    # Longer ones are no words, and matching takes the square of their length.
    if len(token) > LONGEST_TERM or not token.isascii() or not _CAMEL.fullmatch(token):
        return []
    humps = _HUMPS.findall(token)
    if len(humps) < (2 if token[0].islower() else 3):
        return []
    return [_stem(hump.lower()) for hump in humps]


def _stem(word: str) -> str:
    stemmer = _ENGLISH
    if not word.isascii():
        stemmer = next((one for script, one in _STEMMERS if script.match(word)), _ENGLISH)
    with _stemmer_lock:
        stemmed: str = stemmer.stemWord(word)
    return stemmed[:LONGEST_TERM] or word[:LONGEST_TERM]


def _dedupe(found: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term[:LONGEST_TERM] for term in found if term))


class _Table(dict[int, str]):
    """A table for ``str.translate`` that works an entry out when it is first needed."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        super().__init__()
        self._fold = fold

    def __missing__(self, codepoint: int) -> str:
        folded = self[codepoint] = self._fold(chr(codepoint))
        return folded


_LATIN_EXTRAS = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
_IGNORED_MARKS = re.compile(
    "[\u00ad\u0591-\u05c7\u0640\u064b-\u065f\u0670\u200b-\u200f\u2060\ufeff]"
)


def _fold_mark(character: str) -> str:
    if _IGNORED_MARKS.match(character):
        return ""  # soft hyphens, joiners, and vowel signs that most writers leave out
    return " " if character in "©®™℠" else character


def _fold_letter(character: str) -> str:
    if character in _LATIN_EXTRAS:
        return _LATIN_EXTRAS[character]
    decomposed = unicodedata.normalize("NFD", character)
    first, marks = decomposed[0], decomposed[1:]
    if "\u0300" <= first <= "\u036f":
        return ""
    latin_or_greek = first < "\u0400" or "\u1e00" <= first < "\u2000"
    return first if marks and (latin_or_greek or character == "ё") else character


_FOLD_MARKS = _Table(_fold_mark)
_FOLD_LETTERS = _Table(_fold_letter)
STOP_TERMS = frozenset(term for word in STOP_WORDS | ARABIC_STOP_WORDS for term in terms(word))
