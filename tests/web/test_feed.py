"""The feed: everything that an account sees, once, in the order in which it could; and no gap."""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from application import feed
from application.handle import handle
from application.place import LedgerPlace
from ledger.store import Store
from tests.support.desks import HOST, House, house
from tests.support.places import Place
from tests.support.terminal import CASE, RESULT, done, record, scoretrail

pytestmark = pytest.mark.server_sample(6)

FEED: Final = "/api/v1/feed"
OF_THE_AGENCY: Final = {"reviewer", "lead-reviewer"}


@pytest.fixture
def pages(reviewed: Place, tmp_path: Path) -> Iterator[House]:
    """The agency has reviewed, and has told the unit nothing yet."""
    with house(reviewed, tmp_path) as made:
        yield made


def follow(desk: TestClient, cursor: str = "", **asked: str) -> tuple[list[dict[str, Any]], str]:
    """All that there is behind a cursor, and where to go on."""
    events: list[dict[str, Any]] = []
    address, given = FEED, {"after": cursor, **asked} if cursor else {**asked}
    while True:
        answer = desk.get(address, params=given or None)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/cloudevents-batch+json"
        events += answer.json()
        if "link" not in answer.headers:
            return events, answer.headers["feed-cursor"]
        (address,) = re.findall(r'<(.+)>; rel="next"', answer.headers["link"])
        given.clear()


def program(pages: House, account: str, *cases: str) -> TestClient:
    if pages.kept.password_of(account) is None:
        pages.identities.give_password(account, "only-for-tests", initial=False)
    token = pages.app.state.office.tokens.make(account, "接口", "read", cases, 90)
    headers = {"authorization": f"Bearer {token}"}
    return TestClient(pages.app, base_url=HOST, headers=headers, follow_redirects=False)


def issue(place: Place) -> None:
    """The result is sent, with which the unit comes to see all of it."""
    done(scoretrail(place, "apply", str(RESULT)))


def of_case(place: Place) -> list[Any]:
    return [row for row in record(place) if row[1] == CASE]


@pytest.mark.parametrize("limit", ["17", "100"])
def test_who_sees_everything_is_given_it_in_the_order_of_the_log(
    pages: House, reviewed: Place, limit: str
) -> None:
    events, _ = follow(program(pages, "agency-reviewer"), limit=limit)
    rows = of_case(reviewed)
    assert [one["data"]["version"] for one in events] == [row[2] for row in rows]
    places = [one["data"]["position"] for one in events]
    assert places == sorted(places)
    assert len({one["id"] for one in events}) == len(events)
    first = events[0]
    assert (first["specversion"], first["type"]) == ("1.0", "scoretrail.CaseOpened")
    assert (first["source"], first["subject"]) == (f"/api/v1/cases/{CASE}", CASE)
    assert first["data"]["entry"]["data"]["title"]


@pytest.mark.parametrize("limit", ["19", "100"])
@pytest.mark.parametrize("looked_at", [23, 5000])
def test_what_comes_into_a_units_sight_is_given_then_and_once(
    pages: House,
    reviewed: Place,
    limit: str,
    looked_at: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed, "LOOKED_AT", looked_at)  # so that pages end within gaps as well
    unit = program(pages, "unit-filer")
    before, cursor = follow(unit, limit=limit)
    hidden = [row for row in of_case(reviewed) if json.loads(row[4])["by"]["role"] in OF_THE_AGENCY]
    assert len(before) == len(of_case(reviewed)) - len(hidden)
    assert follow(unit, cursor, limit=limit)[0] == []
    issue(reviewed)
    since, cursor = follow(unit, cursor, limit=limit)
    whole = of_case(reviewed)
    ids = [one["id"] for one in before + since]
    assert len(ids) == len(set(ids)) == len(whole)
    told = [one["type"] for one in since]
    assert told.index("scoretrail.ResultIssued") >= len(hidden)  # what it reveals comes before it
    assert follow(unit, cursor, limit=limit)[0] == []
    # Who begins only now is given the same, under the same ids, as who sees everything is.
    again, _ = follow(unit, limit=limit)
    assert [one["id"] for one in again] == ids
    assert {one["id"] for one in follow(program(pages, "bureau-officer"))[0]} == set(ids)


def test_a_unit_cannot_tell_how_much_it_does_not_see(pages: House, reviewed: Place) -> None:
    unit = program(pages, "unit-filer")
    statement = {"do": "make-statement", "item": "again", "kind": "measure", "statement": "已补正"}
    with Store.open(reviewed.target) as store:
        handle(store, pages.clock, "unit-filer", statement, key="unit-again", case=CASE)
    events, cursor = follow(unit)
    assert [one["data"]["version"] for one in events] == [*range(1, len(events) + 1)]
    last = events[-1]["data"]
    assert (last["position"], "prev" in last["entry"]) == (None, False)
    # The hashes of all entries are for everybody: an id that is one would show the place of an
    # event in the log.
    leaves = {sha256(b"\0" + bytes(row[4])).hexdigest() for row in record(reviewed)}
    assert not any(leaf.startswith(one["id"]) for one in events for leaf in leaves)
    # Cursors are as long wherever they are, and look new each time: nobody sees whether one moved.
    empty, later = follow(unit, cursor)
    assert (empty, len(later)) == ([], len(cursor))
    with Store.open(reviewed.target) as store:
        for number in range(5):
            fields = {**statement, "item": f"review-{number}"}
            handle(store, pages.clock, "agency-reviewer", fields, key=f"hidden-{number}", case=CASE)
    answer = unit.get(FEED, params={"after": later})
    assert (answer.json(), "link" in answer.headers) == ([], False)
    assert answer.headers["feed-cursor"] not in {cursor, later}
    assert len(answer.headers["feed-cursor"]) == len(cursor)


def test_a_role_that_is_given_later_brings_what_was_before(pages: House, reviewed: Place) -> None:
    opened = {"do": "open-account", "account": "an-auditor", "organisation": "audit-office"}
    with Store.open(reviewed.target) as store:
        handle(store, pages.clock, "administrator", {**opened, "roles": []}, key="opened")
    auditor = program(pages, "an-auditor")
    nothing, cursor = follow(auditor)
    assert nothing == []
    granted = {"do": "grant-role", "account": "an-auditor", "role": "auditor"}
    with Store.open(reviewed.target) as store:
        handle(store, pages.clock, "administrator", granted, key="granted")
    events, cursor = follow(auditor, cursor, limit="40")
    assert [one["data"]["version"] for one in events] == [row[2] for row in of_case(reviewed)]
    assert follow(auditor, cursor)[0] == []
    revoked = {**granted, "do": "revoke-role", "reason": "x"}
    with Store.open(reviewed.target) as store:
        handle(store, pages.clock, "administrator", revoked, key="revoked")
    assert follow(auditor)[0] == []
    assert follow(auditor, cursor)[0] == []


@pytest.mark.parametrize("account", ["administrator", "other-filer"])
def test_who_has_no_part_in_a_case_is_given_nothing_of_it(
    pages: House, reviewed: Place, account: str
) -> None:
    opened = {"do": "open-account", "account": "other-filer", "organisation": "another-unit"}
    with Store.open(reviewed.target) as store:
        handle(store, pages.clock, "administrator", {**opened, "roles": ["unit"]}, key="opened")
    stranger = program(pages, account)
    assert follow(stranger)[0] == []
    there, nowhere = (stranger.get(FEED, params={"case": name}) for name in (CASE, "no-case-2099"))
    assert (there.status_code, there.json()) == (nowhere.status_code, nowhere.json()) == (200, [])
    assert pages.app.state.office.streams.get(CASE) is None  # it was not even read


def test_a_token_that_names_cases_is_given_those(pages: House, reviewed: Place) -> None:
    events, cursor = follow(program(pages, "bureau-officer", CASE))
    assert len(events) == len(of_case(reviewed))
    assert follow(program(pages, "bureau-officer", "other-2023"))[0] == []
    limited = program(pages, "bureau-officer", "other-2023")
    assert follow(limited, case=CASE)[0] == []  # not even where it asks for another
    whole = program(pages, "bureau-officer")
    assert whole.get(FEED, params={"after": cursor}).status_code == 400
    assert limited.get("/api/v1/cases").status_code == 403  # as before


@pytest.mark.parametrize("attack", ["stranger", "altered", "made up", "empty of sense"])
def test_a_cursor_is_of_use_to_its_holder_only(pages: House, attack: str) -> None:
    _, cursor = follow(program(pages, "agency-reviewer"))
    altered = cursor[:-5] + ("B" if cursor[-5] == "A" else "A") + cursor[-4:]
    sent = {"stranger": cursor, "altered": altered, "made up": "A" * 59, "empty of sense": "é"}
    account = "unit-filer" if attack == "stranger" else "agency-reviewer"
    answer = program(pages, account).get(FEED, params={"after": sent[attack]})
    assert (answer.status_code, answer.json()["rule"]) == (400, "feed-cursor")


def test_a_token_that_was_ended_reads_no_further(pages: House) -> None:
    tool = program(pages, "agency-reviewer")
    _, cursor = follow(tool)
    (token,) = pages.app.state.office.tokens.of("agency-reviewer")
    pages.app.state.office.tokens.end("agency-reviewer", token.id)
    assert tool.get(FEED, params={"after": cursor}).status_code == 401


def test_what_was_read_is_kept_as_a_look(pages: House) -> None:
    follow(program(pages, "agency-reviewer"))
    assert {one.page for one in pages.kept.accesses(CASE)} == {"feed"}


@pytest.mark.sqlite_only("about what one request has read before another one appends")
def test_what_is_recorded_while_a_page_is_read_waits_for_the_next(
    pages: House, reviewed: Place
) -> None:
    office = pages.app.state.office
    _, cursor = follow(program(pages, "agency-reviewer"))
    place = office.cursors.read(cursor, "agency-reviewer", None)
    from application.look_as import accounts_as_of  # noqa: PLC0415 - of this test alone
    from ledger.followed_reading import FollowedReading  # noqa: PLC0415 - the same

    with LedgerPlace(reviewed.target, reviewed.evidence).open() as store:
        reading = FollowedReading(store, office.streams, [CASE])
        account = accounts_as_of(reading).account("agency-reviewer")
        reading.read(CASE)
        said = {"do": "make-statement", "item": "review-x", "kind": "goal", "statement": "x"}
        handle(store, pages.clock, "agency-reviewer", said, key="meanwhile", case=CASE)
        page = feed.Feed(store, reading, account).page(place, 10)
        assert (page.events, page.reached, page.more) == ([], place, True)
    assert len(follow(program(pages, "agency-reviewer"), cursor)[0]) == 1
