"""`scoretrail import-table`: the awards of a score table as an agency delivers it."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import click

from application.look import look
from cli.apply import apply_acts, keep_evidence
from cli.failure import REFUSED, say
from cli.language import t
from cli.options import as_json, example, print_json, write_file
from cli.output import lasts
from cli.screen import echo
from cli.session import Session
from cli.table import TableColumn, print_table
from intake.score_tables import ScoreTables, TableRow, read_tables
from intake.table_mapping import BONUS, PENALTY, Mapped, propose, read, written
from intake.workbook import read_workbook
from intake.written_command import WrittenCommand, located_commands
from ledger import terms
from ledger.case import Case, fold
from ledger.language import Text, counted
from ledger.ledger import DryRunStore, Ledger
from ledger.rubric import Rubric
from ledger.store import Store
from ledger.toml_lines import Path as Keys
from ledger.values import IndicatorId
from projections.score_sheet import ScoreSheet, pinned, score_sheet

MAPPING: Final = ".mapping.toml"
Fields = dict[str, Any]
Printed = tuple[str, str, Decimal | None, Decimal]
"""Where, what, as printed, as computed."""


@click.command(
    "import-table",
    help=t(
        "读入机构交来的评分表（.xlsx）：按表头找列，合并的层级补齐，小计合计只作对照。"
        "行与指标的对应写在旁边的 .mapping.toml 里，可改，连同原表作为佐证保存。",
        "Read an agency's score table (.xlsx): columns by heading, merged levels filled down,"
        " printed totals kept beside the computed ones. Which row is which indicator is written to"
        " a .mapping.toml beside it, may be corrected, and is filed as evidence with the table.",
    ),
    epilog=example(
        "scoretrail --as agency-reviewer import-table zhanjiang-amr-2023 score-table.xlsx --check"
    ),
)
@click.argument("case_id", metavar="CASE")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    help=t("对应文件（默认在表旁）", "the mapping file (default: beside the table)"),
)
@click.option("--check", is_flag=True, help=t("只检查，不写入账本", "check only, record nothing"))
@as_json
@click.pass_obj
def import_table(  # noqa: PLR0913 - an argument an option
    session: Session, case_id: str, file: Path, mapping: Path | None, *, check: bool, json_: bool
) -> int:
    """Read a table and record its awards."""
    with Store.open(session.target) as store:
        ledger = Ledger(DryRunStore(store) if check else store)
        point = look(store, case_id)
        rubric, sheet = pinned(point), score_sheet(point)
        assert sheet  # noqa: S101 - a rubric is pinned, so there is a sheet
        tables = read_tables(file, read_workbook(file), rubric.scale)
        kept = mapping or file.with_name(file.name + MAPPING)
        if not kept.exists():
            write_file(kept, written(propose(tables, rubric), file, case_id, rubric).encode())
        mapped = read(kept, file, tables, rubric)
        acts = list(_acts(mapped, sheet, fold(point.history), (file, kept)))
        placed = located_commands(
            (WrittenCommand({"case": case_id, **fields}, _at(place)) for place, fields in acts),
            Path(),
            account=session.who(),
            dated=session.day,
        )
        if placed and not check:
            keep_evidence(session, ledger, placed)
        done = list(apply_acts(ledger, placed)) if placed else []
    if done and not check:
        lasts()
    printed = _printed(tables, mapped, rubric)
    recorded = sum(len(one.recorded) for applied in done for one in applied.outcomes)
    if json_:
        print_json(_as_json(mapped, printed, recorded))
    else:
        _print(mapped, printed, rubric)
        echo(
            t(f"对应文件 {kept}；", f"mapping in {kept}; ")
            + (
                t(
                    f"可以写入 {recorded} 条（仅检查）",
                    f"{counted(recorded, 'event')} would be recorded",
                )
                if check
                else t(f"写入 {recorded} 条", f"{counted(recorded, 'event')} recorded")
            )
        )
    for applied in done:
        if applied.refused:
            say(applied.refused)
    return REFUSED if any(applied.refused for applied in done) else 0


def _at(place: Text) -> Callable[[Keys], Text]:
    return lambda _: place


def _acts(
    mapped: list[Mapped], sheet: ScoreSheet, case: Case, files: tuple[Path, Path]
) -> Iterator[tuple[Text, Fields]]:
    """What the table says that the case does not say yet; first the files that show it."""
    rows = {row.id: row for row in sheet.rows}
    found: list[tuple[Text, Fields]] = []
    for row, means in mapped:
        if means not in rows:
            continue
        place = row.place(files[0])
        claim = rows[means].claim
        if row.claim is not None and row.claim != case.claims_restated.get(means, claim):
            reason = "核查评分表所列自评分 / the self column of the review table"
            fields = {"do": "restate-claim", "indicator": means, "score": f"{row.claim:f}"}
            found.append((place, {**fields, "reason": reason}))
        if row.award is not None and row.award != rows[means].award:
            found.append((place, _award(row, means, sheet, files[0])))
    if found:
        for path in files:
            yield Text(str(path), str(path)), {"do": "file-evidence", "file": str(path.absolute())}
    yield from found


def _award(row: TableRow, indicator: IndicatorId, sheet: ScoreSheet, table: Path) -> Fields:
    """An award; where it differs from the rule, the printed reason is also the stated ground."""
    standing = next(one for one in sheet.rows if one.id == indicator)
    fields: Fields = {"indicator": indicator, "evidence": [str(table.absolute())]}
    if row.reason:
        fields["justification"] = row.reason
    assert row.award is not None  # noqa: S101 - the caller has looked
    if row.reason and not standing.rule.allows(row.award):
        fields["ground"] = row.reason
    if row.award == standing.claim:
        return {"do": "confirm-score", **fields}
    return {"do": "adjust-score", "award": f"{row.award:f}", **fields}


def _printed(tables: ScoreTables, mapped: list[Mapped], rubric: Rubric) -> list[Printed]:
    """The totals of the table beside what its own rows add up to."""
    found = []
    start = 0
    for before, total in tables.totals:
        whole = total == tables.totals[-1][1]
        part = mapped[:before] if whole else mapped[start:before]
        scores = {
            one.means: one.row.award
            for one in part
            if one.means in rubric.by_id and one.row.award is not None
        }
        bonus = [one.row.award for one in part if one.means == BONUS and one.row.award]
        penalty = [abs(one.row.award) for one in part if one.means == PENALTY and one.row.award]
        computed = rubric.totals(scores, bonus, penalty).total
        where = f"{total.sheet} {total.number}"
        found.append((where, total.name, total.award, computed))
        start = before
    return found


def _as_json(mapped: list[Mapped], printed: list[Printed], recorded: int) -> dict[str, object]:
    return {
        "rows": [
            {
                "sheet": row.sheet,
                "row": row.number,
                "path": list(row.path),
                "indicator": means or None,
                "weight": _text(row.weight),
                "claim": _text(row.claim),
                "award": _text(row.award),
                "reason": row.reason,
            }
            for row, means in mapped
        ],
        "printed": [
            {"place": where, "label": label, "printed": _text(said), "computed": str(computed)}
            for where, label, said, computed in printed
        ],
        "recorded": recorded,
    }


def _text(score: Decimal | None) -> str | None:
    return None if score is None else f"{score:f}"


def _print(mapped: list[Mapped], printed: list[Printed], rubric: Rubric) -> None:
    print_table(
        [
            TableColumn(t(*terms.ROW), number=True),
            TableColumn(t(*terms.INDICATOR)),
            TableColumn(t(*terms.NAME)),
            TableColumn(t(*terms.CLAIMED), number=True),
            TableColumn(t(*terms.AWARDED), number=True),
        ],
        [
            (
                str(row.number),
                means or t("不读", "left out"),
                rubric.by_id[means].path[-1] if means in rubric.by_id else row.name,
                _text(row.claim) or "-",
                _text(row.award) or "-",
            )
            for row, means in mapped
        ],
    )
    print_table(
        [
            TableColumn(t(*terms.PLACE)),
            TableColumn(t(*terms.TOTALS)),
            TableColumn(t(*terms.PRINTED), number=True),
            TableColumn(t(*terms.COMPUTED), number=True),
        ],
        [(where, label, _text(said) or "-", str(value)) for where, label, said, value in printed],
    )
