"""Spanish, begun: function words and what Stook itself says."""

from __future__ import annotations

from stook.understanding.languages.base import (
    Cues,
    Faults,
    Language,
    Replies,
    Sentences,
    phrases,
    words,
)

CUES = Cues(
    greeting=phrases("""
        hola, buenos días, buenas tardes, buenas noches, qué tal, cómo estás, buenas, hey
        muy buenas, cómo está, 👋
    """),
    thanks=phrases("""
        gracias, muchas gracias, mil gracias, perfecto, genial, muy amable, estupendo, agradezco
        👍, 🙏
    """),
    goodbye=phrases("""
        adiós, hasta luego, hasta mañana, nos vemos, chao, que tengas un buen, hasta pronto
        buen fin de semana
    """),
    abilities=phrases("""
        qué puedes hacer, puedes ayudarme, ayuda, preguntas puedo hacer, qué sabes, funciona esto
        documentos conoces, para qué sirves, necesito ayuda, puede ayudarme, qué puede hacer
    """),
    identity=phrases("""
        quién eres, te llamas, eres un, eres humano, tu nombre, quién es usted, con quién hablo
    """),
    complaint=phrases("""
        es incorrecto, está mal, no es lo que pregunté, no me ayuda, respuesta incorrecta
        no respondiste, no era mi pregunta
    """),
    more=phrases("más, y, continúa, qué más, más detalles, cuéntame más, sigue, algo más"),
    shorter=phrases("""
        más corto, demasiado largo, en una frase, en resumen, más breve, resume eso
    """),
    doubt=phrases("""
        seguro, de verdad, es cierto, de dónde lo sacas, dónde lo dice, la fuente, estás seguro
    """),
    correction=phrases("no, quería decir, me refería, quise decir, no los, no las"),
    fillers=phrases("""
        a todos, por, favor, tu, te, lo, eso, es, estás, muy, cuál, para, día, la, un, esto, qué
        cómo, eres
    """),
    who=phrases("quién, quiénes, a quién, responsable"),
    when=phrases("cuándo, qué fecha, fecha límite, qué día, hasta cuándo"),
    how_many=phrases("cuántos, cuántas, número de"),
    how_to=phrases("""
        cómo presento, cómo puedo, qué tengo que hacer, cómo reservar, pasos, cómo se, cómo
    """),
    listing=phrases("enumera, qué, cuáles son, cuáles, lista, dame una lista, todas, todos"),
    definition=phrases("qué es, qué significa, definición, qué quiere decir"),
    comparison=phrases("diferencia, diferencias, compara, más barato, mejor, se diferencia, o"),
    summary=phrases("resume, resumen, visión general, puntos clave, qué dice"),
    reason=phrases("por qué, motivo, razón"),
    negation=phrases("no, nunca, ningún, ninguna, prohibido, sin, excepto"),
    existence=phrases("hay algo, tienen algún, existe una, existe un, hay alguna, algo sobre"),
    permission=phrases("puedo, tengo que, se puede, es gratis, la empresa, debo, podemos"),
    amount=phrases("cuánto, cuánto cuesta, cuánto dura, precio, presupuesto"),
    joining=phrases("y, o, e"),
)

SPANISH = Language(
    code="es",
    sentences=Sentences(
        refusal=("No encontré una respuesta a esto en los documentos que usted puede ver."),
        advice=(
            "Pruebe con otras palabras, o con el nombre de la cosa, el lugar o la página que busca."
        ),
        no_answer="No encontré una respuesta directa.",
        absent="Aquí no hay nada sobre {}.",
        closest="Esto es lo que más se acerca:",
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
    faults=Faults(
        invalid="No se entiende esta solicitud.",
        too_large="Esta solicitud es demasiado grande.",
        unauthenticated="Se necesitan credenciales válidas.",
        forbidden="Usted no tiene derecho a hacer esto.",
        missing_scope="Al token le falta el ámbito {}; se da con --scopes {}.",
        not_found="Eso no existe, o usted no puede verlo.",
        conflict="Eso se modificó entretanto, o está en uso.",
        stopped="La respuesta se detuvo.",
        rate_limited="Hay demasiadas solicitudes; inténtelo más tarde.",
        timed_out="La respuesta no estuvo lista a tiempo.",
        unavailable="El servicio no puede responder ahora; inténtelo de nuevo en breve.",
        unreadable="No se pudo leer este archivo.",
        no_address="No hay nada en esta dirección; GET / enumera las interfaces de este servidor.",
        wrong_method="Esta dirección no admite ese método.",
        internal=(
            "Algo salió mal aquí. El registro del servidor lo tiene bajo el "
            "X-Request-Id de esta respuesta."
        ),
    ),
    replies=Replies(
        greeting="¡Hola! Pregúnteme lo que sus documentos puedan responder.",
        thanks="De nada. Pregunte sin más si necesita otra cosa.",
        goodbye="Adiós, y que le vaya bien.",
        abilities=(
            "Busco respuestas en los documentos que usted puede ver, y muestro dónde está cada "
            "una. Documentos que puede ver ahora mismo: {count} ({names})."
        ),
        inside="Esto es {name}.",
        no_documents=(
            "Busco respuestas en los documentos que usted puede ver, y muestro dónde está cada "
            "una. Ahora mismo no ve ninguno; pida a un administrador que comparta algunos."
        ),
        for_instance="Podría preguntar, por ejemplo:",
        identity=(
            "Soy Stook, un programa que responde a partir de los documentos de su organización y "
            "dice dónde está cada respuesta. No soy una persona, y solo sé lo que está escrito en "
            "ellos."
        ),
        complaint=(
            "Lo siento, no era lo que necesitaba. Solo encuentro lo que dicen los documentos: "
            "pregunte con otras palabras, o nombre el documento o el tema."
        ),
        nothing_before="No hay nada antes de esto por donde seguir. ¿De qué se trata?",
        rests_on="Esto es lo que dice «{title}»:",
        nothing_more="Los documentos que usted puede ver no dicen más sobre esto.",
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
    cues=CUES,
)
