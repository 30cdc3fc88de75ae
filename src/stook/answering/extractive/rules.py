"""Thresholds of the selection: what cannot be a weight, as it compares candidates.

Each is held by a test: with 0, half or twice its value another answer comes out
(``tests/answering/test_mutations.py``).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """Shares are of the best candidate's score unless said otherwise; lengths are characters."""

    most_units: int = 3  # sentences in an answer that is no list
    enough_words: int = 50  # no further sentence is added to so many
    # A further sentence must have so much of the best one's score and evidence: if it stands in
    # the same paragraph, in the same list or table, elsewhere in the passage, in another passage.
    same_paragraph: float = 0.8
    same_list: float = 0.97
    same_passage: float = 0.9
    other_passage: float = 0.9
    passage_near_best: float = 0.85  # … and so much of the best passage's relevance
    reason_near_best: float = 0.7  # a unit with the reason asked for, where the best has none
    amount_near_best: float = 0.85  # … with the amount
    step_near_best: float = 0.85  # … with what is to be done
    newer_near_best: float = 0.85  # a newer unit that says the same
    alike: float = 0.8  # shared part of the words from which on two units say the same
    same_matter: float = 0.4  # … and from which on one may supersede the other
    list_share: float = 0.5  # of the question's weight above a list for it to be the answer …
    list_cosine: float = 0.55  # … or so near must it be in meaning
    entry_share: float = 0.2  # … of it in one entry alone for that entry to be the answer
    closest_near_best: float = 0.7  # what is shown where nothing answers
    short_list: int = 600  # of a list this short, a short item is given with the others
    short_steps: int = 1500  # … and a step with the other steps
    short_entry: int = 12  # words of an item that is hardly a sentence


RULES = Rules()
