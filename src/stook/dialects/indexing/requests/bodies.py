"""The bodies of the Indexing API about a datasource, its documents and its people."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from stook.application.intake.definitions import Content, Grants, PersonRef
from stook.dialects import bounds
from stook.dialects.bounds import Open
from stook.dialects.indexing.requests.fields import (
    AsList,
    Flag,
    LongText,
    Moment,
    Name,
    Text,
    Texts,
    Version,
    Wire,
    text_means,
)

LONGEST_ID = 200
Id = Annotated[Text, Field(max_length=LONGEST_ID)]


class ContentDefinition(Wire):
    """Text, or bytes in base64; one of the two."""

    mime_type: Text = "text/plain"
    text_content: LongText = ""
    binary_content: LongText = ""

    @model_validator(mode="after")
    def _one_of_two(self) -> ContentDefinition:
        if self.text_content and self.binary_content:
            raise ValueError("give textContent or binaryContent, not both")
        self.decoded()
        return self

    def decoded(self) -> bytes:
        if not self.binary_content:
            return self.text_content.encode("utf-8", "replace")
        plain = "".join(self.binary_content.split())
        try:
            return base64.b64decode(plain + "=" * (-len(plain) % 4), _variant(plain), validate=True)
        except (binascii.Error, ValueError) as error:
            raise ValueError("binaryContent is not base64") from error

    def content(self) -> Content:
        return Content(self.mime_type or "text/plain", self.decoded())


def _variant(text: str) -> bytes:
    return b"-_" if "-" in text or "_" in text else b"+/"


class UserReferenceDefinition(Wire):
    """A person, as the datasource is configured to name people."""

    email: Text = ""
    datasource_user_id: Text = ""
    name: Text = ""

    def person(self) -> PersonRef:
        return PersonRef(self.email, self.datasource_user_id, self.name)


ContentField = Annotated[ContentDefinition | None, text_means("textContent")]
PersonField = Annotated[UserReferenceDefinition | None, text_means("name")]


class PermissionsGroupIntersectionDefinition(Wire):
    """Groups of all of which one has to be a member."""

    required_groups: Texts = Field(default_factory=list)


class DocumentPermissionsDefinition(Wire):
    """Who may see a document: whoever meets one of these; nobody where there is none."""

    allowed_users: Annotated[
        list[Annotated[UserReferenceDefinition, text_means("email")]], bounds.MANY, AsList
    ] = Field(default_factory=list)
    allowed_groups: Texts = Field(default_factory=list)
    allowed_group_intersections: Annotated[
        list[PermissionsGroupIntersectionDefinition], bounds.MANY, AsList
    ] = Field(default_factory=list)
    allow_anonymous_access: Flag = Field(False, description="Anybody who is signed in.")
    allow_all_datasource_users_access: Flag = False

    def grants(self) -> Grants:
        return Grants(
            users=tuple(each.person() for each in self.allowed_users),
            groups=tuple(self.allowed_groups),
            intersections=tuple(
                tuple(each.required_groups) for each in self.allowed_group_intersections
            ),
            everyone=self.allow_anonymous_access,
            datasource_users=self.allow_all_datasource_users_access,
        )


class CommentDefinition(Wire):
    """A remark on a document."""

    id: Text = ""
    author: PersonField = None
    content: ContentField = None
    created_at: Moment = None
    updated_at: Moment = None
    updated_by: PersonField = None


class CustomProperty(Wire):
    """A property by which documents can be found."""

    name: Text = ""
    value: bounds.Value = None


class DocumentDefinition(Wire):
    """A document."""

    datasource: Name
    id: Id = ""
    object_type: Id = ""
    title: Text = ""
    filename: Text = ""
    container: Text = ""
    container_datasource_id: Text = ""
    container_object_type: Text = ""
    view_url: Annotated[Text, Field(alias="viewURL")] = ""
    summary: ContentField = None
    body: ContentField = None
    author: PersonField = None
    owner: PersonField = None
    updated_by: PersonField = None
    permissions: DocumentPermissionsDefinition | None = None
    created_at: Moment = None
    updated_at: Moment = None
    tags: Texts = Field(default_factory=list)
    interactions: bounds.Json | None = None
    status: Text = ""
    additional_urls: Texts = Field(default_factory=list)
    native_app_url: Text = ""
    comments: Annotated[list[CommentDefinition], bounds.MANY, AsList] = Field(default_factory=list)
    custom_properties: Annotated[list[CustomProperty], bounds.SOME, AsList] = Field(
        default_factory=list
    )

    @model_validator(mode="after")
    def _named(self) -> DocumentDefinition:
        if not self.id and not self.view_url:
            raise ValueError("a document needs an id")
        if any(mark in self.object_type for mark in (" ", "_")):
            raise ValueError("objectType may hold no space and no _")
        return self


class OneDocument(Wire):
    """``indexdocument``"""

    document: DocumentDefinition
    version: Version = None


class Documents(Wire):
    """``indexdocuments``"""

    datasource: Name
    documents: Annotated[list[DocumentDefinition], bounds.MANY, AsList]
    upload_id: Text = ""


class Bulk(Wire):
    """What all pages of bulk uploads have."""

    upload_id: Name
    is_first_page: Flag = False
    is_last_page: Flag = False
    force_restart_upload: Flag = False


class BulkDocuments(Bulk):
    """``bulkindexdocuments``"""

    datasource: Name
    documents: Annotated[list[DocumentDefinition], bounds.MANY, AsList]
    disable_stale_document_deletion_check: Flag = False


class UpdatePermissions(Wire):
    """``updatepermissions``: by type and id, or by address."""

    datasource: Name
    permissions: DocumentPermissionsDefinition
    object_type: Text = ""
    id: Text = ""
    view_url: Annotated[Text, Field(alias="viewURL")] = ""


class DeleteDocument(Wire):
    """``deletedocument``"""

    datasource: Name
    object_type: Text = ""
    id: Name
    version: Version = None


class OfDatasource(Wire):
    """A datasource."""

    datasource: Name


class MaybeDatasource(Wire):
    """A datasource, or all of them."""

    datasource: Text = ""


class OfDocument(Wire):
    """A document in a datasource."""

    datasource: Name
    object_type: Text = ""
    doc_id: Name


class DocumentAccess(OfDocument):
    """``checkdocumentaccess``"""

    user_email: Name


class DatasourceUserDefinition(Wire):
    """A user of a datasource; ``userId`` where the datasource does not go by addresses."""

    email: Name
    name: Text = ""
    user_id: Text = ""
    is_active: Annotated[bool | None, Field(description="Default: true.")] = None


class DatasourceGroupDefinition(Wire):
    """A group."""

    name: Text


class DatasourceMembershipDefinition(Wire):
    """A user or a group in a group."""

    group_name: Text = ""
    member_user_id: Text = ""
    member_group_name: Text = ""


class OneUser(Wire):
    """``indexuser``"""

    datasource: Name
    user: DatasourceUserDefinition
    version: Version = None


class OneGroup(Wire):
    """``indexgroup``"""

    datasource: Name
    group: Annotated[DatasourceGroupDefinition, text_means("name")]
    version: Version = None


class OneMembership(Wire):
    """``indexmembership`` and ``deletemembership``"""

    datasource: Name
    membership: DatasourceMembershipDefinition
    version: Version = None


class BulkIdentities(Bulk):
    """What pages of users and groups have."""

    datasource: Name
    disable_stale_data_deletion_check: Flag = False


class BulkUsers(BulkIdentities):
    """``bulkindexusers``"""

    users: Annotated[list[DatasourceUserDefinition], bounds.MANY, AsList]


class BulkGroups(BulkIdentities):
    """``bulkindexgroups``"""

    groups: Annotated[
        list[Annotated[DatasourceGroupDefinition, text_means("name")]], bounds.MANY, AsList
    ]


class BulkMemberships(Bulk):
    """``bulkindexmemberships``: the members of one group."""

    datasource: Name
    group: Text = ""
    memberships: Annotated[list[DatasourceMembershipDefinition], bounds.MANY, AsList]


class DeleteUser(Wire):
    """``deleteuser``"""

    datasource: Name
    email: Name
    version: Version = None


class DeleteGroup(Wire):
    """``deletegroup``"""

    datasource: Name
    group_name: Name
    version: Version = None


class BetaUsers(Wire):
    """``betausers``"""

    datasource: Name
    emails: Texts


class CustomMetadata(Wire):
    """Values of a document, by the keys of a group."""

    custom_metadata: Annotated[list[CustomProperty], bounds.SOME, AsList]


class MetadataKey(Wire):
    """A key of a group of metadata."""

    name: Name
    property_type: Literal["TEXT", "PICKLIST", "TEXTLIST", "MULTIPICKLIST"]
    skip_indexing: Flag = Field(False, description="Kept, but nothing is found by it.")


class MetadataSchema(Wire):
    """The keys of a group of metadata."""

    metadata_keys: Annotated[list[MetadataKey], bounds.SOME, AsList]


class DebugDocument(Wire):
    """A document, by type and id."""

    object_type: Text = ""
    doc_id: Name


class DebugDocuments(Wire):
    """Several documents."""

    debug_documents: Annotated[list[DebugDocument], bounds.SOME, AsList]


class DebugUser(Wire):
    """A user, by address."""

    email: Name


class DebugEvents(DebugDocument):
    """A document whose events are asked for."""

    start_date: Moment = None
    max_events: Annotated[int, Field(ge=1, le=100)] = 20


class CustomDatasourceConfig(Open, Wire):
    """A datasource; everything else that is said of it is kept and given back."""

    model_config = ConfigDict(extra="allow")

    name: Name
    display_name: Text = ""
    url_regex: Text = ""
    identity_datasource_name: Text = ""
    is_user_referenced_by_email: Flag = False
    is_test_datasource: Flag = False
    is_entity_datasource: Flag = False
    object_definitions: Annotated[list[bounds.Json], bounds.SOME, AsList] = Field(
        default_factory=list
    )
