"""The bodies that Gloo's API answers with, by subject."""
