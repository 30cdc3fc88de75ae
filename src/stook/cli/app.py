"""All commands, by name. What a command needs is imported when it runs."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import typer

# Each command with its function: module of this package, name.
COMMANDS: Mapping[str, str] = {
    "serve": "service.serve",
    "index": "documents.index",
    "reindex": "documents.reindex",
    "ask": "answers.ask",
    "search": "answers.search",
    "eval": "evaluation.evaluate",
    "explain": "people.explain",
    "explain-answer": "explaining.explain_answer",
    "doctor": "service.doctor",
    "version": "service.version",
}
GROUPS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "document": (
        "The documents that are stored.",
        {
            "list": "stored.list_documents",
            "show": "stored.show_document",
            "remove": "stored.remove_documents",
        },
    ),
    "datasource": (
        "Where documents come from.",
        {"list": "stored.list_datasources", "remove": "stored.remove_datasource"},
    ),
    "answer": (
        "Answers that people write to questions.",
        {
            "add": "answering.add_answer",
            "list": "answering.list_answers",
            "remove": "answering.remove_answer",
        },
    ),
    "token": (
        "API tokens.",
        {
            "create": "credentials.create_token",
            "list": "credentials.list_tokens",
            "revoke": "credentials.revoke_token",
            "remove": "credentials.remove_token",
        },
    ),
    "client": (
        "OAuth clients.",
        {
            "create": "credentials.create_client",
            "list": "credentials.list_clients",
            "revoke": "credentials.revoke_client",
            "grant": "credentials.grant_publisher",
            "deny": "credentials.deny_publisher",
        },
    ),
    "user": (
        "The people of the organisation.",
        {
            "add": "people.add_user",
            "link": "people.make_link",
            "list": "people.list_users",
            "deactivate": "people.deactivate_user",
        },
    ),
    "group": (
        "Groups of people.",
        {
            "add": "people.add_group",
            "list": "people.list_groups",
            "remove": "people.remove_group",
        },
    ),
    "application": (
        "Chat applications.",
        {
            "create": "applications.create_application",
            "list": "applications.list_applications",
            "delete": "applications.delete_application",
        },
    ),
    "feedback": ("What people say of answers.", {"export": "evaluation.export_feedback"}),
}


def application(first: str = "") -> typer.Typer:
    """The command line; where ``first`` names a command or a group, with nothing beside it.

    Making all forty takes longer than what most of them do.
    """
    app = typer.Typer(
        name="stook",
        help="Answers questions from your own documents, with citations.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_no_command_of_its_own)
    named = first in COMMANDS or first in GROUPS
    _add(app, {name: at for name, at in COMMANDS.items() if name == first or not named})
    for name, (description, commands) in GROUPS.items():
        if name == first or not named:
            group = typer.Typer(help=description, no_args_is_help=True)
            _add(group, commands)
            app.add_typer(group, name=name)
    return app


def _no_command_of_its_own() -> None:
    """Keep a single command below the name of the program."""


def _add(app: typer.Typer, commands: Mapping[str, str]) -> None:
    for name, at in commands.items():
        module, function = at.split(".")
        app.command(name)(getattr(import_module(f"stook.cli.{module}"), function))
