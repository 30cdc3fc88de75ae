"""What ``stook index`` is asked for, checked before anything heavy is loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from stook.errors import InvalidRequest, NotFound
from stook.knowledge.ingestion.connectors import permissions_file

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_DATASOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asked for."""

    sources: tuple[str, ...]
    datasource: str | None
    allow: tuple[str, ...]
    crawl: bool
    base_url: str
    idle_rules: bool = False  # of a permissions file are put up with
    withdraw: bool = False  # however many documents vanished
    allow_unknown: bool = False  # names in a permissions file that nobody has
    widen: bool = False  # open to everyone what was closed

    def check(self) -> None:
        """Raises InvalidRequest or NotFound before anything is touched."""
        permissions_file.parse_allow(self.allow)
        if self.datasource is not None and not _DATASOURCE.fullmatch(self.datasource):
            raise InvalidRequest(
                f"--datasource {self.datasource!r}: use letters, digits, dots, hyphens "
                "and underscores."
            )
        if self.base_url and not _ADDRESS.match(self.base_url):
            raise InvalidRequest(f"--base-url {self.base_url!r} is no http or https address.")
        for path in self.paths:
            if not path.exists():
                raise NotFound(f"There is no file or directory {path}.")
        if self.crawl and not self.urls:
            raise InvalidRequest("--crawl needs an http or https address.")

    @property
    def urls(self) -> list[str]:
        return [source for source in self.sources if _ADDRESS.match(source)]

    @property
    def paths(self) -> list[Path]:
        return [Path(source).expanduser() for source in self.sources if not _ADDRESS.match(source)]
