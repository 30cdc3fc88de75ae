"""A connector as its author would write it with the released SDK: wiki pages, people, rights.

Run with GLEAN_SERVER_URL and GLEAN_INDEXING_API_TOKEN set; the first argument is "full",
"incremental" or "fewer", a full crawl in which the source has lost a page.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from glean.api_client.models import (
    ContentDefinition,
    DatasourceBulkMembershipDefinition,
    DatasourceGroupDefinition,
    DatasourceMembershipDefinition,
    DatasourceUserDefinition,
    DocumentDefinition,
    DocumentPermissionsDefinition,
    EmployeeInfoDefinition,
    UserReferenceDefinition,
)
from glean.indexing.connectors import BaseDataClient, BaseDatasourceConnector, BasePeopleConnector
from glean.indexing.models import (
    ConnectorOptions,
    CustomDatasourceConfig,
    DatasourceIdentityDefinitions,
    IndexingMode,
)
from glean.indexing.push import PushUploader, StatusClient
from glean.indexing.push.status import check_documents_status, document_status_requests

PAGES: list[dict[str, Any]] = [
    {"id": "Open", "text": "The canteen opens at seven.", "everyone": True},
    {"id": "Ada", "text": "The astrolabe is lent to Ada until spring.", "users": ["u-ada"]},
    {"id": "Team", "text": "The theodolite budget is 900 crowns.", "groups": ["surveyors"]},
]
PAGES += [
    {"id": f"Filler{n}", "text": f"Shelf {n} holds map {n}.", "everyone": True} for n in range(9)
]
MODE = sys.argv[1]


class Pages(BaseDataClient[dict[str, Any]]):
    def get_source_data(self, **kwargs: Any) -> Sequence[dict[str, Any]]:
        return PAGES[1:] if MODE == "fewer" else PAGES


class Wiki(BaseDatasourceConnector[dict[str, Any]]):
    configuration = CustomDatasourceConfig(
        name="surveywiki",
        display_name="Survey wiki",
        url_regex="https://wiki[.]survey[.]example/.*",
    )

    def get_identities(self) -> DatasourceIdentityDefinitions:
        return DatasourceIdentityDefinitions(
            users=[
                DatasourceUserDefinition(email="ada@survey.example", name="Ada", user_id="u-ada"),
                DatasourceUserDefinition(email="bo@survey.example", name="Bo", user_id="u-bo"),
            ],
            groups=[DatasourceGroupDefinition(name="surveyors")],
            memberships=[
                DatasourceBulkMembershipDefinition(
                    member_user_id="u-bo", member_group_name="surveyors"
                )
            ],
        )

    def transform(self, data: Sequence[dict[str, Any]]) -> Sequence[DocumentDefinition]:
        return [
            DocumentDefinition(
                datasource=self.name,
                id=page["id"],
                object_type="Page",
                title=f"Page {page['id']}",
                view_url=f"https://wiki.survey.example/{page['id']}",
                body=ContentDefinition(mime_type="text/plain", text_content=page["text"]),
                permissions=DocumentPermissionsDefinition(
                    allow_anonymous_access=page.get("everyone"),
                    allowed_users=[
                        UserReferenceDefinition(datasource_user_id=user)
                        for user in page.get("users", [])
                    ],
                    allowed_groups=page.get("groups"),
                ),
            )
            for page in data
        ]


class Staff(BaseDataClient[str]):
    def get_source_data(self, **kwargs: Any) -> Sequence[str]:
        return ["ada", "bo", "cy"]


class People(BasePeopleConnector[str]):
    configuration = CustomDatasourceConfig(name="surveypeople", display_name="Survey people")

    def transform(self, data: Sequence[str]) -> Sequence[EmployeeInfoDefinition]:
        return [
            EmployeeInfoDefinition(
                email=f"{name}@survey.example", first_name=name.title(), department="Survey"
            )
            for name in data
        ]


def main() -> None:
    wiki = Wiki("surveywiki", Pages())
    wiki.batch_size = 3  # several pages, the middle ones beside one another
    options = ConnectorOptions(force_restart=True, disable_stale_deletion_check=True)
    if MODE == "incremental":
        wiki.index_data(IndexingMode.INCREMENTAL)
    else:
        People("surveypeople", Staff()).index_data(options=options)
        wiki.configure_datasource()
        wiki.index_data(IndexingMode.FULL, options)
        uploader = PushUploader(datasource="surveywiki")
        uploader.index_membership(
            DatasourceMembershipDefinition(group_name="surveyors", member_user_id="u-bo")
        )
    asked = document_status_requests(wiki.transform(wiki.get_data()))
    print(check_documents_status("surveywiki", asked).result.value)
    print(StatusClient(datasource="surveywiki").get_datasource_status().datasource_visibility)


main()
