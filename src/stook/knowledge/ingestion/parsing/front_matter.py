"""The block of facts (YAML or TOML) that a Markdown file may begin with."""

from __future__ import annotations

import re
import tomllib

from stook.knowledge.ingestion.parsing.dates import microseconds
from stook.knowledge.ingestion.parsing.parsed import Facts

LONGEST = 20_000  # characters; what is longer is not front matter

_BLOCK = re.compile(
    r"\s*(?P<fence>---|\+\+\+)[ \t]*\n(?P<body>.*?)^(?P=fence)[ \t]*(?:\n|\Z)",
    re.DOTALL | re.MULTILINE,
)
_YAML_LINE = re.compile(r"[\w\"'][\w .\"'-]*:(?:\s|$)|[ \t]|#|-\s|$")
_FIELD = re.compile(r"([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*)")
_ENTRY = re.compile(r"[ \t]*-[ \t]+(?:name:[ \t]*)?(.+)")

_TITLE = ("title",)
_AUTHOR = ("author", "authors", "owner")
_CREATED = ("created", "created_at", "date", "published")
_UPDATED = ("updated", "updated_at", "lastmod", "last_modified", "modified", "last_updated")


def split(text: str) -> tuple[Facts, str]:
    """The facts at the head of a text, if it has any, and the text below them."""
    found = _BLOCK.match(text, 0, LONGEST)
    if found is None:
        return Facts(), text
    fields = _toml(found["body"]) if found["fence"] == "+++" else _yaml(found["body"])
    return (Facts(), text) if fields is None else (_facts(fields), text[found.end() :])


def _yaml(body: str) -> dict[str, str] | None:
    """Top-level plain fields, lower case; None if this is prose between two rules."""
    lines = body.split("\n")
    if not all(_YAML_LINE.match(line) for line in lines):
        return None
    fields: dict[str, str] = {}
    key = ""
    for line in lines:
        if field := _FIELD.match(line):
            key = field[1].lower().replace("-", "_")
            fields.setdefault(key, _unquoted(field[2]))
        elif (entry := _ENTRY.match(line)) and key in fields:
            fields[key] = ", ".join(filter(None, (fields[key], _unquoted(entry[1]))))
    return fields


def _toml(body: str) -> dict[str, str] | None:
    try:
        values = tomllib.loads(body)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    return {
        key.lower(): ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        for key, value in values.items()
    }


def _unquoted(value: str) -> str:
    value = value.strip()
    if value[:1] == "[" and value[-1:] == "]":
        return ", ".join(_unquoted(part) for part in value[1:-1].split(","))
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return re.sub(r"(?<!\s)\s+#.*$", "", value)


def _facts(fields: dict[str, str]) -> Facts:
    return Facts(
        title=_first(fields, _TITLE),
        author=_first(fields, _AUTHOR),
        created_at=microseconds(_first(fields, _CREATED)),
        updated_at=microseconds(_first(fields, _UPDATED)),
    )


def _first(fields: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((fields[key] for key in keys if fields.get(key)), "")
