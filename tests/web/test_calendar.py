"""The calendar of the year on its page: who records a notice, who reads it, and which one held."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, record


@pytest.fixture
def pages(opened: Place, tmp_path: Path) -> Iterator[House]:
    with house(opened, tmp_path) as made:
        yield made


NOTICE: Final = {
    "bureau": "zhanjiang-finance",
    "year": "2023",
    "number": "财绩〔2024〕5号",
    "sha256": "a" * 64,
    "submission_due": "2024-07-31",
    "publication_due": "20wd",
}


def test_the_bureau_records_a_notice_and_everybody_reads_it(pages: House, opened: Place) -> None:
    desk = pages.desk("bureau-officer")
    assert "/acts/record-year-notice" in desk.get("/calendar").text
    answer = desk.post("/acts/record-year-notice", data={**NOTICE, "key": "n"})
    assert (answer.status_code, answer.headers.get("location")) == (303, "/calendar"), answer.text
    assert record(opened)[-1][3] == "YearNoticeRecorded"

    for account in ("unit-filer", "agency-reviewer", "administrator"):
        text = pages.desk(account).get("/calendar").text
        assert "财绩〔2024〕5号" in text
        assert "自签收之日起 20 个工作日" in text
        assert "/acts/record-year-notice" not in text
    english = pages.desk("unit-filer", "en").get("/calendar").text
    assert "20 working days from receipt of the result" in english


def test_the_calendar_shows_what_held_on_a_day(pages: House) -> None:
    desk = pages.desk("bureau-officer", "en")
    desk.post("/acts/record-year-notice", data={**NOTICE, "key": "n", "dated": "2024-03-01"})
    later = {
        **NOTICE,
        "number": "财绩〔2024〕9号",
        "amends": "财绩〔2024〕5号",
        "submission_due": "2024-08-31",
        "publication_due": "",
        "dated": "2024-06-01",
    }
    answer = desk.post("/acts/record-year-notice", data={**later, "key": "m"})
    assert answer.status_code == 303, answer.text

    now = desk.get("/calendar").text
    assert "2024-08-31" in now
    assert "amended" in now
    before = desk.get("/calendar?at=2024-05-31").text
    assert "2024-07-31" in before
    assert "2024-08-31" not in before
    assert "No notice" in desk.get("/calendar?year=2022").text
    sheet = desk.get("/calendar?form=csv")
    assert sheet.headers["content-type"].startswith("text/csv")
    assert "财绩〔2024〕9号" in sheet.text
    assert desk.get("/calendar?at=v3").status_code >= 400


def test_others_record_none_and_what_is_refused_is_told_at_its_field(
    pages: House, opened: Place
) -> None:
    before = len(record(opened))
    for account in ("unit-filer", "agency-reviewer", "administrator"):
        answer = pages.desk(account).post("/acts/record-year-notice", data={**NOTICE, "key": "n"})
        assert answer.status_code >= 400
    wrong = {**NOTICE, "submission_due": "下周", "key": "w"}
    answer = pages.desk("bureau-officer").post("/acts/record-year-notice", data=wrong)
    assert answer.status_code >= 400
    assert "不是期限" in answer.text
    assert len(record(opened)) == before


def test_the_work_list_shows_what_is_due_within_a_week(pages: House) -> None:
    desk = pages.desk("unit-filer")
    assert CASE in desk.get("/").text
    assert CASE in desk.get("/?only=week").text
    assert CASE in desk.get("/?only=overdue").text
    officer = pages.desk("bureau-officer")
    assert CASE in officer.get("/portfolio/work?due=7d").text
    assert CASE not in officer.get("/portfolio/work?due=2024-07-30").text
    assert officer.get("/portfolio/work?due=soon").status_code >= 400
