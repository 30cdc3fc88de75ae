"""Documents in, ranked passages out."""

import os

# LanceDB's Rust half reads this when it is first imported; its warnings are about its own
# housekeeping and would stand between an operator and what Stook says.
os.environ.setdefault("LANCEDB_LOG", "error")
