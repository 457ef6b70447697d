"""Many cases by a list on the pages: of each case the same as on the command line."""

import csv
import re
from collections.abc import Iterator, Sequence
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.support.desks import House, house
from tests.support.places import Place, Places
from tests.support.terminal import CASE, record, scoretrail

RUBRIC: Final = "zhanjiang-departments-2023"
HEADINGS: Final = (
    *("评价事项编号", "名称", "评价年度", "被评价单位编号", "被评价单位名称", "财政部门编号"),
    *("财政部门名称", "指标体系编号", "版本"),
)


def row(number: int, rubric: str = RUBRIC, year: str = "2024") -> tuple[str, ...]:
    own = (f"new-{number}", "整体绩效", year, f"unit-{number}", "某局")
    return (*own, "zhanjiang-finance", "财政局", rubric, "2024-1")


def listed(rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> bytes:
    text = StringIO()
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode()


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        yield made


def rehearse(
    desk: TestClient, content: bytes, do: str = "open-case", name: str = "list.csv"
) -> Any:  # noqa: ANN401 - an answer
    return desk.post("/upload/list", data={"do": do}, files={"file": (name, content)})


def press(desk: TestClient, text: str, **more: str) -> Any:  # noqa: ANN401 - the same
    waiting = dict(re.findall(r'type="hidden" name="(upload|do)" value="([^"]*)"', text))
    return desk.post("/upload/list/record", data={**waiting, **more})


def reported(desk: TestClient, text: str) -> list[tuple[Any, ...]]:
    """The rows of the workbook that a page offers."""
    (address,) = re.findall(r'href="(/upload/list/report/[0-9a-f]+)"', text)
    book = openpyxl.load_workbook(BytesIO(desk.get(address).content))
    rows = [*book.worksheets[0].iter_rows(values_only=True)]
    (head,) = (number for number, each in enumerate(rows) if "Result" in each)
    return [each[:5] for each in rows[head + 1 :] if each[0] and each[2]]


def test_the_right_rows_go_and_the_wrong_ones_are_named_as_on_the_command_line(
    pages: House, submitted: Place, places: Places, tmp_path: Path
) -> None:
    twin = places.copy(submitted, "twin.db")
    before, desk = record(submitted), pages.desk("bureau-officer", "en")
    content = listed([row(1), row(2, rubric="unknown"), row(3)])
    (tmp_path / "list.csv").write_bytes(content)

    shown = rehearse(desk, content)
    assert shown.status_code == 200
    assert record(submitted) == before
    results = [(each[0], each[2]) for each in reported(desk, shown.text)]
    assert results == [("new-1", "possible"), ("new-2", "not done"), ("new-3", "possible")]
    done = press(desk, shown.text)
    report = reported(desk, done.text)

    words = ("--as", "bureau-officer", "case", "open", "--from", str(tmp_path / "list.csv"))
    said = scoretrail(twin, *words, "--json", lang="en")
    assert said.code == 1
    assert [(each[0], each[1], each[3] or "—") for each in report] == [
        (each["case"], each["place"], each["reason"] or "—") for each in said.json["cases"]
    ]
    assert [each[3] for each in record(submitted)] == [each[3] for each in record(twin)]

    # Mended and handed in again, only what was not done is.
    again = press(desk, rehearse(desk, listed([row(1), row(2), row(3)])).text)
    results = [(each[0], each[2]) for each in reported(desk, again.text)]
    assert results == [("new-1", "done before"), ("new-2", "done"), ("new-3", "done before")]


def test_cells_that_cannot_be_read_keep_the_whole_list_back_and_are_all_named(
    pages: House, submitted: Place, tmp_path: Path
) -> None:
    before, desk = record(submitted), pages.desk("bureau-officer", "en")
    content = listed([row(1), row(2, year="next"), row(3, year="")])

    shown = rehearse(desk, content)

    assert shown.status_code == 422
    assert 'name="upload"' not in shown.text
    told = unescape(shown.text.partition('id="problem"')[2].partition("</tbody>")[0])
    assert all(cell in told for cell in ("C3", "C4"))
    (tmp_path / "list.csv").write_bytes(content)
    words = ("--as", "bureau-officer", "case", "open", "--from", str(tmp_path / "list.csv"))
    said = scoretrail(submitted, *words, lang="en")
    assert all(cell in said.err for cell in ("C3", "C4"))
    assert record(submitted) == before


def test_a_csv_says_in_no_sheet_what_is_to_be_done(pages: House) -> None:
    shown = rehearse(pages.desk("bureau-officer", "en"), listed([row(1)]), do="")
    assert (shown.status_code, "Not a list of cases" in shown.text) == (422, True)


def test_a_case_that_one_does_not_see_is_told_like_one_that_is_not_there(
    pages: House,
) -> None:
    desk = pages.desk("bureau-officer", "en")
    rows = [[CASE, "2024-09-01"], ["nowhere", "2024-09-01"]]
    headings = ("Case id", "Last day for comments")
    own = reported(desk, rehearse(desk, listed(rows, headings), "send-draft").text)
    assert "there is no case nowhere" in own[0][3] or "there is no case nowhere" in own[1][3]
    stranger = pages.desk("administrator", "en")
    theirs = reported(stranger, rehearse(stranger, listed(rows, headings), "send-draft").text)
    assert {each[3].replace(each[0], "") for each in theirs} == {
        "there is no case ; see the list of all cases"
    }


def test_who_opens_no_cases_learns_of_none(pages: House) -> None:
    desk = pages.desk("unit-filer", "en")
    taken = rehearse(desk, listed([(CASE, *row(1)[1:])])).text
    free = rehearse(desk, listed([row(1)])).text
    told = re.compile(r'id="problem".*?</tbody>', re.DOTALL)
    assert told.findall(taken) == told.findall(free) != []


def test_a_workbook_that_comes_by_the_page_of_forms_leads_here(pages: House) -> None:
    desk = pages.desk("bureau-officer", "en")
    book = openpyxl.load_workbook(BytesIO(desk.get("/lists/open-case").content))
    sheet = book["open-case"]
    names = {cell.value: number for number, cell in enumerate(sheet[1], 1)}
    empty = StringIO(desk.get("/lists/open-case?form=csv").content.decode("utf-8-sig"))
    assert next(csv.reader(empty)) == list(names)
    filled = [*row(1)[:7], "", *row(1)[7:]]  # and no document number of a notice
    for column, value in enumerate(filled, 1):
        sheet.cell(2, column, value or None)
    out = BytesIO()
    book.save(out)

    answer = desk.post("/upload", files={"file": ("list.xlsx", out.getvalue())})

    assert answer.status_code == 303
    shown = desk.get(answer.headers["location"])
    assert [each[2] for each in reported(desk, shown.text)] == ["possible"]
    done = press(desk, shown.text)
    assert [each[2] for each in reported(desk, done.text)] == ["done"]
    assert press(desk, shown.text).status_code == 409


def test_the_cases_of_a_year_are_listed_as_far_as_one_has_a_part_in_them(pages: House) -> None:
    desk = pages.desk("agency-lead")
    text = desk.get("/lists/send-draft?form=csv&year=2023").content.decode("utf-8-sig")
    assert [each[0] for each in csv.reader(StringIO(text))][1:] == [CASE]
    assert desk.get("/lists/send-draft?form=csv&year=2031").status_code == 400
    assert pages.desk("administrator").get("/lists/send-draft?year=2023").status_code == 400


def test_lists_of_cases_to_open_have_the_units_of_the_year_before(
    pages: House, submitted: Place, tmp_path: Path
) -> None:
    file = tmp_path / "next.csv"
    words = ("form", "list", "open-case", "--year", "2024", "-o", str(file))
    assert scoretrail(submitted, *words).code == 0
    desk = pages.desk("bureau-officer")
    answer = desk.get("/lists/open-case?form=csv&year=2024")
    assert answer.content == file.read_bytes()
    first, *rest = csv.DictReader(StringIO(file.read_text("utf-8-sig")))
    assert rest == []
    assert first["评价事项编号"] == CASE.replace("2023", "2024")
    assert first["被评价单位编号"] == "zhanjiang-amr"
    shown = rehearse(desk, answer.content)
    assert "可办理 1 件" in shown.text
    press(desk, shown.text)
    gone = scoretrail(submitted, *words[:-1], str(tmp_path / "again.csv"))
    assert "均已启动" in gone.err


def test_a_list_that_there_is_not_is_not_found(pages: House) -> None:
    assert pages.desk("bureau-officer").get("/lists/close-case").status_code == 404
    assert pages.desk("bureau-officer").get("/upload/list/report/0").status_code == 404
