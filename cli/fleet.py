"""`scoretrail fleet`: many ledgers, and the upper level's ledger of their checkpoints."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click import Choice

from application import fleet_data as data
from cli.failure import BROKEN
from cli.language import language, t
from cli.listing import ListOptions, as_list, print_list
from cli.option import command, option, together
from cli.options import as_data, at_point, print_json
from cli.parameter_types import FILE, FOLDER
from cli.portfolio import choosing, choosing_awards, several
from cli.session import Session
from cli.table import print_rows
from documents.fleet_lists import LEDGERS
from intake.fleet_file import read_fleet

fleet = click.Group("fleet", help=t("多个记录库。", "Many ledgers, listed in a file."))


def _fleet(session: Session, file: Path) -> Any:  # noqa: ANN401 - slow to import
    from application.fleet import Fleet  # noqa: PLC0415 - slow; exports are asked without it
    from application.year_end import Office  # noqa: PLC0415 - the same

    office = Office(session.store, session.clock, session.account or "", session.day)
    return Fleet(office, read_fleet(file))


def _way(name: str, zh: str, en: str, more: str = "", *options: Callable[..., Any]) -> None:
    def run(session: Session, file: Path, *, json_: bool, **how: Any) -> int:  # noqa: ANN401 - as click hands it on
        found = [*getattr(_fleet(session, file), name)(**how)]
        rows = [looked.row for looked in found]
        print_json(rows) if json_ else print_rows(LEDGERS, rows)
        return BROKEN if any(looked.broken for looked in found) else 0

    run.__name__ = name
    line = f"scoretrail --ledger province.db --as administrator fleet {name} fleet.toml{more}"
    command(zh, en, line, of=fleet)(
        together(click.argument("file", type=FILE), *options, as_data)(run)
    )


_way("status", "列出各记录库的条数、已签署和已登记的检查点。", "List how far each ledger is.")
_way("verify", "逐个核验。", "Verify each ledger, against its key and what was taken up of it.", "",
    option("--dask cluster", "分担工作的 Dask 调度程序地址", "address of a Dask scheduler"),
    option("--tls", "其证书目录", "its folder of ca.pem, cert.pem, key.pem", FOLDER),
  )  # fmt: skip
_way("checkpoint", "登记各记录库最近签署的检查点；改写过去的，拒绝登记。",
    "Take up what each ledger signed last; one that rewrote its past is refused.",
  )  # fmt: skip
_way("export", "导出各记录库的数据（Parquet），检查点有变化的才重新导出。",
    "Export the data of each ledger (Parquet), again where its checkpoint is another.", " -o data",
    option("-o --output", "目录", "folder", FOLDER, required=True),
  )  # fmt: skip


@command(
    "各记录库合并统计，各列与 portfolio 相同：查询导出的数据（目录），或先导出清单中的各库。"
    f"统计项目：{'、'.join(data.QUESTIONS)}（默认第一项）。",
    "Ask all ledgers together, as portfolio does: a folder of exports, or a list of ledgers. "
    f"QUESTION is {', '.join(data.QUESTIONS)} (default: the first).",
    "scoretrail fleet portfolio data adjustments --by organisation --json", of=fleet,
)  # fmt: skip
@click.argument("source", metavar="FLEET.toml|FOLDER", type=click.Path(exists=True, path_type=Path))
@click.argument("question", metavar="[QUESTION]", type=Choice(data.QUESTIONS), default="scores")
@choosing
@choosing_awards
@several("--by", "by", "分组", "grouping", Choice(data.BY))
@option("--table", "比较的表", "table of compare", Choice(data.TABLES), default="groups")
@option(
    "--compare dimension", "比较对象", "what to compare", Choice(data.DIMENSIONS), default="agency"
)
@at_point
@as_list(data.FLEET_COLUMNS)
def portfolio_(
    session: Session, source: Path, question: str, form: ListOptions, **more: object
) -> None:
    more |= {"today": session.day, "language": language()}
    folders = data.folders_in(source) if source.is_dir() else _fleet(session, source).data(source)
    columns, rows, heads = data.ask_fleet(question, folders, more)
    print_list(question, columns, rows, form, {"at": heads})
