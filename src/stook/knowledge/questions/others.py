"""German, Spanish and French headings and statements as the questions that they answer."""

from __future__ import annotations

import re

from stook.knowledge.questions.language import Language

_DE_TIME = re.compile(
    r"\d|\b(?:Tage?n?|Wochen?|Monate?n?|Jahre?s?|Ende|Januar|Februar|März|April|Mai|Juni"
    r"|Juli|August|September|Oktober|November|Dezember|Quartal)\b"
)
_DE_S = r"(?P<s>[A-ZÄÖÜ][^,;:()–]{2,60}?)"
_DE_WHEN = re.compile(
    rf"^{_DE_S} (?P<v>verfällt|verfallen|endet|enden|beginnt|beginnen|schließt|öffnet) (?P<t>.+)$"
)
_DE_AMOUNT = re.compile(
    rf"^{_DE_S} (?P<v>beträgt|betragen|dauert|dauern) (?:bis zu |höchstens |mindestens "
    rf"|etwa )?(?P<t>\d\S*(?: \S+)?)"
)
_DE_GET = re.compile(
    rf"^{_DE_S} (?P<v>erhalten|bekommen|haben|erhält|bekommt"
    rf"|hat) (?:bis zu )?\d[\d.,]* (?P<u>Tage|Wochen|Monate|Stunden|Urlaubstage"
    rf"|Arbeitstage)\b(?P<w> [A-ZÄÖÜ]\w+)?"
)
_DE_TO = re.compile(
    r"^Um (?P<o>[^,;:()]{2,50}?) ?(?:(?P<a>zu [a-zäöüß]+)|(?P<b>\b[a-zäöüß]+zu[a-zäöüß]+en)), "
)
_DE_IS = re.compile(r"^(?P<s>[A-ZÄÖÜ][\wäöüß-]+) ist (?:eine?|der|die|das) \w+")
_DE_INFINITIVE = re.compile(r"^(?P<o>[A-ZÄÖÜ][^,;:()?]{2,50}) (?P<v>[a-zäöüß]{3,}(?:en|ern|eln))$")
_DE_OPENS = frozenset(
    "dies diese dieser dieses es er sie wir wenn falls bei in im am an auf für mit nach vor zu um "
    "als alle dabei hier".split()
)

_ES_S = r"(?P<s>(?:El|La|Los|Las|Tu|Su) [^,;:()]{2,60}?)"
_ES_WHEN = re.compile(
    rf"^{_ES_S} (?P<v>vencen?|caducan?|terminan?|empiezan?|comienzan?|expiran?) (?:el|en|a"
    rf"|al|antes|después|cada) .*(?:\d|fin|mes|año|día|semana)"
)
_ES_TO = re.compile(r"^Para (?P<o>[a-záéíóúñ]{2,16}(?:ar|er|ir) [^,;:()]{3,60}), ")
_ES_IS = re.compile(r"^(?P<s>[A-ZÁÉÍÓÚ][\w-]+) es (?:una?|el|la) \w+")
_ES_INFINITIVE = re.compile(
    r"^(?:Cómo )?(?P<o>[A-ZÁÉÍÓÚa-záéíóúñ]{2,16}(?:ar|er|ir) [^,;:()?]{3,50})$"
)
_ES_COST = re.compile(rf"^{_ES_S} (?P<v>es|son) de (?:hasta )?(?P<t>\d\S*(?: \S+)?)")

_FR_S = r"(?P<s>(?:Le |La |Les |L['’]|Votre |Vos )[^,;:()]{2,60}?)"
_FR_WHEN = re.compile(
    rf"^{_FR_S} (?P<v>expirent|expire|se terminent|se termine|commencent|commence|ferment"
    rf"|ferme|ouvrent|ouvre) (?:le|à|au|en|après|avant|fin) .*"
)
_FR_TO = re.compile(r"^Pour (?P<o>[a-zéèêàçûîô]{2,16}(?:er|ir|re) [^,;:()]{3,60}), ")
_FR_IS = re.compile(r"^(?P<s>[A-ZÉÈ][\w-]+) est (?:une?|le|la) \w+")
_FR_INFINITIVE = re.compile(
    r"^(?:Comment )?(?P<o>[A-ZÉÈa-zéèêàçûîô]{2,16}(?:er|ir|re) [^,;:()?]{3,50})$"
)
_ANAPHORA = re.compile(r"\b(?:esto|eso|ello|cela|ça|celui|dies|dieses|diese)\b", re.IGNORECASE)


def of_heading(heading: str, language: Language) -> str:
    """The question below a heading, "" where no rule knows one."""
    if language is Language.GERMAN and (found := _DE_INFINITIVE.match(heading)):
        return f"Wie kann ich {_german(found['o'])} {found['v']}?"
    if language is Language.SPANISH and (found := _ES_INFINITIVE.match(heading)):
        return f"¿Cómo puedo {_small(found['o'])}?"
    if language is Language.FRENCH and (found := _FR_INFINITIVE.match(heading)):
        return f"Comment {_small(found['o'])} ?"
    return ""


def of_sentence(sentence: str, language: Language) -> str:
    """The question that a statement answers, "" where no rule knows one."""
    bare = sentence.rstrip(" .!")
    if _ANAPHORA.match(bare):
        return ""
    rules = {
        Language.GERMAN: _in_german,
        Language.SPANISH: _in_spanish,
        Language.FRENCH: _in_french,
    }
    return rules[language](bare) if language in rules else ""


def _in_german(sentence: str) -> str:
    if found := _DE_TO.match(sentence):
        verb = found["a"].removeprefix("zu ") if found["a"] else _joined(found["b"])
        return f"Wie kann ich {found['o'].strip()} {verb}?"
    if (found := _DE_WHEN.match(sentence)) and _DE_TIME.search(found["t"]):
        return _with(found["s"], f"Wann {found['v']} {{}}?")
    if found := _DE_AMOUNT.match(sentence):
        is_time = _DE_TIME.search(found["t"].lstrip("0123456789., ")) or found["v"].startswith(
            "dauer"
        )
        if is_time:
            verb = "dauert" if found["v"].endswith("t") else "dauern"
            return _with(found["s"], f"Wie lange {verb} {{}}?")
        return _with(found["s"], f"Wie hoch {'ist' if found['v'] == 'beträgt' else 'sind'} {{}}?")
    if found := _DE_GET.match(sentence):
        return _with(found["s"], f"Wie viele {found['u']}{found['w'] or ''} {found['v']} {{}}?")
    if (found := _DE_IS.match(sentence)) and found["s"].lower() not in _DE_OPENS:
        return f"Was ist {found['s']}?"
    return ""


def _in_spanish(sentence: str) -> str:
    if found := _ES_TO.match(sentence):
        return f"¿Cómo puedo {found['o']}?"
    if found := _ES_WHEN.match(sentence):
        return f"¿Cuándo {found['v']} {_small(found['s'])}?"
    if found := _ES_COST.match(sentence):
        return f"¿De cuánto {found['v']} {_small(found['s'])}?"
    if found := _ES_IS.match(sentence):
        return f"¿Qué es {found['s']}?"
    return ""


def _in_french(sentence: str) -> str:
    if found := _FR_TO.match(sentence):
        return f"Comment {found['o']} ?"
    if found := _FR_WHEN.match(sentence):
        return f"Quand {found['v']} {_small(found['s'])} ?"
    if found := _FR_IS.match(sentence):
        return f"Qu’est-ce que {found['s']} ?"
    return ""


def _with(subject: str, question: str) -> str:
    first = subject.split()[0].lower()
    return "" if first in _DE_OPENS else question.format(_german(subject))


def _german(phrase: str) -> str:
    """Without the capital of what opens a sentence: nouns keep theirs, and stand last."""
    words = phrase.split()
    if len(words) > 1 and words[1][0].isupper():
        return " ".join([_small(words[0]), *words[1:]])
    return phrase if len(words) == 1 else _small(phrase)


def _joined(infinitive: str) -> str:
    """ "einzureichen" without its "zu"."""
    return re.sub(r"(?<=[a-zäöüß]{2})zu(?=[a-zäöüß]{3})", "", infinitive, count=1)


def _small(phrase: str) -> str:
    return phrase[0].lower() + phrase[1:]
