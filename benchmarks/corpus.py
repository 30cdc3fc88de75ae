"""Made documents for benchmarks: plausible policies, all different, the same on every run."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

TEAMS = (
    "Finance Legal Support Sales Platform Design Security Research Facilities Logistics Data "
    "Marketing Partnerships Compliance Recruiting Procurement Analytics Mobile Payments Training"
).split()
SUBJECTS = (
    "laptop refresh, travel booking, invoice approval, visitor badge, parental leave, on-call "
    "rota, data retention, customer refund, code freeze, vendor review, office move, key "
    "rotation, press enquiry, expense report, training budget, incident report, contract "
    "renewal, sick note, parking permit, home office"
).split(", ")
ACTORS = (
    "the team lead, a second reviewer, the duty manager, the regional director, the service "
    "desk, the budget owner, the data steward, the office coordinator"
).split(", ")
ACTIONS = (
    "approves the request, records the outcome in the register, informs everybody concerned, "
    "checks the attached evidence, returns incomplete forms, files a copy with the archive, "
    "opens a follow-up ticket, sets the date of the next review"
).split(", ")
CONDITIONS = (
    "the amount exceeds {n} euros, the notice is shorter than {n} days, more than {n} people "
    "are affected, the document is older than {n} months, the supplier is rated below {n}, "
    "fewer than {n} hours remain, the site has over {n} desks"
).split(", ")
ASIDES = (
    "This was agreed in review {n} and has not changed since.",
    "Questions go to the channel of the {team} team, which answers within {n} hours.",
    "A worked example with {n} steps is kept beside the form.",
    "Earlier versions allowed {n} exceptions; none remain.",
)


def make_documents(count: int, sections: int = 5, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Yield (file name, Markdown) pairs; a section is about one passage long."""
    rng = random.Random(seed)
    for number in range(count):
        team, subject = rng.choice(TEAMS), rng.choice(SUBJECTS)
        title = f"{team} guide {number}: {subject}"
        body = "\n\n".join(_section(rng, team, subject, part) for part in range(1, sections + 1))
        yield f"{team.lower()}/guide-{number:05}.md", f"# {title}\n\n{body}\n"


def write_documents(folder: Path, count: int, sections: int = 5) -> None:
    """Write made documents below a folder."""
    for name, text in make_documents(count, sections):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def make_questions(count: int, seed: int = 11) -> list[str]:
    """Questions of the kind that people ask of such documents."""
    rng = random.Random(seed)
    return [
        f"Who handles the {rng.choice(SUBJECTS)} for {rng.choice(TEAMS)} when "
        f"{rng.choice(CONDITIONS).format(n=rng.randint(2, 900))}?"
        for _ in range(count)
    ]


def _section(rng: random.Random, team: str, subject: str, part: int) -> str:
    sentences = [_sentence(rng, team, subject) for _ in range(6)]
    return (
        f"## {part}. {subject.capitalize()} at level {rng.randint(1, 99)}\n\n{' '.join(sentences)}"
    )


def _sentence(rng: random.Random, team: str, subject: str) -> str:
    if rng.random() < 0.2:
        return rng.choice(ASIDES).format(n=rng.randint(2, 90), team=team)
    condition = rng.choice(CONDITIONS).format(n=rng.randint(2, 900))
    return (
        f"When {condition}, {rng.choice(ACTORS)} of {rng.choice(TEAMS)} {rng.choice(ACTIONS)} "
        f"for the {subject}, and {rng.choice(ACTORS)} {rng.choice(ACTIONS)} within "
        f"{rng.randint(1, 60)} days."
    )
