"""Mail: every text part in order, HTML where plain is a stub, invitations, attachments."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from stook.knowledge.ingestion.parsing import ParsedDocument, Parser
from stook.settings import Settings

EVENT = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Budget\\, part 2\r\n"
    "DTSTART;TZID=Europe/Oslo:20261203T090000\r\nDTEND:20261203T100000Z\r\nLOCATION:Room\r\n  4\r\n"
    'ORGANIZER;CN="Ada L":mailto:ada@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    made = Parser(Settings(), workers=1)
    yield made
    asyncio.run(made.close())


async def read(parser: Parser, message: EmailMessage | bytes) -> ParsedDocument:
    content = message if isinstance(message, bytes) else message.as_bytes()
    return await parser.parse_bytes(content, "a.eml")


def mixed(*parts: tuple[str, str, str]) -> EmailMessage:
    """A message of parts, each of a kind, a disposition ("" for none) and a text."""
    message = EmailMessage()
    message["Subject"] = "Offer"
    message.make_mixed()
    for kind, disposition, text in parts:
        part = EmailMessage()
        part.set_content(text, subtype=kind)
        if disposition:
            part.add_header("Content-Disposition", disposition, filename=f"part.{kind}")
        message.attach(part)
    return message


async def test_every_text_part_is_read_in_order(parser: Parser) -> None:
    parts = [("plain", "", "First."), ("html", "", "<p>Second.</p>"), ("plain", "", "Third.")]
    found = (await read(parser, mixed(*parts))).text
    assert found.index("First.") < found.index("Second.") < found.index("Third.")


@pytest.mark.parametrize("plain", ["", " \n", "Your program shows no HTML.", "See [1]"])
async def test_html_is_read_where_the_plain_part_is_a_stub(parser: Parser, plain: str) -> None:
    message = EmailMessage()
    message.set_content(plain)
    message.add_alternative(f"<p>{'The gate code is 7731. ' * 9}</p>", subtype="html")
    assert "The gate code is 7731." in (await read(parser, message)).text


async def test_the_plain_part_is_read_once_where_both_say_the_same(parser: Parser) -> None:
    message = EmailMessage()
    message.set_content("The gate code is 7731.")
    message.add_alternative("<p>The gate code is <b>7731</b>.</p>", subtype="html")
    assert (await read(parser, message)).text == "The gate code is 7731."


@pytest.mark.parametrize("alone", [True, False])
async def test_an_invitation_says_when_and_where(parser: Parser, alone: bool) -> None:
    message = EmailMessage()
    message.set_content("You are invited.")
    message.add_alternative(EVENT, subtype="calendar")
    found = EVENT.encode() if alone else message.as_bytes()
    text = (await parser.parse_bytes(found, "a.ics" if alone else "a.eml")).text
    assert text.endswith(
        "## Budget, part 2\n\nStart: 2026-12-03 09:00 (Europe/Oslo)\n\n"
        "End: 2026-12-03 10:00 UTC\n\nLocation: Room 4\n\nOrganizer: Ada L <ada@example.com>"
    )


async def test_what_is_attached_is_named_and_handed_on(parser: Parser) -> None:
    message = mixed(("plain", "", "See there."), ("plain", "attachment", "One."))
    message.add_attachment(b"Two.", maintype="text", subtype="x-log", filename="part.plain")
    found = await read(parser, message)
    assert found.text.endswith("Attachments: part.plain, part 2.plain")
    assert [one.content.strip() for one in found.members] == [b"One.", b"Two."]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
async def test_a_message_saved_in_another_encoding_is_read(parser: Parser, encoding: str) -> None:
    saved = "Subject: Tea\r\nFrom: a@example.com\r\n\r\nTea at four.\r\n".encode(encoding)
    assert (await read(parser, saved)).text == "# Tea\n\nFrom: a@example.com\n\nTea at four."
