"""Questions that the page at an address answers."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from stook.application.asking import local_time
from stook.conversation import faqs
from stook.conversation.events import Ask, Event
from stook.conversation.faqs import AnsweredFaq, Faq, Faqs
from stook.identity.principals import Principal
from stook.runtime import Runtime

__all__ = ["AnsweredFaq", "Faq", "about", "answer", "find"]


async def about(runtime: Runtime, principal: Principal, url: str, locale: str) -> list[AnsweredFaq]:
    """Return what the visible page at an address answers, best first."""
    return await _offered(runtime).about(url, principal, local_time(None), locale)


async def find(runtime: Runtime, principal: Principal, faq_id: int) -> Faq:
    """Return the question of that number; raises NotFound."""
    return await runtime.database.read(faqs.find, principal, faq_id)


def answer(runtime: Runtime, ask: Ask, faq: Faq) -> AsyncGenerator[Event]:
    """Return the events of a turn that answers the question from its page."""
    return _offered(runtime).answer(ask, faq)


def _offered(runtime: Runtime) -> Faqs:
    return Faqs(runtime.settings, runtime.database, runtime.searcher)
