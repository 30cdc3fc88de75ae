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
    return _of(_REFUSALS, locale, REFUSAL)


UNSUPPORTED = "(not found in the documents)"
_UNSUPPORTED = {
    "de": "(in den Dokumenten nicht gefunden)",
    "es": "(no se encuentra en los documentos)",
    "fr": "(introuvable dans les documents)",
    "it": "(non trovato nei documenti)",
    "ja": "（文書にはありません）",
    "nl": "(niet in de documenten gevonden)",
    "pt": "(não encontrado nos documentos)",
}
EXTRACTED = "No language model answered, so these are the documents' own words."
_EXTRACTED = {
    "de": "Kein Sprachmodell hat geantwortet; dies sind die Worte der Dokumente selbst.",
    "es": "No respondió ningún modelo de lenguaje; estas son las palabras de los documentos.",
    "fr": "Aucun modèle de langage n’a répondu ; ce sont les mots mêmes des documents.",
    "it": "Nessun modello linguistico ha risposto; queste sono le parole dei documenti.",
    "ja": "言語モデルが応答しなかったため、文書の言葉をそのまま示しています。",
    "nl": "Geen taalmodel heeft geantwoord; dit zijn de woorden van de documenten zelf.",
    "pt": "Nenhum modelo de linguagem respondeu; estas são as palavras dos documentos.",
}


def unsupported(locale: str) -> str:
    """What is put after a statement that no passage supports."""
    return _of(_UNSUPPORTED, locale, UNSUPPORTED)


def extracted(locale: str) -> str:
    """The sentence that says that an answer was taken from the documents, word for word."""
    return _of(_EXTRACTED, locale, EXTRACTED)


NOTHING_FOUND = "Nothing was found."
_NOTHING_FOUND = {
    "de": "Es wurde nichts gefunden.",
    "es": "No se encontró nada.",
    "fr": "Rien n’a été trouvé.",
    "it": "Non è stato trovato nulla.",
    "ja": "何も見つかりませんでした。",
    "nl": "Er is niets gevonden.",
    "pt": "Não foi encontrado nada.",
}
NO_SENTENCES = "There are no sentences to summarise."
_NO_SENTENCES = {
    "de": "Es gibt keine Sätze, die sich zusammenfassen ließen.",
    "es": "No hay frases que resumir.",
    "fr": "Il n’y a pas de phrases à résumer.",
    "it": "Non ci sono frasi da riassumere.",
    "ja": "要約できる文がありません。",
    "nl": "Er zijn geen zinnen om samen te vatten.",
    "pt": "Não há frases para resumir.",
}
NO_DOCUMENT = "There is no such document, or you may not see it."
_NO_DOCUMENT = {
    "de": "Dieses Dokument gibt es nicht, oder Sie dürfen es nicht sehen.",
    "es": "Este documento no existe, o usted no puede verlo.",
    "fr": "Ce document n’existe pas, ou vous ne pouvez pas le voir.",
    "it": "Questo documento non esiste, o non può vederlo.",
    "ja": "この文書は存在しないか、閲覧する権限がありません。",
    "nl": "Dit document bestaat niet, of u mag het niet zien.",
    "pt": "Este documento não existe, ou não o pode ver.",
}
NOBODY = "There is nobody called {}."
_NOBODY = {
    "de": "Es gibt niemanden namens {}.",
    "es": "No hay nadie llamado {}.",
    "fr": "Personne ne s’appelle {}.",
    "it": "Non c’è nessuno di nome {}.",
    "ja": "{} という人はいません。",
    "nl": "Er is niemand met de naam {}.",
    "pt": "Não há ninguém chamado {}.",
}


def nothing_found(locale: str) -> str:
    """What a search without results says."""
    return _of(_NOTHING_FOUND, locale, NOTHING_FOUND)


def no_sentences(locale: str) -> str:
    """What a summary of documents without sentences says."""
    return _of(_NO_SENTENCES, locale, NO_SENTENCES)


def no_document(locale: str) -> str:
    """What stands in the place of a document that the caller cannot have."""
    return _of(_NO_DOCUMENT, locale, NO_DOCUMENT)


def nobody(locale: str, name: str) -> str:
    """What stands in the place of a person who is not known."""
    return _of(_NOBODY, locale, NOBODY).format(name)


def _of(sentences: dict[str, str], locale: str, default: str) -> str:
    language = locale.replace("_", "-").partition("-")[0].lower()
    return sentences.get(language, default)
