"""A unit's own table goes in, is reviewed from the same file, and goes out in its own layout."""

import re
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.national_form import HEADING, ITEMS, Item, build, rubric
from tests.support.places import Place, Places
from tests.support.terminal import EXAMPLES, done, entries, record, scoretrail

CASE = "library-2021"
AWARDS = ("15", "14.7", "10", "8", "30", "10")
REASONS = ("", "", "", "迟两个月完工", "", "")
BONUS = """[bonus]
id = "praise"
name = "表彰加分"
each = 1
cap = 3
clause = "通用表"
standard = "受表彰一次加 1 分，最多 3 分"
"""

pytestmark = pytest.mark.sqlite_only("files in and out; what is recorded are ordinary commands")


@pytest.fixture
def library(places: Places, tmp_path: Path) -> Place:
    """A case of the nation-wide form, opened and without anything of its unit."""
    (tmp_path / "rubric.toml").write_text(rubric() + BONUS, "utf-8")
    opening = (EXAMPLES.parent / "project-expenditure" / "1-opening.toml").read_text("utf-8")
    for old, new in (
        ("sample-project-2024", CASE),
        ("2025-03-03", "2022-01-03"),
        ('"project-expenditure"', '"library"'),
        ("year = 2024", "year = 2021"),
    ):
        opening = opening.replace(old, new)
    (tmp_path / "1.toml").write_text(opening, "utf-8")
    place = places.new()
    done(scoretrail(place, "--dated", "2022-01-01", "init"))
    done(scoretrail(place, "apply", str(tmp_path / "1.toml")))
    return place


def test_a_table_becomes_a_submitted_self_evaluation_and_then_a_review(
    library: Place, tmp_path: Path
) -> None:
    table = build(
        tmp_path / "自评表.xlsx", more=(("复核得分", AWARDS), ("复核意见", REASONS)), total="99"
    )
    mapping = Path(f"{table}.mapping.toml")
    unit = ("--as", "unit-filer", "--dated", "2022-01-20", "import-table", CASE, str(table))
    before = record(library)

    # 得分 next to 复核得分: whose it is has to be said, once for each of the two tables.
    asked = scoretrail(library, *unit, "--as-self", "--json", lang="en")
    assert asked.code == 2
    questions = asked.json["questions"]
    assert [(one["kind"], one["place"]) for one in questions] == [("column", "自评表!H12")]
    assert "claim" in questions[0]["choices"]
    assert record(library) == before
    mapping.write_text(mapping.read_text("utf-8").replace('"?"', '"claim"'), "utf-8")

    said = done(scoretrail(library, *unit, "--as-self", "--json")).json
    assert said["recorded"] == 2 + 8 + 7 + 1  # files, figures, claims, the submission
    assert said["totals"] == [
        {"place": "自评表 19", "printed": "99", "computed": "99.44", "differs": True}
    ]
    sheet = scoretrail(library, "score", CASE, "--json").json
    assert (sheet["stage"], sheet["claim"]["total"], sheet["claim"]["printed"]) == (
        *("submitted", "99.44"),
        "99.00",
    )
    assert [row["rule"] for row in sheet["indicators"]] == [
        *("9.74", "15.00", "14.70", "10.00", "10.00", "30.00", "10.00")
    ]
    told = scoretrail(library, "explain", CASE, "i2", "--json").json["rule"]["figures"][0]
    assert (told["value"], told["unit"], told["target"]) != (None, None, None)
    found = scoretrail(library, "check", CASE, "--json", lang="en").json["findings"]
    assert [one for one in found if "99.44" in one["message"]], found
    assert done(scoretrail(library, *unit, "--as-self", "--json")).json["recorded"] == 0

    # The same file and mapping, read by the reviewer.
    review = ("--as", "agency-reviewer", "--dated", "2022-02-20", "import-table", CASE, str(table))
    done(scoretrail(library, *review, "--json"))  # the execution has no award in this file
    awards = scoretrail(library, "score", CASE, "--json").json["indicators"]
    assert [row["award"] for row in awards] == [
        *(None, "15.00", "14.70", "10.00", "8.00", "30.00", "10.00")
    ]

    # Out again in the layout in which it came.
    blank = build(
        tmp_path / "空表.xlsx",
        [item._replace(claim="", reason="", actual="") for item in ITEMS],
        total="",
        more=(("复核得分", [""] * 6), ("复核意见", [""] * 6)),
    )
    answers = mapping.read_text("utf-8")
    map_as(blank, answers)
    filled = tmp_path / "filled.xlsx"
    told = done(scoretrail(library, "form", "table", CASE, str(blank), "-o", str(filled))).out
    assert "几行合成一项" not in told
    assert parts(filled).keys() == parts(blank).keys()
    assert {name for name, data in parts(filled).items() if data != parts(blank)[name]} == {
        *("xl/worksheets/sheet1.xml", "xl/workbook.xml")
    }
    map_as(filled, answers)
    for words in ((*unit[:-1], str(filled), "--as-self"), (*review[:-1], str(filled))):
        assert done(scoretrail(library, *words, "--json")).json["recorded"] == 0


def test_what_the_reviewer_found_instead_restates_the_figure(
    library: Place, tmp_path: Path
) -> None:
    actuals = ["", "0.9万册", "97%", "", "", ""]  # the third is what the unit reported
    table = build(
        tmp_path / "自评表.xlsx",
        heading=(*HEADING[:7], "自评得分", HEADING[8]),
        more=(
            ("复核完成值", actuals),
            ("复核得分", ("15", "13.5", "10", "10", "30", "10")),
            ("复核意见", ("", "入库单为 0.9 万册", "", "", "", "")),
        ),
    )
    words = ("import-table", CASE, str(table))
    done(scoretrail(library, "--as", "unit-filer", "--dated", "2022-01-20", *words, "--as-self"))
    review = ("--as", "agency-reviewer", "--dated", "2022-02-20", *words, "--json")
    done(scoretrail(library, *review))

    restated = [one["data"] for one in entries(library, CASE) if one["type"] == "FigureRestated"]
    assert [(one["figure"]["id"], one["figure"]["value"]) for one in restated] == [("i2", "0.9")]
    assert restated[0]["reason"] == "入库单为 0.9 万册"
    row = scoretrail(library, "score", CASE, "--json").json["indicators"][2]
    assert (row["claim"], row["rule"], row["award"]) == ("14.70", "13.50", "13.50")
    assert done(scoretrail(library, *review)).json["recorded"] == 0


def test_a_bonus_line_claims_a_bonus_once(library: Place, tmp_path: Path) -> None:
    praise = Item("加分", "加分", "表彰加分", "", "受市级表彰两次", "0", "2")
    table = build(tmp_path / "自评表.xlsx", [*ITEMS, praise], total="100")  # its cap
    unit = ("--as", "unit-filer", "--dated", "2022-01-20", "import-table", CASE, str(table))
    said = done(scoretrail(library, *unit, "--as-self", "--json")).json

    assert [(one["printed"], one["differs"]) for one in said["totals"]] == [("100", False)]
    claimed = [one["data"] for one in entries(library, CASE) if one["type"] == "BonusClaimed"]
    assert [(one["item"], one["points"]) for one in claimed] == [("praise-claimed", "2.00")]
    assert done(scoretrail(library, *unit, "--as-self", "--json")).json["recorded"] == 0


def test_a_filled_table_names_the_rows_whose_score_cannot_be_divided(
    library: Place, tmp_path: Path
) -> None:
    books = [
        ITEMS[1]._replace(name=name, weight=weight, claim=weight)
        for name, weight in (("新增儿童读物", "8"), ("新增工具书", "7"))
    ]
    table = build(tmp_path / "自评表.xlsx", [ITEMS[0], *books, *ITEMS[2:]], total="")
    unit = ("--as", "unit-filer", "--dated", "2022-01-20", "import-table", CASE, str(table))
    assert scoretrail(library, *unit, "--as-self").code == 2
    mapping = Path(f"{table}.mapping.toml")
    mapping.write_text(
        re.sub(r'("自评表!1[45]" =) "\?"', r'\1 "i2"', mapping.read_text("utf-8")), "utf-8"
    )
    done(scoretrail(library, *unit, "--as-self"))

    filled = ("form", "table", CASE, str(table), "-o", str(tmp_path / "filled.xlsx"))
    for lang, words, quoted in (
        ("zh", "几行合成一项", "“{}”"),
        ("en", "several rows make up one indicator", " '{}'"),
    ):
        told = done(scoretrail(library, *filled, lang=lang)).out
        assert words in told
        assert f"自评表 14{quoted.format('新增儿童读物')}" in told
        assert f"自评表 15{quoted.format('新增工具书')}" in told
        assert "开放天数" not in told


def map_as(table: Path, answers: str) -> None:
    """A table of the same layout is read by the same answers."""
    digest = sha256(table.read_bytes()).hexdigest()
    text = re.sub('sha256 = "[0-9a-f]*"', f'sha256 = "{digest}"', answers)
    Path(f"{table}.mapping.toml").write_text(text, "utf-8")


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}
