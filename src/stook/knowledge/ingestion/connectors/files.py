"""Finds the documents in directories and files."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from stook.errors import NotFound
from stook.knowledge.ingestion import unread
from stook.knowledge.ingestion.connectors.permissions_file import FILE_NAME

MAILDIR = frozenset({"cur", "new", "tmp"})  # the folders of a Maildir; "tmp" holds no whole message
MAIL_BOOKS = "a mail program's own"
NOT_READABLE = "not readable"
OWN_PERMISSIONS = f"has a {FILE_NAME} of its own; index this directory by itself"


@dataclass(frozen=True, slots=True)
class FileFound:
    """A file to be indexed.

    ``external_id`` is its path relative to the root it was found under, with ``/``. ``root`` is
    that directory (the file's own directory for a single file). ``modified_at`` is in
    microseconds since the epoch; a file whose size and ``modified_at`` are as they were has not
    changed, one with the same ``content_hash`` has not either.
    """

    path: Path
    external_id: str
    url: str
    root: Path
    size: int
    modified_at: int

    @property
    def relative(self) -> str:
        """The path below ``root``, with ``/``: what a permissions file's rules speak of."""
        return self.path.relative_to(self.root).as_posix()


@dataclass(frozen=True, slots=True)
class FileSkipped:
    """Something that was found and cannot be read, and why, for the report.

    ``unlisted``: its content is not known, so that a file, or all in a directory, may be as it was.
    ``passed_over``: nothing of this kind (``reason``) holds a document; it was not opened.
    """

    path: Path
    reason: str
    unlisted: bool = False
    passed_over: bool = False


def walk(paths: Sequence[Path], base_url: str = "") -> Iterator[FileFound | FileSkipped]:
    """All files under some directories, and single files, in a stable order.

    Hidden files, version control, dependencies and media are passed over, and so are symbolic
    links: what they point to inside a root is found there, under the rules that hold there. A
    directory below a root that has a permissions file of its own is skipped with a line. With
    ``base_url`` a document's address is that and its path, else a ``file://`` address. Raises
    NotFound if one of the paths does not exist.
    """
    roots = [path.expanduser() for path in paths]
    for root in roots:
        if not root.exists():
            raise NotFound(f"There is no file or directory {root}.")
    prefixes = _prefixes([root.resolve() for root in roots if root.is_dir()])
    seen: set[Path] = set()
    for root in roots:
        resolved = root.resolve()
        single = not resolved.is_dir()
        base = resolved.parent if single else resolved
        for entry in [resolved] if single else _directory(resolved):
            if isinstance(entry, FileSkipped):
                yield entry
            elif entry not in seen:
                seen.add(entry)
                yield from _found(entry, base, prefixes.get(base, ""), base_url)


def names(root: Path) -> tuple[list[str], list[str]]:
    """What there is below a directory, indexed or not, for the rules of a permissions file.

    Gives relative paths with ``/``, those of directories with a slash at their end, and the
    directories that cannot be listed.
    """
    found: list[str] = []
    failures: list[OSError] = []
    for directory, folders, files in os.walk(root, onerror=failures.append):
        above = Path(directory).relative_to(root).as_posix()
        prefix = "" if above == "." else f"{above}/"
        found += [f"{prefix}{name}/" for name in folders] + [prefix + name for name in files]
        folders[:] = [name for name in folders if not unread.folder_reason(name)]
    unlisted = [Path(one.filename).relative_to(root).as_posix() for one in failures]
    return found, unlisted


def content_hash(content: bytes) -> str:
    """The hash by which a changed file is told from an unchanged one."""
    return hashlib.sha256(content).hexdigest()


def _prefixes(roots: Sequence[Path]) -> dict[Path, str]:
    """What keeps the same path under several roots apart: nothing, if there is one root."""
    if len(set(roots)) < 2:
        return {}
    names = [root.name for root in roots]
    return {
        root: f"{root.name if names.count(root.name) == 1 else root.as_posix().strip('/')}/"
        for root in roots
    }


def _directory(root: Path) -> Iterator[Path | FileSkipped]:
    failures: list[OSError] = []
    for directory, folders, names in os.walk(root, onerror=failures.append):
        yield from (_unlisted(failure) for failure in failures)
        failures.clear()
        if FILE_NAME in names and Path(directory) != root:
            folders.clear()
            yield FileSkipped(Path(directory), OWN_PERMISSIONS)
            continue
        passed_over = _unwanted(Path(directory), folders, names)
        yield from (
            FileSkipped(Path(directory, name), reason, passed_over=True)
            for name, reason in passed_over.items()
        )
        folders[:] = sorted(name for name in folders if name not in passed_over)
        wanted = (name for name in sorted(names) if name not in passed_over and name != FILE_NAME)
        yield from (Path(directory, name) for name in wanted)
    yield from (_unlisted(failure) for failure in failures)


def _unwanted(directory: Path, folders: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """The folders and files of a directory that hold no document, and why.

    Mail programs hide the folders of a Maildir, and keep their own books beside its messages.
    """
    is_maildir = set(folders) >= MAILDIR
    reasons = {
        name: "" if _is_maildir(directory / name) else unread.folder_reason(name)
        for name in folders
    }
    reasons |= {
        name: MAIL_BOOKS if is_maildir else unread.reason(name)
        for name in names
        if name != FILE_NAME
    }
    reasons |= {"tmp": MAIL_BOOKS} if is_maildir else {}
    return {name: reason for name, reason in sorted(reasons.items()) if reason}


def _is_maildir(directory: Path) -> bool:
    return directory.name.startswith(".") and all((directory / name).is_dir() for name in MAILDIR)


def _unlisted(failure: OSError) -> FileSkipped:
    return FileSkipped(Path(failure.filename), _why(failure), unlisted=True)


def _found(path: Path, root: Path, prefix: str, base_url: str) -> Iterator[FileFound | FileSkipped]:
    try:
        status = path.lstat()
    except OSError as error:
        gone = isinstance(error, FileNotFoundError)
        yield FileSkipped(path, _why(error), unlisted=not gone)
        return
    if stat.S_ISLNK(status.st_mode):
        if not path.resolve().is_relative_to(root):
            yield FileSkipped(path, "a link that leads out of the directory")
        return
    if reason := _unreadable(path, status):
        yield FileSkipped(path, reason, unlisted=reason == NOT_READABLE)
        return
    name = prefix + path.relative_to(root).as_posix()
    url = f"{base_url.rstrip('/')}/{quote(name)}" if base_url else path.as_uri()
    yield FileFound(path, name, url, root, status.st_size, status.st_mtime_ns // 1000)


def _unreadable(path: Path, status: os.stat_result) -> str:
    if not stat.S_ISREG(status.st_mode):
        return "not a regular file"
    if not os.access(path, os.R_OK):
        return NOT_READABLE
    return "" if _is_text(str(path)) else "its name is not valid text"


def _is_text(name: str) -> bool:
    return not any("\ud800" <= mark <= "\udfff" for mark in name)


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or "cannot be opened").lower()
