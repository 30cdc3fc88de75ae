"""GET /: the page to ask in for people, and for programs which APIs this server speaks."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from stook import __version__
from stook.dialects.dialect import Dialect
from stook.server import page

_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Stook</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 1rem }}
code {{ background: #8882; padding: .1em .3em; border-radius: .2em }}
</style>
<h1>Stook {version}</h1>
<p>This server answers questions from an organisation's own documents, with citations. Programs
talk to it through these APIs, each with <code>Authorization: Bearer TOKEN</code>; make a token
with <code>stook token create NAME --user EMAIL --scopes CHAT</code>.</p>
<p>The page to ask in was not built: run <code>make setup</code>, or install Stook anew.</p>
{apis}
<p>All requests and answers are described in <a href="openapi.json">openapi.json</a>.
<a href="ready">ready</a> says whether the server can answer now.</p>
</html>
"""


def front_router(app: FastAPI, dialects: Sequence[Dialect]) -> APIRouter:
    """The routes of the page, and of what ``app`` offers by dialect."""
    router = APIRouter(include_in_schema=False)
    built = page.built()
    if built is not None:
        page.add_routes(router, built)

    @router.get("/")
    async def front(request: Request) -> Response:
        for_people = "text/html" in request.headers.get("accept", "")
        if for_people and built is not None:
            return page.index(built)
        apis = await asyncio.to_thread(lambda: [_api(app, dialect) for dialect in dialects])
        if for_people:
            sections = "".join(_section(api) for api in apis)
            return HTMLResponse(_PAGE.format(version=__version__, apis=sections))
        return JSONResponse(
            {"name": "stook", "version": __version__, "apis": apis, "description": "/openapi.json"}
        )

    @router.get("/openapi.json")
    def description() -> Response:  # in a thread, as it takes half a second to make
        return JSONResponse(app.openapi())

    return router


def _api(app: FastAPI, dialect: Dialect) -> dict[str, Any]:
    operations = [
        {"method": method.upper(), "path": path, "summary": operation.get("summary", "")}
        for path, methods in app.openapi()["paths"].items()
        if path.startswith(dialect.paths)
        for method, operation in methods.items()
    ]
    return {"name": dialect.name, "summary": dialect.summary, "operations": operations}


def _section(api: dict[str, Any]) -> str:
    items = "".join(
        f"<li><code>{each['method']} {html.escape(each['path'])}</code> "
        f"{html.escape(each['summary'])}</li>"
        for each in api["operations"]
    )
    return (
        f"<h2>{html.escape(api['name'])}</h2><p>{html.escape(api['summary'])}</p><ul>{items}</ul>"
    )
