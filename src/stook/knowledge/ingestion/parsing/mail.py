"""Reads mail messages as they are sent (RFC 5322), and mailboxes of them.

What is written in a message is its text, part by part in order; what is attached to it, messages
too, are members: documents of their own.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage, Message

from stook.knowledge.ingestion.parsing import kinds
from stook.knowledge.ingestion.parsing.calendars import events
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.encodings import decode, named, wide_encoding
from stook.knowledge.ingestion.parsing.members import Members
from stook.knowledge.ingestion.parsing.parsed import Facts, Read

SHOWN = ("From", "To", "Cc", "Date")
DEEPEST = 20  # parts within parts
STUB_SHARE = 0.5  # of the words of the HTML; a plain part of fewer is no version of it
STUB_WORDS = 20  # fewer words of difference do not matter

_BLANK_REPLY = re.compile(r"^(?:>[ \t]*)+$", re.MULTILINE)
_POSTMARK = re.compile(rb"^From \S[^\n]*\d{2}:\d{2}[^\n]*\n(?=[\w-]+:)", re.MULTILINE)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)

FromHtml = Callable[[bytes], str]


def read(content: bytes, from_html: FromHtml) -> Read:
    """A message as Markdown: subject as heading, who and when, text, names of attachments.

    ``from_html`` makes Markdown of a body that is in HTML.
    """
    return of(email.message_from_bytes(_in_bytes(content), policy=email.policy.default), from_html)


def of(message: Message, from_html: FromHtml) -> Read:
    """A message as ``read`` gives it."""
    subject = _header(message, "Subject")
    fields = "\n\n".join(f"{name}: {value}" for name in SHOWN if (value := _header(message, name)))
    members = Members()
    written = [words for words in _written(message, from_html, members, 0) if words.strip()]
    attached = ", ".join(members.names)
    parts = (
        f"# {subject}" if subject else "",
        fields,
        *written,
        f"Attachments: {attached}" if attached else "",
    )
    sender = _header(message, "From")
    author = sender.partition("<")[0].strip(' "') or sender
    facts = Facts(subject, author, created_at=microseconds(_header(message, "Date")))
    return Read("\n\n".join(filter(None, parts)), facts, members.notes(), members=members.taken())


def read_mailbox(content: bytes) -> Read:
    """A mailbox (mbox): a list of its messages, each a member."""
    starts = [found.span() for found in _POSTMARK.finditer(content)]
    ends = [start for start, _ in starts[1:]] + [len(content)]
    members = Members()
    for number, ((_, begin), end) in enumerate(zip(starts, ends, strict=True), 1):
        message = _QUOTED_FROM.sub(rb"\1", content[begin:end]).strip() + b"\n"
        header = email.message_from_bytes(
            message.partition(b"\n\n")[0], policy=email.policy.default
        )
        members.add(f"{number} {_header(header, 'Subject')}.eml", message, kinds.EML)
    listed = "\n".join(f"- {name.removesuffix('.eml')}" for name in members.names)
    text = f"Mailbox of {len(starts)} messages:\n\n{listed}"
    return Read(text, Facts(), members.notes(), members=members.taken(), by_name=True)


def _in_bytes(content: bytes) -> bytes:
    """A message in one byte for a letter of its headers, even where it was saved in UTF-16."""
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if content.startswith(marks) or wide_encoding(content[:8192]):
        return decode(content).text.encode().removeprefix(codecs.BOM_UTF8)
    return content.removeprefix(codecs.BOM_UTF8)


def _header(message: Message, name: str) -> str:
    try:
        value = message.get(name)
    except (ValueError, IndexError, AttributeError, TypeError):  # headers that defeat the library
        return ""
    return " ".join(str(value or "").split())


# --- parts ------------------------------------------------------------------------------------


def _written(part: Message, from_html: FromHtml, members: Members, depth: int) -> Iterator[str]:
    """The text of a part and of what is in it; what is attached goes to ``members``."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        _add_message(part, members)
    elif part.is_multipart():
        inner = _parts(part)
        if depth < DEEPEST and kind == "multipart/alternative":
            yield from _alternative(inner, from_html, members, depth)
        elif depth < DEEPEST:
            for one in inner:
                yield from _written(one, from_html, members, depth + 1)
    elif _is_text(part):
        yield _text(part, from_html)
    else:
        _add(part, members)


def _parts(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _alternative(
    inner: Sequence[Message], from_html: FromHtml, members: Members, depth: int
) -> Iterator[str]:
    """The plain version where it says what the HTML says, else the HTML; invitations as well."""
    plain = [one for one in inner if one.get_content_type() == "text/plain"]
    calendar = [one for one in inner if one.get_content_type() == "text/calendar"]
    rich = [one for one in inner if one not in plain and one not in calendar]
    versions = [
        "\n\n".join(words for one in some for words in _written(one, from_html, members, depth + 1))
        for some in (plain, rich)
    ]
    counts = [len(version.split()) for version in versions]
    stub = counts[0] < STUB_SHARE * counts[1] and counts[1] - counts[0] > STUB_WORDS
    yield versions[1] if stub or not counts[0] else versions[0]
    for one in calendar:
        yield _text(one, from_html)


def _is_text(part: Message) -> bool:
    kind = part.get_content_type()
    attached = part.get_content_disposition() == "attachment"
    if kind == "text/calendar":
        return True
    return not attached and kind in ("text/plain", "text/html") and not _filename(part)


def _text(part: Message, from_html: FromHtml) -> str:
    raw = _payload(part)
    try:
        words = raw.decode(named(part.get_content_charset() or "utf-8") or "utf-8")
    except (LookupError, UnicodeDecodeError):
        words = decode(raw).text
    if part.get_content_subtype() == "html":
        return from_html(words.encode("utf-8", "replace")) if words.strip() else ""
    if part.get_content_subtype() == "calendar":
        return events(words)
    return _BLANK_REPLY.sub("", words.replace("\r\n", "\n")).strip()


def _payload(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _filename(part: Message) -> str:
    try:
        return " ".join((part.get_filename() or "").split())
    except (ValueError, TypeError, LookupError, AttributeError):
        return ""


def _add(part: Message, members: Members) -> None:
    kind = part.get_content_type()
    name = _filename(part)
    shown = part.get_content_maintype() == "image" and "Content-ID" in part
    if not name and (shown or kind.endswith("signature")):
        return  # a picture that the page shows; nothing to read
    members.add(name or f"attachment.{part.get_content_subtype()}", _payload(part), kind)


def _add_message(part: Message, members: Members) -> None:
    for inner in _parts(part):
        subject = _header(inner, "Subject") if isinstance(inner, EmailMessage) else ""
        name = _filename(part) or f"{subject or 'message'}.eml"
        try:
            content = inner.as_bytes()
        except (ValueError, LookupError, AttributeError, UnicodeError):
            content = str(inner).encode("utf-8", "replace")
        members.add(name if name.lower().endswith(".eml") else f"{name}.eml", content, kinds.EML)
