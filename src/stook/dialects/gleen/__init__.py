"""Gleen AI (later Alhena): ``POST /api/v1/send_message``."""
