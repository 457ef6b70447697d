"""Documents: what they say, that they are the same bytes every time, and that nothing is lost."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import docx
import msgspec
import pytest
from python_calamine import CalamineWorkbook

from bench.paper import CONTESTED, ROWS, large_case, seconds
from documents.annual_register import register
from documents.appeal_answer import appeal_answer
from documents.composite import composite
from documents.formats import FORMATS, printer
from documents.kinds import KINDS
from documents.page import (
    Document,
    PageColumn,
    PageHeading,
    PageRow,
    PageTable,
    format_cell,
)
from documents.pdf import coverage, showable
from documents.project_form import project_form
from documents.rectification_notice import rectification
from documents.result_letter import result_letter
from documents.score_table import score_table
from documents.source import Source, source
from documents.wording import unspaced
from ledger.commands import (
    AcceptRectification,
    DecideAppeal,
    IssueResult,
    LodgeAppeal,
    NewAward,
    RaiseFinding,
    RecogniseBonus,
    RefuseBonus,
    RequestRectification,
    RespondRectification,
)
from ledger.language import Language, Text, counted, in_language
from ledger.ledger import Ledger
from ledger.log.checkpoint import Checkpoint
from ledger.log.checkpoint_line import CheckpointLine
from ledger.log.tree import TreeHead
from ledger.values import Invalid
from projections.as_of import at
from projections.score_sheet import score_sheet
from tests.support import small_dossier
from tests.support.examples import example
from tests.support.later_life import RECEIVED, with_long_clocks
from tests.support.small_case import (
    CASE,
    CUT_SERVICE,
    ISSUED,
    OPENED,
    REVIEWED,
    SUBMITTED,
    Story,
    on,
)
from tests.support.small_dossier import packed
from tests.support.specification import Memory, editions, history, told
from tests.support.stranger import strangers_alone

pytestmark = pytest.mark.slow

TODAY = date(2025, 3, 1)
NASTY = '=1+1 #strong[x] $x$ <script>alert("1")</script> @sum -2 \\ *b* 𠮷'
FOUND = RaiseFinding(finding="stock", title="盘点不规范", statement=NASTY, indicators=("service",))
BEFORE_ISSUE = REVIEWED + on("2024-12-01", ("reviewer", FOUND))
LATER: Story = (
    BEFORE_ISSUE
    + on(
        "2024-12-30",
        ("clerk", IssueResult(printed_total=Decimal(93), printed_grade="优", number="9号")),
    )
    + on(
        "2025-01-05",
        ("filer", LodgeAppeal(appeal="a1", indicators=("service",), statement="投诉不实")),
        (
            "clerk",
            RequestRectification(
                request="r1", findings=("stock",), demand="限期整改", due=date(2025, 1, 20)
            ),
        ),
    )
    + on(
        "2025-01-25",
        ("filer", RespondRectification(request="r1", statement="已经整改")),
        ("clerk", AcceptRectification(request="r1")),
        (
            "clerk",
            DecideAppeal(
                appeal="a1",
                outcome="partly",
                justification="一起投诉不成立",
                awards=(NewAward(indicator="service", award=Decimal("26.75")),),
            ),
        ),
    )
)
MAKERS: dict[str, Callable[[Source, Language], Document]] = {
    "score table": score_table,
    "composite table": composite,
    "appeal answer": appeal_answer,
    "result letter": result_letter,
    "rectification": rectification,
    "register": register,
    "project form": project_form,
}
LINE = CheckpointLine(Checkpoint("log.example", TreeHead(42, bytes(32))))
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def made_from(story: Story, label: str = "final") -> Source:
    return source(at(history(story), editions(), label), TODAY, LINE)


def texts(document: Document) -> str:
    """The page, without what says where a line may end and where it may not."""
    page = printer(".html")(document).decode()
    return re.sub('<wbr>|<span class="whole">(.*?)</span>', r"\1", page)


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_is_the_same_bytes_every_time(
    maker: Callable[[Source, Language], Document], suffix: str, language: Language
) -> None:
    once, again = (printer(suffix)(maker(made_from(LATER), language)) for _ in range(2))

    assert once == again
    assert len(once) > 1000


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_the_footer_says_what_the_numbers_come_from(
    maker: Callable[[Source, Language], Document],
) -> None:
    document = maker(made_from(LATER, "v20"), "zh") if maker is not appeal_answer else None
    document = document or maker(made_from(LATER), "zh")

    said = "\n".join(document.footer)
    assert re.search(r"评价事项 small-2023(，现状)?，截至第\d+条（业务日期2\d{3}年", said)
    assert re.search(r"记录于北京时间\d{4}年\d{1,2}月\d{1,2}日\d\d:\d\d）", said)
    assert re.search(r"(?m)small 2023 版，SHA-256 前16位 [0-9a-f]{16}$", said)
    assert f"检查点 {LINE.in_words}" in said


def test_a_document_in_english_has_english_headings_only() -> None:
    for maker in MAKERS.values():
        for table in maker(made_from(LATER), "en").tables():
            for column in table.columns:
                assert column.heading.isascii(), column.heading


# The numbers -------------------------------------------------------------------------------------


def test_the_score_table_has_the_awards_of_the_sheet_to_the_digit() -> None:
    made = made_from(LATER)
    content = printer(".xlsx")(score_table(made, "zh"))
    book = CalamineWorkbook.from_object(BytesIO(content))
    rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    start = next(index for index, row in enumerate(rows) if row[0] == "一级指标")
    award = rows[start].index("核查得分")

    sheet = score_sheet(made.point)
    assert sheet is not None
    read = [Decimal(repr(row[award])) for row in rows[start + 1 : start + 4]]
    assert read == [row.award for row in sheet.indicators]
    total = next(row for row in rows if row[0] == "合计")
    assert Decimal(repr(total[award])) == sheet.award.total == Decimal("94.25")


def test_a_row_that_is_not_reviewed_is_a_dash_and_no_zero() -> None:
    one_cut = SUBMITTED + on("2024-10-12", ("reviewer", CUT_SERVICE))
    table = next(score_table(made_from(one_cut), "zh").tables())

    award = [column.heading for column in table.columns].index("核查得分")
    assert [row.cells[award] for row in table.rows[:3]] == [None, None, Decimal("25.50")]
    assert "尚有2项未核查" in texts(score_table(made_from(one_cut), "zh"))


def test_the_composite_table_adds_up_by_level() -> None:
    table = next(composite(made_from(ISSUED), "zh").tables())

    assert [[format_cell(cell) for cell in row.cells] for row in table.rows] == [
        ["管理", "管理", "70.00", "68.00", "97.14%"],
        ["效果", "效果", "30.00", "25.50", "85.00%"],
        ["表彰加分", "", "—", "1.50", "—"],
        ["迟报减分", "", "—", "−2.00", "—"],
        ["合计", "", "100.00", "93.00", "93.00%"],
    ]


def test_the_documents_say_what_each_award_rests_on() -> None:
    issued = made_from(ISSUED)
    table = next(score_table(issued, "zh").tables())
    column = [heading.heading for heading in table.columns].index("评定方式")

    assert [row.cells[column] for row in table.rows[:3]] == ["按标准", "按标准", "人工评定"]
    assert {row.cells[column] for row in table.rows[3:]} == {""}
    assert "评定方式：按标准2项；人工评定1项（服务对象满意度）。" in texts(composite(issued, "zh"))
    assert "Decided by: rule 2; judgement 1" in texts(composite(issued, "en"))
    assert "评定方式" in texts(appeal_answer(made_from(LATER), "zh"))


DECIDES = "各项均按标准计，总分至多97.50分（优），至少67.50分（不在任何等级内）"


@pytest.mark.parametrize("maker", [score_table, composite, appeal_answer])
def test_what_the_standard_gives_in_sum_stands_beside_the_scores(
    maker: Callable[[Source, Language], Document],
) -> None:
    assert DECIDES in texts(maker(made_from(LATER), "zh"))
    assert "The total awarded is 94.25 (优)" in texts(maker(made_from(LATER), "en"))


def test_the_answer_says_what_the_total_would_be_with_the_contested_row_by_its_rule() -> None:
    said = texts(appeal_answer(made_from(LATER), "zh"))

    assert "仅此项按标准计，其余按核查得分计，总分在67.50分（不在任何等级内）与" in said


def test_a_document_writes_no_blank_before_a_number_and_leaves_quotations_alone() -> None:
    sentence = Text("取决于“指标 2 分”等 3 项（总分为 75.00 分）", "it depends on 3 rows")

    assert unspaced(sentence, "zh") == "取决于“指标 2 分”等3项（总分为75.00分）"
    assert unspaced(sentence, "en") == "it depends on 3 rows"


def test_before_all_rows_are_reviewed_only_the_claims_stand_beside_the_standard() -> None:
    one_cut = SUBMITTED + on("2024-10-12", ("reviewer", CUT_SERVICE))
    said = texts(score_table(made_from(one_cut), "zh"))

    assert "按自评填报的数据，各项均按标准计" in said
    assert "核查总分" not in said


def test_the_score_table_explains_the_indicators_where_the_rubric_does() -> None:
    reference = source(example("zhanjiang-2023"), TODAY)
    table = next(score_table(reference, "zh").tables())
    headings = [column.heading for column in table.columns]

    assert headings.index("指标解释") + 1 == headings.index("评分标准")
    cells = {str(row.cells[2]): row.cells[headings.index("指标解释")] for row in table.rows}
    assert "公用经费" in str(cells["经济成本控制情况"])
    plain = next(score_table(made_from(ISSUED), "zh").tables())
    assert "指标解释" not in [column.heading for column in plain.columns]


def test_the_answer_to_an_appeal_shows_the_exact_changes() -> None:
    said = texts(appeal_answer(made_from(LATER), "zh"))

    before_and_after, *_ = appeal_answer(made_from(LATER), "zh").tables()
    assert [row.cells for row in before_and_after.rows] == [
        ("服务对象满意度", "30.00", "28.00", "25.50", "25.50", "26.75"),
        ("总分", "100.00", "100.00", "—", "93.00", "94.25"),
        ("等级", None, "优", None, "优", "优"),
    ]
    assert "申诉决定：部分支持。" in said
    assert "理由：一起投诉不成立" in said
    assert "总分由93.00变为94.25：服务对象满意度 25.50 → 26.75（+1.25）。" in said
    assert "scoretrail explain small-2023 service" in said
    digests = re.findall(r">([0-9a-f]{64})</td>", said)
    assert len(digests) >= 4


def test_an_appeal_must_be_named_where_there_are_several() -> None:
    with pytest.raises(Invalid, match="没有申诉"):
        appeal_answer(made_from(ISSUED), "zh")
    with pytest.raises(Invalid, match="没有申诉“a11”。现有：a1") as refused:
        appeal_answer(made_from(LATER), "zh", "a11")
    assert refused.value.near == "a1"


def test_the_tracker_counts_late_days() -> None:
    *_, tracker = rectification(made_from(LATER), "zh").tables()

    assert tracker.columns[-1].heading == "逾期天数"

    assert tracker.rows[0].cells[-2:] == ("5", "0")


def test_nothing_can_be_printed_before_the_case_is_opened() -> None:
    empty = at(history(OPENED)[:0], editions(), "final")
    with pytest.raises(Invalid, match="尚未启动评价"):
        source(empty, TODAY)


# Nothing that is missing is a zero ---------------------------------------------------------------


@pytest.mark.parametrize("story", [OPENED, SUBMITTED], ids=["opened", "submitted"])
@pytest.mark.parametrize("maker", [score_table, composite, register, result_letter])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_yet_is_never_printed_as_zero_or_none(
    maker: Callable[[Source, Language], Document], story: Story, language: Language
) -> None:
    document = maker(made_from(story), language)

    cells = [cell for table in document.tables() for row in table.rows for cell in row.cells]
    awarded = "核查得分" if language == "zh" else "Awarded"
    for table in document.tables():
        for index, column in enumerate(table.columns):
            if column.heading == awarded:
                assert {format_cell(row.cells[index]) for row in table.rows} == {"—"}
    assert not any("0%" in format_cell(cell) for cell in cells)
    assert "None" not in texts(document)


@pytest.mark.parametrize("maker", [score_table, composite, register, result_letter])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bonus_that_waits_for_a_decision_is_said_and_is_no_zero(
    maker: Callable[[Source, Language], Document], language: Language
) -> None:
    undecided = tuple(
        step for step in REVIEWED if not isinstance(step[1], RecogniseBonus | RefuseBonus)
    )

    document, decided = (maker(made_from(story), language) for story in (undecided, REVIEWED))

    lines = [row.cells for table in document.tables() for row in table.rows]
    for line in lines:
        if format_cell(line[0]).startswith(("加分", "Bonus")):
            assert "0.00" not in [format_cell(cell) for cell in line]
    count = len(REVIEWED) - len(undecided)
    said = Text(f"尚有{count}项加分待认定", f"{counted(count, 'bonus item')} not yet decided")
    assert in_language(said, language) in texts(document)
    assert in_language(said, language) not in texts(decided)
    assert "（良）" not in texts(document)


# Letters -----------------------------------------------------------------------------------------


def test_an_answer_that_is_not_decided_has_a_blank_for_number_and_day() -> None:
    undecided = LATER[: [type(step[1]) for step in LATER].index(RespondRectification)]
    document = appeal_answer(made_from(undecided), "zh")

    assert document.letter is not None
    assert (document.letter.number, document.letter.dated) == ("", "")
    said = texts(document)
    assert "申诉尚未决定。" in said
    assert "〔　　　　〕　　号" in said
    assert "None" not in said


def test_a_letter_has_sender_number_addressee_annexes_seal_and_day() -> None:
    document = result_letter(made_from(LATER), "zh")

    assert document.letter is not None
    said = texts(document)
    place = said.index("<body")
    for part in (
        *("财政局", "9号", "关于2023年度绩效评价结果的通知", "市场监督管理局：", "一、结果"),
        *("附件：1. 核查评分表", "财政局", "（印章）", "2024年12月30日", "附件1　核查评分表"),
    ):
        assert part in said[place:], part
        place = said.index(part, place)


def test_the_result_letter_is_of_the_day_of_issue_whatever_came_after() -> None:
    before, after = (
        next(table.rows for table in result_letter(made_from(story), "zh").tables())
        for story in (ISSUED, LATER)
    )

    assert [row.cells for row in after][-2:] == [("总分", "100.00", "93.00"), ("等级", "优", "优")]
    assert before == after


def test_a_result_that_is_not_issued_is_a_draft() -> None:
    document = result_letter(made_from(SUBMITTED), "zh")

    assert document.letter is not None
    assert (document.letter.number, document.letter.dated) == ("", "")
    said = texts(document)
    assert "（草稿，未印发）" in said
    assert "核查完毕" not in said


def test_a_time_limit_that_the_rubric_does_not_set_is_left_to_a_person() -> None:
    said = texts(result_letter(made_from(LATER), "zh"))

    assert "申诉期限：指标体系未规定，由制发机关填写：＿＿" in said


def made_far_from(story: Story) -> Source:
    """What a document is made from where the days off of a year are not known."""
    ledger = Ledger(Memory(told(with_long_clocks(story))))
    return source(at(ledger.history(CASE), ledger.editions("small"), "final"), TODAY)


def test_a_last_day_that_cannot_be_stated_is_left_to_a_person() -> None:
    made = made_far_from(RECEIVED)

    assert "2027年" in texts(result_letter(made, "zh")).replace(" ", "")
    assert "the holidays of 2027 are not known; due date to be filled in" in texts(
        result_letter(made, "en")
    )


def test_a_notice_gives_the_reason_where_its_last_day_cannot_be_stated() -> None:
    demand = RequestRectification(request="hotline", findings=("complaints",), demand="设专线")
    made = made_far_from(RECEIVED + on("2024-01-05", ("clerk", demand)))

    assert "截止日期（节假日不明，由制发机关填写）" in texts(rectification(made, "zh"))
    assert "Due date (days off unknown; to be filled in)" in texts(rectification(made, "en"))


def test_a_letter_says_how_an_outsider_checks_it() -> None:
    made = made_from(LATER)
    letters = (appeal_answer(made, "en"), result_letter(made, "en"), rectification(made, "en"))

    for letter in letters:
        said = texts(letter)
        assert "python3 verify_dossier.py DOSSIER.zip KEY" in said
        assert LINE.in_words in said


@pytest.mark.parametrize(
    ("language", "file", "key"), [("zh", "卷宗.zip", "日志公钥"), ("en", "DOSSIER.zip", "KEY")]
)
def test_the_command_of_a_letter_verifies_as_it_is_printed(
    language: Language, file: str, key: str, tmp_path: Path
) -> None:
    """With a dossier of that name and the line of the public key in its place."""
    printed = re.search(
        "python3 verify_dossier.py (.*?)<", texts(result_letter(made_from(LATER), language))
    )
    assert printed
    assert printed[1].split() == [file, key]
    dossier = tmp_path / file
    dossier.write_bytes(packed(small_dossier.files(small_dossier.entries())))

    said = strangers_alone(dossier, str(small_dossier.KEY.public))

    assert (said.code, said.err) == (0, "")


def test_a_rectification_notice_can_be_about_one_request() -> None:
    assert "限期整改" in texts(rectification(made_from(LATER), "zh", "r1"))
    with pytest.raises(Invalid, match="r1"):
        rectification(made_from(LATER), "zh", "r2")


def test_titles_come_from_the_case_and_lines_below_the_rows_from_the_rubric() -> None:
    document = score_table(made_from(ISSUED), "zh")
    table = next(document.tables())

    assert document.title == "2023年度绩效评价核查评分表"
    assert [(row.cells[0], row.span) for row in table.rows[3:]] == [
        ("表彰加分", 3),
        ("迟报减分", 3),
        ("上限扣减", 3),
        ("合计", 3),
    ]


@pytest.mark.parametrize("suffix", [".xlsx", ".docx"])
def test_workbook_and_word_show_the_waterfall(suffix: str) -> None:
    content = printer(suffix)(score_table(made_from(LATER), "zh"))

    with ZipFile(BytesIO(content)) as parts:
        (name,) = (name for name in parts.namelist() if name.endswith(".png"))
        assert parts.read(name).startswith(b"\x89PNG")
        drawing = "".join(
            parts.read(part).decode() for part in parts.namelist() if part.endswith(".xml")
        )
        assert "自评 100.00；" in drawing  # for those who cannot see it


def test_a_letter_in_word_has_the_measures_of_the_standard() -> None:
    made = docx.Document(BytesIO(printer(".docx")(appeal_answer(made_from(LATER), "zh"))))

    letter, annexes = made.sections
    margins = (letter.top_margin, letter.bottom_margin, letter.left_margin, letter.right_margin)
    assert [round((length or 0) / 36000) for length in margins] == [37, 35, 28, 26]
    assert letter.different_first_page_header_footer
    assert letter.first_page_header.paragraphs[0].text == "财政局"
    assert annexes.page_width is not None
    assert annexes.page_height is not None
    assert annexes.page_width > annexes.page_height


def test_word_sets_chinese_as_china_does_and_names_the_tables_of_annexes() -> None:
    """Without its language a program takes the shapes and marks of another country."""
    made = docx.Document(BytesIO(printer(".docx")(appeal_answer(made_from(LATER), "zh"))))

    (spoken,) = made.styles.element.xpath("//w:lang/@w:eastAsia")
    assert spoken == "zh-CN"
    said = [paragraph.text for paragraph in made.paragraphs]
    assert "变动记录" in said
    assert said.count("原样字节的摘要") == 1


def test_a_row_is_divided_by_the_end_of_a_page_only_where_no_page_has_room_for_it() -> None:
    table = PageTable(
        "t",
        (PageColumn("名称", 8), PageColumn("原因", 10)),
        (PageRow(("短", "一行")), PageRow(("长", "字" * 10 * 30))),
    )
    document = score_table(made_from(ISSUED), "zh")
    (block,) = showable(msgspec.structs.replace(document, blocks=(table,)))["blocks"]

    assert [row["whole"] for row in block["rows"]] == [True, False]


def test_no_table_is_named_right_below_its_own_name() -> None:
    letter = result_letter(made_from(LATER), "zh")
    first = showable(letter)["annexes"][0]["blocks"][0]
    assert letter.annexes[0].title == "核查评分表"
    assert (first["kind"], first["caption"]) == ("table", "")


def test_an_acceptance_without_words_is_followed_by_its_entry_alone() -> None:
    said = texts(rectification(made_from(LATER), "zh"))

    assert re.search(r"r1：2025年1月25日 确认整改到位（第\d+条）</p>", said)
    assert re.search(r"r1：2025年1月25日 整改反馈：已经整改（第\d+条）</p>", said)


def test_levels_are_read_again_where_a_page_begins() -> None:
    """Each row says its levels: where it goes on from the row above only a format hides them."""
    table = next(score_table(made_from(ISSUED), "zh").tables())
    assert table.repeats() == {(1, 0)}

    made = docx.Document(BytesIO(printer(".docx")(score_table(made_from(ISSUED), "zh"))))
    assert [row.cells[0].text for row in made.tables[0].rows[1:4]] == ["管理", "管理", "效果"]
    said = texts(score_table(made_from(ISSUED), "zh"))
    assert said.count('data-heading="一级指标">管理</td>') == 2


# What people write stays what they wrote ---------------------------------------------------------


def test_no_text_becomes_a_formula() -> None:
    for language in LANGUAGES:
        content = printer(".xlsx")(rectification(made_from(LATER), language))
        with ZipFile(BytesIO(content)) as parts:
            for name in parts.namelist():
                assert b"<f>" not in parts.read(name)
        book = CalamineWorkbook.from_object(BytesIO(content))
        cells = [
            cell
            for name in book.sheet_names
            for row in book.get_sheet_by_name(name).to_python()
            for cell in row
        ]
        assert NASTY in cells


def test_no_text_becomes_markup() -> None:
    said = texts(rectification(made_from(LATER), "zh"))

    assert "<script" not in said
    assert "=1+1 #strong[x] $x$ &lt;script&gt;" in said


def test_a_page_asks_for_nothing_outside() -> None:
    for maker in MAKERS.values():
        said = texts(maker(made_from(LATER), "zh"))
        assert not re.search(r"<(script|link|img|iframe)|url\(|@import", said)
        assert set(re.findall(r"https?://[^\"]+", said)) <= {"http://www.w3.org/2000/svg"}
        for svg in re.findall(r"<svg.*?</svg>", said, re.DOTALL):
            root = ET.fromstring(svg)  # noqa: S314 - our own file
            assert root.get("role") == "img"
            ids = {one.get("id") for one in root}
            assert set((root.get("aria-labelledby") or "").split()) <= ids
            # A code is dark on light everywhere, or scanners do not read it.
            assert "prefers-color-scheme" in svg or "QR" in svg or "二维码" in svg


def test_word_is_told_a_chinese_font_and_gets_every_row() -> None:
    content = printer(".docx")(score_table(made_from(LATER), "zh"))
    made = docx.Document(BytesIO(content))

    fonts = made.styles["Normal"].element.rPr.rFonts
    assert (
        fonts.get("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia")
        == "宋体"
    )
    rows = [[cell.text for cell in row.cells] for row in made.tables[0].rows]
    assert rows[-1][0] == "合计"
    assert "94.25" in rows[-1]
    assert made.core_properties.author == "scoretrail"


def test_a_pdf_is_for_archives_and_lacks_no_character() -> None:
    content = printer(".pdf")(rectification(made_from(LATER), "zh"))

    assert content.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in content
    everything = "".join(
        texts(maker(made_from(LATER), language))
        for maker in MAKERS.values()
        for language in LANGUAGES
    )
    assert set(everything) - coverage() <= {"𠮷", "\ufffd"}


def test_a_character_that_the_font_lacks_is_named() -> None:
    document = rectification(made_from(LATER), "zh")
    assert "𠮷" in texts(document)

    data = json.dumps(showable(document), ensure_ascii=False)
    assert "𠮷" not in data
    assert "〓" in data
    assert "U+20BB7" in showable(document)["footer"][-1]


# A large case -------------------------------------------------------------------------------------


@pytest.mark.sqlite_only("how large documents are made of one case, wherever it was read from")
def test_a_case_of_sixty_rows_and_five_hundred_entries_has_every_document_in_every_format(
    tmp_path: Path,
) -> None:
    """The case that `python -m bench.paper` times; here each document names all of its rows."""
    made = large_case(tmp_path)
    assert len(made.point.history) >= 500
    spent = seconds(made)
    assert spent.keys() == set(KINDS)
    assert all(of.keys() == FORMATS.keys() for of in spent.values())
    names = {row.path[-1] for row in made.rubric.indicators}
    for maker in (score_table, register):
        assert sum(name in texts(maker(made, "zh")) for name in names) == ROWS, maker
    explained = appeal_answer(made, "zh").annexes[0].blocks
    headings = [block for block in explained if isinstance(block, PageHeading)]
    assert sum(heading.level == 1 for heading in headings) == CONTESTED
