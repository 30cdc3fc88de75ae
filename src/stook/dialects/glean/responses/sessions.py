"""What is answered about sessions."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from stook.dialects.glean.requests.fields import Wire


class CreateAuthTokenResponse(Wire):
    """A token for the person's browser."""

    token: str
    expiration_time: int = Field(description="Seconds since the epoch.")


class CheckDatasourceAuthResponse(Wire):
    """Datasources that need the person to sign in; Stook keeps all rights itself, so there are
    none."""

    unauthorized_datasource_instances: list[dict[str, Any]]
