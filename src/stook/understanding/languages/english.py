"""English."""

from __future__ import annotations

import calendar
from datetime import date

from stook.understanding.languages.base import (
    Language,
    Sentences,
    TimeWords,
    any_of,
    pattern,
    words,
)

_MONTHS = tuple(name.lower() for name in list(calendar.month_name)[1:])
_WEEKDAYS = tuple(name.lower() for name in calendar.day_name)
_NOT_TIME = (
    rf"(?!(?:week|weekend|month|quarter|year|day|few|\d|{any_of(_MONTHS)}|{any_of(_WEEKDAYS)}))"
)


def _day_text(weekday: str, month: str, day: date) -> str:
    return f"{weekday}, {month} {day.day}, {day.year}"


TIMES = TimeWords(
    months=_MONTHS,
    weekdays=_WEEKDAYS,
    relative={
        "this": 0,
        "current": 0,
        "next": 1,
        "coming": 1,
        "following": 1,
        "last": -1,
        "previous": -1,
        "past": -1,
    },
    counts={"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "few": 3},
    units={name: name for name in ("week", "weekend", "month", "quarter", "year")},
    plurals={"days": "day", "weeks": "week", "months": "month", "years": "year"},
    days={"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1, "day after tomorrow": 2},
    quarters={"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4},
    quarter=r"quarter(?:\s+of)?",
    before_weekday=words("this coming next last previous past on by"),
    before_month=words("in for during of this next last until by since"),
    verbs=words("may march"),
    prepositions=words("in on for during of by at from since until the over within"),
    remaining=pattern(r"\b(?:left|remaining|remain|still|rest of|upcoming)\b"),
    past=pattern(r"\b(?:was|were|did|had|happened)\b"),
    next_thing=pattern(
        rf"\b(?:when|which|what)\b.{{0,80}}?\b(?:the|our)\s+(next|upcoming)\s+{_NOT_TIME}"
    ),
    day_text=_day_text,
    possessive=r"(?:'s|’s)?",
)

ENGLISH = Language(
    code="en",
    sentences=Sentences(
        refusal="I could not find an answer to this in the documents you can see.",
        unsupported="(not found in the documents)",
        extracted="No language model answered, so these are the documents' own words.",
        nothing_found="Nothing was found.",
        no_sentences="There are no sentences to summarise.",
        no_document="There is no such document, or you may not see it.",
        nobody="There is nobody called {}.",
    ),
    function_words=words(
        "a about all also am an and any anyone are as at be because been being but by can could "
        "did do does doing for from get gets give got had has have having here how i if in into "
        "is it its itself just let many may me more most much must my no not of off on one ones "
        "or other our out over please shall she should so some such tell than that the their "
        "them then there these they this those to too under until up us was we were what when "
        "where which while who whom whose why will with without would you your he her him his "
        "exactly really okay ok thanks again need want know"
    ),
    question_words=words("who whom whose what when where which why how"),
    auxiliaries=words(
        "am is are was were be do does did has have had can could may might must shall should "
        "will would"
    ),
    prepositions=words(
        "for in at with without to from on by during after before if within under outside inside "
        "as per"
    ),
    other_prepositions=words("of about"),
    any_of_them=words("any"),
    degrees=words("most least"),
    who=words("who"),
    asks_for_circumstances=words("who how why when where"),
    pointers=words("it its they them their theirs he him his she her hers"),
    possessives=words("its their his"),
    demonstratives=words("this that these those"),
    subjects=words("i we you to one"),
    superlatives=words(
        "best worst latest newest oldest biggest largest smallest highest lowest longest shortest "
        "cheapest fastest easiest nearest closest earliest youngest strongest safest greatest "
        "hardest"
    ),
    bridges=words(
        "deadline deadlines limit limits process maximum minimum amount reason reasons cost costs "
        "price rule rules exception exceptions requirement requirements form approval contact "
        "owner difference differences detail details example examples step steps date dates name "
        "names number purpose advantage advantages disadvantages benefits link responsible"
    ),
    measures=words(
        "day days week weeks month months year years hour hours time times people often long much "
        "many far money"
    ),
    counting=frozenset({("how", "many"), ("how", "much")}),
    never_pointers=frozenset({"IT"}),
    slot_lead=pattern(
        r"^(?:and\s+|but\s+|so\s+|ok(?:ay)?,?\s+)?(?:(?:what|how)\s+about|what\s+if|same\s+",
        r"(?:question\s+)?for|as\s+for|regarding)\b\s*",
    ),
    lead=pattern(r"^(?:and|or|but|so|also|then|plus|ok(?:ay)?|no|yes)\b[,\s]*"),
    more=pattern(
        r"^(?:(?:can|could) you\s+)?(?:please\s+)?(?:tell me more|(?:any\s+)?more(?: details?)?|",
        r"(?:anything|what) else|go on|continue|elaborate|explain)\b",
    ),
    same=pattern(r"\bthe same\b(?!\s+as\b)|\b(?:one|ones|there)\s*\?*$"),
    there_is=pattern(r"\b(?:is|are|was|were)\s+there\b"),
    times=TIMES,
)
