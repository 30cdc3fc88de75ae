"""What the models of Glean's companion calls share, and what every one of their routes says."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import Depends, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt
from pydantic.alias_generators import to_camel
from starlette.responses import Response

from stook.dialects import bounds
from stook.dialects.bounds import Address, Name
from stook.dialects.glean import wire
from stook.dialects.languages import wanted_locale

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
Locale = Annotated[
    Name | None,
    Query(description="RFC 5646; else Accept-Language, else English."),
]


def _language(request: Request, locale: Locale = None) -> str:
    return wanted_locale(locale, request.headers.get("accept-language"))


Language = Annotated[str, Depends(_language)]  # of the sentences that an answer adds


class DocumentSpec(Wire):
    """Names a document or a container, by one of these."""

    url: Location | None = None
    id: Location | None = None
    content_id: Text | None = None
    ugc_id: Text | None = None
    ugc_type: Name | None = None

    @property
    def name(self) -> str:
        return self.id or self.url or wire.NO_SUCH_CONTENT


def json(body: object, status: int = 200) -> Response:
    """A JSON response, with Glean's spelling of its type."""
    return Response(orjson.dumps(body), status, media_type=wire.JSON)


def errors(scope: str, **others: str) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that needs a scope, beside what any call may meet."""
    said = {"403": f"The token lacks the scope {scope}."} | {
        name.removeprefix("s"): text for name, text in others.items()
    }
    return {
        int(status) if status.isdigit() else status: {"description": text}
        for status, text in said.items()
    }
