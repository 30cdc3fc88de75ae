"""Reads mail messages as they are sent (RFC 5322)."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage, MIMEPart

from stook.knowledge.ingestion.parsing.canonical import decode
from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.parsed import Facts

SHOWN = ("From", "To", "Cc", "Date")
_BLANK_REPLY = re.compile(r"^(?:>[ \t]*)+$", re.MULTILINE)


def read(content: bytes, from_html: Callable[[bytes], str]) -> tuple[str, Facts]:
    """A message as Markdown: subject as heading, who and when, text, names of attachments.

    ``from_html`` makes Markdown of a body that is in HTML only.
    """
    message = email.message_from_bytes(content, policy=email.policy.default)
    subject = _header(message, "Subject")
    body = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    fields = "\n\n".join(f"{name}: {value}" for name in SHOWN if (value := _header(message, name)))
    attached = ", ".join(_attachments(message))
    parts = (
        f"# {subject}" if subject else "",
        fields,
        _text(body, from_html) if body is not None else "",
        f"Attachments: {attached}" if attached else "",
    )
    sender = _header(message, "From")
    author = sender.partition("<")[0].strip(' "') or sender
    written = microseconds(_header(message, "Date"))
    return "\n\n".join(filter(None, parts)), Facts(subject, author, created_at=written)


def _header(message: email.message.Message, name: str) -> str:
    try:
        value = message.get(name)
    except (ValueError, IndexError, AttributeError, TypeError):  # headers that defeat the library
        return ""
    return " ".join(str(value or "").split())


def _text(body: MIMEPart, from_html: Callable[[bytes], str]) -> str:
    payload = body.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        words = raw.decode(body.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        words = decode(raw)
    if body.get_content_subtype() == "html":
        return from_html(words.encode("utf-8", "replace"))
    return _BLANK_REPLY.sub("", words.replace("\r\n", "\n")).strip()


def _attachments(message: email.message.Message) -> Iterator[str]:
    if isinstance(message, EmailMessage):
        for part in message.iter_attachments():
            if name := part.get_filename():
                yield " ".join(name.split())
