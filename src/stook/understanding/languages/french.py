"""French, begun: no times, polarity, pointers or prompts yet."""

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
        bonjour, salut, bonsoir, coucou, hello, comment ça va, ça va, comment allez-vous
        re-bonjour, comment vas-tu, 👋
    """),
    thanks=phrases("""
        merci, merci beaucoup, remercie, parfait, super, génial, merci bien, 👍, 🙏
    """),
    goodbye=phrases("""
        au revoir, à bientôt, bonne journée, à plus tard, bonne soirée, à demain, à plus
        bon week-end, bonne nuit
    """),
    abilities=phrases("""
        que sais-tu, que sais-tu faire, que pouvez-vous faire, peux-tu m'aider, aide
        puis-je poser, ça marche
        à quoi sers-tu, documents connais-tu, aide-moi, pouvez-vous m'aider, que peux-tu faire
    """),
    identity=phrases("""
        qui es-tu, qui êtes-vous, t'appelles-tu, es-tu un, es-tu humain, ton nom, votre nom
        à qui je parle
    """),
    complaint=phrases("""
        c'est faux, pas correct, pas ma question, ne m'aide pas, mauvaise réponse
        pas répondu, pas ce que j'ai demandé, incorrect
    """),
    more=phrases("""
        plus, et, continue, quoi d'autre, plus de détails, dis-m'en plus, encore, autre chose
    """),
    shorter=phrases("plus court, trop long, en une phrase, en bref, résume"),
    doubt=phrases("""
        sûr, vraiment, êtes-vous sûr, c'est vrai, d'où ça vient, où est-ce écrit, la source
    """),
    correction=phrases("non, je voulais dire, voulais dire, je parlais, pas les"),
    fillers=phrases("""
        à tous, tu, es, il, te, plaît, s'il, vous, plaît, pour, votre, de, je, c'est, la, quelle
        est, bien, beaucoup, aide, le, en, comment, que
    """),
    who=phrases("qui, à qui, responsable"),
    when=phrases("quand, quelle date, date limite, quel jour, jusqu'à quand"),
    how_many=phrases("combien de, nombre de, nombre d'*, combien d'*"),
    how_to=phrases("""
        comment soumettre, comment réinitialiser, comment puis-je, comment faire, étapes
        que dois-je faire, comment réserver, comment obtenir, comment
    """),
    listing=phrases("liste, quels, quelles, quels sont, quelles sont, donne-moi la liste, tous"),
    definition=phrases("qu'est-ce qu'*, qu'est-ce que, que signifie, c'est quoi, définition"),
    comparison=phrases("différence*, compare*, différent*, moins cher, meilleur, que l'*, ou"),
    summary=phrases("résume, résumé, aperçu, points clés, en bref, que dit"),
    reason=phrases("pourquoi, raison"),
    negation=phrases("pas, jamais, aucun, aucune, interdit, sauf, sans, n'est"),
    existence=phrases("""
        y a-t-il, avez-vous un, avez-vous une, existe-t-il, quelque chose sur, avez-vous quelque
    """),
    permission=phrases("est-ce que, puis-je, dois-je, peut-on, est-il, doit-on, ai-je le droit"),
    amount=phrases("combien coûte, combien de temps, combien coûtent, budget, prix"),
    joining=phrases("et, ou"),
)

FRENCH = Language(
    code="fr",
    sentences=Sentences(
        refusal=(
            "Je n’ai pas trouvé de réponse à cette question dans les documents visibles pour vous."
        ),
        advice=(
            "Essayez d’autres mots, ou le nom de la chose, du lieu ou de la page dont il s’agit."
        ),
        no_answer="Je n’ai pas trouvé de réponse directe.",
        absent="Rien ici ne concerne {}.",
        closest="Voici ce qui s’en approche le plus :",
        unsupported="(introuvable dans les documents)",
        extracted="Aucun modèle de langage n’a répondu ; ce sont les mots mêmes des documents.",
        cut="Le modèle de langage a été interrompu ici ; la réponse n’est pas complète.",
        nothing_found="Rien n’a été trouvé.",
        no_sentences="Il n’y a pas de phrases à résumer.",
        no_document="Ce document n’existe pas, ou vous ne pouvez pas le voir.",
        nobody="Personne ne s’appelle {}.",
    ),
    faults=Faults(
        invalid="Cette demande n’est pas compréhensible.",
        too_large="Cette demande est trop volumineuse.",
        unauthenticated="Des identifiants valides sont nécessaires.",
        forbidden="Vous n’avez pas le droit de faire cela.",
        missing_scope="Il manque au jeton la portée {} ; elle se donne par --scopes {}.",
        not_found="Cela n’existe pas, ou vous ne pouvez pas le voir.",
        conflict="Cela a été modifié entre-temps, ou est en cours d’utilisation.",
        stopped="La réponse a été arrêtée.",
        rate_limited="Il y a trop de demandes ; réessayez plus tard.",
        timed_out="La réponse n’était pas prête à temps.",
        unavailable="Le service ne peut pas répondre pour l’instant ; réessayez sous peu.",
        unreadable="Ce fichier n’a pas pu être lu.",
        no_address="Il n’y a rien à cette adresse ; GET / énumère les interfaces de ce serveur.",
        wrong_method="Cette adresse n’accepte pas cette méthode.",
        internal=(
            "Une erreur s’est produite ici. Le journal du serveur l’indique sous "
            "le X-Request-Id de cette réponse."
        ),
    ),
    replies=Replies(
        greeting="Bonjour ! Posez-moi une question sur vos documents.",
        thanks="Je vous en prie. N’hésitez pas à poser d’autres questions.",
        goodbye="Au revoir, et bonne continuation.",
        abilities=(
            "Je cherche des réponses dans les documents que vous pouvez voir, et je montre où "
            "chacune se trouve. Documents visibles pour vous en ce moment : {count} ({names})."
        ),
        inside="Ici {name}.",
        no_documents=(
            "Je cherche des réponses dans les documents que vous pouvez voir, et je montre où "
            "chacune se trouve. En ce moment vous n’en voyez aucun ; demandez à un administrateur."
        ),
        for_instance="Vous pourriez demander, par exemple :",
        identity=(
            "Je suis Stook, un programme qui répond à partir des documents de votre organisation "
            "et dit où se trouve chaque réponse. Je ne suis pas une personne, et je ne sais que ce "
            "qui y est écrit."
        ),
        complaint=(
            "Je suis désolé, ce n’était pas ce qu’il vous fallait. Je ne trouve que ce que disent "
            "les documents : reformulez votre question, ou nommez le document ou le sujet."
        ),
        nothing_before="Il n’y a rien avant cela que je puisse poursuivre. De quoi s’agit-il ?",
        rests_on="Voici ce que dit « {title} » :",
        nothing_more="Les documents visibles pour vous n’en disent pas plus.",
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
    cues=CUES,
)
