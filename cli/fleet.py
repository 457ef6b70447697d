"""`scoretrail fleet`: many ledgers, and the upper level's ledger of their checkpoints."""

from collections.abc import Callable, Iterable
from pathlib import Path

import click

from application.fleet import LEDGERS, Fleet, Looked
from application.year_end import Office
from cli.failure import BROKEN
from cli.language import t
from cli.option import command
from cli.options import as_data, print_json
from cli.parameter_types import FILE
from cli.session import Session
from cli.table import print_rows
from intake.fleet_file import read_fleet

fleet = click.Group("fleet", help=t("多个记录库。", "Many ledgers, listed in a file."))


def _way(ask: Callable[[Fleet], Iterable[Looked]], zh: str, en: str) -> None:
    def run(session: Session, file: Path, *, json_: bool) -> int:
        office = Office(session.store, session.clock, session.account or "", session.day)
        found = [*ask(Fleet(office, read_fleet(file)))]
        rows = [looked.row for looked in found]
        print_json(rows) if json_ else print_rows(LEDGERS, rows)
        return BROKEN if any(looked.broken for looked in found) else 0

    run.__name__ = ask.__name__
    line = f"scoretrail --ledger province.db --as administrator fleet {ask.__name__} fleet.toml"
    command(zh, en, line, of=fleet)(click.argument("file", type=FILE)(as_data(run)))


_way(Fleet.status, "列出各记录库的条数、已签署和已登记的检查点。", "List how far each ledger is.")
_way(Fleet.verify, "逐个核验。", "Verify each ledger, against its key and what was taken up of it.")
_way(Fleet.checkpoint, "登记各记录库最近签署的检查点；改写过去的，拒绝登记。",
    "Take up what each ledger signed last; one that rewrote its past is refused.",
)  # fmt: skip
