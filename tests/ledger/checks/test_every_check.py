"""For every check a case in which it fires, and the nearest one in which it stays quiet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.checks import CHECKS, check_case, name_of, record
from ledger.checks.discrepancy import to_places
from ledger.commands import (
    ClaimBonus,
    DefineScope,
    ListUnit,
    PrintSubtotal,
    PublishMaterial,
    RegisterDocument,
)
from ledger.events import FigureRestated, SelfEvaluationSubmitted
from ledger.language import Text
from ledger.rule_editions import STRICTER
from ledger.values import Figure
from tests.support.arbitrary import NUMBERS
from tests.support.clean_case import (
    FIGURES,
    RUBRIC,
    TO_COME,
    Step,
    everything,
    figure,
    findings,
    lived_on,
    outcomes,
    ready,
    told,
)

Changes = Mapping[str, Any]


def put(id_: str, value: str | None, **more: Any) -> dict[str, Figure]:  # noqa: ANN401 - any field
    """One figure of the clean case with another value."""
    before = FIGURES[id_]
    fields = {name: getattr(before, name) for name in before.__struct_fields__}
    return {id_: Figure(**{**fields, "value": value, **more})}


def figures(**values: str | None) -> Changes:
    """The clean case with other values; `_` stands for the hyphen of an id."""
    changed: dict[str, Figure | None] = {}
    for name, value in values.items():
        id_ = name.replace("_", "-")
        changed.update(put(id_, value))
    return {"figures": changed}


def restated(*some: Figure) -> Changes:
    return {"restated": some}


def again(id_: str, value: str | None, **more: Any) -> Changes:  # noqa: ANN401 - any field
    """The review restates a figure of the clean case."""
    return restated(put(id_, value, source="核查报告", **more)[id_])


def award(row: str, score: str, **more: Any) -> Changes:  # noqa: ANN401 - any field
    return {"awards": {row: {"award": Decimal(score), **more}}}


def bonus(count: int = 1, title: str = "集体奖", issuer: str = "市政府") -> tuple[ClaimBonus, ...]:
    return tuple(
        ClaimBonus(item=f"item-{number}", title=title, points=Decimal(1), issuer=issuer)
        for number in range(count)
    )


def rubric(before: str, after: str) -> Changes:
    assert before in RUBRIC
    return {"rubric": RUBRIC.replace(before, after, 1)}


SUBMITTED = date(2024, 7, 30)


def covering(department: tuple[str, ...], whole: tuple[str, ...]) -> tuple[Step, ...]:
    """Two scopes are defined by the units that they cover."""
    units = [ListUnit(member=member, name=member) for member in ("one", "two")]
    scopes = [
        DefineScope(scope=scope, members=members)
        for scope, members in (("部门", department), ("全局", whole))
    ]
    return tuple(("filer", SUBMITTED, command) for command in (*units, *scopes))


def document(id_: str, title: str) -> Step:
    """The unit registers a document of one number."""
    registered = RegisterDocument(
        document=f"document-{id_}",
        title=title,
        sha256=id_ * 64,
        form="copy",
        parts=("正文",),
        number="财绩〔2024〕1号",
    )
    return ("filer", SUBMITTED, registered)


def published(sha256: str) -> Step:
    material = PublishMaterial(title="自评报告", place="网站", document="document-a", sha256=sha256)
    return ("filer", SUBMITTED, material)


def subtotal(*path: str, **printed: Any) -> Step:  # noqa: ANN401 - any number of it
    label = "、".join(path) or "合计"
    return (
        "filer",
        SUBMITTED,
        PrintSubtotal(item="subtotal", label=label, column="claimed", path=path, **printed),
    )


@dataclass(frozen=True)
class Pair:
    """Two neighbours: what makes a check fire, what does not, and words of the message."""

    check: str
    fires: Changes
    quiet: Changes
    words: tuple[str, ...] = ()
    severity: str = "warning"

    def __str__(self) -> str:
        return f"{self.check}: {' '.join(self.words)}"


LATE = "2024-08-25T10:00:00.000000Z"
MONTH = "2024-08-24T10:00:00.000000Z"
EVIDENCE_A, EVIDENCE_B = ("a" * 64,), ("b" * 64,)
DEDUCTIONS = """\
shape = "deductions"
out_of = "20"
deductions = [{ figure = "problems", when = "each", points = "0.5", elsewhere = [] }]
"""
INCIDENTS = tuple(one.id for one in FIGURES.values() if one.indicator == "incidents")
NO_INCIDENTS: Mapping[str, None] = {
    one.id: None for one in FIGURES.values() if one.indicator == "incidents"
}
LEFT_TO_PEOPLE = """\
shape = "discretion"
full_if = [{}]
deduct = "[0,20]"
out_of = "20"
"""


PAIRS = (
    # Time -----------------------------------------------------------------------------------------
    Pair("recorded-late", {"recorded": LATE}, {"recorded": MONTH}, ("31",), "note"),
    Pair(
        "dated-ahead",
        {"recorded": "2024-08-18T10:00:00.000000Z"},
        {"recorded": "2024-08-19T10:00:00.000000Z"},
        ("2024-08-20", "2024-08-18"),
    ),
    Pair(
        "dated-before-cause",
        {"submitted_on": date(2024, 7, 24)},
        {"submitted_on": date(2024, 7, 25)},
        ("2024-07-24", "2024-07-25"),
        "note",
    ),
    Pair(
        "dated-before-cause",
        {"issued_on": date(2024, 7, 29)},
        {"issued_on": date(2024, 7, 30)},
        ("2024-07-29", "2024-07-30"),
        "note",
    ),
    Pair(
        "date-implausible",
        {"bonus": (replace(bonus()[0], commended=TO_COME),), "refused": {"item-0": "条款"}},
        {"bonus": (replace(bonus()[0], commended=SUBMITTED),), "refused": {"item-0": "条款"}},
        ("2024-12-31",),
        "note",
    ),
    Pair("no-consultation", {"draft": False}, {"draft": True}, ("21",), "note"),
    # Scores ---------------------------------------------------------------------------------------
    Pair(
        "printed-totals",
        {"printed_self": {"printed_total": Decimal("98.01")}},
        {"printed_self": {"printed_total": Decimal("98.00")}},
        ("98.01", "98.00", "+0.01"),
        "error",
    ),
    Pair(
        "printed-totals",
        {"printed_self": {"printed_base": Decimal(99)}},
        {"printed_self": {"printed_base": Decimal(98)}},
        ("99", "98.00", "+1.00"),
        "error",
    ),
    Pair(
        "printed-totals",
        {"printed_self": {"printed_bonus": Decimal(1)}},
        {"printed_self": {"printed_bonus": Decimal(0)}},
        ("+1.00",),
        "error",
    ),
    Pair(
        "printed-totals",
        {"printed_self": {"printed_grade": "良"}},
        {"printed_self": {"printed_grade": "优"}},
        ("良", "优", "98.00"),
        "error",
    ),
    Pair(
        "printed-totals",
        {"printed": {"printed_total": Decimal("97.99")}},
        {"printed": {"printed_total": Decimal("98.00")}},
        ("97.99", "98.00", "-0.01", "照印"),
    ),
    Pair(
        "claim-above-rule",
        {"claims": {"spending": "18.01"}},
        {"claims": {"spending": "18.01"}, **award("spending", "18.00")},
        ("18.01", "18.00", "+0.01", "98.00"),
    ),
    Pair(
        "claim-below-rule",
        {"claims": {"spending": "17.99"}},
        {"claims": {"spending": "17.99"}, **award("spending", "18.00")},
        ("17.99", "18.00", "-0.01"),
        "note",
    ),
    Pair(
        "claimed-total-by-standard",
        {"claims": {"spending": "19"}, **figures(problems="2")},
        {"claims": {"spending": "19"}},
        ("99.00", "97.00", "20.00", "19.00", "18.00"),
    ),
    Pair(
        "claimed-total-by-standard",
        {
            "claims": {"spending": "19"},
            **figures(problems="2"),
            "awards": {
                "spending": {"award": Decimal(18)},
                "incidents": {"award": Decimal(19)},
            },
        },
        {"claims": {"spending": "18"}},
        ("99.00", "97.00"),
        "note",
    ),
    Pair(
        "awarded-total-by-standard",
        {
            "awards": {
                "spending": {"award": Decimal(17)},
                "incidents": {"award": Decimal(18)},
            }
        },
        award("spending", "17.00"),
        ("95.00", "98.00", "17.00", "18.00", "20.00"),
    ),
    Pair(
        "full-marks-on-nothing",
        {
            **rubric(DEDUCTIONS, LEFT_TO_PEOPLE.format("")),
            "figures": {**NO_INCIDENTS},
            "confirmed": {"incidents": {"evidence": ()}},
        },
        {**rubric(DEDUCTIONS, LEFT_TO_PEOPLE.format("")), "figures": {**NO_INCIDENTS}},
        ("incidents", "20.00"),
    ),
    Pair(
        "full-marks-on-nothing",
        {
            **rubric(DEDUCTIONS, LEFT_TO_PEOPLE.format("")),
            "figures": {**NO_INCIDENTS},
            "confirmed": {"incidents": {"evidence": ()}},
        },
        {
            **rubric(DEDUCTIONS, LEFT_TO_PEOPLE.format("")),
            "confirmed": {"incidents": {"evidence": ()}},
        },
        ("incidents",),
    ),
    Pair(
        "confirmed-without-figure",
        {"unconfirmed": INCIDENTS},
        {"unconfirmed": INCIDENTS[1:]},
        ("6", "1", "incidents"),
        "note",
    ),
    Pair(
        "figures-off-the-rule",
        {
            "unconfirmed": INCIDENTS,
            **restated(figure("letters", "incidents", "3", "封")),
        },
        restated(figure("letters", "incidents", "3", "封")),
        ("letters", "3", "20.00"),
    ),
    Pair(
        "award-without-evidence",
        {"confirmed": {"economy": {"evidence": ()}, "goals": {"evidence": ()}}},
        {},
        ("2", "economy", "goals"),
    ),
    Pair(
        "reason-against-score",
        award("spending", "17.00", justification="支出偏慢，扣 2 分"),
        award("spending", "17.00", justification="支出偏慢，扣 3 分"),
        ("2", "17.00", "3"),
    ),
    Pair(
        "reason-against-score",
        award("spending", "17.00", justification="情况属实，给满分"),
        award("spending", "17.00", justification="不能给满分"),
        ("给满分", "17.00", "3"),
    ),
    Pair(
        "reason-against-score",
        {"confirmed": {"economy": {"justification": "超支，扣 1 分"}}},
        {"confirmed": {"economy": {"justification": "自评扣 1 分，予以恢复"}}},
        ("1", "10.00"),
    ),
    Pair(
        "award-off-the-rule",
        award("spending", "17.99"),
        {"claims": {"spending": "17.99"}, **award("spending", "18.00")},
        ("18.00", "17.99", "-0.01", "98.00"),
    ),
    Pair(
        "award-off-the-rule",
        award("spending", "18.50"),
        {},
        ("18.00", "18.50", "+0.50", "98.00"),
    ),
    Pair(
        "award-without-clause",
        {"claims": {"spending": "17"}, **award("spending", "18.00", clause="")},
        {"claims": {"spending": "17"}, **award("spending", "18.00")},
        ("18.00", "17.00"),
    ),
    Pair("rule-undecided", figures(problems=None), {}, ("problems", "20.00", "78.00")),
    Pair(
        "rule-undecided",
        {**figures(problems=None), "claims": {"incidents": "19"}},
        {"claims": {"incidents": "19"}},
        ("problems", "20.00"),
        "note",
    ),
    Pair(
        "rule-undecided",
        rubric(DEDUCTIONS, LEFT_TO_PEOPLE.format('"problem-free"')),
        rubric(DEDUCTIONS, LEFT_TO_PEOPLE.format("")),
        ("problem-free", "20.00"),
    ),
    Pair(
        "raised-above-claim",
        {"claims": {"spending": "17"}, **award("spending", "18.00")},
        {"claims": {"spending": "18"}},
        ("17.00", "18.00", "97.00"),
        "note",
    ),
    Pair(
        "total-hides-moves",
        {
            "claims": {"spending": "17"},
            "awards": {
                "spending": {"award": Decimal(18)},
                "economy": {"award": Decimal("9.5")},
            },
        },
        {"claims": {"spending": "17"}, **award("spending", "18.00")},
        ("97.00", "97.50", "+0.50", "+1.00", "-0.50"),
        "note",
    ),
    Pair(
        "claim-restated",
        {"claims_restated": {"spending": "20"}},
        {"claims_restated": {"spending": "18"}},
        ("18.00", "20.00", "100.00"),
    ),
    Pair(
        "claim-restated",
        {"claims_restated": {"bonus": "1"}},
        {"claims_restated": {"bonus": "0"}},
        ("0.00", "1.00", "99.00"),
    ),
    Pair("cut-without-finding", {"findings": ()}, {"findings": ("spending",)}, ("2.00", "1", "0")),
    Pair(
        "cut-off-the-steps",
        award("incidents", "19.70"),
        {**figures(problems="1"), "claims": {"incidents": "19.5"}},
        ("0.3", "0.5"),
    ),
    Pair(
        "cut-off-the-steps",
        award("incidents", "19.00"),
        {**figures(problems="2"), **award("incidents", "19.00")},
        ("2", "0.5", "0"),
    ),
    Pair(
        "evidence-cut-once",
        {
            **award("incidents", "19.00", evidence=EVIDENCE_A),
            "confirmed": {"economy": {"evidence": EVIDENCE_A}},
        },
        {
            **award("incidents", "19.00", evidence=EVIDENCE_A),
            "confirmed": {"economy": {"evidence": EVIDENCE_B}},
        },
        ("材料a",),
    ),
    # Bonus ----------------------------------------------------------------------------------------
    Pair(
        "bonus-beyond-cap",
        {"bonus": bonus(4), "reviewed": False},
        {"bonus": bonus(4), "refused": {f"item-{number}": "条款" for number in range(4)}},
        ("4", "4.00", "3"),
        "note",
    ),
    Pair(
        "bonus-beyond-cap",
        {"bonus": bonus(4), "reviewed": False},
        {"bonus": bonus(3), "reviewed": False},
        ("4.00",),
        "note",
    ),
    Pair(
        "bonus-left-out",
        {"bonus": bonus(), "refused": {"item-0": ""}},
        {"bonus": bonus(), "refused": {"item-0": "加分条款"}},
        ("集体奖", "99.00", "98.00"),
    ),
    Pair(
        "bonus-left-out",
        {
            "bonus": bonus(4),
            "recognised": ("item-0", "item-1", "item-2"),
            "refused": {"item-3": ""},
            "awards": {"spending": {"award": Decimal(18)}},
            "claims": {"spending": "17"},
        },
        {"bonus": bonus(), "recognised": ("item-0",)},
        ("3", "4"),
        "note",
    ),
    Pair(
        "rate-with-bonus",
        {"bonus": bonus(), "recognised": ("item-0",)},
        {"bonus": bonus(), "refused": {"item-0": "加分条款"}},
        ("99.00%", "98.00%"),
        "note",
    ),
    Pair(
        "bonus-off-the-standard",
        {"bonus": bonus(issuer="某协会"), "recognised": ("item-0",)},
        {"bonus": bonus(issuer="市政府"), "recognised": ("item-0",)},
        ("某协会", "98.00"),
    ),
    Pair(
        "bonus-off-the-standard",
        {"bonus": bonus(title="先进个人"), "recognised": ("item-0",)},
        {"bonus": bonus(title="先进个人"), "refused": {"item-0": "加分条款"}},
        ("先进个人", "98.00"),
    ),
    # Documents ------------------------------------------------------------------------------------
    Pair("figure-restated", again("spent", "89.00"), again("spent", "95.0"), ("95.00", "89.00")),
    Pair(
        "figure-restated",
        again("spent", "89.00", scope="本级"),
        again("spent", "95.00", scope="本级"),
        ("18.00", "5.00"),
    ),
    Pair(
        "figure-restated",
        again("costs", "79.00"),
        again("costs", "79.00", scope="本级"),
        ("80.00", "79.00"),
        "note",
    ),
    Pair(
        "figure-restated",
        again("contracts-in-time-said", "no"),
        again("contracts-in-time-said", "yes"),
        ("yes", "no"),
    ),
    Pair(
        "target-changed",
        restated(figure("roads", "goals", "10", "公里", target="≥20")),
        restated(figure("roads", "goals", "10", "公里", target="≥10.0")),
        ("≥10", "≥20", "30.00", "20.00"),
        "error",
    ),
    Pair(
        "target-changed",
        restated(figure("lifts", "goals", "5", "台", target="≥5")),
        restated(figure("lifts", "goals", "5", "台", target="≤5")),
        ("≤5", "≥5"),
        "error",
    ),
    Pair("figure-dropped", again("problems", None), again("problems", "0"), ("problems", "0")),
    Pair(
        "figure-dropped",
        restated(figure("roads", "goals", "10", "公里")),
        restated(figure("roads", "goals", "10", "公里", target="≥10")),
        ("≥10",),
    ),
    Pair(
        "goal-not-printed",
        {"unconfirmed": ("roads",)},
        {"unconfirmed": ("costs",)},
        ("roads", "1"),
    ),
    Pair(
        "goal-class-differs",
        {
            "figures": put("roads", "10", goal_class="数量指标"),
            **again("roads", "10", goal_class="质量指标"),
        },
        {
            "figures": put("roads", "10", goal_class="数量指标"),
            **again("roads", "10", goal_class="数量指标"),
        },
        ("roads", "数量指标", "质量指标"),
        "note",
    ),
    Pair(
        "number-with-two-titles",
        {"before": (document("a", "甲报告"), document("b", "乙报告"))},
        {"before": (document("a", "甲报告"), document("b", "甲报告"))},
        ("财绩〔2024〕1号", "甲报告", "乙报告"),
        "note",
    ),
    Pair(
        "published-otherwise",
        {"before": (document("a", "自评报告"), published("b" * 64))},
        {"before": (document("a", "自评报告"), published("a" * 64))},
        ("自评报告", "网站"),
    ),
    Pair(
        "printed-subtotals",
        {"before": (subtotal("管理", printed_score=Decimal("67.99")),)},
        {"before": (subtotal("管理", printed_score=Decimal(68)),)},
        ("管理", "67.99", "68.00", "-0.01"),
        "error",
    ),
    Pair(
        "printed-subtotals",
        {"before": (subtotal("管理", printed_weight=Decimal(71)),)},
        {"before": (subtotal("管理", printed_weight=Decimal(70)),)},
        ("71", "70.00", "+1.00"),
    ),
    Pair(
        "printed-subtotals",
        {"before": (subtotal("管理", printed_score=Decimal(68), printed_rate=Decimal("97.2")),)},
        {"before": (subtotal("管理", printed_score=Decimal(68), printed_rate=Decimal("97.1")),)},
        ("97.2", "97.1"),
    ),
    Pair(
        "printed-subtotals",
        {"before": (subtotal(printed_score=Decimal(97)),)},
        {"before": (subtotal(printed_score=Decimal(98)),)},
        ("97", "98.00"),
        "error",
    ),
    Pair(
        "goal-not-submitted",
        restated(figure("bridges", "goals", "0", "座", target="≥2")),
        restated(figure("bridges", "goals", "0", "座")),
        ("1", "bridges", "30.00", "22.50"),
    ),
    Pair(
        "scope-differs",
        again("spent", "95.00", scope="本级"),
        again("spent", "95.00"),
        ("部门", "本级", "spent"),
    ),
    Pair(
        "scope-differs-value-same",
        again("spent", "95.00", scope="本级"),
        again("spent", "95.01", scope="本级"),
        ("95.00",),
        "note",
    ),
    # Figures --------------------------------------------------------------------------------------
    Pair(
        "finer-than-unit", figures(costs="80.001"), figures(costs="80.01"), ("80.001", "3"), "note"
    ),
    Pair(
        "scopes-mixed",
        {"figures": put("limit", "100.00", scope="本级")},
        {"figures": {**put("limit", "100.00", scope="本级"), **put("costs", "80.00", scope="")}},
        ("部门", "本级", "costs", "limit"),
    ),
    Pair(
        "scopes-mixed",
        {"figures": put("budget", "100.00", scope="本级")},
        {
            "figures": {
                **put("budget", "100.00", scope="本级"),
                **put("spent", "95.00", scope="本级"),
            }
        },
        ("spent", "budget"),
    ),
    Pair(
        "scopes-mixed",
        {"figures": put("limit", "100.00", scope="全局"), "before": covering(("one",), ("two",))},
        {"figures": put("limit", "100.00", scope="全局"), "before": covering(("one",), ("one",))},
        ("部门", "全局"),
    ),
    Pair("decided-by-a-hair", figures(costs="99.99"), figures(costs="99.98"), ("0.01", "99.99")),
    Pair("decided-by-a-hair", figures(costs="100.01"), figures(costs="100.00"), ("100.01",)),
    Pair("decided-by-a-hair", figures(roads="10.001"), figures(roads="10.002"), ("0.001",)),
    Pair(
        "negative-duration",
        figures(signing_road="2023-11-09/2023-11-08"),
        figures(signing_road="2023-11-09/2023-11-09"),
        ("1", "0.00", "10.00"),
        "error",
    ),
    Pair(
        "negative-duration",
        {"figures": {"other": figure("other", "goals", "2023-11-09/2023-11-08", kind="interval")}},
        figures(filing_road="2023-11-24/2022-11-24"),
        ("2023-11-08",),
    ),
    Pair(
        "duration-too-long",
        figures(signing_road="2023-11-09/2023-12-10"),
        figures(signing_road="2023-11-09/2023-12-09"),
        ("31", "0 to 30 days", "0.00", "10.00"),
        "error",
    ),
    Pair(
        "duration-too-long",
        figures(signing_road="2023-11-09/2023-12-10"),
        {
            **figures(signing_road="2023-11-09/2023-12-10"),
            "claims": {"contracts": "0"},
        },
        ("31",),
        "error",
    ),
    Pair(
        "duration-too-long",
        figures(filing_road="2023-11-24/2023-12-05"),
        figures(filing_road="2023-11-24/2023-12-04"),
        ("11", "at most 10 days"),
        "error",
    ),
    Pair(
        "duration-too-long",
        figures(payment="2023-11-24/2023-12-10"),
        figures(payment="2023-11-24/2023-12-09"),
        ("16", "0～15 天", "9.00", "10.00"),
        "error",
    ),
    Pair(
        "date-after-document",
        figures(report_finished_on="2024-07-31"),
        figures(report_finished_on="2024-07-30"),
        ("2024-07-31", "2024-07-30"),
    ),
    Pair(
        "one-thing-two-names",
        {"figures": put("filing-road", "2023-11-24/2023-11-20", name="修桥（备案）")},
        {"figures": put("filing-road", "2023-11-24/2023-11-20", name="修路（公开）")},
        ("修路", "修桥"),
        "note",
    ),
    Pair("actual-repeats-target", figures(service="提高"), figures(service="优"), ("提高",)),
    Pair(
        "goal-without-grade",
        {"figures": put("service", "yes", kind="yes-no"), **rubric('"优" = "100"', '"优" = "95"')},
        {**rubric('"优" = "100"', '"优" = "95"')},
        ("1", "优", "95", "29.50", "30.00"),
    ),
    Pair(
        "goal-overshot",
        figures(roads="15.1"),
        figures(roads="15"),
        ("15.1", "151", "50"),
        "note",
    ),
    Pair(
        "award-by-fewer-goals",
        {**figures(roads="8"), "claims": {"goals": "28"}, **award("goals", "30.00")},
        {**figures(roads="8"), "claims": {"goals": "28"}, **award("goals", "29.00")},
        ("30.00", "3", "1", "28.00"),
        "note",
    ),
    # Identities -----------------------------------------------------------------------------------
    Pair(
        "sum-does-not-hold",
        figures(spent_basic="60.01"),
        figures(spent_basic="60"),
        ("95.00", "95.01", "-0.01"),
        "error",
    ),
    Pair("sum-does-not-hold", figures(staff="11"), figures(staff="10"), ("11", "10", "+1")),
    Pair(
        "sum-does-not-hold",
        {"figures": {**put("spent", "95"), **put("spent-basic", "60.01")}},
        {"figures": {**put("spent", "95"), **put("spent-basic", "60.00")}},
        ("95.01", "-0.01"),
        "note",
    ),
    Pair(
        "printed-rate",
        figures(rate_printed="94.99"),
        figures(rate_printed="95"),
        ("94.99", "95.00"),
        "error",
    ),
    Pair(
        "printed-rate",
        {"figures": {**put("spent", "95.40"), **put("rate-printed", "95")}},
        {"figures": {**put("spent", "95.40"), **put("rate-printed", "95.4")}},
        ("95", "95.40"),
        "note",
    ),
    Pair(
        "printed-rate-against-score",
        figures(rate_printed="89.99"),
        figures(rate_printed="90.00"),
        ("89.99", "5.00", "18.00", "85.00"),
        "error",
    ),
    Pair(
        "copies-differ",
        figures(rate_in_attachment="9.50"),
        figures(rate_in_attachment="95.0"),
        ("95.00%", "9.50%"),
        "error",
    ),
    Pair(
        "copies-differ",
        {"figures": put("rate-in-attachment", "9.50", scope="本级")},
        {"figures": put("rate-in-attachment", "9.50", scope="本级", unit="元")},
        ("95.00%", "9.50%"),
    ),
    Pair("count-differs", figures(goals_said="4"), figures(goals_said="3"), ("4", "3"), "error"),
    Pair(
        "count-differs", figures(goals_met_said="3"), figures(goals_met_said="2"), ("3",), "error"
    ),
    Pair("count-differs", figures(contracts_said="2"), figures(contracts_said="1"), ("2", "1")),
    Pair("count-differs", figures(persons_said="1"), figures(persons_said="0"), ("1", "0")),
    Pair(
        "count-differs",
        {"bonus": bonus(title="先进个人"), "refused": {"item-0": "加分条款"}},
        {
            **figures(persons_said="1"),
            "bonus": bonus(title="先进个人"),
            "refused": {"item-0": "加分条款"},
        },
        ("0", "1"),
    ),
    Pair(
        "deadline-of-notice-missed",
        figures(notice_to_report="2023-12-01/2023-12-22"),
        figures(notice_to_report="2023-12-01/2023-12-20"),
        ("21", "20"),
    ),
    Pair(
        "limit-not-in-standard",
        figures(days_applied="15"),
        figures(days_applied="10.0"),
        ("15", "10"),
    ),
    Pair("count-differs", figures(rows_said="5"), figures(rows_said="6"), ("5", "6")),
    Pair("count-differs", figures(aspects_said="4"), figures(aspects_said="3"), ("4", "3")),
    Pair(
        "net-hides-parts",
        figures(income_after="105.00", income_a_after="70.00", income_b_after="34.99"),
        figures(income_after="105.00", income_a_after="70.00", income_b_after="35.00"),
        ("+5.00%", "+16.67%", "-12.53%"),
    ),
    Pair(
        "net-printed-as-rate",
        figures(transfer_rate="10.00"),
        figures(transfer_rate="10.01"),
        ("10.00%", "10.000%"),
    ),
    Pair(
        "addition-not-reported",
        figures(additions="0"),
        figures(additions="0.01"),
        ("6.00", "+10.00%"),
    ),
    Pair(
        "said-in-order",
        figures(signing_road="2023-11-09/2023-12-10"),
        figures(signing_road="2023-11-09/2023-12-10", contracts_in_time_said="no"),
        ("0.00", "10.00"),
        "error",
    ),
    Pair(
        "said-at-fault",
        figures(problems_admitted="1"),
        {
            **figures(problems_admitted="1", problems="1"),
            "claims": {"incidents": "19.5"},
        },
        ("1", "20.00"),
    ),
    Pair(
        "fact-treated-twice",
        award("incidents", "19.00"),
        {},
        ("roads", "：“问题”（incidents）（19.00/20.00）因此失分，“目标完成”（goals）但计满"),
    ),
    Pair(
        "party-misnamed",
        figures(agency_printed="某局"),
        figures(agency_printed="核查公司"),
        ("某局", "核查公司", "被评价单位"),
        "note",
    ),
    Pair(
        "party-misnamed",
        figures(agency_printed="别的公司"),
        figures(agency_printed="核查公司"),
        ("别的公司", "核查公司"),
    ),
    Pair(
        "printed-actual-repeats-target",
        figures(service_printed="提高"),
        figures(service_printed="提高了"),
        ("提高",),
    ),
    # The rubric -----------------------------------------------------------------------------------
    Pair(
        "band-gap",
        rubric('"[90,100]"', '"[91,-)"'),
        {"rubric": RUBRIC.replace('"[90,100]"', '"[90,-)"').replace('"[0,90)"', '"(-,90)"', 1)},
        ("(90,91)",),
        "note",
    ),
    Pair("band-gap", rubric('"[90,100]"', '"[90,100)"'), {}, ("100",), "note"),
    Pair(
        "band-gap",
        rubric('"[0,90)"', '"[0,89.98]"'),
        rubric('"[0,90)"', '"[0,89.99]"'),
        ("(89.98,90)",),
        "note",
    ),
    Pair(
        "tie-undefined",
        rubric('equal = "full"', 'equal = "no-score"'),
        rubric('equal = "full"', 'equal = "zero"'),
        ("economy", "“节约”（economy）：标准未规定"),
        "note",
    ),
    Pair(
        "repeated-name",
        rubric('"采购", "合同备案"', '"采购", "合同及时"'),
        {},
        ("合同及时", "2", "contracts", "filing"),
        "note",
    ),
    Pair(
        "weights-above-cap",
        rubric('cap = "100"', 'cap = "99"'),
        {},
        ("100", "99", "1"),
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_it_fires_here_and_stays_quiet_next_door(pair: Pair) -> None:
    found = findings(pair.check, told(**pair.fires))

    assert len(found) >= 1
    message = found[0].message
    for word in pair.words:
        said_in_both_languages(word, message)
    assert {one.severity for one in found} == {pair.severity}
    for one in found:
        in_both_languages(one.message)
    assert findings(pair.check, told(**pair.quiet)) == []


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_an_objection_a_correction_and_an_upheld_appeal_change_nothing(pair: Pair) -> None:
    fires, quiet = told(**pair.fires), told(**pair.quiet)

    (before, *_), (after, *_) = (
        outcomes(pair.check, *history) for history in (ready(**vars(fires)), lived_on(fires))
    )
    assert after.severity == before.severity
    assert outcomes(pair.check, *lived_on(quiet)) == []


def said_in_both_languages(word: str, text: Text) -> None:
    """Numbers stand in either language, words in one of them."""
    zh, en = (language.replace(" %", "%") for language in text)
    if re.fullmatch(r"[-+\d.%/<>≤≥–]+", word):
        assert word in zh, text
        assert word in en, text
    assert word in zh + en, text


def in_both_languages(text: Text) -> None:
    """Chinese with its own punctuation, English in words."""
    sentence = re.sub(r"[\[(][^\])]*[\])]|\d:\d", "", text.zh)  # intervals and hours keep theirs

    assert re.search(r"[\u4e00-\u9fff]{2}", text.zh), text.zh
    assert not re.search(r"[,;:!?]", sentence), text.zh
    assert re.search(r"[a-z]+ [a-z]+", text.en), text.en


@pytest.mark.parametrize(
    ("number", "places", "written"),
    [
        ("-1/1000", 2, "0.00"),
        ("-1/200", 2, "-0.01"),
        ("1/200", 2, "0.01"),
        ("4999/1000000", 2, "0.00"),
        ("100000000000000000000000000000000001/2", 0, "50000000000000000000000000000000001"),
    ],
)
def test_a_rate_is_rounded_half_up_however_large(number: str, places: int, written: str) -> None:
    assert f"{to_places(Fraction(number), places):f}" == written


def test_every_check_of_figures_and_scores_has_a_pair() -> None:
    of_the_record = {name_of(check) for check in CHECKS if check.__module__ == record.__name__}

    elsewhere = {
        "recorded-in-the-future",
        "deadline-missed",
        "upheld-and-lowered",
        "contested-row-moved",
    }

    assert {pair.check for pair in PAIRS} | of_the_record | elsewhere == {
        name_of(check) for check in CHECKS
    }


def test_nothing_is_recorded_later_than_now() -> None:
    history, editions = ready()
    last = history[-1]

    def found(now: str | None) -> list[str]:
        return [one.check for one in check_case(history, editions, now=now)]

    assert found("2024-01-01T00:00:00.000000Z").count("recorded-in-the-future") == len(history)
    assert "recorded-in-the-future" not in found(last.at)
    assert "recorded-in-the-future" not in found(None)


@pytest.mark.parametrize("check", ["dated-before-cause", "date-implausible"])
def test_what_older_programs_did_not_ask_about_is_a_warning(check: str) -> None:
    (pair, *_) = (one for one in PAIRS if one.check == check)
    history, editions = ready(**pair.fires)
    old = [replace(one, rules=STRICTER["date"].since - 1, confirmed=()) for one in history]

    found = [one for one in check_case(old, editions) if one.check == check]

    assert {one.severity for one in found} == {"warning"}


def test_a_self_column_of_the_same_total_says_that_the_totals_hide_it() -> None:
    same = {"claims_restated": {"spending": "20", "economy": "8"}}
    other = {"claims_restated": {"spending": "20", "economy": "9"}}

    (hidden,) = findings("claim-restated", told(**same))
    (seen,) = findings("claim-restated", told(**other))

    assert "both add up to 98.00, so the totals hide it" in hidden.message.en
    assert "98.00 claimed in total, 99.00 by the column" in seen.message.en


NUMBERED = ("spent", "budget", "costs", "limit", "rate-printed", "income-before", "income-after")


@settings(max_examples=20)
@given(st.lists(st.sampled_from(NUMBERED), min_size=1, unique=True), st.data())
def test_no_number_is_too_odd_to_be_checked(ids: list[str], data: st.DataObject) -> None:
    changed = {id_: put(id_, data.draw(NUMBERS))[id_] for id_ in ids}
    claims = {"spending": "0", "economy": "0"}

    for finding in everything(told(figures=changed, claims=claims)):
        in_both_languages(finding.message)


def test_only_what_was_submitted_last_is_held_against_the_rows() -> None:
    history, editions = ready()
    at = next(
        at for at, one in enumerate(history) if isinstance(one.event, SelfEvaluationSubmitted)
    )
    first = replace(history[at].event, printed_total=Decimal(97))
    history.insert(at, replace(history[at], event=first))

    found = check_case(history, editions)

    assert [one for one in found if one.check == "printed-totals"] == []


def test_a_gap_of_one_total_is_no_gap_around_it() -> None:
    bands = RUBRIC.replace('"[90,100]"', '"(90,100]"').replace('"[0,90)"', '"[0,89.99]"', 1)

    (finding,) = findings("band-gap", told(rubric=bands))

    assert finding.message == Text("没有等级的总分：90", "totals without a grade: 90")


def test_a_score_stands_alone_and_a_silent_rule_says_why() -> None:
    (lower,) = findings("figure-restated", told(**again("spent", "89.00")))
    (higher,) = findings(
        "figure-restated", told(figures=put("spent", "101"), **again("spent", "95"))
    )

    assert lower.message.zh.endswith("“支出率”（spending）按标准得分为 18.00，而非 5.00")
    assert lower.message.en.endswith("the rule gives spending 18.00 instead of 5.00")
    assert "0.00～20.00，而非 18.00（101 不在 [0,100] 内，没有对应的档次）" in higher.message.zh


def test_a_verdict_before_there_is_an_award_names_none() -> None:
    late = told(
        **again("contracts-in-time-said", "yes"),
        figures={**put("signing-road", "2023-11-09/2023-12-10")},
    )
    history, editions = ready(**vars(late))
    at = next(one.version for one in history if isinstance(one.event, FigureRestated))

    (finding,) = outcomes("said-in-order", history[:at], editions)

    assert "None" not in str(finding.message)
    assert "10.00 claimed; rule result 0.00" in finding.message.en
