"""Titles and headings are broken between words only, and into lines of about the same length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.line_breaking import cell_len
from documents.page import Document, Letter, one_line
from documents.titles import LANDSCAPE_ROOM, LETTER_ROOM, heading_lines, title_lines, words_of

LETTER = Letter(sender="", number="", addressee="", dated="")


def titled(title: str, *, letter: bool = True) -> list[str]:
    document = Document(
        title=title,
        subtitle="",
        blocks=(),
        footer=(),
        language="zh",
        made="",
        landscape=not letter,
        letter=LETTER if letter else None,
    )
    return title_lines(document)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "关于2022年度公园管理整体绩效评价申诉的答复",
            ["关于2022年度公园管理", "整体绩效评价申诉的答复"],
        ),
        (
            "关于2023年湛江市市场监督管理局部门整体支出绩效自评核查结果的通知",
            ["关于2023年湛江市市场监督管理局", "部门整体支出绩效自评核查结果的通知"],
        ),
        ("关于某局项目支出绩效评价的整改通知", ["关于某局项目支出绩效评价的整改通知"]),
        (
            "Answer to an appeal: 2022年度公园管理整体绩效评价",
            ["Answer to an appeal:", "2022年度公园管理整体绩效评价"],
        ),
    ],
)
def test_a_title_of_a_letter_is_broken_between_words(title: str, lines: list[str]) -> None:
    assert titled(title) == lines


def test_a_title_that_fits_is_one_line() -> None:
    title = "2023年湛江市市场监督管理局部门整体支出绩效自评核查评分表"

    assert titled(title, letter=False) == [title]
    assert cell_len(title) <= LANDSCAPE_ROOM


@pytest.mark.parametrize(
    ("heading", "width", "lines"),
    [
        ("自评得分", 6, ["自评", "得分"]),
        ("一级指标", 7, ["一级指标"]),
        ("核查表所列自评得分", 8, ["核查表所列", "自评得分"]),
        ("After the decision", 8, ["After the", "decision"]),
    ],
)
def test_a_narrow_heading_is_broken_between_words(
    heading: str, width: int, lines: list[str]
) -> None:
    assert heading_lines(heading, 2 * width) == lines


@given(st.text(st.sampled_from("部门整体支出某局2024年度（第二批）的ab ，、《》"), max_size=70))
def test_nothing_of_a_title_is_lost_and_every_line_fits(title: str) -> None:
    lines = titled(title)

    assert "".join(words_of(title)).strip() == one_line(title).strip()
    assert "".join("".join(lines).split()) == "".join(title.split())
    assert all(cell_len(line) <= LETTER_ROOM for line in lines)
