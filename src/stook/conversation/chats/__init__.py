"""Chats, messages and files as they are kept."""
