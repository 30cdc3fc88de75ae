"""How many of the documents found have which value of a field."""

from __future__ import annotations

from stook.knowledge.retrieval.facets import BUILT_IN, Bucket, Facet, facets, properties_of

__all__ = ["BUILT_IN", "Bucket", "Facet", "facets", "properties_of"]
