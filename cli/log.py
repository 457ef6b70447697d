"""`scoretrail log`: the change log of a case or of one indicator."""

from pathlib import Path

import click

from application.handed_over import read_receipt
from application.receipts import place_of
from cli.language import language, t
from cli.options import as_data, at_point, example, print_json
from cli.session import Session
from cli.table import TableColumn, print_table
from ledger import terms
from ledger.values import Invalid
from projections.as_of import CaseAsOf
from projections.change_log import ChangeLogRow, change_log
from projections.facts import Reader, labelled, reader_of, run_on
from projections.formatting import iso_day
from projections.provenance import with_remarks


@click.command(
    help=t(
        "变动记录：何人、何时、改了什么、为什么、凭什么材料、依哪一条。",
        "The change log: who, when, what, why, on which evidence, by which clause.",
    ),
    epilog=example("scoretrail log zhanjiang-amr-2023 --indicator e-contracts --json"),
)
@click.argument("case_id", metavar="CASE")
@click.option("--indicator", help=t("只看一项指标", "of one indicator only"))
@click.option(
    "--since",
    type=click.Path(path_type=Path),
    help=t("只看这份存证证明之后的", "only what happened after this receipt"),
)
@at_point
@as_data
@click.pass_obj
def log(  # noqa: PLR0913 - an argument an option
    session: Session,
    case_id: str,
    indicator: str | None,
    since: Path | None,
    label: str,
    *,
    json_: bool,
) -> None:
    """Show the log."""
    point = session.look(case_id, label)
    rubric = point.rubric
    if indicator and rubric:
        extras = [extra.id for extra in (rubric.bonus, rubric.penalty) if extra]
        if indicator not in {*rubric.by_id, *extras}:
            known = [*rubric.by_id, *extras]
            raise Invalid(
                f"没有指标 {indicator}；有：{'、'.join(known)}",
                f"no indicator {indicator}; there are: {', '.join(known)}",
            )
    entries = change_log(point, indicator)
    if since:
        after = place_of(session.store, read_receipt(since))
        entries = [entry for entry in entries if (entry.position or 0) > after]
    if json_:
        print_json({"case": case_id, "entries": entries})
    else:
        print_log(entries, reader(point))


def reader(point: CaseAsOf) -> Reader:
    """Whoever reads the terminal, where days are written as they are typed."""
    return reader_of(point, language(), iso_day)


def print_log(entries: list[ChangeLogRow], reader: Reader) -> None:
    """The log for people."""
    print_table(
        [
            TableColumn(t(*terms.VERSION), number=True),
            TableColumn(t(*terms.BUSINESS_DATE)),
            TableColumn(t(*terms.ACCOUNT)),
            TableColumn(t(*terms.EVENT)),
            TableColumn(t(*terms.INDICATOR)),
            TableColumn(t(*terms.CHANGE)),
            TableColumn(t(*terms.CONTENT_AND_JUSTIFICATION)),
        ],
        [
            (
                str(entry.version),
                entry.dated.isoformat(),
                entry.by.account,
                # English titles read like the type, which is what programs and filters call it.
                t(f"{event_name(entry)} {entry.type}", f"{entry.type}: {event_name(entry)}"),
                entry.indicator or "",
                entry.change(language()),
                told(entry, reader),
            )
            for entry in entries
        ],
    )


def event_name(entry: ChangeLogRow) -> str:
    """What an event is called, in the language spoken now."""
    return t(*terms.EVENTS[entry.type])


def told(entry: ChangeLogRow, reader: Reader) -> str:
    """What an event says and on what it rests, and in brackets what its transcriber says."""
    lines = entry.content(reader, ("figure.value", "points"))
    if sources := entry.sources(reader.language):
        lines.append(labelled(terms.EVIDENCE, t("、", ", ").join(sources), reader))
    return with_remarks(run_on(lines, reader.language), entry, t)
