"""What ``make run`` does: index the sample handbook once, print where to ask, and serve.

Everything goes through the ``stook`` command, as an operator's own script would.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

HANDBOOK = Path(__file__).parent / "handbook"
PERSON = "noah.bergstrom@example.com"
QUESTION = "What are the company holidays this year?"


def main() -> None:
    arguments = parse_arguments()
    stook = [str(Path(sys.executable).with_name("stook"))]
    data = ["--data-dir", str(arguments.data_dir)]
    if not arguments.data_dir.exists():
        run([*stook, "index", str(HANDBOOK), "--datasource", "handbook", *data])
    run([*stook, "user", "add", PERSON, "--administrator", *data])
    token = make_token(stook, data)
    print(hint(f"http://{arguments.host}:{arguments.port}", token), flush=True)
    address = ["--host", arguments.host, "--port", str(arguments.port)]
    os.execv(stook[0], [*stook, "serve", "--link", *address, *data])


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=Path(".stook"))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    return parser.parse_args()


def run(command: list[str]) -> str:
    """Run a command; its messages go to the terminal, its standard output is returned."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)
    return done.stdout


def make_token(stook: list[str], data: list[str]) -> str:
    scopes = ["--scopes", "CHAT,SEARCH,DOCUMENTS", "--user", PERSON, "--expires", "30d"]
    made = run([*stook, "token", "create", "make run", *scopes, "--json", *data])
    return str(json.loads(made)["token"])


def hint(address: str, token: str) -> str:
    body = json.dumps({"messages": [{"fragments": [{"text": QUESTION}]}]})
    return f"""
Stook serves the sample handbook at {address}
Programs ask as {PERSON} with the token
    {token}
For example
    curl -s {address}/rest/api/v1/chat -H 'Authorization: Bearer {token}' -d '{body}'
"""


if __name__ == "__main__":
    main()
