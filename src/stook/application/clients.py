"""OAuth clients: access tokens for their credentials, and the keys that sign these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stook.identity import oauth
from stook.identity.oauth import SCOPE, AccessToken
from stook.rates import EndpointClass
from stook.runtime import Runtime

__all__ = ["SCOPE", "AccessToken", "issue_token", "public_keys"]


async def issue_token(runtime: Runtime, client_id: str, client_secret: str) -> AccessToken:
    """Exchange credentials for an access token; raises Unauthenticated, RateLimited."""
    await runtime.database.read(oauth.check_client, client_id, client_secret)
    lives = runtime.settings.oauth_token_seconds
    issue = oauth.issue_access_token
    issued = await runtime.database.write(issue, client_id, client_secret, lives)
    await runtime.rate_limiter.admit(client_id, EndpointClass.TOKEN, issued.rate_limits)
    return issued


async def public_keys(runtime: Runtime) -> Mapping[str, Any]:
    """Return the public keys that access tokens are signed with."""
    return await runtime.database.read(oauth.jwks)
