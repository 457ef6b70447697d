from datetime import date

import pytest

from ledger.commands import FileEvidence, ReturnSubmission, SendDraft, SubmitSelfEvaluation
from ledger.values import Evidence, Invalid
from projections.as_of import CaseAsOf, at, last_needed
from tests.support.small_case import (
    ISSUED,
    OPENED,
    REVIEWED,
    SUBMITTED,
    Story,
    on,
)
from tests.support.specification import editions, history

LATE = Evidence(sha256="e" * 64, title="迟到的材料")
DRAFT = on("2024-11-01", ("clerk", SendDraft()))
WHOLE = REVIEWED + DRAFT + ISSUED[-1:]


def point(label: str, story: Story = WHOLE) -> CaseAsOf:
    return at(history(story), editions(), label)


def versions(label: str, story: Story = WHOLE) -> list[int]:
    return [recorded.version for recorded in point(label, story).history]


@pytest.mark.parametrize("version", range(1, len(WHOLE) + 1))
def test_a_version_is_that_event_and_all_before_it(version: int) -> None:
    assert versions(f"v{version}") == list(range(1, version + 1))


@pytest.mark.parametrize(
    ("label", "last"),
    [
        ("self", len(SUBMITTED)),
        ("draft", len(REVIEWED) + 1),
        ("issued", len(WHOLE)),
        ("final", len(WHOLE)),
    ],
)
def test_a_stage_ends_with_its_last_event(label: str, last: int) -> None:
    assert versions(label) == list(range(1, last + 1))
    assert point(label).version == last


def test_final_is_everything_even_before_the_end() -> None:
    assert len(versions("final", OPENED)) == len(OPENED)


def test_after_a_return_the_self_evaluation_is_the_second_one() -> None:
    again = on("2024-08-05", ("clerk", ReturnSubmission(reason="缺附件"))) + on(
        "2024-08-09", ("filer", SubmitSelfEvaluation(number="再报"))
    )

    assert point("self", SUBMITTED + again).version == len(SUBMITTED) + 2


def test_a_business_date_is_the_end_of_that_day() -> None:
    assert versions("2024-06-30") == []
    assert versions("2024-07-01") == [1, 2, 3]
    assert versions("2024-07-31") == versions("2024-07-30")
    assert versions("2024-08-01") == versions("self")
    assert versions("2999-12-31") == versions("final")


def test_what_was_recorded_late_counts_from_its_business_date() -> None:
    """Filed in the archive after the review, but dated in July."""
    late = REVIEWED + on("2024-07-15", ("filer", FileEvidence(evidence=LATE)))

    assert versions("2024-07-20", late) == [1, 2, 3, len(REVIEWED) + 1]
    assert [one.dated for one in point("2024-07-20", late).history][-1] == date(2024, 7, 15)


def test_what_was_recorded_late_was_not_known_before() -> None:
    late = REVIEWED + on("2024-07-15", ("filer", FileEvidence(evidence=LATE)))
    before, after = "recorded:2026-11-21T10:20:59Z", "recorded:2026-11-21T10:21:00Z"

    assert versions(before, late) == list(range(1, len(REVIEWED) + 1))
    assert versions(after, late) == list(range(1, len(REVIEWED) + 2))


@pytest.mark.parametrize(
    ("label", "last"),
    [
        ("recorded:2026-11-21T10:03Z", 3),
        ("recorded:2026-11-21T10:03:00Z", 3),
        ("recorded:2026-11-21T10:03:00.000000Z", 3),
        ("recorded:2026-11-21T10:02:59.999999Z", 2),
        ("recorded:2026-11-21T10:03:00.1Z", 3),
        ("recorded:1999-01-01T00:00Z", 0),
    ],
)
def test_an_instant_is_what_the_archive_knew_then(label: str, last: int) -> None:
    assert versions(label) == list(range(1, last + 1))


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("v0", "there are 1 to 22"),
        ("v23", "there is no version 23"),
        ("v999999999", "there is no version"),
        ("v9999999999", "unknown point"),
        ("v1x", "unknown point"),
        ("V1", "unknown point"),
        ("", "unknown point"),
        ("end", "unknown point"),
        ("Self", "unknown point"),
        ("recorded:yesterday", "unknown point"),
        ("recorded:2026-11-21T10:00:00", "unknown point"),
        ("recorded:2026-11-21T10:00:00+08:00", "unknown point"),
        ("recorded:2026-13-45T10:00Z", "no such instant"),
        ("recorded:2026-02-30T10:00Z", "no such instant"),
        ("recorded:2026-11-21T25:00Z", "no such instant"),
        ("2024-02-30", "is not a date"),
        ("2024-8-1", "is not a date"),
        ("20240801", "is not a date"),
        ("2024-W31-4", "is not a date"),
        ("2024-08-01T00:00", "is not a date"),
    ],
)
def test_a_point_that_does_not_exist_is_refused_with_what_does(label: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        point(label)


@pytest.mark.parametrize("label", ["self", "draft", "issued"])
def test_a_stage_that_was_not_reached_is_refused(label: str) -> None:
    with pytest.raises(Invalid, match=f"还没有到“{label}”阶段.*was not reached"):
        point(label, OPENED)


def test_a_point_knows_the_rubric_pinned_by_then() -> None:
    rubric = point("v2").rubric

    assert point("v1").rubric is None
    assert point("2024-06-30").rubric is None
    assert rubric is not None
    assert rubric.edition == "2023"


@pytest.mark.parametrize("label", [f"v{version}" for version in range(1, len(WHOLE) + 1)])
def test_a_version_needs_nothing_that_comes_after_it(label: str) -> None:
    whole = history(WHOLE)

    assert at(whole[: last_needed(label)], editions(), label) == at(whole, editions(), label)


@pytest.mark.parametrize(
    "label", ["v0", "final", "self", "2024-08-01", "recorded:2026-11-21T10:00Z"]
)
def test_any_other_point_needs_the_whole_history(label: str) -> None:
    assert last_needed(label) is None
