"""Forms and tables that come back: a reason said again amends it; last year is beside this one."""

from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from xlsxwriter import Workbook

from tests.support.places import Place, Places
from tests.support.terminal import EXAMPLES, begun, done, entries, record, scoretrail
from tests.support.workbooks import Book

WHOLE_LIFE = EXAMPLES.parent / "whole-life"
CASE = "parks-2022"
SHEET = "核查评分"
REVIEWER = ("--as", "agency-reviewer", "--dated", "2023-06-13")

pytestmark = pytest.mark.sqlite_only("files in; what is recorded are ordinary commands")


@pytest.fixture
def reviewed(places: Places) -> Place:
    """A case whose rows have their awards."""
    ledger = begun(places.new(), "2023-03-01")
    for number in (1, 2, 3, 4):
        (file,) = WHOLE_LIFE.glob(f"{number}-*.toml")
        done(scoretrail(ledger, "apply", str(file)))
    return ledger


def amended(ledger: Place, since: int) -> list[dict[str, object]]:
    return [
        {"type": entry["type"]}
        | {
            key: entry["data"][key]
            for key in ("indicator", "justification", "clause")
            if entry["data"].get(key)
        }
        for entry in entries(ledger, CASE)[since:]
        if entry["type"] != "EvidenceFiled"
    ]


def awards(ledger: Place) -> list[tuple[str, str]]:
    rows = scoretrail(ledger, "score", CASE, "--json").json["indicators"]
    return [(row["id"], row["award"]) for row in rows]


def test_a_form_amends_what_it_says_anew_and_moves_no_score(
    reviewed: Place, tmp_path: Path
) -> None:
    path, before = tmp_path / "r.xlsx", len(entries(reviewed, CASE))
    scores = awards(reviewed)
    done(scoretrail(reviewed, "form", "review", "--case", CASE, "-o", str(path)))
    book = Book(path)
    book.put(
        SHEET,
        {
            book.ref(SHEET, "patrols", "justification"): "四次巡查没有记录。",
            book.ref(SHEET, "plan", "clause"): "附件1 第二条",
        },
    ).save()

    done(scoretrail(reviewed, *REVIEWER, "apply", str(path)))

    assert amended(reviewed, before) == [
        {"type": "ReasonAmended", "indicator": "plan", "clause": "附件1 第二条"},
        {"type": "ReasonAmended", "indicator": "patrols", "justification": "四次巡查没有记录。"},
    ]
    assert awards(reviewed) == scores


def test_a_reason_that_is_taken_out_is_refused_with_its_cell(
    reviewed: Place, tmp_path: Path
) -> None:
    path, before = tmp_path / "r.xlsx", record(reviewed)
    done(scoretrail(reviewed, "form", "review", "--case", CASE, "-o", str(path)))
    book = Book(path)
    emptied = book.ref(SHEET, "patrols", "justification")
    book.put(SHEET, {emptied: None}).save()

    said = scoretrail(reviewed, *REVIEWER, "apply", str(path))

    assert said.code == 2
    assert emptied in said.err
    assert record(reviewed) == before


def test_a_delivered_table_amends_a_reason_beside_an_award_that_is_as_it_was(
    reviewed: Place, tmp_path: Path
) -> None:
    path = tmp_path / "t.xlsx"
    rows = scoretrail(reviewed, "score", CASE, "--json").json["indicators"]
    with Workbook(path) as book:
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, ["三级指标", "分值", "核查得分", "扣分原因"])
        for line, row in enumerate(rows, 1):
            reason = "四次巡查没有记录。" if row["id"] == "patrols" else ""
            numbers = (Decimal(row["weight"]), Decimal(row["award"]))
            sheet.write_row(line, 0, [row["path"][-1], *numbers, reason])
    before = len(entries(reviewed, CASE))

    for _ in range(2):  # the second time it says nothing that is not recorded
        done(scoretrail(reviewed, *REVIEWER, "import-table", CASE, str(path)))

        assert amended(reviewed, before) == [
            {"type": "ReasonAmended", "indicator": "patrols", "justification": "四次巡查没有记录。"}
        ]


def test_the_form_has_the_awards_of_the_year_before_next_to_those_of_this_year(
    reviewed: Place, tmp_path: Path
) -> None:
    """The unit's other case: the same rows of the same rubric, scored the year before."""
    (opening,) = WHOLE_LIFE.glob("1-*.toml")
    head, _, rest = opening.read_text("utf-8").partition('[[command]]\ndo = "open-case"')
    case = next(line for line in head.splitlines() if line.startswith("case = "))
    again = f'{case}\n[[command]]\ndo = "open-case"{rest}'
    next_year = tmp_path / "next.toml"
    next_year.write_text(
        again.replace(CASE, "parks-2023").replace("year = 2022", "year = 2023"), "utf-8"
    )
    done(scoretrail(reviewed, "--dated", "2024-03-01", "apply", str(next_year)))
    path = tmp_path / "r.xlsx"
    done(scoretrail(reviewed, "form", "review", "--case", "parks-2023", "-o", str(path)))

    book, before = Book(path), dict(awards(reviewed))
    shown = {
        row: book.text(SHEET, f"{book.column_of(SHEET, 'last_year')}{book.row_of(SHEET, row)}")
        for row in before
    }
    assert {row: Decimal(score) for row, score in shown.items()} == {
        row: Decimal(score) for row, score in before.items()
    }
    with ZipFile(path) as whole:
        said = "".join(whole.read(name).decode() for name in whole.namelist() if "xml" in name)
    assert f"{CASE} 第 " in said  # from where they are
