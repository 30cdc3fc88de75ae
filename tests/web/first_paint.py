"""Measures how soon the chat page is painted, and can be asked in.

    python -m tests.web.first_paint

Each visit has an empty cache, as a first one does; it prints medians in milliseconds.
"""

from __future__ import annotations

import json
import statistics
import tempfile
from pathlib import Path

from build_hooks import page as building

from tests.dialects.served import HANDBOOK, serve, stook
from tests.web.browser import running_browser

PERSON = "noah.bergstrom@example.com"
VISITS = 9
READY = """() => new Promise(resolve => {
    const look = () => document.querySelector(".composer textarea")
        ? resolve(performance.now()) : requestAnimationFrame(look);
    look();
})"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"


def main() -> None:
    building.make_page(Path.cwd())
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        stook("index", str(HANDBOOK / "holidays"), "--datasource", "handbook", data_dir=data)
        stook("user", "add", PERSON, data_dir=data)
        with serve(data) as served, running_browser() as browser:
            made = stook("user", "link", PERSON, "--url", served.url, "--json", data_dir=data)
            with browser.new_context() as context:
                page = context.new_page()
                page.goto(json.loads(made)["link"])
                page.get_by_label("Your question").wait_for()
                kept = context.storage_state()
            painted, ready = [], []
            for _ in range(VISITS):
                with browser.new_context(storage_state=kept) as context:
                    page = context.new_page()
                    page.goto(served.url, wait_until="commit")
                    ready.append(page.evaluate(READY))
                    page.wait_for_timeout(200)
                    painted.append(page.evaluate(PAINTED))
    print(f"first contentful paint  {statistics.median(painted):6.0f} ms")
    print(f"ready to be asked       {statistics.median(ready):6.0f} ms")


if __name__ == "__main__":
    main()
