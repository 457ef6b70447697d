"""Verification: everything recomputed from the stored bytes, every break reported with its place.

Steps, numbered again where they are done:

1. every entry is canonical and readable, and its columns say what it says;
2. every stream is contiguous from version 1 and each entry names the leaf hash of the one before;
3. every event has a leaf, positions are dense from 0, and each leaf's hash is that of its entry;
4. every case adds up: what was recorded is what the rules of the record allow to stand.

What this level cannot show is said with the result: whoever can rewrite the whole database can
recompute all of it.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from msgspec import Struct, field

from ledger.codec import Unreadable, decode
from ledger.events import ScoreAdjusted, ScoreConfirmed
from ledger.log.tree import leaf_hash
from ledger.recorded import Recorded
from ledger.store import StoredRow
from ledger.values import Text

Level = Literal["L0"]

DOES_NOT_PROVE: Final = (
    Text(
        "没有账本以外的检查点可比对：能改写整个数据库的人可以连同全部哈希一起重算",
        "there is no checkpoint from outside to compare with: whoever can rewrite the whole"
        " database can recompute every hash in it",
    ),
    Text(
        "从未写入的事情无法发现；写入内容本身是否属实不在此列",
        "what was never recorded cannot be found, and whether what was recorded is true is not"
        " shown",
    ),
)


class Break(Struct, frozen=True, kw_only=True):
    """Something that does not hold.

    Attributes:
        kind: name of the promise that is broken.
        where: the place: log position and stream with version.
        message: what is wrong.
        affects: the fact that can no longer be relied on.
    """

    kind: str
    where: str
    message: Text
    affects: Text


class Verification(Struct, kw_only=True):
    """What was checked and what was found. Nothing checked is a failure, too."""

    level: Level = "L0"
    events: int = 0
    leaves: int = 0
    streams: set[str] = field(default_factory=set)
    breaks: list[Break] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """How many cases were checked; rubrics and the register are not among them."""
        return sum(1 for stream in self.streams if ":" not in stream)

    @property
    def holds(self) -> bool:
        """Whether something was checked and nothing is broken."""
        return self.events > 0 and not self.breaks


def verify(rows: Iterable[StoredRow], *, whole: bool = True) -> Verification:
    """Recompute everything.

    Args:
        rows: every stored event with its leaf, those of one stream in version order.
        whole: whether these are all events of the log; the positions of some have gaps.
    """
    result = Verification()
    last: dict[str, tuple[int, str]] = {}
    positions: set[int] = set()
    for row in rows:
        result.events += 1
        result.streams.add(row.case_id)
        result.breaks += _entry(row, last)
        result.breaks += _leaf(row)
        last[row.case_id] = (row.version, leaf_hash(row.entry).hex())
        if row.position is not None:
            result.leaves += 1
            positions.add(row.position)
    if whole:
        result.breaks += _order(positions)
    return result


def _entry(row: StoredRow, last: dict[str, tuple[int, str]]) -> Iterator[Break]:
    where = f"#{row.position} {row.case_id} v{row.version}"
    affects = Text(
        f"{row.case_id} 第 {row.version} 条 {row.type}", f"{row.case_id} v{row.version} {row.type}"
    )
    # 1. Canonical, readable, and stored under its own name.
    try:
        recorded = decode(row.entry, row.position)
    except Unreadable as error:
        yield Break(kind="unreadable", where=where, message=error.text, affects=affects)
        return
    affects = _fact(recorded)
    if (recorded.case, recorded.version, recorded.type) != (row.case_id, row.version, row.type):
        yield Break(
            kind="misfiled",
            where=where,
            message=Text(
                f"条目自称 {recorded.case} 第 {recorded.version} 条 {recorded.type}",
                f"the entry says it is {recorded.case} v{recorded.version} {recorded.type}",
            ),
            affects=affects,
        )
    # 2. Contiguous, and linked to the one before.
    version, link = last.get(row.case_id, (0, ""))
    if row.version != version + 1:
        yield Break(
            kind="gap",
            where=where,
            message=Text(f"前一条是第 {version} 条", f"the one before is v{version}"),
            affects=affects,
        )
    elif recorded.prev != link:
        yield Break(
            kind="chain",
            where=where,
            message=Text(
                "所记前一条的哈希与前一条不符", "`prev` is not the leaf hash of the entry before"
            ),
            affects=affects,
        )


def _fact(recorded: Recorded) -> Text:
    """The fact of the business that an entry records."""
    event = recorded.event
    if isinstance(event, ScoreAdjusted | ScoreConfirmed):
        return Text(
            f"{recorded.case} 中指标 {event.indicator} 的核查得分",
            f"the award of {event.indicator} in {recorded.case}",
        )
    return Text(
        f"{recorded.case} 第 {recorded.version} 条 {recorded.type}",
        f"{recorded.case} v{recorded.version} {recorded.type}",
    )


def _leaf(row: StoredRow) -> Iterator[Break]:
    # 3. Sealed, under the hash of these very bytes.
    where = f"#{row.position} {row.case_id} v{row.version}"
    affects = Text(
        f"{row.case_id} 第 {row.version} 条 {row.type}", f"{row.case_id} v{row.version} {row.type}"
    )
    if row.position is None or row.hash is None:
        yield Break(
            kind="unsealed",
            where=where,
            message=Text(
                "没有日志位置：不是由本程序写入，或写入后未封存",
                "it has no place in the log: not written by this program, or never sealed",
            ),
            affects=affects,
        )
    elif leaf_hash(row.entry) != row.hash:
        yield Break(
            kind="leaf",
            where=where,
            message=Text("条目与其叶哈希不符", "the entry does not hash to its leaf"),
            affects=affects,
        )


def _order(positions: set[int]) -> Iterator[Break]:
    expected = set(range(len(positions)))
    for position in sorted(positions - expected | expected - positions):
        yield Break(
            kind="order",
            where=f"#{position}",
            message=Text("日志位置不连续", "the positions of the log are not dense"),
            affects=Text("日志顺序", "the order of the log"),
        )


def verification_json(result: Verification, language: str) -> dict[str, object]:
    """The result with the stable keys of the command line's contract."""
    return {
        "level": result.level,
        "counted": {
            "events": result.events,
            "cases": result.cases,
            "leaves": result.leaves,
            "checkpoints": 0,
            "signatures": 0,
            "evidence": 0,
        },
        "breaks": [
            {
                "kind": one.kind,
                "where": one.where,
                "message": getattr(one.message, language),
                "affects": getattr(one.affects, language),
            }
            for one in result.breaks
        ],
        "does_not_prove": [getattr(one, language) for one in DOES_NOT_PROVE],
    }
