"""A table is asked about once: what answers lead to is in the mapping file from the beginning."""

from pathlib import Path
from typing import Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from application.found_in_table import Side
from application.look import look
from application.understood_table import UnderstoodTable, understand
from intake.files import HandedIn, hand_in
from intake.mapping_file import answered
from intake.table_columns import ASKED
from ledger.store import Store
from projections.as_of import CaseAsOf
from tests.support.places import Places
from tests.support.terminal import EXAMPLES, done, scoretrail

CASE: Final = "library-2021"
ROWS: Final = ("开放天数", "新增藏书", "按期完工", "读者满意度")
LEFT: Final = """
rule = { shape = "discretion", full_if = [], deduct = "[0,25]", out_of = 25 }
"""
RULES: Final = {
    3: """
rule = { shape = "all-or-nothing", figures = ["on-time", "handed-over"] }
""",
    4: """
[indicator.rule]
shape = "ratio"
counts = "rate"
value = { take = "rate", over = ["content"], under = ["asked"], zero = "0", decimals = "exact" }
above = "full"
below = "zero"
""",
}
FIGURES: Final = """
[[figure]]
id = "on-time"
name = "工期符合合同"
kind = "yes-no"
[[figure]]
id = "handed-over"
name = "移交使用"
kind = "yes-no"
[[figure]]
id = "content"
name = "满意人数"
unit = "人"
[[figure]]
id = "asked"
name = "收回问卷"
unit = "份"
"""


def rubric() -> str:
    """Four rows; the rules of two read by ids what no row is called."""
    text = 'id = "library"\nedition = "1"\ntitle = "图书馆"\nscale = 2\nfull = 100\ncap = 100\n'
    text += 'source = "办法"\nband = []\n'
    for number, name in enumerate(ROWS, 1):
        text += (
            f'[[indicator]]\nid = "i{number}"\npath = ["产出", "{name}"]\nweight = 25\n'
            f'clause = "第一条"\nstandard = "由评审者判断"{RULES.get(number, LEFT)}'
        )
    return text + FIGURES


pytestmark = pytest.mark.sqlite_only("a table is read beside a case; nothing is recorded")


@pytest.fixture(scope="module")
def point(tmp_path_factory: pytest.TempPathFactory) -> CaseAsOf:
    """A case by that rubric, commissioned, with nothing of its unit."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "rubric.toml").write_text(rubric(), "utf-8")
    opening = (EXAMPLES.parent / "project-expenditure" / "1-opening.toml").read_text("utf-8")
    for old, new in (("sample-project-2024", CASE), ('"project-expenditure"', '"library"')):
        opening = opening.replace(old, new)
    (folder / "1.toml").write_text(opening, "utf-8")
    place = Places(folder, None).new()
    done(scoretrail(place, "--dated", "2025-01-01", "init"))
    done(scoretrail(place, "apply", str(folder / "1.toml")))
    with Store.open(place.target) as store:
        return look(store, CASE)


class Written(NamedTuple):
    """A column: its heading, and what its cells hold."""

    heading: str
    cells: tuple[str, ...]


STRUCK: Final = "~"
"""Before what is struck out in a cell."""
TARGETS: Final = st.sampled_from(
    ("≥300天", "45个", "≥1万册", "95%", "按计划", "第三季度前", f"{STRUCK}≥95%", "100", "")
)
ACTUALS: Final = st.sampled_from(
    ("302天", "达标", "9800册", "0.97", "2024-03-01", "是", "不适用", f"{STRUCK}97%", "98%", "")
)
SCORES: Final = st.sampled_from(
    ("25", "20", "24.5", "扣1分", "满分", "90%", f"{STRUCK}25", "20.123", "")
)
CLAIMS: Final = st.sampled_from(("自评得分", "得分", "实际得分", "甲乙"))
AWARDS: Final = st.sampled_from(("财政复核得分", "评分", "丙丁", "审定"))
REASONS: Final = st.sampled_from(("复核意见", "戊己"))


@st.composite
def columns(draw: st.DrawFn) -> list[Written]:
    """A table with headings and cells some of which leave something open."""
    each = {"target": TARGETS, "actual": ACTUALS, "claim": SCORES, "award": SCORES}
    cells = {key: tuple(draw(texts) for _ in ROWS) for key, texts in each.items()}
    reasons = tuple(draw(st.sampled_from(("", "核减", f"{STRUCK}核减"))) for _ in ROWS)
    return [
        Written("三级指标", ROWS),
        Written("年度指标值", cells["target"]),
        Written("实际完成值", cells["actual"]),
        Written("分值", ("25",) * len(ROWS)),
        Written(draw(CLAIMS), cells["claim"]),
        Written(draw(AWARDS), cells["award"]),
        Written(draw(REASONS), reasons),
    ]


def write(path: Path, written: list[Written]) -> Path:
    book = Workbook(path)
    struck = book.add_format({"font_strikeout": True})
    page = book.add_worksheet("表")
    for column, (heading, cells) in enumerate(written):
        page.write_string(0, column, heading)
        for row, text in enumerate(cells, 1):
            if text.startswith(STRUCK):
                page.write_string(row, column, text.removeprefix(STRUCK), struck)
            elif text.replace(".", "", 1).isdigit():
                page.write_number(row, column, float(text))
            elif text:
                page.write_string(row, column, text)
    book.close()
    return path


def read(point: CaseAsOf, path: Path, side: Side, mapping: HandedIn | None) -> UnderstoodTable:
    own = Path(f"{path}.mapping.toml")
    return understand(point, path, hand_in(path), own, mapping, side=side)


@pytest.mark.slow
@settings(max_examples=25)
@given(written=columns(), side=st.sampled_from(("self-evaluation", "review")), data=st.data())
def test_whatever_is_answered_the_file_has_asked_for_it_from_the_beginning(
    tmp_path_factory: pytest.TempPathFactory,
    point: CaseAsOf,
    written: list[Written],
    side: Side,
    data: st.DataObject,
) -> None:
    path = write(tmp_path_factory.mktemp("table") / "t.xlsx", written)
    seen = read(point, path, side, None)
    first = seen.mapping.content.decode()
    for _ in range(4):
        answers = {
            one.line.key: data.draw(st.sampled_from(one.answers or ("核减",)))
            for one in seen.questions
        }
        text = answered(seen.mapping.content.decode(), answers)
        seen = read(point, path, side, HandedIn("t.xlsx.mapping.toml", text.encode()))
        for one in seen.questions:
            assert f'"{one.line.place}" = "{ASKED}"' in first, (answers, one.said.en)
        if not seen.questions:
            break


def test_a_question_that_nobody_has_answered_is_asked_again(
    tmp_path: Path, point: CaseAsOf
) -> None:
    """Its line in the mapping file is no answer to it."""
    cells = {"年度指标值": ("≥300天", "第三季度前", "95%", "按计划"), "实际完成值": ("302天",) * 4}
    table = [Written("三级指标", ROWS), *(Written(*pair) for pair in cells.items())]
    path = write(tmp_path / "t.xlsx", [*table, Written("分值", ("25",) * 4)])
    first = read(point, path, "self-evaluation", None)
    again = read(point, path, "self-evaluation", first.mapping)

    assert {"表!B3", "表!B4", "表!C5"} <= {one.line.place for one in first.questions}
    assert again.questions == first.questions
    assert again.mapping == first.mapping
