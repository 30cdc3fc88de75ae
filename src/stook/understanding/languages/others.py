"""Languages in which Stook only says its own sentences."""

from __future__ import annotations

from stook.understanding.languages.base import NO_WORDS, Language, Sentences

ITALIAN = Language(
    code="it",
    sentences=Sentences(
        refusal="Non ho trovato una risposta a questa domanda nei documenti che può vedere.",
        unsupported="(non trovato nei documenti)",
        extracted="Nessun modello linguistico ha risposto; queste sono le parole dei documenti.",
        cut="Il modello linguistico è stato interrotto qui; la risposta non è completa.",
        nothing_found="Non è stato trovato nulla.",
        no_sentences="Non ci sono frasi da riassumere.",
        no_document="Questo documento non esiste, o non può vederlo.",
        nobody="Non c’è nessuno di nome {}.",
    ),
    function_words=NO_WORDS,
)
JAPANESE = Language(
    code="ja",
    sentences=Sentences(
        refusal="閲覧できる文書の中に、この質問への答えは見つかりませんでした。",
        unsupported="（文書にはありません）",
        extracted="言語モデルが応答しなかったため、文書の言葉をそのまま示しています。",
        cut="言語モデルの出力がここで打ち切られたため、この回答は完全ではありません。",
        nothing_found="何も見つかりませんでした。",
        no_sentences="要約できる文がありません。",
        no_document="この文書は存在しないか、閲覧する権限がありません。",
        nobody="{} という人はいません。",
    ),
    function_words=NO_WORDS,
)
DUTCH = Language(
    code="nl",
    sentences=Sentences(
        refusal="Ik heb hierop geen antwoord gevonden in de documenten die u kunt zien.",
        unsupported="(niet in de documenten gevonden)",
        extracted="Geen taalmodel heeft geantwoord; dit zijn de woorden van de documenten zelf.",
        cut="Het taalmodel is hier afgebroken; het antwoord is niet volledig.",
        nothing_found="Er is niets gevonden.",
        no_sentences="Er zijn geen zinnen om samen te vatten.",
        no_document="Dit document bestaat niet, of u mag het niet zien.",
        nobody="Er is niemand met de naam {}.",
    ),
    function_words=NO_WORDS,
)
PORTUGUESE = Language(
    code="pt",
    sentences=Sentences(
        refusal="Não encontrei uma resposta a isto nos documentos que pode ver.",
        unsupported="(não encontrado nos documentos)",
        extracted="Nenhum modelo de linguagem respondeu; estas são as palavras dos documentos.",
        cut="O modelo de linguagem foi interrompido aqui; a resposta não está completa.",
        nothing_found="Não foi encontrado nada.",
        no_sentences="Não há frases para resumir.",
        no_document="Este documento não existe, ou não o pode ver.",
        nobody="Não há ninguém chamado {}.",
    ),
    function_words=NO_WORDS,
)
