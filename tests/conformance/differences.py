"""Where Stook knowingly does something else than the original, and what it does not offer.

Paths and fields are patterns as in a shell. The first that fits a field counts, unless a test
shows the field to work.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True)
class Difference:
    """Why these fields do nothing, or not all that the original's do."""

    paths: str
    fields: tuple[str, ...]
    reason: str

    def covers(self, path: str, field: str) -> bool:
        return fnmatchcase(path, self.paths) and any(
            fnmatchcase(field, each) for each in self.fields
        )


NOTHING_THERE = {
    f"{call} /api/agents/{{agent_id}}/{rest}": (
        "Answered with 404: runs are bound to their request, so there is none to go back to."
    )
    for call, rest in (("GET", "runs/{run_id}"), ("POST", "cancellations"), ("POST", "responses"))
}

FIELDS = (
    Difference(
        "*",
        ("sessionInfo", "sessionInfo.*", "trackingToken", "inputDetails", "inputDetails.*"),
        "Taken; the original learns from it, Stook keeps no analytics.",
    ),
    Difference("*/search", ("timestamp",), "Taken; only the server's clock counts."),
    Difference("*/adminsearch", ("timestamp",), "Taken; only the server's clock counts."),
    Difference("*/recommendations", ("timestamp",), "Taken; only the server's clock counts."),
    Difference("*/summarize", ("timestamp",), "Taken; only the server's clock counts."),
    Difference(
        "*/feed",
        ("requestOptions.timezoneOffset", "requestOptions.c*", "timeoutMillis"),
        "Taken; there are two categories of entries, and reading them takes no time to speak of.",
    ),
    Difference(
        "*/recommendations",
        ("requestOptions.context", "requestOptions.resultProminence"),
        "Taken; what is related depends on the document alone.",
    ),
    Difference(
        "*/listentities",
        ("sort*", "datasource", "filter.groupName"),
        "Taken; people are listed by name, out of the organisation's own directory.",
    ),
    Difference(
        "/api/chat",
        ("text", "text.format"),
        "TEXT works; JSON_SCHEMA is refused with a clear message.",
    ),
    Difference(
        "/ai/v2/chat/completions/grounded",
        ("parallel_tool_calls",),
        "Taken; no tool is called here, neither at once nor one after another.",
    ),
    Difference(
        "/api/agents/{agent_id}/schemas",
        ("include_tools",),
        "Taken; the agents have no tools.",
    ),
    Difference(
        "/api/index/v1/*document*",
        (
            "document*.containerDatasourceId",
            "document*.containerObjectType",
            "document*.updatedBy",
            "document*.interactions",
            "document*.additionalUrls",
            "document*.nativeAppUrl",
        ),
        "Kept with the document; search does not use it.",
    ),
    Difference(
        "/api/index/v1/indexdocuments",
        ("uploadId",),
        "Taken; nothing is left over from one such call to the next.",
    ),
    Difference(
        "/rest/api/v1/*",
        ("locale", "timezoneOffset"),
        "Errors are told in the language; nothing else depends on it or on the time zone.",
    ),
    Difference(
        "/rest/api/v1/chat",
        ("agentConfig.useImageGeneration",),
        "Taken; answers are texts out of documents.",
    ),
    Difference(
        "/rest/api/v1/chat",
        ("messages.*",),
        "Taken; only author, type, text, time and files of a message that is sent count.",
    ),
    Difference(
        "/rest/api/v1/*",
        ("*.ugcType", "*.contentId", "*.docType", "*.ugcId"),
        "Taken; documents are known by id and url only, so these match nothing.",
    ),
    Difference(
        "*search",
        ("sourceDocument", "sourceDocument.*"),
        "Taken; a search does not depend on where it was typed.",
    ),
    Difference(
        "/rest/api/v1/recommendations",
        ("sourceDocument.*",),
        "Taken; the document is named by id or url.",
    ),
    Difference(
        "/rest/api/v1/*",
        ("authTokens*", "requestOptions.authTokens"),
        "Taken; nothing is searched at other services, so no token of theirs is needed.",
    ),
    Difference(
        "*/feedback",
        ("*",),
        "Kept with the feedback, as it was sent, for the administrator.",
    ),
    Difference("*/activity", ("events.id", "events.params"), "Kept as it was sent."),
    Difference(
        "/rest/api/v1/people",
        ("includeFields", "includeTypes", "source"),
        "Taken; all that is known of a person is answered.",
    ),
    Difference(
        "/rest/api/v1/listentities",
        ("includeFields", "source", "requestType"),
        "Taken; all that is known of a person is answered.",
    ),
    Difference(
        "/rest/api/v1/tools/call",
        ("parameters.[*].items", "parameters.[*].properties"),
        "Refused with a clear message: no tool here takes a list or an object.",
    ),
    Difference(
        "/rest/api/v1/agents/*",
        ("*metadata",),
        "Taken; it comes back with the run.",
    ),
    Difference(
        "/api/agents/*",
        ("execution_mode", "interaction_id", "responses*", "run_id", "metadata"),
        "Runs are bound to their request: there are none to go back to.",
    ),
    Difference(
        "/api/index/v1/adddatasource",
        ("*",),
        "Kept and answered by getdatasourceconfig; Stook itself has no use for it.",
    ),
    Difference(
        "/api/index/v1/*employee*",
        ("*",),
        "Taken; a person's name, address and activity are kept.",
    ),
)

NOT_OFFERED = {
    "client_agents": "agents are built in; they are neither made nor imported by a client",
    "entities": "no pictures of people are kept",
    "indexing_datasources": "submissions are not part of the Indexing API's common calls",
    "admin_agents": "agents are built in",
    "admin_idpgroups": "groups come from the Indexing API",
    "announcements": "Stook answers from documents, and has no announcements",
    "answers": "Stook answers from documents, and has no written answers",
    "client_datasources": "datasources are configured on the server",
    "client_shortcuts": "shortcuts are pushed by the Indexing API, and suggested by autocomplete",
    "client_verification": "documents are not verified by people",
    "clients": "OAuth clients are managed with the command stook",
    "collections": "there are no collections",
    "departments": "there are no departments",
    "findings": "governance is not offered",
    "insights": "no statistics about people are kept",
    "messages": "there are no messages of chat tools",
    "pins": "there are no pins",
    "policies": "governance is not offered",
    "reports": "governance is not offered",
    "skills": "there are no skills",
    "tools": "the tools are built in; none belongs to another server",
    "triggers": "there are no triggers",
    "users": "users are managed with the command stook",
    "visibilityoverrides": "governance is not offered",
    "gloo": "the answers of these calls are not documented",
}


def reason(path: str, field: str) -> str | None:
    """Why a field differs; None where nobody said so."""
    return next((each.reason for each in FIELDS if each.covers(path, field)), None)
