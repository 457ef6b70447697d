"""A small year by lists: cases are opened, sent, issued, received, published and asked to rectify.

Every step is one list of all cases; what units and reviewers fill in is the example's.
"""

from collections.abc import Sequence
from pathlib import Path
from shutil import copytree

import openpyxl
import pytest

from tests.cli.test_by_list import AGENCY, HEADINGS, OF_ALL, workbook
from tests.support.places import Place
from tests.support.terminal import CASE, EXAMPLES, done, entries, scoretrail

pytestmark = pytest.mark.slow

CASES = ("first-2023", "second-2023")
OPENING = "评价事项编号"


def step(ledger: Place, account: str, command: str, file: Path, day: str, *more: str) -> str:
    """A step of the year by its list, rehearsed, done, and done again to no effect."""
    words = ("--as", account, "--dated", day, *command.split(), "--from", str(file))
    rehearsed = done(scoretrail(ledger, *words, "--dry-run")).out
    assert f"共 {len(CASES)} 件：可办理 {len(CASES)} 件" in rehearsed
    said = done(scoretrail(ledger, *words, *more)).out
    assert f"共 {len(CASES)} 件：已办理 {len(CASES)} 件" in said
    assert f"此前已办 {len(CASES)} 件" in done(scoretrail(ledger, *words)).out
    return said


def filled(ledger: Place, folder: Path, do: str, columns: dict[str, str]) -> Path:
    """The list of a command for the cases of the year, with the same in every row."""
    file = folder / f"{do}.xlsx"
    done(scoretrail(ledger, "form", "list", do, "--year", "2023", "-o", str(file)))
    book = openpyxl.load_workbook(file)
    sheet = book[do]
    headings = [str(cell.value) for cell in sheet[1]]
    # The reference case is there as well, at a stage of its own: it is not in these lists.
    for number in range(sheet.max_row, 1, -1):
        if sheet.cell(number, 1).value not in CASES:
            sheet.delete_rows(number)
    for number in range(2, 2 + len(CASES)):
        for heading, value in columns.items():
            sheet.cell(number, headings.index(heading) + 1, value)
    book.save(file)
    return file


def types(ledger: Place, case: str) -> Sequence[str]:
    return [entry["type"] for entry in entries(ledger, case)]


def test_a_year_of_lists_leads_to_the_same_as_single_commands(
    opened: Place, tmp_path: Path
) -> None:
    rows = [
        (case, "整体绩效", "2023", "zhanjiang-amr", "湛江市市场监督管理局", *OF_ALL, *AGENCY)
        for case in CASES
    ]
    opening = workbook(tmp_path / "opening.xlsx", rows, HEADINGS)
    step(opened, "bureau-officer", "case open", opening, "2024-07-30")
    examples = tmp_path / "examples"
    copytree(EXAMPLES, examples)
    for case in CASES:
        for name in ("2-self-evaluation.toml", "3-review.toml"):
            file = examples / name
            own = examples / f"{case}-{name}"
            own.write_text(file.read_text(encoding="utf-8").replace(CASE, case), encoding="utf-8")
            done(scoretrail(opened, "apply", str(own)))

    draft = filled(opened, tmp_path, "send-draft", {"反馈截止日期": "2025年1月15日"})
    step(opened, "agency-lead", "review draft", draft, "2024-12-30")
    issue = filled(opened, tmp_path, "issue-result", {"所列总分": "93.89", "所列等级": "优"})
    report = tmp_path / "issued.xlsx"
    done(scoretrail(opened, "key", "generate", "scoretrail.example/log"))
    step(opened, "bureau-officer", "review issue", issue, "2025-01-20", "--report", str(report))
    receipts = opened.key.with_name(f"{opened.key.stem}.receipts")
    proofs = {file.name for file in receipts.glob("*.tlog-proof")}
    assert {name.rpartition("-v")[0] for name in proofs} == set(CASES)
    for file in receipts.iterdir():  # as where it was killed before they were written
        file.unlink()
    again = ("--dated", "2025-01-20", "review", "issue", "--from", str(issue))
    done(scoretrail(opened, "--as", "bureau-officer", *again))
    assert {file.name for file in receipts.glob("*.tlog-proof")} == proofs
    received = filled(opened, tmp_path, "record-receipt", {"签收日期": "2025-01-21"})
    step(opened, "unit-filer", "review receive", received, "2025-01-21")
    published = filled(opened, tmp_path, "publish-result", {"公开位置": "单位门户网站"})
    step(opened, "unit-filer", "review publish", published, "2025-02-01")
    asked = {
        "整改要求编号": "stock-taking",
        "所涉问题": "stock-taking-practice",
        "要求": "明确资产管理人",
        "文件所定期限": "2025-03-01",
    }
    rectify = filled(opened, tmp_path, "request-rectification", asked)
    step(opened, "bureau-officer", "rectify request", rectify, "2025-02-01")
    letters = ("document", "result-letter", "--year", "2023", "-o", str(tmp_path / "letters"))
    written = scoretrail(opened, *letters, "--json").json["cases"]

    assert report.exists()
    last = ("DraftSent", "ResultIssued", "ResultReceived", "ResultPublished")
    for case in CASES:
        told = [name for name in types(opened, case) if name in {*last, "RectificationRequested"}]
        assert told == [*last, "RectificationRequested"]
        assert entries(opened, case)[-1]["data"]["findings"] == ["stock-taking-practice"]
    assert {each["case"]: each["result"] for each in written} == {
        **dict.fromkeys(CASES, "done"),
        CASE: "not-ready",
    }
    assert scoretrail(opened, "verify").code == 0
