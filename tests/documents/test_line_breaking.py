"""Lines of Chinese and English: nothing lost, nothing cut, and each mark where print has it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from documents.line_breaking import folded, widest_piece

# What each of these looks like is what a reviewer or a clerk writes; none may be torn apart.
WHOLE = (
    "−1.98", "-4.00", "+0.39", "16.00", "96.3%", "63%～68%", "11.82–18.36", "131,756,161.60",
    "10 万元", "84 公顷", "8 分", "3 项", "第 12 条", "2023 年度", "5 个工作日", "12 月", "20日",
    "〔2020〕10号", "2023-11-09/2023-11-04", "agency-reviewer", "annex-1.pdf",
)  # fmt: skip
AMONG = (
    "推迟有来文依据",
    "，",
    "。",
    "、",
    "；",
    "：",
    "（",
    "）",
    "《",
    "》",
    "“",
    "”",
    "「",
    "」",
    " ",
    "by the rule",
)
BEGINS_NO_LINE = "，。、；：？！）》」”％…"
ENDS_NO_LINE = "（《「“"

texts = st.lists(st.sampled_from((*WHOLE, *AMONG)), max_size=30).map("".join)


@given(texts, st.integers(1, 60))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = folded(text, width)

    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert cell_len(line) <= max(width, widest_piece(line))


@given(texts, st.integers(2, 60))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(
    text: str, width: int
) -> None:
    lines = folded(text, width)

    for line in lines[1:]:
        assert line[0] not in BEGINS_NO_LINE, lines
    for line in lines[:-1]:
        assert line[-1] not in ENDS_NO_LINE, lines


@given(
    st.lists(
        st.tuples(st.sampled_from(WHOLE), st.sampled_from(("推迟有", "，核查为", "（扣"))),
        min_size=1,
    ),
    st.integers(1, 60),
)
def test_numbers_keep_their_signs_and_units(pairs: list[tuple[str, str]], width: int) -> None:
    text = "".join(f"{before} {whole}" for whole, before in pairs)
    found = "\n".join(folded(text, width))

    for whole, _ in pairs:
        assert found.count(whole) == text.count(whole), found


@given(st.text(max_size=80), st.integers(1, 40))
def test_of_any_text_at_all_nothing_is_lost(text: str, width: int) -> None:
    lines = folded(text, width)

    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("核查为 84 公顷，完成率 84%。", 12, ["核查为", "84 公顷，完", "成率 84%。"]),
        ("依照《管理办法》（财预〔2020〕10号）第 12 条", 12,
         ["依照《管理办", "法》（财预", "〔2020〕10号）", "第 12 条"]),
        ("由 20.00 → 16.00，酌情", 9, ["由 20.00", "→ 16.00，", "酌情"]),
        ("awarded 16.00, rule result 10.75", 14, ["awarded 16.00,", "rule result", "10.75"]),
        ("第一行\n| 第二行", 6, ["第一行", "| 第二", "行"]),
        ("", 4, [""]),
        ("      ", 4, [""]),
        ("a-name-wider-than-that", 4, ["a-name-wider-than-that"]),
    ],
)  # fmt: skip
def test_a_text_is_broken_as_print_breaks_it(text: str, width: int, lines: list[str]) -> None:
    assert folded(text, width) == lines
