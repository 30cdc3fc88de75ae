"""English headings and statements as the questions that they answer."""

from __future__ import annotations

import re
from collections.abc import Callable

Lower = Callable[[str], str]  # a phrase as it stands within a sentence: names keep their capitals

_N = r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)"
_UNIT = r"(?:days|weeks|months|hours|minutes|years|day|week|month|hour|year)"
_UNITS = re.compile(rf"\b{_UNIT}\b")
_MONEY = (
    r"(?:[£$€¥]\s?\d|(?:EUR|USD|GBP|CHF)\s?\d|\d[\d.,]*\s?(?:euros?|dollars?|pounds|EUR|USD"
    r"|GBP|CHF)\b)"
)
_ABOUT = r"(?:(?:up to|at most|at least|about|around|a maximum of|exactly)\s)?"
_TIME = re.compile(
    rf"\d|\b{_UNIT}\b|\b(?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|noon|midnight"
    r"|quarter|quarterly|monthly|weekly)\b"
)
_S = r"(?P<s>[A-Z][^,;:()–—]{1,70}?)"

_ENDS = {
    "expire": "expire", "expires": "expire", "end": "end", "ends": "end", "start": "start",
    "starts": "start", "begin": "begin", "begins": "begin", "close": "close", "closes": "close",
    "open": "open", "opens": "open", "lapse": "lapse", "lapses": "lapse",
    "take place": "take place", "takes place": "take place",
}  # fmt: skip
_ACTS = {
    "approves": "approved", "leads": "led", "runs": "run", "owns": "owned", "manages": "managed",
    "maintains": "maintained", "handles": "handled", "reviews": "reviewed", "chairs": "chaired",
    "signs": "signed",
}  # fmt: skip
_BY_PARTICIPLE = {participle: verb for verb, participle in _ACTS.items()}

_WHEN = re.compile(
    rf"^{_S} (?P<v>{'|'.join(_ENDS)}) (?:on|at|in|after|within|by|before|from|every) (?P<t>.+)$"
)
_PASSIVE = re.compile(
    rf"^{_S} (?P<be>is|are) (?P<p>\w{{2,14}}ed|paid|held|sent|kept|given|taken|due|closed"
    rf"|open|valid)"
    r"(?: (?P<prep>on|at|by|within|before|every|for|until|after) (?P<t>.+))$"
)
_COST = re.compile(rf"^{_S} (?P<v>is|are|costs?) {_ABOUT}{_MONEY}")
_LAST = re.compile(rf"^{_S} (?P<v>is|are|lasts?|takes?) {_ABOUT}{_N}[- ](?:\w+ )?{_UNIT}\b")
_GET = re.compile(
    rf"^{_S} (?P<v>gets?|receives?|have|has|accrues?|earns?|(?:is|are) entitled to) {_ABOUT}{_N} "
    rf"(?P<u>(?:[a-z-]+ ){{0,2}}?(?:days|weeks|months|hours"
    rf"|years))(?P<of>(?: (?:of )?(?!(?:of|a|an|per|each|every|in|for|at|on|if|as|to|and"
    rf"|when|off|after|before|the)\b)[a-z-]{{3,}}){{1,3}})?"
)
_MUST = re.compile(
    rf"^{_S} (?:must|have to|has to|need to|needs to"
    rf"|should) (?!not\b)(?P<o>[a-z]{{2,20}} [^,;:()]{{2,60}}?) "
    r"(?:within|no later than|at least|by|before) (?P<t>[^.]+)$"
)
_MAY = re.compile(
    rf"^{_S} (?:may not|must not|cannot|can|may) (?P<o>[a-z]{{2,20}} [^,;:()–—]{{3,70}})"
)
_WHO = re.compile(
    rf"^(?P<s>(?:The|Your|Our|A|An) [^,;:()]{{2,40}}?|[A-Z][a-z]+ [A-Z][a-z]+) "
    rf"(?P<v>{'|'.join(_ACTS)}) (?P<o>[^,;:()]{{4,70}})"
)
_BY = re.compile(rf"^{_S} (?:is|are) (?P<p>{'|'.join(_BY_PARTICIPLE)}) by (?P<o>[^,;:]{{3,}})")
_VAGUE = re.compile(
    r"(?:find|see|read|view|check|use|choose|ask|contact|reach|learn|watch|scroll|edit|click|select"
    r"|need|list|help|start|look|go|do|have|get|say|also|improperly)\b"
)
_NUMBERS = frozenset("two three four five six seven eight nine ten twenty thirty ninety".split())
_SOMEBODY = re.compile(
    r"\b(?:employees?|contractors?|customers?|teammates?|members?|partners?|managers?|users?|guests?"
    r"|students?|parents?|visitors?|developers?|everyone|everybody|staff|family|children)\b"
)
_DANGLING = frozenset("worth of to the a an any for with from or in and by on your my".split())
_IS_A = re.compile(r"^(?P<s>[A-Z][\w-]+(?: [\w-]+){0,2}) is (?:an?|the|our) \w+")
_TO = re.compile(
    r"^To (?P<o>(?!be |the |a |help|avoid|ensure|make sure|date|keep"
    r"|this)[a-z]{2,15} [^,;:()]{3,60}), "
)

_STOP = re.compile(
    r"\s(?:if|as long as|provided|for up to|up to|unless|when|so|and|but|because|within"
    r"|once|at most"
    r"|without|that|which|who|before|after|until|by|whenever|where|at least|no more|only|than)\b.*$"
)
_OPENS = frozenset(
    "it this that these those they he she there which who what here if when for in on at "
    "by to after "
    "before once while as because since during with without until unless but and or also however "
    "please note only not then so some such another others most both either neither nobody "
    "none all no "
    "doing one each".split()
)
_VERBS = re.compile(
    r"\b(?:that|needs|lasts|reaches|takes|gets|pays|covers|includes|is|are|was|were|must"
    r"|can|may|will|should|has|have|do|does|you|we|they|it|not|never|no)\b"
)
_FLIP = {"your": "my", "our": "your", "yourself": "myself"}
_YOU = re.compile(
    r"\b(?:you|we|us|they|them|it|this|these|those|he|she|above|below|following)\b", re.IGNORECASE
)

_FUNCTION = frozenset(
    "a an the your our my for from to with in on at up out off about time into".split()
)
_DOING = {
    "booking": "book", "requesting": "request", "reporting": "report", "claiming": "claim",
    "submitting": "submit", "ordering": "order", "returning": "return", "applying": "apply",
    "asking": "ask", "buying": "buy", "inviting": "invite", "installing": "install",
    "configuring": "configure", "creating": "create", "deleting": "delete", "adding": "add",
    "removing": "remove", "updating": "update", "upgrading": "upgrade", "changing": "change",
    "resetting": "reset", "sharing": "share", "taking": "take",
    "setting": "set", "deploying": "deploy", "contacting": "contact", "cancelling": "cancel",
    "swapping": "swap", "raising": "raise", "handling": "handle", "replacing": "replace",
    "renewing": "renew", "moving": "move", "rolling": "roll", "looking": "look",
    "enabling": "enable", "disabling": "disable", "connecting": "connect", "joining": "join",
    "finding": "find", "choosing": "choose", "using": "use", "working": "work",
}  # fmt: skip
_PLAIN = frozenset(
    "install configure create submit apply add remove invite reset delete enable disable connect "
    "take ask find choose buy join cancel".split()
)
_LOOSE = frozenset(
    "sharing taking setting using moving working rolling looking finding adding".split()
)
_NAMES_ONE_THING = re.compile(r"[A-Za-z][A-Za-z' ’-]+")
_ASKING = frozenset("how when where why what who which".split())
_PASSIVE_CLAUSE = re.compile(
    r"(How|When|Where|Why) (.{2,40}) (is|are) (\w+(?:ed|en|ept|aid|eld|ent|ed))"
)
_ACTIVE_CLAUSE = re.compile(r"How ((?:an?|the) [\w -]{2,30}) (\w{3,})s")
_SUBJECT_CLAUSE = re.compile(
    r"(?:What|Who|Which \w+) (?:is|are|counts|applies|needs|gets|may|can|must)(?: [\w-]+){0,5}"
)
_PEOPLE = re.compile(
    r"\b(?:you|your|employees|everybody|everyone|contractors|staff|teammates)\b", re.IGNORECASE
)
_RULES = re.compile(
    r"\b(?:may|must|need to|should|have to|has to|allowed|is paid|are paid|never)\b"
)
_ALONE = frozenset("holidays benefits overtime onboarding carry-over carryover".split())
_GENERAL = frozenset(
    "overview conclusion introduction summary background scope purpose contents links "
    "resources references questions examples example setup usage goals goal mission vision "
    "strategy themes roadmap tips situations faq faqs guidance guide method reason family "
    "process days other tactics notes steps step context people details definitions".split()
)
_PLURAL = frozenset(
    "hours holidays limits rates benefits deadlines prices fees requirements rules "
    "responsibilities "
    "levels priorities perks values principles allowances expectations exceptions".split()
)
_COUNTED = frozenset(
    "allowance budget process policy programme program rotation bonus plan stipend".split()
)
_MASS = frozenset(
    "leave pay overtime insurance reimbursement onboarding escalation carry-over carryover".split()
)
_TO_DO = {
    "how": "How do I",
    "when": "When should I",
    "where": "Where can I",
    "what": "What should I",
}


def of_heading(heading: str, below: str, lower: Lower) -> str:
    """The question below a heading, "" where no rule knows one."""
    words = heading.split()
    first, rest = words[0].lower(), words[1:]
    if not _NAMES_ONE_THING.fullmatch(heading) or _YOU.search(heading) or len(words) > 8:
        return ""
    if first in _TO_DO and rest and rest[0].lower() == "to":
        return f"{_TO_DO[first]} {_flipped(lower(' '.join(rest[1:])))}?" if len(rest) > 2 else ""
    if first in _ASKING:
        return _of_clause(heading, lower)
    does = _DOING.get(first) or (first if first in _PLAIN else "")
    if does and rest and (rest[0].lower() in _FUNCTION or first not in _LOOSE):
        return f"How do I {does} {_flipped(lower(' '.join(rest)))}?"
    return _of_noun(words, below, lower) if len(words) <= 4 and not does else ""


def _of_clause(heading: str, lower: Lower) -> str:
    """ "How holidays are chosen", "What is not paid": headings that only lack their order."""
    if found := _PASSIVE_CLAUSE.fullmatch(heading):
        asking, subject, be, done = found.groups()
        return f"{asking} {be} {_flipped(lower(subject))} {done}?"
    if found := _ACTIVE_CLAUSE.fullmatch(heading):
        return f"How does {lower(found[1])} {found[2]}?"
    is_whole = len(heading.split()) > 3 and _SUBJECT_CLAUSE.fullmatch(heading)
    return f"{heading}?" if is_whole else ""


def _of_noun(words: list[str], below: str, lower: Lower) -> str:
    last = words[-1].lower()
    named = _without_article(lower(" ".join(words)))
    is_doing = words[0].lower().endswith("ing") and last not in _PLURAL | _MASS
    if _VERBS.search(named) or words[0].lower() in _OPENS or is_doing or "and" in words:
        return ""
    if last in _PLURAL | _COUNTED | _MASS and " " not in named and last not in _ALONE:
        return ""
    if _GENERAL & frozenset(named.lower().split()):
        return ""
    if last in _PLURAL:
        return f"What are the {named}?"
    if last in _COUNTED:
        return f"How does the {named} work?"
    if last in _MASS:
        return f"How does {named} work?"
    if not (_PEOPLE.search(below) and _RULES.search(below)):
        return ""
    return f"What are the rules for {named}?"


def of_sentence(sentence: str, lower: Lower) -> str:
    """The question that a statement answers, "" where no rule knows one."""
    bare = sentence.rstrip(" .!")
    for rule in (_to, _when, _get, _cost, _last, _by, _who, _must, _passive, _may, _is_a):
        if question := rule(bare, lower):
            return question
    return ""


def _to(sentence: str, lower: Lower) -> str:
    found = _TO.match(sentence)
    if found is None or _YOU.search(found["o"]):
        return ""
    return f"How do I {_flipped(found['o'])}?"


def _when(sentence: str, lower: Lower) -> str:
    found = _WHEN.match(sentence)
    subject = _subject(found["s"], lower) if found and _TIME.search(found["t"]) else ""
    if not found or not subject:
        return ""
    does = "does" if found["v"].split()[0].endswith("s") else "do"
    return f"When {does} {subject} {_ENDS[found['v']]}?"


def _get(sentence: str, lower: Lower) -> str:
    found = _GET.match(sentence)
    subject = _subject(found["s"], lower) if found else ""
    if not found or not subject:
        return ""
    verb = found["v"]
    if not found["of"]:
        return ""
    if verb.endswith("entitled to"):
        be = "am" if subject == "I" else verb.split()[0]
        return f"How many {found['u']}{found['of'] or ''} {be} {subject} entitled to?"
    does = "does" if verb.endswith("s") else "do"
    base = {"has": "have"}.get(verb, verb.removesuffix("s"))
    return f"How many {found['u']}{found['of'] or ''} {does} {subject} {base}?"


def _cost(sentence: str, lower: Lower) -> str:
    found = _COST.match(sentence)
    subject = _subject(found["s"], lower) if found else ""
    if not found or not subject or subject == "I":
        return ""
    if found["v"].startswith("cost"):
        return f"How much {'does' if found['v'] == 'costs' else 'do'} {subject} cost?"
    return f"How much {found['v']} {subject}?"


def _last(sentence: str, lower: Lower) -> str:
    found = _LAST.match(sentence)
    subject = _subject(found["s"], lower) if found else ""
    if not found or not subject or subject == "I":
        return ""
    verb = found["v"]
    if verb == "are":
        return f"How many {_UNITS.findall(found[0])[-1]} are {subject}?"
    if verb == "is":
        return f"How long is {subject}?"
    return f"How long {'does' if verb.endswith('s') else 'do'} {subject} {verb.removesuffix('s')}?"


def _by(sentence: str, lower: Lower) -> str:
    found = _BY.match(sentence)
    subject = _subject(found["s"], lower) if found and not _TIME.search(found["o"]) else ""
    return f"Who {_BY_PARTICIPLE[found['p']]} {subject}?" if found and subject else ""


def _who(sentence: str, lower: Lower) -> str:
    found = _WHO.match(sentence)
    thing = _whole(found, sentence)
    if not found or _VERBS.search(found["s"].lower()) or not _is_plain(thing):
        return ""
    if thing[0].isdigit() or thing[0] in "£$€¥":
        return ""
    return f"Who {found['v']} {_flipped(thing)}?"


def _must(sentence: str, lower: Lower) -> str:
    found = _MUST.match(sentence)
    subject = _subject(found["s"], lower) if found and _TIME.search(found["t"]) else ""
    if not found or not subject or not _is_plain(found["o"]):
        return ""
    does = "does" if _is_singular(found["s"]) else "do"
    return f"When {does} {subject} have to {_flipped(found['o'])}?"


def _passive(sentence: str, lower: Lower) -> str:
    found = _PASSIVE.match(sentence)
    subject = _subject(found["s"], lower) if found and _TIME.search(found["t"][:40]) else ""
    if not found or not subject or subject == "I":
        return ""
    be, done, preposition = found["be"], found["p"], found["prep"]
    if preposition in ("for", "until"):
        return (
            f"How long {be} {subject} {done}?"
            if re.match(rf"{_ABOUT}{_N}|the end", found["t"])
            else ""
        )
    often = preposition == "every" and done != "due"
    return f"{'How often' if often else 'When'} {be} {subject} {done}?"


def _may(sentence: str, lower: Lower) -> str:
    found = _MAY.match(sentence)
    thing = _whole(found, sentence)
    subject = _subject(found["s"], lower) if found else ""
    if not subject or subject == "you" or _VAGUE.match(thing) or len(thing.split()) < 3:
        return ""
    if subject != "I" and not _SOMEBODY.search(subject):
        return ""
    if thing.split()[-1].lower() in _DANGLING:
        return ""
    return f"Can {subject} {_flipped(thing)}?" if _is_plain(thing) else ""


def _is_a(sentence: str, lower: Lower) -> str:
    found = _IS_A.match(sentence)
    if found is None or found["s"].split()[0].lower() in _OPENS | {
        "the",
        "our",
        "your",
        "one",
        "a",
    }:
        return ""
    named = lower(found["s"])
    first = found["s"].split()[0].lower()
    if _VERBS.search(named.lower()) or first.endswith("ing") or first in _GENERAL:
        return ""
    return f"What is {named}?" if " " in named or named[0].isupper() else ""


def _whole(found: re.Match[str] | None, sentence: str) -> str:
    """What is done, up to what qualifies it; "" where it was too long to be seen whole."""
    if found is None:
        return ""
    thing = _STOP.sub("", found["o"])
    is_cut = thing == found["o"] and sentence[found.end() : found.end() + 1].isalnum()
    return "" if is_cut else thing.strip()


def _subject(phrase: str, lower: Lower) -> str:
    """The subject as it stands in the question, "" where it would not be understood there."""
    words = phrase.split()
    if phrase == "You":
        return "I"
    if phrase == "We":
        return "you"
    if (
        words[0].lower() in _OPENS
        or words[0].split("-")[0].lower() in _NUMBERS
        or len(words) > 8
        or phrase.lower() in ("the", "a")
    ):
        return ""
    if _VERBS.search(phrase.lower().replace("that you ", "")):
        return ""
    if " and " in phrase and len(words) > 5:
        return ""
    return _flipped(lower(phrase)).replace("that you ", "that I ")


def _is_singular(phrase: str) -> bool:
    return (
        phrase not in ("You", "We")
        and not phrase.split()[-1].endswith("s")
        and " and " not in phrase
    )


def _is_plain(thing: str) -> bool:
    """Whether it is understood without what stands around it."""
    return bool(thing) and not _YOU.search(thing) and len(thing) > 3


def _flipped(phrase: str) -> str:
    """As the asker says it: "your laptop" is "my laptop"."""
    return " ".join(_FLIP.get(word, word) for word in phrase.split())


def _without_article(phrase: str) -> str:
    return re.sub(r"^(?:the|a|an|our|your)\s", "", phrase, flags=re.IGNORECASE)
