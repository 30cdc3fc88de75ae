"""Measures of rankings, as trec_eval and ir-measures define them, and of answers, as SQuAD does.

A ranking is a sequence of document names, best first. ``relevant`` maps names to gains;
a gain of 0 or less counts as not relevant.
"""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

Relevant = Mapping[str, int]
CUTOFFS = (1, 3, 5, 10)

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_MARKS = str.maketrans("", "", "*`")


def hit(ranking: Sequence[str], relevant: Relevant, k: int) -> float:
    """1 if one of the first ``k`` is relevant, else 0."""
    return float(any(_is_relevant(name, relevant) for name in ranking[:k]))


def recall(ranking: Sequence[str], relevant: Relevant, k: int) -> float:
    """The share of the relevant documents that is among the first ``k``."""
    wanted = sum(gain > 0 for gain in relevant.values())
    found = sum(_is_relevant(name, relevant) for name in ranking[:k])
    return found / wanted if wanted else 0.0


def reciprocal_rank(ranking: Sequence[str], relevant: Relevant, k: int) -> float:
    """1 ÷ the rank of the first relevant document; 0 where it is not among the first ``k``."""
    ranks = (rank for rank, name in enumerate(ranking[:k], 1) if _is_relevant(name, relevant))
    first = next(ranks, None)
    return 1 / first if first else 0.0


def ndcg(ranking: Sequence[str], relevant: Relevant, k: int) -> float:
    """Normalised discounted cumulative gain; linear gain, discount log2(rank + 1)
    (Järvelin & Kekäläinen 2002, as trec_eval's ndcg_cut)."""
    ideal = _dcg(sorted(relevant.values(), reverse=True)[:k])
    return _dcg([relevant.get(name, 0) for name in ranking[:k]]) / ideal if ideal else 0.0


def _dcg(gains: Sequence[int]) -> float:
    return math.fsum(max(0, gain) / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _is_relevant(name: str, relevant: Relevant) -> bool:
    return relevant.get(name, 0) > 0


def rank(ranking: Sequence[str], relevant: Relevant) -> dict[str, float]:
    """All measures of a ranking; none where no document is known to be relevant."""
    if not relevant:
        return {}
    found = {f"hit@{k}": hit(ranking, relevant, k) for k in CUTOFFS}
    found |= {f"recall@{k}": recall(ranking, relevant, k) for k in CUTOFFS[2:]}
    found["MRR@10"] = reciprocal_rank(ranking, relevant, 10)
    found["nDCG@10"] = ndcg(ranking, relevant, 10)
    return found


# --- answers -----------------------------------------------------------------------------------


def normalised(text: str) -> str:
    """Lower case, without punctuation and articles (the official SQuAD evaluation script)."""
    bare = _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION))
    return " ".join(bare.split())


def token_f1(answer: str, wanted: Iterable[str]) -> float:
    """The best F1 of the answer's words against one of those wanted (Rajpurkar et al. 2016)."""
    return max(
        (_f1(normalised(answer).split(), normalised(one).split()) for one in wanted), default=0.0
    )


def _f1(given: Sequence[str], wanted: Sequence[str]) -> float:
    if not given or not wanted:
        return float(given == wanted)
    shared = (Counter(given) & Counter(wanted)).total()
    if not shared:
        return 0.0
    precision, recalled = shared / len(given), shared / len(wanted)
    return 2 * precision * recalled / (precision + recalled)


def holds(text: str, answers: Iterable[str], parts: Iterable[str] = ()) -> bool:
    """Whether a text holds one of the answers, if there are any, and all of the parts.

    Case, white space and Markdown's marks of emphasis make no difference.
    """
    plain, alternatives = _plain(text), [_plain(one) for one in answers]
    one_of = not alternatives or any(one in plain for one in alternatives)
    return one_of and all(_plain(part) in plain for part in parts)


def _plain(text: str) -> str:
    return " ".join(text.casefold().translate(_MARKS).split())


# --- distributions -----------------------------------------------------------------------------


def mean(values: Iterable[float]) -> float | None:
    """The arithmetic mean; None of nothing."""
    held = list(values)
    return math.fsum(held) / len(held) if held else None


def quantile(values: Iterable[float], share: float) -> float | None:
    """The value below which that share lies, interpolated linearly; None of nothing."""
    held = sorted(values)
    if not held:
        return None
    place = share * (len(held) - 1)
    below = math.floor(place)
    above = min(below + 1, len(held) - 1)
    return held[below] + (held[above] - held[below]) * (place - below)
