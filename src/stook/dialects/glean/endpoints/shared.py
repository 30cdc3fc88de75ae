"""What the routes have in common."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request

from stook.dialects.bounds import Name
from stook.dialects.languages import wanted_locale

Locale = Annotated[
    Name | None,
    Query(description="RFC 5646; else Accept-Language, else English."),
]


def _language(request: Request, locale: Locale = None) -> str:
    return wanted_locale(locale, request.headers.get("accept-language"))


Language = Annotated[str, Depends(_language)]  # of the sentences that an answer adds
