"""Many cases at once: a list with a row per case, a rehearsal first, a report after."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from tests.support.places import Place
from tests.support.terminal import CASE, Said, done, entries, record, scoretrail

OFFICER = ("--as", "bureau-officer")
HEADINGS = (
    *("评价事项编号", "名称", "评价年度", "被评价单位编号", "被评价单位名称"),
    *("财政部门编号", "财政部门名称", "指标体系编号", "版本", "核查机构编号", "核查机构名称"),
)
OF_ALL = ("zhanjiang-finance", "湛江市财政局", "zhanjiang-departments-2023", "2024-1")
AGENCY = ("guangzhou-xianghe", "广州向合管理咨询有限公司")


def row(number: int, *, rubric: str = OF_ALL[2]) -> tuple[str, ...]:
    own = (
        f"case-{number:03}",
        f"{number}号单位整体绩效",
        "2024",
        f"unit-{number}",
        f"{number}号局",
    )
    return (*own, *OF_ALL[:2], rubric, OF_ALL[3], *AGENCY)


def workbook(path: Path, rows: Sequence[Sequence[str]], headings: Sequence[str] = HEADINGS) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for each in (headings, *rows):
        sheet.append(list(each))
    book.save(path)
    return path


def separated(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    path.write_text("\n".join(",".join(each) for each in (HEADINGS, *rows)), encoding="utf-8")
    return path


def open_all(ledger: Place, file: Path, *more: str, lang: str = "zh") -> Said:
    return scoretrail(ledger, *OFFICER, "case", "open", "--from", str(file), *more, lang=lang)


def types(ledger: Place, case: str) -> list[str]:
    return [entry["type"] for entry in entries(ledger, case)]


# Doing --------------------------------------------------------------------------------------------


def test_the_cases_of_a_list_are_opened_with_rubric_and_agency(
    opened: Place, tmp_path: Path
) -> None:
    file = workbook(tmp_path / "list.xlsx", [row(1), row(2)])

    said = done(open_all(opened, file))

    assert "共 2 件：已办理 2 件" in said.out
    for case in ("case-001", "case-002"):
        assert types(opened, case) == ["CaseOpened", "RubricPinned", "ReviewCommissioned"]


def test_a_rehearsal_writes_nothing_and_says_what_would_go(opened: Place, tmp_path: Path) -> None:
    before = record(opened)
    file = separated(tmp_path / "list.csv", [row(1), row(2, rubric="unknown")])

    said = open_all(opened, file, "--dry-run", "--json")

    assert (said.code, record(opened)) == (1, before)
    assert said.json["dry_run"] is True
    assert [(each["case"], each["result"], each["place"]) for each in said.json["cases"]] == [
        ("case-001", "possible", "A2"),
        ("case-002", "refused", "H3"),
    ]


def test_a_case_that_a_rule_refuses_keeps_no_other_from_being_done(
    opened: Place, tmp_path: Path
) -> None:
    file = workbook(tmp_path / "list.xlsx", [row(1), row(2, rubric="unknown"), row(3)])

    said = open_all(opened, file)

    assert said.code == 1
    assert "case-002" in said.out
    assert "H3" in said.out
    assert "共 3 件：已办理 2 件，未办理 1 件" in said.out
    assert types(opened, "case-003") == ["CaseOpened", "RubricPinned", "ReviewCommissioned"]


def test_a_list_may_be_an_open_document(opened: Place, tmp_path: Path) -> None:
    cells = "".join(
        "<table:table-row>"
        + "".join(
            '<table:table-cell office:value-type="string">'
            f"<text:p>{text}</text:p></table:table-cell>"
            for text in each
        )
        + "</table:table-row>"
        for each in (HEADINGS, row(1))
    )
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<office:document-content{names} office:version="1.3"><office:body><office:spreadsheet>'
        f'<table:table table:name="list">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    file = tmp_path / "list.ods"
    with ZipFile(file, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("content.xml", content)

    done(open_all(opened, file))

    assert types(opened, "case-001") == ["CaseOpened", "RubricPinned", "ReviewCommissioned"]


def test_a_second_run_does_nothing_and_says_so(opened: Place, tmp_path: Path) -> None:
    file = workbook(tmp_path / "list.xlsx", [row(1), row(2)])
    done(open_all(opened, file))
    before = record(opened)

    said = done(open_all(opened, file))

    assert "共 2 件：此前已办 2 件" in said.out
    assert record(opened) == before


def test_a_second_run_on_another_day_does_nothing_either(opened: Place, tmp_path: Path) -> None:
    file = workbook(tmp_path / "list.xlsx", [(*row(1), "2024-08-01")], (*HEADINGS, "业务日期"))
    done(open_all(opened, file))
    before = record(opened)

    # As after a night: the list names no day, and today is not the day on which it was done.
    said = done(open_all(opened, workbook(tmp_path / "again.xlsx", [row(1)])))

    assert "此前已办 1 件" in said.out
    assert record(opened) == before


def test_an_empty_list_names_the_columns_and_comes_back_filled_in(
    opened: Place, tmp_path: Path
) -> None:
    file = tmp_path / "empty.xlsx"
    done(scoretrail(opened, "form", "list", "open-case", "-o", str(file)))
    book = openpyxl.load_workbook(file)
    sheet = book["open-case"]
    columns = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
    for heading, value in zip(HEADINGS, row(7), strict=True):
        sheet.cell(2, columns[heading], value)
    book.save(file)

    said = open_all(opened, file)

    assert said.code == 0
    assert types(opened, "case-007")[0] == "CaseOpened"


def test_results_are_received_by_list_in_their_units_hands(issued: Place, tmp_path: Path) -> None:
    file = tmp_path / "receipts.xlsx"
    done(scoretrail(issued, "form", "list", "record-receipt", "--year", "2023", "-o", str(file)))
    book = openpyxl.load_workbook(file)
    sheet = book["record-receipt"]
    headings = [cell.value for cell in sheet[1]]
    assert [sheet.cell(2, 1).value, sheet.cell(2, 2).value] == [CASE, "湛江市市场监督管理局"]
    sheet.cell(2, headings.index("签收日期") + 1, "2025年1月6日")
    book.save(file)

    words = ("--as", "unit-filer", "review", "receive", "--from", str(file), "--dry-run", "--json")
    (outcome,) = scoretrail(issued, *words).json["cases"]

    assert outcome["case"] == CASE
    assert outcome["result"] in {"possible", "before", "refused"}


def test_the_case_of_the_environment_is_none_of_a_list(
    opened: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORETRAIL_CASE", CASE)

    said = done(open_all(opened, workbook(tmp_path / "list.xlsx", [row(1)])))

    assert "已办理 1 件" in said.out


# Reporting ----------------------------------------------------------------------------------------


def test_the_report_says_of_each_case_what_became_of_it(opened: Place, tmp_path: Path) -> None:
    file = workbook(tmp_path / "list.xlsx", [row(1), row(2, rubric="unknown")])
    report = tmp_path / "report.xlsx"

    open_all(opened, file, "--report", str(report), lang="en")

    sheet = openpyxl.load_workbook(BytesIO(report.read_bytes())).worksheets[0]
    cells = [[str(cell.value) for cell in line] for line in sheet.iter_rows()]
    assert ["case-001", "A2", "done"] in [line[:3] for line in cells]
    assert ["case-002", "H3", "not done"] in [line[:3] for line in cells]


def test_a_report_is_never_written_over(opened: Place, tmp_path: Path) -> None:
    file = workbook(tmp_path / "list.xlsx", [row(1)])
    report = tmp_path / "report.xlsx"
    report.write_bytes(b"of last week")
    before = record(opened)

    said = open_all(opened, file, "--report", str(report))

    assert (said.code, report.read_bytes(), record(opened)) == (2, b"of last week", before)


def test_csv_has_a_row_for_each_case(opened: Place, tmp_path: Path) -> None:
    said = done(open_all(opened, workbook(tmp_path / "l.xlsx", [row(1), row(2)]), "--csv"))

    assert [line.split(",")[0] for line in said.out.split()[1:]] == ["case-001", "case-002"]


# What is wrong with a list ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value", "cell", "told"),
    [
        ("评价年度", "twenty", "C2", "twenty"),
        ("评价年度", "", "C2", "未填写"),
        ("评价事项编号", "", "A2", "未填写"),
        ("评价事项编号", "not an id!", "A2", "not an id!"),
        ("名称", "=1+1", "B2", "公式"),
        ("被评价单位编号", "两 个", "D2", "两 个"),
        ("核查机构名称", "", "K2", "未填写核查机构名称"),
    ],
)
def test_a_cell_that_cannot_be_read_keeps_everything_from_being_done(  # noqa: PLR0913, PLR0917 - fixtures and a table
    opened: Place, tmp_path: Path, column: str, value: str, cell: str, told: str
) -> None:
    wrong = [value if name == column else text for name, text in zip(HEADINGS, row(1), strict=True)]
    before = record(opened)

    said = open_all(opened, workbook(tmp_path / "list.xlsx", [wrong, row(2)]))

    assert said.code == 2
    assert f"单元格 {cell}" in said.err
    assert told in said.err
    assert record(opened) == before


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        (HEADINGS[1:], "评价事项编号"),
        ((*HEADINGS[:3], *HEADINGS[4:]), "缺少栏目：被评价单位编号"),
        (("评价事项编号", *HEADINGS[:-1]), "有两份"),
        ((*HEADINGS[:-1], "备用"), "无法识别栏目“备用”"),
    ],
    ids=["no case", "lacking", "twice", "unknown"],
)
def test_a_list_whose_columns_are_not_known_is_refused(
    opened: Place, tmp_path: Path, headings: Sequence[str], told: str
) -> None:
    file = workbook(tmp_path / "list.xlsx", [row(1)], headings)

    said = open_all(opened, file)

    assert said.code == 2
    assert told in said.err


def test_a_row_that_people_do_not_see_keeps_everything_from_being_done(
    opened: Place, tmp_path: Path
) -> None:
    file = workbook(tmp_path / "list.xlsx", [row(1), row(2), row(3)])
    book = openpyxl.load_workbook(file)
    book.worksheets[0].row_dimensions[3].hidden = True
    book.worksheets[0].merge_cells("B4:C4")
    book.save(file)
    before = record(opened)

    said = open_all(opened, file)

    assert said.code == 2
    assert "单元格 A3：这一行被隐藏或筛选掉了" in said.err
    assert "单元格 A4：这一行有合并的单元格" in said.err
    assert record(opened) == before


def test_a_list_without_cases_is_refused(opened: Place, tmp_path: Path) -> None:
    said = open_all(opened, workbook(tmp_path / "list.xlsx", []))

    assert said.code == 2
    assert "没有评价事项" in said.err


def test_only_those_who_may_do_it_for_one_case_may_do_it_for_many(
    opened: Place, tmp_path: Path
) -> None:
    file = workbook(tmp_path / "list.xlsx", [row(1)])
    before = record(opened)

    said = scoretrail(opened, "--as", "unit-filer", "case", "open", "--from", str(file), "--json")

    assert said.code == 1
    assert said.json["cases"][0]["result"] == "refused"
    assert record(opened) == before


# Papers of a year ---------------------------------------------------------------------------------


def papers(ledger: Place, kind: str, folder: Path, *more: str) -> Said:
    return scoretrail(ledger, "document", kind, "--year", "2023", "-o", str(folder), *more)


def test_the_papers_of_a_year_are_written_once(issued: Place, tmp_path: Path) -> None:
    folder = tmp_path / "letters"

    first = done(papers(issued, "result-letter", folder))
    data = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = done(papers(issued, "result-letter", folder))

    assert list(data) == [f"{CASE}-result-letter.docx"]
    assert "已办理 1 件" in first.out
    assert "此前已办 1 件" in again.out
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == data


def test_a_paper_that_is_there_otherwise_is_left_and_named(issued: Place, tmp_path: Path) -> None:
    (tmp_path / f"{CASE}-score-table.xlsx").write_bytes(b"somebody's")

    said = papers(issued, "score-table", tmp_path, "--format", "xlsx")

    assert said.code == 1
    assert "同名文件已存在" in said.out
    assert (tmp_path / f"{CASE}-score-table.xlsx").read_bytes() == b"somebody's"


def test_a_case_that_is_not_ready_is_named_with_its_stage(opened: Place, tmp_path: Path) -> None:
    said = done(papers(opened, "result-letter", tmp_path / "letters", "--json"))

    (outcome,) = said.json["cases"]
    assert outcome["result"] == "not-ready"
    assert [*(tmp_path / "letters").iterdir()] == []


def test_a_rehearsal_of_papers_writes_none(issued: Place, tmp_path: Path) -> None:
    said = done(papers(issued, "score-table", tmp_path / "none", "--dry-run"))

    assert "可办理 1 件" in said.out
    assert not (tmp_path / "none").exists()


def test_a_year_without_cases_is_named(issued: Place, tmp_path: Path) -> None:
    said = scoretrail(issued, "document", "register", "--year", "1999", "-o", str(tmp_path))

    assert said.code == 2
    assert "1999" in said.err
