"""`scoretrail year`: freeze the ledger of a year, and begin the next one from it."""

from pathlib import Path

import click

from application.handed_over import read_log_keys
from application.place import LedgerPlace
from application.successor import in_words, publish_rubrics
from application.successor import succeed as go_on
from application.year_end import Office
from cli.language import t
from cli.option import command, option
from cli.options import into_file, write_file
from cli.output import lasts
from cli.parameter_types import YEAR
from cli.screen import echo, tell
from cli.session import Session

year = click.Group("year", help=t("年终冻结与结转。", "The end of a year: freeze, carry over."))
before = click.argument("before", metavar="LEDGER")


@command(
    "冻结一个年度的记录库：此后不再登记任何内容，并签署最终检查点。不能撤回。",
    "Freeze the ledger of a year and sign its final checkpoint. Nothing is recorded in it any"
    " more; this cannot be taken back.",
    "scoretrail --as administrator year freeze 2024 --reason 余下事项在其后年度办理 -o final",
    of=year,
)
@click.argument("number", metavar="YEAR", type=YEAR)
@option("--reason", "尚有事项未办结的，说明原因", "reason, where cases are not closed")
@into_file
def freeze(session: Session, number: int, *, reason: str | None, output: Path | None) -> None:
    signed = _office(session).freeze(session.place, number, reason)
    lasts()
    write_file(output, bytes(signed.note))


@command(
    "登记上一年度的记录库（已冻结），并结转账号、角色和密钥。核验其最终检查点后方可结转。",
    "Go on from the frozen ledger of the year before: name its final checkpoint, once that is"
    " verified, and carry its accounts, roles and keys over.",
    "scoretrail --ledger 2025.db --as administrator year succeed scoretrail.db"
    " --vkey scoretrail.db.key.pub",
    of=year,
)
@before
@option("--vkey", "该日志的公钥，或其文件", "public key of that log, or its file", required=True)
def succeed(session: Session, before: str, *, vkey: str) -> None:
    with LedgerPlace(before).open() as store:
        last, count = go_on(_office(session), store, read_log_keys([vkey]))
    lasts()
    tell(*in_words(last, count))


@command(
    "结转指标体系：原样发布上一年度记录库中各指标体系的最新版本，写明出处。",
    "Publish the newest edition of each rubric of the ledger before, unchanged; each says where"
    " it comes from.",
    "scoretrail --ledger 2025.db --as bureau-officer year rubrics scoretrail.db",
    of=year,
)
@before
def rubrics(session: Session, before: str) -> None:
    with LedgerPlace(before).open() as store:
        published = publish_rubrics(_office(session), store)
    lasts()
    for edition in published:
        echo(edition)


def _office(session: Session) -> Office:
    return Office(session.store, session.clock, session.who(), session.day)
