"""Whole cases are assigned on a page: one command for each case, and none where one is refused."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, done, record, scoretrail

ASSIGN = "/assign"
SECOND, THIRD = "zhanjiang-amr-2024", "zhanjiang-amr-2025"
WHO = "agency-reviewer"


@pytest.fixture
def three(submitted: Place) -> Place:
    """The reference case, and two that follow it, all of one agency."""
    for before, case in ((CASE, SECOND), (SECOND, THIRD)):
        officer = ("--as", "bureau-officer", "--dated", "2025-03-01")
        done(scoretrail(submitted, *officer, "case", "next", before, case))
    return submitted


@pytest.fixture
def pages(three: Place, tmp_path: Path) -> Iterator[House]:
    with house(three, tmp_path) as made:
        yield made


def sent(text: str, **more: str) -> dict[str, str]:
    """What the page would send, with more filled in."""
    chosen = dict.fromkeys(re.findall(r'<select name="(to:[^"]*)"', text), "")
    hidden = dict(re.findall(r'type="hidden" name="(key|year|was:[^"]*)" value="([^"]*)"', text))
    return chosen | hidden | {"reason": "按专长分工", "dated": "2025-03-02"} | more


def assigned(ledger: Place, since: int) -> dict[str, tuple[str, list[str]]]:
    """Whom the newest entries assign each case to."""
    entries = [json.loads(row[4]) for row in record(ledger)[since:]]
    return {
        entry["case"]: (entry["data"]["account"], entry["data"].get("indicators", []))
        for entry in entries
    }


def shown(text: str, case: str) -> str:
    """What is written of a case on the page."""
    return text.partition(f'id="row-{case}"')[2].partition("</li>")[0]


def test_each_case_whose_reviewer_changed_takes_one_command(pages: House, three: Place) -> None:
    before, desk = len(record(three)), pages.desk("agency-lead")
    given = sent(desk.get(ASSIGN).text, **{f"to:{CASE}": WHO, f"to:{THIRD}": "agency-lead"})

    answers = [desk.post(ASSIGN, data=given) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303], answers[0].text
    assert assigned(three, before) == {CASE: (WHO, []), THIRD: ("agency-lead", [])}
    text = desk.get(ASSIGN).text
    assert f'value="{WHO}" selected' in shown(text, CASE)
    assert " selected" not in shown(text, SECOND)


def test_where_one_is_refused_nothing_is_recorded_and_each_is_told_why(
    pages: House, three: Place
) -> None:
    recusing = ("--as", "agency-lead", "case", "recuse", SECOND, WHO, "--reason", "亲属")
    done(scoretrail(three, *recusing))
    before, desk = len(record(three)), pages.desk("agency-lead", "en")
    text = desk.get(ASSIGN).text
    given = sent(text, **{f"to:{case}": WHO for case in (CASE, SECOND)})

    refused = desk.post(ASSIGN, data=given)

    assert refused.status_code == 422
    assert "recused" in shown(refused.text, SECOND)
    assert "wrong-words" not in shown(refused.text, CASE)
    assert f'value="{WHO}" selected' in shown(refused.text, CASE)
    assert len(record(three)) == before
    nothing = desk.post(ASSIGN, data=sent(text))
    bare = desk.post(ASSIGN, data=given | {"reason": " "})
    assert (nothing.status_code, "no assignment was changed" in nothing.text) == (422, True)
    assert (bare.status_code, 'id="reason-problem"' in bare.text) == (422, True)


def test_what_a_colleague_assigned_meanwhile_is_not_taken_back_unseen(
    pages: House, three: Place
) -> None:
    desk = pages.desk("agency-lead", "en")
    mine = sent(desk.get(ASSIGN).text, **{f"to:{CASE}": WHO, f"to:{SECOND}": WHO})
    theirs = sent(desk.get(ASSIGN).text, **{f"to:{CASE}": "agency-lead"})
    assert desk.post(ASSIGN, data=theirs).status_code == 303
    before = len(record(three))

    late = desk.post(ASSIGN, data=mine)

    assert (late.status_code, len(record(three))) == (409, before)
    assert "new records" in shown(late.text, CASE)
    again = sent(late.text, **{f"to:{CASE}": WHO, f"to:{SECOND}": WHO})
    assert desk.post(ASSIGN, data=again).status_code == 303
    assert assigned(three, before) == {CASE: (WHO, []), SECOND: (WHO, [])}


def test_a_year_is_chosen_and_kept(pages: House) -> None:
    desk = pages.desk("agency-lead")
    text = desk.get(f"{ASSIGN}?year=2024").text
    assert re.findall(r'id="row-([^"]*)"', text) == [SECOND]
    answer = desk.post(ASSIGN, data=sent(text, **{f"to:{SECOND}": WHO}))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ASSIGN}?year=2024")


@pytest.mark.parametrize("account", ["unit-filer", "agency-reviewer", "bureau-officer"])
def test_nobody_else_assigns_or_learns_of_a_case(pages: House, three: Place, account: str) -> None:
    before, desk = len(record(three)), pages.desk(account, "en")
    given = {"reason": "按专长分工", f"to:{CASE}": WHO, "to:nowhere": WHO}
    for answer in (desk.get(ASSIGN), desk.post(ASSIGN, data=given)):
        assert answer.status_code == 404
        assert CASE not in answer.text
    assert len(record(three)) == before
    assert f'href="{ASSIGN}"' not in desk.get("/cases").text
    assert f'href="{ASSIGN}"' in pages.desk("agency-lead").get("/cases").text


def test_a_case_of_another_agency_is_told_like_one_that_is_not_there(
    pages: House, three: Place
) -> None:
    officer = ("--as", "bureau-officer", "--dated", "2025-03-02")
    other = ("--agency", "another-agency", "--agency-name", "另一核查机构")
    done(scoretrail(three, *officer, "case", "commission", SECOND, *other))
    before, desk = len(record(three)), pages.desk("agency-lead", "en")
    text = desk.get(ASSIGN).text
    assert f"row-{SECOND}" not in text
    for case in (SECOND, "nowhere"):
        answer = desk.post(ASSIGN, data=sent(text, **{f"to:{case}": WHO}))
        assert answer.status_code == 404
        assert f"There is no case {case}; see" in answer.text
    assert len(record(three)) == before
