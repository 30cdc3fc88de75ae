"""What ``--allow`` said stays said: for a directory and all below it, a file, or a site.

A later run that does not say who may read must not open what an earlier one closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.identity import groups, users
from stook.identity.names import known_as
from stook.identity.permissions import ORGANISATION, Permissions
from stook.knowledge.ingestion.connectors.permissions_file import FILE_NAME, parse_allow
from stook.storage.tables import datasources

Standing = Mapping[str, Sequence[str]]  # by path or address


def settle(connection: sa.Connection, datasource: str, source: str, allow: Sequence[str]) -> None:
    """Remember who may read a path and all below it, or a site; nothing said changes nothing."""
    if not allow:
        return
    config = _config(connection, datasource)
    kept = {name: said for name, said in _standing(config).items() if not _is_below(name, source)}
    config["allowed"] = kept | {source: list(allow)}
    _keep(connection, datasource, config)


def known_names(connection: sa.Connection, allow: Sequence[str]) -> tuple[list[str], list[str]]:
    """What ``--allow`` says with names as they are stored, and those that nobody has."""
    meant, unknown = [], []
    for entry in allow:
        kind, _, name = entry.partition(":")
        if kind == "group":
            group = known_as(name, groups.names(connection, ORGANISATION))
            meant.append(f"group:{group or name}")
            is_known = group is not None
        else:
            meant.append(entry)
            is_known = kind != "user" or users.find(connection, name) is not None
        if not is_known:
            unknown.append(entry)
    return meant, unknown


def load(connection: sa.Connection, datasource: str) -> dict[str, Permissions]:
    """Who may read, by the path or address that it was said for."""
    standing = _standing(_config(connection, datasource))
    return {source: parse_allow(allow) for source, allow in standing.items()}


def nearest(standing: Mapping[str, Permissions], path: Path) -> Permissions | None:
    """What was said for the path, or else for the nearest directory above."""
    for place in map(str, (path, *path.parents)):
        if said := known_as(place, standing):
            return standing[said]
    return None


def claim_realm(connection: sa.Connection, root: Path, datasource: str) -> None:
    """Note that the datasource has its groups from the permissions file at a root.

    Raises InvalidRequest where it has them from another: one would overwrite the other's.
    """
    config = _config(connection, datasource)
    holder = config.get("permissions_root")
    if holder not in (None, str(root)) and (Path(str(holder)) / FILE_NAME).exists():
        raise InvalidRequest(
            f"Datasource {datasource} has its groups from {Path(str(holder)) / FILE_NAME}; "
            "give this directory a --datasource of its own."
        )
    config["permissions_root"] = str(root)
    _keep(connection, datasource, config)


def rules_kept(connection: sa.Connection, datasource: str) -> str | None:
    """The text of the permissions file that was last applied in full; None if there was none."""
    text = _config(connection, datasource).get("rules")
    return str(text) if text is not None else None


def keep_rules(connection: sa.Connection, datasource: str, text: str) -> None:
    """Remember the text of a permissions file, to see what a later one opens."""
    config = _config(connection, datasource)
    if config.get("rules") != text:
        _keep(connection, datasource, config | {"rules": text})


def refuse_named_elsewhere(connection: sa.Connection, datasource: str, group: str) -> None:
    """Raises InvalidRequest where a permissions file names the members of a group.

    The next run of ``stook index`` would bring back whoever was removed here.
    """
    holder = _config(connection, datasource).get("permissions_root") if datasource else None
    if holder is not None and (file := Path(str(holder)) / FILE_NAME).exists():
        raise InvalidRequest(
            f"The members of {group} are named in {file}, and the next `stook index` would bring "
            "back whoever is removed here. Change that file, and index again. Nothing was done."
        )


def refuse_without_rules(connection: sa.Connection, path: Path, datasource: str) -> None:
    """Raises InvalidRequest where the permissions file that ruled over the path has vanished."""
    holder = _config(connection, datasource).get("permissions_root")
    if holder is None:
        return
    root = Path(str(holder))
    related = path.is_relative_to(root) or root.is_relative_to(path)
    if related and root.is_dir() and not (root / FILE_NAME).exists():
        raise InvalidRequest(
            f"{root / FILE_NAME} said who may read and is gone; put it back, or say it by --allow."
        )


def refuse_moved(connection: sa.Connection, path: Path, datasource: str) -> None:
    """Raises InvalidRequest where a place that was closed is gone, and nothing is said of this one.

    It may be the same under another name, and would be open to everyone.
    """
    config = _config(connection, datasource)
    standing = {source: parse_allow(allow) for source, allow in _standing(config).items()}
    if nearest(standing, path) is not None:
        return
    closed = [source for source, said in standing.items() if not said.everyone]
    places = [source for source in closed if source.startswith("/")]
    places += [str(root)] if (root := config.get("permissions_root")) else []
    for place in places:
        if not Path(place).exists():
            raise InvalidRequest(
                f"Who may read was said for {place}, which is no longer there. If {path} is what "
                "it was, say it anew by --allow; --allow everyone opens it."
            )


def _is_below(name: str, source: str) -> bool:
    return Path(name).is_relative_to(source) if source.startswith("/") else name == source


def _standing(config: Mapping[str, object]) -> dict[str, list[str]]:
    allowed = config.get("allowed")
    return dict(allowed) if isinstance(allowed, dict) else {}


def _config(connection: sa.Connection, datasource: str) -> dict[str, object]:
    of_this = sa.select(datasources.c.config).where(datasources.c.name == datasource)
    return dict(connection.scalar(of_this) or {})


def _keep(connection: sa.Connection, datasource: str, config: dict[str, object]) -> None:
    of_this = sa.update(datasources).where(datasources.c.name == datasource)
    connection.execute(of_this.values(config=config))
