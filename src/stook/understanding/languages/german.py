"""German."""

from __future__ import annotations

from datetime import date

from stook.understanding.languages.base import (
    Cues,
    Faults,
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

CUES = Cues(
    greeting=phrases("""
        hallo, hi, hey, moin, servus, guten morgen, guten tag, guten abend, grüß gott, grüezi
        wie geht's, wie geht es, na, tag, morgen, schönen guten tag, gude, 👋
    """),
    thanks=phrases("""
        danke, dankeschön, danke schön, vielen dank, besten dank, tausend dank, herzlichen dank
        dank, merci, super, prima, perfekt, klasse, toll, hilfreich, geholfen, alles klar, 👍, 🙏
    """),
    goodbye=phrases("""
        tschüss, tschüs, auf wiedersehen, bis bald, bis später, schönen tag noch, bis dann
        schönes wochenende, ciao, tschau, gute nacht, bis morgen, mach's gut, das war's
        bis zum nächsten mal, schönen feierabend, schönen abend noch
    """),
    abilities=phrases("""
        was kannst du, was kann ich dich fragen, was kann ich fragen, wie kannst du mir helfen
        was weißt du, hilfe, welche fragen, worüber, wie funktionierst du, was machst du
        dokumente kennst du, quellen hast du, wofür ist das, was können sie, kannst du mir helfen
        womit kannst du mir helfen
        brauche hilfe, was du kannst, beispiele für fragen, womit kannst du, deine antworten
        wie benutze ich das, wie funktioniert das hier, können sie mir helfen, auskunft geben
    """),
    identity=phrases("""
        wer bist du, was bist du, wie heißt du, bist du ein, bist du eine, bist du chatgpt
        wer hat dich, stell dich vor, wer sind sie, mit wem spreche ich, hast du einen namen
        sprachmodell bist du, steckt hinter dir, bist du echt, wie heißen sie, sind sie ein
    """),
    complaint=phrases("""
        das ist falsch, stimmt nicht, falsche antwort, nicht meine frage, hilft mir nicht
        hilft nicht, ergibt keinen sinn, keine antwort, nicht hilfreich, nicht beantwortet
        veraltet, unsinn, nicht gefragt, falsch verstanden, falsche dokument, schlechte antwort
        quatsch, wollte ich nicht wissen, falsch
    """),
    more=phrases("""
        mehr, mehr dazu, und, weiter, noch mehr, was noch, sonst noch, erzähl mir mehr
        mehr details, genauer, ausführlicher, noch etwas, mach weiter, mehr informationen
        der andere, die andere, das andere, die anderen, den anderen, dem anderen, was ist mit
    """),
    shorter=phrases("""
        kürzer, zu lang, kurz gesagt, in einem satz, fasse dich kurz, kurzfassung, in kürze
        kürzer fassen, fass das zusammen, knapper, kurze antwort, kurz
    """),
    doubt=phrases("""
        sicher, wirklich, stimmt das, noch aktuell, woher weißt du, wo steht das, wer sagt das
        ist das richtig, echt, darauf verlassen, beleg, quelle, woher hast du, sind sie sicher
    """),
    correction=phrases("""
        nein, ich meinte, ich meine, meinte, nicht die, nicht das, sorry, eigentlich, gemeint
        ich habe nach, ich wollte nach, korrektur, moment, das andere, sondern
    """),
    fillers=phrases("""
        zusammen, du, dir, heute, bitte, sehr, das, es, mir, ist, alle, alles, noch, mal, ok, bot
        und, die, der, für, zu, ich, eine, ein, bist, antwort, assistent, was, wie, war, hat, so
        etwas, geht, gibt, da, wieder, mach, nur, sie, haben, hast, du dir, man, dich, schönen
        tag, hier, hilft, weiter, zum, in, mich
    """),
    who=phrases("""
        wer, wen, wem, wessen, welches team, zuständig, verantwortlich, ansprechpartner*
        an wen, mit wem, kümmert sich
    """),
    when=phrases("""
        wann, bis wann, seit wann, ab wann, frist, welchem tag, welchem datum, um wie viel uhr
        termin, welchem monat, datum, stichtag
    """),
    how_many=phrases("""
        wie viele, wieviele, anzahl, zahl der
    """),
    how_to=phrases("""
        wie reiche ich, wie kann ich, wie beantrage ich, wie soll ich, wie bestelle ich, wie melde
        wie bekomme ich, wie richte ich, wie kann man, wie gehen wir, wie läuft, wie geht das
        was muss ich tun, was muss ich machen, schritte, anleitung, was tun, wie mache ich
        wie gehe ich, wie erstelle ich, wie ändere ich, wie buche ich, wie komme ich, vorgehen
        ablauf
    """),
    listing=phrases("""
        liste, welche, nenne, was sind, alle, zeig mir, gib mir eine liste, welche arten, zähle
        aufzählung, welche unterlagen, sämtliche, jede, jeder
    """),
    definition=phrases("""
        was ist, was ist ein, was ist eine, was bedeutet, definiere, bedeutung, was heißt
        wofür steht, versteht man unter, definition, was genau ist, erkläre, was ist das, meinen
        heißt
    """),
    comparison=phrases("""
        unterschied*, vergleich*, unterscheid*, verschieden, billiger, günstiger, besser, gegen
        gegenüber, vor- und nachteile, gleichen, gleiche, gleich viel, mehr urlaub, als, versus, vs
    """),
    summary=phrases("""
        fasse, fass, zusammen, zusammenfassung, überblick, wichtigsten punkte, kernpunkte
        was steht in, was sagt, alles über, das wichtigste, kurz, kurzer, beschreibe
        worum geht, muss ich über, sätzen, die seite, seite, in zwei sätzen
        in drei sätzen, für mich
        gib mir eine zusammenfassung, gib mir einen überblick über
    """),
    reason=phrases("""
        warum, wieso, weshalb, grund, zweck, wozu
    """),
    negation=phrases("""
        nicht, nie, niemals, kein, keine, keinen, keiner, verboten, ausgeschlossen, untersagt
        geschlossen, ohne, außer, niemand, nichts
    """),
    existence=phrases("""
        gibt es etwas, gibt es eine, gibt es informationen, gibt es regeln, habt ihr etwas
        habt ihr, haben wir eine seite, irgendwas, steht irgendwo, steht im handbuch, finde ich
        gibt es dokumente, etwas zu, etwas über, gibt es ein, gibt es was
    """),
    permission=phrases("""
        darf, dürfen, kann, können, muss, müssen, ist, sind, zahlt, bekommen, werden, gilt, hat
        haben, verfallen, würde, soll, sollte, gibt es kostenlosen
    """),
    amount=phrases("""
        wie viel, wie lange, wie hoch, wie weit, wie oft, wie alt, wie groß, kostet, wie lang
    """),
    joining=phrases("und, oder, sowie, auch"),
)

POLARITY = Polarity(
    yes="Ja",
    no="Nein",
    negative=pattern(
        r"\b(?:nicht(?!\s+(?:nur|beschränkt)\b)|kein\w{0,2}|nie|niemals|niemand|nichts|weder|ohne|verboten|untersagt|"
        r"ausgeschlossen)\b"
    ),
    permits=pattern(r"\b(?:darf|dürfen|kann|können|erlaubt|gestattet|möglich|willkommen)\b"),
    forbids=pattern(r"\b(?:verboten|untersagt|ausgeschlossen)\b"),
    obliges=pattern(
        r"\b(?:muss|müssen|verpflichtet|vorgeschrieben|erforderlich|notwendig|nötig)\b"
    ),
    frees=pattern(
        r"\b(?:(?:muss|müssen|brauchen?|braucht)\b[^.!?,]{0,60}\bnicht|nicht\s+(?:nötig|notwendig|"
        r"erforderlich|vorgeschrieben)|freiwillig)\b"
    ),
    conditions=pattern(
        r"\b(?:wenn|falls|sofern|außer|nur|bis|höchstens|mindestens|aber|jedoch|wo|nachdem|bevor|"
        r"meist|manche|manchmal|oder|andere|mehr|weniger|länger|solange|nichts|niemand|weder|ohne|"
        r"ausnahmen?)\b|\d"
    ),
    asks_leave=pattern(r"^(?:darf|dürfen|kann|können)\b|^(?:ist|sind)\b.*\berlaubt\b"),
    asks_duty=pattern(r"^(?:muss|müssen|soll|sollen)\b"),
    asks_fact=pattern(r"^(?:ist|sind)\b"),
    anybody=words("alle jeder jede beschäftigte mitarbeiter mitarbeitende angestellte leute"),
    asking_words=words(
        "erlaubt gestattet darf dürfen kann können muss müssen soll sollen ist sind"
    ),
)

GERMAN = Language(
    code="de",
    sentences=Sentences(
        refusal=("In den Dokumenten, die Sie sehen können, habe ich dazu keine Antwort gefunden."),
        advice=(
            "Vielleicht helfen andere Worte oder der Name der Sache, des Ortes "
            "oder der Seite, die Sie meinen."
        ),
        no_answer="Eine direkte Antwort habe ich nicht gefunden.",
        absent="Zu {} steht hier nichts.",
        closest="Am nächsten kommt:",
        unsupported="(in den Dokumenten nicht gefunden)",
        extracted="Kein Sprachmodell hat geantwortet; dies sind die Worte der Dokumente selbst.",
        cut="Das Sprachmodell wurde hier abgebrochen; die Antwort ist nicht vollständig.",
        nothing_found="Es wurde nichts gefunden.",
        no_sentences="Es gibt keine Sätze, die sich zusammenfassen ließen.",
        no_document="Dieses Dokument gibt es nicht, oder Sie dürfen es nicht sehen.",
        nobody="Es gibt niemanden namens {}.",
    ),
    faults=Faults(
        invalid="Diese Anfrage ist nicht zu verstehen.",
        too_large="Diese Anfrage ist zu groß.",
        unauthenticated="Dafür sind gültige Zugangsdaten nötig.",
        forbidden="Dazu haben Sie kein Recht.",
        missing_scope="Dem Token fehlt der Geltungsbereich {}; er wird mit --scopes {} angelegt.",
        not_found="Das gibt es nicht, oder Sie dürfen es nicht sehen.",
        conflict="Das wurde inzwischen geändert oder wird gerade benutzt.",
        stopped="Die Antwort wurde angehalten.",
        rate_limited="Das sind zu viele Anfragen; versuchen Sie es später noch einmal.",
        timed_out="Die Antwort war nicht rechtzeitig fertig.",
        unavailable="Der Dienst kann gerade nicht antworten; versuchen Sie es gleich noch einmal.",
        unreadable="Diese Datei lässt sich nicht lesen.",
        no_address=(
            "Unter dieser Adresse gibt es nichts; GET / nennt die Schnittstellen dieses Servers."
        ),
        wrong_method="Diese Adresse kennt diese Methode nicht.",
        internal=(
            "Hier ist etwas schiefgegangen. Im Protokoll des Servers steht es "
            "unter der X-Request-Id dieser Antwort."
        ),
    ),
    replies=Replies(
        greeting="Hallo! Fragen Sie mich, was in Ihren Dokumenten stehen könnte.",
        thanks="Gern geschehen. Fragen Sie einfach, wenn Sie noch etwas wissen möchten.",
        goodbye="Auf Wiedersehen, und alles Gute.",
        abilities=(
            "Ich suche Antworten in den Dokumenten, die Sie sehen dürfen, und zeige, wo jede "
            "steht. Dokumente, die Sie zurzeit sehen: {count} ({names})."
        ),
        inside="Dies ist {name}.",
        no_documents=(
            "Ich suche Antworten in den Dokumenten, die Sie sehen dürfen, und zeige, wo jede "
            "steht. Zurzeit sehen Sie keine; bitten Sie die Verwaltung, welche freizugeben."
        ),
        for_instance="Fragen könnten Sie zum Beispiel:",
        identity=(
            "Ich bin Stook, ein Programm, das Fragen aus den Dokumenten Ihrer Organisation "
            "beantwortet und sagt, wo die Antwort steht. Ich bin kein Mensch und weiß nur, was "
            "dort geschrieben ist."
        ),
        complaint=(
            "Es tut mir leid, das war nicht das Richtige. Ich finde nur, was in den Dokumenten "
            "steht, und habe vielleicht die falsche Stelle genommen: Fragen Sie bitte mit anderen "
            "Worten, oder nennen Sie das Dokument oder Thema, das Sie meinen."
        ),
        nothing_before="Davor steht nichts, woran ich anknüpfen könnte. Worum geht es?",
        rests_on="Das steht in „{title}“:",
        nothing_more="Mehr steht dazu nicht in den Dokumenten, die Sie sehen können.",
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
    each=words("alle allen aller jede jedes jeder jedem jeden sämtliche sämtlichen"),
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
    correction=pattern(
        r"^(?:(?:nein|sorry|moment|ach|eigentlich|korrektur)\b[,:.\s]*){0,4}",
        r"(?:ich\s+(?:meinte|meine|habe\s+nach|wollte\s+nach)|meinte\s+ich|gemeint\s+(?:war|ist))\b[,:\s]*",
    ),
    other=pattern(r"\b(?:der|die|das|den|dem)\s+anderen?\b"),
    denial=pattern(r"^nein\b[,:\s]"),
    but_not=pattern(r",?\s+(?:und\s+)?nicht\s+(?=\w)"),
    same=pattern(
        r"\b(?:der|die|das|dem|den)selben?\b(?!\s+wie\b)|\bdort\s*\?*$|\b(?:der|die|das)\s+gleiche\b"
    ),
    there_is=pattern(r"\b(?:gibt|gab)\s+es\b"),
    list_lead=pattern(
        r"^(?:bitte\s+)?(?:nenne?|liste|zeige?|gib)\s+(?:(?:mir|uns)\s+)?(?:bitte\s+)?"
        r"(?:eine\s+liste\s+(?:von|der|aller)\s+)?(?:alle[rn]?\s+)?(?:die\s+|unsere\s+)?"
    ),
    asks_what=pattern(r"^(?:und\s+)?was\s+(?:ist|sind)\s+(?:denn\s+)?(das|es|dies)\s*\?*$"),
    expletive=pattern(
        r"\b(?:gibt|gab|geht|handelt|regnet)\s+es\b|\bes\s+(?:gibt|gab)\b|\bist\s+es\s+(?=möglich)"
    ),
    verb_first=True,
    capital_nouns=True,
    times=TIMES,
    prompts=PROMPTS,
    cues=CUES,
    polarity=POLARITY,
)
