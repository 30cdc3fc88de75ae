"""The weights of ranking and answerability, from ``weights.json``, which ``make fit`` writes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("weights.json")
BIAS = "bias"
# What of a unit's score comes from its own words and window, not from where it stands.
OWN_EVIDENCE = ("term_coverage", "context_coverage", "cosine")
TIME = ("in_period",)

Weighted = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight for each feature, by the feature's name; those of answerability with a bias.

    ``thresholds`` are the least probabilities of being *answered*, and of being *closest*.
    """

    ranking: Weighted
    answerability: Weighted
    answerability_without_late_interaction: Weighted
    thresholds: Weighted


def load() -> Weights:
    """Read the weights that Stook ships with."""
    held: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
    return Weights(
        held["ranking"],
        held["answerability"],
        held["answerability_without_late_interaction"],
        held["thresholds"],
    )


def weighed(features: Weighted, weights: Weighted, names: Iterable[str] | None = None) -> float:
    """Return the weighted sum of the features, or of those named."""
    chosen = features.keys() if names is None else names
    return math.fsum(weights[name] * features[name] for name in chosen if name in features)


WEIGHTS = load()
