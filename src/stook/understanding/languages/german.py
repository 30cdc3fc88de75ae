"""German."""

from __future__ import annotations

from datetime import date

from stook.understanding.languages.base import (
    Language,
    Sentences,
    TimeWords,
    any_of,
    pattern,
    words,
)

_MONTHS = (
    "januar",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
)
_WEEKDAYS = (
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonntag",
)
_ENDINGS = ("e", "en", "er", "es", "em")


def _inflected(stems: str) -> frozenset[str]:
    """The stems with the endings that adjectives and pronouns take."""
    return frozenset(stem + ending for stem in stems.split() for ending in _ENDINGS)


def _day_text(weekday: str, month: str, day: date) -> str:
    return f"{weekday}, {day.day}. {month} {day.year}"


_RELATIVE = {
    **dict.fromkeys(_inflected("dies jetzig aktuell laufend"), 0),
    **dict.fromkeys(_inflected("nächst kommend folgend"), 1),
    **dict.fromkeys(_inflected("letzt vergangen vorig"), -1),
}

TIMES = TimeWords(
    months=_MONTHS,
    weekdays=_WEEKDAYS,
    relative=_RELATIVE,
    counts={"einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "paar": 3},
    units={
        "woche": "week",
        "wochenende": "weekend",
        "monat": "month",
        "monats": "month",
        "quartal": "quarter",
        "quartals": "quarter",
        "jahr": "year",
        "jahres": "year",
    },
    plurals={
        "tage": "day",
        "tagen": "day",
        "wochen": "week",
        "monate": "month",
        "monaten": "month",
        "jahre": "year",
        "jahren": "year",
    },
    days={
        "heute": 0,
        "morgen": 1,
        "übermorgen": 2,
        "gestern": -1,
        "vorgestern": -2,
    },
    quarters={
        **dict.fromkeys(_inflected("erst"), 1),
        **dict.fromkeys(_inflected("zweit"), 2),
        **dict.fromkeys(_inflected("dritt"), 3),
        **dict.fromkeys(_inflected("viert letzt"), 4),
    },
    quarter="quartal",
    before_weekday=words("am bis") | frozenset(_RELATIVE),
    before_month=words("im für bis seit ab anfang ende mitte") | frozenset(_RELATIVE),
    verbs=frozenset(),
    prepositions=words("im in am an ab bis seit für während von vom zum zur der den dem die das"),
    remaining=pattern(r"\b(?:noch|übrig|verbleibend\w*|restlich\w*|kommend\w*)\b"),
    past=pattern(r"\b(?:war|waren|wurde|wurden|hatte|hatten|gab)\b"),
    next_thing=pattern(
        r"\b(?:wann|welche[rsnm]?|was)\b.{0,80}?\b(?:der|die|das|unser[e]?)\s+"
        rf"(nächste[rns]?|kommende[rns]?)\s+(?!(?:woche|wochenende|monat|quartal|jahr|tag|\d"
        rf"|{any_of(_MONTHS)}|{any_of(_WEEKDAYS)}))"
    ),
    day_text=_day_text,
)

GERMAN = Language(
    code="de",
    sentences=Sentences(
        refusal="In den Dokumenten, die Sie sehen können, habe ich dazu keine Antwort gefunden.",
        unsupported="(in den Dokumenten nicht gefunden)",
        extracted="Kein Sprachmodell hat geantwortet; dies sind die Worte der Dokumente selbst.",
        nothing_found="Es wurde nichts gefunden.",
        no_sentences="Es gibt keine Sätze, die sich zusammenfassen ließen.",
        no_document="Dieses Dokument gibt es nicht, oder Sie dürfen es nicht sehen.",
        nobody="Es gibt niemanden namens {}.",
    ),
    function_words=words(
        "der die das den dem des ein eine einen einem einer eines und oder aber auch nur noch "
        "schon so wie als wenn ob dass weil denn doch mal bitte ich du er sie es wir ihr mich dich "
        "sich uns euch mir dir ihm ihn ihnen mein meine meinen meinem meiner dein deine sein seine "
        "unser unsere unseren unserem unserer ihre ihren ihrem ihrer man in im an am auf aus bei "
        "beim mit nach seit von vom zu zum zur für über unter um durch gegen ohne bis vor hinter "
        "zwischen ist sind war waren bin bist sei wird werden wurde wurden werde hat haben habe "
        "hatte hatten kann können könnte konnte darf dürfen muss müssen müsste soll sollen sollte "
        "will wollen mag möchte gibt gab gibt's was wer wen wem wessen wann wo wohin woher warum "
        "wieso weshalb welche welcher welches welchen welchem wieviel wieviele viele viel dies "
        "diese dieser dieses diesen diesem da dann dort hier nicht kein keine keinen ja nein mehr "
        "sehr eigentlich genau danke bekomme bekommt bekommen"
    ),
    question_words=words(
        "wer wen wem wessen was wann wo wohin woher warum wieso weshalb wie welche welcher "
        "welches welchen welchem wieviel wieviele wozu womit"
    ),
    auxiliaries=words(
        "ist sind war waren bin bist wird werden wurde wurden hat habe haben hatte hatten kann "
        "können könnte darf dürfen muss müssen soll sollen sollte will wollen gilt gelten gibt"
    ),
    prepositions=words(
        "für in im bei beim mit ohne zu zum zur aus von vom an am auf während nach vor falls wenn "
        "innerhalb außerhalb unter als pro"
    ),
    other_prepositions=words("über"),
    any_of_them=words("irgendwelche"),
    degrees=words("meisten wenigsten"),
    who=words("wer"),
    asks_for_circumstances=words("wer wie warum wieso weshalb wann wo wohin"),
    pointers=words(
        "es er sie ihn ihm ihr ihnen dessen deren davon dafür damit dazu darauf darüber dabei "
        "daran darin dagegen"
    ),
    possessives=words("dessen deren"),
    demonstratives=words("das dies dieser diese dieses diesen diesem"),
    subjects=words("ich wir man du ihr sie"),
    superlatives=_inflected(
        "best schlechtest neuest ältest größt kleinst höchst niedrigst längst kürzest billigst "
        "günstigst schnellst einfachst nächst frühest spätest sicherst teuerst"
    ),
    bridges=words(
        "frist fristen grenze grenzen höhe ablauf verfahren prozess höchstbetrag maximum minimum "
        "betrag grund gründe kosten preis regel regeln ausnahme ausnahmen voraussetzung "
        "voraussetzungen formular genehmigung ansprechpartner ansprechpartnerin kontakt "
        "unterschied unterschiede details einzelheiten beispiel beispiele schritt schritte datum "
        "termin termine name namen nummer zweck vorteil vorteile nachteile link zuständig"
    ),
    measures=words(
        "tag tage tagen woche wochen monat monate monaten jahr jahre jahren stunde stunden zeit "
        "mal leute personen oft lange viel viele weit geld"
    ),
    counting=frozenset({("wie", "viele"), ("wie", "viel"), ("wie", "lange"), ("wie", "oft")}),
    never_pointers=frozenset({"IT", "Sie", "Ihr", "Ihnen"}),
    slot_lead=pattern(
        r"^(?:und\s+|aber\s+|ok(?:ay)?,?\s+)?(?:was\s+(?:ist|wäre)\s+mit|was\s+wenn|"
        r"wie\s+(?:ist|sieht|steht)\s+es\s+(?:aus\s+)?(?:mit|bei|um|für)|wie\s+sieht(?:'s|’s)?\s+"
        r"(?:es\s+)?(?:mit|bei|für)|gilt\s+(?:das|dies|es)\s+(?:auch\s+)?(?:für|bei|in)|"
        r"dasselbe\s+für|bezüglich)\b\s*",
    ),
    slot_end=pattern(r"\s+aus[\s?.!]*$"),
    lead=pattern(r"^(?:und|oder|aber|also|auch|dann|ok(?:ay)?|nein|ja)\b[,\s]*"),
    more=pattern(
        r"^(?:(?:kannst du|können sie)\s+)?(?:bitte\s+)?(?:mehr(?:\s+(?:dazu|davon|details))?|"
        r"(?:erzähl|sag)\w*\s+(?:mir\s+)?mehr|weiter|noch\s+(?:mehr|etwas)|genauer|erklär\w*|"
        r"was\s+noch)\b",
    ),
    same=pattern(
        r"\b(?:der|die|das|dem|den)selben?\b(?!\s+wie\b)|\bdort\s*\?*$|\b(?:der|die|das)\s+gleiche\b"
    ),
    there_is=pattern(r"\b(?:gibt|gab)\s+es\b"),
    expletive=pattern(
        r"\b(?:gibt|gab|geht|handelt|regnet)\s+es\b|\bes\s+(?:gibt|gab)\b|\bist\s+es\s+(?=möglich)"
    ),
    verb_first=True,
    capital_nouns=True,
    times=TIMES,
)
