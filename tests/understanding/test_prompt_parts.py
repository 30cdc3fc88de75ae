"""The question in prompts as programs write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stook.understanding.prompt_parts import is_instruction, passages_beside, read_prompt

Q = "How many days of vacation do I get?"
F = "Wie viele Urlaubstage habe ich im Jahr?"
PASSAGE = "Every employee has 27 days of paid vacation a year. Company holidays come on top."
MORE = "Contractors have no paid vacation. They agree on their days off with their client."
DE = "Jeder Mitarbeiter hat 27 Tage bezahlten Urlaub im Jahr. Feiertage kommen hinzu."

BARE = [  # an instruction around the question, and no passages
    "You are an HR assistant. Answer the employee's question: {q}",
    "You are an HR assistant. Be concise. {q}",
    "{q} Answer in one sentence and cite your sources.",
    "Answer about Acme Corp using only the documents. Cite every claim. Question: {q}",
    "You are a helpful assistant.\n\nUser: {q}\nAssistant:",
    "System: You answer questions of employees.\nHuman: {q}\nAI:",
    "Question: {q}",
    "Q: {q}\nA:",
    "**Question:** {q}",
    "### Instruction\nAnswer briefly.\n\n### Question\n{q}\n\n### Answer\n",
    "## Task\nYou are the help desk of Alderbrook.\n\n## User question\n{q}",
    "Please answer the following question: {q}",
    "Answer the following question in at most two sentences.\n\n{q}",
    "I have a question: {q}",
    "My question is: {q}",
    "{q}\n\nDo not make anything up. If you don't know, say so.",
    "{q} (answer in one sentence)",
    "{q}\nThink step by step.",
    "{q} Please respond in German.",
    "Respond in JSON with the keys answer and sources. {q}",
    "Act as an expert in our policies. Keep your answer short. {q}",
    "<instructions>Be polite. Cite your sources.</instructions>\n<question>{q}</question>",
    "<system>You are a bot.</system><user_question>{q}</user_question>",
    "[INSTRUCTIONS]\nOnly use company documents.\n[QUESTION]\n{q}\n[/QUESTION]",
    "User: Hello!\nAssistant: Hello, how can I help?\nUser: {q}\nAssistant:",
    "Question: Where is the canteen?\nAnswer: On floor 2.\n\nQuestion: {q}\nAnswer:",
    "Your task is to help employees. You must always cite the documents. {q}",
    "Using only the documents, {q}",
    "Based on the provided context, {q}",
    "If the answer is not in the documents, say that you do not know.\n{q}",
    "Du bist ein Assistent der Personalabteilung. Antworte kurz. {q}",
    "Beantworte die Frage des Mitarbeiters: {q}",
    "Sie sind ein hilfreicher Assistent. Bitte beantworten Sie die folgende Frage: {q}",
    "{q} Antworte in einem Satz und nenne die Quellen.",
    "{q}\n\nErfinde nichts. Wenn du die Antwort nicht kennst, sage das.",
    "Anweisung: Sei präzise.\nFrage: {q}\nAntwort:",
    "Nutzerfrage: {q}",
    "Nutze nur die Dokumente des Unternehmens. Frage: {q}",
    "Ich habe eine Frage: {q}",
]
WITH_PASSAGES = [
    "Use ONLY the following documents to answer. {p} Question: {q}",
    "Context: {p}\n\nQuestion: {q}\n\nAnswer:",
    "Context:\n{p}\n\nQuestion:\n{q}",
    "Use the following pieces of context to answer the question at the end. If you don't know "
    "the answer, just say that you don't know, don't try to make up an answer.\n\n{p}\n\n"
    "Question: {q}\nHelpful Answer:",
    "Context information is below.\n---------------------\n{p}\n---------------------\nGiven the "
    "context information and not prior knowledge, answer the query.\nQuery: {q}\nAnswer:",
    "Answer the question based only on the following context:\n{p}\n\nQuestion: {q}",
    "You are an assistant for question-answering tasks. Use the following pieces of retrieved "
    "context to answer the question. Keep it concise.\nQuestion: {q}\nContext: {p}\nAnswer:",
    "<context>\n{p}\n</context>\n\n<question>{q}</question>",
    "<documents>\n{p}\n</documents>\n\n{q}",
    "### Context\n{p}\n\n### Question\n{q}",
    "Here are the relevant documents:\n{p}\n\nUser question: {q}",
    "{q}\n\nContext:\n{p}",
    'Use the text below to answer.\n"""\n{p}\n"""\n{q}',
    "Sources:\n{p}\n\nBased on the sources above, answer this question: {q}",
    "Document 1: {p}\nQuestion: {q}",
    "Question: {q}\n\nPassages:\n{p}\n\nAnswer:",
    "Kontext: {p}\n\nFrage: {q}\n\nAntwort:",
    "Nutze nur die folgenden Dokumente. {p} Frage: {q}",
    "Beantworte die Frage anhand der folgenden Auszüge:\n{p}\n\nFrage: {q}\nAntwort:",
    "Hier sind die relevanten Dokumente:\n{p}\n\nFrage des Kunden: {q}",
]  # fmt: skip


@pytest.mark.parametrize("question", [Q, F, "What does error 77 mean? It came up in Lisbon."])
@pytest.mark.parametrize("form", BARE)
def test_the_question_is_found(form: str, question: str) -> None:
    found = read_prompt(form.format(q=question))
    assert " ".join(found.question.split()) == question
    assert found.passages == ()


@pytest.mark.parametrize(
    ("question", "passage"), [(Q, PASSAGE), (F, DE), (Q, f"{PASSAGE}\n\n{MORE}")]
)
@pytest.mark.parametrize("form", WITH_PASSAGES)
def test_the_question_and_the_passages_are_found(form: str, question: str, passage: str) -> None:
    found = read_prompt(form.format(q=question, p=passage))
    assert found.question == question
    assert " ".join(" ".join(found.passages).split()) == " ".join(passage.split())


@pytest.mark.parametrize(
    "text",
    [
        Q,
        "vacation days",
        "I am moving to Lisbon in May. How many days of relocation leave do I get?",
        "Give me the list of all company holidays.",
        "List the steps of a database migration.",
        "Summarise the travel policy.",
        "What is the answer key of the safety test?",
        "Office in Lisbon: what is the Wi-Fi network?",
        "Error: connection refused. What should I do?",
        "Can I use the company car on weekends?",
        "Use of company cars on weekends?",
        "Compare the old policy with the new one: what has changed for parents?",
        "My laptop was stolen. The police have a report. What must I do now?",
        "At 10:30 the alarm went off. Where do we meet?",
        "See https://intranet.example/leave: does it still hold?",
        "Was ist die Frist für Spesen? Ich war im Mai in Lissabon.",
        "Ich bin neu hier. Wie bekomme ich einen Laptop?",
        "<b>bold</b> in HTML: how is it written?",
        "You are closed on Fridays, right?",
        "Who answers questions about pay?",
    ],
)
def test_what_somebody_wrote_stays_as_it_is(text: str) -> None:
    found = read_prompt(text)
    assert (found.question, found.instructions, found.passages) == (text, "", ())


def test_instructions_are_kept() -> None:
    found = read_prompt(f"You are an HR assistant. Be concise. {Q} Cite your sources.")
    assert found.instructions.split("\n") == [
        "You are an HR assistant.",
        "Be concise.",
        "Cite your sources.",
    ]


def test_questions_inside_of_passages_are_not_asked() -> None:
    faq = "Question: Where is the canteen?\nAnswer: On floor 2."
    assert read_prompt(f"Question: {Q}\n\nContext:\n{faq}").question == Q
    assert read_prompt(f"Context:\n{faq}\n\nQuestion: {Q}").question == Q


def test_only_instructions_are_a_question_all_the_same() -> None:
    for text in ("Be concise.", "Question:", "Context:", "Answer: \n", "You are an HR assistant."):
        assert read_prompt(text).question.strip()
    assert is_instruction("Be concise.") and not is_instruction("Be concise?")


@given(st.text(max_size=200))
def test_any_text_has_a_question(text: str) -> None:
    found = read_prompt(text)
    assert bool(found.question.strip()) == bool(text.strip())


@pytest.mark.parametrize("piece", ["question: ", "<context>", "a: ", "use the ", "(", "#\n", "be "])
def test_long_texts_of_anything_are_read(piece: str) -> None:
    assert read_prompt(piece * (20_000 // len(piece))).question


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("You are an assistant.\nContext: The pier shuts at nine.", ("The pier shuts at nine.",)),
        ("Use the following documents:\nThe pier shuts at nine.", ("The pier shuts at nine.",)),
        ("<documents>The pier shuts at nine.</documents> Be kind.", ("The pier shuts at nine.",)),
        ("Kontext: Der Steg schließt um neun.", ("Der Steg schließt um neun.",)),
        ("You are an assistant. Answer in one sentence.", ()),
        ("You help the people of Acme.", ()),
    ],
)
def test_passages_beside_a_question(text: str, found: tuple[str, ...]) -> None:
    assert passages_beside(text, whole=False) == found


def test_a_context_message_is_a_passage_but_for_what_says_how_to_answer() -> None:
    text = "The pier shuts at nine. Answer in one sentence."
    assert passages_beside(text, whole=True) == ("The pier shuts at nine.",)
    assert passages_beside("Answer in one sentence.", whole=True) == ()
