"""Damaged files of every format are read or refused; the next file is read all the same."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from stook.errors import UnreadableDocument, UnreadableReason
from stook.knowledge.ingestion.parsing import Parser
from stook.settings import Settings
from tests.knowledge import files_by_code as files
from tests.knowledge import ole_by_code as ole
from tests.knowledge.test_parsing_mail import saved

ROUNDS = 25  # damaged copies of each file
LIMITS = {"parse_timeout_seconds": 20, "parse_memory_mib": 512}
WHOLE = {
    "a.docx": files.docx(),
    "a.xlsx": files.xlsx(),
    "a.odt": files.odt(),
    "a.pdf": files.drawn_pdf(["BT /F1 10 Tf 40 200 Td (Some words) Tj ET 40 40 m 90 40 l S"] * 3),
    "a.eml": files.EML,
    "a.rtf": files.RTF,
    "a.html": files.HTML,
    "a.zip": files.zipped({"a.md": "# A\n\nWords.", "b.csv": "x,y\n1,2\n"}),
    "a.msg": ole.nested(saved("Offer", "The new price.")),
}


def damaged(content: bytes, chance: random.Random) -> bytes:
    """A copy with some bytes changed, taken out or put in, or without its end."""
    made = bytearray(content)
    for _ in range(chance.choice([1, 3, 20])):
        at, count = chance.randrange(len(made)), chance.randrange(1, 64)
        match chance.randrange(4):
            case 0 | 1:
                made[at] = chance.randrange(256)
            case 2:
                made[at:at] = chance.randbytes(count)
            case _:
                made[at : at + count] = b""
                made = made or bytearray(b"x")
    return bytes(made[: chance.randrange(len(made)) + 1] if chance.random() < 0.1 else made)


@pytest.mark.parametrize("name", WHOLE)
async def test_what_is_damaged_is_read_or_refused(name: str) -> None:
    parser = Parser(Settings(**LIMITS), workers=1)  # type: ignore[arg-type]
    chance = random.Random(name)
    outcomes: Counter[str] = Counter()
    for _ in range(ROUNDS):
        try:
            await parser.parse_bytes(damaged(WHOLE[name], chance), name)
            outcomes["read"] += 1
        except UnreadableDocument as error:
            outcomes[error.reason.name] += 1
    assert outcomes[UnreadableReason.TIMED_OUT.name] == 0
    assert (await parser.parse_bytes(WHOLE[name], name)).text
    await parser.close()
