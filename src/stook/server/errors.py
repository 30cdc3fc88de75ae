"""Which API's shape an error takes: that of the dialect whose path was called."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from stook.dialects.dialect import Dialect, Problem, problem


class Errors:
    """Renders exceptions, by the longest path prefix that a dialect claims."""

    def __init__(self, dialects: Sequence[Dialect]) -> None:
        claims = [(path, dialect) for dialect in dialects for path in dialect.paths]
        self._claims = sorted(claims, key=lambda claim: len(claim[0]), reverse=True)

    def response(self, scope: Scope, error: Exception) -> Response:
        """The response for an exception raised while a request was served."""
        for prefix, dialect in self._claims:
            if scope["path"].startswith(prefix):
                return dialect.render(problem(error, dialect.language(scope)))
        return _plain(problem(error))


def _plain(found: Problem) -> Response:
    body = orjson.dumps({"error": found.message})
    return Response(body, found.status, dict(found.headers), media_type="application/json")


async def render_error(request: Request, error: Exception) -> Response:
    """The handler for all errors that are raised on purpose."""
    errors: Errors = request.app.state.errors
    return errors.response(request.scope, error)
