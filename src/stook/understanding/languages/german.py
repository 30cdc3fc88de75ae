"""German."""

from __future__ import annotations

from datetime import date

from stook.understanding.languages.base import (
    Language,
    PromptWords,
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

_MATERIAL = (
    r"(?:kontext|dokumente?n?|quellen?|auszüge?n?|textstellen?|textauszüge?n?|abschnitte?n?|"
    r"informationen|unterlagen|texte?n?|fundstellen?|passagen?|inhalte?n?|wissen)"
)

PROMPTS = PromptWords(
    instruction=pattern(
        r"(?:(?:bitte|und|dann|immer|nun|jetzt)\s+)*(?:"
        r"(?:du\s+bist|sie\s+sind)\s+(?:eine?|unser|unsere|der|die|das|jetzt)\b|"
        r"(?:deine|ihre)\s+(?:aufgabe|rolle|antwort(?:en)?)\s+(?:ist|soll|sollen|muss)\b|"
        r"(?:verhalte?|benimm)\s+dich\b|spiele\s+die\s+rolle\b|"
        r"(?:sei|seien\s+sie)\s+(?:kurz|knapp|präzise|freundlich|höflich|genau|hilfreich|sachlich|"
        r"ehrlich)\b|"
        r"(?:antworte|antworten\s+sie|beantworte|beantworten\s+sie|erwidere)\b|"
        r"(?:fasse|fassen\s+sie)\s+(?:dich|sich)\b|"
        r"(?:zitiere|zitieren\s+sie|belege|belegen\s+sie)\b|"
        r"(?:nenne|nennen\s+sie|gib|geben\s+sie|füge|fügen\s+sie)\s+(?:mir\s+)?(?:bitte\s+)?"
        r"(?:dabei\s+|jeweils\s+|auch\s+)*(?:die|deine|ihre|alle|eine|nur)?\s*(?:kurze\s+)?"
        r"(?:quellen?|quellenangaben|belege?|fundstellen?|antwort)\b|"
        r"(?:nutze|nutzen\s+sie|verwende|verwenden\s+sie|benutze|benutzen\s+sie)\s+(?:dabei\s+|dafür\s+|"
        r"dazu\s+)*(?:nur|ausschließlich|keine?|die|den|das|diese[nsr]?)\b|"
        r"(?:stütze|stützen\s+sie|beschränke|beschränken\s+sie|halte|halten\s+sie)\s+(?:dich|sich|deine|"
        r"ihre|die)\b|"
        r"(?:erfinde|erfinden\s+sie|rate|raten\s+sie|spekuliere|spekulieren\s+sie)\b|"
        r"(?:schreibe?|schreiben\s+sie|formuliere|formulieren\s+sie)\s+(?:auf|in|höchstens|nur|maximal|"
        r"deine|ihre|die\s+antwort)\b|"
        r"(?:wenn|falls)\s+(?:du|sie|die\s+antwort|der\s+kontext|die\s+dokumente)\b[^?]{0,80}\bnicht\b|"
        r"(?:denke|denk|denken\s+sie)\s+(?:schritt|sorgfältig|gut)\b|"
        r"(?:hier|unten|nachfolgend|im\s+folgenden|es\s+folg\w+)\s+(?:ist|sind|steht|stehen|der|die|das)\b|"
        r"(?:lies|lesen\s+sie)\b|"
        r"(?:ich\s+habe\s+eine|meine|die)\s+frage(?:\s+(?:ist|lautet))?\s*$|"
        r"(?:anhand|mit\s*hilfe|auf\s+(?:der\s+)?(?:grundlage|basis)|gemäß|laut|basierend\s+auf)\s+"
        r"(?:\w+\s+){0,3}" + _MATERIAL + r"\b)",
    ),
    questions=pattern(
        r"(?:fragen?|anfragen?|f|nutzerfragen?|benutzerfragen?|kundenfragen?|mitarbeiterfragen?|"
        r"rückfragen?|nutzer|benutzer|kunde|fragt)"
    ),
    passages=pattern(_MATERIAL),
    answers=pattern(r"(?:antwort(?:en)?|assistent|assistentin)"),
    rules=pattern(r"(?:anweisung(?:en)?|regeln?|rolle|aufgabe|vorgaben?|systemanweisung)"),
    qualifiers=pattern(
        r"(?:die|der|das|des|meine?|deine|ihre|aktuelle|neue|letzte|eigentliche|relevante|gefundene|"
        r"gegebene|verfügbare|bereitgestellte|hier|sind|ist|und|nutzers?|benutzers?|kunden|kundin|"
        r"mitarbeiters?|mitarbeiterin|kurze)"
    ),
    given=pattern(
        r"\b(?:folgende[nrms]?|nachfolgende[nrms]?|untenstehende[nrms]?|obige[nrms]?|diese[nrms]?|"
        r"bereitgestellte[nrms]?|gegebene[nrms]?|hier\s+(?:ist|sind))\b[^.!?]{0,60}?\b"
        + _MATERIAL
        + r"\b"
    ),
    based_on=pattern(
        r"(?:anhand|mit\s*hilfe|auf\s+(?:der\s+)?(?:grundlage|basis)|gemäß|laut|basierend\s+auf)\s+"
        r"(?:nur\s+)?(?:der|des|den|dieser|diesen|von)\s+(?:(?:folgenden|obigen|gegebenen)\s+)?"
        + _MATERIAL
        + r"(?:\s+(?:oben|unten))?,\s*"
    ),
)

GERMAN = Language(
    code="de",
    sentences=Sentences(
        refusal="In den Dokumenten, die Sie sehen können, habe ich dazu keine Antwort gefunden.",
        unsupported="(in den Dokumenten nicht gefunden)",
        extracted="Kein Sprachmodell hat geantwortet; dies sind die Worte der Dokumente selbst.",
        cut="Das Sprachmodell wurde hier abgebrochen; die Antwort ist nicht vollständig.",
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
    prompts=PROMPTS,
)
