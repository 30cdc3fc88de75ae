"""Writes what the page's client is generated from: Stook's own part of the API description."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

PREFIX = "/api/stook/"
REFERENCE = "#/components/schemas/"
WRITTEN = Path(__file__).parent / "src" / "api" / "openapi.json"


def described() -> str:
    """The paths of Stook's own API and the models that they name, as JSON."""
    from stook.server.app import create_app
    from stook.settings import Settings

    with tempfile.TemporaryDirectory() as nowhere:
        document = create_app(Settings(data_dir=Path(nowhere))).openapi()
    paths = {path: said for path, said in document["paths"].items() if path.startswith(PREFIX)}
    models: dict[str, Any] = {}
    waiting = _named(paths)
    while waiting:
        name = waiting.pop()
        if name not in models:
            models[name] = document["components"]["schemas"][name]
            waiting += _named(models[name])
    schemes = document["components"]["securitySchemes"]
    own = {
        "openapi": document["openapi"],
        "info": {"title": "Stook", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": dict(sorted(models.items())),
            "securitySchemes": {name: schemes[name] for name in ("Session", "Token")},
        },
    }
    return json.dumps(own, indent=1) + "\n"


def _named(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [v.removeprefix(REFERENCE) for k, v in value.items() if k == "$ref"]
        return own + [name for each in value.values() for name in _named(each)]
    if isinstance(value, list):
        return [name for each in value for name in _named(each)]
    return []


if __name__ == "__main__":
    WRITTEN.write_text(described(), encoding="utf-8")
