"""Field types that the bodies of Glean's API share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt
from pydantic.alias_generators import to_camel

from stook.dialects import bounds
from stook.dialects.bounds import Address, Name

NO_SUCH_CONTENT = "\x1f"  # the name of no datasource, document or container
DAY = 24 * 60  # minutes
MOST_TIME = 10 * 60 * 1000  # milliseconds that anybody waits


class Wire(BaseModel):
    """Camel case; unknown fields are ignored, and null stands for an absent one."""

    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True)


class SnakeWire(BaseModel):
    """The same in snake case, in which Glean writes its agents."""

    model_config = ConfigDict(extra="ignore")


def _as_list(value: Any) -> Any:
    return [] if value is None else value


def _as_text(value: Any) -> Any:
    """Ids are text; a number is taken as its digits."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


AsText = BeforeValidator(_as_text)
Text = Annotated[Name, AsText]
Location = Annotated[Address, AsText]
Question = Annotated[bounds.Text, AsText]
Texts = Annotated[list[Text], bounds.FEW, BeforeValidator(_as_list)]
AsList = BeforeValidator(_as_list)
Size = Annotated[StrictInt, Field(ge=0, le=bounds.MOST_NUMBER)]
Millis = Annotated[StrictInt, Field(gt=0, le=MOST_TIME)]
Offset = Annotated[StrictInt, Field(gt=-DAY, lt=DAY)]


class DocumentSpec(Wire):
    """Names a document or a container, by one of these."""

    url: Location | None = None
    id: Location | None = None
    content_id: Text | None = None
    ugc_id: Text | None = None
    ugc_type: Name | None = None

    @property
    def name(self) -> str:
        return self.id or self.url or NO_SUCH_CONTENT
