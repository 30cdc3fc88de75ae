"""Chat applications as people ask them: which there are, and which one a question is put to."""

from __future__ import annotations

from stook.conversation import applications
from stook.conversation.applications import Application
from stook.conversation.chats import repository
from stook.errors import InvalidRequest
from stook.runtime import Runtime

__all__ = ["Application"]


async def available(runtime: Runtime) -> list[Application]:
    """Return those that this server can answer in, by name."""
    found = await runtime.database.read(applications.list_all)
    return [each for each in found if _has_model(runtime, each)]


async def find(runtime: Runtime, application_id: str) -> Application:
    """Return the application of that id; raises NotFound."""
    return await runtime.database.read(applications.find, application_id)


async def names(runtime: Runtime) -> dict[str, str]:
    """Return what the applications are called, by their ids."""
    found = await runtime.database.read(applications.list_all)
    return {application.id: application.name for application in found}


async def chosen(
    runtime: Runtime, owner: str, wanted: str | None, chat_id: str | None
) -> Application | None:
    """Return the one asked for, else the one in which the person's chat was begun.

    Raises NotFound, and InvalidRequest where its model is none of this server's.
    """
    if not wanted and chat_id:
        chat = await runtime.database.read(repository.find, owner, chat_id)
        wanted = chat.application_id
    if not wanted:
        return None
    found = await runtime.database.read(applications.find, wanted)
    if not _has_model(runtime, found):
        raise InvalidRequest(
            f"{found.name} is answered by the model {found.definition.model}, "
            "which this server does not have."
        )
    return found


def _has_model(runtime: Runtime, application: Application) -> bool:
    return application.definition.model in ("", runtime.settings.model)
