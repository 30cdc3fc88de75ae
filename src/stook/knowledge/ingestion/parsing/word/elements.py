"""Names and attributes of the elements of WordprocessingML."""

from __future__ import annotations

from typing import Any

_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{_NAMESPACE}}}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_OFF = frozenset({"0", "false", "off"})


def child(element: Any, path: str) -> Any:
    """The first descendant along a path of names, "pPr/numPr"; None where there is none."""
    return element.find("/".join(W + step for step in path.split("/")))


def value(element: Any, path: str) -> str:
    """What the element along a path says as its value; "" where there is none."""
    found = child(element, path)
    return "" if found is None else found.get(f"{W}val", "")


def number(element: Any, path: str) -> int | None:
    """What the element along a path says as a whole number, if it does."""
    written = value(element, path)
    return int(written) if written.isdigit() and len(written) < 9 else None


def is_on(element: Any, path: str) -> bool | None:
    """Whether a switch along a path is on; None where it is not said."""
    found = child(element, path)
    return None if found is None else found.get(f"{W}val", "") not in _OFF
