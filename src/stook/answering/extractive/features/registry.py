"""The named features of candidates; ``weights.json`` has a weight for each.

A feature is a function of the question and of what it looks at. To add one, write it in the module
of its subject, name it here, give it a weight of 0, and run ``make fit``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stook.answering.extractive.features import expectation, form, lists, meaning, words
from stook.answering.extractive.features.material import ListMaterial, UnitMaterial
from stook.answering.extractive.query_model import QueryModel

UNIT_FEATURES: Mapping[str, Callable[[QueryModel, UnitMaterial], float]] = {
    "term_coverage": words.term_coverage,
    "context_coverage": words.context_coverage,
    "adjacent_terms": words.adjacent_terms,
    "title_match": words.title_match,
    "cosine": meaning.cosine,
    "relevance": meaning.relevance,
    "type_match": expectation.type_match,
    "in_period": expectation.in_period,
    "other_year": expectation.other_year,
    "holds_quantity": expectation.holds_quantity,
    "counts": expectation.counts,
    "defines": expectation.defines,
    "bare_link": form.bare_link,
    "question_itself": form.question_itself,
    "few_words": form.few_words,
}
LIST_FEATURES: Mapping[str, Callable[[QueryModel, ListMaterial], float]] = {
    "term_coverage": lists.term_coverage,
    "cosine": lists.best_member(meaning.cosine),
    "relevance": lists.best_member(meaning.relevance),
    "type_match": lists.type_match,
    "in_period": lists.in_period,
    "other_year": lists.other_year,
    "whole_list": lists.whole_list,
    "heading_exactness": lists.heading_exactness,
    "heading_depth": lists.heading_depth,
}
NAMES = tuple(dict.fromkeys((*UNIT_FEATURES, *LIST_FEATURES)))
