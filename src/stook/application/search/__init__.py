"""Searches as people make them: a query read, spelt, narrowed; documents, passages, snippets."""
