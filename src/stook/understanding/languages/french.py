"""French, begun: function words and what Stook itself says."""

from __future__ import annotations

from stook.understanding.languages.base import Language, Sentences, words

FRENCH = Language(
    code="fr",
    sentences=Sentences(
        refusal=(
            "Je n’ai pas trouvé de réponse à cette question dans les documents visibles pour vous."
        ),
        unsupported="(introuvable dans les documents)",
        extracted="Aucun modèle de langage n’a répondu ; ce sont les mots mêmes des documents.",
        cut="Le modèle de langage a été interrompu ici ; la réponse n’est pas complète.",
        nothing_found="Rien n’a été trouvé.",
        no_sentences="Il n’y a pas de phrases à résumer.",
        no_document="Ce document n’existe pas, ou vous ne pouvez pas le voir.",
        nobody="Personne ne s’appelle {}.",
    ),
    function_words=words(
        "le la les l un une des du de d au aux et ou mais donc or ni car que qui quoi dont où "
        "je tu il elle on nous vous ils elles me te se lui leur leurs mon ma mes ton ta tes son sa "
        "ses notre nos votre vos ce cet cette ces ça cela y en ne pas plus est sont était suis es "
        "être a ai as avons avez ont avoir peut peux peuvent doit dois doivent faut quel quelle "
        "quels quelles comment combien quand pourquoi pour par avec sans dans sur sous chez entre "
        "vers si comme aussi très"
    ),
    question_words=words(
        "qui que quoi où quand comment combien pourquoi quel quelle quels quelles"
    ),
    auxiliaries=words("est sont était a ont peut peuvent doit doivent faut"),
    prepositions=words("pour par avec sans dans sur sous chez entre vers en à"),
)
