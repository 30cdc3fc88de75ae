"""Models in this process: which weights are taken, and who may speak to them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import httpx
import pytest

from stook.errors import SettingsError
from stook.models.local import PACKAGED, LocalServer, Weights, weights


def test_the_packaged_weights_are_found_with_what_they_must_be() -> None:
    found = weights("smollm2")
    assert found.path.name == "SmolLM2-135M-Instruct.Q4_1.gguf"
    assert found.sha256 == PACKAGED["smollm2"].sha256


def test_a_path_may_say_what_the_file_must_be(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    assert weights(str(file)) == Weights(file)
    assert weights(f"{file}#{digest.upper()}") == Weights(file, digest)


def test_weights_that_are_not_the_expected_ones_are_not_loaded(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(b"exchanged")
    with pytest.raises(SettingsError, match="is not the file expected"):
        LocalServer(Weights(file, PACKAGED["smollm2"].sha256))


def test_what_is_no_model_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.gguf"
    file.write_bytes(b"no weights at all")
    with pytest.raises(SettingsError, match="cannot be loaded as a language model"):
        LocalServer(Weights(file))


def test_an_unknown_name_is_said() -> None:
    with pytest.raises(SettingsError, match="local:nothing; give smollm2 or the path"):
        weights("nothing")


def test_only_this_process_may_ask(local_server: LocalServer) -> None:
    assert local_server.base_url.startswith("http://127.0.0.1:")
    body = {"messages": [{"role": "user", "content": "Hello"}], "max_tokens": 1}
    with httpx.Client(base_url=local_server.base_url, trust_env=False, timeout=60) as client:
        assert client.post("/chat/completions", json=body).status_code == 401
        client.headers["Authorization"] = f"Bearer {local_server.key}"
        assert client.post("/chat/completions", json=body).status_code == 200
