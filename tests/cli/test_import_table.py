"""The score table of the 2023 review, laid out as in the document, gives exactly its awards."""

import tomllib
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter import Workbook

from intake.table_rows import read_tables
from intake.workbook import read_workbook
from ledger.values import Invalid
from tests.support.places import Place
from tests.support.terminal import CASE, EXAMPLES, REVIEW, SELF, done, record, scoretrail

HEADING = (
    "一级指标",
    "二级指标",
    "三级指标",
    "分值",
    "得分/自评分",
    "指标解释",
    "评分标准",
    "评分",
    "得扣分原因",
)
PAGES = (2, 3, 6, 9, 12, 16, 20, 24, 27)
"""Where the document breaks its table, and prints the heading again."""


def reference() -> list[dict[str, Any]]:
    """The 28 rows and the self column as the review prints them."""
    rubric = tomllib.loads((EXAMPLES / "rubric.toml").read_text())
    acts = tomllib.loads(REVIEW.read_text())["command"]
    claims = {
        act["indicator"]: act["score"]
        for act in tomllib.loads(SELF.read_text())["command"]
        if act["do"] == "claim-score"
    }
    restated = {act["indicator"]: act["score"] for act in acts if act["do"] == "restate-claim"}
    awards = {
        act["indicator"]: act for act in acts if act["do"] in {"confirm-score", "adjust-score"}
    }
    return [
        {
            "path": row["path"],
            "weight": row["weight"],
            "claim": restated.get(row["id"], claims[row["id"]]),
            "standard": row["standard"],
            "award": awards[row["id"]].get("award", claims[row["id"]]),
            "reason": awards[row["id"]].get("justification", ""),
        }
        for row in rubric["indicator"]
    ]


def short(number: str) -> str:
    """A number as documents print it: 20, 8.5, 0.39."""
    return f"{Decimal(number).normalize():f}"


def build(path: Path) -> Path:  # noqa: C901 - the layout, top to bottom
    """The layout of the document: cut into pages, levels merged, the last row a total."""
    book = Workbook(path, {"strings_to_formulas": False})
    sheet = book.add_worksheet("附件1")
    sheet.merge_range(0, 0, 0, 8, "附件 1：整体支出绩效指标核查评分表")
    line = 1
    page: list[tuple[int, list[str]]] = []

    def heading() -> None:
        nonlocal line
        for column, words in enumerate(HEADING):
            sheet.write_string(line, column, words)
        line += 1

    def merge() -> None:
        for column in (0, 1):
            for name in dict.fromkeys(tuple(path[: column + 1]) for _, path in page):
                lines = [at for at, path in page if tuple(path[: column + 1]) == name]
                if len(lines) > 1:
                    sheet.merge_range(lines[0], column, lines[-1], column, name[-1])
                else:
                    sheet.write_string(lines[0], column, name[-1])
        page.clear()

    heading()
    for index, row in enumerate(reference()):
        if index in PAGES:
            merge()
            heading()
        page.append((line, row["path"]))
        sheet.write_string(line, 2, row["path"][2])
        sheet.write_number(line, 3, Decimal(row["weight"]))
        sheet.write_string(line, 4, short(row["claim"]))
        sheet.write_string(line, 6, row["standard"])
        sheet.write_number(line, 7, Decimal(row["award"]))
        sheet.write_string(line, 8, row["reason"])
        line += 1
        if index == 0:  # the document goes on with the standard of a row on its next page
            sheet.write_string(line, 6, "（续上页）")
            line += 1
    merge()
    for column, words in enumerate(("加减分项", "加减分项", "工作表现加减分指标", "0", "0")):
        sheet.write_string(line, column, words)
    sheet.write_number(line, 7, 3)
    sheet.merge_range(line + 1, 0, line + 1, 2, "合计")
    sheet.write_number(line + 1, 3, 100)
    sheet.write_formula(line + 1, 4, "=SUM(E3:E40)", None, 100)
    sheet.write_number(line + 1, 7, Decimal("93.89"))
    book.close()
    return path


def test_the_table_of_the_document_gives_exactly_the_awards(
    submitted: Place, built: Mapping[str, Place], tmp_path: Path
) -> None:
    # What the reviewer found out about the figures stands elsewhere; the awards are those printed.
    table = build(tmp_path / "核查评分表.xlsx")
    words = ("--as", "agency-reviewer", "import-table", CASE, str(table))

    checked = done(scoretrail(submitted, *words, "--check", "--json"))
    assert scoretrail(submitted, "score", CASE, "--json").json["award"]["pending"] == 28
    said = done(scoretrail(submitted, *words, "--json"))

    assert said.json["rows"] == checked.json["rows"]
    ours = scoretrail(submitted, "score", CASE, "--json").json["indicators"]
    theirs = scoretrail(built["issued"], "score", CASE, "--json").json["indicators"]
    assert [row["award"] for row in ours] == [row["award"] for row in theirs]
    assert said.json["printed"][-1]["printed"] == "93.89"
    assert said.json["printed"][-1]["computed"] == "93.89"
    mapping = Path(f"{table}.mapping.toml")
    filed = [entry for entry in log(submitted) if entry["type"] == "EvidenceFiled"]
    assert {mapping.name, table.name} <= {one["evidence"][0]["title"] for one in filed}
    again = done(scoretrail(submitted, *words, "--json"))
    assert again.json["recorded"] == 0


def log(ledger: Place) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = scoretrail(ledger, "log", CASE, "--json").json["entries"]
    return entries


def test_our_own_score_table_reads_back_without_a_difference(issued: Place, tmp_path: Path) -> None:
    before = record(issued)
    for lang in ("zh", "en"):
        table = tmp_path / f"{lang}.xlsx"
        done(scoretrail(issued, "document", "score-table", CASE, "-o", str(table), lang=lang))

        said = done(
            scoretrail(
                issued, "--as", "agency-reviewer", "import-table", CASE, str(table), "--json"
            )
        )

        assert said.json["recorded"] == 0
        assert len([row for row in said.json["rows"] if row["indicator"]]) == 30
    assert record(issued) == before


def test_a_row_that_fits_nothing_is_named_and_can_be_mapped(
    submitted: Place, tmp_path: Path
) -> None:
    table = tmp_path / "table.xlsx"
    book = Workbook(table)
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, ["三级指标", "分值", "评分", "扣分原因"])
    for line, row in enumerate(reference(), 1):
        name = "产出完成" if line == 1 else row["path"][2]
        sheet.write_row(
            line, 0, [name, Decimal(row["weight"]), Decimal(row["award"]), row["reason"]]
        )
    book.close()
    words = ("--as", "agency-reviewer", "import-table", CASE, str(table), "--check")

    refused = scoretrail(submitted, *words)
    assert refused.code == 2
    assert "第 2 行“产出完成”" in refused.err
    mapping = Path(f"{table}.mapping.toml")
    rows = mapping.read_text()
    for indicator in ("output-goals", *TWINS):  # names and weights alone do not tell twins apart
        rows = rows.replace('"?"', f'"{indicator}"', 1)
    mapping.write_text(rows)

    done(scoretrail(submitted, *words))


def test_a_line_across_the_levels_is_one_name_and_one_without_a_weight_is_said_in_words(
    submitted: Place, tmp_path: Path
) -> None:
    """What an agency prints below the rows: its name goes across the three columns of levels."""
    path = tmp_path / "table.xlsx"
    book = Workbook(path)
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, ["一级指标", "二级指标", "三级指标", "分值", "评分"])
    sheet.merge_range(1, 0, 1, 2, "先进单位")
    sheet.write_number(1, 4, 3)
    for line, row in enumerate(reference(), 2):
        sheet.write_row(line, 0, [*row["path"], Decimal(row["weight"]), Decimal(row["award"])])
    book.close()

    named = read_tables(path, read_workbook(path, path.read_bytes()), 2).rows[0]
    assert named.path == ("先进单位",) * 3
    words = ("--as", "agency-reviewer", "import-table", CASE, str(path), "--check")
    refused = scoretrail(submitted, *words)
    assert "第 2 行“先进单位”（没有分值）与指标都不相符" in refused.err
    assert "None" not in refused.err


TWINS = (
    *("intention-completeness", "intention-timeliness"),
    *("sme-procurement", "poverty-area-procurement"),
)
"""Indicators of one name and weight, in the rubric's order."""

# Headings in two rows -----------------------------------------------------------------------------

Layout = tuple[tuple[str, ...], tuple[str, ...]]
MERGED_LEVELS: Layout = (
    ("指标", "", "", "分值", "得分", "", "得扣分原因"),
    ("一级指标", "二级指标", "三级指标", "", "自评得分", "核查得分", ""),
)
SHORT_WORDS: Layout = (
    ("指标体系", "", "", "分值", "单位自评情况", "核查情况", ""),
    ("一级", "二级", "三级", "", "得分", "得分", "扣分说明"),
)
TITLED: Layout = (
    ("某部门整体支出评分表", "", "", "", "", "", ""),
    ("一级指标", "二级指标", "三级指标", "分值", "自评分", "评分", "得扣分原因"),
)


def two_rows(path: Path, layout: Layout, *, merge: bool) -> Path:
    """A table below a heading in two rows, each group of it merged or with empty cells beside."""
    book = Workbook(path)
    sheet = book.add_worksheet("表")
    upper, lower = layout
    for column, words in enumerate(upper):
        if merge and words and not lower[column]:
            sheet.merge_range(1, column, 2, column, words)
            continue
        last = column
        while words and last + 1 < len(upper) and not upper[last + 1] and lower[last + 1]:
            last += 1
        if merge and last > column:
            sheet.merge_range(1, column, 1, last, words)
        elif words:
            sheet.write_string(1, column, words)
    for column, words in enumerate(lower):
        if words:
            sheet.write_string(2, column, words)
    for line, row in enumerate(reference(), 3):
        scores = (Decimal(row[key]) for key in ("weight", "claim", "award"))
        sheet.write_row(line, 0, [*row["path"], *scores, row["reason"]])
    book.close()
    return path


@pytest.mark.parametrize("merge", [True, False], ids=["merged", "beside empty cells"])
@pytest.mark.parametrize("layout", [MERGED_LEVELS, SHORT_WORDS, TITLED])
def test_a_heading_in_two_rows_is_read(tmp_path: Path, layout: Layout, *, merge: bool) -> None:
    path = two_rows(tmp_path / "two.xlsx", layout, merge=merge)
    tables = read_tables(path, read_workbook(path, path.read_bytes()), 2)

    for row, meant in zip(tables.rows, reference(), strict=True):
        assert list(row.path) == meant["path"]
        assert (row.weight, row.claim, row.award, row.reason) == (
            *(Decimal(meant[key]) for key in ("weight", "claim", "award")),
            meant["reason"],
        )


def test_two_columns_of_awards_are_asked_about_by_their_cells(tmp_path: Path) -> None:
    layout = (
        ("三级指标", "", "", "分值", "初评", "终评", "得扣分原因"),
        ("", "", "", "", "得分", "得分", ""),
    )
    path = two_rows(tmp_path / "two.xlsx", layout, merge=True)

    (block,) = read_tables(path, read_workbook(path, path.read_bytes()), 2).blocks
    assert {index: column.why.zh for index, column in block.questions.items()} == {
        4: "几列都是核查得分",
        5: "几列都是核查得分",
    }


# Whatever a workbook holds ------------------------------------------------------------------------

ODD = ("合计", "小计", "—", "/", "*", "１８．５", "90%", "663.41万元")
cells = st.one_of(
    st.none(),
    st.sampled_from(
        [*HEADING, *MERGED_LEVELS[0], *MERGED_LEVELS[1], *SHORT_WORDS[0], *SHORT_WORDS[1], *ODD]
    ),
    st.text(max_size=8),
    st.integers(-(10**6), 10**6),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000, places=3),
    st.booleans(),
)
areas = st.tuples(*(st.integers(0, 9) for _ in range(4)))


headings = st.sampled_from([(), (HEADING,), MERGED_LEVELS, SHORT_WORDS, (HEADING, *MERGED_LEVELS)])


@pytest.mark.slow
@given(
    rows=st.lists(st.lists(cells, max_size=10), max_size=10),
    merges=st.lists(areas, max_size=4),
    heading=headings,
)
def test_no_workbook_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[object]],
    merges: list[tuple[int, int, int, int]],
    heading: tuple[tuple[object, ...], ...],
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "f.xlsx"
    book = Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    taken: set[tuple[int, int]] = set()
    for top, left, bottom, right in merges:
        area = {
            (row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)
        }
        if len(area) > 1 and not area & taken:
            taken |= area
            sheet.merge_range(top, left, bottom, right, "")
    for line, row in enumerate([*map(list, heading), *rows]):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell)
    book.close()

    with suppress(Invalid):
        read_tables(path, read_workbook(path, path.read_bytes()), 2)


@pytest.mark.slow
@settings(max_examples=30)
@given(where=st.floats(0, 1), change=st.binary(min_size=1, max_size=6))
def test_no_damage_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, where: float, change: bytes
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    sound = build(folder / "sound.xlsx").read_bytes()
    at = int(where * (len(sound) - len(change)))
    path = folder / "damaged.xlsx"
    path.write_bytes(sound[:at] + change + sound[at + len(change) :])

    with suppress(Invalid):
        read_tables(path, read_workbook(path, path.read_bytes()), 2)
