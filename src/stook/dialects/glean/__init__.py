"""Glean's Client API: ``/rest/api/v1/chat`` and the stored chats."""
