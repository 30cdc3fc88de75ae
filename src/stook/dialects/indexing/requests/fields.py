"""Field types that take what real connectors and the published samples send."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from stook.dialects import bounds

EARLIEST = -62_135_596_800_000_000  # microseconds; what a calendar of four digits can say
LATEST = 253_402_300_799_999_999
MILLISECONDS_FROM = 100_000_000_000  # as seconds, a time three thousand years ahead


class Wire(BaseModel):
    """Camel case; unknown fields are ignored, and null stands for an absent one."""

    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True)


def _text(value: Any) -> Any:
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _texts(value: Any) -> Any:
    """One text for a list of one; of objects with a name, the names."""
    if value is None:
        return []
    items = value if isinstance(value, list) else [value]
    return [item["name"] if isinstance(item, dict) and "name" in item else item for item in items]


def _list(value: Any) -> Any:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _false(value: Any) -> Any:
    return False if value is None or value == "" else value


def _micros(value: Any) -> Any:
    """Seconds, or a time of ISO 8601, as microseconds since the epoch."""
    if value is None or value == "":
        return None
    if not isinstance(value, int | float | str):
        raise ValueError("give seconds since the epoch")
    try:
        return _seconds(value)
    except OverflowError as error:
        raise ValueError("no calendar reaches so far") from error


def _seconds(value: float | str) -> int:
    if isinstance(value, str) and not value.strip().lstrip("-").replace(".", "", 1).isdigit():
        given = datetime.fromisoformat(value.strip())
        return round((given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp() * 1e6)
    seconds = float(value)
    return round(seconds * (1e3 if abs(seconds) >= MILLISECONDS_FROM else 1e6))


def _named(key: str) -> Callable[[Any], Any]:
    """A bare text in place of an object means its most important field."""
    return lambda value: {key: value} if isinstance(value, str) else value


Text = Annotated[str, bounds.LINE, BeforeValidator(_text)]
LongText = Annotated[str, bounds.CONTENT, BeforeValidator(_text)]
Name = Annotated[str, Field(min_length=1), bounds.NAME, BeforeValidator(_text)]
Location = Annotated[str, Field(min_length=1), bounds.ADDRESS, BeforeValidator(_text)]
Texts = Annotated[list[Text], bounds.MANY, BeforeValidator(_texts)]
Flag = Annotated[bool, BeforeValidator(_false)]
AsList = BeforeValidator(_list)
Version = Annotated[int | None, Field(ge=-(2**63), lt=2**63)]
Moment = Annotated[
    Annotated[int, Field(ge=EARLIEST, le=LATEST)] | None,
    BeforeValidator(_micros),
    Field(description="Seconds since the epoch."),
]


def text_means(key: str) -> BeforeValidator:
    return BeforeValidator(_named(key))
