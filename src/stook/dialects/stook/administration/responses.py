"""The JSON that administrators are answered with. Times are RFC 3339, UTC."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from stook.dialects.stook.responses import CitedDocument

# --- overview ------------------------------------------------------------------------------------


class StoredCounts(BaseModel):
    """What is stored; ``pending`` are documents that the search index has to catch up with."""

    documents: int
    passages: int
    pending: int


class PeopleCounts(BaseModel):
    active: int
    groups: int
    tokens: int
    sessions: int


class RunningJobs(BaseModel):
    """What is being worked on, on all nodes together."""

    indexing: int
    reading: int
    receiving: int
    answering: int


class StoredBytes(BaseModel):
    """Null where it does not lie on this machine."""

    database: int | None
    index: int | None
    files: int | None


class ServerOverview(BaseModel):
    """How the server stands."""

    version: str
    database: str
    model: str
    counts: StoredCounts
    people: PeopleCounts
    jobs: RunningJobs
    bytes: StoredBytes


class EffectiveSetting(BaseModel):
    """A setting by its variable; ``value`` of a secret is "set" or empty."""

    name: str
    value: str
    origin: Literal["command line", "environment", "file", "default"]
    description: str


class EffectiveSettings(BaseModel):
    """The settings in force, and where each comes from."""

    settings: list[EffectiveSetting]


# --- documents -----------------------------------------------------------------------------------


class DatasourceHolding(BaseModel):
    """A datasource; ``stored_at`` is when it last brought something."""

    name: str
    display_name: str
    documents: int
    pending: int
    stored_at: str | None
    created_at: str


class DatasourceList(BaseModel):
    """Datasources, and how much is in each."""

    datasources: list[DatasourceHolding]


class RemovedDatasource(BaseModel):
    """How many documents went; while not ``complete``, the datasource is still there."""

    documents: int
    complete: bool


class ListedDocument(BaseModel):
    id: str
    datasource: str
    title: str
    url: str
    mime_type: str
    author: str
    changed_at: str
    stored_at: str
    searchable: bool
    pending: bool


class DocumentList(BaseModel):
    """A page of documents, and how many there are in all."""

    documents: list[ListedDocument]
    total: int
    next_cursor: str | None


class NamedSubject(BaseModel):
    """A person or a group; the organisation's own have an empty realm."""

    realm: str
    name: str


class DocumentPermissions(BaseModel):
    """Who may see a document: whoever meets any one of these.

    ``realm_members`` names a realm all of whose people may; ``clauses`` are lists of groups, to
    all of which one has to belong.
    """

    everyone: bool
    realm_members: str | None
    users: list[NamedSubject]
    clauses: list[list[NamedSubject]]


class DocumentDetails(BaseModel):
    """All that is known of a document, but for its text."""

    document: CitedDocument
    external_id: str
    path: str
    stored_at: str
    version: int
    passages: int
    searchable: bool
    notes: list[str]
    permissions: DocumentPermissions


class DocumentPassage(BaseModel):
    ordinal: int
    heading_path: list[str]
    place: str
    text: str


class DocumentPassages(BaseModel):
    """Passages in their order; ``next`` is what to go on behind, if there are more."""

    passages: list[DocumentPassage]
    next: int | None


class DocumentViewer(BaseModel):
    email: str
    name: str
    allowed: bool
    reasons: list[str]


class DocumentViewers(BaseModel):
    """People by address: whether each may see the document, and why."""

    people: list[DocumentViewer]
    next_cursor: str | None


# --- people, groups, tokens ----------------------------------------------------------------------


class ListedPerson(BaseModel):
    email: str
    name: str
    active: bool
    administrator: bool
    created_at: str


class PeopleList(BaseModel):
    """A page of people, by address."""

    people: list[ListedPerson]
    next_cursor: str | None


class SignedInBrowser(BaseModel):
    browser: str
    seen_at: str


class PersonDetails(BaseModel):
    """A person; each of ``groups`` is a group, then the members of it that lead to the person."""

    person: ListedPerson
    groups: list[list[str]]
    sessions: list[SignedInBrowser]


class Invitation(BaseModel):
    """The secret of a link to /sign-in that signs a person in, once; it is shown this once."""

    email: str
    link: str | None


class EndedSessions(BaseModel):
    """How many sessions were ended."""

    ended: int


class ListedGroup(BaseModel):
    """A group with the numbers of its direct members."""

    realm: str
    name: str
    users: int
    groups: int


class GroupList(BaseModel):
    """A page of groups, by name."""

    groups: list[ListedGroup]
    next_cursor: str | None


class GroupMemberEntry(BaseModel):
    kind: Literal["user", "group"]
    name: str


class GroupDetails(BaseModel):
    """A group with a page of its members; ``documents`` name it in their permissions."""

    group: ListedGroup
    documents: int
    members: list[GroupMemberEntry]
    next_cursor: str | None


class ListedToken(BaseModel):
    """A token; a global one has no ``email``."""

    id: str
    name: str
    email: str | None
    scopes: list[str]
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None


class TokenList(BaseModel):
    """A page of tokens, the newest first."""

    tokens: list[ListedToken]
    next_cursor: str | None


class MadeToken(BaseModel):
    """A token just made; it is shown this once."""

    id: str
    token: str


# --- audit ---------------------------------------------------------------------------------------


class AuditEvent(BaseModel):
    """What somebody did, and to what; ``credential`` is their session, token or client."""

    id: int
    at: str
    actor: str
    credential: str
    action: str
    subject: str
    details: dict[str, Any]


class AuditList(BaseModel):
    """A page of what was done, the newest first; ``actions`` are all that may be filtered by."""

    events: list[AuditEvent]
    actions: list[str]
    next_cursor: str | None


# --- insights ------------------------------------------------------------------------------------


class AnswersOfDay(BaseModel):
    """How many questions of a day (UTC) were answered, and how."""

    day: str
    answered: int
    closest: int
    nothing: int
    failed: int


class AnswerSpeed(BaseModel):
    """So many of a hundred answers took at most so many milliseconds."""

    percent: int
    milliseconds: int


class AnswerComplaint(BaseModel):
    """What somebody said of an answer that was not good; ``question`` is empty once forgotten."""

    said_at: str
    reason: str
    comment: str
    question: str


class InsightsSummary(BaseModel):
    """How questions were answered; their texts are kept for ``text_days``."""

    days: list[AnswersOfDay]
    speed: list[AnswerSpeed]
    good: int
    bad: int
    complaints: list[AnswerComplaint]
    text_days: int


class UnansweredQuestion(BaseModel):
    text: str
    outcome: Literal["closest", "nothing"]
    asked_at: str


class QuestionCluster(BaseModel):
    """Questions that mean much the same, the newest first."""

    questions: list[UnansweredQuestion]


class UnansweredQuestions(BaseModel):
    """What was not answered, the most asked first; texts are kept for ``text_days``."""

    clusters: list[QuestionCluster]
    text_days: int


class UsedDocument(BaseModel):
    """A document, and in how many answers it was cited."""

    id: str
    title: str
    datasource: str
    answers: int
    changed_at: str


class UsedDocuments(BaseModel):
    documents: list[UsedDocument]
    next_cursor: str | None


class CuratedAnswer(BaseModel):
    """An answer that somebody wrote; ``wordings`` are other ways to ask its question."""

    document_id: str
    question: str
    wordings: list[str]
    text: str
    author: str
    stored_at: str


class CuratedAnswers(BaseModel):
    answers: list[CuratedAnswer]
    next_cursor: str | None


class WrittenDocument(BaseModel):
    """The document that was written."""

    document_id: str
