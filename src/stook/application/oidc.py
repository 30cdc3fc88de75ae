"""Signs people in by OpenID Connect: authorization code with PKCE, at whatever provider is set.

Nothing is kept between the two steps: what binds them together travels in the browser's cookie.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

import httpx
import sqlalchemy as sa
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from stook.application import arrivals
from stook.application.sessions import SignedIn, begun_for
from stook.errors import StookError, Unauthenticated, Unavailable
from stook.identity.browser_sessions import Method
from stook.runtime import Runtime
from stook.settings import Settings

CALLBACK = "/api/stook/v1/sign-in/oidc/callback"
BY = "identity provider"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
SKEW = 60  # seconds by which the provider's clock may differ
TIMEOUT_SECONDS = 10.0
KNOWN_SECONDS = 3600.0  # how long what a provider says of itself is believed
KEYS_AGAIN_SECONDS = 60.0  # before keys are asked for once more, since one was not among them
NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class NotAvailable(Unavailable):
    """The identity provider cannot be reached, or answers what cannot be used."""


class NotConfirmed(Unauthenticated):
    """The identity provider did not confirm who you are; sign in again."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one attempt to sign in is told from others by; kept by the browser that makes it."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> Attempt:
        return cls(*(secrets.token_urlsafe(48) for _ in range(3)))

    @classmethod
    def read(cls, kept: str) -> Attempt:
        """The attempt that a cookie holds; raises NotConfirmed."""
        parts = kept.split(".")
        if len(parts) != 3 or not all(parts):
            raise NotConfirmed
        return cls(*parts)

    def written(self) -> str:
        return ".".join((self.state, self.nonce, self.verifier))


@dataclass(frozen=True, slots=True)
class _Person:
    email: str
    name: str
    groups: tuple[str, ...] | None  # None: the provider says nothing of groups


@dataclass(slots=True)
class _Provider:
    """What a provider says of itself, and its keys."""

    metadata: dict[str, Any]
    keys: KeySet
    asked_at: float


_known: dict[str, _Provider] = {}  # by issuer


def is_set(settings: Settings) -> bool:
    """Whether people can sign in at a provider."""
    return bool(settings.oidc_issuer and settings.oidc_client_id and settings.public_url)


async def begin(runtime: Runtime, attempt: Attempt) -> str:
    """The address at the provider to send the browser to; raises Unavailable."""
    provider = await _provider(runtime.settings)
    async with _client(runtime.settings, provider) as client:
        address, _ = client.create_authorization_url(
            provider.metadata["authorization_endpoint"],
            state=attempt.state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
        )
    return str(address)


async def complete(
    runtime: Runtime, attempt: Attempt, state: str, code: str, browser: str
) -> SignedIn:
    """Begin a session of whom the provider names.

    Raises Unauthenticated, Forbidden or Unavailable.
    """
    if not secrets.compare_digest(attempt.state.encode(), state.encode()):
        raise NotConfirmed
    settings = runtime.settings
    provider = await _provider(settings)
    try:
        person = await _confirmed(settings, provider, attempt, code)
    except (httpx.HTTPError, ValueError) as error:
        raise NotAvailable from error
    except (AuthlibBaseError, JoseError, KeyError, TypeError) as error:
        raise NotConfirmed from error
    return await runtime.database.write(_arrive, settings, person, browser)


async def _confirmed(
    settings: Settings, provider: _Provider, attempt: Attempt, code: str
) -> _Person:
    async with _client(settings, provider) as client:
        endpoint = provider.metadata["token_endpoint"]
        token = await client.fetch_token(endpoint, code=code, code_verifier=attempt.verifier)
        claims = await _claims(settings, provider, attempt, str(token["id_token"]))
        wanted = {"email", "email_verified", settings.oidc_groups_claim} - {""}
        if wanted - set(claims) and (more := provider.metadata.get("userinfo_endpoint")):
            answer = await client.get(more)
            answer.raise_for_status()
            told = answer.json()
            if told.get("sub") != claims["sub"]:
                raise NotConfirmed
            claims = told | claims
    return _person(settings, claims)


async def _claims(
    settings: Settings, provider: _Provider, attempt: Attempt, id_token: str
) -> dict[str, Any]:
    """What a valid ID token says (OpenID Connect Core, section 3.1.3.7)."""
    try:
        decoded = jwt.decode(id_token, provider.keys, ALGORITHMS)
    except (JoseError, ValueError):  # perhaps the provider has changed its keys
        if time.monotonic() - provider.asked_at < KEYS_AGAIN_SECONDS:
            raise
        provider = await _provider(settings, anew=True)
        decoded = jwt.decode(id_token, provider.keys, ALGORITHMS)
    claims: dict[str, Any] = decoded.claims
    registry = jwt.JWTClaimsRegistry(
        leeway=SKEW,
        iss={"essential": True, "value": provider.metadata["issuer"]},
        aud={"essential": True, "value": settings.oidc_client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": attempt.nonce},
    )
    registry.validate(claims)
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1:
        jwt.JWTClaimsRegistry(azp={"essential": True, "value": settings.oidc_client_id}).validate(
            claims
        )
    return claims


def _person(settings: Settings, claims: dict[str, Any]) -> _Person:
    email = claims.get("email")
    verified = claims.get("email_verified") in (True, "true") or settings.oidc_unverified_email
    if not isinstance(email, str) or not email or not verified:
        raise NotConfirmed("The identity provider does not tell a verified e-mail address of you.")
    name = claims.get("name")
    said = claims.get(settings.oidc_groups_claim)
    groups = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    told = tuple(one for one in groups if isinstance(one, str))  # else none
    kept = told if settings.oidc_groups_claim else None
    return _Person(email, name if isinstance(name, str) else "", kept)


def _arrive(
    connection: sa.Connection, settings: Settings, person: _Person, browser: str
) -> SignedIn:
    user = arrivals.let_in(connection, person.email, person.name, settings.domains, BY)
    if person.groups is not None:
        arrivals.keep_groups(connection, user.email, person.groups, BY)
    return begun_for(connection, user.email, browser, Method.OIDC)


def _client(settings: Settings, provider: _Provider) -> AsyncOAuth2Client:
    secret = settings.oidc_client_secret
    methods = provider.metadata.get("token_endpoint_auth_methods_supported") or []
    by_form = "client_secret_basic" not in methods and "client_secret_post" in methods
    method = "client_secret_post" if by_form else "client_secret_basic"
    return AsyncOAuth2Client(
        settings.oidc_client_id,
        secret.get_secret_value() if secret else None,
        token_endpoint_auth_method=method if secret else "none",
        scope=settings.oidc_scopes,
        redirect_uri=settings.public_url.rstrip("/") + CALLBACK,
        code_challenge_method="S256",
        timeout=TIMEOUT_SECONDS,
        follow_redirects=False,
    )


async def _provider(settings: Settings, *, anew: bool = False) -> _Provider:
    """What the provider says of itself (OpenID Connect Discovery), asked now and again."""
    issuer = settings.oidc_issuer
    known = _known.get(issuer)
    if known is not None and not anew and time.monotonic() - known.asked_at < KNOWN_SECONDS:
        return known
    address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
            metadata = (await client.get(address)).raise_for_status().json()
            if any(not isinstance(metadata.get(name), str) for name in NEEDED):
                raise NotAvailable
            keys = (await client.get(metadata["jwks_uri"])).raise_for_status().json()
        found = _Provider(metadata, KeySet.import_key_set(keys), time.monotonic())
    except (httpx.HTTPError, ValueError, JoseError, AttributeError) as error:
        raise NotAvailable from error
    if metadata["issuer"].rstrip("/") != issuer.rstrip("/"):  # it speaks for somebody else
        raise NotAvailable
    _known[issuer] = found
    return found


def problem_of(error: StookError) -> str:
    """One word by which the page knows what went wrong."""
    if isinstance(error, Unavailable):
        return "provider"
    return "unconfirmed" if isinstance(error, Unauthenticated) else "unknown"
