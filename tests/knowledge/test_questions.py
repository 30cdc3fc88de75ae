"""Questions made of headings, FAQ entries and statements, in four languages."""

from __future__ import annotations

import pytest

from stook.knowledge.questions.making import (
    LONGEST_SENTENCE,
    OF_A_DOCUMENT,
    MadeQuestion,
    Origin,
    as_question,
    questions_of,
)

ENGLISH = "This is what the people who work with us need to know of it, and it is for all of you."
GERMAN = (
    "Das ist, was die Mitarbeitenden von uns und von der Firma wissen sollen, und es ist für Sie."
)
SPANISH = "Esto es lo que la gente de la empresa y los que trabajan en el equipo deben saber."
FRENCH = "Voici ce que les gens de la société et des équipes doivent savoir, et c’est pour vous."


def made(text: str, opening: str = ENGLISH) -> list[MadeQuestion]:
    return questions_of(f"{opening}\n\n{text}\n")


def asked(text: str, opening: str = ENGLISH) -> list[str]:
    return [one.question for one in made(text, opening)]


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        (
            "Vacation days that you carry over expire on 31 March.",
            "When do vacation days that I carry over expire?",
        ),
        ("Carried-over days expire at the end of March.", "When do carried-over days expire?"),
        ("The canteen closes at 14:00.", "When does the canteen close?"),
        ("Laptops are replaced every 3 years.", "How often are laptops replaced?"),
        ("Backups are kept for 30 days.", "How long are backups kept?"),
        ("The daily allowance is £48.", "How much is the daily allowance?"),
        ("A parking space costs 40 euros a month.", "How much does a parking space cost?"),
        ("Probation lasts five months.", "How long does probation last?"),
        (
            "You receive 27 days of paid vacation a year.",
            "How many days of paid vacation do I receive?",
        ),
        (
            "Every employee has 5 days of study leave.",
            "How many days of study leave does every employee have?",
        ),
        (
            "You must hand in your receipts within 45 days.",
            "When do I have to hand in my receipts?",
        ),
        (
            "Employees may work from another country for up to 50 days.",
            "Can employees work from another country?",
        ),
        ("Expense reports are approved by the team lead.", "Who approves expense reports?"),
        ("To request a new badge, write to the front desk.", "How do I request a new badge?"),
        ("ARR is the revenue of a year.", "What is ARR?"),
    ],
)
def test_statements(statement: str, question: str) -> None:
    assert asked(statement) == [question]
    one = made(statement)[0]
    assert one.origin is Origin.STATEMENT
    whole = f"{ENGLISH}\n\n{statement}\n"
    assert whole[one.answer.start : one.answer.end] == statement


@pytest.mark.parametrize(
    "statement",
    [
        "It expires on 31 March.",
        "This is a network monitor.",
        "If you are ill, days that you planned expire on 31 March.",
        "You can find the form here.",
        f"You may {'take a long walk in the park ' * 4}.",
        "The price is what it is.",
        "Write to https://example.com or pay £40.",
        f"The daily allowance {'and so on ' * (LONGEST_SENTENCE // 10)} is £48.",
    ],
)
def test_what_leans_on_its_neighbours_makes_none(statement: str) -> None:
    assert asked(statement) == []


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("Who may see my pay?", "Who may see my pay?"),
        ("Q3: what if I am ill?", "What if I am ill?"),
        ("How to book a desk", "How do I book a desk?"),
        ("Requesting vacation", "How do I request vacation?"),
        ("Working from abroad", "How do I work from abroad?"),
        ("How company holidays are chosen", "How are company holidays chosen?"),
        ("What is not paid", "What is not paid?"),
        ("Core hours", "What are the core hours?"),
        ("2. Parental Leave", "How does parental leave work?"),
        ("Referral bonus", "How does the referral bonus work?"),
        ("Gifts", "What are the rules for gifts?"),
    ],
)
def test_headings(heading: str, question: str) -> None:
    text = f"## {heading}\n\nYou must ask before; parental leave is no exception."
    assert question in asked(text)
    assert next(one for one in made(text) if one.question == question).origin is Origin.HEADING


@pytest.mark.parametrize(
    "heading",
    ["Overview", "Overview of benefits", "Hamburg, Germany", "Limits", "Meeting rooms 2026"],
)
def test_headings_that_name_no_question(heading: str) -> None:
    assert asked(f"## {heading}\n\nNothing is said here.") == []


def test_entries_of_a_faq() -> None:
    text = """\
## FAQ

**Can I bring my dog?**
Yes, on Fridays.

Q: Is there parking?
A: Yes, below the house.

- Where is the printer?
- What does this mean?
"""
    found = made(text)
    assert [(one.origin, one.question) for one in found] == [
        (Origin.FAQ, "Can I bring my dog?"),
        (Origin.FAQ, "Is there parking?"),
    ]
    whole = f"{ENGLISH}\n\n{text}\n"
    assert whole[found[0].answer.start : found[0].answer.end].startswith("Yes, on Fridays.")


@pytest.mark.parametrize(
    ("opening", "text", "question"),
    [
        (
            GERMAN,
            "Übertragene Urlaubstage verfallen am 31. März.",
            "Wann verfallen übertragene Urlaubstage?",
        ),
        (GERMAN, "Die Probezeit dauert sechs Monate.", ""),
        (GERMAN, "Die Probezeit dauert 6 Monate.", "Wie lange dauert die Probezeit?"),
        (GERMAN, "Das Tagegeld beträgt 48 Euro.", "Wie hoch ist das Tagegeld?"),
        (
            GERMAN,
            "Um Urlaub zu beantragen, füllen Sie das Formular aus.",
            "Wie kann ich Urlaub beantragen?",
        ),
        (
            GERMAN,
            "## Urlaub beantragen\n\nFragen Sie Ihre Leitung.",
            "Wie kann ich Urlaub beantragen?",
        ),
        (
            SPANISH,
            "Los días no disfrutados caducan el 31 de marzo.",
            "¿Cuándo caducan los días no disfrutados?",
        ),
        (SPANISH, "Para pedir un portátil, escribe al servicio.", "¿Cómo puedo pedir un portátil?"),
        (
            FRENCH,
            "Les congés reportés expirent le 31 mars.",
            "Quand expirent les congés reportés ?",
        ),
        (FRENCH, "Pour demander un badge, écrivez à l’accueil.", "Comment demander un badge ?"),
    ],
)
def test_other_languages(opening: str, text: str, question: str) -> None:
    assert asked(text, opening) == ([question] if question else [])


def test_a_document_makes_so_many_at_most() -> None:
    text = "\n\n".join(f"## Who may use room {number}?\n\nAll." for number in range(200))
    assert len(asked(text)) == OF_A_DOCUMENT


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("when do carried-over days\nexpire?", "When do carried-over days expire?"),
        ("And for those?", ""),
        ("carried-over days", ""),
        ("Can ann@example.com see my pay?", ""),
        ("Why? Because I say so?", ""),
    ],
)
def test_what_somebody_asked(text: str, question: str) -> None:
    assert as_question(text) == question
