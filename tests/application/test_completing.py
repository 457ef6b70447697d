"""What people leave out or call by another name is looked up in the case."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from application.completing import completed, digest_of
from intake.files import by_bytes
from ledger.case import Case
from ledger.rubric import read
from ledger.values import Evidence, Figure, Invalid, Target
from tests.support.small_case import RUBRIC

PLANTED = Figure(
    id="planted",
    indicator="planting",
    name="完成面积",
    value="85",
    unit="公顷",
    target=Target("at-least", "100"),
    source="自评报告 表1",
)
REPORT = Evidence(sha256="abcd" + "0" * 60, title="自评报告", number="市监〔2024〕1号")
LEDGER = Evidence(sha256="abce" + "0" * 60, title="绿化台账")
TWIN = Evidence(sha256="f" * 64, title="绿化台账", number="2024-1")


def case() -> Case:
    held = (REPORT, LEDGER)
    return Case(
        version=9,
        figures={PLANTED.id: PLANTED},
        evidence={one.sha256: one for one in held},
    )


def restated(**given: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a figure
    command = {"do": "restate-figure", "figure": {"id": "planted", **given}, "reason": "实测"}
    figure: dict[str, Any] = completed(case, command)["figure"]
    return figure


# Figures -----------------------------------------------------------------------------------------


def test_only_what_changes_need_be_said() -> None:
    assert restated(value="84") == {
        "id": "planted",
        "indicator": "planting",
        "name": "完成面积",
        "kind": "number",
        "value": "84",
        "unit": "公顷",
        "target": {"sense": "at-least", "value": "100"},
    }


def test_the_source_of_another_value_is_not_that_of_the_first() -> None:
    assert "source" not in restated(value="84")
    assert restated(value="84", source="核查报告")["source"] == "核查报告"
    assert restated(scope="本级")["source"] == "自评报告 表1"


def test_an_empty_text_takes_a_part_away() -> None:
    assert "value" not in restated(value="")
    assert "unit" not in restated(unit="")


def test_what_was_restated_before_is_what_is_kept() -> None:
    again = case()
    again.restated = {PLANTED.id: Figure(id="planted", indicator="planting", name="实测面积")}
    command = {"do": "restate-figure", "figure": {"id": "planted", "value": "84"}}

    assert completed(lambda: again, command)["figure"]["name"] == "实测面积"


def test_a_figure_that_nobody_stated_needs_its_indicator_and_name() -> None:
    command = {"do": "restate-figure", "figure": {"id": "new", "value": "1"}}
    with pytest.raises(Invalid, match="figure new was not submitted yet"):
        completed(case, command)

    whole = {"id": "new", "indicator": "planting", "name": "新增", "value": "1"}
    assert completed(case, {**command, "figure": whole})["figure"] == whole


# Evidence ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [REPORT.sha256, "自评报告", "市监〔2024〕1号", "abcd", "ABCD0"])
def test_evidence_is_called_by_digest_title_number_or_the_start_of_the_digest(name: str) -> None:
    assert digest_of(case(), name) == REPORT.sha256


def test_no_file_of_the_machine_is_read_for_a_name(tmp_path: Path) -> None:
    file = tmp_path / "report.txt"
    file.write_bytes(b"report")

    with pytest.raises(Invalid, match="there is no evidence"):
        digest_of(case(), str(file))
    assert by_bytes(str(file)) == sha256(b"report").hexdigest()
    assert by_bytes("自评报告") == "自评报告"


@pytest.mark.parametrize("name", ["abc", "zzzz", "自评"])
def test_what_names_nothing_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match=name) as error:
        digest_of(case(), name)
    assert error.value.rule == "unknown-evidence"


def test_what_may_be_several_is_asked_about_with_all_of_them() -> None:
    several = case()
    several.evidence[TWIN.sha256] = TWIN
    third = Evidence(sha256="abcd1" + "0" * 59, title="别的")
    several.evidence[third.sha256] = third

    for name, found in (("绿化台账", (LEDGER, TWIN)), ("abcd", (REPORT, third))):
        with pytest.raises(Invalid) as error:
            digest_of(several, name)
        assert error.value.rule == "which-evidence"
        for one in found:
            for text in error.value.text:
                assert one.title in text
                assert one.sha256[:12] in text
    assert digest_of(several, "2024-1") == TWIN.sha256


def test_every_cited_name_becomes_a_digest_and_the_case_is_read_where_it_is_needed_only() -> None:
    fields = {"do": "adjust-score", "evidence": ("自评报告", LEDGER.sha256)}
    assert completed(case, fields)["evidence"] == [REPORT.sha256, LEDGER.sha256]

    def never() -> Case:
        raise AssertionError

    whole = {"do": "adjust-score", "evidence": (LEDGER.sha256,)}
    assert completed(never, whole) == whole
    filed = {"do": "file-evidence", "evidence": {"sha256": "x", "title": "y"}}
    assert completed(never, filed) == filed


# Figures that the rubric declares ----------------------------------------------------------------

DECLARED = read(
    RUBRIC.replace(
        "[bonus]",
        """[[figure]]
id = "spent"
name = "全年支出"
unit = "万元"

[[figure]]
id = "budget"
name = "全年预算"
unit = "万元"

[[figure]]
id = "plan-approved"
name = "计划已批准"
kind = "yes-no"

[bonus]""",
        1,
    ).encode()
)


@pytest.mark.parametrize("do", ["submit-figure", "restate-figure"])
def test_of_a_declared_figure_the_value_is_enough(do: str) -> None:
    command = {"do": do, "figure": {"id": "spent", "value": "190"}, "reason": "实测"}

    assert completed(case, command, lambda: DECLARED)["figure"] == {
        "id": "spent",
        "indicator": "spending",
        "name": "全年支出",
        "kind": "number",
        "unit": "万元",
        "value": "190",
    }


def test_what_is_given_comes_before_what_is_declared() -> None:
    figure = {"id": "plan-approved", "name": "计划批准文件", "value": "yes"}
    whole = completed(case, {"do": "submit-figure", "figure": figure}, lambda: DECLARED)["figure"]

    assert (whole["name"], whole["kind"], whole["indicator"]) == ("计划批准文件", "yes-no", "plan")


def test_a_figure_that_is_stated_keeps_what_was_stated() -> None:
    assert restated(value="84")["name"] == "完成面积"


@pytest.mark.parametrize("do", ["submit-figure", "restate-figure"])
def test_of_a_figure_that_nobody_declares_row_and_name_are_asked_for(do: str) -> None:
    command = {"do": do, "figure": {"id": "other", "value": "1"}}

    with pytest.raises(Invalid, match=r"other.*所属指标和名称"):
        completed(case, command, lambda: DECLARED)
    with pytest.raises(Invalid, match=r"other.*所属指标和名称"):
        completed(case, command)
