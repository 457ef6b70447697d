"""Reading that believes no byte: what it returns, what it waits for, what it does not show."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.codec import decode, encode
from ledger.envelope import REGISTER
from ledger.events import EntrySetAside
from ledger.log.tree import leaf_hash
from ledger.store import AuditTuple, Basis, Behind, Entry, NewEntry
from ledger.verified_reading import NEARBY, ReadingBroken, VerifiedReading, level_in_words
from tests.support.small_case import CASE, REVIEWED
from tests.support.specification import told

RUBRIC = "rubric:small"


class Tables:
    """What the tables of a store say, for tests to change."""

    def __init__(self) -> None:
        self.rows: list[AuditTuple] = [
            (place, leaf_hash(one.entry), one.case_id, one.version, one.type, one.entry)
            for place, one in enumerate(told(REVIEWED))
        ]
        self.size = len(self.rows)
        self.there: int | None = None
        self.last: int | None = None
        self.asked: list[tuple[int, int]] = []

    def at(self, version: int) -> int:
        """Where the row of a version of the case is; counted from the end where it is negative."""
        of_case = [at for at, row in enumerate(self.rows) if row[2] == CASE]
        return of_case[version - 1 if version > 0 else version]

    def change(self, version: int, **values: Any) -> None:  # noqa: ANN401 - whatever a column has
        """Write other values into the row of a version of the case."""
        names = ("position", "hash", "case_id", "version", "type", "entry")
        row = dict(zip(names, self.rows[self.at(version)], strict=True)) | values
        self.rows[self.at(version)] = tuple(row.values())

    def streams(self) -> list[tuple[str, int]]:
        return [(CASE, 1)]

    def audited(self, case_id: str, upto: int | None = None) -> list[AuditTuple]:
        return [row for row in self.rows if row[2] == case_id][:upto]

    def stream(
        self,
        case_id: str,
        upto: int | None = None,
        *,
        strict: bool = True,  # noqa: ARG002 - there are no gaps
    ) -> list[tuple[int | None, bytes]]:
        return [(row[0], row[5]) for row in self.audited(case_id, upto)]

    def of_type(
        self, case_id: str, type_: str, upto: int | None = None
    ) -> list[tuple[int | None, bytes]]:
        return [(row[0], row[5]) for row in self.audited(case_id, upto) if row[4] == type_]

    def entry_at(self, position: int) -> Entry | None:
        raise NotImplementedError

    def behind(self, position: int, limit: int) -> Behind:
        self.asked.append((position, limit))
        there = min(limit, self.size - position - 1) if self.there is None else self.there
        return Behind(self.size, self.size - 1 if self.last is None else self.last, there)

    def followers(self, position: int, limit: int, case_id: str, leaf: bytes) -> list[Entry]:
        named = f'"prev":"{leaf.hex()}"'.encode()
        return [
            Entry(row[0], *row[2:])
            for row in self.rows
            if row[0] is not None and position < row[0] <= position + limit
            if row[2] != case_id and named in row[5]
        ]

    def append(
        self, entries: Sequence[NewEntry], basis: Basis | None = None
    ) -> Sequence[int | None]:
        raise NotImplementedError


@pytest.fixture
def tables() -> Tables:
    return Tables()


def broken(tables: Tables, stream: str = CASE) -> list[tuple[str, int]]:
    """What a reading refuses to show, by kind and version."""
    with pytest.raises(ReadingBroken) as refused:
        VerifiedReading(tables).stream(stream)
    return [(failure.kind, failure.version) for failure in refused.value.breaks]


def test_what_holds_is_returned_and_reaches_l0(tables: Tables) -> None:
    reading = VerifiedReading(tables)

    assert reading.stream(CASE) == tables.stream(CASE)
    assert reading.stream(CASE, 3) == tables.stream(CASE, 3)
    assert reading.stream(RUBRIC) == tables.stream(RUBRIC)
    assert reading.stream(REGISTER) == tables.stream(REGISTER)
    assert (reading.level, reading.pending, reading.left_out) == ("L0", 0, [])


def test_of_a_stream_that_is_not_there_nothing_is_returned(tables: Tables) -> None:
    reading = VerifiedReading(tables)

    assert reading.stream("other-2023") == []
    assert (reading.level, reading.left_out) == ("L0", [])


def test_what_is_believed_reaches_no_level(tables: Tables) -> None:
    tables.change(2, hash=bytes(32))
    reading = VerifiedReading(tables, verify=False)

    assert reading.stream(CASE) == tables.stream(CASE)
    assert reading.level is None


class TestWithoutAPlace:
    def test_the_last_ones_wait_for_the_sealer(self, tables: Tables) -> None:
        for version in (-1, -2):
            tables.change(version, position=None, hash=None)
        tables.size -= 2
        reading = VerifiedReading(tables)

        assert reading.stream(CASE) == tables.stream(CASE)
        assert (reading.pending, reading.level) == (2, None)
        assert tables.asked == [(tables.size - 1, NEARBY)]

    def test_all_may_wait(self, tables: Tables) -> None:
        number = len(tables.audited(CASE))
        for version in range(1, number + 1):
            tables.change(version, position=None, hash=None)
        reading = VerifiedReading(tables)

        assert reading.stream(CASE) == tables.stream(CASE)
        assert reading.pending == number
        assert tables.asked == [(-1, NEARBY)]

    def test_one_before_another_that_has_a_place_does_not_wait(self, tables: Tables) -> None:
        tables.change(-2, position=None, hash=None)

        number = len(tables.audited(CASE))
        assert broken(tables) == [("unsealed", number - 1)]

    def test_what_waits_must_hold_in_everything_else(self, tables: Tables) -> None:
        entry = tables.rows[tables.at(-1)][5].replace(b'"prev":"', b'"prev":"0')
        tables.change(-1, position=None, hash=None, entry=entry)

        assert broken(tables)

    def test_those_of_two_readings_add_up(self, tables: Tables) -> None:
        tables.change(-1, position=None, hash=None)
        reading = VerifiedReading(tables)

        reading.stream(CASE)
        reading.stream(CASE)

        assert reading.pending == 2


class TestBroken:
    def test_a_leaf_of_something_else(self, tables: Tables) -> None:
        tables.change(2, hash=bytes(32))
        assert broken(tables) == [("leaf", 2)]

    def test_a_gap_says_what_stands_before_it(self, tables: Tables) -> None:
        del tables.rows[tables.at(3)]

        with pytest.raises(ReadingBroken) as refused:
            VerifiedReading(tables).stream(CASE)

        assert [(one.kind, one.version) for one in refused.value.breaks] == [("gap", 4)]
        assert "v2" in refused.value.breaks[0].message.en
        assert "第 2 条" in refused.value.breaks[0].message.zh

    def test_several_are_all_told_with_their_places_in_both_languages(self, tables: Tables) -> None:
        for version in (2, 4):
            tables.change(version, hash=bytes(32))

        with pytest.raises(ReadingBroken) as refused:
            VerifiedReading(tables).stream(CASE)

        text = refused.value.text
        first, second = (tables.rows[tables.at(version)][0] for version in (2, 4))
        assert text.zh.startswith(f"{CASE} 的记录与日志不符")
        assert f"#{first} {CASE} v2：条目与其叶哈希不符；#{second} {CASE} v4：" in text.zh
        assert text.en.startswith(f"the record of {CASE} fails verification")
        assert f"#{first} {CASE} v2: the entry does not hash to its leaf; #{second}" in text.en
        assert (refused.value.rule, refused.value.subject) == ("reading-broken", CASE)


class TestWhatMeansNothing:
    def test_at_the_end_is_left_out_and_that_is_said(self, tables: Tables) -> None:
        entry, version = b"past the program", len(tables.audited(CASE)) + 1
        place = tables.size
        tables.rows.append((place, leaf_hash(entry), CASE, version, "ScoreAdjusted", entry))
        tables.size += 1
        reading = VerifiedReading(tables)

        assert reading.stream(CASE)[-1] == (place, entry)
        assert [f"#{place} {CASE} v{version}" in text.en for text in reading.left_out] == [True]
        assert [f"#{place} {CASE} v{version}" in text.zh for text in reading.left_out] == [True]
        assert reading.level is None

    def test_may_be_an_entry_of_the_program_once_more(self, tables: Tables) -> None:
        """It is neither where it says to be nor linked to the one before it."""
        _, leaf, _, version, kind, entry = tables.rows[tables.at(-1)]
        tables.rows.append((tables.size, leaf, CASE, version + 1, kind, entry))
        tables.size += 1
        reading = VerifiedReading(tables)

        assert reading.stream(CASE)
        assert [
            f"#{tables.size - 1} {CASE} v{version + 1}" in one.en for one in reading.left_out
        ] == [True]

    def test_is_left_out_before_what_was_recorded_after_it(self, tables: Tables) -> None:
        entry, version = b"past the program", len(tables.audited(CASE)) + 1
        after = replace(
            decode(tables.rows[tables.at(-1)][5], None),
            version=version + 1,
            prev=leaf_hash(entry).hex(),
        )
        for number, written in ((version, entry), (version + 1, encode(after))):
            row = (tables.size, leaf_hash(written), CASE, number, after.type, written)
            tables.rows.append(row)
            tables.size += 1
        reading = VerifiedReading(tables)

        assert len(reading.stream(CASE)) == version + 1
        assert len(reading.left_out) == 1

    def test_may_be_all_that_there_is(self, tables: Tables) -> None:
        entry = b"past the program"
        tables.rows.append((tables.size, leaf_hash(entry), "other-2023", 1, "CaseOpened", entry))
        tables.size += 1
        reading = VerifiedReading(tables)

        assert reading.stream("other-2023") == [(tables.size - 1, entry)]
        assert len(reading.left_out) == 1

    def behind_a_gap(self, tables: Tables, place: int | None, entry: bytes) -> VerifiedReading:
        """A reading of the case, and of an entry beyond the version that would come next."""
        version = len(tables.audited(CASE)) + 2
        leaf = None if place is None else leaf_hash(entry)
        tables.rows.append((place, leaf, CASE, version, "ScoreAdjusted", entry))
        tables.size += place is not None
        reading = VerifiedReading(tables)
        assert len(reading.stream(CASE)) == version - 2
        return reading

    @pytest.mark.parametrize("has_place", [True, False])
    def test_is_left_out_behind_a_gap(self, tables: Tables, has_place: bool) -> None:  # noqa: FBT001 - one of two
        place, version = tables.size if has_place else None, len(tables.audited(CASE)) + 2

        (said,) = self.behind_a_gap(tables, place, b"past the program").left_out

        assert f"#{place} {CASE} v{version}" in said.en
        assert f"#{place} {CASE} v{version}" in said.zh

    def set_aside(self, tables: Tables, entry: bytes) -> None:
        """Somebody answers for an entry that is to have the next position."""
        aside = EntrySetAside(
            position=tables.size, leaf=leaf_hash(entry).hex(), reason="程序之外写入"
        )
        last = decode(tables.audited(REGISTER)[-1][5], None)
        said = encode(replace(last, version=last.version + 1, event=aside))
        row = (tables.size + 1, leaf_hash(said), REGISTER, last.version + 1, "EntrySetAside", said)
        tables.rows.append(row)

    def test_is_no_news_behind_a_gap_once_it_is_set_aside(self, tables: Tables) -> None:
        self.set_aside(tables, b"past the program")

        reading = self.behind_a_gap(tables, tables.size, b"past the program")

        assert (reading.left_out, reading.level) == ([], "L0")

    def test_is_no_news_at_the_end_either_once_it_is_set_aside(self, tables: Tables) -> None:
        entry, version = b"past the program", len(tables.audited(CASE)) + 1
        self.set_aside(tables, entry)
        tables.rows.append((tables.size, leaf_hash(entry), CASE, version, "ScoreAdjusted", entry))
        tables.size += 1
        reading = VerifiedReading(tables)

        assert reading.stream(CASE)[-1] == (tables.size - 1, entry)
        assert (reading.left_out, reading.level) == ([], "L0")

    def test_is_not_left_out_where_its_leaf_is_wrong_as_well(self, tables: Tables) -> None:
        entry, version = b"past the program", len(tables.audited(CASE)) + 1
        tables.rows.append((tables.size, bytes(32), CASE, version, "ScoreAdjusted", entry))
        tables.size += 1

        assert ("leaf", version) in broken(tables)

    def test_an_event_of_the_program_that_breaks_its_chain_is_not_left_out(
        self, tables: Tables
    ) -> None:
        entry = tables.rows[tables.at(-1)][5]
        prev = tables.rows[tables.at(-2)][1]
        assert prev
        other = entry.replace(prev.hex().encode(), bytes(32).hex().encode())
        tables.change(-1, entry=other, hash=leaf_hash(other))

        assert broken(tables) == [("chain", len(tables.audited(CASE)))]


class TestMissing:
    def test_the_last_leaf_is_that_of_the_size(self, tables: Tables) -> None:
        tables.last = tables.size - 2
        assert broken(tables) == [("missing", 0)]

    @pytest.mark.parametrize("more", [-1, 1])
    def test_every_place_behind_has_an_entry(self, tables: Tables, more: int) -> None:
        tables.size += 5  # of other cases
        tables.there = 5 + more
        assert broken(tables) == [("missing", 0)]
        tables.there = 5
        assert VerifiedReading(tables).stream(CASE)

    def test_only_those_nearby_are_looked_for(self, tables: Tables) -> None:
        last = tables.size - 1
        tables.size += 3 * NEARBY

        assert VerifiedReading(tables).stream(CASE)
        assert tables.asked == [(last, NEARBY)]
        tables.there = NEARBY - 1
        assert broken(tables) == [("missing", 0)]

    def test_says_behind_which_place_of_which_stream(self, tables: Tables) -> None:
        tables.last = 0
        with pytest.raises(ReadingBroken) as refused:
            VerifiedReading(tables).stream(CASE)

        (failure,) = refused.value.breaks
        assert failure.where == f"#{tables.size - 1} {CASE}"
        assert failure.stream == CASE
        assert failure.affects.zh == failure.affects.en == CASE

    def test_does_not_matter_to_a_rubric_nor_to_an_earlier_point(self, tables: Tables) -> None:
        tables.last = 0
        reading = VerifiedReading(tables)

        assert reading.stream(RUBRIC)
        assert reading.stream(CASE, 3)
        assert tables.asked == []


@pytest.mark.parametrize(
    ("case", "further", "is_next"),
    [(CASE, 1, True), (CASE, 0, False), (CASE, -1, False), (CASE, 2, False), ("other", 1, False)],
)
def test_the_next_entry_under_another_name_is_left_out_and_that_is_said(
    tables: Tables, case: str, further: int, *, is_next: bool
) -> None:
    _, leaf, _, version, kind, entry = tables.audited(CASE)[-1]
    assert leaf
    said = replace(decode(entry), case=case, version=version + further, prev=leaf.hex())
    entry = encode(said)
    tables.rows.append((tables.size, leaf_hash(entry), "elsewhere", 1, kind, entry))
    tables.size += 1
    reading = VerifiedReading(tables)

    assert len(reading.stream(CASE)) == version
    assert [f"#{tables.size - 1} elsewhere v1" in one.en for one in reading.left_out] == (
        [True] if is_next else []
    )


def test_the_level_that_was_reached_is_put_into_words() -> None:
    assert level_in_words(None).en == "the bytes of what is shown were not verified"
    assert level_in_words("L0").en.startswith("verified L0")
