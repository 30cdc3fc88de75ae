"""What ``stook index`` changes holds from the very next answer of a server that runs meanwhile."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.dialects.served import Served, stook

QUESTION = "Who may borrow the cargo bicycle?"
WORD = "Gardeners"


def answer(client: httpx.Client) -> str:
    return str(client.post("/api/v1/send_message", json={"query_text": QUESTION}).json()["content"])


def test_the_next_answer_knows(
    served: Served, client: httpx.Client, data_dir: Path, tmp_path: Path
) -> None:
    def index(*allow: str) -> None:
        stook("index", str(tmp_path), "--datasource", "bicycles", *allow, data_dir=data_dir)

    page = tmp_path / "bicycle.md"
    page.write_text(f"# The cargo bicycle\n\n{WORD} may borrow the cargo bicycle on Fridays.\n")
    assert WORD not in answer(client)
    index()
    assert f"{WORD} may borrow the cargo bicycle on Fridays." in answer(client)
    index("--allow", "user:somebody.else@alderbrook.example", "--allow-unknown")
    assert WORD not in answer(client)
    page.write_text("# The cargo bicycle\n\nBakers may borrow the cargo bicycle on Mondays.\n")
    index("--allow", "everyone")
    assert "Bakers may borrow the cargo bicycle on Mondays." in answer(client)
    page.unlink()
    index("--withdraw")
    assert "Bakers" not in answer(client)
