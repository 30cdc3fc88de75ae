"""One normal form in which names and paths of people, groups and files are compared.

The same name is stored in different ways: macOS takes letters and their accents apart, people
type them as one, and some file systems do not tell upper from lower case.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Collection
from pathlib import PurePath

NAMES_KEPT = 10_000  # the directories above many files are the same


@functools.lru_cache(maxsize=NAMES_KEPT)
def normal_form(name: str) -> str:
    """The name without case, composed (Unicode NFC); for comparing, not for storing."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", name).casefold())


def plain_address(email: str) -> str:
    """The one form in which an e-mail address is stored and compared."""
    return unicodedata.normalize("NFC", email.strip().lower())


def known_as(name: str, names: Collection[str]) -> str | None:
    """The one of these names that is meant: the same to the letter, else in its normal form."""
    if name in names:
        return name
    wanted = normal_form(name)
    return min((other for other in names if normal_form(other) == wanted), default=None)


def spellings(name: str) -> tuple[str, ...]:
    """The forms in which a document's id, address or path may be stored."""
    forms = [name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)]
    if PurePath(name).is_absolute():
        forms += [PurePath(form).as_uri() for form in forms]
    return tuple(dict.fromkeys(forms))
