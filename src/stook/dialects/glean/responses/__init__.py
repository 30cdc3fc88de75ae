"""The bodies that Glean's Client API answers with, by subject."""
