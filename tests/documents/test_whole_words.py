"""What paper keeps in one piece: words of narrow columns, days, signatures, seals and pictures."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import Final
from zipfile import ZipFile

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from msgspec.structs import replace

from documents.docx import docx as word
from documents.html import html
from documents.letter_sections import numeral, time_limit
from documents.page import (
    Annex,
    Document,
    Facts,
    Letter,
    PageColumn,
    PageTable,
    Paragraph,
    Picture,
    rows,
)
from documents.pdf import pdf
from documents.source import Source, source
from documents.whole_parts import WHOLE
from documents.wording import BLANK, enclosures_listed, signed_by
from documents.xlsx_writer import xlsx
from intake.forms.form_workbook import _text
from ledger.last_days import LastDay
from ledger.time_limits import TimeLimit
from projections.as_of import at
from tests.support.pushed_texts import UNITS, broken, pushed
from tests.support.small_case import ISSUED
from tests.support.soffice import words_and_lines_of
from tests.support.specification import editions, history

SENDER: Final = "某省某市某某经济技术开发区财政金融和国有资产监督管理局"
LETTER: Final = Document(
    title="关于某局项目支出绩效评价申诉的答复",
    subtitle="",
    blocks=(
        Paragraph(f"Received on 29 December 2024; scores 8.00 → 9.00. Contact: {BLANK}"),
        Paragraph("key", code=True),
    ),
    footer=("a", "b", "c"),
    language="zh",
    made="2025-01-01T00:00:00.000000Z",
    letter=Letter(sender=SENDER, number="", addressee="某局", dated=""),
    annexes=(Annex("Scores", ()), Annex("Digests", ())),
)


def test_no_word_of_a_narrow_column_or_of_a_heading_is_broken() -> None:
    columns = (PageColumn("Version", 2, number=True), PageColumn("Decided by", 4))
    table = PageTable("t", columns, rows(("1", "discretion"), ("2", "missing figure")))

    version, decided = table.halves()
    assert version > len("Version")
    assert decided > len("discretion")


def test_a_column_for_sentences_is_as_wide_as_it_is_said_to_be() -> None:
    table = PageTable("t", (PageColumn("内容", 20),), rows(("f" * 64,)))

    assert table.halves() == [40]


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (11, "十一"), (13, "十三"), (20, "二十"), (99, "九十九"), (100, "100")],
)
def test_headings_are_numbered_as_chinese_numbers(number: int, written: str) -> None:
    assert numeral(number) == written


def test_a_long_name_is_signed_in_lines_that_break_no_word() -> None:
    letter = LETTER.letter
    assert letter
    assert signed_by("zh", letter)[:3] == [
        "某省某市某某经济技术开发区",
        "财政金融和国有资产监督管理局",
        "（印章）",
    ]


def test_annexes_are_listed_below_their_word_in_english() -> None:
    english = replace(LETTER, language="en")

    assert enclosures_listed(english) == ["Annexes:", "1. Scores", "2. Digests"]


def test_word_breaks_no_day_no_step_and_no_blank_for_a_person() -> None:
    said = [paragraph.text for paragraph in docx.Document(BytesIO(word(LETTER))).paragraphs]

    (line,) = (text for text in said if text.startswith("Received"))
    for whole in ("29\u00a0December\u00a02024", "8.00\u00a0→\u00a09.00"):
        assert whole in line
    assert BLANK[0] not in line
    assert line.endswith("_" * 2 * len(BLANK))


@pytest.mark.parametrize(
    ("text", "ragged"),
    [
        ("前一种是独立的核验工具，只需Python标准库。", False),
        ("签收日为2023年12月29日，截至2024年1月15日。", False),
        ("总分由84.70变为85.70：年度计划 8.00 → 9.00（+1.00）。", True),
        ("佐证材料：主管部门关于年度计划的来文（城管〔2022〕15号）。", True),
        ("记录于北京时间2025年12月31日17:00。", True),
        (f"联系人和电话（由制发机关填写）：{BLANK}", True),
    ],
)
def test_words_before_a_long_piece_that_is_not_broken_are_not_spread(
    text: str, *, ragged: bool
) -> None:
    made = docx.Document(BytesIO(word(replace(LETTER, blocks=(Paragraph(text),)))))
    (shown,) = (one for one in made.paragraphs if one.text.startswith(text[:6]))

    assert (shown.alignment == WD_ALIGN_PARAGRAPH.LEFT) is ragged
    assert made.styles["Normal"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY


def test_word_breaks_no_number_and_no_sign_is_added_to_the_text() -> None:
    """By the marks that none of its lines may begin or end with; it breaks no number by itself."""
    text = "，".join(UNITS)
    made = docx.Document(BytesIO(word(replace(LETTER, blocks=(Paragraph(text),)))))
    first, last = (
        {*next(made.settings.element.iter(qn(f"w:noLineBreaks{side}"))).get(qn("w:val"))}
        for side in ("Before", "After")
    )
    (shown,) = (one.text for one in made.paragraphs if text in one.text.replace("\u00a0", " "))

    within = [pair for unit in shown.split("，") for pair in pairwise(unit)]
    assert [
        (before, after)
        for before, after in within
        if not (f"{before}{after}".isascii() or "\u00a0" in {before, after})
        and after not in first
        and before not in last
    ] == []
    assert {*"，。）》"} <= first


@pytest.mark.parametrize("said", UNITS)
def test_a_page_and_a_pdf_keep_a_number_with_its_unit_in_tables_and_in_facts_as_well(
    said: str,
) -> None:
    text = f"截至{said}止"
    table = PageTable("t", (PageColumn("内容", 20),), rows((text,)))
    page = html(replace(LETTER, letter=None, annexes=(), blocks=(table, Facts((("内容", text),)))))

    marked = 0 if said.endswith("%") else 2  # which no browser breaks
    assert page.decode().count(f'<span class="whole">{said}</span>') == marked
    assert WHOLE.search(text)[0] == said  # type: ignore[index]  # a match, or the test fails


@pytest.mark.slow
def test_lines_of_a_pdf_break_no_number_and_no_number_of_a_document() -> None:
    _, lines = words_and_lines_of(pdf(pushed(UNITS)))
    assert broken(lines, UNITS) == {}


def test_less_than_nothing_has_the_sign_for_it_on_paper_and_not_in_forms() -> None:
    table = PageTable("t", (PageColumn("分差", 6, number=True),), rows((Decimal("-4.00"),)))
    page = html(replace(LETTER, letter=None, annexes=(), blocks=(table,)))

    assert ">−4.00<" in page.decode()
    assert _text(Decimal("-4.00")) == "-4.00"


def test_what_is_to_be_typed_is_on_the_page_of_the_words_before_it() -> None:
    made = docx.Document(BytesIO(word(LETTER)))

    (before,) = (one for one in made.paragraphs if one.text.startswith("Received"))
    assert before.paragraph_format.keep_with_next


def test_lines_of_a_footer_in_word_are_next_to_each_other() -> None:
    footer = docx.Document(BytesIO(word(LETTER))).sections[-1].footer

    lines = [one for one in footer.paragraphs if one.text in {"a", "b", "c"}]
    assert [(one.paragraph_format.space_after, one.style) for one in lines] == [
        (0, lines[0].style)
    ] * 3


def test_in_a_workbook_the_signatory_the_seal_and_the_day_are_one_cell() -> None:
    with ZipFile(BytesIO(xlsx(LETTER))) as parts:
        texts = parts.read("xl/sharedStrings.xml").decode()

    assert "财政金融和国有资产监督管理局\n（印章）\n" in texts


def test_in_a_workbook_a_picture_is_within_one_line_which_no_page_divides() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="860" height="400"/>'
    drawn = replace(LETTER, letter=None, annexes=(), blocks=(Picture(svg, svg, (860, 400), "d"),))

    with ZipFile(BytesIO(xlsx(drawn))) as parts:
        anchor = parts.read("xl/drawings/drawing1.xml").decode()
    first, last = (
        anchor.split(f"<xdr:{end}>")[1].split("<xdr:row>")[1].split("<")[0]
        for end in ("from", "to")
    )
    assert first == last


def issued() -> Source:
    return source(at(history(ISSUED), editions(), "final"), date(2025, 3, 1))


@pytest.mark.parametrize(
    ("dated", "said"),
    [
        (date(2024, 12, 20), "截至2024年12月25日"),
        (date(2024, 12, 25), "截至2024年12月25日"),
        (date(2024, 12, 26), "已于2024年12月25日届满"),
        (None, "截至2024年12月25日"),
    ],
)
def test_a_letter_says_where_a_time_limit_has_ended_by_its_day(
    dated: date | None, said: str
) -> None:
    made = issued()
    received = replace(made, case=replace(made.case, received=date(2024, 12, 15)))
    limit = TimeLimit(days=10, counting="calendar", source="第九条")

    last = LastDay(date(2024, 12, 25), None, limit)

    assert said in time_limit("申诉", last, received, "zh", dated).text
