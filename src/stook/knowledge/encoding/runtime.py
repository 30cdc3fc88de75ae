"""onnxruntime, told first to send nothing and to keep nothing.

Its wheels report use to their maker: loaded as it is, the library writes an identifier of the
device below the home directory and opens a store of events to be sent.
"""

from __future__ import annotations

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read once, while the library is loaded

import onnxruntime as ort

__all__ = ["ort"]
