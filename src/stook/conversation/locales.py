"""What the asker's locale changes: how dates like 3/4/2026 are read, and how Stook refuses.

Answers themselves stay in the documents' own words.
"""

from __future__ import annotations

MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})
MONTH_FIRST_LANGUAGES = frozenset({"en"})  # where no region is named
REFUSAL = "I could not find an answer to this in the documents you can see."
_REFUSALS = {
    "de": "In den Dokumenten, die Sie sehen können, habe ich dazu keine Antwort gefunden.",
    "es": "No encontré una respuesta a esto en los documentos que usted puede ver.",
    "fr": "Je n’ai pas trouvé de réponse à cette question dans les documents visibles pour vous.",
    "it": "Non ho trovato una risposta a questa domanda nei documenti che può vedere.",
    "ja": "閲覧できる文書の中に、この質問への答えは見つかりませんでした。",
    "nl": "Ik heb hierop geen antwoord gevonden in de documenten die u kunt zien.",
    "pt": "Não encontrei uma resposta a isto nos documentos que pode ver.",
}


def day_first(locale: str) -> bool:
    """Whether 3/4 is the third of April there; ``locale`` is as in RFC 5646."""
    language, *rest = locale.replace("_", "-").split("-")
    regions = [part.upper() for part in rest if len(part) == 2]
    if regions:
        return regions[0] not in MONTH_FIRST
    return language.lower() not in MONTH_FIRST_LANGUAGES


def refusal(locale: str) -> str:
    """The sentence that says that the documents do not answer, in English where unknown."""
    return _REFUSALS.get(locale.replace("_", "-").partition("-")[0].lower(), REFUSAL)
