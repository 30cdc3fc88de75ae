"""Mail: every text part in order, HTML where plain is a stub, invitations, attachments."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from stook.knowledge.ingestion.parsing import ParsedDocument, Parser
from stook.settings import Settings
from tests.knowledge import ole_by_code as ole

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


def saved(subject: str, body: str, **more: ole.Tree | bytes) -> dict[str, ole.Tree | bytes]:
    """A message as Outlook saves it; streams in a test's container end with zeros."""

    def words(name: str, text: str) -> dict[str, bytes]:
        return {f"__substg1.0_{name}001F": text.encode("utf-16-le")}

    person = words("3001", "Bo, Head of IT") | words("39FE", "bo@example.com")
    kind = bytes(8) + struct.pack("<HHIQ", 3, 0x0C15, 0, 1)
    sent = (1_767_258_000 + 11_644_473_600) * 10_000_000
    fixed = bytes(32) + struct.pack("<HHIQ", 0x40, 0x0039, 0, sent)
    return {
        **words("0037", subject), **words("0C1A", "Ada Ärmel"), **words("5D01", "ada@example.com"),
        **words("1000", body),
        "__properties_version1.0": fixed,
        "__recip_version1.0_#00000000": person | {"__properties_version1.0": kind},
        **more,
    }  # fmt: skip


async def test_outlook_messages_hand_on_what_is_attached(parser: Parser) -> None:
    inner = saved("Old offer", "The old price was 12 euro.")
    plan = {
        "__substg1.0_3707001F": "plan.csv".encode("utf-16-le"),
        "__substg1.0_37010102": b"Month,Fee\nMay,12\n".ljust(4096, b"\n"),
    }
    message: dict[str, ole.Tree | bytes] = {
        "__substg1.0_3707001F": "x".encode("utf-16-le"),
        "__substg1.0_3701000D": inner,
    }
    attached: dict[str, ole.Tree | bytes] = {
        "__attach_version1.0_#00000000": plan,
        "__attach_version1.0_#00000001": message,
    }
    content = ole.nested(saved("Offer – new", "The new price is 14 euro.", **attached))
    found = await parser.parse_bytes(content, "mail.msg")
    assert found.text.startswith("# Offer – new\n\nFrom: Ada Ärmel <ada@example.com>")
    assert 'To: "Bo, Head of IT" <bo@example.com>' in found.text
    assert "Date: Thu, 01 Jan 2026 09:00:00" in found.text
    assert "The new price is 14 euro." in found.text
    assert found.title == "Offer – new" and found.author == "Ada Ärmel"
    names = [member.name for member in found.members]
    assert names == ["plan.csv", "Old offer.eml"]
    inside = await parser.parse_bytes(found.members[1].content, "Old offer.eml")
    assert "The old price was 12 euro." in inside.text


async def test_attachments_without_a_name_are_handed_on(parser: Parser) -> None:
    made = EmailMessage()
    made["Subject"] = "Scan"
    made.set_content("See below.")
    made.add_attachment(b"%PDF-1.4 x", "application", "pdf")
    found = await parser.parse_bytes(bytes(made), "a.eml")
    assert [member.name for member in found.members] == ["attachment.pdf"]
