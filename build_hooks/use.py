"""The graph of Google's Universal Sentence Encoder, multilingual (version 3), without its weights.

The weights come in a package of their own, which is an extra; they are handed to the graph when
it is loaded (``knowledge/encoding/multilingual.py``). The graph is small and is kept with the
sources; ``python -m build_hooks.use`` writes it anew. The architecture is that of the package's
own implementation in numpy: embeddings; three branches of two convolutions over 2, 3 and 5
tokens; the sum over tokens; a small dense network. The texts of a batch have equally many tokens,
as batches are never padded.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

GRAPH = Path(__file__).parents[1] / "src/stook/knowledge/encoding/data/use.onnx"
PIECES = 128_010
BLOCKS = 17  # of the table of embeddings, each quantised by itself: piece n is in block n % 17
BRANCHES = {2: 0, 3: 1, 5: 2}  # tokens that a convolution sees, and how many of them come before
EMBEDDED, CONVOLVED, OUTPUT = 512, 256, 512
EPSILON = 1e-12


def structure() -> bytes:
    """The serialised graph: ``input_ids`` (texts, tokens) to ``vectors`` of length 1."""
    return _Graph().build()


class _Graph:
    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def build(self) -> bytes:
        features = self._features(self._embeddings())
        vectors = self._dense(self._pooled(features))
        graph = helper.make_graph(
            self._nodes,
            "universal-sentence-encoder-multilingual-3",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
            [helper.make_tensor_value_info(vectors, TensorProto.FLOAT, ["texts", OUTPUT])],
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid("", 19)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        return bytes(model.SerializeToString())

    def _embeddings(self) -> str:
        """Rows of the table, which holds bytes, as what they stand for."""
        blocks = self._node("Mod", "input_ids", self._constant("blocks", np.array(BLOCKS)))
        rows = self._node(
            "Gather", self._weight("table", PIECES, EMBEDDED, of=np.uint8), "input_ids"
        )
        steps = self._node("Gather", self._weight("scale", BLOCKS, 1), blocks)
        least = self._node("Gather", self._weight("lo", BLOCKS, 1), blocks)
        values = self._node("Cast", rows, to=TensorProto.FLOAT)
        return self._node("Add", self._node("Mul", values, steps), least)

    def _features(self, embedded: str) -> str:
        """Each token's embedding, and what the branches make of it and its neighbours."""
        projected = self._linear(embedded, "proj", EMBEDDED, CONVOLVED * len(BRANCHES))
        projected = self._normalised(projected, "branches", CONVOLVED * len(BRANCHES))
        parts = [f"branch.{size}" for size in BRANCHES]
        sizes = self._constant("sizes", np.array([CONVOLVED] * len(BRANCHES)))
        self._nodes.append(helper.make_node("Split", [projected, sizes], parts, axis=2))
        branches = [self._branch(part, size) for part, size in zip(parts, BRANCHES, strict=True)]
        together = self._node("Concat", embedded, *branches, axis=2)
        return self._normalised(together, "features", EMBEDDED + CONVOLVED * len(BRANCHES))

    def _branch(self, rows: str, size: int) -> str:
        for number in (1, 2):
            convolved = self._linear(
                self._neighbourhoods(rows, size),
                f"conv{size}.{number}",
                size * CONVOLVED,
                CONVOLVED,
            )
            rows = self._node("Add", self._node("Relu", convolved), rows)
        return rows

    def _neighbourhoods(self, rows: str, size: int) -> str:
        """For each token the rows around it side by side, zeros beyond the ends of the text."""
        before = BRANCHES[size]
        padding = [0, before, 0, 0, size - 1 - before, 0]
        padded = self._node("Pad", rows, self._constant(f"padding.{size}", np.array(padding)))
        tokens = self._node("Shape", rows, start=1, end=2)
        axis = self._constant("axis", np.array([1]))
        shifted = []
        for offset in range(size):
            first = self._constant(f"first.{offset}", np.array([offset]))
            end = self._node("Add", tokens, first)
            shifted.append(self._node("Slice", padded, first, end, axis))
        return self._node("Concat", *shifted, axis=2)

    def _pooled(self, features: str) -> str:
        """The sum over the tokens of a text, divided by the square root of their number."""
        axis = self._constant("axis", np.array([1]))
        total = self._node("ReduceSum", features, axis, keepdims=0)
        number = self._node("Cast", self._node("Shape", features, start=1, end=2), to=1)
        weights = self._weight("cnn.weight", EMBEDDED + CONVOLVED * len(BRANCHES), OUTPUT)
        bias = self._node("Mul", self._weight("cnn.bias", OUTPUT), number)
        projected = self._node("Add", self._node("MatMul", total, weights), bias)
        return self._node("Div", projected, self._node("Sqrt", number))

    def _dense(self, pooled: str) -> str:
        first = self._node("Relu", self._product(pooled, "d0", OUTPUT, 320))
        second = self._node(
            "Relu",
            self._node(
                "Add",
                self._product(pooled, "p1", OUTPUT, 320),
                self._product(first, "d1", 320, 320),
            ),
        )
        third = self._node("Relu", self._product(second, "d2", 320, OUTPUT))
        last = self._node(
            "Add",
            self._product(second, "p3", 320, OUTPUT),
            self._product(third, "d3", OUTPUT, OUTPUT),
        )
        flat = self._node("Tanh", last)
        self._nodes.append(helper.make_node("LpNormalization", [flat], ["vectors"], axis=1, p=2))
        return "vectors"

    def _product(self, rows: str, name: str, depth: int, width: int) -> str:
        return self._node("MatMul", rows, self._weight(name, depth, width))

    def _linear(self, rows: str, name: str, depth: int, width: int) -> str:
        product = self._product(rows, f"{name}.weight", depth, width)
        return self._node("Add", product, self._weight(f"{name}.bias", width))

    def _normalised(self, rows: str, name: str, width: int) -> str:
        scale, bias = self._weight(f"{name}.gamma", width), self._weight(f"{name}.beta", width)
        return self._node("LayerNormalization", rows, scale, bias, axis=-1, epsilon=EPSILON)

    def _node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        output = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def _weight(self, name: str, *shape: int, of: type[np.generic] = np.float32) -> str:
        """A tensor that the graph is given when it is loaded."""
        if name not in self._constants:
            kind = helper.np_dtype_to_tensor_dtype(np.dtype(of))
            tensor = TensorProto(name=name, data_type=kind, dims=shape)
            tensor.data_location = TensorProto.EXTERNAL
            length = np.dtype(of).itemsize * int(np.prod(shape))
            for key, value in (("location", "weights"), ("offset", 0), ("length", length)):
                tensor.external_data.add(key=key, value=str(value))
            self._constants[name] = tensor
        return name

    def _constant(self, name: str, value: np.ndarray[Any, Any]) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(value.astype(np.int64), name)
        return name


if __name__ == "__main__":
    made = structure()
    GRAPH.write_bytes(made)
    GRAPH.with_suffix(".onnx.sha256").write_text(hashlib.sha256(made).hexdigest() + "\n")
