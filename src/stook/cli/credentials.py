"""``stook token`` and ``stook client``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from stook.cli.common import (
    AllowUnknown,
    AsJson,
    DataDir,
    Yes,
    confirm,
    known_allow,
    moment,
    say,
    show,
    table,
    with_database,
    with_new_database,
    with_recorded,
)

if TYPE_CHECKING:
    import sqlalchemy as sa

    from stook.identity.oauth import NewClient
    from stook.identity.tokens import NewToken

RateLimit = Annotated[
    str, typer.Option(metavar="RATES", help="Its own: 'chat=2/s burst 20', '5/min', 'off' …")
]
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400, "y": 365 * 86_400}


def create_token(
    name: str,
    scopes: Annotated[str, typer.Option(help="What it may be used for: CHAT,SEARCH,INDEXING …")],
    user: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="The person whose token it is.")
    ] = None,
    is_global: Annotated[
        bool, typer.Option("--global", help="May act for anybody (X-Glean-ActAs).")
    ] = False,
    expires: Annotated[
        str | None, typer.Option(metavar="TIME", help="How long it is valid: 90d, 12h …")
    ] = None,
    datasource: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="INDEXING only: for this datasource; may be repeated."),
    ] = None,
    from_: Annotated[
        list[str] | None,
        typer.Option(
            "--from", metavar="CIDR", help="INDEXING only: from these addresses; may be repeated."
        ),
    ] = None,
    rotate: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="INDEXING only: ends unless rotated that often: 30d …"),
    ] = None,
    rate_limit: RateLimit = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Make an API token; it is shown this once."""
    from stook.errors import InvalidRequest

    wanted = [scope.strip().upper() for scope in scopes.split(",") if scope.strip()]
    only_indexing = wanted == ["INDEXING"] and user is None
    for_nobody = only_indexing or (wanted == ["SCIM"] and user is None)
    if (user is None) != is_global and not for_nobody:
        raise InvalidRequest("Say whose token it is: either --user EMAIL or --global.")
    if datasource or from_ or rotate:
        if not only_indexing:
            raise InvalidRequest("--datasource, --from and --rotate are for INDEXING tokens only.")
        limits = (tuple(datasource or ()), tuple(from_ or ()), _minutes(rotate))
        new = with_new_database(
            data_dir, _create_indexing_token, name, limits, _expiry(expires), rate_limit
        )
    else:
        ends = _expiry(expires)
        new = with_new_database(data_dir, _create_token, name, wanted, user, ends, rate_limit)
    document = {"id": new.id, "token": new.secret}
    if not as_json:
        say("Keep this token; it is not shown again:")
    show(document, new.secret, as_json=as_json)


def list_tokens(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List tokens (never their secrets)."""
    from stook.identity import tokens

    document = [
        {
            "id": token.id,
            "name": token.name,
            "user": token.user_email,
            "scopes": sorted(token.scopes),
            "created_at": moment(token.created_at),
            "expires_at": moment(token.expires_at) or None,
            "revoked_at": moment(token.revoked_at) or None,
            "last_used_at": moment(token.last_used_at) or None,
            "rate_limits": token.rate_limits or None,
        }
        for token in with_database(data_dir, tokens.list_all)
    ]
    rows = [("ID", "NAME", "FOR", "SCOPES", "EXPIRES", "LAST USED", "RATE LIMITS", "STATE")]
    rows += [
        (
            str(token["id"]),
            str(token["name"]),
            str(token["user"] or "anybody"),
            ",".join(map(str, token["scopes"] or ())),
            str(token["expires_at"] or "never"),
            str(token["last_used_at"] or "never"),
            str(token["rate_limits"] or "the server's"),
            "revoked" if token["revoked_at"] else "",
        )
        for token in document
    ]
    show(document, table(rows), as_json=as_json)


def revoke_token(
    token_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Make a token worthless from now on."""
    from stook.identity import tokens
    from stook.identity.audit import Action, Deed

    deed = Deed(Action.TOKEN_REVOKED, token_id)
    with_recorded(data_dir, deed, tokens.revoke, token_id)
    show({"id": token_id, "revoked": True}, f"{token_id} is revoked.", as_json=as_json)


def remove_token(
    token_id: Annotated[str, typer.Argument(metavar="ID")],
    yes: Yes = False,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Remove a token from the list, revoked or not; it is worthless from now on."""
    from stook.identity import tokens
    from stook.identity.audit import Action, Deed

    confirm(f"Remove the token {token_id}?", yes=yes)
    deed = Deed(Action.TOKEN_REVOKED, token_id, {"removed": True})
    with_recorded(data_dir, deed, tokens.remove, token_id)
    show({"id": token_id, "removed": True}, f"{token_id} is removed.", as_json=as_json)


def create_client(
    name: str,
    user: Annotated[
        str | None,
        typer.Option(metavar="EMAIL", help="For whom it asks; default: a user of its own."),
    ] = None,
    rate_limit: RateLimit = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Make an OAuth client (client credentials); its secret is shown this once."""
    owner = user or _service_account(name)
    new = with_new_database(data_dir, _create_client, name, owner, rate_limit)
    document = {"client_id": new.client_id, "client_secret": new.client_secret}
    text = f"client_id:     {new.client_id}\nclient_secret: {new.client_secret}"
    if not as_json:
        say("Keep the secret; it is not shown again:")
    show(document, text, as_json=as_json)


def list_clients(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List OAuth clients (never their secrets)."""
    from stook.identity import oauth
    from stook.knowledge.intake import publishers

    found = with_database(data_dir, oauth.list_clients)
    granted = with_database(data_dir, publishers.granted)
    rows = [("CLIENT ID", "NAME", "FOR", "SINCE", "PUSHES INTO", "RATE LIMITS", "STATE")]
    rows += [
        (
            client.client_id,
            client.name,
            client.user_email,
            moment(client.created_at),
            ",".join(granted.get(client.client_id, ())),
            client.rate_limits or "the server's",
            "revoked" if client.revoked_at else "",
        )
        for client in found
    ]
    document = [
        {
            "client_id": client.client_id,
            "name": client.name,
            "user": client.user_email,
            "created_at": moment(client.created_at),
            "revoked_at": moment(client.revoked_at) or None,
            "publishers": granted.get(client.client_id, []),
            "rate_limits": client.rate_limits or None,
        }
        for client in found
    ]
    show(document, table(rows), as_json=as_json)


def revoke_client(
    client_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Make a client, and the access tokens it was given, worthless from now on."""
    from stook.identity import oauth
    from stook.identity.audit import Action, Deed

    deed = Deed(Action.CLIENT_REVOKED, client_id)
    with_recorded(data_dir, deed, oauth.revoke_client, client_id)
    show({"client_id": client_id, "revoked": True}, f"{client_id} is revoked.", as_json=as_json)


ClientId = Annotated[str, typer.Argument(metavar="CLIENT_ID")]
PublisherName = Annotated[str, typer.Argument(metavar="PUBLISHER", help="A datasource's name.")]


def grant_publisher(
    client_id: ClientId,
    publisher: PublisherName,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHO",
            help="Who may see what it pushes: everyone (the default), user:EMAIL, group:NAME; "
            "may be repeated.",
        ),
    ] = None,
    allow_unknown: AllowUnknown = False,
    display_name: Annotated[str, typer.Option(help="By which name readers know it.")] = "",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Let an OAuth client push documents into a publisher (Gloo's ingestion)."""
    from stook.identity.audit import Action, Deed
    from stook.knowledge.ingestion.connectors.permissions_file import parse_allow
    from stook.knowledge.intake import publishers

    allowed = parse_allow(known_allow(data_dir, allow or (), unknown=allow_unknown))
    deed = Deed(
        Action.PUBLISHER_GRANTED, client_id, {"publisher": publisher, "allow": list(allow or ())}
    )
    given = (client_id, publisher, allowed, display_name)
    with_recorded(data_dir, deed, publishers.grant, *given)
    document = {"client_id": client_id, "publisher": publisher, "allow": allow or ["everyone"]}
    show(document, f"{client_id} may push into {publisher}.", as_json=as_json)


def deny_publisher(
    client_id: ClientId,
    publisher: PublisherName,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Take back what `stook client grant` allowed; what was pushed stays."""
    from stook.identity.audit import Action, Deed
    from stook.knowledge.intake import publishers

    deed = Deed(Action.PUBLISHER_DENIED, client_id, {"publisher": publisher})
    with_recorded(data_dir, deed, publishers.withdraw, client_id, publisher)
    document = {"client_id": client_id, "publisher": publisher, "denied": True}
    show(document, f"{client_id} may no longer push into {publisher}.", as_json=as_json)


def _expiry(duration: str | None) -> int | None:
    """When something that lives this long from now on ends, in microseconds."""
    from stook.storage import clock

    if duration is None:
        return None
    return clock.now() + _seconds("--expires", duration) * 1_000_000


def _minutes(duration: str | None) -> int | None:
    return None if duration is None else _seconds("--rotate", duration) // 60


def _seconds(option: str, duration: str) -> int:
    from stook.errors import InvalidRequest

    match = re.fullmatch(r"(\d{1,9})([smhdwy])", duration.strip().lower())
    if match is None or not int(match[1]):
        raise InvalidRequest(f"{option} {duration} is not a time such as 90d, 12h or 1y.")
    return int(match[1]) * _UNITS[match[2]]


def _service_account(name: str) -> str:
    """The address of a user that stands for a program."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "client"
    return f"{plain[:60]}@clients.invalid"


def _create_token(
    connection: sa.Connection,
    name: str,
    scopes: list[str],
    user: str | None,
    expires_at: int | None,
    rate_limits: str,
) -> NewToken:
    from typing import cast

    from stook.identity import tokens
    from stook.identity.principals import Scope

    if user is not None:
        _add_if_new(connection, user)
    wanted = cast("list[Scope]", scopes)
    new = tokens.create(connection, name, wanted, user, expires_at, rate_limits)
    _record_token(connection, new.id, name, user or "", sorted(scopes))
    return new


def _create_indexing_token(
    connection: sa.Connection,
    name: str,
    limits: tuple[tuple[str, ...], tuple[str, ...], int | None],
    expires_at: int | None,
    rate_limits: str,
) -> NewToken:
    from stook.identity import indexing_tokens

    only = indexing_tokens.Limits(*limits)
    new = indexing_tokens.create(connection, name, only, expires_at, rate_limits)
    _record_token(connection, new.id, name, "", ["INDEXING"])
    return new


def _record_token(
    connection: sa.Connection, token_id: str, name: str, owner: str, scopes: list[str]
) -> None:
    from stook.identity import audit
    from stook.identity.audit import Action

    details = {"name": name.strip(), "owner": owner, "scopes": scopes}
    audit.record(connection, audit.operator(), Action.TOKEN_MADE, token_id, **details)


def _create_client(connection: sa.Connection, name: str, user: str, rate_limits: str) -> NewClient:
    from stook.identity import audit, oauth
    from stook.identity.audit import Action

    _add_if_new(connection, user)
    new = oauth.create_client(connection, name, user, rate_limits)
    details = {"name": name, "owner": user}
    audit.record(connection, audit.operator(), Action.CLIENT_MADE, new.client_id, **details)
    return new


def _add_if_new(connection: sa.Connection, email: str) -> None:
    """Credentials are made by the operator, who may as well name somebody for the first time."""
    from stook.identity import users

    if users.find(connection, email) is None:
        say(f"{users.add(connection, email).email} is a new user.")
