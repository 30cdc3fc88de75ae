"""A question in, events out."""
