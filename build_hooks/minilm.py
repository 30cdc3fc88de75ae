"""A faster graph of all-MiniLM-L6-v2, built from the weights of the packaged one.

The packaged file holds the weights as int8 and multiplies in floating point. This graph takes the
same tensors and multiplies integers, quantising the activations of each token by themselves (not
of the whole batch, as ONNX's dynamic quantisation does): so a text's vector does not depend on
what else is in the batch, and stays nearer to the original (mean cosine .997 instead of .992).
Layer normalisation, GELU and attention are onnxruntime's fused operators. It takes no attention
mask, as batches are never padded. Measured on one AVX2 core: 1.6 times as fast, two thirds of the
memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = 1e-12
# Activations become 96 ± 95 instead of 128 ± 127: AVX2 adds pairs of products in 16 bits, and
# the larger range would overflow there more often than its finer steps are worth.
QUANTA = 95
FUSED = "com.microsoft"
ROOT = "inner."  # what the packaged file puts before the names of tensors

Array = NDArray[np.generic]


def fused(packaged: bytes) -> bytes:
    """The serialised graph: ``input_ids`` (texts, tokens) to the last hidden state.

    Raises KeyError or ValueError where ``packaged`` is not the file that it was written for.
    """
    return _Graph(onnx.load_model_from_string(packaged)).build()


class _Graph:
    def __init__(self, packaged: onnx.ModelProto) -> None:
        self._weights = {
            tensor.name: numpy_helper.to_array(tensor) for tensor in packaged.graph.initializer
        }
        self._dense_names = iter(_dense_names(packaged))
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def build(self) -> bytes:
        hidden = self._embeddings()
        for layer in range(LAYERS):
            hidden = self._layer(hidden, layer)
        graph = helper.make_graph(
            self._nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
            [helper.make_tensor_value_info(hidden, TensorProto.FLOAT, ["texts", "tokens", WIDTH])],
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid("", 19), helper.make_opsetid(FUSED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=9)
        return bytes(model.SerializeToString())

    def _embeddings(self) -> str:
        name = f"{ROOT}embeddings."
        table = f"{name}word_embeddings.weight"
        rows = self._node("Gather", [self._weight(f"{table}_q"), "input_ids"])
        scales = self._node("Gather", [self._weight(f"{table}_scale"), "input_ids"])
        words = self._node("Mul", [self._node("Cast", [rows], to=TensorProto.FLOAT), scales])
        positions = self._positions(name, words)
        return self._normalised(words, positions, f"{name}LayerNorm", bias=None)

    def _positions(self, name: str, words: str) -> str:
        """Position embeddings, with that of the only token type added, in the shape of words."""
        table = f"{name}position_embeddings.weight"
        rows = self._weights[f"{table}_q"].astype(np.float32) * self._weights[f"{table}_scale"]
        rows = rows + self._weights[f"{name}token_type_embeddings.weight"][0]
        tokens = self._node("Shape", ["input_ids"], start=1, end=2)
        zero = self._constant("zero", np.array([0], np.int64))
        held = [self._constant("positions", rows.astype(np.float32)), zero, tokens, zero]
        first = self._node("Unsqueeze", [self._node("Slice", held), zero])
        return self._node("Expand", [first, self._node("Shape", [words])])

    def _layer(self, hidden: str, layer: int) -> str:
        name = f"{ROOT}encoder.layer.{layer}."
        attended = self._dense(self._attention(hidden, name), 1)
        hidden = self._normalised(
            attended,
            hidden,
            f"{name}attention.output.LayerNorm",
            bias=f"{name}attention.output.dense.bias",
        )
        inner_bias = self._weight(f"{name}intermediate.dense.bias")
        inner = self._node("BiasGelu", [self._dense(hidden, 1), inner_bias], FUSED)
        outer = self._dense(inner, 1)
        return self._normalised(
            outer, hidden, f"{name}output.LayerNorm", bias=f"{name}output.dense.bias"
        )

    def _attention(self, hidden: str, name: str) -> str:
        names = [f"{name}attention.self.{part}.bias" for part in ("query", "key", "value")]
        bias = np.concatenate([self._weights[part] for part in names])
        together = self._dense(hidden, 3)
        sizes = self._constant("sizes", np.array([WIDTH] * 3, np.int64))
        parts = [f"{together}.{part}" for part in range(3)]
        self._nodes.append(helper.make_node("Split", [together, sizes], parts, axis=2))
        inputs = [*parts, self._constant(f"{together}.bias", bias)]
        return self._node("MultiHeadAttention", inputs, FUSED, num_heads=HEADS)

    def _dense(self, rows: str, matrices: int) -> str:
        """Rows times the next weight matrices side by side, in integers, without bias."""
        names = [next(self._dense_names) for _ in range(matrices)]
        weight = np.concatenate([self._weights[f"{name}_q"] for name in names], axis=1)
        scale = np.concatenate([self._weights[f"{name}_scale"] for name in names], axis=1)[0]
        depth, width = weight.shape
        flat = self._node("Reshape", [rows, self._shape(-1, depth)])
        quantised, row_scale = self._quantised(flat)
        inputs = [
            quantised,
            self._constant(f"{names[0]}.weight", weight),
            self._constant("one", np.array(1, np.float32)),
            self._constant(f"{names[0]}.scale", scale),
            self._constant("middle", np.array(QUANTA + 1, np.uint8)),
        ]
        product = self._node("MatMulIntegerToFloat", inputs, FUSED)
        scaled = self._node("Mul", [product, row_scale])
        outside = self._node("Shape", [rows], start=0, end=2)
        shape = self._node("Concat", [outside, self._shape(width)], axis=0)
        return self._node("Reshape", [scaled, shape])

    def _quantised(self, rows: str) -> tuple[str, str]:
        """Each row as bytes around ``QUANTA + 1``, and what each row's unit is worth."""
        last = self._shape(-1)
        largest = self._node("ReduceMax", [self._node("Abs", [rows]), last], keepdims=1)
        step = self._constant("step", np.array(1 / QUANTA, np.float32))
        least = self._constant("least", np.array(1e-12, np.float32))
        units = self._node("Max", [self._node("Mul", [largest, step]), least])
        flat_units = self._node("Reshape", [units, last])
        middle = self._constant("middle", np.array(QUANTA + 1, np.uint8))
        middles = self._node("Expand", [middle, self._node("Shape", [flat_units])])
        return self._node("QuantizeLinear", [rows, flat_units, middles], axis=0), units

    def _normalised(self, rows: str, skipped: str, name: str, bias: str | None) -> str:
        inputs = [rows, skipped, self._weight(f"{name}.weight"), self._weight(f"{name}.bias")]
        if bias is not None:
            inputs.append(self._weight(bias))
        return self._node("SkipLayerNormalization", inputs, FUSED, epsilon=EPSILON)

    def _node(self, kind: str, inputs: list[str], domain: str = "", **attributes: Any) -> str:
        output = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def _shape(self, *sizes: int) -> str:
        return self._constant("shape_" + "_".join(map(str, sizes)), np.array(sizes, np.int64))

    def _weight(self, name: str) -> str:
        return self._constant(name, self._weights[name])

    def _constant(self, name: str, value: Array) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name


def _dense_names(packaged: onnx.ModelProto) -> Iterator[str]:
    """The weight matrices in the order of use: query, key, value, output, inner, outer."""
    for node in packaged.graph.node:
        if node.op_type == "Cast" and node.input[0].startswith("val_"):
            yield node.input[0].removesuffix("_q")
