"""Shortcuts on both databases: which are meant by what somebody types, and who sees them."""

from __future__ import annotations

from typing import Any

import pytest

from stook.knowledge.intake import shortcuts
from stook.storage.database import Database

ANN, BOB = "ann@example.com", "bob@example.com"


def link(**said: Any) -> dict[str, Any]:
    return {"destinationUrl": "https://example.com", "createdBy": "Ann@Example.com", **said}


@pytest.fixture
def kept(database: Database) -> Database:
    given = {
        "Leave_Policy": link(title="Days off, 100%"),
        "leave-form": link(decayedVisitScore=2.5),
        "leave_draft": link(unlisted=True),
        "benefits": link(title="What we give you"),
    }
    database.write_now(shortcuts.put, given, external=False)
    database.write_now(shortcuts.put, {"leave-form": link(title=None)}, external=True)
    return database


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("leave", ["leave-form", "Leave_Policy", "leave-form"]),
        ("go/leave-pol", ["Leave_Policy"]),
        ("LEAVE POLICY", ["Leave_Policy"]),
        ("leaveform", ["leave-form", "leave-form"]),
        ("off days", ["Leave_Policy"]),
        ("100%", ["Leave_Policy"]),
        ("%", ["Leave_Policy"]),
        ("give", ["benefits"]),
        ("efits", []),
        ("-", []),
        ("go/", []),
        ("", []),
        ("\0", []),
    ],
)
def test_what_is_typed(kept: Database, typed: str, found: list[str]) -> None:
    meant = kept.read_now(shortcuts.typed_for, typed, BOB, False, 10)
    assert [each.alias for each in meant] == found


@pytest.mark.parametrize(
    ("email", "is_admin", "sees"), [(ANN, False, True), (BOB, False, False), (None, True, True)]
)
def test_unlisted_ones_are_for_their_makers(
    kept: Database, email: str | None, is_admin: bool, sees: bool
) -> None:
    meant = kept.read_now(shortcuts.typed_for, "leave", email, is_admin, 10)
    assert ("leave_draft" in [each.alias for each in meant]) is sees
    assert len(kept.read_now(shortcuts.typed_for, "leave", email, is_admin, 2)) == 2
