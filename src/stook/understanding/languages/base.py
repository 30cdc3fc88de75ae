"""What a language module says of its language. Adding a language is adding such a module."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

NOTHING = re.compile(r"(?!)")  # matches nowhere
NO_WORDS: frozenset[str] = frozenset()
Phrases = tuple[str, ...]


def words(text: str) -> frozenset[str]:
    """Make a set of the words of a text, in lower case."""
    return frozenset(text.lower().split())


def phrases(text: str) -> Phrases:
    """Make phrases of a text that has a comma or the end of a line between them."""
    found = (" ".join(each.split()) for line in text.splitlines() for each in line.split(","))
    return tuple(each for each in found if each)


def pattern(*parts: str) -> re.Pattern[str]:
    """Compile the parts, joined, regardless of case."""
    return re.compile("".join(parts), re.IGNORECASE)


def any_of(names: Mapping[str, object] | frozenset[str] | tuple[str, ...]) -> str:
    """Write an alternative of names for a pattern, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


@dataclass(frozen=True, slots=True)
class Sentences:
    """What Stook itself says in the language."""

    refusal: str  # nothing in the documents comes close to an answer …
    advice: str  # … what to try
    no_answer: str  # nothing answers directly …
    absent: str  # … nor is anything about {}, which was named …
    closest: str  # … what comes closest follows
    unsupported: str  # put after a statement that no passage supports
    extracted: str  # no language model answered
    cut: str  # a language model could not finish
    nothing_found: str  # a search without results
    no_sentences: str  # nothing to summarise
    no_document: str  # in the place of a document that the caller cannot have
    nobody: str  # a person who is not known; {} is the name
    joint: str = " "  # between two sentences


@dataclass(frozen=True, slots=True)
class Faults:
    """What Stook says of a call that it refuses or cannot answer, before any details."""

    invalid: str
    too_large: str
    unauthenticated: str
    forbidden: str
    missing_scope: str  # {} is the scope
    not_found: str
    conflict: str
    stopped: str
    rate_limited: str
    timed_out: str
    unavailable: str
    unreadable: str
    no_address: str
    wrong_method: str
    internal: str


@dataclass(frozen=True, slots=True, eq=False)
class TimeWords:
    """How the language names times; all words in lower case.

    ``relative`` says -1, 0 or 1 of "last", "this", "next"; ``units`` names week, weekend, month,
    quarter and year, ``plurals`` day, week, month and year. ``days`` are words for a day as the
    number of days from today. ``months`` and ``weekdays`` begin with January and Monday.
    """

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    relative: Mapping[str, int]
    counts: Mapping[str, int]
    units: Mapping[str, str]
    plurals: Mapping[str, str]
    days: Mapping[str, int]
    quarters: Mapping[str, int]
    quarter: str
    before_weekday: frozenset[str]  # "on Friday": words that make a weekday a day in the calendar
    before_month: frozenset[str]  # "in March"
    verbs: frozenset[str]  # months that are a time only behind one of those words
    prepositions: frozenset[str]  # that go with a time which is taken out of a question
    remaining: re.Pattern[str]  # "what is left this year": only what is still to come
    past: re.Pattern[str]  # the question is about what has been
    next_thing: re.Pattern[str]  # "when is the next holiday", the word for next in a group
    day_text: Callable[[str, str, date], str]  # weekday, month, day, as documents write it
    possessive: str = ""  # a pattern of what may follow a time word


@dataclass(frozen=True, slots=True, eq=False)
class PromptWords:
    """How programs write around a question in the language.

    ``instruction`` is how a sentence begins that says how to answer; ``questions``, ``passages``,
    ``answers`` and ``rules`` are the names of a prompt's parts, as a label or in a sentence;
    ``qualifiers`` may stand before them in a label. ``given`` says in a sentence that passages
    are sent along, ``based_on`` is the same before the question that it belongs to.
    """

    instruction: re.Pattern[str] = NOTHING
    questions: re.Pattern[str] = NOTHING
    passages: re.Pattern[str] = NOTHING
    answers: re.Pattern[str] = NOTHING
    rules: re.Pattern[str] = NOTHING
    qualifiers: re.Pattern[str] = NOTHING
    given: re.Pattern[str] = NOTHING
    based_on: re.Pattern[str] = NOTHING


@dataclass(frozen=True, slots=True)
class Replies:
    """What Stook says where a turn asks for nothing that documents could answer.

    ``abilities`` has the number of documents and the names of where they come from, ``inside`` is
    put before it where the application has a name, ``for_instance`` before questions.
    """

    greeting: str
    thanks: str
    goodbye: str
    abilities: str
    inside: str
    no_documents: str
    for_instance: str
    identity: str
    complaint: str
    nothing_before: str  # "more", with nothing said before it
    rests_on: str  # "are you sure?"; {title} is the document's
    nothing_more: str  # "more", with everything said


@dataclass(frozen=True, slots=True, eq=False)
class Cues:
    """Phrases that show what a turn is for, in lower case; ``*`` is any ending of a word.

    Those of the first group make up a whole turn, with ``fillers`` around them; those of the
    second open a question, or stand in it.
    """

    greeting: Phrases = ()
    thanks: Phrases = ()
    goodbye: Phrases = ()
    abilities: Phrases = ()
    identity: Phrases = ()
    complaint: Phrases = ()
    more: Phrases = ()
    shorter: Phrases = ()
    doubt: Phrases = ()
    correction: Phrases = ()
    fillers: Phrases = ()

    who: Phrases = ()
    when: Phrases = ()
    how_many: Phrases = ()
    how_to: Phrases = ()
    listing: Phrases = ()
    definition: Phrases = ()
    comparison: Phrases = ()
    summary: Phrases = ()
    reason: Phrases = ()
    negation: Phrases = ()
    existence: Phrases = ()
    permission: Phrases = ()
    amount: Phrases = ()
    joining: Phrases = ()


@dataclass(frozen=True, slots=True, eq=False)
class Polarity:
    """How sentences say yes and no.

    ``negative`` turns what is said into its opposite; ``permits``, ``forbids``, ``obliges`` and
    ``frees`` are what a sentence says is allowed or not, must be, or need not be; ``conditions``
    make it hold only sometimes. ``anybody`` is a subject that includes the asker. ``asks_leave``
    and ``asks_duty`` begin a question for the one or the other, ``asks_fact`` one for whether
    something is so.
    """

    yes: str = ""
    no: str = ""
    negative: re.Pattern[str] = NOTHING
    permits: re.Pattern[str] = NOTHING
    forbids: re.Pattern[str] = NOTHING
    obliges: re.Pattern[str] = NOTHING
    frees: re.Pattern[str] = NOTHING
    conditions: re.Pattern[str] = NOTHING
    asks_leave: re.Pattern[str] = NOTHING
    asks_duty: re.Pattern[str] = NOTHING
    asks_fact: re.Pattern[str] = NOTHING
    anybody: frozenset[str] = NO_WORDS
    asking_words: frozenset[str] = NO_WORDS  # that ask, and are not what is asked about


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """The words and turns of phrase by which a question shows what it means.

    Sets hold words in lower case. A language that leaves a part out is understood without it.
    """

    code: str
    sentences: Sentences
    replies: Replies
    faults: Faults | None  # None: as errors are written, in English
    function_words: frozenset[str]
    question_words: frozenset[str] = NO_WORDS
    auxiliaries: frozenset[str] = NO_WORDS
    prepositions: frozenset[str] = NO_WORDS
    pointers: frozenset[str] = NO_WORDS  # "it", "they"
    other_prepositions: frozenset[str] = NO_WORDS  # that begin no follow-up: "about that"
    each: frozenset[str] = NO_WORDS  # "in all offices"
    any_of_them: frozenset[str] = NO_WORDS  # "any exceptions?"
    degrees: frozenset[str] = NO_WORDS  # "most", "least"
    who: frozenset[str] = NO_WORDS  # behind which stands a verb
    asks_for_circumstances: frozenset[str] = NO_WORDS  # "why", "when": with a verb a question
    possessives: frozenset[str] = NO_WORDS
    demonstratives: frozenset[str] = NO_WORDS
    subjects: frozenset[str] = NO_WORDS  # next to which stands a verb that carries no topic
    superlatives: frozenset[str] = NO_WORDS
    bridges: frozenset[str] = NO_WORDS  # "the deadline": of what was spoken of
    measures: frozenset[str] = NO_WORDS
    counting: frozenset[tuple[str, str]] = frozenset()  # ("how", "many")
    never_pointers: frozenset[str] = NO_WORDS  # as they are written: "IT", the polite "Sie"
    slot_lead: re.Pattern[str] = NOTHING  # "what about"
    slot_end: re.Pattern[str] = NOTHING  # what belongs to the lead and stands last: "sieht … aus"
    lead: re.Pattern[str] = NOTHING  # "and"
    more: re.Pattern[str] = NOTHING  # "tell me more"
    correction: re.Pattern[str] = NOTHING  # "no, I meant"
    other: re.Pattern[str] = NOTHING  # "the other one"
    denial: re.Pattern[str] = NOTHING  # "no, " before what was meant
    but_not: re.Pattern[str] = NOTHING  # ", not" before what was not meant
    same: re.Pattern[str] = NOTHING  # "the same", "there"
    there_is: re.Pattern[str] = NOTHING
    list_lead: re.Pattern[str] = NOTHING  # "give me a list of all"
    asks_what: re.Pattern[str] = NOTHING  # "what's that?", the pointer in a group
    expletive: re.Pattern[str] = NOTHING  # words that only look like pointers: "gibt es"
    verb_first: bool = False  # the verb stands before the subject in a question
    capital_nouns: bool = False
    times: TimeWords | None = field(default=None, repr=False)
    prompts: PromptWords = field(default=PromptWords(), repr=False)
    cues: Cues = field(default=Cues(), repr=False)
    polarity: Polarity = field(default=Polarity(), repr=False)
