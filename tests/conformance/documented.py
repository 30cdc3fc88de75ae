"""What clients of Gleen and Gloo can send, from their documentation; they publish no models."""

from __future__ import annotations

from tests.conformance.contract import Endpoint, Family

MESSAGE = (
    "query",
    "chat_id",
    "character_limit",
    "sources_limit",
    "stream",
    "publishers",
    "intent",
    "enable_sources",
    "enable_suggestions",
)
COMPLETION = (  # version 1 is as OpenAI has it
    "messages",
    "model",
    "stream",
    "temperature",
    "max_tokens",
    "tools",
    "tool_choice",
)
ROUTED = (*COMPLETION, "auto_routing", "model_family", "tradition")
GROUNDED = (
    *ROUTED,
    "rag_publisher",
    "sources_limit",
    "include_citations",
    "parallel_tool_calls",
    "stream_options",
)
RESPONSES = ("input", "instructions", "model", "stream", "max_output_tokens")

GLEEN = Family(
    "gleen",
    (
        Endpoint(
            "POST",
            "/api/v1/send_message",
            (
                "query_text",
                "thread_id",
                "stream",
                "locale",
                "functions",
                "faq_id",
                "page_url",
                "user_metadata",
            ),
        ),
        Endpoint("GET", "/api/v1/product-faqs", ("page_url",)),
    ),
)
GLOO = Family(
    "gloo",
    (
        Endpoint("POST", "/oauth2/token", ("grant_type", "scope", "client_id", "client_secret")),
        Endpoint("POST", "/ai/v1/message", MESSAGE),
        Endpoint("POST", "/ai/v1/message/kallm", MESSAGE),
        Endpoint("PUT", "/ai/v1/message", ("task", "chat_id", "message_id")),
        Endpoint("DELETE", "/ai/v1/message", ("message_id", "query_id")),
        Endpoint("PATCH", "/ai/v1/message", ("message_id", "rating", "comment")),
        Endpoint("GET", "/ai/v1/chat", ("chat_id",)),
        Endpoint("PATCH", "/ai/v1/chat", ("chat_id", "chat_field", "new_value")),
        Endpoint("DELETE", "/ai/v1/chat", ("chat_id",)),
        Endpoint("GET", "/ai/v1/chats"),
        Endpoint("POST", "/ai/v1/chat/completions", COMPLETION),
        Endpoint("POST", "/ai/v2/chat/completions", ROUTED),
        Endpoint("POST", "/ai/v2/chat/completions/grounded", GROUNDED),
        Endpoint("GET", "/platform/v2/models"),
        Endpoint("POST", "/ai/v1/responses", RESPONSES),
        Endpoint("POST", "/ai/v2/responses", RESPONSES),
        Endpoint("POST", "/ai/v1/grounded/responses"),
        Endpoint("POST", "/ai/data/v1/search", ("query", "collection", "tenant")),
        Endpoint("POST", "/ai/v1/data/items/recommendations/base", ("query",)),
        Endpoint("POST", "/ai/v1/data/items/recommendations/verbose", ("query",)),
        Endpoint("POST", "/ai/v1/data/affiliates/referenced-items", ("query",)),
        Endpoint("POST", "/ingestion/v2/files", ("publisher_id", "files")),
        Endpoint("POST", "/engine/v2/item", ("publisher_id", "item_id")),
        Endpoint("POST", "/ingestion/v1/real_time_upload", ("content", "publisher_id")),
    ),
)
FAMILIES = (GLEEN, GLOO)
