"""Reads the events of calendars (iCalendar, RFC 5545)."""

from __future__ import annotations

import re
from collections.abc import Iterator

SHOWN = {
    "DTSTART": "Start", "DTEND": "End", "DUE": "Due", "LOCATION": "Location",
    "ORGANIZER": "Organizer", "ATTENDEE": "Attendee", "RRULE": "Repeats", "STATUS": "Status",
}  # fmt: skip
MOST_ATTENDEES = 50

_FOLDED = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"([A-Z-]+)((?:;[^:;\"]*(?:\"[^\"]*\"[^:;\"]*)*)*):(.*)")
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_NAME = re.compile(r"CN=(?:\"([^\"]*)\"|([^;:]*))")
_ZONE = re.compile(r"TZID=\"?([^;:\"]*)")
_ESCAPED = re.compile(r"\\([\\;,nN])")


def events(text: str) -> str:
    """Events and tasks as Markdown: the summary as heading, when, where, who, what for."""
    return "\n\n".join(_blocks(_FOLDED.sub("", text)))


def _blocks(text: str) -> Iterator[str]:
    inside, attendees = "", 0
    fields: list[str] = []
    for line in text.splitlines():
        found = _LINE.match(line)
        if not found:
            continue
        name, parameters, value = found.groups()
        if name == "BEGIN" and value in ("VEVENT", "VTODO", "VJOURNAL"):
            inside, fields, attendees = value, [], 0
        elif name == "END" and value == inside:
            yield from fields
            inside = ""
        elif inside and name == "SUMMARY":
            fields.insert(0, f"## {_plain(value)}")
        elif inside and name == "DESCRIPTION":
            fields.append(_plain(value))
        elif inside and name in SHOWN:
            attendees += name == "ATTENDEE"
            if attendees <= MOST_ATTENDEES:
                fields.append(f"{SHOWN[name]}: {_shown(name, parameters, value)}")


def _shown(name: str, parameters: str, value: str) -> str:
    if name in ("ORGANIZER", "ATTENDEE"):
        called = _NAME.search(parameters)
        address = value.removeprefix("mailto:").removeprefix("MAILTO:")
        person = (called[1] or called[2] or "").strip() if called else ""
        return f"{person} <{address}>" if person else address
    moment = _MOMENT.fullmatch(value.strip())
    if moment is None:
        return _plain(value)
    year, month, day, hour, minute, utc = moment.groups()
    zone = _ZONE.search(parameters)
    where = " UTC" if utc else f" ({zone[1]})" if zone else ""
    return f"{year}-{month}-{day}" + (f" {hour}:{minute}{where}" if hour else "")


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
