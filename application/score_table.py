"""Score table (评分表): the awards of a table as an agency delivers it, recorded with the table."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from application.batch import StreamResult, apply_batch
from application.clock import Clock
from application.confirmed import NOTHING, Confirmed
from application.look import look
from application.place import LedgerPlace
from application.understood_table import understood
from intake.batch import Batch
from intake.files import HandedIn, hand_in
from intake.table_columns import Block
from intake.table_mapping import Mapped
from intake.table_totals import PrintedTotal, printed_totals
from intake.written_command import WrittenCommand, located_commands
from ledger.language import Text, counted
from ledger.rubric import Rubric
from ledger.store import Store
from ledger.toml_lines import Path as Keys
from ledger.values import AccountId
from projections.as_of import CaseAsOf
from projections.score_sheet import pinned, score_sheet

MAPPING: Final = ".mapping.toml"
RESTATED: Final = "核查评分表所列自评分 / the self column of the review table"
Fields = dict[str, Any]


class ImportedTable(NamedTuple):
    """A table, what it was taken for and what came of it.

    Attributes:
        mapping: the file that states what the table means.
        blocks: the tables of the file, with what each column was taken for.
        results: of the case; none where the table says nothing new.
    """

    mapping: Path
    blocks: list[Block]
    rows: list[Mapped]
    totals: list[PrintedTotal]
    rubric: Rubric
    results: list[StreamResult]

    @property
    def recorded(self) -> int:
        """How many events are new."""
        return sum(len(result.recorded) for result in self.results)

    def summary(self, *, dry_run: bool) -> Text:
        """Where its mapping is, and how many events came of it, or would."""
        fresh, zh = counted(self.recorded, "event"), f"对应文件 {self.mapping}；"
        if dry_run:
            zh, en = f"{zh}可以写入 {self.recorded} 条（仅检查）", f"{fresh} would be recorded"
        else:
            zh, en = f"{zh}写入 {self.recorded} 条", f"{fresh} recorded"
        return Text(zh, f"mapping in {self.mapping}; {en}")


def import_table(  # noqa: PLR0913, PLR0917 - who, when, into which case, and two files
    store: Store,
    clock: Clock,
    place: LedgerPlace,
    account: AccountId,
    case: str,
    file: Path,
    *,
    mapping: Path | None = None,
    dated: date | None = None,
    dry_run: bool = False,
    confirmed: Confirmed = NOTHING,
) -> ImportedTable:
    """Record the awards of a score table, with the table and its mapping as evidence.

    The mapping is written next to the table where there is none, and never over one.

    Args:
        store: where the case is.
        clock: when.
        place: where evidence is kept.
        account: who acts.
        case: whose awards they are.
        file: the workbook.
        mapping: which row is which indicator; next to the table where it is not given.
        dated: business date; the clock's day where it is not given.
        dry_run: work out everything, record nothing.
        confirmed: what is meant so, although it looks like a slip.

    Raises:
        Invalid: no such case; no table; or something in it would have to be guessed.
    """
    point = look(store, case)
    rubric = pinned(point)
    table = hand_in(file)
    path = mapping or file.with_name(file.name + MAPPING)
    tables, rows, mapping_file = understood(point, file, table, path, keep=not dry_run)
    files = {str(file): table, str(path): mapping_file}
    commands = [
        WrittenCommand({"case": case, **fields}, _at(where))
        for where, fields in _commands(rows, point, files, file)
    ]
    located = located_commands(
        commands, Path(), account=account, dated=dated or clock().date(), files=files
    )
    batch = Batch(file, located)
    results = (
        list(apply_batch(store, clock, place, batch, dry_run=dry_run, confirmed=confirmed))
        if located
        else []
    )
    totals = printed_totals(tables, rows, rubric)
    return ImportedTable(path, tables.blocks, rows, totals, rubric, results)


def _at(place: Text) -> Callable[[Keys], Text]:
    return lambda _: place


def _commands(
    mapped: list[Mapped], point: CaseAsOf, files: Mapping[str, HandedIn], table: Path
) -> Iterator[tuple[Text, Fields]]:
    """What the table says that the case does not say yet; first the files that show it."""
    rubric, sheet = pinned(point), score_sheet(point)
    assert sheet  # noqa: S101 - a rubric is pinned, so there is a sheet
    rows = {row.id: row for row in sheet.indicators}
    acts: list[tuple[Text, Fields]] = []
    for row, means in mapped:
        if means not in rows:
            continue
        place, current = row.place(table), rows[means]
        claim = point.case.claims_restated.get(means, current.claim)
        if row.claim is not None and row.claim != claim:
            fields = {"do": "restate-claim", "indicator": means, "score": f"{row.claim:f}"}
            acts.append((place, {**fields, "reason": RESTATED}))
        if row.award is not None and row.award != current.award:
            by_rule = rubric.rule_result(rubric.by_id[means], point.case.figures_in_force)
            act = {"indicator": means, "evidence": [str(table)], **_award(row.award, current.claim)}
            acts.append((place, act | _words(row.reason, allowed=by_rule.allows(row.award))))
    if acts:
        for name in files:
            yield Text(name, name), {"do": "file-evidence", "file": name}
    yield from acts


def _award(award: Decimal, claim: Decimal | None) -> Fields:
    if award == claim:
        return {"do": "confirm-score"}
    return {"do": "adjust-score", "award": f"{award:f}"}


def _words(reason: str, *, allowed: bool) -> Fields:
    """The printed reason, also as the ground if the rule does not allow the award."""
    if not reason:
        return {}
    return {"justification": reason} if allowed else {"justification": reason, "ground": reason}
