"""The settings in force, and where each comes from; never a secret's value."""

from __future__ import annotations

import enum
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from stook.settings import CONFIG_FILE, PREFIX, Settings

SECRET_SET, SECRET_UNSET = "set", ""


class Origin(enum.StrEnum):
    """Where a setting's value comes from, the strongest first."""

    COMMAND_LINE = "command line"
    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """A setting by the name of its variable, with what stands for its value."""

    name: str
    value: str
    origin: Origin
    description: str


def effective_settings(settings: Settings) -> Iterator[EffectiveSetting]:
    """Every setting in force, in the order in which they are described."""
    held = _file_names()
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        variable = PREFIX + name.upper()
        origin = _origin(name, variable, held, is_default=name not in settings.model_fields_set)
        yield EffectiveSetting(variable, _shown(value), origin, field.description or "")


def _origin(name: str, variable: str, in_file: frozenset[str], *, is_default: bool) -> Origin:
    """Sources name what they set; what none of them has was given by the command line."""
    if is_default:
        return Origin.DEFAULT
    if variable in os.environ:
        return Origin.ENVIRONMENT
    return Origin.FILE if name in in_file else Origin.COMMAND_LINE


def _file_names() -> frozenset[str]:
    path = Path(CONFIG_FILE)
    if not path.is_file():
        return frozenset()
    with path.open("rb") as file:
        return frozenset(tomllib.load(file))


def _shown(value: object) -> str:
    """A value for people; of an address neither its login nor its query, which may hold secrets.

    A password may hold any character, so that all before the last @ counts as the login.
    """
    if isinstance(value, SecretStr):
        return SECRET_SET if value.get_secret_value() else SECRET_UNSET
    text = "" if value is None else str(value)
    scheme, separator, rest = text.partition("://")
    if not separator:
        return text
    login, at, place = rest.rpartition("@")
    if "?" in login:  # the @ may be part of a secret in the query
        return f"{scheme}://…"
    address, question, _ = place.partition("?")
    return f"{scheme}://{'…@' if at else ''}{address}{'?…' if question else ''}"
