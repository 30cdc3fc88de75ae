"""POST /oauth2/token: a client's credentials for an access token (RFC 6749, section 4.4)."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import parse_qs, unquote_plus

import orjson
from fastapi import APIRouter, Request, Security
from fastapi.openapi.models import HTTPBase
from fastapi.security.base import SecurityBase
from starlette.responses import Response

from stook.application import clients
from stook.dialects.access import Opened
from stook.dialects.bodies import content
from stook.dialects.gloo import errors
from stook.dialects.gloo.requests.messages import TokenForm
from stook.dialects.gloo.responses.messages import KeySet, TokenError, TokenResponse
from stook.errors import Unauthenticated

router = APIRouter(tags=["Gloo"])

PATH = "/oauth2/token"
LONGEST_FORM = 16 * 1024  # bytes; anybody may send one, so it is never much to read
GRANT = "client_credentials"
_BODY = {
    "description": "Client id and secret here, or in the header Authorization: Basic …",
    "required": True,
    "content": content("application/x-www-form-urlencoded", TokenForm),
}
_CACHED = {"Cache-Control": "public, max-age=300"}
_NOT_CACHED = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class DescribedBasic(SecurityBase):
    """Basic credentials, for the description; the endpoint reads them, or the form, by itself."""

    scheme_name = "Client"
    model = HTTPBase(scheme="basic", description="An OAuth client's id and secret.")

    def __call__(self) -> None: ...


class _Refused(Exception):
    def __init__(self, status: int, code: str, description: str) -> None:
        self.status, self.code, self.description = status, code, description


@router.post(
    PATH,
    summary="Exchange a client's credentials for an access token",
    responses={
        200: {"model": TokenResponse},
        400: {"model": TokenError, "description": "The request cannot be understood."},
        401: {"model": TokenError, "description": "No such client, or another secret."},
    },
    openapi_extra={"requestBody": _BODY},
    dependencies=[Security(DescribedBasic())],
)
async def token(request: Request, runtime: Opened) -> Response:
    try:
        client_id, client_secret = _credentials(request, _form(await request.body()))
        issued = await clients.issue_token(runtime, client_id, client_secret)
    except _Refused as refusal:
        return _refusal(refusal.status, refusal.code, refusal.description)
    except Unauthenticated:
        return _refusal(401, "invalid_client", "Invalid client credentials")
    return _json(
        200,
        {"access_token": issued.token, "expires_in": issued.expires_in, "token_type": "Bearer"},
    )


@router.get(
    "/.well-known/jwks.json",
    summary="The public keys that access tokens are signed with",
    responses={200: {"model": KeySet}},
)
async def keys(runtime: Opened) -> Response:
    found = await clients.public_keys(runtime)
    return Response(orjson.dumps(found), headers=_CACHED, media_type=errors.JSON)


def _form(raw: bytes) -> dict[str, str]:
    """The form's fields; raises _Refused where it is none, or asks for another kind of grant."""
    try:
        fields = parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise _Refused(400, "invalid_request", "The body is not a URL-encoded form.") from error
    if any(len(values) > 1 for values in fields.values()):
        raise _Refused(400, "invalid_request", "A field is given twice.")
    form = {name: values[0].replace("\0", "") for name, values in fields.items()}
    if not form.get("grant_type"):
        raise _Refused(400, "invalid_request", "grant_type is required.")
    if form["grant_type"] != GRANT:
        raise _Refused(400, "unsupported_grant_type", f"grant_type must be {GRANT}.")
    _check_scope(form.get("scope", ""))
    return form


def _check_scope(scope: str) -> None:
    if unknown := set(scope.split()) - {clients.SCOPE}:
        raise _Refused(400, "invalid_scope", f"Unknown scope {min(unknown)}; ask {clients.SCOPE}.")


def _credentials(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Id and secret from the Basic header, else from the form."""
    header = request.headers.get("Authorization", "")
    kind, _, encoded = header.partition(" ")
    if kind.lower() == "basic":
        return _from_basic(encoded.strip())
    client_id, client_secret = form.get("client_id", ""), form.get("client_secret", "")
    if not (client_id and client_secret):
        raise _Refused(401, "invalid_client", "Send client_id and client_secret.")
    return client_id, client_secret


def _from_basic(encoded: str) -> tuple[str, str]:
    try:
        client_id, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise _Refused(401, "invalid_client", "The Basic credentials are malformed.") from error
    if not colon:
        raise _Refused(401, "invalid_client", "The Basic credentials hold no colon.")
    return unquote_plus(client_id).replace("\0", ""), unquote_plus(secret)


def _refusal(status: int, code: str, description: str) -> Response:
    body = {"error": code, "error_description": description, "detail": description}
    challenge = {"WWW-Authenticate": "Basic"} if status == 401 else {}
    return _json(status, body, **challenge)


def _json(status: int, body: dict[str, Any], **headers: str) -> Response:
    return Response(orjson.dumps(body), status, {**_NOT_CACHED, **headers}, media_type=errors.JSON)
