"""A rule becomes stricter, and what was recorded before stays right."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import pytest
from msgspec.structs import replace

from ledger.checks import check_case, rule_compliance
from ledger.checks.rule_compliance import irregularities
from ledger.codec import UnreadableEntry, canonical, decode, encode, link, plain, read
from ledger.commands import PublishRubric, RaiseFinding, SupersedeRubric
from ledger.decide import decide
from ledger.editions import Editions, decide_rubric, evolve_editions
from ledger.envelope import REGISTER, RecordedEvent
from ledger.events import CaseEvent, EntriesMerged, MergedStream
from ledger.log.tree import leaf_hash
from ledger.log_verification import Spans, Verification, joined_spans, verify
from ledger.refusals import CommandRefused
from ledger.rule_editions import CURRENT, FIRST, STRICTER, WIDER
from ledger.values import INTEGER_MAX
from tests.support.clean_case import ready
from tests.support.small_case import RUBRIC
from tests.support.specification import given

HISTORY, EDITIONS = ready()
ITSELF = SupersedeRubric(rubric="small", edition="2023", by_edition="2023", reason="重复发布")


def test_every_stricter_rule_holds_from_an_edition_and_every_edition_is_stricter() -> None:
    known = {one.since for one in STRICTER.values()} | set(WIDER.values())
    assert known == set(range(FIRST + 1, CURRENT + 1))


# What an entry says -------------------------------------------------------------------------------


def test_an_event_of_the_first_edition_names_none() -> None:
    entry = encode(replace(HISTORY[0], rules=FIRST))

    assert "rules" not in plain(entry)
    assert decode(entry).rules == FIRST


def test_an_event_of_a_later_edition_names_it() -> None:
    entry = encode(replace(HISTORY[0], rules=2))

    assert plain(entry)["rules"] == 2
    assert decode(entry).rules == 2


@pytest.mark.parametrize("rules", [None, 0, 1, -1, "2", True, INTEGER_MAX + 1])
def test_an_edition_written_in_another_way_is_refused(rules: object) -> None:
    with pytest.raises(UnreadableEntry):
        decode(canonical(plain(encode(HISTORY[0])) | {"rules": rules}))


@pytest.mark.parametrize("way", [decode, read])
def test_an_edition_that_is_not_known_yet_asks_for_a_newer_program(
    way: Callable[[bytes], RecordedEvent],
) -> None:
    with pytest.raises(UnreadableEntry, match="upgrade it"):
        way(canonical(plain(encode(HISTORY[0])) | {"rules": CURRENT + 1}))


def test_what_is_recorded_now_is_of_todays_edition() -> None:
    assert {one.rules for one in HISTORY} == {CURRENT}


# By which rules it is judged ----------------------------------------------------------------------


def test_no_edition_of_a_rubric_supersedes_itself() -> None:
    given().when(ITSELF, by="clerk").then_refused("superseded-by-itself", "2023")


def test_before_the_second_edition_it_did() -> None:
    editions = Editions()
    for event in decide_rubric(PublishRubric(source=RUBRIC), editions, FIRST):
        evolve_editions(editions, event)

    assert decide_rubric(ITSELF, editions, FIRST)


@pytest.fixture
def stricter(monkeypatch: pytest.MonkeyPatch) -> None:
    """No findings any more: a rule of today that the first edition did not have."""

    def decided(command: Any, *state: Any, **more: Any) -> list[CaseEvent]:  # noqa: ANN401 - as `decide` takes them
        if isinstance(command, RaiseFinding) and state[-1] >= CURRENT:
            raise CommandRefused("no-findings", "不再提出问题", "no findings any more")
        return decide(command, *state, **more)

    monkeypatch.setattr(rule_compliance, "decide", decided)


@pytest.mark.usefixtures("stricter")
def test_an_act_is_judged_by_the_rules_of_its_time() -> None:
    old = [replace(one, rules=FIRST) for one in HISTORY]

    assert list(irregularities(old, EDITIONS)) == []
    assert {one.rule for one in irregularities(HISTORY, EDITIONS)} == {"no-findings"}


@pytest.mark.usefixtures("stricter")
def test_check_notes_what_todays_rules_would_refuse() -> None:
    old = [replace(one, rules=FIRST) for one in HISTORY]

    found = [one for one in check_case(old, EDITIONS) if one.check == "refused-by-later-rules"]

    assert {one.severity for one in found} == {"note"}
    assert "no findings any more" in found[0].message.en


@pytest.mark.usefixtures("stricter")
def test_check_does_not_note_what_is_an_error_already() -> None:
    found = check_case(HISTORY, EDITIONS)

    assert "refused-by-later-rules" not in {one.check for one in found}
    assert "refused-by-rule" in {one.check for one in found}


# Nobody goes back ---------------------------------------------------------------------------------


def under(*rules: int) -> list[RecordedEvent]:
    """The beginning of a case, each event under an edition of its own."""
    made: list[RecordedEvent] = []
    for one, edition in zip(HISTORY, rules, strict=False):
        event = replace(one, rules=edition, prev=link(made[-1] if made else None))
        made.append(replace(event, entry=encode(event)))
    return made


def breaks(record: Sequence[RecordedEvent], places: Sequence[int]) -> list[tuple[str, int]]:
    result = Verification()
    rows = [
        (place, leaf_hash(one.entry), one.case, one.version, one.type, one.entry)
        for one, place in zip(record, places, strict=True)
    ]
    verify(result, rows)
    return [(one.kind, one.version) for one in result.breaks]


@pytest.mark.parametrize("rules", [(1, 1, 1), (1, 2, 2), (2, 2, 2)])
def test_editions_come_up_one_after_the_other(rules: tuple[int, ...]) -> None:
    assert breaks(under(*rules), range(len(rules))) == []


def test_whoever_goes_back_to_laxer_rules_is_found() -> None:
    assert breaks(under(1, 2, 1, 2, 1), range(5)) == [("edition", 3), ("edition", 5)]


def test_the_place_in_the_log_counts_and_not_the_order_of_writing() -> None:
    rows = under(1, 2, 1)

    assert breaks(rows, (0, 2, 1)) == []
    assert breaks(rows, (1, 0, 2)) == [("edition", 1), ("edition", 3)]


def test_a_stream_of_its_own_does_not_hide_it() -> None:
    case, other = under(2), under(1)
    apart = replace(other[0], case="another-2023")
    apart = replace(apart, entry=encode(apart))

    assert breaks([*case, apart], range(2)) == [("edition", 1)]


def found(
    *placed: tuple[int, int], merged: Sequence[RecordedEvent] = ()
) -> tuple[Spans, list[tuple[str, str]], list[str]]:
    """What is found of events by position and edition, each in a stream of its own, in this order.

    Returns:
        From where to where each edition was used, what goes back, and who answers for that.
    """
    rows = []
    for position, edition in placed:
        (event,) = under(edition)
        event = replace(event, case=f"case-{position}")
        entry = encode(event)
        rows.append((position, leaf_hash(entry), event.case, 1, event.type, entry))
    result = Verification()
    spans = verify(result, rows, merged=merged)
    return (
        spans,
        [(one.where, one.message.en) for one in result.breaks],
        [f"{one.where}: {one.message.en}" for one in result.notes],
    )


def back(position: int, edition: int, after: int) -> tuple[str, str]:
    return (
        f"#{position} case-{position} v1",
        f"recorded under edition {edition} of the rules, after edition {after} had come into use",
    )


@pytest.mark.parametrize(
    ("placed", "spans", "breaks"),
    [
        ([(0, 1)], {1: (0, 0)}, []),
        ([(0, 1), (1, 1), (2, 2), (3, 2)], {1: (0, 1), 2: (2, 3)}, []),
        ([(2, 2), (3, 2), (0, 1), (1, 1)], {1: (0, 1), 2: (2, 3)}, []),
        ([(0, 1), (1, 2), (3, 1), (2, 2)], {1: (0, 3), 2: (1, 2)}, [back(3, 1, 2)]),
        ([(0, 1), (1, 3), (2, 2), (3, 1)], None, [back(2, 2, 3), back(3, 1, 3)]),
        ([(0, 1), (5, 1), (3, 2)], {1: (0, 5), 2: (3, 3)}, [back(5, 1, 2)]),
        ([(4, 2), (7, 2), (5, 3)], {2: (4, 7), 3: (5, 5)}, [back(7, 2, 3)]),
        ([(7, 2), (4, 2), (5, 3)], {2: (4, 7), 3: (5, 5)}, [back(7, 2, 3)]),
        ([(9, 2), (8, 1), (2, 1)], {1: (2, 8), 2: (9, 9)}, []),
    ],
)
def test_the_places_of_each_edition_are_known_whatever_the_order_of_the_walk(
    placed: list[tuple[int, int]], spans: Spans | None, breaks: list[tuple[str, str]]
) -> None:
    seen, back, _ = found(*placed)

    assert spans is None or seen == spans
    assert back == breaks


# Merged -------------------------------------------------------------------------------------------


def merging(
    position: int | None, first: int = 1, version: int = 1, leaf: str = ""
) -> RecordedEvent:
    """The command that has merged the event at position 1."""
    entry = encode(replace(under(1)[0], case="case-1"))
    part = MergedStream(
        stream="case-1", first=first, version=version, leaf=leaf or leaf_hash(entry).hex()
    )
    event = EntriesMerged(sha256="0" * 64, streams=(part,))
    register = replace(HISTORY[0], case=REGISTER, version=9, position=position, event=event)
    return replace(register, by=replace(register.by, account="admin"))


GOES_BACK: Final = ((0, 2), (1, 1))


def test_what_was_merged_may_be_of_an_older_edition_and_somebody_answers_for_it() -> None:
    unrelated = merging(3, leaf="0" * 64)
    _, breaks, notes = found(*GOES_BACK, merged=[merging(None), unrelated, merging(2), merging(4)])

    assert breaks == []
    (note,) = notes
    assert note.startswith(
        f"#2 {REGISTER} v9: of the entries merged by admin at {HISTORY[0].at}, 1"
    )


@pytest.mark.parametrize(
    "merge",
    [
        merging(None),
        merging(0),
        merging(2, leaf="0" * 64),
        merging(2, first=2),
        merging(2, version=0),
        replace(merging(2), event=HISTORY[0].event),
    ],
    ids=["nowhere", "before it", "other bytes", "a later part", "an earlier part", "no merge"],
)
def test_a_merge_of_something_else_excuses_nothing(merge: RecordedEvent) -> None:
    assert found(*GOES_BACK, merged=[merge])[1:] == ([back(1, 1, 2)], [])


def test_a_merge_excuses_the_streams_that_it_names_and_no_other() -> None:
    assert found(*GOES_BACK, (2, 1), merged=[merging(3)])[1] == [back(2, 1, 2)]


def test_the_last_entry_of_what_was_merged_vouches_for_all_before_it() -> None:
    later = replace(under(1, 1)[1], case="case-1")
    leaf = leaf_hash(encode(later))
    rows = [
        (0, b"", "case-0", 1, "", encode(replace(under(2)[0], case="case-0"))),
        (1, b"", "case-1", 1, "", encode(replace(under(1)[0], case="case-1"))),
        (2, leaf, "case-1", 2, "", encode(later)),
    ]
    result = Verification()
    verify(result, rows, merged=[merging(5, version=2, leaf=leaf.hex())])

    assert "edition" not in {one.kind for one in result.breaks}
    assert "2 were recorded" in result.notes[0].message.en


# Walked in shares ---------------------------------------------------------------------------------


def test_the_places_of_editions_in_shares_are_joined() -> None:
    early, late = {1: (0, 3), 2: (6, 7)}, {1: (4, 5), 2: (8, 9), 3: (10, 10)}
    joined = {1: (0, 5), 2: (6, 9), 3: (10, 10)}

    assert joined_spans([early, late]) == joined_spans([late, early]) == joined
    assert joined_spans([]) == {}


@pytest.mark.parametrize(
    "parts",
    [
        [{1: (0, 5)}, {2: (5, 9)}],
        [{1: (0, 5), 2: (6, 7)}, {1: (7, 8)}],
        [{1: (0, 1), 2: (2, 5)}, {3: (4, 9)}],
        [{1: (0, 5), 2: (4, 8)}, {3: (9, 9)}],
    ],
)
def test_editions_that_overlap_between_shares_are_not_joined(parts: list[Spans]) -> None:
    assert joined_spans(parts) is None
