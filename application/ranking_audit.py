"""The audit of a ranking (名次表核验): a list that is whole, by those who hold all of it."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from msgspec import DecodeError, ValidationError, json

from application.look import point_of
from intake.files import read_bytes
from ledger.case import History
from ledger.envelope import REGISTER, RecordedEvent, is_case
from ledger.events import RankingRecorded
from ledger.language import Text, counted
from ledger.ledger import Ledger
from ledger.log.tree import ProofError
from ledger.ranking import Ranking
from ledger.store import Store
from ledger.values import CaseId, Invalid
from projections.score_sheet import score_sheet


class ListedRanking(NamedTuple):
    """A list that holds.

    Attributes:
        in_force: whether no other one has taken its place.
    """

    ranking: Ranking
    in_force: bool

    @property
    def facts(self) -> dict[str, object]:
        """What it has, for programs."""
        year, cases, sum_ = self.ranking.year, len(self.ranking.cases), self.ranking.sum
        of_list = {"year": year, "cases": cases, "sum": sum_, "root": self.ranking.root}
        return {**of_list, "in_force": self.in_force}

    @property
    def words(self) -> Text:
        """The same in a sentence."""
        made, cases = self.ranking, len(self.ranking.cases)
        later = Text("", "") if self.in_force else Text("；其后已重新登记", "; replaced since")
        return Text(
            f"{made.year} 年度名次表：{cases} 个评价事项，无遗漏，合计 {made.sum}，根 {made.root}"
            f"{later.zh}",
            f"ranking of {made.year}: {counted(cases, 'case')}, none left out, sum {made.sum},"
            f" root {made.root}{later.en}",
        )


def final_scores(ledger: Ledger, year: int, size: int) -> Iterator[tuple[CaseId, Decimal]]:
    """The score of each case of a year whose result was issued, by the first entries of the log.

    Args:
        ledger: where.
        year: that was scored.
        size: how many entries of the log count.
    """
    for stream in ledger.streams():
        if not is_case(stream):
            continue
        whole = ledger.history(stream)
        history = History(
            event for event in whole if event.position is not None and event.position < size
        )
        case = history.case
        if case.opened is None or case.opened.year != year or case.issued is None:
            continue
        sheet = score_sheet(point_of(ledger, history))
        score = sheet.award.shown("total") if sheet else None
        if score is not None:
            yield stream, score


def read_ranking(file: Path) -> Ranking:
    """A list from its file.

    Raises:
        Invalid: it cannot be read, or is none.
    """
    try:
        return json.decode(read_bytes(file), type=Ranking)
    except (DecodeError, ValidationError):
        raise Invalid(
            f"{file}：不是名次表。请给出登记名次表时写出的文件",
            f"{file}: not a ranking. Name the file that was written when it was recorded",
        ) from None


def recorded_as(ledger: Ledger, ranking: Ranking) -> RecordedEvent:
    """The event that has recorded a list.

    Raises:
        ProofError: none has, or it states otherwise how many cases and entries it has.
    """
    for recorded in reversed(ledger.history(REGISTER)):
        event = recorded.event
        if isinstance(event, RankingRecorded) and event.root == ranking.root:
            stated = (event.year, event.cases, event.entries)
            if stated == (ranking.year, len(ranking.cases), ranking.size):
                return recorded
    raise ProofError(
        f"账号登记中没有这份名次表：根为 {ranking.root}，名单或随机数已改动",
        f"the register has no such ranking: its root is {ranking.root}, so the list or its random"
        " bytes were changed",
    )


def audit(store: Store, file: Path) -> ListedRanking:
    """Show that a list is the recorded one, sorted, adds up and leaves no case out.

    Raises:
        ProofError: it is not; says every fault.
    """
    ledger, ranking = Ledger(store), read_ranking(file)
    recorded = recorded_as(ledger, ranking)
    faults = list(ranking.faults())
    scores = dict(final_scores(ledger, ranking.year, ranking.size))
    listed = {case.case: Decimal(case.score) for case in ranking.cases}
    for name in sorted(scores.keys() | listed.keys()):
        if scores.get(name) != listed.get(name):
            there, here = (found.get(name, "—") for found in (scores, listed))
            faults.append(
                (
                    f"{name}：记录库中的最终得分为 {there}，名次表所列为 {here}",
                    f"{name}: the ledger has the final score {there}, the list {here}",
                )
            )
    if recorded.position is None or ranking.size > recorded.position:
        faults.append(("依据的条数不对", "it was drawn up from entries that came after it"))
    if faults:
        raise ProofError("；".join(zh for zh, _ in faults), "; ".join(en for _, en in faults))
    in_force = ledger.register().rankings[ranking.year] == ranking.root
    return ListedRanking(ranking, in_force)
