"""The search index, behind one protocol."""
