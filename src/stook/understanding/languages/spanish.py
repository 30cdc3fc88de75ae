"""Spanish, begun: function words and what Stook itself says."""

from __future__ import annotations

from stook.understanding.languages.base import Language, Sentences, words

SPANISH = Language(
    code="es",
    sentences=Sentences(
        refusal="No encontré una respuesta a esto en los documentos que usted puede ver.",
        unsupported="(no se encuentra en los documentos)",
        extracted=(
            "No respondió ningún modelo de lenguaje; estas son las palabras de los documentos."
        ),
        cut="El modelo de lenguaje se interrumpió aquí; la respuesta no está completa.",
        nothing_found="No se encontró nada.",
        no_sentences="No hay frases que resumir.",
        no_document="Este documento no existe, o usted no puede verlo.",
        nobody="No hay nadie llamado {}.",
    ),
    function_words=words(
        "el la los las un una unos unas lo de del a al y e o u pero sino que quien quienes cual "
        "cuales cuyo donde cuando como cuanto cuanta cuantos cuantas qué quién quiénes cuál cuáles "
        "dónde cuándo cómo cuánto cuánta cuántos cuántas por para con sin en sobre bajo entre "
        "hasta desde hacia según si no sí ya más muy también yo tú él ella nosotros ustedes ellos "
        "ellas me te se nos les le mi mis tu tus su sus nuestro nuestra este esta estos estas ese "
        "esa esos esas eso esto es son era fue ser está están hay ha he han haber tiene tienen "
        "tengo puede pueden puedo debe deben"
    ),
    question_words=words(
        "qué quién quiénes cuál cuáles dónde cuándo cómo cuánto cuánta cuántos cuántas por"
    ),
    auxiliaries=words("es son era fue está están hay ha han tiene tienen puede pueden debe deben"),
    prepositions=words("por para con sin en sobre bajo entre hasta desde hacia según de a"),
)
