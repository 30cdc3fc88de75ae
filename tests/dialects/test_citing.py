"""Where a cited place is seen: of a PDF its page."""

from __future__ import annotations

import pytest

from stook.dialects.citing import url_at
from stook.knowledge.store.documents import Document


@pytest.mark.parametrize(
    ("url", "mime_type", "place", "shown"),
    [
        ("https://x.example/a.pdf", "application/pdf", "page 3", "https://x.example/a.pdf#page=3"),
        ("https://x.example/a.pdf#b", "application/pdf", "page 3", "https://x.example/a.pdf#b"),
        ("https://x.example/a.docx", "application/msword", "page 3", "https://x.example/a.docx"),
        ("https://x.example/a.pdf", "application/pdf", "", "https://x.example/a.pdf"),
        ("", "application/pdf", "page 3", ""),
    ],
)
def test_addresses_of_places(url: str, mime_type: str, place: str, shown: str) -> None:
    names = dict.fromkeys(Document.__slots__, "")
    document = Document(**names | {"url": url, "mime_type": mime_type})  # type: ignore[arg-type]
    assert url_at(document, place) == shown
