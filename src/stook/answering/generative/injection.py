"""Tells sentences that speak to a language model from those that speak to people.

No list of phrases is complete, and nothing rests on this one alone: a model's words are checked
against the passages whatever made it write them. It keeps the plain cases away from the model,
so that they cost no answer either.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
)
_SPACED = re.compile(r"\b(?:\w[ ._*-]){4,}\w\b")
_MARKUP = re.compile(r"[*_`~>#|\"'“”‘’]+")

_OLD = r"(?:previous|prior|preceding|above|earlier|former|existing|original|all|any|every|your|the)"
_RULES = (
    r"(?:instructions?|prompts?|rules?|guidelines?|directions?|directives?|context|messages?"
    r"|passages?|constraints?|restrictions?|training|safeguards?)"
)
_MODEL = (
    r"(?:ai|a\.i\.|assistants?|chat\s?bots?|chat\s?gpt|gpt(?:-?\d)?|claude|gemini|copilot|llms?"
    r"|(?:large )?language models?|ai models?|ai agents?)"
)
_SAY = (
    r"(?:reply|respond|answer|output|print|write|say|state|repeat|echo|return|emit|append|prepend"
    r"|include|insert|add|mention|tell|reveal|disclose|begin|start|finish|end|conclude|recommend"
    r"|translate|render|use)"
)
_ANSWER = r"(?:answers?|responses?|repl(?:y|ies)|outputs?|completions?|summar(?:y|ies))"

_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:ignore|disregard|forget|override|overrule|bypass|skip|drop|neglect|discard|cancel)\b"
        rf"[^.!?]{{0,40}}?\b{_OLD}\b[^.!?]{{0,40}}?\b{_RULES}\b",
        r"\b(?:ignore|disregard|forget|override)\b[^.!?]{0,30}\b(?:you were told|everything"
        r"|question|documents?|sources?)\b",
        r"\b(?:system|developer|hidden|initial|secret|internal)[ _-]+(?:prompt|message|instruct)",
        r"\b(?:new|updated|revised|real|actual|following) instructions?\b[^.!?]{0,20}:",
        rf"\byou are (?:now |no longer |actually |really )?(?:an? |the |in )?(?:\w+ ){{0,2}}"
        rf"(?:{_MODEL}|dan|jailbroken|unrestricted|(?:developer|debug|admin|god) mode)\b",
        rf"\bas an? {_MODEL}\b",
        r"\b(?:if|when(?:ever)?|while|in case) (?:you are|you're|an?|the|any"
        rf"|this [^.!?]{{1,30}}\bby) (?:an? |any )?{_MODEL}\b",
        rf"\b(?:attention|note|notice|message|instructions?|important|reminder|dear|hey|hello)\b"
        rf"[^.!?]{{0,25}}\b{_MODEL}\b",
        rf"\b{_MODEL}\b[,:]? (?:must|should|shall|will|needs? to|ha(?:s|ve) to|is|are)\b"
        rf"[^.!?]{{0,50}}\b(?:{_SAY}|ignore|told|instructed|required|cite|call|send|never)\b",
        rf"^\W*{_MODEL}\s*[:,]",
        rf"\b{_SAY}\b[^.!?]{{0,25}}\b(?:only|exactly|verbatim|solely|nothing but|just)\b"
        rf"[^.!?]{{0,40}}\b(?:words?|phrase|sentence|text|string|token|code|following|with)\b",
        r"\b(?:reply|respond|answer)\b(?: only)? (?:with|by saying|using)\b",
        r"\b(?:only|always|never|instead,?|must|please)\b[^.!?]{0,20}\b(?:reply|respond|answer|output"
        r"|cite|repeat|print)\b[^.!?]{0,30}\b(?:with|that|exactly|the words?|this|only|in)\b",
        rf"\b{_SAY}\b[^.!?]{{0,60}}\b(?:your|every|each|all|the (?:final|next)) "
        rf"(?:next |final |own |future )?{_ANSWER}\b",
        rf"\b(?:begin|start|end|finish|conclude|preface|prefix|sign)\b[^.!?]{{0,20}}\b{_ANSWER}\b",
        rf"\b(?:into|at the end of|before) (?:your|every|each) {_ANSWER}\b",
        r"\b(?:do not|don't|never|stop) (?:cite|citing|mention(?:ing)? (?:this|these)|answer|refuse"
        r"|tell the user|reveal|use the (?:other )?(?:passages?|documents?|sources?))\b",
        rf"\b(?:every|each|any|all) (?:{_ANSWER}|questions?)\b[^.!?]{{0,40}}\b(?:must|shall|has to"
        rf"|have to|needs? to|is to|are to)\b[^.!?]{{0,20}}\b{_SAY}\b",
        r"\banswer (?:every|each|all|any) questions?\b[^.!?]{0,40}\b(?:with|by|as)\b",
        rf"\b(?:in|within) your {_ANSWER}\b",
        r"\btell the (?:user|person asking|reader)s?\b",
        r"\b(?:is|required|told|instructed|asked) to (?:output|print|reply|respond)\b",
        r"\buser\s*:[^\n]{0,100}\bassistant\s*:",
        r"\b(?:copy|paste|put) (?:this|the following) (?:line|text|tag|image|link)\b[^.!?]{0,20}"
        r"\binto\b",
        r"\bthe user is (?:now )?(?:an? |the )?(?:admin\w*|root|owner|authori[sz]ed)\b",
        r"\bcite (?:only|instead|document|passage|source|\[)",
        r"\b(?:passages?|sources?|documents?) (?:number )?\[?\d+\]? (?:is|are) (?:wrong|false|void"
        r"|outdated|the only|fake|untrusted)\b",
        r"\b(?:call|invoke) (?:the|a|this|your) (?:\w+ ){0,2}(?:tool|function|plugin|api)\b",
        r"\b(?:use|run|execute) your (?:\w+ ){0,2}(?:tools?|functions?|plugins?|shell|browser)\b",
        r"\btool_?calls?\b|\bfunction_?calls?\b|\"?(?:name|tool)\"?\s*:\s*\"\w+\"\s*,\s*\"?arguments",
        r"\b(?:pretend|act|behave|role-?play)\b[^.!?]{0,15}\b(?:as|to be|like|that)\b[^.!?]{0,30}"
        rf"\b(?:{_MODEL}|if|there (?:are|is) no|admin|root|pirate|character|expert)\b",
        r"<\|[^|>]{1,40}\|>|\[/?INST\]|<</?SYS>>|</s>|<(?:start|end)_of_turn>",
        r"</?\s*(?:system|assistant|user|human|instructions?|passages?|documents?|context|prompt)\b"
        r"[^>]{0,40}>",
        r"^\W*(?:system|assistant|human|developer)\s*:",
        r"«/?\d",
        r"\b(?:base64|rot13)\b[^.!?]{0,30}\b(?:decode|follow|obey)|\b(?:decode|obey) [^.!?]{0,30}"
        r"\b(?:base64|rot13)\b",
        r"\bno answer\b",
        # The plain form in other languages.
        r"\b(?:ignorier|vergiss|missachte)\w*\b[^.!?]{0,40}\b(?:anweisung|vorgabe|regel)\w*",
        r"\b(?:ignor|oubli|olvid|dimentic|negeer|esquec)\w*\b[^.!?]{0,40}\b(?:instruc\w*|consign\w*"
        r"|istruzion\w*|instructies?|reglas|règles|instruç\w*)",
        r"\b(?:antworte?|answer|réponds?|répondez|responde|rispondi|antwoord)\w*\b[^.!?]{0,20}\b(?:nur"
        r"|seulement|uniquement|solo|sólo|soltanto|alleen|ausschließlich)\b",
        r"(?:忽略|无视|忽視|無視|忘记|忘記)[^。！？]{0,20}(?:指令|指示|提示|规则|規則)",
        r"(?:指示|命令|プロンプト)[^。！？]{0,10}(?:無視|忘れ)",
        r"(?:игнорируй|игнорируйте|забудь|забудьте)[^.!?]{0,40}(?:инструкц|указани|правил)\w*",
        r"(?:تجاهل|انس)[^.!?؟]{0,40}(?:التعليمات|الأوامر|القواعد)",
    )
)


def addresses_model(text: str) -> bool:
    """Whether a sentence, title or heading gives instructions to whatever reads it for a user."""
    return any(pattern.search(form) for form in _forms(text) for pattern in _PATTERNS)


def _forms(text: str) -> tuple[str, ...]:
    """The text as it is, and as it reads without tricks of writing."""
    shown = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).split())
    plain = " ".join(_MARKUP.sub(" ", shown).split())
    joined = _SPACED.sub(lambda match: re.sub(r"[ ._*-]", "", match[0]), plain)
    return tuple(dict.fromkeys((shown, plain, joined)))
