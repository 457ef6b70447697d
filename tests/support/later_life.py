"""The small case later in its life: drafted, issued with findings, appealed, closed.

The bureau has a second officer and the agency a second reviewer, because much of what happens late
needs two people. The rubric of this part has clocks.
"""

import re
from datetime import date
from decimal import Decimal

from ledger.commands import (
    AdjustScore,
    ClaimBonus,
    ClaimScore,
    CloseCase,
    CommissionReview,
    ConfirmScore,
    FileEvidence,
    IssueResult,
    LodgeAppeal,
    OpenAccount,
    PinRubric,
    PublishRubric,
    RaiseFinding,
    RecogniseBonus,
    RecordPenalty,
    RecordReceipt,
    RefuseBonus,
    RequestRectification,
    RequestReopening,
    RespondRectification,
    SendDraft,
    SubmitFigure,
    SubmitSelfEvaluation,
)
from ledger.values import Evidence, Figure
from tests.support.small_case import (
    CUT_SERVICE,
    OPEN_CASE,
    RUBRIC,
    Story,
    on,
)

CLOCKS = """
[clocks]
rectification = { days = 20, counting = "calendar", source = "办法第七条" }
appeal = { days = 10, counting = "working", source = "办法第九条" }
publication = { days = 30, counting = "calendar", source = "办法第五条" }
holidays = [2024-01-01]

"""
WORKING_DAYS = 'days = 1500, counting = "working"'
WITH_CLOCKS = RUBRIC.replace('edition = "2023"', 'edition = "2023-clocks"').replace(
    "[[band]]", CLOCKS + "[[band]]", 1
)
LONG_CLOCKS = re.sub('days = [0-9]+, counting = "[a-z]+"', WORKING_DAYS, WITH_CLOCKS)
"""The same with limits that end beyond every year whose days off are known."""
LETTER = Evidence(sha256="c" * 64, title="主管部门来文")
FILED = Evidence(sha256="a" * 64, title="自评报告")

PEOPLE: Story = on(
    "2023-01-02",
    (
        "admin",
        OpenAccount(account="second-reviewer", organisation="review-agency", roles=("reviewer",)),
    ),
    ("clerk", PublishRubric(source=WITH_CLOCKS)),
)
BEGUN: Story = PEOPLE + on("2023-03-01", ("clerk", OPEN_CASE))
READY: Story = BEGUN + on(
    "2023-03-01",
    ("clerk", PinRubric(rubric="small", edition="2023-clocks")),
    ("clerk", CommissionReview(agency="review-agency", agency_name="核查公司")),
)


def with_long_clocks(story: Story) -> Story:
    """The same story under the rubric with limits that last years."""
    long = PublishRubric(source=LONG_CLOCKS)
    return tuple(
        (who, long if isinstance(command, PublishRubric) else command, day)
        for who, command, day in story
    )


def reported(figure: str, indicator: str, value: str, kind: str = "number") -> SubmitFigure:
    """A figure of the small case."""
    return SubmitFigure(
        figure=Figure(
            id=figure,
            indicator=indicator,
            name=figure,
            kind="yes-no" if kind == "yes-no" else "number",
            value=value,
        )
    )


FILLED_IN: Story = READY + on(
    "2023-03-20",
    ("filer", FileEvidence(evidence=FILED)),
    ("filer", reported("spent", "spending", "190")),
    ("filer", reported("budget", "spending", "200")),
    ("filer", reported("plan-approved", "plan", "yes", "yes-no")),
    ("filer", ClaimScore(indicator="spending", score=Decimal(40))),
    ("filer", ClaimScore(indicator="plan", score=Decimal(30))),
    ("filer", ClaimScore(indicator="service", score=Decimal(28))),
    ("filer", ClaimBonus(item="flag", title="锦旗", points=Decimal("1.5"))),
    ("filer", ClaimBonus(item="letter", title="感谢信", points=Decimal("1.5"))),
)
HANDED_IN: Story = FILLED_IN + on("2023-03-31", ("filer", SubmitSelfEvaluation()))
EXAMINED: Story = HANDED_IN + on(
    "2023-06-12",
    (
        "second-reviewer",
        AdjustScore(indicator="spending", award=Decimal(38), justification="执行率 95%"),
    ),
    ("reviewer", ConfirmScore(indicator="plan")),
    ("reviewer", CUT_SERVICE),
    ("reviewer", RecogniseBonus(item="flag", points=Decimal("1.5"), justification="有文件")),
    ("reviewer", RefuseBonus(item="letter", justification="不是市级表彰")),
    (
        "reviewer",
        RecordPenalty(item="late", title="迟报", points=Decimal(2), justification="晚报 5 天"),
    ),
    ("reviewer", RaiseFinding(finding="complaints", title="投诉", statement="两起投诉")),
    ("reviewer", RaiseFinding(finding="spending", title="执行率", statement="没有支完")),
)
DRAFTED: Story = EXAMINED + on("2023-09-01", ("lead", SendDraft(respond_by=date(2023, 9, 15))))
SENT_OUT: Story = DRAFTED + on("2023-12-27", ("clerk", IssueResult(printed_total=Decimal(93))))
RECEIVED: Story = SENT_OUT + on("2023-12-29", ("filer", RecordReceipt(received=date(2023, 12, 29))))
ASKED: Story = RECEIVED + on(
    "2024-01-05",
    (
        "clerk",
        RequestRectification(request="hotline", findings=("complaints",), demand="设投诉专线"),
    ),
    (
        "clerk",
        RequestRectification(
            request="payments", findings=("spending",), demand="按月支付", due=date(2024, 1, 31)
        ),
    ),
    ("filer", RespondRectification(request="payments", statement="已按月支付")),
)
CONTESTED: Story = ASKED + on(
    "2024-01-10",
    ("filer", LodgeAppeal(appeal="complaints", indicators=("service",), statement="投诉不实")),
)
OVER: Story = ASKED + on("2024-03-01", ("clerk", CloseCase(reason="余下转下一年度")))
WANTED_BACK: Story = OVER + on(
    "2024-04-08", ("second-clerk", RequestReopening(reason="发现新的证据"))
)
