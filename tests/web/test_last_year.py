"""Last year next to this year: opened from it, cited from it, and seen as far as one sees it."""

import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.terminal import CASE, done, entries, record, scoretrail

NEXT = "zhanjiang-amr-2024"
LAST_YEAR = re.compile("上年(得分|情况|问题)")
OFFICER = ("--as", "bureau-officer", "--dated", "2025-03-01")


@pytest.fixture
def both(issued: Place) -> Place:
    """The reference case, and the next one opened from it."""
    done(scoretrail(issued, *OFFICER, "case", "next", CASE, NEXT))
    return issued


@pytest.fixture
def pages(both: Place, tmp_path: Path) -> Iterator[House]:
    with house(both, tmp_path) as made:
        yield made


def test_the_next_case_is_opened_from_the_last_one(issued: Place) -> None:
    before = len(record(issued))
    shown = done(scoretrail(issued, *OFFICER, "case", "next", CASE, NEXT, "--dry-run", "--json"))
    assert len(record(issued)) == before
    assert [one["do"] for one in shown.json["commands"]] == [
        *("open-case", "pin-rubric", "commission-review")
    ]
    assert (shown.json["like"], shown.json["total"]) == (CASE, "93.89")
    done(scoretrail(issued, *OFFICER, "case", "next", CASE, NEXT))
    assert [row[3] for row in record(issued)][before:] == [
        *("CaseOpened", "RubricPinned", "ReviewCommissioned")
    ]
    opened = scoretrail(issued, "case", "show", NEXT, "--json").json
    last = scoretrail(issued, "case", "show", CASE, "--json").json
    assert opened["year"] == last["year"] + 1
    same = ("unit", "bureau", "agency", "rubric", "edition")
    assert {name: opened[name] for name in same} == {name: last[name] for name in same}


def test_only_the_bureau_opens_it_and_only_once(both: Place) -> None:
    before = len(record(both))
    again = scoretrail(both, *OFFICER, "case", "next", CASE, NEXT, "--title", "另一名称")
    assert again.code == 1
    unit = scoretrail(both, "--as", "unit-filer", "case", "next", CASE, "another-2024")
    assert unit.code == 1
    unknown = scoretrail(both, *OFFICER, "case", "next", CASE, "a-2024", "--edition", "none")
    assert unknown.code == 1
    assert len(record(both)) == before


@pytest.mark.parametrize("account", ["unit-filer", "agency-reviewer", "bureau-officer"])
def test_who_has_a_part_in_both_sees_last_year_next_to_the_row(pages: House, account: str) -> None:
    desk = pages.desk(account)
    row = desk.get(f"/cases/{NEXT}/indicators/output-goals").text
    assert f'href="/cases/{CASE}/indicators/output-goals"' in row
    before = row.partition('class="before"')[2].partition("</div>")[0]
    assert "16.00" in before
    assert f"/cases/{CASE}/log?version=" in before
    sheet = desk.get(f"/cases/{NEXT}").text
    assert CASE in sheet
    assert "93.89" in sheet


def test_the_form_of_an_act_has_last_year_next_to_it(pages: House) -> None:
    text = pages.desk("unit-filer").get(f"/cases/{NEXT}/acts/claim-score?indicator=output-goals")
    assert "16.00" in text.text


def test_a_new_agency_sees_nothing_of_last_year(pages: House, both: Place) -> None:
    opening = ("account", "open", "new-reviewer", "--organisation", "new-agency")
    done(scoretrail(both, "--as", "administrator", *opening, "--role", "reviewer"))
    commission = ("--agency", "new-agency", "--agency-name", "另一核查机构")
    done(scoretrail(both, *OFFICER, "case", "commission", NEXT, *commission))
    desk = pages.desk("new-reviewer")
    for path in (f"/cases/{NEXT}/indicators/output-goals", f"/cases/{NEXT}"):
        answer = desk.get(path)
        assert answer.status_code == 200
        assert CASE not in answer.text
        assert "93.89" not in answer.text


def test_the_bureau_opens_the_next_year_from_the_page_of_a_case(pages: House) -> None:
    officer = pages.desk("bureau-officer").get(f"/cases/{CASE}").text
    assert "/acts/open-case?title=" in officer
    assert "year=2024" in officer
    assert "/acts/open-case?" not in pages.desk("unit-filer").get(f"/cases/{CASE}").text


def cells(content: bytes, kind: str) -> dict[str, tuple[str, str]]:
    """What a form has of last year, by the id of each row, and no text of it elsewhere."""
    book = openpyxl.load_workbook(BytesIO(content))
    for sheet in book.worksheets:
        rows = [*sheet.iter_rows(values_only=True)]
        for number, row in enumerate(rows):
            if "上年得分" in row:
                award, found = row.index("上年得分"), row.index("上年问题及整改")
                own = max(i for i, name in enumerate(row) if name and "编号" in str(name))
                return {
                    str(one[own]): (str(one[award] or ""), str(one[found] or ""))
                    for one in rows[number + 1 :]
                    if one[own]
                }
    pytest.fail(f"no column of last year in the {kind} form")


@pytest.mark.parametrize("kind", ["self-evaluation", "review"])
def test_forms_have_last_years_award_and_findings_next_to_each_row(
    both: Place, pages: House, tmp_path: Path, kind: str
) -> None:
    """The same on the page and on the command line; read back, they change nothing."""
    path = tmp_path / "form.xlsx"
    done(scoretrail(both, "form", kind, "--case", NEXT, "-o", str(path)))
    account = "unit-filer" if kind == "self-evaluation" else "agency-reviewer"
    answer = pages.desk(account).get(f"/cases/{NEXT}/forms/{kind}")

    shown = cells(path.read_bytes(), kind)

    assert cells(answer.content, kind) == shown
    assert Decimal(shown["output-goals"][0]) == Decimal(16)
    findings = [entry for entry in entries(both, CASE) if entry["type"] == "FindingRaised"]
    for finding in findings:
        for row in finding["data"]["indicators"]:
            assert finding["data"]["title"] in shown[row][1]
    assert any(finding["data"]["indicators"] for finding in findings)
    with ZipFile(path) as whole:
        said = "".join(whole.read(name).decode() for name in whole.namelist() if "xml" in name)
    assert f"{CASE} 第 " in said


def test_before_last_years_result_the_units_form_says_nothing_of_it(
    reviewed: Place, tmp_path: Path
) -> None:
    done(scoretrail(reviewed, *OFFICER, "case", "next", CASE, NEXT))
    path = tmp_path / "form.xlsx"
    done(scoretrail(reviewed, "form", "self-evaluation", "--case", NEXT, "-o", str(path)))
    with house(reviewed, tmp_path) as made:
        page = made.desk("unit-filer").get(f"/cases/{NEXT}/forms/self-evaluation").content
    for content in (path.read_bytes(), page):
        with ZipFile(BytesIO(content)) as whole:
            said = "".join(whole.read(name).decode() for name in whole.namelist() if "xml" in name)
        assert "上年得分" not in said
        assert CASE not in said


@pytest.mark.parametrize("kind", ["score-table", "result-letter"])
def test_papers_say_last_years_result_and_cite_it(
    both: Place, pages: House, tmp_path: Path, kind: str
) -> None:
    """The same on the page and on the command line, as far as its reader sees last year's case."""
    path = tmp_path / f"{kind}.html"
    done(scoretrail(both, "document", kind, NEXT, "-o", str(path)))
    address = f"/cases/{NEXT}/documents/{kind}.html"

    assert pages.desk("bureau-officer").get(address).content == path.read_bytes()
    said = path.read_text(encoding="utf-8")
    for fact in (f"评价事项 {CASE}，", "93.89", entries(both, CASE)[-1]["data"].get("number", "")):
        assert fact in said
    assert "16.00" in said or kind == "result-letter"


@pytest.mark.parametrize("kind", ["score-table", "result-letter"])
def test_papers_of_a_case_without_one_before_say_nothing_of_last_year(
    both: Place, pages: House, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / f"{kind}.html"
    done(scoretrail(both, "document", kind, CASE, "-o", str(path)))
    assert not LAST_YEAR.search(path.read_text(encoding="utf-8"))
    opening = ("account", "open", "new-reviewer", "--organisation", "new-agency")
    done(scoretrail(both, "--as", "administrator", *opening, "--role", "reviewer"))
    commission = ("--agency", "new-agency", "--agency-name", "另一核查机构")
    done(scoretrail(both, *OFFICER, "case", "commission", NEXT, *commission))
    theirs = pages.desk("new-reviewer").get(f"/cases/{NEXT}/documents/{kind}.html").text
    assert not LAST_YEAR.search(theirs)
    assert CASE not in theirs
