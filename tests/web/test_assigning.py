"""Rows are assigned on a page: one command for each person whose rows changed, all or none."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, record

ASSIGN = f"/cases/{CASE}/assign"
FIRST, SECOND, THIRD = "output-goals", "benefit-goals", "e-contracts"


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


def sent(text: str, **more: str) -> dict[str, str]:
    """What the page would send, with more filled in."""
    chosen = dict.fromkeys(re.findall(r'<select name="(to:[^"]*)"', text), "")
    hidden = dict(re.findall(r'type="hidden" name="(key|seen|was:[^"]*)" value="([^"]*)"', text))
    return chosen | hidden | {"reason": "按专长分工"} | more


def assigned(ledger: Place, since: int) -> dict[str, list[str]]:
    """Whom the newest entries assign which rows to."""
    entries = [json.loads(row[4])["data"] for row in record(ledger)[since:]]
    return {entry["account"]: entry.get("indicators", []) for entry in entries}


def test_each_person_whose_rows_changed_takes_one_command(pages: House, submitted: Place) -> None:
    before, desk = len(record(submitted)), pages.desk("agency-lead")
    text = desk.get(ASSIGN).text
    rows = {f"to:{FIRST}": "agency-reviewer", f"to:{SECOND}": "agency-reviewer"}
    given = sent(text, **rows, **{f"to:{THIRD}": "agency-lead"})

    answers = [desk.post(ASSIGN, data=given) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303], answers[0].text
    assert assigned(submitted, before) == {
        "agency-reviewer": [FIRST, SECOND],
        "agency-lead": [THIRD],
    }
    page = desk.get(ASSIGN).text
    own = page.partition(f'<select name="to:{FIRST}"')[2].partition("</select>")[0]
    assert 'value="agency-reviewer" selected' in own

    # What stays as it is takes no command; the case as a whole is assigned without naming a row.
    now = len(record(submitted))
    again = sent(page, **rows, **{f"to:{THIRD}": "agency-lead", "to:": "agency-reviewer"})
    assert desk.post(ASSIGN, data=again).status_code == 303
    assert assigned(submitted, now) == {"agency-reviewer": []}


def test_what_is_lacking_is_told_and_what_was_chosen_stays(pages: House, submitted: Place) -> None:
    before, desk = len(record(submitted)), pages.desk("agency-lead", "en")
    text = desk.get(ASSIGN).text

    nothing = desk.post(ASSIGN, data=sent(text))
    bare = desk.post(ASSIGN, data=sent(text, **{f"to:{FIRST}": "agency-reviewer", "reason": ""}))

    assert (nothing.status_code, "no assignment was changed" in nothing.text) == (422, True)
    assert bare.status_code == 422
    assert 'id="reason-problem"' in bare.text
    assert 'class="changed"' in bare.text.partition(f'id="row-{FIRST}"')[2].partition(">")[0]
    assert len(record(submitted)) == before


def test_one_person_who_is_recused_keeps_all_from_being_assigned(
    pages: House, submitted: Place
) -> None:
    desk = pages.desk("agency-lead", "en")
    recusal = {"account": "agency-reviewer", "reason": "亲属"}
    answer = desk.post(f"/cases/{CASE}/acts/recuse-account", data=recusal)
    assert answer.status_code == 303
    before = len(record(submitted))

    rows = {f"to:{FIRST}": "agency-reviewer", f"to:{SECOND}": "agency-lead"}
    refused = desk.post(ASSIGN, data=sent(desk.get(ASSIGN).text, **rows))

    assert refused.status_code == 422
    assert "recused" in refused.text.partition('id="problem"')[2].partition("</div>")[0]
    assert len(record(submitted)) == before


@pytest.mark.parametrize("account", ["unit-filer", "agency-reviewer", "bureau-officer"])
def test_nobody_else_assigns(pages: House, submitted: Place, account: str) -> None:
    before, desk = len(record(submitted)), pages.desk(account)
    given = {f"to:{FIRST}": "agency-reviewer", "reason": "按专长分工"}
    assert desk.post(ASSIGN, data=sent(desk.get(ASSIGN).text, **given)).status_code == 422
    assert len(record(submitted)) == before
    assert "/assign" not in desk.get(f"/cases/{CASE}/acts").text
    assert f'href="{ASSIGN}"' in pages.desk("agency-lead").get(f"/cases/{CASE}/acts").text


def test_what_a_colleague_assigned_meanwhile_stays(pages: House, submitted: Place) -> None:
    desk, other = pages.desk("agency-lead"), pages.desk("agency-lead", "en")
    text = desk.get(ASSIGN).text
    theirs = sent(other.get(ASSIGN).text, **{f"to:{FIRST}": "agency-reviewer"})
    assert other.post(ASSIGN, data=theirs).status_code == 303
    before = len(record(submitted))

    mine = sent(text, **{f"to:{SECOND}": "agency-lead"})
    answer = desk.post(ASSIGN, data=mine)
    if answer.status_code == 409:
        answer = desk.post(ASSIGN, data=sent(answer.text, **{f"to:{SECOND}": "agency-lead"}))

    assert answer.status_code == 303
    assert assigned(submitted, before) == {"agency-lead": [SECOND]}
