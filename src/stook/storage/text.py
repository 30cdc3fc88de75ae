"""What both databases can store as text."""

from __future__ import annotations

from stook.errors import InvalidRequest


def check_storable(text: str, what: str) -> None:
    """Raise InvalidRequest, which names ``what`` the text is, where it cannot be stored."""
    if not is_storable(text):
        raise InvalidRequest(f"The {what} holds NUL or broken characters; leave them out.")


def is_storable(text: str) -> bool:
    """Whether PostgreSQL takes it: no NUL, and no half of a surrogate pair."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
