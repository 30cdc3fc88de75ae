"""Measures what Stook finds and answers, question by question."""
