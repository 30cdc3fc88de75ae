"""The bodies that Gloo's API takes, by subject."""

from __future__ import annotations

from pydantic import BaseModel

from stook.dialects.gloo.requests.completions import (
    CompletionRequest,
    CompletionV2Request,
    GroundedRequest,
)
from stook.dialects.gloo.requests.ingestion import FilesForm, ItemUpdate, RealTimeUpload
from stook.dialects.gloo.requests.messages import (
    ChatChange,
    MessageRequest,
    RatingRequest,
    TokenForm,
)
from stook.dialects.gloo.requests.responses import ResponsesRequest
from stook.dialects.gloo.requests.search import AffiliatesRequest, GlooSearchRequest, ItemsRequest

REQUESTS: tuple[type[BaseModel], ...] = (
    TokenForm,
    MessageRequest,
    RatingRequest,
    ChatChange,
    GlooSearchRequest,
    ItemsRequest,
    AffiliatesRequest,
    ItemUpdate,
    RealTimeUpload,
    FilesForm,
)
COMPLETION_REQUESTS: tuple[type[BaseModel], ...] = (
    CompletionRequest,
    CompletionV2Request,
    GroundedRequest,
    ResponsesRequest,
)
