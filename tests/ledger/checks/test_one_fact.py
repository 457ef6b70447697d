"""What several checks say of one fact is one finding, and of two facts two."""

from ledger.checks import SEVERITIES
from ledger.checks.discrepancy import Discrepancy, Reading, Severity
from ledger.checks.one_fact import one_per_fact
from ledger.language import Text
from tests.support.clean_case import FIGURES, everything, figure, told


def finding(
    check: str, *events: int, severity: Severity = "warning", indicator: str | None = "row"
) -> Discrepancy:
    return Discrepancy(
        severity=severity,
        message=Text(f"关于{check}", f"about {check}"),
        indicator=indicator,
        events=events,
        documents=(check,),
        check=check,
    )


def names(found: list[Discrepancy]) -> list[tuple[str, ...]]:
    return [(one.check, *(reading.check for reading in one.readings)) for one in found]


def test_what_names_the_same_event_of_a_row_follows_the_one_that_leads() -> None:
    claim, award = finding("claim-above-rule", 1, 2), finding("award-off-the-rule", 2, 3)

    (one,) = one_per_fact([claim, award])

    assert (one.check, one.message) == ("award-off-the-rule", award.message)
    assert one.readings == (Reading("claim-above-rule", claim.message),)
    assert one.events == (1, 2, 3)
    assert one.documents == ("award-off-the-rule", "claim-above-rule")


def test_the_gravest_severity_is_that_of_the_fact() -> None:
    found = [
        finding("award-off-the-rule", 1, severity="warning"),
        finding("goal-overshot", 1, severity="note"),
        finding("said-in-order", 1, severity="error"),
    ]

    (one,) = one_per_fact(found)

    assert one.severity == SEVERITIES[0]


def test_another_row_or_another_event_is_another_fact() -> None:
    award = finding("award-off-the-rule", 1)

    assert len(one_per_fact([award, finding("claim-above-rule", 1, indicator="other")])) == 2
    assert len(one_per_fact([award, finding("claim-above-rule", 2)])) == 2
    assert len(one_per_fact([award, finding("target-changed", 1)])) == 2


def test_a_count_leads_from_one_row_to_another() -> None:
    found = [finding("count-differs", 1), finding("one-thing-two-names", 1, indicator="other")]

    assert names(one_per_fact(found)) == [("count-differs", "one-thing-two-names")]


def test_what_follows_a_follower_is_of_the_same_fact() -> None:
    found = [
        finding("negative-duration", 1),
        finding("said-in-order", 1, 2),
        finding("award-off-the-rule", 2, 3),
    ]

    assert names(one_per_fact(found)) == [
        ("negative-duration", "said-in-order", "award-off-the-rule")
    ]


def test_contracts_that_were_signed_before_the_notice_are_one_fact() -> None:
    early = figure(
        "signing-road", "contracts", "2023-11-09/2023-11-08", kind="interval", name="修路（签）"
    )

    (one,) = everything(told(figures={**FIGURES, "signing-road": early}))

    assert one.severity == "error"
    assert names([one]) == [
        ("negative-duration", "award-off-the-rule", "claim-above-rule", "said-in-order")
    ]
