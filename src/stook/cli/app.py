"""All commands, by name. What a command needs is imported when it runs."""

from __future__ import annotations

import typer

from stook.cli import (
    answers,
    applications,
    credentials,
    documents,
    evaluation,
    explaining,
    people,
    service,
    stored,
)

app = typer.Typer(
    name="stook",
    help="Answers questions from your own documents, with citations.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("serve")(service.serve)
app.command("index")(documents.index)
app.command("reindex")(documents.reindex)
app.command("ask")(answers.ask)
app.command("search")(answers.search)
app.command("eval")(evaluation.evaluate)
app.command("explain")(people.explain)
app.command("explain-answer")(explaining.explain_answer)
app.command("doctor")(service.doctor)
app.command("version")(service.version)


def _group(name: str, description: str) -> typer.Typer:
    group = typer.Typer(help=description, no_args_is_help=True)
    app.add_typer(group, name=name)
    return group


_document = _group("document", "The documents that are stored.")
_document.command("list")(stored.list_documents)
_document.command("show")(stored.show_document)
_document.command("remove")(stored.remove_documents)

_datasource = _group("datasource", "Where documents come from.")
_datasource.command("list")(stored.list_datasources)
_datasource.command("remove")(stored.remove_datasource)

_token = _group("token", "API tokens.")
_token.command("create")(credentials.create_token)
_token.command("list")(credentials.list_tokens)
_token.command("revoke")(credentials.revoke_token)
_token.command("remove")(credentials.remove_token)

_client = _group("client", "OAuth clients.")
_client.command("create")(credentials.create_client)
_client.command("list")(credentials.list_clients)
_client.command("revoke")(credentials.revoke_client)
_client.command("grant")(credentials.grant_publisher)
_client.command("deny")(credentials.deny_publisher)

_user = _group("user", "The people of the organisation.")
_user.command("add")(people.add_user)
_user.command("link")(people.make_link)
_user.command("list")(people.list_users)
_user.command("deactivate")(people.deactivate_user)

_people_group = _group("group", "Groups of people.")
_people_group.command("add")(people.add_group)
_people_group.command("list")(people.list_groups)
_people_group.command("remove")(people.remove_group)

_application = _group("application", "Chat applications.")
_application.command("create")(applications.create_application)
_application.command("list")(applications.list_applications)
_application.command("delete")(applications.delete_application)

_feedback = _group("feedback", "What people say of answers.")
_feedback.command("export")(evaluation.export_feedback)
