from datetime import date

import pytest

from ledger.commands import FileEvidence, ReturnSubmission, SendDraft, SubmitSelfEvaluation
from ledger.moves import moves
from ledger.values import Evidence, Invalid
from projections.as_of import CaseAsOf, as_known, at, known_by, last_needed
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
LATE_STORY = REVIEWED + on("2024-07-15", ("filer", FileEvidence(evidence=LATE)))
"""Filed in the archive after the review, but dated in July."""
BEFORE, AFTER = "2026-11-21T10:20:59Z", "2026-11-21T10:21:00Z"
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
    assert versions("2024-07-20", LATE_STORY) == [1, 2, 3, len(REVIEWED) + 1]
    assert point("2024-07-20", LATE_STORY).history[-1].dated == date(2024, 7, 15)


def test_what_was_recorded_late_was_not_known_before() -> None:
    assert versions(f"recorded:{BEFORE}", LATE_STORY) == list(range(1, len(REVIEWED) + 1))
    assert versions(f"recorded:{AFTER}", LATE_STORY) == list(range(1, len(REVIEWED) + 2))


@pytest.mark.parametrize(
    ("label", "last"),
    [
        ("recorded:2026-11-21T10:03Z", 3),
        ("recorded:2026-11-21T10:03:00Z", 3),
        ("recorded:2026-11-21T10:03:00.000000Z", 3),
        ("recorded:2026-11-21T10:02:59.999999Z", 2),
        ("recorded:2026-11-21T10:03:00.1Z", 3),
        ("recorded:1999-01-01T00:00Z", 0),
        ("recorded:2026-11-21T18:03+08:00", 3),
        ("recorded:2026-11-21T18:02:59.9+08:00", 2),
        ("recorded:2026-11-21T05:33:00-04:30", 3),
    ],
)
def test_an_instant_is_what_the_archive_knew_then(label: str, last: int) -> None:
    assert versions(label) == list(range(1, last + 1))


def test_a_day_as_known_at_an_instant_leaves_out_what_was_recorded_later() -> None:
    """The score on the twentieth of July: as known before the late material came, and after."""
    assert versions(f"2024-07-20@{BEFORE}", LATE_STORY) == [1, 2, 3]
    assert versions(f"2024-07-20@{AFTER}", LATE_STORY) == [1, 2, 3, len(REVIEWED) + 1]


def test_what_is_known_at_an_instant_may_be_dated_later() -> None:
    assert versions("2024-07-20@2026-11-21T10:01:00Z", LATE_STORY) == [1]
    assert versions("2024-06-30@2026-11-21T10:01:00Z", LATE_STORY) == []


@pytest.mark.parametrize(
    ("label", "known", "named"),
    [
        ("final", BEFORE, f"final@{BEFORE}"),
        ("2024-07-20", BEFORE, f"2024-07-20@{BEFORE}"),
        ("self", "2026-11-21T10:20Z", "self@2026-11-21T10:20Z"),
        ("final", None, "final"),
        ("2024-07-20", "2026-11-21T18:20+08:00", "2024-07-20@2026-11-21T10:20:00.000000Z"),
        ("2024-07-20@2026-11-21T10:20Z", None, "2024-07-20@2026-11-21T10:20Z"),
    ],
)
def test_both_times_are_one_text(label: str, known: str | None, named: str) -> None:
    assert as_known(label, known) == named
    assert point(named).label == named


def test_without_a_day_an_instant_is_all_that_was_recorded_by_then() -> None:
    assert point(f"final@{BEFORE}").history == point(f"recorded:{BEFORE}").history


def test_a_stage_is_known_once_it_is_recorded() -> None:
    known = f"2026-11-21T10:{len(SUBMITTED):02}Z"

    assert versions(f"self@{known}") == versions("self")
    with pytest.raises(Invalid, match="has not been reached"):
        point(f"self@2026-11-21T10:{len(SUBMITTED) - 1:02}Z")


@pytest.mark.parametrize("label", ["3", "v3", "3@2026-11-21T10:20Z", "v3@2026-11-21T10:20Z"])
def test_a_version_is_written_with_or_without_its_letter(label: str) -> None:
    assert versions(label) == [1, 2, 3]
    assert point(label).label.startswith("v3")
    assert last_needed(label) == 3


@pytest.mark.parametrize(
    ("label", "known"),
    [
        ("2024-08-01@2026-11-21T10:20Z", "2026-11-21T10:20:00.000000Z"),
        ("recorded:2026-11-21T10:20Z", "2026-11-21T10:20:00.000000Z"),
        ("2024-08-01", None),
        ("final", None),
    ],
)
def test_a_point_says_as_known_when(label: str, known: str | None) -> None:
    assert known_by(label) == known


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("v0", "there are events 1 to 22"),
        ("v23", "there is no event 23"),
        ("v999999999", "there is no event"),
        ("v9999999999", "unknown point"),
        ("v1x", "unknown point"),
        ("V1", "unknown point"),
        ("", "unknown point"),
        ("end", "unknown point"),
        ("Self", "unknown point"),
        ("recorded:yesterday", "is not an instant"),
        ("recorded:2026-11-21T10:00:00", "is not an instant"),
        ("recorded:2026-11-21T10:00:00+0800", "is not an instant"),
        ("recorded:2026-11-21T10:00:00+26:00", "no instant"),
        ("2024-08-01@", "is not an instant"),
        ("2024-08-01@2024-09-15", "is not an instant"),
        ("2024-08-01@2024-09-31T00:00Z", "there is no instant"),
        ("@2026-11-21T10:00Z", "unknown point"),
        ("v1@2026-11-21T10:00Z@2026-11-21T10:00Z", "two recorded times"),
        ("recorded:2026-11-21T10:00Z@2026-11-21T10:00Z", "two recorded times"),
        ("23", "there is no event 23"),
        ("0", "there are events 1 to 22"),
        ("recorded:2026-13-45T10:00Z", "there is no instant"),
        ("recorded:2026-02-30T10:00Z", "there is no instant"),
        ("recorded:2026-11-21T25:00Z", "there is no instant"),
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
    with pytest.raises(Invalid, match=f"尚未到“{label}”阶段.*has not been reached"):
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


@pytest.mark.parametrize("label", ["v3", "v7", "self", "2024-07-31", "final"])
def test_an_earlier_point_has_the_moves_that_its_own_history_makes(label: str) -> None:
    earlier = point("final", LATE_STORY).earlier(label)

    assert list(earlier.moves) == list(moves(earlier.history))
