"""Small questions over small texts, which together use every feature and every rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from stook.answering.base import Brief
from stook.knowledge.store.documents import FoundPassage
from stook.understanding.acts import act_of
from tests.conversation.corpus import brief


@dataclass(frozen=True, eq=False)
class Case:
    """A question over texts by title. ``late`` is the late interaction of every passage, None
    for search without it; ``newest`` the title of the document that was changed last; ``scores``
    are those of passages by title, where they are not the share of words; ``unseen`` and
    ``known_share`` as in what was found."""

    question: str
    texts: Mapping[str, str]
    late: float | None = 0.6
    newest: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    unseen: frozenset[str] = frozenset()
    known_share: float = 1.0

    @property
    def name(self) -> str:
        return f"{self.question} [{', '.join(self.texts)}, {self.late}]"

    def brief(self) -> Brief:
        """Return what would have been found: every passage, ranked by shared words."""
        made = brief(self.question, self.texts)
        made = replace(made, question=replace(made.question, act=act_of(self.question).act))
        found = replace(
            made.found,
            passages=tuple(map(self._scored, made.found.passages)),
            best_dense=max((one.dense for one in made.found.passages), default=0.0),
            unseen=self.unseen,
            known_share=self.known_share,
        )
        by_document: dict[str, list[FoundPassage]] = {}
        for one in found.passages:
            by_document.setdefault(one.document.id, []).append(one)
        sources = tuple(
            replace(
                one,
                document=replace(one.document, updated_at=1 + (one.document.title == self.newest)),
                passages=tuple(by_document[one.document.id]),
            )
            for one in made.sources
        )
        return replace(made, found=found, sources=sources)

    def _scored(self, passage: FoundPassage) -> FoundPassage:
        score = self.scores.get(passage.document.title, passage.score)
        return replace(passage, late=self.late, score=score)


HOLIDAYS = """# Company holidays

We observe these days in every office.

## 2025

| Date | Holiday |
| --- | --- |
| January 1, 2025 | New Year's Day |
| November 28, 2025 | Recharge Friday |

## 2026

| Date | Holiday |
| --- | --- |
| January 1, 2026 | New Year's Day |
| November 27, 2026 | Recharge Friday |
| December 25, 2026 | Christmas Day |
"""
PARTIES = {
    f"Office days {year}": f"# Office days {year}\n\n## Hamburg {year}\n\n"
    f"| Date | Closed for |\n| --- | --- |\n| June {year - 2020}, {year} | the summer party |\n"
    for year in (2025, 2026, 2027)
}
TRAVEL = """# Travel

The daily allowance is £48. It covers meals and small expenses. Hotels are booked in Waypoint.

Book a flight like this:

1. Open Waypoint.
2. Choose economy class.
3. Ask your manager to approve it.
"""
APPROVAL = """# Approval of expenses

| Amount | Who approves an expense |
| --- | --- |
| up to £400 | the team lead |
| £400 to £3,500 | the head of department |
| above £3,500 | the board |
"""
LINKS = """# Parking

[Parking spaces](parking.md)

Parking spaces?

Parking spaces

```
parking spaces = 12
```

The garage has parking spaces for forty cars below the building.
"""
BADGES = """# Badges

Badges were worn by everybody in the office until the spring of last year.

They were dropped because so many of them were lost on the way to the office.
"""
DOORS = {
    "Doors": "# Doors\n\nThe parcel room opens at nine in the morning.\n",
    "Doors, new": "# Doors\n\nThe parcel room opens at ten in the morning.\n",
}
SAME = {
    "Parcels": "# Parcels\n\nThe parcel room opens at nine in the morning hours.\n",
    "Parcels, new": "# Parcels\n\nThe parcel room opens at nine in the morning.\n",
}
OFFICE = {
    "April update": "Starting May 2022, two days per week in the office are required of all.\n",
    "May update": "Starting May 2023 everybody works three days per week in the office.\n",
}

DESKS = """# Desks

- The Porto office has ten free desks near the window on the first floor of the building.
- The Porto office has ten spare places in the quiet library upstairs beside the kitchen.
- The Porto office has ten free desks in the basement, where the archive used to be kept.
"""
REASONS = {  # how near to the best the sentence with the reason comes: far, near
    "far": "# Notes\n\nBadges at the front desk were dropped in spring.\n\n"
    "Badges broke, because they were thin.\n",
    "near": "# Notes\n\nBadges at the front desk were dropped in spring.\n\n"
    "Badges at the desk were dropped because they broke.\n",
}
NEWER = {
    "Parcels": "# Parcels\n\nThe parcel room in Porto opens at nine every working day.\n",
    "Room, new": "# Room\n\nEvery working day opens at nine, room Porto.\n",
}
MATTER = {
    "April": "The guest pass needs a photo and a signature of the host, every time.\n",
    "May": "The guest pass needs no photo since the summer started, only a name tag.\n",
    "June": "The guest pass needs many new colours, printed by hand in Bergen on Mondays.\n",
}
BENEFITS = """# What we offer

Everybody gets these company benefits:

- A bicycle for the way to work
- Fruit

The company benefits of part-time people are the same.
"""
SHORT = """# Kitchen

In the kitchen you find:

- tea
- coffee for guests
"""
LONG_STEPS = "# Shipping\n\n" + "\n".join(
    f"{n}. {words}"
    for n, words in enumerate(
        (
            "Weigh the crate with the shipping scale.",
            *(
                f"Look at sheet {n} of the folder, and {'read it again, ' * 7}then turn."
                for n in "abcdef"
            ),
        ),
        1,
    )
)
LONG_LIST = "# Fruit\n\nOn Mondays there are:\n\n" + "\n".join(
    f"- {one}" for one in ("Porto apples", *(f"pears of sort {n} {'x' * 30}" for n in range(8)))
)
WORDY = """# Fruit

On Mondays there are:

- Porto apples, as sweet as can be, for everybody
- pears
"""
STOCKED = """# Stock

Some words on what is here.

| Kind | Place |
| --- | --- |
| pens | left drawer |
| paper | right drawer |

Pens and paper are a kind of office supplies.
"""

DROPPED = "Badges at the front desk were dropped in spring.\n"
BROKEN = "The lamp broke because it was thin.\n"
FRUIT = "# Fruit\n\n- apples\n- pears\n"
FADING = "Colours fade.\n\nSome colours fade soon.\n\nMost colours fade at last.\n"
SUNDAYS = {
    "Opening": "The parcel room opens at nine.\n",
    "Weekend": "On Sundays people who need to open parcels use the small room behind.\n",
}
LONGER_LIST = "# Fruit\n\nOn Mondays there are:\n\n" + "\n".join(
    f"- {one}" for one in ("Porto apples", *(f"pears of sort {n} {'x' * 30}" for n in range(18)))
)
LONGER_STEPS = LONG_STEPS + "".join(
    f"\n{n}. Look at part {n} of the folder, and {'read it again, ' * 7}then turn."
    for n in range(7, 15)
)
WORDIER = """# Fruit

On Mondays there are:

- Porto apples, as sweet as can be, for everybody who comes early and likes them
- pears
"""

OPENINGS = {
    "Opening": "".join(f"The parcel room opens at {n}.\n\n" for n in ("nine", "ten", "six", "two")),
    "Weekend": SUNDAYS["Weekend"],
}
POLICIES = {
    "Policy changes": "# Policy changes\n\nThe old policy of wearing badges was dropped.\n",
    "Passwords": "# Passwords and data\n\nA password has at least 16 characters.\n",
}

TREES = (
    "oaks elms firs pines birches cedars maples beeches poplars willows ashes hazels limes alders "
    "yews larches rowans planes hollies walnuts"
).split()
FORESTS = {
    f"Wood {number}": f"It certainly has {', '.join(TREES[:number])}.\n" for number in range(1, 7)
}
FADING_SCORES = {f"Wood {number}": 1.2 - 0.2 * number for number in range(1, 7)}

HOURS = "The parcel room opens at 9:00. The room upstairs closes at 17:00 in summer.\n"
FEE = "The front desk fee is taken from everybody.\n"
FEE_NEAR = {"Fee": FEE, "Fee now": "The front desk fee is £12.\n"}
COST = "A lamp costs £7 in the shop.\n"
FEES = {"Fee": FEE, "Fee too": COST}

TOWNS = {
    "Service": "# The flood service\n\nA plan of the flood service for a town has ten gauges.\n",
    "Sales": "# Sales\n\n88 towns use it.\n",
}
GLOSSARY = {
    "Words": "# Words\n\n| Word | What it is |\n| --- | --- |\n| Lantern | the desk for tools |\n",
    "Licences": "# Licences\n\nAsk for what you need in Lantern.\n",
}
SICK = """# Sick leave

Sick days are no vacation days.

Send your manager a message before ten.
"""
PERIOD = """# Days off 2026

## Small sales teams in the Porto factory 2026

| Date | Day |
| --- | --- |
| April 6, 2026 | Easter Monday |
| May 4, 2026 | Spring day |
"""
LONG_WORDS = """# Guests

The front desk hands a badge to guests, who wear the badge until they leave the front desk again \
in the evening, when somebody at the desk takes it back and puts it into the drawer with all of \
the others, so that nobody has to look for it on the next day, or buy a new one for much money.

In winter the front desk will hand slippers to guests.
"""
LESS_WORDS = """# Guests

The front desk hands a badge to guests, who wear the badge until they leave the front desk again \
in the evening, when somebody takes it back and puts it away.

In winter the front desk will hand slippers to guests.
"""

CASES = (
    Case("How many towns use the flood service?", TOWNS, scores={"Service": 1.0, "Sales": 0.9}),
    Case("What is Lantern?", GLOSSARY),
    Case("I am sick, how do I tell that?", {"Sick leave": SICK}),
    Case(
        "I am sick, how do I tell that?",
        {"Sick leave": "Sick days are no vacation days.\n", "Days": "Send a message before ten.\n"},
        scores={"Sick leave": 1.0, "Days": 0.8},
    ),
    Case("When is Easter for teams in Porto in 2026?", {"Days off 2026": PERIOD}),
    Case("When is Easter for small sales teams in Porto factory in 2026?", {"Days": PERIOD}),
    Case("What does the front desk hand to guests?", {"Guests": LONG_WORDS}),
    Case("What does the front desk hand to guests?", {"Guests": LESS_WORDS}),
    Case("What are the company holidays this year?", {"holidays": HOLIDAYS}),
    Case("What are the company holidays in November 2026?", {"holidays": HOLIDAYS}),
    Case("What are the company holidays in June 2026?", {"holidays": HOLIDAYS}),
    Case("When is the next company holiday?", {"holidays": HOLIDAYS}),
    Case("When is Christmas Day?", {"holidays": HOLIDAYS}),
    Case("When is the summer party in Hamburg?", PARTIES),
    Case("When is the summer party in Hamburg in 2027?", PARTIES),
    Case("What does the allowance cover, meals?", {"travel": TRAVEL}),
    Case("How do I book a flight?", {"travel": TRAVEL}),
    Case("Who approves an expense of £5,000?", {"approval": APPROVAL}),
    Case("How many parking spaces are there?", {"Parking": LINKS}),
    Case("Why were badges dropped in the office?", {"Badges": BADGES}),
    Case("When does the parcel room open?", DOORS, newest="Doors, new"),
    Case("When does the parcel room open?", SAME, newest="Parcels, new"),
    Case("How many days per week in the office are required?", OFFICE, newest="May update"),
    Case("What is the capital of Mongolia?", {"travel": TRAVEL}),
    Case("What is the allowance in Mongolia?", {"t": TRAVEL}, unseen=frozenset({"mongolia"})),
    Case("How much is the daily allowance in all?", {"travel": TRAVEL}, known_share=0.2),
    Case("Does Waypoint book hotels in Ulaanbaatar 7?", {"travel": TRAVEL}),
    Case("How much is the daily allowance?", {"travel": TRAVEL}, late=None),
    Case("Does Waypoint book hotels in Ulaanbaatar 7?", {"travel": TRAVEL}, late=None),
    Case("What are the company holidays in November 2026?", {"holidays": HOLIDAYS}, late=None),
    Case("What are the company holidays in June 2026?", {"holidays": HOLIDAYS}, late=None),
    Case("Who has ten free desks in Porto, the office?", {"Desks": DESKS}),
    Case("Why were badges dropped at the front desk?", {"far": REASONS["far"]}),
    Case("Why were badges dropped at the front desk?", {"near": REASONS["near"]}),
    Case("When does the parcel room in Porto open?", NEWER, newest="Room, new"),
    Case("What does the guest pass need?", MATTER, newest="May"),
    Case("What does the guest pass need?", MATTER, newest="June"),
    Case("What are the company benefits?", {"Benefits": BENEFITS}),
    Case("What are the fruit benefits?", {"Benefits": BENEFITS}),
    Case("Coffee for guests?", {"Kitchen": SHORT}),
    Case("A scale for the crate?", {"Shipping": LONG_STEPS}),
    Case("Porto and its apples?", {"Fruit": LONG_LIST}),
    Case("Porto and its apples?", {"Fruit": WORDY}),
    Case("Which office supplies are there of each kind?", {"Stock": STOCKED}),
    Case("Which supplies have a place?", {"Stock": STOCKED}),
    Case("When does the parcel room open?", DOORS, scores={"Doors, new": 0.6}),
    Case("When does the parcel room open?", DOORS, scores={"Doors, new": 0.7}),
    Case("When does the parcel room open?", DOORS, scores={"Doors, new": 0.2}),
    Case("What are the company holidays in January 2026?", {"holidays": HOLIDAYS}, late=None),
    Case(
        "Why were badges dropped at the front desk?",
        {"Badges": DROPPED, "Badges too": BROKEN},
        scores={"Badges too": 0.5},
    ),
    Case(
        "Why were badges dropped at the front desk?",
        {"Badges": DROPPED, "Lamps": BROKEN},
        scores={"Lamps": 0.05},
    ),
    Case("What are the fruit colours nearby?", {"Fruit": FRUIT}),
    Case("What are the fruit pears nearby?", {"Fruit": FRUIT}),
    Case("What are the fruit colours?", {"Fruit": FRUIT, "Colours": FADING}),
    Case("Porto and its apples?", {"Fruit": LONGER_LIST}),
    Case("A scale for the crate?", {"Shipping": LONGER_STEPS}),
    Case("Porto and its apples?", {"Fruit": WORDIER}),
    Case(
        "Does the parcel room open on Sundays?", SUNDAYS, scores={"Opening": 1.0, "Weekend": 0.47}
    ),
    Case("Does the parcel room open on Sundays?", OPENINGS, scores={"Weekend": 0.1}),
    Case("What is the password policy?", POLICIES),
    Case("When does the parcel room open?", {"Hours": HOURS}),
    Case(f"Has it {', '.join(TREES)}?", FORESTS, scores=FADING_SCORES),
    Case("How much is the front desk fee?", FEE_NEAR, scores={"Fee": 1.0, "Fee now": 0.6}),
    Case("How much is the front desk fee?", FEES, scores={"Fee too": 0.5}),
    Case("How much is the front desk fee?", {"Fee": FEE, "Lamps": COST}, scores={"Lamps": 0.05}),
    Case(
        "Does Waypoint book Oslo, Zagreb, Riga, Lima, Bergen, Quito and Perth?", {"travel": TRAVEL}
    ),
)
