"""Languages in which Stook only says its own sentences."""

from __future__ import annotations

from stook.understanding.languages.base import NO_WORDS, Faults, Language, Replies, Sentences

ITALIAN = Language(
    code="it",
    sentences=Sentences(
        refusal="Non ho trovato una risposta a questa domanda nei documenti che può vedere.",
        advice=(
            "Provi con altre parole, o con il nome della cosa, del luogo o della pagina che cerca."
        ),
        no_answer="Non ho trovato una risposta diretta.",
        absent="Qui non c’è nulla su {}.",
        closest="Questo è ciò che più si avvicina:",
        unsupported="(non trovato nei documenti)",
        extracted="Nessun modello linguistico ha risposto; queste sono le parole dei documenti.",
        cut="Il modello linguistico è stato interrotto qui; la risposta non è completa.",
        nothing_found="Non è stato trovato nulla.",
        no_sentences="Non ci sono frasi da riassumere.",
        no_document="Questo documento non esiste, o non può vederlo.",
        nobody="Non c’è nessuno di nome {}.",
    ),
    faults=Faults(
        invalid="Questa richiesta non è comprensibile.",
        too_large="Questa richiesta è troppo grande.",
        unauthenticated="Servono credenziali valide.",
        forbidden="Non ha il diritto di farlo.",
        missing_scope="Al token manca l’ambito {}; si assegna con --scopes {}.",
        not_found="Questo non esiste, o non può vederlo.",
        conflict="Nel frattempo è stato modificato, oppure è in uso.",
        stopped="La risposta è stata fermata.",
        rate_limited="Le richieste sono troppe; riprovi più tardi.",
        timed_out="La risposta non era pronta in tempo.",
        unavailable="Il servizio non può rispondere adesso; riprovi tra poco.",
        unreadable="Non è stato possibile leggere questo file.",
        no_address="A questo indirizzo non c’è nulla; GET / elenca le interfacce di questo server.",
        wrong_method="Questo indirizzo non accetta questo metodo.",
        internal=(
            "Qui qualcosa è andato storto. Il registro del server lo riporta sotto "
            "l’X-Request-Id di questa risposta."
        ),
    ),
    replies=Replies(
        greeting="Buongiorno! Mi chieda ciò a cui i suoi documenti possono rispondere.",
        thanks="Prego. Chieda pure se le serve altro.",
        goodbye="Arrivederci, e buona continuazione.",
        abilities=(
            "Cerco risposte nei documenti che può vedere e mostro dove si trova "
            "ciascuna. Documenti che vede ora: {count} ({names})."
        ),
        inside="Questo è {name}.",
        no_documents=(
            "Cerco risposte nei documenti che può vedere. Ora non ne vede nessuno; "
            "chieda a un amministratore."
        ),
        for_instance="Potrebbe chiedere, per esempio:",
        identity=(
            "Sono Stook, un programma che risponde dai documenti della sua "
            "organizzazione e dice dove si trova ogni risposta."
        ),
        complaint=(
            "Mi dispiace, non era ciò che le serviva. Trovo solo ciò che dicono i "
            "documenti: chieda con altre parole, o nomini il documento."
        ),
        nothing_before="Prima di questo non c’è nulla da cui proseguire. Di che cosa si tratta?",
        rests_on="Ecco che cosa dice «{title}»:",
        nothing_more="I documenti che può vedere non dicono altro.",
    ),
    function_words=NO_WORDS,
)
JAPANESE = Language(
    code="ja",
    sentences=Sentences(
        refusal="閲覧できる文書の中に、この質問への答えは見つかりませんでした。",
        advice="別の言葉や、知りたい物・場所・ページの名前でお試しください。",
        no_answer="直接の答えは見つかりませんでした。",
        absent="{}に関するものはここにはありません。",
        closest="最も近いのは次のとおりです。",
        joint="",
        unsupported="（文書にはありません）",
        extracted="言語モデルが応答しなかったため、文書の言葉をそのまま示しています。",
        cut="言語モデルの出力がここで打ち切られたため、この回答は完全ではありません。",
        nothing_found="何も見つかりませんでした。",
        no_sentences="要約できる文がありません。",
        no_document="この文書は存在しないか、閲覧する権限がありません。",
        nobody="{} という人はいません。",
    ),
    faults=Faults(
        invalid="このリクエストは解釈できません。",
        too_large="このリクエストは大きすぎます。",
        unauthenticated="有効な認証情報が必要です。",
        forbidden="この操作を行う権限がありません。",
        missing_scope="トークンにスコープ {} がありません。--scopes {} で付与できます。",
        not_found="存在しないか、閲覧する権限がありません。",
        conflict="その間に変更されたか、使用中です。",
        stopped="回答は停止されました。",
        rate_limited="リクエストが多すぎます。後でもう一度お試しください。",
        timed_out="回答が時間内に用意できませんでした。",
        unavailable="現在応答できません。しばらくしてからもう一度お試しください。",
        unreadable="このファイルは読み取れません。",
        no_address="このアドレスには何もありません。GET / でこのサーバーの API を確認できます。",
        wrong_method="このアドレスではこのメソッドを使えません。",
        internal=(
            "サーバーで問題が発生しました。"
            "サーバーのログに、この応答の X-Request-Id で記録されています。"
        ),
    ),
    replies=Replies(
        greeting="こんにちは。文書に書かれていることなら、何でもお尋ねください。",
        thanks="どういたしまして。ほかにもあればお尋ねください。",
        goodbye="さようなら。",
        abilities="閲覧できる文書から答えを探し、それがどこにあるかを示します。現在は{names}の{count}件です。",
        inside="{name}です。",
        no_documents="閲覧できる文書から答えを探します。現在閲覧できる文書はありません。管理者にお尋ねください。",
        for_instance="たとえば、次のように質問できます。",
        identity="Stookです。組織の文書から質問に答え、答えの場所を示すプログラムです。",
        complaint="お役に立てず申し訳ありません。文書にあることしか見つけられません。別の言葉で、または文書名を挙げてお尋ねください。",
        nothing_before="この前に続きとなる話がありません。何についてのご質問ですか。",
        rests_on="「{title}」には次のようにあります。",
        nothing_more="閲覧できる文書には、これ以上のことは書かれていません。",
    ),
    function_words=NO_WORDS,
)
DUTCH = Language(
    code="nl",
    sentences=Sentences(
        refusal="Ik heb hierop geen antwoord gevonden in de documenten die u kunt zien.",
        advice=(
            "Probeer het met andere woorden, of met de naam van de zaak, plaats of "
            "pagina die u bedoelt."
        ),
        no_answer="Ik heb geen direct antwoord gevonden.",
        absent="Hier staat niets over {}.",
        closest="Dit komt het dichtst in de buurt:",
        unsupported="(niet in de documenten gevonden)",
        extracted="Geen taalmodel heeft geantwoord; dit zijn de woorden van de documenten zelf.",
        cut="Het taalmodel is hier afgebroken; het antwoord is niet volledig.",
        nothing_found="Er is niets gevonden.",
        no_sentences="Er zijn geen zinnen om samen te vatten.",
        no_document="Dit document bestaat niet, of u mag het niet zien.",
        nobody="Er is niemand met de naam {}.",
    ),
    faults=Faults(
        invalid="Dit verzoek is niet te begrijpen.",
        too_large="Dit verzoek is te groot.",
        unauthenticated="Hiervoor zijn geldige inloggegevens nodig.",
        forbidden="U hebt niet het recht om dit te doen.",
        missing_scope="Het token mist het bereik {}; het wordt gegeven met --scopes {}.",
        not_found="Dit bestaat niet, of u mag het niet zien.",
        conflict="Dit is intussen gewijzigd, of is in gebruik.",
        stopped="Het antwoord is gestopt.",
        rate_limited="Dit zijn te veel verzoeken; probeer het later opnieuw.",
        timed_out="Het antwoord was niet op tijd klaar.",
        unavailable="De dienst kan nu niet antwoorden; probeer het zo dadelijk opnieuw.",
        unreadable="Dit bestand kan niet worden gelezen.",
        no_address="Op dit adres is niets; GET / noemt de interfaces van deze server.",
        wrong_method="Dit adres kent deze methode niet.",
        internal=(
            "Hier ging iets mis. Het logboek van de server heeft het onder de "
            "X-Request-Id van dit antwoord."
        ),
    ),
    replies=Replies(
        greeting="Hallo! Vraag me wat uw documenten kunnen beantwoorden.",
        thanks="Graag gedaan. Vraag gerust als er nog iets is.",
        goodbye="Tot ziens, en het beste.",
        abilities=(
            "Ik zoek antwoorden in de documenten die u mag zien en laat zien waar "
            "elk staat. Documenten die u nu ziet: {count} ({names})."
        ),
        inside="Dit is {name}.",
        no_documents=(
            "Ik zoek antwoorden in de documenten die u mag zien. Nu ziet u er "
            "geen; vraag een beheerder."
        ),
        for_instance="U kunt bijvoorbeeld vragen:",
        identity=(
            "Ik ben Stook, een programma dat vragen beantwoordt uit de documenten "
            "van uw organisatie en zegt waar elk antwoord staat."
        ),
        complaint=(
            "Het spijt me, dat was niet wat u nodig had. Ik vind alleen wat in de "
            "documenten staat: vraag het in andere woorden, of noem het document."
        ),
        nothing_before="Hiervoor staat niets waarop ik kan doorgaan. Waar gaat het over?",
        rests_on="Dit staat in “{title}”:",
        nothing_more="Meer staat er niet over in de documenten die u kunt zien.",
    ),
    function_words=NO_WORDS,
)
PORTUGUESE = Language(
    code="pt",
    sentences=Sentences(
        refusal="Não encontrei uma resposta a isto nos documentos que pode ver.",
        advice="Tente outras palavras, ou o nome da coisa, do lugar ou da página que procura.",
        no_answer="Não encontrei uma resposta direta.",
        absent="Não há aqui nada sobre {}.",
        closest="Isto é o que mais se aproxima:",
        unsupported="(não encontrado nos documentos)",
        extracted="Nenhum modelo de linguagem respondeu; estas são as palavras dos documentos.",
        cut="O modelo de linguagem foi interrompido aqui; a resposta não está completa.",
        nothing_found="Não foi encontrado nada.",
        no_sentences="Não há frases para resumir.",
        no_document="Este documento não existe, ou não o pode ver.",
        nobody="Não há ninguém chamado {}.",
    ),
    faults=Faults(
        invalid="Não é possível compreender este pedido.",
        too_large="Este pedido é demasiado grande.",
        unauthenticated="São necessárias credenciais válidas.",
        forbidden="Não tem o direito de fazer isto.",
        missing_scope="Falta ao token o âmbito {}; é dado com --scopes {}.",
        not_found="Isso não existe, ou não o pode ver.",
        conflict="Isso foi alterado entretanto, ou está em uso.",
        stopped="A resposta foi interrompida.",
        rate_limited="Há demasiados pedidos; tente novamente mais tarde.",
        timed_out="A resposta não ficou pronta a tempo.",
        unavailable="O serviço não pode responder agora; tente novamente dentro de momentos.",
        unreadable="Não foi possível ler este ficheiro.",
        no_address="Não há nada neste endereço; GET / enumera as interfaces deste servidor.",
        wrong_method="Este endereço não aceita este método.",
        internal=(
            "Algo correu mal aqui. O registo do servidor tem-no sob o X-Request-Id desta resposta."
        ),
    ),
    replies=Replies(
        greeting="Olá! Pergunte-me o que os seus documentos possam responder.",
        thanks="De nada. Pergunte se precisar de mais alguma coisa.",
        goodbye="Adeus, e tudo de bom.",
        abilities=(
            "Procuro respostas nos documentos que pode ver e mostro onde está cada "
            "uma. Documentos que vê neste momento: {count} ({names})."
        ),
        inside="Este é {name}.",
        no_documents=(
            "Procuro respostas nos documentos que pode ver. Neste momento não vê "
            "nenhum; peça a um administrador."
        ),
        for_instance="Pode perguntar, por exemplo:",
        identity=(
            "Sou o Stook, um programa que responde a partir dos documentos da sua "
            "organização e diz onde está cada resposta."
        ),
        complaint=(
            "Lamento, não era o que precisava. Só encontro o que dizem os "
            "documentos: pergunte com outras palavras, ou nomeie o documento."
        ),
        nothing_before="Não há nada antes disto por onde continuar. De que se trata?",
        rests_on="Isto é o que diz “{title}”:",
        nothing_more="Os documentos que pode ver não dizem mais sobre isto.",
    ),
    function_words=NO_WORDS,
)
