"""What is pushed, as connectors define it."""

from __future__ import annotations

from stook.identity.realms import Account
from stook.knowledge.intake.definitions import (
    Comment,
    Content,
    Datasource,
    Grants,
    Page,
    PersonRef,
    PushedDocument,
)
from stook.knowledge.intake.documents import Counts, Status
from stook.knowledge.intake.events import Happened
from stook.knowledge.intake.identities import Membership
from stook.knowledge.intake.metadata import Key
from stook.knowledge.intake.people import Employee
from stook.knowledge.intake.uploads import Upload
from stook.knowledge.store.conditions import PROPERTIES

__all__ = [
    "PROPERTIES",
    "Account",
    "Comment",
    "Content",
    "Counts",
    "Datasource",
    "Employee",
    "Grants",
    "Happened",
    "Key",
    "Membership",
    "Page",
    "PersonRef",
    "PushedDocument",
    "Status",
    "Upload",
]
