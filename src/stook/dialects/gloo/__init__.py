"""Gloo AI: ``/oauth2/token``, ``/ai/v1/message``, ``/ai/v1/chat``."""
