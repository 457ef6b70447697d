"""What came in through the front door is let pass on replay, whatever kind of act it is."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, get_args

import pytest

from ledger.checks import CHECKS, check_case, name_of, record
from ledger.checks.rule_compliance import irregularities
from ledger.commands import (
    COMMANDS,
    AcceptRectification,
    AdjustScore,
    AmendReason,
    AnswerObjection,
    AppraiseDestruction,
    AssignWork,
    CaseCommand,
    ClaimBonus,
    ClaimScore,
    CloseCase,
    CommissionReview,
    ConfirmFigure,
    ConfirmScore,
    CorrectResult,
    CountersignAdjustment,
    DecideAppeal,
    DecideDestruction,
    DefineScope,
    DeliverReport,
    EraseEvidence,
    ExcludeIndicator,
    ExtendDeadline,
    FileEvidence,
    IssueDossier,
    IssueResult,
    ListUnit,
    LodgeAppeal,
    MakeRecommendation,
    MakeStatement,
    NewAward,
    OpenCase,
    PinRubric,
    PrintSubtotal,
    ProposeDestruction,
    PublishMaterial,
    PublishResult,
    RaiseFinding,
    RaiseObjection,
    RecogniseBonus,
    RecordPenalty,
    RecordReceipt,
    RecuseAccount,
    RefuseBonus,
    RegisterDocument,
    ReopenCase,
    RepinRubric,
    RequestRectification,
    RequestReopening,
    RespondRectification,
    RestateClaim,
    RestateFigure,
    ReturnRectification,
    ReturnSubmission,
    SendDraft,
    SetRetention,
    SubmitFigure,
    SubmitSelfEvaluation,
    WithdrawAdjustment,
    WithdrawAppeal,
    WithdrawFigure,
)
from ledger.editions import Editions
from ledger.envelope import RecordedEvent
from ledger.events import CaseEvent
from ledger.recorded_command import COMMAND_OF
from ledger.values import Citation
from tests.support.clean_case import CLAIMS, EVIDENCE, FIGURES, RUBRIC, Step, figure, recorded

AT = "2024-08-21T10:00:00.000000Z"
PENALTY = """
[penalty]
id = "penalty"
name = "减分"
each = "1"
cap = "3"
clause = "减分条款"
standard = "每次减 1 分"
"""
FIRST = RUBRIC.replace("[[band]]", f"{PENALTY}\n[[band]]", 1)
SECOND = FIRST.replace('edition = "1"', 'edition = "2"')
ONE, TWO = Decimal(1), Decimal(2)


def on(day: int, *acts: tuple[str, Any]) -> list[Step]:
    return [(account, date(2024, 8, day), command) for account, command in acts]


def self_evaluation() -> list[Step]:
    return on(
        1,
        (
            "clerk",
            OpenCase(
                title="评价",
                year=2023,
                unit="the-unit",
                unit_name="某局",
                bureau="the-bureau",
                bureau_name="财政局",
            ),
        ),
        ("clerk", PinRubric(rubric="clean", edition="1")),
        ("clerk", CommissionReview(agency="the-agency", agency_name="核查公司")),
        ("lead", AssignWork(account="reviewer", indicators=("spending",), reason="熟悉")),
        *(("filer", FileEvidence(evidence=one)) for one in EVIDENCE),
        *(("filer", SubmitFigure(figure=one)) for one in FIGURES.values()),
        ("filer", SubmitFigure(figure=figure("extra", "goals", "1"))),
        ("filer", WithdrawFigure(figure="extra", reason="填错")),
        *(("filer", ClaimScore(indicator=row, score=Decimal(CLAIMS[row]))) for row in CLAIMS),
        ("filer", ClaimBonus(item="flag", title="奖", points=ONE)),
        ("filer", ClaimBonus(item="letter", title="信", points=ONE)),
        ("filer", SubmitSelfEvaluation()),
        ("reviewer", ReturnSubmission(reason="缺盖章")),
        ("filer", SubmitSelfEvaluation(printed_total=Decimal(100), printed_grade="优")),
    )


def documents() -> list[Step]:
    cites = (Citation("report", "附件1 第 1 行"),)
    return on(
        2,
        (
            "filer",
            RegisterDocument(
                document="report",
                title="自评报告",
                sha256="d" * 64,
                form="ocr",
                parts=("附件1",),
                undocumented=True,
            ),
        ),
        ("filer", ListUnit(member="bureau", name="局本级", cites=cites)),
        ("filer", DefineScope(scope="部门", members=("bureau",), transcriber_note="未见定义")),
        ("filer", MakeStatement(item="faster", kind="promise", statement="加快", cites=cites)),
        (
            "reviewer",
            PrintSubtotal(
                item="sum", label="合计", column="claimed", printed_score=Decimal("90.50")
            ),
        ),
        ("filer", PublishMaterial(title="自评报告", place="网站", document="report")),
        ("reviewer", ConfirmFigure(figure="spent", cites=cites)),
        ("reviewer", DeliverReport(printed_total=Decimal("90.0"), document="report")),
    )


def review() -> list[Step]:
    return on(
        2,
        ("clerk", RepinRubric(edition="2", reason="更正")),
        (
            "reviewer",
            RestateFigure(figure=figure("budget", "spending", "100", "元"), reason="照账"),
        ),
        ("reviewer", RestateClaim(indicator="bonus", score=TWO, reason="照表")),
        *(("reviewer", ConfirmScore(indicator=row)) for row in CLAIMS if row != "filing"),
        (
            "reviewer",
            ExcludeIndicator(indicator="filing", justification="没有采购", ground="没有采购"),
        ),
        ("lead", CountersignAdjustment(indicator="filing")),
        (
            "reviewer",
            AdjustScore(
                indicator="economy", award=Decimal(9), justification="超支", clause="条款三"
            ),
        ),
        ("reviewer", AmendReason(indicator="economy", reason="写错条款", clause="条款四")),
        ("reviewer", WithdrawAdjustment(indicator="economy", reason="看错")),
        ("reviewer", ConfirmScore(indicator="economy")),
        ("reviewer", RecogniseBonus(item="flag", points=ONE, justification="有文件")),
        ("reviewer", RefuseBonus(item="letter", justification="不是表彰")),
        ("reviewer", RecordPenalty(item="late", title="迟报", points=ONE, justification="晚")),
        ("reviewer", RaiseFinding(finding="slow", title="慢", statement="支出慢")),
        ("reviewer", MakeRecommendation(recommendation="fast", title="快", statement="快些")),
        ("reviewer", SendDraft()),
        ("filer", RaiseObjection(objection="first", indicator="spending", statement="应为 19")),
        ("filer", RaiseObjection(objection="second", indicator="goals", statement="不同意")),
        (
            "reviewer",
            AnswerObjection(
                objection="first",
                outcome="partly",
                justification="部分采纳",
                award=Decimal(19),
                ground="有说明",
                evidence=("a" * 64,),
            ),
        ),
        ("reviewer", AnswerObjection(objection="second", outcome="rejected", justification="无据")),
        ("lead", CountersignAdjustment(indicator="spending")),
        ("clerk", IssueResult(printed_total=Decimal(90), difference="照印")),
    )


def afterwards() -> list[Step]:
    findings = ("slow",)
    later = date(2024, 12, 1)
    return on(
        3,
        ("filer", RecordReceipt(received=date(2024, 8, 3))),
        ("clerk", PublishResult(place="网站")),
        ("filer", LodgeAppeal(appeal="one", indicators=("goals", "economy"), statement="不服")),
        ("filer", WithdrawAppeal(appeal="one", reason="算了")),
        ("filer", LodgeAppeal(appeal="two", indicators=("goals",), statement="不服")),
        (
            "clerk",
            DecideAppeal(
                appeal="two",
                outcome="upheld",
                justification="有理",
                awards=(NewAward(indicator="goals", award=Decimal(29)),),
            ),
        ),
        (
            "clerk",
            CorrectResult(
                number="更正1号", indicator="economy", award=Decimal(9), justification="笔误"
            ),
        ),
        ("clerk", RequestRectification(request="fix", findings=findings, demand="改")),
        ("clerk", ExtendDeadline(request="fix", due=later, reason="多给些时间")),
        ("filer", RespondRectification(request="fix", statement="改了")),
        ("clerk", ReturnRectification(request="fix", reason="不够")),
        ("filer", RespondRectification(request="fix", statement="又改了", promises=("faster",))),
        ("clerk", AcceptRectification(request="fix")),
        ("clerk", RecuseAccount(account="second-lead", reason="调任该单位")),
        ("clerk", IssueDossier(enclosures=())),
        ("clerk", EraseEvidence(sha256="a" * 64, ground="法定")),
        ("clerk", CloseCase()),
        ("clerk", SetRetention(term="10-years", starts=date(2014, 8, 1), number="期限表")),
        ("clerk", ProposeDestruction(number="清册", reason="期满", evidence=("b" * 64,))),
        (
            "clerk",
            AppraiseDestruction(number="清册", outcome="destroy", justification="逐件鉴定"),
        ),
        ("other-clerk", DecideDestruction(number="清册", outcome="approved")),
        ("clerk", EraseEvidence(sha256="b" * 64, ground="销毁清册")),
        ("clerk", RequestReopening(reason="漏了")),
        ("other-clerk", ReopenCase()),
    )


@cache
def life() -> tuple[list[RecordedEvent], Editions]:
    """A case to which everything happens."""
    return recorded([*self_evaluation(), *documents(), *review(), *afterwards()], AT, FIRST, SECOND)


def test_every_kind_of_event_happens_in_it() -> None:
    history, _ = life()

    assert {type(one.event) for one in history} == set(get_args(CaseEvent))


def test_every_kind_of_event_has_the_command_that_makes_it() -> None:
    assert set(COMMAND_OF) == {event.__name__ for event in get_args(CaseEvent)}
    assert {COMMANDS[name] for name in COMMAND_OF.values()} == set(get_args(CaseCommand))


def test_the_rules_would_let_all_of_it_pass_again() -> None:
    history, editions = life()

    assert list(irregularities(history, editions)) == []


@pytest.mark.slow
def test_no_check_of_the_record_finds_anything_at_any_version() -> None:
    history, editions = life()
    of_the_record = {name_of(check) for check in CHECKS if check.__module__ == record.__name__}

    for version in range(len(history) + 1):
        found = check_case(history[:version], editions, history)
        assert [one for one in found if one.check in of_the_record] == []
