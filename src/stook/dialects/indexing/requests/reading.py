"""From bodies to what the application takes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from stook.application.intake.definitions import (
    PROPERTIES,
    Account,
    Comment,
    Datasource,
    Employee,
    Grants,
    Membership,
    Page,
    PersonRef,
    PushedDocument,
)
from stook.dialects.indexing.requests import bodies, organisation
from stook.errors import InvalidRequest

ANY_ONE = "The documents of one call belong to one datasource, the one that the call names."


def pushed(datasource: str, given: Sequence[bodies.DocumentDefinition]) -> list[PushedDocument]:
    """Documents of one datasource; raises InvalidRequest where one names another."""
    if any(document.datasource != datasource for document in given):
        raise InvalidRequest(ANY_ONE)
    return [_document(document) for document in given]


def page(datasource: str, body: bodies.Bulk, digest: str, subject: str = "") -> Page:
    """The page of a bulk upload that a body is; its two flags for removal mean the same."""
    at_once = getattr(body, "disable_stale_document_deletion_check", False) or getattr(
        body, "disable_stale_data_deletion_check", False
    )
    return Page(
        kind="",  # the service that takes it in knows
        datasource=datasource,
        upload_id=body.upload_id,
        digest=digest,
        first=body.is_first_page,
        last=body.is_last_page,
        restart=body.force_restart_upload,
        remove_at_once=at_once,
        subject=subject,
    )


def account(user: bodies.DatasourceUserDefinition) -> Account:
    return Account(user.user_id, user.email, user.name, user.is_active is not False)


def membership(given: bodies.DatasourceMembershipDefinition, group: str = "") -> Membership:
    """A membership; ``group`` is the one of the call, where the item names none."""
    name = given.group_name or group
    return Membership(name, given.member_user_id, given.member_group_name)


def membership_with_group(given: bodies.DatasourceMembershipDefinition) -> Membership:
    """A membership that names its group; raises InvalidRequest.

    The official connector classes leave ``groupName`` out: there, a user beside a group is a user
    in that group.
    """
    if given.group_name:
        return membership(given)
    if given.member_user_id and given.member_group_name:
        return Membership(group=given.member_group_name, user=given.member_user_id)
    raise InvalidRequest(
        "memberships: each needs its group: send group with the page, groupName with the item, or "
        "memberUserId and memberGroupName for a user in a group."
    )


def employee(given: organisation.EmployeeInfoDefinition) -> Employee:
    name = " ".join(filter(None, (given.preferred_name or given.first_name, given.last_name)))
    return Employee(given.email, name, given.status.upper() != "EX", definition(given))


def definition(given: BaseModel) -> dict[str, Any]:
    """All that was said of a thing."""
    return given.model_dump(mode="json", by_alias=True)


def shortcuts(given: Sequence[organisation.ShortcutDefinition]) -> dict[str, dict[str, Any]]:
    """What is said of shortcuts, by their aliases."""
    return {each.input_alias: definition(each) for each in given}


def datasource(given: bodies.CustomDatasourceConfig) -> Datasource:
    if not given.url_regex and not given.is_entity_datasource:
        raise InvalidRequest("urlRegex is missing: every document's viewURL has to match it.")
    return Datasource(
        name=given.name,
        display_name=given.display_name,
        realm=given.identity_datasource_name or given.name,
        by_email=given.is_user_referenced_by_email,
        url_regex=given.url_regex,
        is_test=given.is_test_datasource,
        is_entity=given.is_entity_datasource,
        config=given.model_dump(mode="json", by_alias=True, exclude_unset=True),
    )


def _document(given: bodies.DocumentDefinition) -> PushedDocument:
    return PushedDocument(
        datasource=given.datasource,
        id=given.id or given.view_url,
        object_type=given.object_type,
        title=given.title,
        filename=given.filename,
        url=given.view_url,
        container=given.container,
        summary=given.summary.content() if given.summary else None,
        body=given.body.content() if given.body else None,
        comments=tuple(_comment(each) for each in given.comments if each.content),
        author=_person(given.author),
        grants=given.permissions.grants() if given.permissions else Grants(),
        created_at=given.created_at,
        updated_at=given.updated_at,
        details=_details(given),
    )


def _comment(given: bodies.CommentDefinition) -> Comment:
    assert given.content is not None  # the others were left out
    return Comment(_person(given.author), given.content.content(), given.created_at)


def _person(given: bodies.UserReferenceDefinition | None) -> PersonRef:
    return given.person() if given else PersonRef()


def _details(given: bodies.DocumentDefinition) -> dict[str, Any]:
    """What is kept beside the document; search knows the owner and the properties."""
    named = {"tag": given.tags or None, "status": given.status or None}
    properties = {name: value for name, value in named.items() if value is not None}
    properties |= {each.name: each.value for each in given.custom_properties if each.name}
    details: dict[str, Any] = {
        "id": given.id,
        "author_email": given.author.email if given.author else None,
        "owner": _person(given.owner).shown,
        "updated_by": _person(given.updated_by).shown,
        "container_id": given.container_datasource_id,
        "container_type": given.container_object_type,
        "tags": given.tags,
        "status": given.status,
        "interactions": given.interactions,
        "additional_urls": given.additional_urls,
        "native_app_url": given.native_app_url,
        PROPERTIES: properties,
    }
    return {name: value for name, value in details.items() if value}
