"""What is pushed: bulk uploads whatever way their pages come, and grants against a plain model."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stook.errors import Conflict, InvalidRequest, RateLimited
from stook.identity import groups, realms, users
from stook.identity.permissions import Permissions
from stook.identity.realms import Account
from stook.knowledge.ingestion import backlog
from stook.knowledge.intake import datasources, documents, events, people, uploads
from stook.knowledge.intake import upload_types as kinds
from stook.knowledge.intake import version_marks as marks
from stook.knowledge.intake.definitions import Datasource, Grants, Page, PersonRef, external_id
from stook.knowledge.intake.grants import permissions_of
from stook.knowledge.intake.people import Employee
from stook.knowledge.store import repository
from stook.knowledge.store.documents import SourceDocument
from stook.storage.database import Database, open_database
from stook.storage.tables import bulk_uploads

QUICK = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = [f"group{n}" for n in range(12)]


@pytest.fixture
def quick(sqlite_url: str) -> Iterator[Database]:
    opened = open_database(sqlite_url)
    yield opened
    opened.close()


def new_datasource(connection: sa.Connection, by_email: bool = False) -> Datasource:
    name = f"wiki{uuid.uuid4().hex[:12]}"
    config = {"isUserReferencedByEmail": by_email}
    datasources.put(connection, Datasource(name, name, name, by_email, config=config))
    return datasources.get(connection, name)


def take(connection: sa.Connection, page: Page, names: Sequence[str]) -> None:
    """A page of groups, as the pusher takes it in."""
    upload = uploads.begin(connection, page)
    if upload is None:
        return
    for name in names:
        groups.add(connection, name, page.datasource)
    uploads.add(connection, upload, page, names)
    if page.last:
        uploads.finish(connection, kinds.GROUPS, upload, page)


def page_of(datasource: Datasource, upload: str, number: int, last: int, **flags: Any) -> Page:
    return Page(
        "groups",
        datasource.name,
        upload,
        digest=f"{upload} {number}",
        first=number == 0,
        last=number == last,
        remove_at_once=number == last,
        **flags,
    )


@QUICK
@given(
    before=st.sets(st.sampled_from(NAMES)),
    pages=st.lists(st.lists(st.sampled_from(NAMES), max_size=4), min_size=1, max_size=5),
    data=st.data(),
)
def test_pages_in_any_order_and_repeated_replace_the_set(
    quick: Database, before: set[str], pages: list[list[str]], data: st.DataObject
) -> None:
    last = len(pages) - 1
    middle = data.draw(st.permutations(range(1, last)))
    order = [0, *data.draw(st.permutations([*middle, *middle[:2], *([0] if last else [])]))]
    order += [last] * (data.draw(st.integers(1, 2)) if last else 1)
    order += middle[:1]  # comes again after the end

    def run(connection: sa.Connection) -> list[str]:
        source = new_datasource(connection)
        for name in before:
            groups.add(connection, name, source.name)
        for number in order:
            take(connection, page_of(source, "u1", number, last), pages[number])
        return groups.names(connection, source.name)

    assert quick.write_now(run) == sorted(set(itertools.chain(*pages)))


def test_a_second_upload_waits_or_takes_over(database: Database) -> None:
    source = database.write_now(new_datasource)
    database.write_now(take, page_of(source, "one", 0, 2), ["a"])
    with pytest.raises(Conflict, match="one has not ended"):
        database.write_now(take, page_of(source, "two", 0, 2), ["b"])
    with pytest.raises(InvalidRequest, match="no upload three"):
        database.write_now(take, page_of(source, "three", 1, 2), ["b"])
    database.write_now(take, page_of(source, "two", 0, 1, restart=True), ["b"])
    with pytest.raises(InvalidRequest, match="one has ended"):
        database.write_now(take, page_of(source, "one", 1, 2), ["c"])
    database.write_now(take, page_of(source, "two", 1, 1), ["c"])
    assert database.read_now(groups.names, source.name) == ["b", "c"]


def test_much_is_removed_a_week_later_and_not_what_came_meanwhile(database: Database) -> None:
    source = database.write_now(new_datasource)
    for name in ("a", "b", "c"):
        database.write_now(groups.add, name, source.name)
    page = Page("groups", source.name, "u", "u", first=True, last=True)
    database.write_now(take, page, ["a"])
    assert database.read_now(groups.names, source.name) == ["a", "b", "c"]
    assert database.write_now(kinds.remove_due) == []
    assert database.read_now(groups.names, source.name) == ["a", "b", "c"]
    database.write_now(uploads.touch, "groups", source.name, ["b"])
    own = bulk_uploads.c.datasource == source.name
    week_is_over = sa.update(bulk_uploads).where(own).values(remove_at=1)
    database.write_now(lambda connection: connection.execute(week_is_over) and None)
    database.write_now(kinds.remove_due)
    assert database.read_now(groups.names, source.name) == ["a", "b"]


def test_a_fifth_is_removed_at_once_and_a_later_upload_takes_the_place_of_a_wait(
    database: Database,
) -> None:
    source = database.write_now(new_datasource)
    for name in NAMES[:10]:
        database.write_now(groups.add, name, source.name)
    few = Page("groups", source.name, "few", "few", first=True, last=True)
    database.write_now(take, few, NAMES[:2])
    assert database.read_now(uploads.recent, "groups", source.name)[0].remove_at
    most = Page("groups", source.name, "most", "most", first=True, last=True)
    database.write_now(take, most, NAMES[:8])
    assert database.read_now(groups.names, source.name) == sorted(NAMES[:8])
    waiting = database.read_now(uploads.recent, "groups", source.name)
    assert [upload.remove_at for upload in waiting] == [None, None]


def test_a_document_is_stored_told_of_and_gone(database: Database) -> None:
    source = database.write_now(new_datasource)
    own = external_id("Page", "One")
    document = SourceDocument(
        source.name, own, "One", "https://x.example/1", "text/plain", "Text.", "h", Permissions()
    )
    grants = Grants(users=(PersonRef(user_id="u-ada"),), groups=("g1",))
    given = (source, [document], [grants])
    assert database.write_now(documents.store, *given) == [document.id]
    assert database.write_now(documents.store, *given) == []
    assert database.read_now(documents.pending, source.name) == [document.id]
    found = database.read_now(documents.find, source.name, "page", "ONE")
    told = database.read_now(documents.status, source, found)
    assert told.uploaded_at and told.grants == grants
    assert not told.is_indexed and not told.names_known
    assert database.read_now(repository.known, source.name) == {}  # `stook index` leaves it alone
    assert database.read_now(documents.counts, source.name).uploaded == (("", 1),)
    database.write_now(marks.check_pace, source.name, "x", 60)
    with pytest.raises(RateLimited):
        database.write_now(marks.check_pace, source.name, "x", 60)
    assert database.write_now(documents.grant_anew, source) == [document.id]
    assert database.write_now(documents.withdraw, [document.id]) == [document.id]
    database.write_now(backlog.erase, [document.id])
    assert database.read_now(documents.status, source, document.id).uploaded_at is None
    happened = database.read_now(events.of, document.id, 0, 10)
    kinds_ = [each.event for each in happened]
    assert kinds_ == ["DELETED", "DELETION_REQUESTED", "UPLOADED", "UPLOADED"]


def test_the_newest_events_of_a_document_are_kept(database: Database) -> None:
    source = database.write_now(new_datasource)
    own = external_id("Page", "One")
    document = SourceDocument(
        source.name, own, "One", "https://x.example/1", "text/plain", "Text.", "h", Permissions()
    )
    database.write_now(documents.store, source, [document], [Grants(groups=("g1",))])
    for _ in range(events.MOST_KEPT + 3):
        database.write_now(events.record, [document.id], events.INDEXED)
    happened = database.read_now(events.of, document.id, 0, 2 * events.MOST_KEPT)
    assert [each.event for each in happened] == [events.INDEXED] * events.MOST_KEPT
    times = [each.at for each in happened]
    assert times == sorted(times, reverse=True)


def test_versions_only_rise(database: Database) -> None:
    for version in (3, 3, 0, None, 5):
        database.write_now(marks.check_version, "d", "users", "x", version)
    with pytest.raises(Conflict, match="older than version 5"):
        database.write_now(marks.check_version, "d", "users", "x", 4)


PEOPLE = ["ada@x.example", "bob@x.example", "cy@x.example"]
IDS = ["u-ada", "u-bob", "u-cy"]
GROUPS = ["g1", "g2", "g3"]
refs = st.builds(
    PersonRef, email=st.sampled_from(["", *PEOPLE]), user_id=st.sampled_from(["", *IDS, "u-none"])
)
grant = st.builds(
    Grants,
    users=st.lists(refs, max_size=2).map(tuple),
    groups=st.lists(st.sampled_from([*GROUPS, "gx", ""]), max_size=2).map(tuple),
    intersections=st.lists(
        st.lists(st.sampled_from([*GROUPS, "gx", ""]), max_size=3).map(tuple), max_size=2
    ).map(tuple),
    everyone=st.sampled_from([False, False, True]),
    datasource_users=st.sampled_from([False, False, True]),
)


def model(
    grants: Grants, by_email: bool, who: int, indexed: set[int], held: dict[str, set[int]]
) -> bool:
    """Who may see a document, in a few plain words."""
    if grants.everyone:
        return True
    if who not in indexed:
        return False
    named = {
        (ref.email or ref.user_id) if by_email else (ref.user_id or ref.email)
        for ref in grants.users
    }
    clauses = [{name} for name in grants.groups] + [set(c) for c in grants.intersections if c]
    return (
        grants.datasource_users
        or bool(named & {PEOPLE[who], IDS[who]})
        or any(all(who in held.get(name, ()) for name in clause) for clause in clauses)
    )


@QUICK
@given(
    grants=grant,
    by_email=st.booleans(),
    indexed=st.sets(st.integers(0, 2)),
    held=st.dictionaries(st.sampled_from(GROUPS), st.sets(st.integers(0, 2))),
)
def test_grants_mean_what_they_say(
    quick: Database, grants: Grants, by_email: bool, indexed: set[int], held: dict[str, set[int]]
) -> None:
    def run(connection: sa.Connection) -> list[bool]:
        for email in PEOPLE:
            users.add(connection, email)
        source = new_datasource(connection, by_email)
        realms.put(connection, source.name, [Account(IDS[each], PEOPLE[each]) for each in indexed])
        for name, members in held.items():
            refs_ = [PEOPLE[each] if by_email else IDS[each] for each in members]
            groups.replace_members(connection, source.name, name, refs_, [])
        document = SourceDocument(
            source.name,
            external_id("Page", "One"),
            "One",
            "https://x.example/1",
            "text/plain",
            "Text.",
            "hash",
            permissions_of(grants, source),
        )
        documents.store(connection, source, [document], [grants])
        return [documents.may_see(connection, email, document.id) for email in PEOPLE]

    told = quick.write_now(run)
    assert told == [model(grants, by_email, who, indexed, held) for who in range(3)]


@given(grant)
def test_grants_are_kept_as_they_are(grants: Grants) -> None:
    assert Grants.from_json(grants.to_json()) == grants


def test_a_connector_looks_after_the_users_that_it_made(database: Database) -> None:
    database.write_now(users.add, "boss@x.example", "Boss")
    staff = [Employee("boss@x.example", "Boss"), Employee("Eve@x.example", "Eve")]
    database.write_now(people.put, staff)
    database.write_now(people.remove, ["boss@x.example", "eve@x.example"])
    active = {user.email for user in database.read_now(users.list_all) if user.active}
    assert active == {"boss@x.example"}
    database.write_now(people.put, staff)
    assert database.read_now(users.find, "eve@x.example").active
    database.write_now(users.deactivate, "eve@x.example")  # by an administrator
    database.write_now(people.put, staff)
    assert not database.read_now(users.find, "eve@x.example").active
