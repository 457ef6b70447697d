"""Last year in the result letter and the score table: as it was known then, and cited."""

from datetime import date
from decimal import Decimal
from typing import Final

import pytest
from msgspec.structs import astuple, replace

from documents.formats import printer
from documents.kinds import OF_LAST_YEAR, document_of
from documents.last_year import awarded_before
from documents.page import Document, Paragraph
from documents.source import Source, source
from ledger.commands import (
    AcceptRectification,
    CommandEnvelope,
    CorrectResult,
    IssueResult,
    RaiseFinding,
    RequestRectification,
    RespondRectification,
)
from ledger.language import Language
from ledger.ledger import Ledger
from projections.as_of import CaseAsOf, at
from tests.support.small_case import CASE, ISSUED, OPEN_CASE, REVIEWED, Story, on
from tests.support.specification import Memory, editions, moment, told

pytestmark = pytest.mark.slow

TODAY: Final = date(2026, 3, 1)
NEXT: Final = "small-2024"
FINDINGS: Final = {"上年问题和整改", "findings of last year"}
FOUND: Final = tuple(
    ("reviewer", RaiseFinding(finding=name, title=title, statement=title, indicators=("service",)))
    for name, title in (("stock", "盘点不规范"), ("delay", "支付迟缓"), ("rules", "制度未修订"))
)
BEFORE: Final[Story] = (
    REVIEWED
    + on("2024-12-01", *FOUND)
    + on(
        "2024-12-30",
        (
            "clerk",
            IssueResult(printed_total=Decimal(93), printed_grade="优", number="财绩〔2024〕9号"),
        ),
        *(
            (
                "clerk",
                RequestRectification(
                    request=name, findings=(name,), demand="限期整改", due=date(2025, 1, 20)
                ),
            )
            for name in ("stock", "delay")
        ),
        ("filer", RespondRectification(request="stock", statement="已经整改")),
        ("clerk", AcceptRectification(request="stock")),
    )
)
AFTER: Final[Story] = (
    ("clerk", replace(OPEN_CASE, title="2024年度绩效评价", year=2024), date(2025, 7, 1)),
    *(
        (account, command, dated.replace(year=dated.year + 1))
        for account, command, dated in ISSUED[1:]
    ),
)
CORRECTED: Final = CorrectResult(
    indicator="plan",
    award=Decimal(20),
    justification="核算有误",
    number="财绩〔2025〕1号",
)


def recorded(*stories: tuple[str, Story]) -> Ledger:
    """What is in the ledger after stories of two cases, one after the other."""
    archive = Memory(told(()))
    ledger, number = Ledger(archive), 0
    for case, story in stories:
        for account, command, dated in story:
            number += 1
            stated = [day for day in astuple(command) if isinstance(day, date)]
            act = CommandEnvelope(
                case=case,
                by=account,
                dated=dated,
                id=f"step-{number}",
                command=command,
                confirmed_dates=(dated, *stated),
            )
            ledger.handle([act], moment(number))
    return ledger


def point(ledger: Ledger, case: str) -> CaseAsOf:
    return at(ledger.history(case), editions())


def stating(ledger: Ledger) -> Source:
    """The case of this year, next to that of last year."""
    return replace(source(point(ledger, NEXT), TODAY), before=point(ledger, CASE))


def printed(made_from: Source, kind: str, language: Language = "zh") -> bytes:
    return printer(".html")(document_of(kind, made_from, language))


def sentences(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_letter_says_last_years_result_and_what_became_of_its_findings(
    lang: Language,
) -> None:
    ledger = recorded((CASE, BEFORE), (NEXT, AFTER))
    letter = document_of("result-letter", stating(ledger), lang)

    end = point(ledger, CASE).version
    said = next(text for text in sentences(letter) if f" {CASE}" in text)
    assert said == (
        f"2023年度核查得分93.00，等级优（评价事项 {CASE}，截至第{end}条，财绩〔2024〕9号）。"
        if lang == "zh"
        else f"For 2023 the awarded score is 93.00, grade 优 (case {CASE}, up to event {end},"
        " 财绩〔2024〕9号)."
    )
    rows = next(table for table in letter.tables() if table.name in FINDINGS).rows
    first = end - len(BEFORE) + len(REVIEWED) + 1
    states = ("已到位", "未反馈", "未要求整改") if lang == "zh" else (
        *("accepted", "open", "none requested"),
    )  # fmt: skip
    assert [row.cells for row in rows] == [
        (title, state, str(first + number))
        for number, (title, state) in enumerate(
            zip(("盘点不规范", "支付迟缓", "制度未修订"), states, strict=True)
        )
    ]


def test_the_score_table_has_last_years_award_in_each_row_and_says_where_it_is_from() -> None:
    ledger = recorded((CASE, BEFORE), (NEXT, AFTER))
    table = document_of("score-table", stating(ledger), "zh")

    (scores,) = (each for each in table.tables() if each.name == "核查评分表")
    here = [column.heading for column in scores.columns].index("上年得分")
    cells = [row.cells[here] for row in scores.rows]
    assert cells == [*map(Decimal, ("38", "30", "25.5")), "", "", "", Decimal(93)]
    assert scores.columns[here].number
    assert any(f" {CASE}" in text for text in sentences(table))


def test_what_was_another_weight_last_year_says_so() -> None:
    ledger = recorded((CASE, BEFORE), (NEXT, AFTER))
    last = stating(ledger).last_year
    assert last

    shown = [awarded_before(last, row, Decimal(50), lambda zh, _: zh) for row in last.rows]

    assert shown == ["38.00（分值40.00）", "30.00（分值30.00）", "25.50（分值30.00）"]


@pytest.mark.parametrize("kind", sorted(OF_LAST_YEAR))
def test_a_paper_of_the_same_point_is_the_same_whatever_came_later(kind: str) -> None:
    correction = on("2025-02-01", ("clerk", CORRECTED))
    later = recorded((CASE, BEFORE), (NEXT, AFTER), (CASE, correction))
    sooner = recorded((CASE, BEFORE), (CASE, correction), (NEXT, AFTER))

    assert printed(stating(later), kind) == printed(
        stating(recorded((CASE, BEFORE), (NEXT, AFTER))), kind
    )
    assert b"83.00" in printed(stating(sooner), kind)
    assert b"83.00" not in printed(stating(later), kind)


@pytest.mark.parametrize("kind", sorted(OF_LAST_YEAR))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_before_last_years_result_is_issued_nothing_is_said_of_it(
    kind: str, lang: Language
) -> None:
    made_from = stating(recorded((CASE, REVIEWED), (NEXT, AFTER)))
    alone = replace(made_from, before=None)

    assert printed(made_from, kind, lang) == printed(alone, kind, lang)
    assert "上年" not in printed(alone, kind).decode()
