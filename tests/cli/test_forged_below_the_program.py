"""Histories that the program would have refused, written past it into the store itself.

The bytes are in order. What nobody may do, or not both of them, `verify` finds all the same, by the
rule that is broken, and `check` by what it means.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest

from cli.failure import BROKEN
from ledger.codec import encoded, link
from ledger.commands import AdjustScore, CorrectResult, LodgeAppeal
from ledger.envelope import Actor, IdempotencyKey, RecordedEvent
from ledger.events import (
    AdjustmentCountersigned,
    AppealDecided,
    CaseClosed,
    CaseReopened,
    DraftSent,
    Event,
    EvidenceFiled,
    RectificationAccepted,
    RectificationResponded,
    ResultIssued,
    ReviewCommissioned,
    Ruling,
    ScoreAdjusted,
    ScoreClaimed,
)
from ledger.ledger import Ledger
from ledger.rule_editions import CURRENT
from ledger.store import NewEntry, Store
from tests.support.later_life import (
    CONTESTED,
    DRAFTED,
    EXAMINED,
    HANDED_IN,
    LETTER,
    OVER,
    READY,
    WANTED_BACK,
)
from tests.support.places import Place, Places
from tests.support.small_case import CASE, Story, on
from tests.support.specification import moment, told
from tests.support.terminal import done, scoretrail

pytestmark = pytest.mark.slow

UNIT = Actor(account="filer", role="unit", organisation="market-bureau")
REVIEWER = Actor(account="reviewer", role="reviewer", organisation="review-agency")
SECOND = Actor(account="second-reviewer", role="reviewer", organisation="review-agency")
STRANGER = Actor(account="other-reviewer", role="reviewer", organisation="other-agency")
BUREAU = Actor(account="clerk", role="bureau", organisation="finance-bureau")
SECOND_CLERK = Actor(account="second-clerk", role="bureau", organisation="finance-bureau")
AUDITOR = Actor(account="auditor", role="auditor", organisation="audit-office")
ADMINISTRATOR = Actor(account="admin", role="administrator", organisation="archive")


def adjusted(before: str, award: str, ground: str = "") -> ScoreAdjusted:
    return ScoreAdjusted(
        indicator="service",
        before=Decimal(before),
        award=Decimal(award),
        justification="另有考虑",
        clause="",
        ground=ground,
        evidence=(),
    )


def decided(before: str) -> AppealDecided:
    return AppealDecided(
        appeal="complaints",
        outcome="upheld",
        number="",
        justification="投诉不实",
        clause="",
        rulings=(Ruling(indicator="service", before=Decimal(before), award=Decimal("28.00")),),
        evidence=(),
    )


ISSUED = ResultIssued(
    number="",
    computed_total=Decimal("93.00"),
    computed_grade="优",
    printed_total=Decimal("93.00"),
    printed_grade="",
    difference="",
)
LENIENT = HANDED_IN + on(
    "2023-06-12",
    (
        "reviewer",
        AdjustScore(
            indicator="plan", award=Decimal(20), justification="计划晚批", ground="受疫情影响"
        ),
    ),
)
LENIENT_LAST = EXAMINED + on(
    "2023-06-13",
    (
        "reviewer",
        AdjustScore(
            indicator="plan", award=Decimal(20), justification="计划晚批", ground="受疫情影响"
        ),
    ),
)
CORRECTION = (
    "clerk",
    CorrectResult(
        number="更1号", indicator="service", award=Decimal("26.5"), justification="重复扣分"
    ),
)
APPEAL = ("filer", LodgeAppeal(appeal="complaints", indicators=("service",), statement="不实"))
CORRECTED_FIRST = CONTESTED[:-1] + on("2024-01-09", CORRECTION, APPEAL)
CORRECTED_MEANWHILE = CONTESTED + on("2024-01-11", CORRECTION)


class Forgery(NamedTuple):
    """What was honestly recorded, and what somebody put behind it."""

    story: Story
    by: Actor
    event: Event
    check: str


FORGERIES = {
    "the unit adjusts its own score": Forgery(
        EXAMINED, UNIT, adjusted("25.50", "28.00"), "not-entitled"
    ),
    "the bureau adjusts": Forgery(EXAMINED, BUREAU, adjusted("25.50", "28.00"), "not-entitled"),
    "an agency that was not commissioned adjusts": Forgery(
        EXAMINED, STRANGER, adjusted("25.50", "28.00"), "not-entitled"
    ),
    "the agency claims for the unit": Forgery(
        READY,
        REVIEWER,
        ScoreClaimed(indicator="plan", score=Decimal("30.00"), justification="", evidence=()),
        "not-entitled",
    ),
    "the agency issues the result": Forgery(DRAFTED, REVIEWER, ISSUED, "not-entitled"),
    "the unit decides its own appeal": Forgery(CONTESTED, UNIT, decided("25.50"), "not-entitled"),
    "the bureau answers in place of the unit": Forgery(
        CONTESTED,
        BUREAU,
        RectificationResponded(request="hotline", statement="已设", evidence=()),
        "not-entitled",
    ),
    "the unit accepts its own rectification": Forgery(
        CONTESTED, UNIT, RectificationAccepted(request="payments", note=""), "not-entitled"
    ),
    "an auditor files evidence": Forgery(
        CONTESTED, AUDITOR, EvidenceFiled(evidence=LETTER), "not-entitled"
    ),
    "an administrator closes the case": Forgery(
        CONTESTED[:-1], ADMINISTRATOR, CaseClosed(unfinished=(), reason="转档"), "not-entitled"
    ),
    "the unit is its own agency": Forgery(
        READY[:-1],
        BUREAU,
        ReviewCommissioned(agency="market-bureau", agency_name="自己", number=""),
        "refused-by-rule",
    ),
    "an award is countersigned by its author": Forgery(
        LENIENT,
        REVIEWER,
        AdjustmentCountersigned(indicator="plan", adjustment=len(LENIENT) - 2, note=""),
        "signed-by-author",
    ),
    "discretion goes out with one signature": Forgery(
        LENIENT_LAST,
        REVIEWER,
        DraftSent(number="", computed_total=Decimal("83.00"), respond_by=None),
        "discretion-unsigned",
    ),
    "the author of a correction decides the appeal against it": Forgery(
        CORRECTED_FIRST, BUREAU, decided("26.50"), "signed-by-author"
    ),
    "the decider corrects what is contested and then decides": Forgery(
        CORRECTED_MEANWHILE, BUREAU, decided("26.50"), "signed-by-author"
    ),
    "one officer asks for the reopening and agrees to it": Forgery(
        WANTED_BACK,
        SECOND_CLERK,
        CaseReopened(request=len(WANTED_BACK) - 2, note=""),
        "signed-by-author",
    ),
    "a score moves after issue without document or appeal": Forgery(
        CONTESTED, REVIEWER, adjusted("25.50", "28.00"), "moved-after-issue"
    ),
    "a score moves in a closed case": Forgery(
        OVER, REVIEWER, adjusted("25.50", "28.00"), "moved-after-issue"
    ),
}


def written(story: Story, *behind: tuple[Actor, Event], ledger: Place) -> None:
    """A ledger with an honest story, and with entries that no command has made."""
    with Store.open(ledger.target) as store:
        store.append(
            [NewEntry(one.case_id, one.version, one.type, one.entry) for one in told(story)]
        )
        for by, event in behind:
            _append(store, Ledger(store).history(CASE), by, event)


def _append(store: Store, history: Sequence[RecordedEvent], by: Actor, event: Event) -> None:
    forged = encoded(
        RecordedEvent(
            case=CASE,
            version=len(history) + 1,
            at=moment(58),
            dated=date(2024, 5, 1),
            by=by,
            command=IdempotencyKey(id=f"forged-{len(history)}", sha256="0" * 64),
            prev=link(history[-1]),
            event=event,
            rules=CURRENT,
        )
    )
    store.append([NewEntry(CASE, forged.version, forged.type, forged.entry)])


def errors(ledger: Place) -> list[tuple[str, list[int]]]:
    """What `check` calls an error, with the events."""
    found = done(scoretrail(ledger, "check", CASE, "--json")).json["findings"]
    return [(one["check"], one["events"]) for one in found if one["severity"] == "error"]


@pytest.mark.parametrize("name", FORGERIES)
def test_check_reports_it(name: str, places: Places) -> None:
    forgery, ledger = FORGERIES[name], places.ledger()
    written(forgery.story, (forgery.by, forgery.event), ledger=ledger)
    last = done(scoretrail(ledger, "case", "show", CASE, "--json")).json["version"]

    assert (forgery.check, [last]) in errors(ledger)


@pytest.mark.parametrize("name", FORGERIES)
def test_verify_reports_it(name: str, places: Places) -> None:
    forgery, ledger = FORGERIES[name], places.ledger()
    written(forgery.story, (forgery.by, forgery.event), ledger=ledger)
    last = done(scoretrail(ledger, "case", "show", CASE, "--json")).json["version"]

    said = scoretrail(ledger, "verify", "--json")

    assert said.code == BROKEN
    assert {one["kind"] for one in said.json["breaks"]} <= {"rules", "drift"}
    assert {one["where"].split()[2] for one in said.json["breaks"]} == {f"v{last}"}


@pytest.mark.parametrize("name", FORGERIES)
def test_it_reports_nothing_of_the_honest_part(name: str, places: Places) -> None:
    ledger = places.ledger()
    written(FORGERIES[name].story, ledger=ledger)

    assert errors(ledger) == []
    assert done(scoretrail(ledger, "verify", "--json")).json["breaks"] == []


UNREGISTERED = {
    "an account that was never opened": Actor(
        account="nobody", role="reviewer", organisation=REVIEWER.organisation
    ),
    "an account in a role that it does not have": Actor(
        account=REVIEWER.account, role="lead-reviewer", organisation=REVIEWER.organisation
    ),
    "an account of the unit in the agency's name": Actor(
        account="filer", role="reviewer", organisation=REVIEWER.organisation
    ),
}


@pytest.mark.parametrize("name", UNREGISTERED)
def test_check_asks_the_register_who_acted(name: str, places: Places) -> None:
    ledger = places.ledger()
    signed = AdjustmentCountersigned(indicator="plan", adjustment=len(LENIENT) - 2, note="")
    written(LENIENT, (UNREGISTERED[name], signed), ledger=ledger)
    last = done(scoretrail(ledger, "case", "show", CASE, "--json")).json["version"]

    assert ("not-registered", [last]) in errors(ledger)
