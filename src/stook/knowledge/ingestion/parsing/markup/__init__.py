"""Reads formats that people write as text, and mark up: each into Markdown."""
