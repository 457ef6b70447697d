"""`scoretrail log` and `replay`: what happened in a case, as a list or event by event."""

import sys
from typing import Any, Final

import click

from application.log_filter import known_indicator, log_filter
from cli.language import language
from cli.option import command, flag, option, together
from cli.options import as_data, at_point, print_json
from cli.screen import as_csv, tell
from cli.session import Session
from cli.table import print_paragraph, print_rows
from documents.log_list import LOG, REPLAY, log_rows, replay_line, table_columns
from ledger import terms
from projections.as_of import CaseAsOf
from projections.change_log import ChangeLogRow, change_log
from projections.facts import Reader, reader_of
from projections.formatting import iso_day
from projections.replay import replay as replayed

OF_RECORDING: Final = ("late", "recorded_from", "recorded_to", "since")
"""Options that ask when something was recorded."""


choosing: Final = together(
    option("--by accounts", "操作账号", "acting account", metavar="ACCOUNT", multiple=True),
    option(
        "--role roles", "操作角色", "acting role", click.Choice(list(terms.ROLES)), multiple=True
    ),
    option(
        "--type --kind types",
        "事件类型，如 ScoreAdjusted",
        "such as ScoreAdjusted",
        metavar="TYPE",
        multiple=True,
    ),
    option("--from dated_from", "最早业务日期", "first business date", metavar="DATE"),
    option("--to dated_to", "最晚业务日期", "latest business date", metavar="DATE"),
    option(
        "--recorded-from",
        "最早记录时间，如 2024-09-15T00:00Z",
        "earliest recorded time (UTC)",
        metavar="INSTANT",
    ),
    option("--recorded-to", "最晚记录时间", "latest recorded time (UTC)", metavar="INSTANT"),
    flag("--late", "仅限事后补记", "only events recorded after their business date"),
    option(
        "--since",
        "仅限此存证证明（文件）或条号之后",
        "only after this receipt or version",
        metavar="RECEIPT|VERSION",
    ),
)
"""Which rows: an option may be repeated where it names one of several; all must hold."""


@command(
    "变动记录：何人、何时、变动内容、原因、佐证材料、依据条款。"
    "账号的记录为 register:accounts，指标体系的记录为 rubric:编号。",
    "The change log: author, time, change, reason, evidence and clause of every event;"
    " register:accounts in place of a case is that of the accounts, rubric:ID of a rubric.",
    "scoretrail log zhanjiang-amr-2023 --indicator e-contracts --json",
)
@click.argument("case_id", metavar="CASE")
@option("--indicator", "仅限一项指标", "one indicator only")
@choosing
@at_point
@as_data
def log(
    session: Session,
    /,
    case_id: str,
    indicator: str | None,
    label: str,
    *,
    json_: bool,
    **wanted: Any,  # noqa: ANN401 - as click hands them on
) -> None:
    point = session.look(case_id, label, any_stream=True)
    known_indicator(point.rubric, indicator)
    every = change_log(point, indicator)
    entries = log_filter(session.store, every, **wanted).of(every)
    if json_:
        print_json({"case": case_id, "entries": entries})
        return
    print_log(entries, reader(point), recorded=any(wanted[name] for name in OF_RECORDING))
    if any(wanted.values()):
        found, whole = len(entries), len(every)
        tell(f"符合条件 {found} 行，全部 {whole} 行", f"{found} of {whole} rows", err=True)


def reader(point: CaseAsOf) -> Reader:
    """The reader of the terminal, where days are written as they are typed."""
    return reader_of(point, language(), iso_day)


def print_log(entries: list[ChangeLogRow], reader: Reader, *, recorded: bool = False) -> None:
    """The log for people, with when the rows were recorded where that is asked; in CSV all."""
    columns = LOG if as_csv() else table_columns(recorded=recorded)
    print_rows(columns, log_rows(entries, reader, columns))


@command(
    "逐条回放每个事件的变动。--step 每条暂停。",
    "Replay the events of a case and show what each changed. --step pauses after each.",
    "scoretrail replay zhanjiang-amr-2023 --at v40",
)
@click.argument("case_id", metavar="CASE")
@at_point
@flag("--step", "每条暂停，按键继续", "wait for a key after each event")
@as_data
def replay(session: Session, case_id: str, label: str, *, step: bool, json_: bool) -> None:
    point = session.look(case_id, label)
    frames, whoever = replayed(point), reader(point)
    if json_:
        print_json({"case": case_id, "frames": list(frames)})
        return
    if as_csv():
        print_rows(REPLAY, log_rows(frames, whoever, REPLAY))
        return
    for frame in frames:
        print_paragraph(replay_line(frame, whoever))
        if step and sys.stdin.isatty():
            click.pause("")
