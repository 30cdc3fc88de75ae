"""Answer types: a person, a time, a number, a list … and whether a text has one."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable

from stook.knowledge.text import dates


class AnswerType(enum.Enum):
    PERSON = enum.auto()
    TIME = enum.auto()
    NUMBER = enum.auto()
    AMOUNT = enum.auto()
    DURATION = enum.auto()
    PLACE = enum.auto()
    REASON = enum.auto()
    STEPS = enum.auto()
    LIST = enum.auto()
    YES_NO = enum.auto()
    OTHER = enum.auto()


_QUESTIONS: tuple[tuple[AnswerType, str], ...] = (
    (AnswerType.DURATION, r"\bhow (?:long|often|frequently|soon|quickly|fast|early|late)\b"),
    (
        AnswerType.AMOUNT,
        r"\bhow much\b|\bwhat(?! (?:do|does|did|can|may)\b)(?:'s| is| was| are)? (?:\w+ ){0,4}"
        r"(?:amount|price|cost|budget|limit|salary|rate|percentage|stipend|allowance)\b",
    ),
    (
        AnswerType.NUMBER,
        r"\bhow (?:many|old|large|big|far|high|tall|deep)\b|\b(?:what|which) number\b",
    ),
    (
        AnswerType.TIME,
        r"\bwhen\b|\b(?:what|which) (?:day|date|year|month|time|century|decade|week)s?\b"
        r"|\bdeadline\b|\bby when\b",
    ),
    (
        AnswerType.PLACE,
        r"\bwhere\b|\b(?:what|which) (?:city|country|place|location|office|channel|state|building"
        r"|region|room|continent|town)\b",
    ),
    (
        AnswerType.REASON,
        r"\bwhy\b|\bwhat (?:is|was|are) the (?:reason|purpose|cause)\b|\bhow come\b",
    ),
    (AnswerType.PERSON, r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|people|team|manager)\b"),
    (
        AnswerType.STEPS,
        r"\bhow (?:do|can|should|to|would|does one)\b|\bsteps\b|\bprocess (?:for|to)\b",
    ),
    (
        AnswerType.LIST,
        r"^(?:what|which|who)\b[^?]*?\b(?:are|were|do we|do you|does|have)\b|\blist\b"
        r"|\bname (?:the|all)\b|\b(?:what|which) (?:kinds?|types?|sorts?) of\b"
        r"|\b(?:what|which) \w+s (?:are|do|does|can)\b",
    ),
    (
        AnswerType.YES_NO,
        r"^(?:am|is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have)\b",
    ),
)
_PATTERNS = tuple((kind, re.compile(text, re.IGNORECASE)) for kind, text in _QUESTIONS)
_QUOTES = re.compile(r"[\"“”„«»]")
_MANY_WHO = re.compile(r"^(?:who|what|which)\b[^?]*\bare\b", re.IGNORECASE)

_NUMBER_WORDS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty"
    r"|fifty|sixty|ninety|hundred|thousand|million|billion|dozen|half|twice|once|no limit|unlimited"
)
_NUMBER = re.compile(rf"\d|\b(?:{_NUMBER_WORDS})\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"[$€£¥%]|\d|\b(?:percent|dollars?|euros?|pounds?|usd|eur|gbp|free|unlimited|no limit|half"
    r"|twice|double)\b",
    re.IGNORECASE,
)
_UNITS = r"(?:second|minute|hour|day|week|month|quarter|year|decade|night|morning)s?"
_DURATION = re.compile(
    rf"(?:\d\+?|\b(?:{_NUMBER_WORDS}|an?|every|each|per|few)\b)[\s-]{{0,4}}(?:\w{{1,40}}[\s-]{{1,4}})?{_UNITS}\b"
    r"|\b(?:daily|weekly|monthly|quarterly|yearly|annually|always|never|immediately|permanent)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:1\d|20)\d\ds?\b|\b\d{1,2}(?::\d\d)?\s*(?:am|pm|a\.m|p\.m|o'clock)|\b\d{1,2}:\d\d\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:every|each|within|after|before|until"
    rf"|by|first|last|end of)\b[^.]{{0,80}}\b{_UNITS}\b|\b\d+(?:st|nd|rd|th)\b|\bcentur",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:manager|lead|leader|director|officer|owner|team|department|partner|head|chief|founder"
    r"|president|engineer|administrator|admin|coordinator|board|committee|author|c[etfio]o|(?-i:HR|IT)"
    r"|king|queen|minister|employees?|teammates?|everyone|anyone|people|colleagues?)\b|@",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][\w'’-]+")
_PLACE = re.compile(
    r"\b(?:in|at|on|to|from|near|within|via|under|through|of)\s+(?:the\s+)?[*_`\[\"]*[A-Z#@`]"
    r"|https?://|[#/]\w+|\b(?:intranet|channel|office|folder|page|portal|room|drive|located)\b"
)
_REASON = re.compile(
    r"\b(?:because|so that|in order to|due to|since|reason|therefore|as a result|ensures?|after an?"
    r"|(?:doesn|don|didn)['’]t|to (?:ensure|avoid"
    r"|keep|protect|prevent|make|help|allow|give)|means|purpose|caused?)\b",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"^\W*+(?:\d+[.)]\s\W*+)?(?:go|open|click|select|choose|create|submit|send|ask|use|add"
    r"|run|log|sign|fill|book|request|contact|write|post|set|enter|install|call|report|raise|file"
    r"|email|visit|follow|start|check|take|upload|attach|make|message|tell|notify|inform"
    r"|apply|register|complete|pick|reply|discuss|order|give|hand|press|type|review|prepare)\b"
    r"|\byou (?:can|should|must|need to)\b|\bplease\b",
    re.IGNORECASE,
)


def answer_type(question: str) -> AnswerType:
    """Return the type of answer that a question calls for, quotation marks aside."""
    question = _QUOTES.sub("", question)
    for kind, pattern in _PATTERNS:
        if pattern.search(question):
            if kind is AnswerType.PERSON and _MANY_WHO.search(question):
                return AnswerType.LIST
            return kind
    return AnswerType.OTHER


def is_number(word: str) -> bool:
    """Tell whether a word is a number, in digits or written out."""
    return _NUMBER.match(word) is not None


def says_number(text: str) -> bool:
    """Tell whether a text has a number beside the dates in it."""
    return _NUMBER.search(dates.without(text)) is not None


def _has_time(text: str) -> bool:
    return bool(_TIME.search(text)) or bool(dates.mentions(text))


def _has_person(text: str) -> bool:
    return bool(_ROLE.search(text)) or bool(_NAME.search(text))


_TESTS: dict[AnswerType, Callable[[str], object]] = {
    AnswerType.PERSON: _has_person,
    AnswerType.TIME: _has_time,
    AnswerType.NUMBER: _NUMBER.search,
    AnswerType.AMOUNT: _AMOUNT.search,
    AnswerType.DURATION: _DURATION.search,
    AnswerType.PLACE: _PLACE.search,
    AnswerType.REASON: _REASON.search,
    AnswerType.STEPS: _STEP.search,
}


def has_type(text: str, wanted: AnswerType) -> bool:
    """Tell whether a text has what the question calls for; True where that cannot be told."""
    test = _TESTS.get(wanted)
    return test is None or bool(test(text))
