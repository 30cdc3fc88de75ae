"""Fields of the search family's requests that the walk through its calls leaves over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from glean.api_client import Glean, errors

from stook.identity import tokens
from stook.identity.principals import Scope
from tests.conformance.findings import of_each, proves
from tests.dialects.served import READER, SECRET_QUESTION, Credentials, Served, opened
from tests.dialects.tracker import HIDDEN_WORD, NOW, OPEN_TICKETS, TRACKER, VAULT, WORD

pytestmark = pytest.mark.filterwarnings("ignore:.*DEPRECATED:DeprecationWarning")
SEARCH, ADMIN = "/rest/api/v1/search", "/rest/api/v1/adminsearch"
BOTH = (SEARCH, ADMIN)
MISSPELT = "flangewrigth"  # WORD
ONE, TWO = "https://tracker.example/T-1", "https://tracker.example/T-2"
HIDDEN_TICKETS = 2  # of the tracker; the third is in the vault
TICKETS = {"datasources_filter": [TRACKER], "facet_bucket_size": 10}
CHECKS = {"field_name": "type", "values": [{"value": "check"}]}


@dataclass(frozen=True)
class Searched:
    """A search as the released client offers it, and how many tickets it may find."""

    query: Callable[..., Any]
    tickets: int
    sees_all: bool


@pytest.fixture
def glean(served: Served, searchers: dict[str, str], tracker: None) -> Iterator[Any]:
    with Glean(api_token=searchers[READER], server_url=served.url) as client:
        yield client.client


@pytest.fixture(scope="module")
def admin(served: Served, data_dir: Path, people: Credentials) -> str:
    """A token of an administrator."""
    with opened(data_dir) as database:
        scopes = {Scope.ADMIN, Scope.SEARCH}
        return database.write_now(tokens.create, "admin", scopes, READER).secret


@pytest.fixture
def searched(path: str, served: Served, glean: Any, admin: str) -> Iterator[Searched]:
    """Everybody's search, or the administrator's."""
    if path == SEARCH:
        yield Searched(glean.search.query, OPEN_TICKETS, sees_all=False)
        return
    with Glean(api_token=admin, server_url=served.url) as client:
        tickets = OPEN_TICKETS + HIDDEN_TICKETS
        yield Searched(client.client.search.query_as_admin, tickets, sees_all=True)


def urls(answer: Any) -> list[str]:
    return [result.url for result in answer.results]


def search(searched: Searched, query: str = WORD, **more: Any) -> Any:
    options = TICKETS | more.pop("options", {})
    return searched.query(query=query, page_size=100, request_options=options, **more)


@of_each(
    BOTH,
    "query",
    "pageSize",
    "cursor",
    "requestOptions",
    "requestOptions.facetBucketSize",
    "requestOptions.datasourcesFilter",
    "requestOptions.facetFilters",
)
def test_page_by_page(searched: Searched) -> None:
    equal = [{"value": "check", "relation_type": "EQUALS"}]
    options = TICKETS | {"facet_filters": [{"field_name": "type", "values": equal}]}
    first = searched.query(query=WORD, page_size=3, request_options=options)
    rest = searched.query(query=WORD, page_size=3, request_options=options, cursor=first.cursor)
    assert (first.has_more_results, rest.has_more_results) == (True, False)
    assert {*urls(first), *urls(rest)} == {f"https://tracker.example/T-{n}" for n in (6, 7, 8, 9)}
    assert first.results[0].snippets[0].ranges[0].start_index >= 0
    assert first.results[0].document.metadata.update_time <= datetime.now(UTC)
    kinds = next(facet for facet in first.facet_results if facet.source_name == "type")
    assert [(each.value.string_value, each.count) for each in kinds.buckets] == [("check", 4)]
    assert first.request_id and first.metadata.original_query == WORD
    one_each = search(searched, options={"facet_bucket_size": 1}).facet_results
    assert {len(facet.buckets) for facet in one_each} == {1}


@of_each(
    BOTH,
    "disableSpellcheck",
    "requestOptions.disableSpellcheck",
    "requestOptions.disableQueryAutocorrect",
)
def test_misspelt_queries_are_corrected_or_not(searched: Searched) -> None:
    sent, meant = f"the {MISSPELT} type:check", f"the {WORD} type:check"
    corrected = search(searched, sent)
    assert urls(corrected) == urls(search(searched, meant))
    told = corrected.metadata
    assert told.modified_query_was_used and told.original_query == sent
    assert (told.rewritten_query, told.searched_query) == (meant, f"the {WORD}")
    offered = search(searched, sent, options={"disable_query_autocorrect": True}).metadata
    assert not offered.modified_query_was_used
    assert (offered.searched_query, offered.query_suggestion.query) == (f"the {MISSPELT}", meant)
    for off in ({"disable_spellcheck": True}, {"options": {"disable_spellcheck": True}}):
        as_sent = search(searched, sent, **off).metadata
        assert not as_sent.modified_query_was_used and as_sent.query_suggestion is None
        assert as_sent.searched_query == f"the {MISSPELT}"


@of_each(BOTH, "timeoutMillis")
def test_errors_are_typed(searched: Searched) -> None:
    with pytest.raises(errors.GleanDataError) as error:
        searched.query(query=f"{WORD} updated:sometime")
    assert error.value.status_code == 422
    assert error.value.data.invalid_operators[0].value == "sometime"
    with pytest.raises(errors.GleanError) as late:
        searched.query(query=WORD, timeout_millis=1)
    assert late.value.status_code == 408


@of_each(BOTH, "maxSnippetSize", "requestOptions.returnLlmContentOverSnippets")
def test_snippets_are_as_long_as_asked(searched: Searched) -> None:
    def longest(size: int, **options: Any) -> int:
        answer = search(searched, "seal", max_snippet_size=size, options=options)
        return max(len(each.text) for result in answer.results for each in result.snippets)

    assert longest(20) <= 20 < longest(200)
    assert longest(2000, return_llm_content_over_snippets=True) >= longest(20)


@of_each(BOTH, "resultTabIds", "requestOptions.fetchAllDatasourceCounts")
def test_tabs(searched: Searched) -> None:
    counted = search(searched, options={"fetch_all_datasource_counts": True})
    tabs = {tab.id: tab.count for tab in counted.result_tabs}
    assert tabs[TRACKER] == searched.tickets and (VAULT in tabs) is searched.sees_all
    assert all(tab.count is None for tab in search(searched).result_tabs)
    assert urls(search(searched, result_tab_ids=["handbook"])) == []
    assert len(urls(search(searched, result_tab_ids=[TRACKER]))) == searched.tickets


@of_each(BOTH, "requestOptions.facetFilterSets", "requestOptions.datasourceFilter")
def test_sets_of_filters_are_alternatives(searched: Searched) -> None:
    tickets = {"field_name": "type", "values": [{"value": "ticket"}]}
    sets = [{"filters": [CHECKS]}, {"filters": [tickets]}]
    both = search(searched, options={"facet_filter_sets": sets})
    apart = [search(searched, options={"facet_filter_sets": [one]}) for one in sets]
    assert set(urls(both)) == {url for one in apart for url in urls(one)}
    assert all(urls(one) for one in apart) and len(urls(both)) < searched.tickets
    by_one = {"datasource_filter": "handbook", "facet_bucket_size": 1}
    assert searched.query(query=WORD, request_options=by_one).results == []


@of_each(BOTH, "requestOptions.queryOverridesFacetFilters")
def test_typed_operators_may_win(searched: Searched) -> None:
    query = f"{WORD} type:ticket"
    assert urls(search(searched, query, options={"facet_filters": [CHECKS]})) == []
    wins = {"facet_filters": [CHECKS], "query_overrides_facet_filters": True}
    assert urls(search(searched, query, options=wins))


@of_each(
    BOTH,
    "requestOptions.facetBucketFilter",
    "requestOptions.defaultFacets",
    "requestOptions.responseHints",
)
def test_facets_are_chosen_and_narrowed(searched: Searched) -> None:
    def facets(**options: Any) -> dict[str, list[str]]:
        found = search(searched, options=options).facet_results
        return {
            each.source_name: [bucket.value.string_value for bucket in each.buckets]
            for each in found
        }

    assert set(facets(default_facets=["type"])) < set(facets())
    narrowed = facets(facet_bucket_filter={"facet": "type", "prefix": "ch"})
    assert narrowed["type"] == ["check"] and len(facets()["type"]) > 1
    assert search(searched, options={"response_hints": ["FACET_RESULTS"]}).results == []


@of_each(BOTH, "requestOptions.inclusions", "requestOptions.exclusions")
def test_containers(searched: Searched) -> None:
    manuals = {"container_specs": [{"id": "manuals"}]}
    within = urls(search(searched, options={"inclusions": manuals}))
    without = urls(search(searched, options={"exclusions": manuals}))
    assert within and without and not set(within) & set(without)
    assert len(within) + len(without) == searched.tickets


@of_each(BOTH, "requestOptions.timezoneOffset")
def test_days_are_the_askers(searched: Searched) -> None:
    """Where these two offsets hold it is never the same day."""
    changed = {at: (NOW - timedelta(days=3, minutes=-at)).date() for at in (-720, 840)}
    for here, day in changed.items():
        for offset in changed:
            found = search(searched, f"{WORD} updated:{day}", options={"timezone_offset": offset})
            assert (TWO in urls(found)) is (offset == here)


@proves(ADMIN, "query", "requestOptions", "pageSize")
def test_an_administrator_searches_whatever_permissions_say(
    glean: Any, served: Served, data_dir: Path
) -> None:
    """With both scopes; a token with one of them, or of nobody, is refused."""
    with opened(data_dir) as database:

        def token(*scopes: Scope) -> str:
            return database.write_now(tokens.create, "admin", set(scopes), READER).secret

        allowed = token(Scope.ADMIN, Scope.SEARCH)
        refused = (token(Scope.ADMIN), token(Scope.SEARCH))
    with Glean(api_token=allowed, server_url=served.url) as admin:
        everything = admin.client.search.query_as_admin(
            query=HIDDEN_WORD, page_size=100, request_options={"facet_bucket_size": 10}
        )
        assert {result.document.datasource for result in everything.results} >= {VAULT, TRACKER}
        found = admin.client.search.query_as_admin(query=SECRET_QUESTION).results
        assert found[0].document.datasource == "secrets"
        assert admin.client.search.query(query=HIDDEN_WORD).results == []
        first = admin.client.search.query_as_admin(query=WORD, page_size=1)
        with pytest.raises(errors.GleanError):  # a cursor does not carry rights
            admin.client.search.query(query=WORD, page_size=1, cursor=first.cursor)
    for secret in refused:
        with Glean(api_token=secret, server_url=served.url) as other:
            with pytest.raises(errors.GleanDataError) as error:
                other.client.search.query_as_admin(query=WORD)
            assert error.value.status_code == 403


@proves("/rest/api/v1/autocomplete", "resultTypes", "datasource")
def test_autocomplete_kinds(glean: Any) -> None:
    def typed(**more: Any) -> list[str]:
        answer = glean.search.autocomplete(query="Ticket", **more)
        return [each.result_type for each in answer.results]

    assert set(typed(result_types=["DOCUMENT"])) == {"DOCUMENT"}
    assert "DOCUMENT" not in typed(result_types=["HISTORY"])
    assert "DOCUMENT" not in typed(datasource="handbook", result_types=["DOCUMENT"])


@proves(
    "/rest/api/v1/recommendations",
    "recommendationDocumentSpec",
    "recommendationDocumentSpec.url",
    "recommendationDocumentSpec.id",
    "maxSnippetSize",
    "requestOptions",
    "requestOptions.datasourcesFilter",
    "requestOptions.datasourceFilter",
    "requestOptions.facetFilterSets",
)
def test_recommendations(glean: Any) -> None:
    def related(**more: Any) -> Any:
        return glean.search.recommendations(**more)

    by_url = related(recommendation_document_spec={"url": ONE}, max_snippet_size=20)
    own_id = (
        glean.documents.retrieve(get_documents_request={"document_specs": [{"url": ONE}]})
        .documents[ONE]
        .id
    )
    by_id = related(recommendation_document_spec={"id": own_id}, max_snippet_size=20)
    assert urls(by_url) == urls(by_id) and ONE not in urls(by_url)
    assert all(len(each.text) <= 20 for result in by_url.results for each in result.snippets)
    for within in ({"datasources_filter": ["handbook"]}, {"datasource_filter": "handbook"}):
        found = related(recommendation_document_spec={"url": ONE}, request_options=within)
        assert {result.document.datasource for result in found.results} <= {"handbook"}
    sets = {"facet_filter_sets": [{"filters": [CHECKS]}]}
    checks = related(recommendation_document_spec={"url": ONE}, request_options=sets)
    assert {result.document.metadata.object_type for result in checks.results} == {"check"}


@proves("/rest/api/v1/getdocumentsbyfacets", "datasourcesFilter", "cursor")
def test_documents_by_facets(glean: Any) -> None:
    def listed(**more: Any) -> Any:
        request = {"filter_sets": [{"filters": [CHECKS]}], **more}
        return glean.documents.retrieve_by_facets(get_documents_by_facets_request=request)

    whole = listed(datasources_filter=[TRACKER])
    assert len(whole.documents) == 4
    assert listed(datasources_filter=["handbook"]).documents == []
    ids = [each.id for each in whole.documents]
    behind = listed(datasources_filter=[TRACKER], cursor=ids[1])
    assert [each.id for each in behind.documents] == ids[2:]


@proves("/rest/api/v1/summarize", "documentSpecs.id")
def test_summary_of_a_document_by_id(glean: Any) -> None:
    request = {"document_specs": [{"url": ONE}]}
    own_id = glean.documents.retrieve(get_documents_request=request).documents[ONE].id
    by_id = glean.documents.summarize(document_specs=[{"id": own_id}])
    assert (
        by_id.summary.text == glean.documents.summarize(document_specs=[{"url": ONE}]).summary.text
    )
