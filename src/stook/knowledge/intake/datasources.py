"""SQL of datasources as clients configure them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import regex
import sqlalchemy as sa

from stook.errors import InvalidRequest
from stook.identity.access import ATTACHED
from stook.identity.users import normalise_email
from stook.knowledge.intake.definitions import Datasource
from stook.knowledge.store import repository
from stook.storage.tables import beta_users, datasources, test_datasources
from stook.storage.text import is_storable
from stook.storage.upserts import insert_missing

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_RUNS = re.compile(r"(javascript|data|vbscript):", re.IGNORECASE)  # code, not a place
_UNSEEN = dict.fromkeys(range(33)) | {0x7F: None}  # browsers read on behind these
LONGEST_URL = 8192  # characters
LONGEST_REGEX = 1000  # characters
MATCH_SECONDS = 0.05  # some patterns take longer than anybody lives
_BY_EMAIL, _URL_REGEX = "isUserReferencedByEmail", "urlRegex"
_IDENTITY, _TEST, _ENTITY = "identityDatasourceName", "isTestDatasource", "isEntityDatasource"


def put(connection: sa.Connection, datasource: Datasource) -> None:
    """Make a datasource, or replace what clients say of it; raises InvalidRequest.

    What the operator said by ``stook index`` of who may see its files is not theirs to change.
    """
    check_name(datasource.name)
    _check_regex(datasource.url_regex)
    repository.ensure_datasource(connection, datasource.name)
    own = datasources.c.name == datasource.name
    before: dict[str, object] = connection.scalar(sa.select(datasources.c.config).where(own)) or {}
    said = {key: value for key, value in before.items() if key in repository.OPERATORS}
    values = {
        "display_name": datasource.display_name or datasource.name,
        "realm": datasource.realm,
        "config": _of_clients(datasource.config) | said,
    }
    connection.execute(sa.update(datasources).where(own).values(values))
    if datasource.is_test:
        insert_missing(connection, test_datasources, [{"datasource": datasource.name}])
    else:
        tested = test_datasources.c.datasource == datasource.name
        connection.execute(sa.delete(test_datasources).where(tested))


def get(connection: sa.Connection, name: str) -> Datasource:
    """A datasource; raises InvalidRequest where there is none of this name."""
    query = sa.select(datasources).where(datasources.c.name == name)
    row = connection.execute(query).one_or_none() if is_storable(name) else None
    if row is None or name == ATTACHED:  # which only chats write to
        raise InvalidRequest(f"There is no datasource {name[:100]!r}; make it with adddatasource.")
    config = _of_clients(row.config)
    return Datasource(
        name=row.name,
        display_name=row.display_name,
        realm=row.realm,
        by_email=bool(config.get(_BY_EMAIL)),
        url_regex=config.get(_URL_REGEX) or "",
        is_test=bool(config.get(_TEST)),
        is_entity=bool(config.get(_ENTITY)),
        config=config,
    )


def _of_clients(config: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in config.items() if key not in repository.OPERATORS}


def replace_beta_users(connection: sa.Connection, name: str, emails: Collection[str]) -> None:
    """Who sees a test datasource; raises InvalidRequest."""
    get(connection, name)
    connection.execute(sa.delete(beta_users).where(beta_users.c.datasource == name))
    rows = [{"datasource": name, "email": normalise_email(email)} for email in emails]
    insert_missing(connection, beta_users, rows)


def count_beta_users(connection: sa.Connection, name: str) -> int:
    query = sa.select(sa.func.count()).select_from(beta_users)
    return connection.scalar(query.where(beta_users.c.datasource == name)) or 0


def check_name(name: str) -> None:
    """Raise InvalidRequest unless this can name a datasource."""
    if not _NAME.fullmatch(name):
        raise InvalidRequest(
            "A datasource's name is 1 to 100 letters, digits, - and _, of which the first is "
            "a letter or a digit."
        )


def check_url(datasource: Datasource, url: str) -> None:
    """Raise InvalidRequest unless a document may have this address."""
    if not url:
        if datasource.is_entity:
            return
        raise InvalidRequest("viewURL is missing: it is where people can read the document.")
    check_place(url, "viewURL")
    if datasource.url_regex and not _matches(datasource.url_regex, url):
        raise InvalidRequest(f"viewURL does not match the datasource's {_URL_REGEX}.")


def check_place(url: str, name: str) -> None:
    """Raise InvalidRequest where an address is code that a browser would run, or very long."""
    if len(url) > LONGEST_URL or _RUNS.match(url.translate(_UNSEEN)):
        raise InvalidRequest(f"{name} is not an address that people can be sent to.")


def _matches(pattern: str, url: str) -> bool:
    try:
        return regex.search(pattern, url, timeout=MATCH_SECONDS) is not None
    except TimeoutError as error:
        raise InvalidRequest(
            f"{_URL_REGEX} takes too long for this viewURL; write it without nested repetitions."
        ) from error


def _check_regex(pattern: str) -> None:
    if len(pattern) > LONGEST_REGEX:
        raise InvalidRequest(f"{_URL_REGEX} is longer than {LONGEST_REGEX:,} characters.")
    try:
        regex.compile(pattern)
    except regex.error as error:
        raise InvalidRequest(f"{_URL_REGEX} is not a regular expression: {error}.") from error
