"""English."""

from __future__ import annotations

import calendar
from datetime import date

from stook.understanding.languages.base import (
    Cues,
    Language,
    Polarity,
    PromptWords,
    Replies,
    Sentences,
    TimeWords,
    any_of,
    pattern,
    phrases,
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

_MATERIAL = (
    r"(?:context|documents?|passages?|sources?|excerpts?|snippets?|information|text|material|facts|"
    r"knowledge|search\s+results|articles?|pages?|content)"
)

PROMPTS = PromptWords(
    instruction=pattern(
        r"(?:(?:please|also|always|then|and|just|only|now)\s+)*(?:"
        r"you(?:\s+are|['’]re)\s+(?:now\s+)?(?:an?|the|our|my|acting|helping)\b|"
        r"you\s+(?:should|must|will|may|can)\s+(?:not\s+|only\s+|always\s+)*(?:answer|use|be|cite|"
        r"respond|reply|give|make|say|provide|receive|get|rely|base)\b|"
        r"(?:act|behave)\s+as\b|pretend\b|imagine\s+you\s+are\b|assume\s+the\s+role\b|"
        r"your\s+(?:task|job|role|goal|name|answers?|responses?|reply)\s+(?:is|are|should|must)\b|"
        r"be\s+(?:very\s+|as\s+)?(?:concise|brief|short|polite|precise|accurate|helpful|friendly|"
        r"specific|kind|honest|factual|professional|direct|clear|formal|truthful|succinct)\b|"
        r"(?:do\s+not|don['’]t|never)\s+(?:make|invent|guess|use|add|mention|include|answer|"
        r"hallucinate|say|rely|repeat|explain|apologi[sz]e|speculate|refer|assume|fabricate|output)\b|"
        r"(?:answer|respond|reply)\b(?!\s+(?:key|time|rate)s?\b)|"
        r"(?:cite|quote)\s+(?:your|the|all|every|each|any|sources?|it|them|exactly)\b|"
        r"(?:include|mention|list|give|provide|add|name|show)\s+(?:me\s+)?(?:your\s+|the\s+|all\s+|"
        r"any\s+)?(?:citations?|sources?|references?|links?\s+to|footnotes?)\b|"
        r"(?:give|provide|write|return|output|format|produce)\s+(?:me\s+)?(?:only\s+|just\s+)?"
        r"(?:your|the|an?)?\s*(?:\w+\s+)?(?:answer|response|reply|json|markdown|bullets?|one)\b|"
        r"(?:limit|keep|restrict|base|ground|support)\s+(?:it|your|the|every|each|all)\b|"
        r"use\s+(?:only\b|just\b|exclusively\b|nothing\b|no\b|bullets?\b|markdown\b|plain\b|simple\b|"
        r"at\s+most\b|(?:the\s+|these\s+|this\s+|all\s+)*(?:following|provided|given|below|above|"
        r"retrieved|supplied|" + _MATERIAL + r")\b)|"
        r"if\s+(?:you\s+(?:do\s+not|don['’]t|cannot|can['’]t|are\s+not|are\s+unsure|aren['’]t)|"
        r"(?:the\s+)?(?:answer|context|documents?|passages?|sources?|information)\s+(?:is|are|do|does|"
        r"cannot|can['’]t)|unsure|there\s+is\s+no\s+answer)\b|"
        r"(?:think|reason)\s+step\b|think\s+carefully\b|take\s+a\s+deep\s+breath\b|let['’]s\s+think\b|"
        r"(?:speak|write|talk)\s+(?:in|like|as|at\s+most|no\s+more)\b|"
        r"explain\s+your\b|stick\s+to\b|rely\s+(?:only\s+)?on\b|refuse\s+to\b|read\s+the\b|"
        r"(?:here|below|above|following)\s+(?:is|are)\b|the\s+following\b|"
        + _MATERIAL
        + r"(?:\s+"
        + _MATERIAL
        + r")?\s+(?:is|are)\s+(?:below|above|given|provided|as\s+follows)\b|"
        r"i\s+(?:have|['’]ve\s+got)\s+a\s+question\s*$|(?:my|the)\s+question\s+is\s*$|"
        r"(?:(?:using|given|with|from|considering)|based\s+on|according\s+to)\s+(?:only\s+)?"
        r"(?:the\s+|these\s+|this\s+|our\s+)*(?:\w+\s+){0,2}" + _MATERIAL + r"\b)",
    ),
    questions=pattern(r"(?:questions?|query|queries|q|user|human|request|asks?|asked|inquiry)"),
    passages=pattern(_MATERIAL),
    answers=pattern(r"(?:answer|response|reply|assistant|ai|bot|a)"),
    rules=pattern(r"(?:system|instructions?|rules?|role|task|guidelines?|persona|tone)"),
    qualifiers=pattern(
        r"(?:the|user|customer|employee|client|my|your|current|new|final|latest|last|original|"
        r"follow-?up|standalone|human|helpful|short|retrieved|relevant|given|provided|reference|"
        r"background|additional|supporting|company|available|system|here|is|are|and)(?:['’]s)?"
    ),
    given=pattern(
        r"\b(?:following|below|above|these|this|given|provided|retrieved|supplied|here\s+(?:is|are))\b"
        r"[^.!?]{0,60}?\b"
        + _MATERIAL
        + r"\b|\b"
        + _MATERIAL
        + r"\s+(?:(?:is|are)\s+)?(?:below|above|that\s+follows?|provided|given)\b"
    ),
    based_on=pattern(
        r"(?:using|based\s+on|according\s+to|given|from|with)\s+(?:only\s+|just\s+)?"
        r"(?:the|these|this)\s+(?:(?:following|provided|given|above|retrieved|company)\s+)?"
        + _MATERIAL
        + r"(?:\s+(?:below|above|provided|only|alone))?,\s*"
    ),
)

CUES = Cues(
    greeting=phrases("""
        hi, hello, hey, hiya, howdy, yo, good morning, good afternoon, good evening, morning
        greetings, how are you, how are you doing, how's it going, what's up, nice to meet you
        how do you do, dear, 👋
    """),
    thanks=phrases("""
        thanks, thank you, thx, ty, cheers, many thanks, much appreciated, that helped, helpful
        appreciate it, awesome, great, perfect, nice one, well done, good bot, the best, got it
        that's all i needed, cool, wonderful, excellent, lovely, 👍, 🙏
    """),
    goodbye=phrases("""
        bye, goodbye, good bye, bye bye, see you, cya, have a nice, have a good, have a great
        good night, talk to you later, until next time, take care, farewell, that's all for today
        so long
    """),
    abilities=phrases("""
        what can you do, what can i ask, how can you help, what do you know, you able to do, help
        questions can i ask, topics do you cover, do you work, does this work
        documents do you know, documents do you have, sources do you have, what is this for
        what can this, can you help, i need help, show me what you can, examples of what i can ask
        capabilities, questions do you answer, answers come from, sources do you use
        what should i ask, use this, what else can you do, help me, what are you able to do
        what kind of questions can i ask, what sort of questions can i ask
    """),
    identity=phrases("""
        who are you, what are you, your name, are you a, are you an, are you human
        are you chatgpt, who made you, who built you, introduce yourself, am i talking to
        what model are you, have a name, about yourself, language model are you, are you real
        who created you
    """),
    complaint=phrases("""
        that's wrong, is wrong, wrong answer, not what i asked, doesn't help, not helpful
        makes no sense, not correct, didn't answer, not an answer, useless, incorrect
        isn't what i, bad answer, not my question, misunderstood me, outdated, rubbish, nonsense
        you are wrong, you're wrong, wrong document, not what i wanted, don't believe
        completely wrong, can't be right, did not answer, does not help, was not my question
    """),
    more=phrases("""
        more, tell me more, and, go on, continue, what else, anything else, more details
        elaborate, further, expand on that, expand, keep going, and then, next, say more
        more information, more about it, more on that, the other one, the other, the others
        what about, the rest, and the other one
    """),
    shorter=phrases("""
        shorter, short, too long, in one sentence, briefly, tldr, tl;dr, brief, shorten
        summarise that, summarize that, sum it up, too much text, keep it short, summarise this
        summarize this, summarise it, summarize it, can you say that in
    """),
    doubt=phrases("""
        are you sure, sure, really, is that right, certain, still true, is that correct
        how do you know, where does it say, says who, your source
        what's your source, rely on that, up to date
        get this from, get that from, seriously, proof, prove that, prove it, source, who says
        is that written, is that so
    """),
    correction=phrases("""
        no, i meant, i mean, meant, not that one, sorry, actually, i was asking
        i was talking about, correction, rather, didn't mean, i asked about, i'm asking about
        wait, no no
    """),
    fillers=phrases("""
        there, again, all, everyone, everybody, team, bot, assistant, please, very much, a lot
        so much, for your help, today, tomorrow, later, ok, okay, oh, well, now, then, you, me, it
        that, this, the, a, was, is, answer, very, my, friend, guys, and, can, could, that's
        you're, for, to, of, do, so, just, version, in, on, at all, completely, still, from, here
        am, are, i, what, how, with, or, your, weekend, day, week, us, :)
    """),
    who=phrases("""
        who, whom, whose, who's, which person, which team, what team, responsible, in charge
        contact, name of the
    """),
    when=phrases("""
        when, deadline, what date, which date, which day, what day, by when, until when
        since when, at what time, what time, which month, date of, which year, expire
    """),
    how_many=phrases("""
        how many, number of, count of, total number
    """),
    how_to=phrases("""
        how do i, how do we, how do you, how can i, how can we, how can you, how to, how should
        how would i, how does one, how does that work, steps, process, what do i have to do
        what do i need to do, what must i do, what do i do, walk me through, instructions
        procedure, guide, set up, how could, how might
    """),
    listing=phrases("""
        list, which, name all, what are, all the, all, show me, give me a list, what kinds
        what types, enumerate, what options, types of, kinds of, tell me all, what documents
        each, every
    """),
    definition=phrases("""
        what is a, what is an, what is, what's a, what's an, what's, define, meaning of, mean
        meant by, stand for, definition, what that is, what is that, what exactly, called
        what it is, ??
    """),
    comparison=phrases("""
        difference*, compare*, comparison, differ, different, versus, vs, better, cheaper, cheapest
        pros and cons, the same, same, more vacation, gets more, equal, lighter, compared, than
        both, longer, faster
    """),
    summary=phrases("""
        summar*, tl;dr, tldr, overview, main points, key points, sum up, gist, outline, rundown
        in short, brief, briefly, say, says, everything about, what should i know
        what do i need to know, in two or three sentences, shortly, tell me about
        expected from, describe, explain, give me a summary of, give me an overview of
        a short overview of, short overview of, in one sentence, in two sentences
        in three sentences, two or three sentences, just the main points, for me, the gist of
    """),
    reason=phrases("""
        why, reason, how come, purpose, rationale, what caused, the point of, what for
    """),
    negation=phrases("""
        not, never, no, can't, cannot, don't, doesn't, shouldn't, mustn't, won't, forbidden
        prohibited, excluded, without, hands off, except, isn't, aren't, nobody, none
    """),
    existence=phrases("""
        is there anything, do you have something, do you have anything, is there a policy
        is there something, is there any information, anything on, anything about, are there rules
        is there a, are there any, have you got, do we have a page, do we have anything
        any documentation, do the documents mention, can i find anything, something about
        something on, do we have a handbook page, is there a page, are there documents
        any information, documents about, any docs
    """),
    permission=phrases("""
        can, may, am i allowed, is it ok, are we allowed, do i have to, must, should, could
        allowed, do we have to, have to, will, would, does, do, did, has, have, is, are
    """),
    amount=phrases("""
        how much, how long, how far, how often, how old, how big, how high, price, cost, budget
    """),
    joining=phrases("and, also, or, plus, as well as"),
)

POLARITY = Polarity(
    yes="Yes",
    no="No",
    negative=pattern(
        r"\b(?:not(?!\s+(?:limited|only|just)\b)|no|never|cannot|nothing|nobody|none|neither|without|forbidden|prohibited|excluded|"
        r"banned|refused)\b|n['’]t\b"
    ),
    permits=pattern(r"\b(?:may|can|allowed|permitted|welcome|free\s+to|fine)\b"),
    forbids=pattern(r"\b(?:forbidden|prohibited|excluded|banned)\b"),
    obliges=pattern(
        r"\b(?:must|shall|has\s+to|have\s+to|required|mandatory|obliged|needs?\s+to)\b"
    ),
    frees=pattern(
        r"\b(?:need\s+not|(?:do|does)\s+not\s+(?:have|need)\s+to|(?:don|doesn)['’]t\s+(?:have|need)\s+to|"
        r"not\s+(?:required|mandatory|necessary|needed)|optional)\b"
    ),
    conditions=pattern(
        r"\b(?:if|unless|except|only|until|up\s+to|at\s+most|at\s+least|but|however|when|where|once|after|"
        r"before|provided|depending|usually|normally|some|sometimes|or|other|more|less|longer|as\s+long\s+as|nothing|nobody|none|"
        r"neither|without|exceptions?|exempt)\b|\d"
    ),
    asks_leave=pattern(
        r"^(?:can|may|could)\b|^(?:am|are|is)\b.*\b(?:allowed|permitted|ok|okay|fine)\b"
    ),
    asks_duty=pattern(r"^(?:must|shall|should)\b|^(?:do|does)\b.*\b(?:have|need)\s+to\b"),
    asks_fact=pattern(r"^(?:is|are)\b"),
    anybody=words("everybody everyone employee employees staff people teammates teammate"),
    asking_words=words(
        "allowed permitted ok okay fine have need must may can could shall should do does is are "
        "am be get use take bring"
    ),
)

ENGLISH = Language(
    code="en",
    sentences=Sentences(
        refusal=("I could not find an answer to this in the documents you can see."),
        advice="Other words may help, or the name of the thing, place or page that you mean.",
        no_answer="I found no direct answer.",
        absent="Nothing here is about {}.",
        closest="This comes closest:",
        unsupported="(not found in the documents)",
        extracted="No language model answered, so these are the documents' own words.",
        cut="The language model was cut off here; the answer is not complete.",
        nothing_found="Nothing was found.",
        no_sentences="There are no sentences to summarise.",
        no_document="There is no such document, or you may not see it.",
        nobody="There is nobody called {}.",
    ),
    faults=None,
    replies=Replies(
        greeting="Hello! Ask me anything that your documents may answer.",
        thanks="You’re welcome. Just ask if there is anything else.",
        goodbye="Goodbye, and all the best.",
        abilities=(
            "I look for answers in the documents that you may see, and show where each one "
            "stands. Documents that you can see at the moment: {count} ({names})."
        ),
        inside="This is {name}.",
        no_documents=(
            "I look for answers in the documents that you may see, and show where each one "
            "stands. At the moment you can see none; ask an administrator to share some."
        ),
        for_instance="You could ask, for instance:",
        identity=(
            "I’m Stook, a program that answers questions from your organisation’s documents and "
            "says where each answer stands. I’m not a person, and I know nothing but what is "
            "written there."
        ),
        complaint=(
            "I’m sorry, that was not what you needed. I only find what the documents say, and may "
            "have picked the wrong place: please ask again with other words, or name the document "
            "or topic you mean."
        ),
        nothing_before="There is nothing before this that I could go on from. What is it about?",
        rests_on="This is what “{title}” says:",
        nothing_more="The documents that you can see say no more about it.",
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
    each=words("all each every"),
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
    correction=pattern(
        r"^(?:(?:no|nope|sorry|wait|oh|actually|correction)\b[,:.\s]*){0,4}(?:actually\s+)?",
        r"(?:(?:what\s+)?i\s+(?:really\s+)?(?:meant|mean|was\s+asking\s+about|am\s+asking\s+about|",
        r"was\s+talking\s+about|asked\s+about)(?:\s+was)?\b|i['’]m\s+asking\s+about\b|",
        r"(?<=[,:.\s])rather\b)[,:\s]*",
    ),
    other=pattern(r"\bthe\s+others?\b"),
    denial=pattern(r"^(?:no|nope)\b[,:\s]"),
    but_not=pattern(r",?\s+(?:and\s+)?not\s+(?=\w)"),
    same=pattern(r"\bthe same\b(?!\s+as\b)|\b(?:one|ones|there)\s*\?*$"),
    there_is=pattern(r"\b(?:is|are|was|were)\s+there\b"),
    list_lead=pattern(
        r"^(?:please\s+)?(?:list|name|enumerate|(?:show|give|tell)\s+(?:me|us))\s+"
        r"(?:(?:me|us)\s+)?(?:(?:an?|the)\s+(?:\w+\s+)?list\s+of\s+)?(?:all\s+(?:of\s+)?)?(?:the\s+|our\s+)?"
    ),
    asks_what=pattern(
        r"^(?:and\s+|so\s+)?what(?:['’]s|\s+is|\s+are)\s+(that|this|it|those|these)\s*\?*$"
    ),
    times=TIMES,
    prompts=PROMPTS,
    cues=CUES,
    polarity=POLARITY,
)
