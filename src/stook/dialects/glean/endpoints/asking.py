"""What a chat request asks for: its question, history, files, filters and agent as an ``Ask``."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stook.application import agents, applications, chats
from stook.application.applications import Application
from stook.application.asking import checked_question, local_time, share_taken
from stook.conversation.chats.files import ChatFile, FileStatus
from stook.conversation.chats.records import Message
from stook.conversation.events import Ask, Effort, Turn
from stook.dialects.access import owner_of
from stook.dialects.glean.rendering import wire
from stook.dialects.glean.requests.chat import AgentConfig, ChatRequest
from stook.dialects.glean.requests.history import Conversation, arrange
from stook.dialects.glean.requests.message_order import Order, find_order
from stook.errors import InvalidRequest, NotFound
from stook.identity.principals import Principal
from stook.runtime import Runtime
from stook.understanding.question import Author

AGENTS = ("DEFAULT", "FAST", "ADVANCED", "AUTO", "UNIVERSAL", "GPT")
MODES = ("DEFAULT", "QUICK")
EFFORTS = {"ADVANCED": Effort.DEEP, "AUTO": Effort.AUTO}
WITH_TOOL_SETS = ("FAST", "ADVANCED")
PATIENCE = 2.0  # seconds that a question waits for its files to be read
NO_MODEL = (
    "This server has no language model, so each answer is taken out of your documents; "
    "use the agent DEFAULT, with company tools."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which agent is wanted: what it is called, and what that comes to here."""

    agent: str
    mode: str
    uses_documents: bool

    @property
    def is_quick(self) -> bool:
        """No time is spent on follow-up questions."""
        return self.agent == "FAST" or self.mode == "QUICK"

    @property
    def effort(self) -> Effort:
        """ADVANCED looks into a question, AUTO where that is of use."""
        return EFFORTS.get(self.agent, Effort.QUICK)

    def json(self) -> dict[str, str]:
        """As it is said back with an answer."""
        return {"agent": self.agent, "mode": self.mode}


def wish(given: AgentConfig | None) -> Wish:
    """What an AgentConfig means; raises InvalidRequest."""
    asked = given or AgentConfig()
    agent, mode = (asked.agent or "DEFAULT").upper(), (asked.mode or "DEFAULT").upper()
    if agent not in AGENTS:
        raise InvalidRequest(f"agentConfig.agent: give one of {', '.join(AGENTS)}.")
    if mode not in MODES:
        raise InvalidRequest(f"agentConfig.mode: give one of {', '.join(MODES)}.")
    tools = asked.tool_sets
    no_tools = tools is not None and tools.enable_company_tools is False
    uses_documents = agent != "GPT" and not (agent in WITH_TOOL_SETS and no_tools)
    return Wish(agent, mode, uses_documents)


@dataclass(frozen=True, slots=True)
class Asking:
    """One request, and on whose behalf; ``ask`` raises what is wrong with it."""

    runtime: Runtime
    principal: Principal
    body: ChatRequest
    locale: str
    offset: int | None

    async def ask(self) -> Ask:
        """Raises InvalidRequest and NotFound."""
        body, settings = self.body, self.runtime.settings
        self._check_agent()
        chat_id = body.chat_id or None
        stored = await self._stored(chat_id) if chat_id else []
        turns = [Turn(message.author, message.text) for message in stored]
        conversation = arrange(body.messages, turns, await self._order(turns))
        question = checked_question(conversation.question, settings)
        application = await self._application(chat_id)
        files = await self._files(conversation, stored)
        filters = wire.filters(body.inclusions, body.exclusions)
        own = application.definition if application else None
        context = (own.instructions if own else "", conversation.instructions)
        wanted = wish(body.agent_config)
        return Ask(
            principal=self.principal,
            question=question,
            now=local_time(self.offset),
            history=conversation.history,
            instructions="\n\n".join(text for text in context if text),
            passages=conversation.passages,
            files=tuple(file.document_id for file in files),
            chat_id=chat_id,
            save=bool(body.save_chat or chat_id),
            filters=replace(filters, within=own.filters) if own else filters,
            locale=self.locale,
            uses_documents=wanted.uses_documents,
            effort=wanted.effort,
            suggest=not wanted.is_quick,
            application_id=application.id if application else None,
            attached=conversation.files,
            timeout_seconds=body.timeout_millis / 1000 if body.timeout_millis else None,
        )

    async def _order(self, stored: Sequence[Turn]) -> Order:
        """As it is set, else as the messages tell."""
        fixed = Order(self.runtime.settings.glean_message_order)
        if fixed is not Order.AUTO:
            return fixed
        session = self.body.session or ""
        taken = functools.partial(share_taken, self.runtime, self.principal)
        return await find_order(self.body.messages, stored, session, taken)

    def _check_agent(self) -> None:
        """Agents that hold a conversation do what the chat does."""
        if self.body.agent_id:
            try:
                agent = agents.by_id(self.body.agent_id)
            except NotFound as error:
                raise InvalidRequest(f"agentId: {error.message}") from error
            if not agent.takes_messages:
                raise InvalidRequest(
                    f"agentId: {agent.name} takes a form, no messages; run it with agents/runs."
                )

    async def _stored(self, chat_id: str) -> list[Message]:
        """The messages of the caller's chat; raises NotFound."""
        return (await chats.own(self.runtime, self.principal, chat_id)).messages

    async def _application(self, chat_id: str | None) -> Application | None:
        """The one asked for, else the one in which the chat was begun."""
        wanted = self.body.application_id
        owner = owner_of(self.principal) if chat_id and not wanted else ""
        try:
            return await applications.chosen(self.runtime, owner, wanted, chat_id)
        except (NotFound, InvalidRequest) as error:
            raise InvalidRequest(f"applicationId: {error.message}") from error

    async def _files(self, conversation: Conversation, stored: Sequence[Message]) -> list[ChatFile]:
        """The question's files, all of which must be readable, and earlier ones that still are."""
        earlier = [*conversation.earlier_files, *_files_of(stored)]
        if not (conversation.files or earlier):
            return []
        wanted = [*conversation.files, *earlier]
        found = await self.runtime.uploads.find(owner_of(self.principal), wanted, PATIENCE)
        for file_id in conversation.files:
            _check(file_id, next((file for file in found if file.id == file_id), None))
        return [file for file in found if file.is_readable]


def _files_of(stored: Sequence[Message]) -> list[str]:
    asked = [message for message in stored if message.author is Author.USER]
    return [file for message in asked for file in message.attached]


def _check(file_id: str, file: ChatFile | None) -> None:
    if file is None:
        raise InvalidRequest("uploadedFileIds: there is no such file, or it is not yours.")
    if file.status is FileStatus.PROCESSING:
        raise InvalidRequest(
            f"uploadedFileIds: {file_id} is still being read; ask again when getchatfiles says "
            "PROCESSED."
        )
    if not file.is_readable:
        raise InvalidRequest(
            f"uploadedFileIds: {file_id} could not be read ({file.failure_reason})."
        )
