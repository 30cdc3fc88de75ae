"""The bodies that Glean's Client API takes, by subject, and what they mean."""

from __future__ import annotations

from pydantic import BaseModel

from stook.dialects.glean.requests import (
    agents,
    chat,
    documents,
    explaining,
    feedback,
    files,
    people,
    search,
    tools,
)

REQUESTS: tuple[type[BaseModel], ...] = (
    chat.ChatRequest,
    chat.ListChatsRequest,
    chat.GetChatRequest,
    chat.DeleteChatsRequest,
    files.GetChatApplicationRequest,
    files.ChatFilesRequest,
    files.UploadChatFilesForm,
    files.ChatFileContent,
    search.SearchRequest,
    search.AutocompleteRequest,
    search.RecommendationsRequest,
    search.FeedRequest,
    documents.GetDocumentsRequest,
    documents.GetDocumentsByFacetsRequest,
    documents.GetDocPermissionsRequest,
    documents.SummarizeRequest,
    people.PeopleRequest,
    people.ListEntitiesRequest,
    feedback.FeedbackRequest,
    feedback.ActivityRequest,
    agents.SearchAgentsRequest,
    agents.AgentRunCreate,
    explaining.ExplainAnswerRequest,
    tools.ToolsCallRequest,
)
