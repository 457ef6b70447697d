"""`scoretrail fleet`: many ledgers, and the upper level's ledger of their checkpoints."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click

from application.fleet import LEDGERS, Fleet, Looked, data_of
from application.fleet_data import BY, DIMENSIONS, FLEET_COLUMNS, QUESTIONS, TABLES, ask_fleet
from application.year_end import Office
from cli.failure import BROKEN
from cli.language import language, t
from cli.listing import ListOptions, as_list, print_list
from cli.option import command, option, together
from cli.options import as_data, at_point, print_json
from cli.parameter_types import FILE, FOLDER
from cli.portfolio import choosing, choosing_awards, several
from cli.session import Session
from cli.table import print_rows
from intake.fleet_file import read_fleet

fleet = click.Group("fleet", help=t("多个记录库。", "Many ledgers, listed in a file."))


def _office(session: Session) -> Office:
    return Office(session.store, session.clock, session.account or "", session.day)


def _way(ask: Callable[..., Iterable[Looked]], zh: str, en: str, more: str = "",
    options: Callable[..., Any] = lambda run: run,
) -> None:  # fmt: skip
    def run(session: Session, file: Path, *, json_: bool, **how: Any) -> int:  # noqa: ANN401 - as click hands it on
        found = [*ask(Fleet(_office(session), read_fleet(file)), **how)]
        rows = [looked.row for looked in found]
        print_json(rows) if json_ else print_rows(LEDGERS, rows)
        return BROKEN if any(looked.broken for looked in found) else 0

    run.__name__ = name = ask.__name__
    line = f"scoretrail --ledger province.db --as administrator fleet {name} fleet.toml{more}"
    command(zh, en, line, of=fleet)(click.argument("file", type=FILE)(options(as_data(run))))


_way(Fleet.status, "列出各记录库的条数、已签署和已登记的检查点。", "List how far each ledger is.")
_way(Fleet.verify, "逐个核验。", "Verify each ledger, against its key and what was taken up of it.",
    options=together(
        option("--dask cluster", "分担工作的 Dask 调度程序地址", "address of a Dask scheduler"),
        option("--tls", "其证书目录", "its folder of ca.pem, cert.pem, key.pem", FOLDER),
    ),
  )  # fmt: skip
_way(Fleet.checkpoint, "登记各记录库最近签署的检查点；改写过去的，拒绝登记。",
    "Take up what each ledger signed last; one that rewrote its past is refused.",
  )  # fmt: skip
_way(Fleet.export, "导出各记录库的数据（Parquet），检查点有变化的才重新导出。",
    "Export the data of each ledger (Parquet), again where its checkpoint is another.", " -o data",
    option("-o --output", "目录", "folder", FOLDER, required=True),
  )  # fmt: skip


@command(
    "各记录库合并统计，各列与 portfolio 相同：查询导出的数据（目录），或先导出清单中的各库。"
    f"统计项目：{'、'.join(QUESTIONS)}（默认第一项）。",
    "Ask all ledgers together, as portfolio does: a folder of exports, or a list of ledgers. "
    f"QUESTION is {', '.join(QUESTIONS)} (default: the first).",
    "scoretrail fleet portfolio data adjustments --by organisation --json", of=fleet,
)  # fmt: skip
@click.argument("source", metavar="FLEET.toml|FOLDER", type=click.Path(exists=True, path_type=Path))
@click.argument("question", metavar="[QUESTION]", type=click.Choice([*QUESTIONS]), default="scores")
@choosing
@choosing_awards
@several("--by", "by", "分组", "grouping", click.Choice([*BY]))
@option("--table", "比较的表", "table of compare", click.Choice([*TABLES]), default="groups")
@option("--compare dimension", "比较对象", "what to compare", click.Choice([*DIMENSIONS]),
    default="agency",
)  # fmt: skip
@at_point
@as_list(FLEET_COLUMNS)
def portfolio_(
    session: Session, source: Path, question: str, form: ListOptions, **more: object
) -> None:
    more |= {"today": session.day, "language": language()}
    found = ask_fleet(question, data_of(_office(session), source), more)
    print_list(question, found.columns, found.rows, form, {"at": found.heads})
