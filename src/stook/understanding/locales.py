"""What the asker's locale changes: how dates like 3/4/2026 are read, and how Stook speaks.

Answers themselves stay in the documents' own words.
"""

from __future__ import annotations

from collections.abc import Sequence

from stook.understanding import languages
from stook.understanding.languages.base import Sentences

MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})
MONTH_FIRST_LANGUAGES = frozenset({"en"})  # where no region is named


def day_first(locale: str) -> bool:
    """Whether 3/4 is the third of April there; ``locale`` is as in RFC 5646."""
    language, *rest = locale.replace("_", "-").split("-")
    regions = [part.upper() for part in rest if len(part) == 2]
    if regions:
        return regions[0] not in MONTH_FIRST
    return language.lower() not in MONTH_FIRST_LANGUAGES


def of_answer(asked: str, locale: str) -> str:
    """Tell the locale in which an answer is framed: that of the question's own language.

    Where its words tell none but English, ``locale``, which the caller named, stays.
    """
    told = languages.of_text(asked)
    return locale if told is languages.ENGLISH else told.code


def refusal(locale: str, absent: Sequence[str] = ()) -> str:
    """What says that the documents do not answer, and what to try; in English where unknown.

    ``absent`` are names of which nothing is there.
    """
    sentences = languages.of_locale(locale).sentences
    return _joined(sentences, sentences.refusal, absent, sentences.advice)


def closest(locale: str, absent: Sequence[str] = ()) -> str:
    """What is put before what comes closest to an answer; ``absent`` is named, but not there."""
    sentences = languages.of_locale(locale).sentences
    return _joined(sentences, sentences.no_answer, absent, sentences.closest)


def unsupported(locale: str) -> str:
    """What is put after a statement that no passage supports."""
    return languages.of_locale(locale).sentences.unsupported


def extracted(locale: str) -> str:
    """The sentence that says that an answer was taken from the documents, word for word."""
    return languages.of_locale(locale).sentences.extracted


def cut(locale: str) -> str:
    """What is put below an answer that a language model could not finish."""
    return languages.of_locale(locale).sentences.cut


def nothing_found(locale: str) -> str:
    """What a search without results says."""
    return languages.of_locale(locale).sentences.nothing_found


def no_sentences(locale: str) -> str:
    """What a summary of documents without sentences says."""
    return languages.of_locale(locale).sentences.no_sentences


def no_document(locale: str) -> str:
    """What stands in the place of a document that the caller cannot have."""
    return languages.of_locale(locale).sentences.no_document


def nobody(locale: str, name: str) -> str:
    """What stands in the place of a person who is not known."""
    return languages.of_locale(locale).sentences.nobody.format(name)


def fault(locale: str, kind: str, name: str = "") -> str | None:
    """What is said of an error of a kind, a field of ``Faults``; None where that is English."""
    faults = languages.of_locale(locale).faults
    return getattr(faults, kind).replace("{}", name) if faults else None


def _joined(sentences: Sentences, first: str, absent: Sequence[str], last: str) -> str:
    named = [sentences.absent.format(", ".join(absent))] if absent else []
    return sentences.joint.join((first, *named, last))


REFUSAL = refusal("en")
