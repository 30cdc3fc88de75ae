"""Glean's Platform API: snake case, problem+json, server-sent events."""
