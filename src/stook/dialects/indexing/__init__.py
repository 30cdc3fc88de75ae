"""Glean's Indexing API: documents, people and permissions are pushed by connectors."""
