from itertools import pairwise

from ledger.commands import WithdrawAdjustment
from projections.as_of import at
from projections.replay import ReplayStep, replay
from projections.score_sheet import standing
from tests.support.small_case import ISSUED, OPENED, REVIEWED, Story, on
from tests.support.specification import editions, history


def frames(story: Story, label: str = "final") -> list[ReplayStep]:
    return list(replay(at(history(story), editions(), label)))


def test_a_replay_shows_what_every_event_did_to_the_total() -> None:
    shown = [
        f"{frame.type} {frame.total_before} -> {frame.total_after}"
        for frame in frames(ISSUED)
        if frame.total_before != frame.total_after
    ]

    assert shown == [
        "RubricPinned None -> 0.00",
        "ScoreClaimed 0.00 -> 40.00",
        "ScoreClaimed 40.00 -> 70.00",
        "ScoreClaimed 70.00 -> 98.00",
        "BonusClaimed 98.00 -> 99.50",
        "BonusClaimed 99.50 -> 100.00",  # 101 and the cap
        "ScoreAdjusted 100.00 -> 99.00",  # 101 - 2, and the cap takes nothing any more
        "ScoreAdjusted 99.00 -> 96.50",
        "BonusRefused 96.50 -> 95.00",
        "PenaltyRecorded 95.00 -> 93.00",
    ]


def test_a_replay_has_a_frame_for_every_event_and_the_stage_after_it() -> None:
    shown = frames(ISSUED)

    assert [frame.version for frame in shown] == list(range(1, len(ISSUED) + 1))
    assert [frame.stage for frame in shown[-8:]] == ["submitted"] * 7 + ["issued"]
    assert shown[0].stage == "open"


def test_every_frame_starts_where_the_last_one_ended() -> None:
    shown = frames(ISSUED)

    assert shown[0].total_before is None
    for earlier, later in pairwise(shown):
        assert later.total_before == earlier.total_after


def test_a_replay_ends_at_the_total_of_the_sheet() -> None:
    back = on("2024-10-13", ("lead", WithdrawAdjustment(indicator="service", reason="撤诉")))

    for story, label in ((ISSUED, "final"), (REVIEWED + back, "final"), (ISSUED, "2024-10-11")):
        point = at(history(story), editions(), label)
        assert frames(story, label)[-1].total_after == standing(point).totals.total


def test_before_a_rubric_is_pinned_there_is_no_total() -> None:
    assert [frame.total_after for frame in frames(OPENED[:1])] == [None]
    assert frames(OPENED, "2000-01-01") == []
