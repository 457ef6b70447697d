"""From a workbook that nobody has seen to a checked review: six commands, and each file once."""

import re
from pathlib import Path
from typing import Final

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from intake.mapping_file import answered as put
from tests.support.drafts import answered
from tests.support.places import Place, Places
from tests.support.terminal import Said, done, scoretrail

CASE = "school-meals-2023"
HEADING = (
    *("序号", "指标类别", "考核指标", "目标值", "完成值", "评分标准"),
    *("得分", "偏差原因", "财政复核得分", "复核意见"),
)
ROWS = (
    (
        "管理",
        "资金到位率（20分）",
        "≥100%",
        "100%",
        "由核查人员按佐证材料评定",
        20,
        "",
        18,
        "末批迟拨",
    ),
    ("管理", "供餐台账（10分）", "齐全", "齐全", "由核查人员按佐证材料评定", 10, "", 10, ""),
    ("效果", "供餐天数（40分）", "185天", "185天", "由核查人员按佐证材料评定", 40, "", 40, ""),
    (
        "效果",
        "师生满意度（30分）",
        "≥90%",
        "88%",
        "由核查人员按佐证材料评定",
        29,
        "样本少",
        27.5,
        "未达目标",
    ),
)
OPENING = """\
case = "school-meals-2023"
as = "bureau-officer"
dated = 2024-01-06

[[command]]
do = "publish-rubric"
case = ""
file = "rubric.toml"

[[command]]
do = "open-case"
title = "2023 年度学校供餐项目"
year = 2023
unit = "schools"
unit_name = "某县教育局"
bureau = "finance"
bureau_name = "某县财政局"

[[command]]
do = "pin-rubric"
rubric = "drafted"
edition = "2031-1"

[[command]]
do = "commission-review"
agency = "agency"
agency_name = "核查机构"
"""
ACCOUNTS = (
    ("unit-filer", "schools", "unit"),
    ("agency-reviewer", "agency", "reviewer"),
    ("bureau-officer", "finance", "bureau"),
)


TIERS: Final = "满意度≥95%得60分；90%≤满意度<95%得50分；低于90%不得分"
ON_TIME: Final = "按期完工得满分，否则不得分"
MOST_COMMANDS: Final = 6
QUESTION: Final = re.compile(r'^"(.+?)" = "\?"  # (.+)$', re.MULTILINE)


@pytest.fixture
def office(places: Places) -> Place:
    """A ledger with its accounts and nothing else."""
    place = places.new()
    done(scoretrail(place, "--dated", "2024-01-02", "init"))
    for account, organisation, role in ACCOUNTS:
        words = ("account", "open", account, "--organisation", organisation, "--role", role)
        done(scoretrail(place, "--as", "administrator", "--dated", "2024-01-02", *words))
    return place


def workbook(path: Path, *, claim: str = "得分", days: str = "185天") -> Path:
    """A table with a line above it, one level, weights behind the names and both sides' scores.

    Args:
        path: where.
        claim: how the column of the unit's scores is headed.
        days: what the target of days says.
    """
    book = Workbook(path)
    page = book.add_worksheet("考核表")
    page.merge_range(1, 0, 1, len(HEADING) - 1, "学校供餐项目绩效考核表")
    page.write_row(3, 0, [claim if words == "得分" else words for words in HEADING])
    for number, row in enumerate(ROWS, 1):
        cells = [days if cell == "185天" and at == 2 else cell for at, cell in enumerate(row)]
        page.write_row(3 + number, 0, [number, *cells])
    page.write_row(8, 0, ["合计", "", "", "", "", "", 99, "", 95.5])
    book.close()
    return path


@pytest.mark.sqlite_only("files in and out; what is recorded are ordinary commands")
def test_an_unseen_workbook_becomes_a_checked_review_in_six_commands(
    office: Place, tmp_path: Path
) -> None:
    table, mapping = workbook(tmp_path / "考核表.xlsx"), tmp_path / "考核表.xlsx.mapping.toml"
    rubric, sheet = tmp_path / "rubric.toml", tmp_path / "score-table.xlsx"
    (tmp_path / "opening.toml").write_text(OPENING, "utf-8")
    commands: list[Said] = []

    def types(*words: str) -> Said:
        commands.append(done(scoretrail(office, *words, lang="en")))
        return commands[-1]

    drafted = types("rubric", "draft", str(table), "-o", str(rubric), "--json").json
    assert drafted["mapping"] == str(mapping)

    # A person answers what the rubric leaves open, and what the table does: whose 得分 it is, and
    # on which side of 185 days the target lies. Neither file asks again.
    rubric.write_text(answered(rubric.read_text("utf-8")), "utf-8")
    asked = dict(QUESTION.findall(mapping.read_text("utf-8")))
    assert list(asked) == ["考核表!G4", "考核表!D7"]
    said = mapping.read_text("utf-8")
    for place, answer in (("考核表!G4", "claim"), ("考核表!D7", "≥185天")):
        assert answer in asked[place]
        said = said.replace(f'"{place}" = "?"', f'"{place}" = "{answer}"')
    mapping.write_text(said, "utf-8")

    types("apply", str(tmp_path / "opening.toml"))
    reading = ("import-table", CASE, str(table))
    own = types("--as", "unit-filer", "--dated", "2024-01-20", *reading, "--as-self", "--json").json
    types("--as", "agency-reviewer", "--dated", "2024-02-20", *reading)
    found = types("check", CASE, "--json").json["findings"]
    types("document", "score-table", CASE, "-o", str(sheet))

    assert len(commands) <= MOST_COMMANDS
    assert [(one["printed"], one["computed"]) for one in own["totals"]] == [("99", "99.00")]
    scores = scoretrail(office, "score", CASE, "--json").json
    assert [(row["claim"], row["award"]) for row in scores["indicators"]] == [
        *(("20.00", "18.00"), ("10.00", "10.00"), ("40.00", "40.00"), ("29.00", "27.50"))
    ]
    assert scores["claim"]["printed"] == "99.00"
    (figure,) = scoretrail(office, "explain", CASE, "i03", "--json").json["rule"]["figures"]
    assert (figure["value"], figure["target"], figure["unit"]) == ("185", "≥ 185", "天")
    assert {(one["check"], one["indicator"]) for one in found} >= {
        *(("award-without-clause", "i01"), ("award-without-clause", "i04")),
        ("actual-repeats-target", "i02"),
    }
    page = CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python()
    assert [(row[2], row[4], row[6], row[8]) for row in page[3:7]] == [
        (row[1], row[5], row[7], row[8]) for row in ROWS
    ]


@pytest.mark.sqlite_only("files in and out; what is recorded are ordinary commands")
def test_what_the_rules_read_is_asked_with_the_draft_and_never_again(
    office: Place, tmp_path: Path
) -> None:
    """Which cell gives a rule's figure, in its kind; and the reason of a score that has none."""
    table, rubric = tmp_path / "评价表.xlsx", tmp_path / "rubric.toml"
    with Workbook(table) as book:
        page = book.add_worksheet("表")
        page.write_row(0, 0, ("三级指标", "实际完成值", "分值", "评分标准", "得分", "财政评审"))
        page.write_row(1, 5, ("完成值", "得分", "意见"))
        page.merge_range(0, 5, 0, 7, "财政评审")
        page.write_row(2, 0, ("居民满意度", "92%", 60, TIERS, 60, "91%", 50, "样本偏少"))
        page.write_row(3, 0, ("完工时间", "2024-10-20", 40, ON_TIME, 40, "", 30))
    mapping = Path(f"{table}.mapping.toml")
    (tmp_path / "opening.toml").write_text(OPENING, "utf-8")

    done(scoretrail(office, "rubric", "draft", str(table), "-o", str(rubric)))
    said = mapping.read_text("utf-8")
    asked = [place for place, _ in QUESTION.findall(said)]
    for section, place, answer in (
        *(("columns", "E1", "claim"), ("cells", "B4", "是"), ("reasons", "4", "验收迟了")),
        *(("figures", "B3", "i01-value"), ("figures", "B4", "i02-met")),
        ("figures", "F3", "i01-value"),
    ):
        said = put(said, {(section, f"表!{place}"): answer})
    mapping.write_text(said, "utf-8")
    rubric.write_text(answered(rubric.read_text("utf-8")), "utf-8")
    done(scoretrail(office, "apply", str(tmp_path / "opening.toml")))
    reading = ("import-table", CASE, str(table))
    done(scoretrail(office, "--as", "unit-filer", "--dated", "2024-01-20", *reading, "--as-self"))
    done(scoretrail(office, "--as", "agency-reviewer", "--dated", "2024-02-20", *reading))

    assert asked == [f"表!{place}" for place in ("E1", "B4", "F3", "B3", "B4", "4")]
    scores = scoretrail(office, "score", CASE, "--json").json["indicators"]
    assert [(row["claim"], row["rule"], row["award"]) for row in scores] == [
        *(("60.00", "50.00", "50.00"), ("40.00", "40.00", "30.00"))
    ]


def test_a_draft_leaves_a_mapping_file_as_it_is(tmp_path: Path) -> None:
    table = workbook(tmp_path / "考核表.xlsx")
    mapping = tmp_path / "考核表.xlsx.mapping.toml"
    mapping.write_text("answered before", "utf-8")

    drafted = done(
        scoretrail(None, "rubric", "draft", str(table), "-o", str(tmp_path / "r.toml"), "--json")
    )

    assert drafted.json["mapping"] is None
    assert mapping.read_text("utf-8") == "answered before"


def test_what_a_person_says_of_a_column_while_drafting_is_not_asked_again(tmp_path: Path) -> None:
    table = workbook(tmp_path / "考核表.xlsx")
    words = ("rubric", "draft", str(table), "-o", str(tmp_path / "r.toml"), "--column", "G=claim")

    done(scoretrail(None, *words))

    said = (tmp_path / "考核表.xlsx.mapping.toml").read_text("utf-8")
    assert '"考核表!G4" = "claim"' in said
    assert dict(QUESTION.findall(said)).keys() == {"考核表!D7"}


def test_a_table_that_leaves_nothing_open_has_no_mapping_file_from_its_draft(
    tmp_path: Path,
) -> None:
    table = workbook(tmp_path / "考核表.xlsx", claim="自评得分", days="≥185天")

    drafted = done(
        scoretrail(None, "rubric", "draft", str(table), "-o", str(tmp_path / "r.toml"), "--json")
    )

    assert drafted.json["mapping"] is None
    assert {file.name for file in tmp_path.iterdir()} == {"考核表.xlsx", "r.toml"}


def test_a_table_that_no_rubric_can_hold_yet_is_drafted_all_the_same(tmp_path: Path) -> None:
    """Its weights are finer than those of any rubric; a person who reads the draft mends them."""
    table = tmp_path / "考核表.xlsx"
    with Workbook(table) as book:
        page = book.add_worksheet("考核表")
        page.write_row(0, 0, ["考核指标", "分值", "得分", "评分标准"])
        for number, weight in enumerate(("33.333333", "66.666667"), 1):
            page.write_row(number, 0, [f"指标{number}", weight, 1, "由核查人员评定"])

    drafted = done(
        scoretrail(None, "rubric", "draft", str(table), "-o", str(tmp_path / "r.toml"), "--json")
    )

    assert [row["weight"] for row in drafted.json["rows"]] == ["33.333333", "66.666667"]
    assert drafted.json["mapping"] is None
