"""The bodies of the Indexing API about the organisation: its people, teams and shortcuts."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field

from stook.dialects import bounds
from stook.dialects.bounds import Open
from stook.dialects.indexing.requests.bodies import Bulk
from stook.dialects.indexing.requests.fields import (
    AsList,
    Flag,
    Location,
    Moment,
    Name,
    Text,
    Version,
    Wire,
    text_means,
)


class EmployeeInfoDefinition(Open, Wire):
    """One of the organisation's people; everything else that is said of them is kept."""

    model_config = ConfigDict(extra="allow")

    email: Name
    first_name: Text = ""
    last_name: Text = ""
    preferred_name: Text = ""
    department: Text = ""
    status: Text = "CURRENT"


class OneEmployee(Wire):
    """``indexemployee``"""

    employee: EmployeeInfoDefinition
    version: Version = None


class BulkEmployees(Bulk):
    """``bulkindexemployees``"""

    employees: Annotated[list[EmployeeInfoDefinition], bounds.MANY, AsList]
    disable_stale_data_deletion_check: Flag = False


class DeleteEmployee(Wire):
    """``deleteemployee``"""

    employee_email: Name
    version: Version = None


class TeamMember(Open, Wire):
    """A person in a team."""

    model_config = ConfigDict(extra="allow")

    email: Name


class TeamEmail(Wire):
    """An address of a team."""

    email: Name
    type: Text = "OTHER"


class DatasourceProfile(Wire):
    """A team in another service."""

    datasource: Name
    handle: Name
    url: Text = ""
    native_app_url: Text = ""


class Hypertext(Wire):
    """A text that leads somewhere."""

    anchor: Text
    hyperlink: Text


class AdditionalField(Wire):
    """Something else to tell of a team; of other objects, the values are texts."""

    key: Name
    value: Annotated[
        list[Text | Hypertext | Annotated[dict[bounds.Name, Text], bounds.PROPERTIES]],
        bounds.SOME,
        AsList,
    ] = Field(default_factory=list)


class TeamInfoDefinition(Open, Wire):
    """One of the organisation's teams; everything else that is said of it is kept."""

    model_config = ConfigDict(extra="allow")

    id: Name
    name: Name
    members: Annotated[list[Annotated[TeamMember, text_means("email")]], bounds.MANY, AsList]
    description: Text = ""
    business_unit: Text = ""
    department: Text = ""
    photo_url: Text = ""
    external_link: Text = ""
    emails: Annotated[list[Annotated[TeamEmail, text_means("email")]], bounds.SOME, AsList] = Field(
        default_factory=list
    )
    datasource_profiles: Annotated[list[DatasourceProfile], bounds.SOME, AsList] = Field(
        default_factory=list
    )
    additional_fields: Annotated[list[AdditionalField], bounds.SOME, AsList] = Field(
        default_factory=list
    )


class OneTeam(Wire):
    """``indexteam``"""

    team: TeamInfoDefinition
    version: Version = None


class BulkTeams(Bulk):
    """``bulkindexteams``"""

    teams: Annotated[list[TeamInfoDefinition], bounds.MANY, AsList]


class DeleteTeam(Wire):
    """``deleteteam``"""

    id: Name
    version: Version = None


class ShortcutDefinition(Open, Wire):
    """A short name for an address; everything else that is said of it is kept."""

    model_config = ConfigDict(extra="allow")

    input_alias: Name
    destination_url: Location
    created_by: Name
    title: Text = ""
    description: Text = ""
    create_time: Moment = None
    updated_by: Text = ""
    update_time: Moment = None
    edit_url: Text = ""
    unlisted: Flag = Field(False, description="Shown to whoever made it and to administrators.")
    url_template: Text = ""
    intermediate_url: Text = Field("", description="At another service, which leads on.")
    decayed_visit_score: Annotated[float, Field(allow_inf_nan=False)] | None = Field(
        None, description="Shortcuts that are visited more are suggested first."
    )


class BulkShortcuts(Bulk):
    """``bulkindexshortcuts`` and ``uploadshortcuts``"""

    shortcuts: Annotated[list[ShortcutDefinition], bounds.MANY, AsList]
