"""`scoretrail rubric`: check, show, diff and publish, as an outsider meets them."""

from pathlib import Path

import pytest

from tests.support.delivered import write_workbook
from tests.support.drafts import answered
from tests.support.places import Place
from tests.support.seed_tables import review_table
from tests.support.small_case import RUBRIC
from tests.support.terminal import EXAMPLES, ROOT, done, scoretrail

REFERENCE = EXAMPLES / "rubric.toml"
ID = "zhanjiang-departments-2023"


def changed(folder: Path, *replacements: tuple[str, str], name: str = "changed.toml") -> Path:
    """The reference rubric with some of its text replaced."""
    source = REFERENCE.read_text(encoding="utf-8")
    for old, new in replacements:
        assert old in source, old
        source = source.replace(old, new, 1)
    file = folder / name
    file.write_text(source, encoding="utf-8")
    return file


def line(words: str, file: Path = REFERENCE) -> int:
    """On which line of a file the words stand first."""
    rows = file.read_text(encoding="utf-8").split("\n")
    return next(number for number, row in enumerate(rows, 1) if words in row)


# Check -------------------------------------------------------------------------------------------


def test_the_reference_rubric_can_be_published_with_one_warning() -> None:
    answer = done(scoretrail(None, "rubric", "check", str(REFERENCE), "--json")).json

    assert answer["publishable"] is True
    (problem,) = answer["problems"]
    assert problem == {
        "severity": "warning",
        "line": line("[[band]]"),
        "place": "band",
        "message": "总分在 [100,100] 内没有等级",
    }
    assert answer["figures"]["expenditure-actual"] == ["expenditure-rate"]
    assert answer["figures"]["approval-to-entry-…"] == ["intention-timeliness"]
    assert answer["figures"]["city-asset-utilisation-mean"] == ["asset-utilisation"]


@pytest.mark.parametrize("name", ["project-expenditure", "nested-blocks"])
def test_the_other_examples_have_nothing_to_say(name: str) -> None:
    file = ROOT / "examples" / name / "rubric.toml"

    assert done(scoretrail(None, "rubric", "check", str(file), "--json")).json["problems"] == []


def test_a_figure_that_several_rows_read_names_them_all() -> None:
    file = ROOT / "examples" / "project-expenditure" / "rubric.toml"
    answer = done(scoretrail(None, "rubric", "check", str(file), "--json")).json

    assert answer["figures"]["funds-spent"] == ["execution", "cost"]
    assert answer["figures"]["social-benefit-percent"] == ["social-benefit"]


def test_every_mistake_is_listed_with_its_line(tmp_path: Path) -> None:
    file = changed(
        tmp_path, ('weight = "20.00"', 'weight = "21"'), ('shape = "tiers"', 'shape = "steps"')
    )

    said = scoretrail(None, "rubric", "check", str(file))

    assert said.code == 2
    assert f"{file}: 错误: 第 {line('full =')} 行 full：分值合计 101，应为 100.00" in said.out
    wrong = f"第 {line('steps', file)} 行 indicator[expenditure-rate].rule.shape：无法识别“steps”"
    assert f"{file}: 错误: {wrong}" in said.out
    assert "共 2 处错误，不能发布" in said.out


def test_english_and_json_say_the_same(tmp_path: Path) -> None:
    file = changed(tmp_path, ('weight = "20.00"', "weight = 20.5"))

    english = scoretrail(None, "rubric", "check", str(file), lang="en")
    answer = scoretrail(None, "rubric", "check", str(file), "--json", lang="en")

    assert (english.code, answer.code) == (2, 2)
    (problem,) = answer.json["problems"]
    assert problem["message"] == '20.5 is not in quotes; write "20.5"'
    assert (
        f"{file}: error: line {line('= 20.5', file)}, {problem['place']}: {problem['message']}"
        in english.out
    )
    assert answer.json["publishable"] is False


ODD = {
    "a cap below the full score": (('cap = "100"', 'cap = "99"'), "cap", "低于总分"),
    "a cap out of reach": (('cap = "100"', 'cap = "104"'), "cap", "不会起作用"),
    "one item above the cap of all": (('each = "1"', 'each = "4"'), "bonus.each", "合计上限 3"),
    "points on another scale": (
        ('out_of = "10"', 'out_of = "100"'),
        "indicator[expenditure-rate].rule.out_of",
        "100 分制，这一行是 10.00 分",
    ),
    "a gap between two bands": (('"[80,90)"', '"[80,85)"'), "band", "[85,90)"),
    "no band for low totals": (('"[0,60)"', '"[50,60)"'), "band", "[0,50)"),
}


@pytest.mark.parametrize(("change", "place", "words"), ODD.values(), ids=ODD.keys())
def test_what_is_odd_is_a_warning(
    change: tuple[str, str], place: str, words: str, tmp_path: Path
) -> None:
    answer = done(scoretrail(None, "rubric", "check", str(changed(tmp_path, change)), "--json"))

    found = [one for one in answer.json["problems"] if words in one["message"]]
    assert [(one["severity"], one["place"]) for one in found] == [("warning", place)]


def test_years_whose_days_off_nobody_lists_are_named(tmp_path: Path) -> None:
    limit = '[clocks]\nobjection = { days = 10, counting = "working", source = "办法" }\n'
    for more, years in (
        ("", "2019 年及以前、2027 年起"),
        ("holidays = [2028-01-03]\n", "2019 年及以前、2027、2029 年起"),
        ("holidays = [2017-01-02]\n", "2016 年及以前、2018、2019、2027 年起"),
    ):
        file = changed(tmp_path, ("[clocks]\n", limit + more))
        said = done(scoretrail(None, "rubric", "check", str(file), "--json")).json["problems"]
        (found,) = (one for one in said if one["place"] == "clocks")
        assert found["severity"] == "warning"
        assert f"而 {years}的节假日尚未列出" in found["message"]
    calendar = limit.replace("working", "calendar")
    file = changed(tmp_path, ("[clocks]\n", calendar))
    said = done(scoretrail(None, "rubric", "check", str(file), "--json")).json["problems"]
    assert not [one for one in said if one["place"] == "clocks"]


# Publish -----------------------------------------------------------------------------------------


def test_publishing_a_wrong_file_names_file_line_and_key(opened: Place, tmp_path: Path) -> None:
    file = changed(tmp_path, ('points = "9" }', "points = 9.5 }"))

    said = scoretrail(opened, "--as", "bureau-officer", "rubric", "publish", str(file))

    assert said.code == 2
    place = f"第 {line('9.5', file)} 行 indicator[expenditure-rate].rule.tiers[2].points"
    assert f"{file}：指标体系有误：{place}" in said.err


def test_an_act_file_that_publishes_it_names_both_files(opened: Place, tmp_path: Path) -> None:
    file = changed(tmp_path, ('weight = "20.00"', 'weight = "21"'))
    acts = tmp_path / "acts.toml"
    acts.write_text(
        f'as = "bureau-officer"\n[[act]]\ndo = "publish-rubric"\nfile = "{file.name}"\n',
        encoding="utf-8",
    )

    said = scoretrail(opened, "apply", str(acts))

    assert said.code == 2
    assert "acts.toml 第 1 个操作" in said.err
    assert f"{file}：指标体系有误：第 {line('full =')} 行 full" in said.err


# Show --------------------------------------------------------------------------------------------


def test_the_table_shows_levels_with_their_weights_and_rules_in_words() -> None:
    said = done(scoretrail(None, "rubric", "show", str(REFERENCE))).out

    shown = " ".join(said.split())
    assert (
        "履职效能 50.00 整体效能 50.00 部门整体绩效目标产出指标完成情况 20.00 output-goals" in shown
    )
    assert "采购管理 10.00" in shown
    assert "sme-procurement-actual ÷ sme-procurement-reserved" in shown
    assert "总分 100.00，上限 100；优 [90,100) 良 [80,90)" in shown


def test_verbose_adds_the_standard() -> None:
    short = done(scoretrail(None, "rubric", "show", str(REFERENCE))).out
    long = done(scoretrail(None, "rubric", "show", str(REFERENCE), "-v")).out

    assert "附件1 经济成本控制情况 评分标准" in long
    assert "附件1 经济成本控制情况 评分标准" not in short
    for words in ("行政事业性国有资产年报的数据质量", "核实事项都有有效、真实的说明"):
        assert words in "".join(long.split())
        assert words not in "".join(short.split())


def test_json_holds_everything_that_the_file_writes(opened: Place) -> None:
    shown = done(scoretrail(opened, "rubric", "show", ID, "--json")).json

    assert shown == done(scoretrail(opened, "rubric", "show", f"{ID}@2024-1", "--json")).json
    assert shown == done(scoretrail(None, "rubric", "show", str(REFERENCE), "--json")).json
    row = shown["indicators"][2]
    assert (row["id"], row["weight"]) == ("expenditure-rate", "10.00")
    assert row["standard"].startswith("全年实际支出")
    assert row["rule"]["tiers"][1] == {"range": "[90,100)", "points": "9"}
    assert shown["bonus"]["each"] == "1.00"
    assert shown["bands"][0] == {"grade": "优", "range": "[90,100)"}
    assert shown["totals"] is None


def test_totals_are_shown_in_words() -> None:
    file = str(ROOT / "examples" / "nested-blocks" / "rubric.toml")

    zh, en = (
        done(scoretrail(None, "rubric", "show", file, lang=lang)).out for lang in ("zh", "en")
    )

    assert "预算执行 × 100% + 产出 × 80% + 效益 × 80%" in zh
    assert "1: 90%, 2: 80%, 3: 70%" in zh
    assert "excluded rows: sum of the others × full" in en


# Diff --------------------------------------------------------------------------------------------


def test_the_differences_between_a_file_and_a_published_edition(
    opened: Place, tmp_path: Path
) -> None:
    file = changed(
        tmp_path,
        ('edition = "2024-1"', 'edition = "2024-2"'),
        ('points = "9" }', 'points = "8.5" }'),
        ('range = "[90,100)"\n', 'range = "[90,100]"\n'),
    )

    answer = done(scoretrail(opened, "rubric", "diff", f"{ID}@2024-1", str(file), "--json")).json

    assert (answer["from"]["edition"], answer["to"]["edition"]) == ("2024-1", "2024-2")
    assert answer["from"]["sha256"] != answer["to"]["sha256"]
    assert answer["changes"] == [
        {
            "kind": "rubric",
            "indicator": None,
            "key": "band[优].range",
            "before": "[90,100)",
            "after": "[90,100]",
        },
        {
            "kind": "rule",
            "indicator": "expenditure-rate",
            "key": "rule.tiers[[90,100)].points",
            "before": "9",
            "after": "8.5",
        },
    ]


def test_the_differences_as_a_table(tmp_path: Path) -> None:
    file = changed(tmp_path, ('points = "9" }', 'points = "8.5" }'))

    said = done(scoretrail(None, "rubric", "diff", str(REFERENCE), str(file))).out

    assert "规则 expenditure-rate rule.tiers[[90,100)].points 9 8.5" in " ".join(said.split())


def test_a_rubric_does_not_differ_from_itself() -> None:
    said = done(scoretrail(None, "rubric", "diff", str(REFERENCE), str(REFERENCE)))

    assert said.out == "没有差别\n"


def test_two_rubrics_that_have_nothing_in_common(tmp_path: Path) -> None:
    small = tmp_path / "small.toml"
    small.write_text(RUBRIC, encoding="utf-8")

    answer = done(scoretrail(None, "rubric", "diff", str(REFERENCE), str(small), "--json")).json

    kinds = [one["kind"] for one in answer["changes"]]
    assert (kinds.count("added"), kinds.count("removed"), kinds.count("moved")) == (3, 28, 0)


@pytest.mark.parametrize("words", [("show", "no-such"), ("diff", "no-such", f"{ID}@2024-1")])
def test_a_rubric_that_is_not_there(opened: Place, words: tuple[str, ...]) -> None:
    said = scoretrail(opened, "rubric", *words)

    assert (said.code, said.out) == (2, "")
    assert "no-such" in said.err


def test_an_edition_that_is_not_there(opened: Place) -> None:
    said = scoretrail(opened, "rubric", "diff", f"{ID}@1999", f"{ID}@2024-1")

    assert said.code == 1
    assert "1999" in said.err


# Draft -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def score_table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table of the review."""
    path = tmp_path_factory.mktemp("table") / "评分表.xlsx"
    return write_workbook(path, review_table(), as_text=False)


@pytest.mark.sqlite_only("a draft is a file, and publishing a file is tried on both elsewhere")
def test_a_draft_is_written_reported_answered_checked_and_published(
    opened: Place, score_table: Path, tmp_path: Path
) -> None:
    draft = tmp_path / "r.toml"

    said = done(scoretrail(None, "rubric", "draft", str(score_table), "-o", str(draft)))
    assert "28 行，分值合计 100.0；14 行读出规则，14 行由人评定；12 处要回答" in said.out
    assert "由人掌握：“酌情”" in said.out
    assert scoretrail(None, "rubric", "check", str(draft)).code == 2
    refused = scoretrail(opened, "--as", "bureau-officer", "rubric", "publish", str(draft))
    assert (refused.code, "这是草稿" in refused.err) == (2, True)

    draft.write_text(answered(draft.read_text(encoding="utf-8")), encoding="utf-8")
    assert "28 行，合计 100 分" in done(scoretrail(None, "rubric", "check", str(draft))).out
    done(scoretrail(opened, "--as", "bureau-officer", "rubric", "publish", str(draft)))


def test_the_report_of_a_draft_is_the_same_for_programs(score_table: Path, tmp_path: Path) -> None:
    draft = str(tmp_path / "r.toml")
    told = done(
        scoretrail(None, "rubric", "draft", str(score_table), "-o", draft, "--json", lang="en")
    ).json

    assert (told["by_rule"], told["left_to_reviewer"], told["total"]) == (14, 14, "100.0")
    assert told["extras"] == ["bonus", "penalty"]
    row = next(row for row in told["rows"] if row["path"][-1] == "绩效管理制度建设")
    assert (row["indicator"], row["cell"], row["shape"]) == ("i09", "G16", None)
    assert row["why"] == "leaves points to judgement: '酌情'"
    assert told["questions"][0] == {
        "indicator": None,
        "key": "id",
        "asks": "its id: lower-case letters, digits, hyphens",
        "choices": "",
    }
    assert sum(row["questions"] for row in told["rows"]) == sum(
        question["indicator"] is not None for question in told["questions"]
    )


def test_a_draft_never_replaces_a_file_and_a_role_is_one_of_those_there_are(
    score_table: Path, tmp_path: Path
) -> None:
    draft = tmp_path / "r.toml"
    draft.write_text("mine")

    said = scoretrail(None, "rubric", "draft", str(score_table), "-o", str(draft), lang="en")
    assert said.code == 2
    assert str(draft) in said.err
    assert draft.read_text() == "mine"

    said = scoretrail(
        None, "rubric", "draft", str(score_table), "-o", "x", "--column", "D=points", lang="en"
    )
    assert said.code == 2
    assert "'D=points' must be LETTERS=ROLE" in said.err
