"""What an act cites and what its transcriber adds: in every view, and in nobody's mouth."""

import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import get_args

import pytest
from msgspec.structs import replace

from cli.log import print_log, reader
from documents.annual_register import register
from documents.appeal_answer import appeal_answer
from documents.html import html
from documents.page import Document
from documents.rectification_notice import rectification
from documents.score_table import score_table
from documents.source import source
from ledger.commands import (
    ConfirmScore,
    CountersignAdjustment,
    IssueResult,
    LodgeAppeal,
    PublishRubric,
    RaiseFinding,
    RecogniseBonus,
    RefuseBonus,
    RegisterDocument,
    RequestRectification,
    SubmitFigure,
)
from ledger.editions import Editions, decide_rubric, evolve_editions
from ledger.language import Language, speaker
from ledger.rule_editions import CURRENT
from ledger.values import Citation, Figure
from projections.as_of import CaseAsOf, at
from projections.bridge import bridge
from projections.change_log import ChangeLogRow, change_log
from projections.explanation import explain
from projections.provenance import CitedPlace, cite, remarks, with_remarks
from projections.replay import replay
from projections.rubric_view import published
from tests.support.small_case import CLAIMED, CUT_SERVICE, RUBRIC, SUBMITTED, on
from tests.support.specification import editions, history

REVIEW = RegisterDocument(
    document="review",
    title="核查报告",
    number="核〔2024〕3号",
    sha256="e" * 64,
    form="ocr",
    parts=("附件1",),
)
CITES = (Citation("review", "附件1 第 3 行"),)
PLACE = CitedPlace(
    document="review", title="核查报告", number="核〔2024〕3号", place="附件1 第 3 行"
)
NOTE = "原表此格为空"
STORY = SUBMITTED + on(
    "2024-12-30",
    ("reviewer", REVIEW),
    ("reviewer", replace(CUT_SERVICE, cites=CITES, transcriber_note=NOTE, undocumented=True)),
)
LANGUAGES = pytest.mark.parametrize("lang", get_args(Language))


def point() -> CaseAsOf:
    return at(history(STORY), editions())


def cut() -> ChangeLogRow:
    return change_log(point())[-1]


# Views as data ------------------------------------------------------------------------------------


def test_the_log_keeps_it_apart_from_the_words_of_the_party() -> None:
    assert cut().justification == CUT_SERVICE.justification
    assert (cut().cites, cut().transcriber_note, cut().undocumented) == ((PLACE,), NOTE, True)


def test_an_act_without_any_says_so() -> None:
    claim = change_log(point(), "service")[0]

    assert (claim.cites, claim.transcriber_note, claim.undocumented) == ((), None, False)


def test_bridge_replay_and_explanation_have_it_too() -> None:
    step = bridge(at(history(SUBMITTED), editions()), point()).steps[0]
    frame = list(replay(point()))[-1]
    moved = explain(point(), "service").moves[-1]

    for act in (step.events[0], frame, moved):
        assert (act.cites, act.transcriber_note, act.undocumented) == ((PLACE,), NOTE, True)


def test_a_figure_is_explained_with_its_citation_period_and_class() -> None:
    spent = Figure(
        id="spent",
        indicator="spending",
        name="支出数",
        value="190",
        source="自评报告",
        goal_class="数量",
        period="2023-01-01/2023-12-31",
        as_of=date(2023, 12, 31),
    )
    story = CLAIMED + on(
        "2024-07-31",
        ("filer", REVIEW),
        ("filer", SubmitFigure(figure=spent, cites=CITES, transcriber_note=NOTE)),
    )

    figures = explain(at(history(story), editions()), "spending").rule.figures

    (found,) = (figure for figure in figures if figure.id == "spent")
    assert (found.goal_class, found.period) == ("数量", "2023-01-01/2023-12-31")
    assert (found.as_of, found.cites, found.transcriber_note) == (
        date(2023, 12, 31),
        (PLACE,),
        NOTE,
    )
    assert found.source_text(speaker("zh")) == "《核查报告》附件1 第 3 行"
    assert {figure.source_text(speaker("zh")) for figure in figures if figure.id != "spent"} == {""}


# Words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", "《核查报告》附件1 第 3 行"), ("en", "'核查报告', 附件1 第 3 行")],
)
def test_a_citation_in_words(language: Language, words: str) -> None:
    assert cite(PLACE, speaker(language)) == words


def test_a_transcriber_speaks_in_brackets() -> None:
    assert remarks(cut(), speaker("zh")) == [f"转录说明：{NOTE}", "无文件依据"]
    assert (
        with_remarks("有两起投诉", cut(), speaker("zh"))
        == f"有两起投诉 [转录说明：{NOTE}] [无文件依据]"
    )
    assert with_remarks(None, change_log(point())[0], speaker("en")) == ""


def test_the_terminal_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    print_log([cut()], reader(point()))

    shown = "".join(capsys.readouterr().out.split())
    assert NOTE in shown
    assert "有两起投诉" in shown


# Documents ----------------------------------------------------------------------------------------


def words_of(document: Document) -> str:
    """A page without what says which words are on one line."""
    page = re.sub(r'<span class="whole">(.*?)</span>', r"\1", html(document).decode())
    return unescape(page)


@LANGUAGES
def test_the_change_log_of_documents_and_dossiers_shows_it(lang: Language) -> None:
    page = words_of(register(source(point(), date(2025, 1, 1)), lang))

    for line in (*remarks(cut(), speaker(lang)), cite(PLACE, speaker(lang))):
        assert line in page


@LANGUAGES
def test_the_score_table_shows_it_below_the_reason(lang: Language) -> None:
    made = source(point(), date(2025, 1, 1))

    page = words_of(score_table(made, lang))

    assert all(line in page for line in remarks(cut(), speaker(lang)))


LATER = STORY + on(
    "2025-01-05",
    *(
        ("reviewer", ConfirmScore(indicator=row, justification="照表", ground="照表"))
        for row in ("spending", "plan")
    ),
    ("reviewer", RecogniseBonus(item="flag", points=Decimal(1), justification="有文件")),
    ("reviewer", RefuseBonus(item="letter", justification="没有文件")),
    (
        "reviewer",
        RaiseFinding(finding="slow", title="慢", statement="支付慢", transcriber_note=NOTE),
    ),
    *(("lead", CountersignAdjustment(indicator=row)) for row in ("spending", "service")),
)


@LANGUAGES
def test_letters_show_it_beside_what_they_quote(lang: Language) -> None:
    ways = (
        ("clerk", IssueResult(printed_total=Decimal(93), difference="照印")),
        (
            "filer",
            LodgeAppeal(
                appeal="a", indicators=("service",), statement="投诉不实", transcriber_note=NOTE
            ),
        ),
        ("clerk", RequestRectification(request="r", findings=("slow",), demand="按季支付")),
    )
    made = source(at(history(LATER + on("2025-01-06", *ways)), editions()), date(2025, 2, 1))
    note = with_remarks("", change_log(made.point)[-2], speaker(lang))

    for letter, words in (
        (appeal_answer(made, lang), "投诉不实"),
        (rectification(made, lang), "支付慢"),
    ):
        assert f"{words} {note}" in words_of(letter)


def test_the_register_says_what_a_document_is() -> None:
    page = words_of(register(source(point(), date(2025, 1, 1)), "zh"))

    assert all(
        words in page for words in ("标题：核查报告", "文号：核〔2024〕3号", "形式：识别文本")
    )


def test_a_published_edition_shows_it() -> None:
    act = PublishRubric(source=RUBRIC, transcriber_note=NOTE, undocumented=True)
    marked = Editions()
    for event in decide_rubric(act, marked, CURRENT):
        evolve_editions(marked, event)

    (edition,) = published(marked)

    assert (edition.transcriber_note, edition.undocumented) == (NOTE, True)
    assert remarks(edition, speaker("zh")) == [f"转录说明：{NOTE}", "无文件依据"]


def test_nothing_of_it_moves_a_score() -> None:
    bare = history(SUBMITTED + on("2024-12-30", ("reviewer", CUT_SERVICE)))

    assert point().case.awarded == at(bare, editions()).case.awarded == {"service": Decimal("25.5")}
