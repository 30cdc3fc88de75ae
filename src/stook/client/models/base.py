"""What all models share: frozen, snake_case here and camelCase on the wire, open to the future."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Model(BaseModel):
    """A frozen value. Fields that a newer server adds are kept in ``model_extra``."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        alias_generator=to_camel,
        populate_by_name=True,
        protected_namespaces=(),
    )

    def to_wire(self) -> dict[str, Any]:
        """The JSON object, without what was left at its default."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


Enumeration = TypeVar("Enumeration", bound=StrEnum)
# A value that this version does not know stays the text that it is.
Open = Annotated[Enumeration | str, Field(union_mode="left_to_right")]

Item = TypeVar("Item")


def _none_is_empty(value: Any) -> Any:
    return () if value is None else value


# A list on the wire; null and absence stand for an empty one.
Items = Annotated[tuple[Item, ...], BeforeValidator(_none_is_empty)]
