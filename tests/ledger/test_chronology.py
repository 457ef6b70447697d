"""A date that is most likely a slip is refused until its author confirms that very date."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given as given_random
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from ledger.checks.every_stream import of_dates
from ledger.chronology import (
    AHEAD,
    DATED,
    DAYS,
    PAIRS,
    VERSION,
    WITHIN,
    Chronology,
    Pair,
)
from ledger.codec import EVENTS
from ledger.commands import (
    AdjustScore,
    Command,
    LodgeAppeal,
    RecordReceipt,
    SendDraft,
)
from ledger.events import CaseEvent, CaseOpened, Event, MaterialPublished
from ledger.ledger import Ledger
from ledger.rule_editions import STRICTER
from tests.support.golden_files import sample, whole
from tests.support.small_case import CASE, ISSUED, REVIEWED, SUBMITTED, Story, on
from tests.support.specification import Given, Memory, given, history

DAY = date(2024, 6, 15)
BEFORE = DAY - timedelta(1)
AT = "2026-11-21T10:00:00.000000Z"
BEFORE_DATES = STRICTER["date"].since - 1
"""The edition of the rules that asked for no confirmation."""


# Every pair --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pair", PAIRS, ids=lambda pair: f"{pair.effect.__name__}-{pair.cause.__name__}"
)
@pytest.mark.parametrize(("day", "doubted"), [(DAY, False), (BEFORE, True)])
def test_no_effect_is_before_its_cause(pair: Pair, day: date, doubted: bool) -> None:  # noqa: FBT001 - a column
    cause, cause_dated = on_day(pair.cause, pair.cause_day, DAY)
    effect, dated = on_day(pair.effect, pair.effect_day, day)
    effect = named(effect, pair, name_of(cause, pair.on[1]))
    chronology = Chronology(
        [replace(sample("CaseOpened"), event=cause, version=7, dated=cause_dated)]
    )

    asked = [one for one in chronology.questions(effect, dated, AT) if one.cause == 7]

    assert [one.day for one in asked] == [day] * doubted


def test_an_event_of_another_name_is_no_cause() -> None:
    request: Any = sample("RectificationRequested").event
    response: Any = sample("RectificationResponded").event
    other = replace(response, request="another", promises=())

    assert after(request, DAY).questions(other, BEFORE, AT) == ()
    assert after(request, DAY).questions(replace(other, request=request.request), BEFORE, AT)


@pytest.mark.parametrize(("kind", "first", "last"), WITHIN)
@pytest.mark.parametrize(("day", "doubted"), [(DAY, False), (BEFORE, True)])
def test_no_day_of_an_event_is_before_an_earlier_one(
    kind: type[Event],
    first: str,
    last: str,
    day: date,
    doubted: bool,  # noqa: FBT001 - a column
) -> None:
    days = {first: DAY, last: day}
    event: Any = whole(kind.__name__).event
    event = replace(event, **{name: value for name, value in days.items() if name != DATED})

    asked = Chronology().questions(event, days[DATED], AT)

    assert len(asked) == doubted


def test_every_event_of_a_case_but_what_was_published_before_rests_on_its_opening() -> None:
    resting = {pair.effect.__name__ for pair in PAIRS if pair.cause is CaseOpened}
    of_cases = {name for name, kind in EVENTS.items() if "cites" in kind.__struct_fields__}

    assert of_cases - resting == {CaseOpened.__name__, MaterialPublished.__name__}


def test_every_day_that_an_event_of_a_case_states_is_looked_at() -> None:
    stated = {
        field.name
        for kind in get_args(CaseEvent)
        for field in fields(kind)
        if "date" in str(field.type)
    }

    assert stated | {DATED} == set(DAYS)


def test_a_day_in_question_is_nobodys_cause() -> None:
    opened = replace(sample("CaseOpened"), dated=date(2924, 1, 1))

    assert Chronology([opened]).questions(sample("ScoreClaimed").event, DAY, AT) == ()


# What no case can have ---------------------------------------------------------------------------


@given_random(days=st.lists(st.integers(-3, 3), min_size=12, max_size=12), data=st.data())
def test_a_history_of_an_older_program_asks_the_same_read_at_once_or_one_by_one(
    days: list[int], data: st.DataObject
) -> None:
    """What is in question there is worked out only where it matters."""
    kinds = [CaseOpened, *(type(recorded.event) for recorded in history(ISSUED))]
    drawn = [data.draw(st.sampled_from(kinds)).__name__ for _ in days]
    old = [
        replace(sample(name), version=number, dated=DAY + timedelta(moved), rules=BEFORE_DATES)
        for number, (name, moved) in enumerate(zip(drawn, days, strict=True), 1)
    ]
    one_by_one = Chronology()
    for recorded in old:
        one_by_one.note(recorded)
    at_once = Chronology(old)

    for name in drawn:
        for day in (BEFORE - timedelta(2), DAY, DAY + timedelta(2)):
            event = sample(name).event
            assert at_once.questions(event, day, AT) == one_by_one.questions(event, day, AT)


@pytest.mark.parametrize("day", [date(24, 6, 15), date(1948, 12, 31), date(2010, 6, 15)])
def test_a_date_far_before_the_case_is_doubted(day: date) -> None:
    opening = Chronology(
        [replace(sample("CaseOpened"), event=opened(2023), dated=date(2024, 1, 1))]
    )

    for name in ("ScoreClaimed", "MaterialPublished"):
        assert opening.questions(sample(name).event, day, AT)[0].day == day


def test_what_a_case_rests_on_may_be_older_than_it() -> None:
    opening = Chronology(
        [replace(sample("CaseOpened"), event=opened(2023), dated=date(2024, 1, 1))]
    )
    old: Any = sample("DocumentRegistered").event

    assert opening.questions(replace(old, printed_date=date(2011, 4, 1)), DAY, AT) == ()


@pytest.mark.parametrize(
    ("at", "doubted"),
    [
        ("2024-06-14T09:59:59.999999Z", True),  # nowhere on Earth is it the 15th yet
        ("2024-06-14T10:00:00.000000Z", False),
        ("2024-06-15T23:59:59.999999Z", False),
        ("9999-12-31T23:59:59.999999Z", False),
    ],
)
def test_the_future_is_doubted(at: str, doubted: bool) -> None:  # noqa: FBT001 - a column
    assert bool(Chronology().questions(sample("FindingRaised").event, DAY, at)) == doubted


@pytest.mark.parametrize("name", AHEAD)
@pytest.mark.parametrize(("day", "doubted"), [(date(2034, 12, 31), 0), (date(2035, 1, 1), 1)])
def test_a_last_day_may_be_ahead_by_no_more_than_ten_years(
    name: str,
    day: date,
    doubted: int,
) -> None:
    events: list[Any] = [one for kind in EVENTS if hasattr(one := whole(kind).event, name)]

    for event in events:
        asked = Chronology().questions(replace(event, **{name: day}), DAY, AT)
        assert len(asked) == doubted


# Through the front door --------------------------------------------------------------------------

CUT = AdjustScore(
    indicator="plan", award=Decimal(20), justification="计划晚批", ground="受疫情影响"
)
UNTIL_2019 = SendDraft(respond_by=date(2019, 1, 1))
RECEIVED_EARLY = RecordReceipt(received=date(2024, 12, 29))
RECEIVED_LATE = RecordReceipt(received=date(2025, 1, 6))
APPEAL = LodgeAppeal(appeal="a", indicators=("plan",), statement="x")
REFUSED: list[tuple[str, Story, str, Command, str, str]] = [
    ("an award of the year 24", SUBMITTED, "reviewer", CUT, "0024-10-11", "0024-10-11"),
    ("an award before its submission", SUBMITTED, "reviewer", CUT, "2024-07-31", "2024-08-01"),
    ("an award of the year 9999", SUBMITTED, "reviewer", CUT, "9999-10-11", "9999-10-11"),
    ("comments until before", REVIEWED, "lead", UNTIL_2019, "2024-11-01", "2019-01-01"),
    ("receipt before issue", ISSUED, "filer", RECEIVED_EARLY, "2025-01-05", "2024-12-30"),
    ("receipt still to come", ISSUED, "filer", RECEIVED_LATE, "2025-01-05", "2025-01-06"),
    ("an appeal before issue", ISSUED, "filer", APPEAL, "2024-12-29", "2024-12-30"),
]


@pytest.fixture(params=REFUSED, ids=lambda one: one[0])
def slip(request: pytest.FixtureRequest) -> tuple[Given, Command, str, date, str]:
    _, story, by, command, dated, told = request.param
    return given(story), command, by, date.fromisoformat(dated), told


def test_a_slip_is_refused_and_says_both_days(
    slip: tuple[Given, Command, str, date, str],
) -> None:
    before, command, by, dated, told = slip

    before.when(command, by=by, dated=dated).then_refused("date", told)


def test_another_day_confirmed_does_not_help(slip: tuple[Given, Command, str, date, str]) -> None:
    before, command, by, dated, told = slip
    other = (date(2001, 1, 1),)

    before.when(command, by=by, dated=dated, confirmed_dates=other).then_refused("date", told)


def test_confirmed_it_is_recorded_with_the_days_that_were_asked_for(
    slip: tuple[Given, Command, str, date, str],
) -> None:
    before, command, by, dated, _ = slip
    refused = before.when(command, by=by, dated=dated).answer
    day = date.fromisoformat(refused.subject)  # type: ignore[union-attr]  # as tested above

    done = before.when(command, by=by, dated=dated, confirmed_dates=(day, date(2001, 1, 1)))

    recorded = Ledger(Memory(done.after)).history(CASE)
    assert recorded[-1].confirmed == (day,)
    assert list(of_dates(recorded)) == []


def test_a_date_that_needs_none_records_no_confirmation() -> None:
    day = date(2024, 10, 11)

    done = given(SUBMITTED).when(CUT, by="reviewer", dated=day, confirmed_dates=(day,))

    assert Ledger(Memory(done.after)).history(CASE)[-1].confirmed == ()


def test_a_ledger_is_not_founded_on_a_slip() -> None:
    with pytest.raises(Exception, match="0024-01-01"):
        Ledger(Memory()).initialise("admin", "archive", date(24, 1, 1), AT)

    days = (date(24, 1, 1),)
    made = Ledger(Memory()).initialise("admin", "archive", days[0], AT, days)
    assert {one.confirmed for one in made} == {days}


# A replay ----------------------------------------------------------------------------------------


def forged(**keys: Any) -> list[str]:  # noqa: ANN401 - keys of an envelope
    record = history(SUBMITTED + on("2024-10-11", ("reviewer", CUT)))
    return [one.rule for one in of_dates([*record[:-1], replace(record[-1], **keys)])]


def test_what_was_recorded_past_the_program_is_found() -> None:
    early = date(2013, 10, 11)

    assert forged() == []
    assert forged(dated=early) == ["date"]
    assert forged(dated=early, confirmed=(early,)) == []
    assert forged(confirmed=(date(2024, 10, 11),)) == ["differs"]


def test_older_programs_did_not_ask() -> None:
    early, before = date(2013, 10, 11), STRICTER["date"].since - 1

    assert forged(dated=early, rules=before) == []
    assert forged(dated=early, rules=before, confirmed=(early,)) == ["not-known-then"]


def opened(year: int) -> CaseOpened:
    event: Any = sample("CaseOpened").event
    made: CaseOpened = replace(event, year=year)
    return made


def on_day(kind: type[Event], name: str, day: date) -> tuple[Event, date]:
    """An event with one of its days, and its business date."""
    event: Any = sample(kind.__name__).event
    others = dict.fromkeys(
        {"due", "respond_by", "commended", "printed_date"} & {*event.__struct_fields__}
    )
    event = replace(event, **others)
    stated: Event = event if name == DATED else replace(event, **{name: day})
    return stated, day if name == DATED else DAY


def name_of(event: Any, path: str) -> Any:  # noqa: ANN401 - whatever stands there
    if path == VERSION:
        return 7
    for part in path.split(".") if path else ():
        event = getattr(event, part)
    return event


def after(event: Event, dated: date) -> Chronology:
    """What is known after an event, the seventh."""
    return Chronology([replace(sample("CaseOpened"), event=event, version=7, dated=dated)])


def named(effect: Any, pair: Pair, name: Any) -> Any:  # noqa: ANN401 - whatever stands there
    """The effect, naming its cause in the field where it does."""
    field, _, inner = pair.on[0].partition(".")
    if not field:
        return effect
    standing = getattr(effect, field)
    if inner:
        name = replace(standing[0], **{inner: name})
    return replace(effect, **{field: (name,) if isinstance(standing, tuple) else name})
