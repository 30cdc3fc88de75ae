"""Serves the page that ``web/`` is built into: hashed files for ever, the index never kept."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi import Path as InPath
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, Response

DIRECTORY = Path(__file__).with_name("page_files")
# The page's own addresses.
ROUTES = ("/sign-in", "/chat/{rest:path}", "/search", "/settings", "/admin", "/admin/{rest:path}")
WIDGET = "/widget.js"
COMPRESSED = ".gz"
FOR_EVER = "public, max-age=31536000, immutable"
INDEX_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class BuiltPage:
    """The page as it was built."""

    index: str
    files: dict[str, Path]  # by name; among them compressed ones
    widget: Path  # a script for pages of other sites


def built() -> BuiltPage | None:
    """The page, or None where it was not built."""
    index = DIRECTORY / "index.html"
    if not index.is_file():
        return None
    files = {path.name: path for path in (DIRECTORY / "assets").iterdir()}
    return BuiltPage(index.read_text(encoding="utf-8"), files, DIRECTORY / WIDGET[1:])


def index(page: BuiltPage) -> Response:
    """The document that a browser opens, whichever of the page's addresses was asked for."""
    return HTMLResponse(page.index, headers=INDEX_HEADERS)


def add_routes(router: APIRouter, page: BuiltPage) -> None:
    """The page's files and its own addresses."""

    async def opened() -> Response:
        return index(page)

    for route in ROUTES:
        router.add_api_route(route, opened)

    @router.get(WIDGET)
    async def widget() -> Response:
        headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return FileResponse(page.widget, headers=headers, media_type="text/javascript")

    @router.get("/assets/{name}")
    async def asset(
        name: Annotated[str, InPath()],
        accept_encoding: Annotated[str, Header()] = "",
    ) -> Response:
        return _asset(page, name, "gzip" in accept_encoding)


def _asset(page: BuiltPage, name: str, takes_gzip: bool) -> Response:
    if name not in page.files or name.endswith(COMPRESSED):
        raise HTTPException(404)
    headers = {"Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    kind = "text/javascript" if name.endswith(".mjs") else mimetypes.guess_type(name)[0]
    compressed = page.files.get(name + COMPRESSED) if takes_gzip else None
    if compressed is not None:
        headers["Content-Encoding"] = "gzip"
    return FileResponse(compressed or page.files[name], headers=headers, media_type=kind)
