"""The bodies that Gleen's API answers with."""

from __future__ import annotations

from pydantic import BaseModel, Field

from stook.dialects.bodies import ServerSentEvents


class FunctionCall(BaseModel):
    """A function that the question asks for; ``arguments`` is a JSON object as text."""

    name: str
    arguments: str


class GleenSource(BaseModel):
    """A document that the answer rests on."""

    title: str
    url: str


class SendMessageResponse(BaseModel):
    """The answer; its text stands under three names."""

    thread_id: str
    content: str
    response: str
    message: str
    citations: list[GleenSource]
    sources: list[GleenSource]
    function_call: FunctionCall | None = Field(
        None, description="The function that the question asks for, if the documents do not answer."
    )
    handoff: bool = Field(
        False, description="Neither the documents nor a function answer: a person should."
    )
    locale: str = "en"


class SendMessageEvents(ServerSentEvents):
    """Server-sent events: ``thread_id`` and a piece of ``content`` each; the last is the whole
    SendMessageResponse with ``done``."""


class ProductFaq(BaseModel):
    """A question that a page answers; ``id`` is for ``faq_id``."""

    id: int
    question: str
    answer: str


class ProductFaqsResponse(BaseModel):
    """What a page answers, best first."""

    faqs: list[ProductFaq]
