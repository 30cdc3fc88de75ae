"""Writes down for whom global tokens act: once an hour for each token and person."""

from __future__ import annotations

import threading
from collections import OrderedDict

from stook.identity import audit
from stook.identity.audit import Action, Actor, Deed
from stook.identity.principals import Caller
from stook.storage import clock
from stook.storage.database import Database

EVERY = 3600 * 1_000_000  # microseconds
MOST_REMEMBERED = 10_000  # pairs of a token and a person; of more, some are written down again

_noted: OrderedDict[tuple[str, str], int] = OrderedDict()
_noting = threading.Lock()


def note(database: Database, caller: Caller) -> None:
    """Write down that a global token acts for a person, unless that was done lately."""
    token, person = caller.token_id or "", caller.email or ""
    if _is_due((token, person), clock.now()):
        actor = Actor(caller.acting_through, token)
        database.write_later(audit.record_all, actor, [Deed(Action.ACTED_AS, person)])


def _is_due(pair: tuple[str, str], at: int) -> bool:
    with _noting:
        before = _noted.get(pair)
        if before is not None and at - before < EVERY:
            return False
        _noted[pair] = at
        _noted.move_to_end(pair)
        if len(_noted) > MOST_REMEMBERED:
            _noted.popitem(last=False)
        return True
