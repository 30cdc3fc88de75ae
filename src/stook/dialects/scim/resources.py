"""Users and groups as SCIM writes them, and what this server says of itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from pydantic import EmailStr, TypeAdapter, ValidationError
from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ComplexAttribute,
    Context,
    ETag,
    Filter,
    Group,
    GroupMember,
    Meta,
    Mutability,
    Patch,
    Required,
    Resource,
    ResourceType,
    Schema,
    ServiceProviderConfig,
    Sort,
    User,
)
from scim2_models.resources.user import Email

from stook.errors import InvalidRequest
from stook.identity.provisioning import ProvisionedGroup, ProvisionedPerson

PREFIX = "/scim/v2"
MOST_LISTED = 200
LONGEST_NAME = 400  # characters of a login or a group's name
MOST_MEMBERS = 20_000
_ADDRESS = TypeAdapter(EmailStr)
_OWN = ("id", "meta", "schemas", "userName", "active", "displayName", "externalId", "password")


class Address(Email):
    """An e-mail address."""

    value: Annotated[EmailStr | None, Required.true] = None


class Person(User[Any]):
    """A user; the address that they are known by is the primary one at their creation."""

    active: Annotated[bool | None, Required.true] = None
    emails: Annotated[list[Address] | None, Required.true] = None  # type: ignore[assignment]
    Emails: ClassVar[type[ComplexAttribute]] = Address


class Member(GroupMember):
    """A member of a group, by the provider's id for them."""

    display: Annotated[str | None, Mutability.read_only] = None


class Team(Group):
    """A group; documents name it in their permissions, so that its name stays."""

    display_name: Annotated[str | None, Required.true, Mutability.immutable] = None
    members: list[Member] | None = None  # type: ignore[assignment]
    Members: ClassVar[type[ComplexAttribute]] = Member


# --- what comes in -------------------------------------------------------------------------------


def completed(body: dict[str, Any]) -> dict[str, Any]:
    """A user as providers leave them: active, and with their login as address if it is one."""
    body = {"active": True, **body}
    login = body.get("userName")
    if not body.get("emails") and isinstance(login, str) and "@" in login:
        return body | {"emails": [{"value": login, "primary": True}]}
    return body


def known_part(body: dict[str, Any], model: type[Resource[Any]]) -> dict[str, Any]:
    """The attributes that a model has; providers send others, of extensions, for example."""
    names = {
        (field.serialization_alias or field.alias or name).lower()
        for name, field in model.model_fields.items()
    }
    return {name: value for name, value in body.items() if name.lower() in names}


def provisioned_person(person: Person) -> ProvisionedPerson:
    """What a user says; raises InvalidRequest."""
    login = (person.user_name or "").strip()
    if not 0 < len(login) <= LONGEST_NAME:
        raise InvalidRequest(f"userName has 1 to {LONGEST_NAME} characters.")
    emails = person.emails or []
    first = next((each for each in emails if each.primary), emails[0] if emails else None)
    address = str(first.value or "") if first else ""
    return ProvisionedPerson(
        email=address if _is_address(address) else "",
        login=login,
        name=_name(person),
        active=person.active is not False,
        external_id=person.external_id or "",
        described=_described(person),
    )


def _is_address(text: str) -> bool:
    try:
        _ADDRESS.validate_python(text)
    except ValidationError:
        return False
    return True


def _name(person: Person) -> str:
    if person.display_name:
        return person.display_name
    name = person.name
    if name is None:
        return ""
    return name.formatted or " ".join(filter(None, (name.given_name, name.family_name)))


def _described(person: Person) -> dict[str, Any]:
    kept = person.model_dump(scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    return {name: value for name, value in kept.items() if name not in _OWN} | (
        {"displayName": person.display_name} if person.display_name else {}
    )


def provisioned_group(group: Team) -> ProvisionedGroup:
    """What a group says; raises InvalidRequest."""
    name = (group.display_name or "").strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidRequest(f"displayName has 1 to {LONGEST_NAME} characters.")
    members = [member.value for member in group.members or [] if member.value]
    if len(members) > MOST_MEMBERS:
        raise InvalidRequest(f"A group has at most {MOST_MEMBERS:,} members.")
    return ProvisionedGroup(name, tuple(members), group.external_id or "")


# --- what goes out -------------------------------------------------------------------------------


def person_resource(person: ProvisionedPerson, base: str) -> Person:
    """A user of a stored person."""
    told = {name: value for name, value in person.described.items() if value is not None}
    found = Person.model_validate(told)
    found.id = person.id
    found.user_name = person.login
    found.active = person.active
    found.external_id = person.external_id or None
    found.meta = _meta("User", f"{base}/Users/{person.id}", person.created_at, person.changed_at)
    return found


def group_resource(group: ProvisionedGroup, base: str) -> Team:
    """A group of a stored one."""
    members = [_member(each, base) for each in group.members]
    return Team(
        id=group.id,
        display_name=group.name,
        external_id=group.external_id or None,
        members=members or None,
        meta=_meta("Group", f"{base}/Groups/{group.id}", group.created_at, group.changed_at),
    )


def _member(member_id: str, base: str) -> Member:
    kind = "Group" if member_id.startswith("grp_") else "User"
    told = {"value": member_id, "$ref": f"{base}/{kind}s/{member_id}", "type": kind}
    return Member.model_validate(told)


def _meta(kind: str, location: str, created: int, changed: int) -> Meta:
    return Meta(
        resource_type=kind,
        created=datetime.fromtimestamp(created / 1_000_000, UTC),
        last_modified=datetime.fromtimestamp(changed / 1_000_000, UTC),
        location=location,
    )


def service_provider_config(base: str) -> ServiceProviderConfig:
    """What this server can."""
    scheme = AuthenticationScheme(
        type=AuthenticationScheme.Type.oauthbearertoken,
        name="Bearer token",
        description="A token with the scope SCIM: stook token create NAME --scopes SCIM",
        primary=True,
    )
    return ServiceProviderConfig(
        patch=Patch(supported=True),
        bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
        filter=Filter(supported=True, max_results=MOST_LISTED),
        change_password=ChangePassword(supported=False),
        sort=Sort(supported=False),
        etag=ETag(supported=False),
        authentication_schemes=[scheme],
        meta=Meta(resource_type="ServiceProviderConfig", location=f"{base}/ServiceProviderConfig"),
    )


def schemas(base: str) -> list[Schema]:
    """The attributes of users and groups."""
    found = [Person.to_schema(), Team.to_schema()]
    for schema in found:
        schema.meta = Meta(resource_type="Schema", location=f"{base}/Schemas/{schema.id}")
    return found


def resource_types(base: str) -> list[ResourceType]:
    """Where users and groups are."""
    return [
        ResourceType(
            id=name,
            name=name,
            endpoint=f"/{name}s",
            schema_=f"urn:ietf:params:scim:schemas:core:2.0:{name}",
            meta=Meta(resource_type="ResourceType", location=f"{base}/ResourceTypes/{name}"),
        )
        for name in ("User", "Group")
    ]
