"""Pictures: steps that can be seen and read, whatever their number and size."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.line_breaking import cell_len
from documents.pictures.axis import axis
from documents.pictures.blocks import blocks
from documents.pictures.svg import fitted, width_of
from documents.pictures.timeline import milestones, timeline
from documents.pictures.waterfall import WaterfallBar, falls, waterfall
from ledger.time_zone import BEIJING
from projections.as_of import at
from projections.bridge import bridge
from tests.support.small_case import ISSUED
from tests.support.specification import editions, history

SVG = "{http://www.w3.org/2000/svg}"
LONG = "部门整体支出绩效目标产出指标完成情况与预算执行进度及整改落实情况的综合评价指标"

points = st.decimals(min_value=-50, max_value=200, places=2)


@given(st.lists(points, min_size=1, max_size=80))
def test_every_number_lies_on_its_axis(numbers: list[Decimal]) -> None:
    scale = axis(numbers, 100, 500)

    for number in numbers:
        assert 100 <= scale.x(number) <= 600
    assert 1 < len(scale.marks) <= 10


def rows(deltas: list[Decimal]) -> list[WaterfallBar]:
    total = Decimal("100.00")
    made = [WaterfallBar("自评", "total", Decimal(0), total, "100.00")]
    for delta in deltas:
        made.append(
            WaterfallBar(LONG, "up" if delta > 0 else "down", total, total + delta, f"{delta:+f}")
        )
        total += delta
    return [*made, WaterfallBar("现状", "total", Decimal(0), total, f"{total:f}")]


@given(
    st.lists(st.decimals(min_value=-20, max_value=5, places=2), min_size=1, max_size=60),
    st.integers(24, 200),
)
def test_every_line_of_blocks_is_as_wide_as_the_terminal(deltas: list[Decimal], width: int) -> None:
    asked = rows(deltas)
    lines = list(blocks(asked, width))

    bars = [line for line in lines if line.value]
    assert [line.value.strip() for line in bars] == [row.value for row in asked]
    assert {cell_len(line.label) for line in lines} == {cell_len(lines[0].label)}
    assert all(line.bar.strip() for line in bars)
    assert "".join(line.label for line in lines).replace(" ", "") == "".join(
        row.name for row in asked
    )
    for line in lines:
        assert cell_len(f"{line.label}  {line.bar}  {line.value}") <= width


def test_a_waterfall_shows_each_step_with_its_sign_and_its_name() -> None:
    whole = at(history(ISSUED), editions())
    rubric = whole.rubric
    assert rubric
    found = bridge(at(history(ISSUED), editions(), "self"), whole)
    (picture,) = waterfall(found, rubric, "zh", BEIJING)

    root = ET.fromstring(picture.svg)  # noqa: S314 - our own file
    words = ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]
    for row in falls(found, rubric, "zh", BEIJING):
        assert row.name in words
        assert row.value in words
    assert "100.00 → 93.00" in picture.description
    assert all(Decimal(one.get("width", "0")) >= Decimal("1.5") for one in root.iter(f"{SVG}rect"))


def test_a_timeline_has_every_milestone_of_the_case() -> None:
    whole = at(history(ISSUED), editions())
    picture = timeline(whole, "en")

    assert [type(one.event).__name__ for one in milestones(whole)] == [
        "CaseOpened",
        "RubricPinned",
        "ReviewCommissioned",
        "SelfEvaluationSubmitted",
        "ResultIssued",
    ]
    assert "30 December 2024 result issued" in picture.description


def test_an_axis_that_leaves_out_zero_is_seen_to_be_broken() -> None:
    """Else a total of 100 and one of 93 would look like ten to one."""
    whole = at(history(ISSUED), editions())
    rubric = whole.rubric
    assert rubric
    found = bridge(at(history(ISSUED), editions(), "self"), whole)

    (picture,) = waterfall(found, rubric, "zh", BEIJING)
    for svg in (picture.svg, picture.narrow):
        assert svg.count('class="tear"') == 2 * 3  # the axis and both totals
        assert "横轴断开：0至" in svg
    totals = [
        line.bar for line in blocks(falls(found, rubric, "zh", BEIJING), 80) if line.kind == "total"
    ]
    assert all("╱╱" in bar for bar in totals)


def test_an_axis_from_zero_is_whole() -> None:
    made = [
        WaterfallBar("自评", "total", Decimal(0), Decimal(60), "60"),
        WaterfallBar(LONG, "down", Decimal(60), Decimal(10), "-50"),
        WaterfallBar("现状", "total", Decimal(0), Decimal(10), "10"),
    ]

    assert not any("╱" in line.bar for line in blocks(made, 80))


def test_a_picture_for_a_telephone_is_no_wider_than_one() -> None:
    whole = at(history(ISSUED), editions())
    root = ET.fromstring(timeline(whole, "zh").narrow)  # noqa: S314 - our own file

    assert int(root.get("width", "0")) <= 390
    right = max(
        Decimal(text.get("x", "0")) + width_of("".join(text.itertext()))
        for text in root.iter(f"{SVG}text")
    )
    assert right <= 390


@pytest.mark.parametrize("lines", [1, 2])
def test_a_long_name_ends_in_an_ellipsis_within_its_room(lines: int) -> None:
    broken = fitted(LONG * 2, 280, lines)

    assert len(broken) == lines
    assert broken[-1].endswith("…")
    assert all(width_of(line) <= 280 for line in broken)
    assert fitted("短", 280, lines) == ["短"]
