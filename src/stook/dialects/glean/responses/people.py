"""What is answered about people and teams."""

from __future__ import annotations

from typing import Any

from stook.dialects.glean.requests.fields import Wire


class PersonMetadata(Wire):
    type: str
    email: str
    first_name: str | None = None
    last_name: str | None = None
    preferred_name: str | None = None
    title: str | None = None
    department: str | None = None
    business_unit: str | None = None
    location: str | None = None
    structured_location: dict[str, Any] | None = None
    manager: dict[str, Any] | None = None
    phone: str | None = None
    pronoun: str | None = None
    bio: str | None = None
    start_date: str | None = None
    photo_url: str | None = None


class DirectoryPerson(Wire):
    name: str
    obfuscated_id: str
    metadata: PersonMetadata


class PeopleResponse(Wire):
    results: list[DirectoryPerson]
    errors: list[str]


class Team(Wire):
    """A team; of ``custom_fields``, each has a label and values."""

    id: str
    name: str
    description: str | None = None
    department: str | None = None
    business_unit: str | None = None
    photo_url: str | None = None
    external_link: str | None = None
    emails: list[dict[str, Any]] | None = None
    datasource_profiles: list[dict[str, Any]] | None = None
    custom_fields: list[dict[str, Any]] | None = None
    member_count: int | None = None


class ListEntitiesResponse(Wire):
    results: list[DirectoryPerson] | None = None
    team_results: list[Team] | None = None
    custom_entity_results: list[dict[str, Any]] | None = None
    total_count: int
    has_more_results: bool
    cursor: str
