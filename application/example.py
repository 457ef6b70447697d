"""Example (实例): a case of the examples is recorded in a ledger, its files in their order."""

from datetime import date
from pathlib import Path
from typing import Final

from application.batch import apply_batch
from application.clock import Clock
from application.place import LedgerPlace
from intake.batch import read_batch
from ledger.language import Text
from ledger.refusals import CommandRefused
from ledger.store import Store
from projections.score_sheet import Baseline


def record_example(store: Store, clock: Clock, place: LedgerPlace, folder: Path, day: date) -> None:
    """Record a case from its batch files, which begin with their numbers.

    Raises:
        CommandRefused: a command is refused, which the tests of the examples exclude.
    """
    for file in sorted(folder.glob("[1-9]-*.toml")):
        batch = read_batch(file, account=None, dated=day)
        for applied in apply_batch(store, clock, place, batch):
            if applied.refused:
                raise CommandRefused("example", applied.refused.zh, applied.refused.en)


HEADINGS: Final = (
    Text(
        "一、单位自评：单位提交的各项得分",
        "1. Self-evaluation: what the unit claimed, by indicator",
    ),
    Text("二、核查结果：印发的各项得分", "2. Review: what was awarded and issued, by indicator"),
    Text(
        "三、得分变动：逐步列明原因，合计与总分变动一致",
        "3. Changes: each step with its reason; the steps add up to the change of the total",
    ),
    Text(
        "四、核验：从存储的字节重新计算全部记录",
        "4. Verification: everything is computed again from the stored bytes",
    ),
    Text("五、接下来可运行的命令", "5. Commands to run next"),
)
"""What is shown of it, in the order in which it is."""


BASELINES: Final[tuple[tuple[Baseline, Text], ...]] = (
    ("claims", Text("得分变动：从单位自评起", "bridge from the unit's claims")),
    (
        "review-table",
        Text("得分变动：从核查表所列自评起", "bridge from the self column of the review table"),
    ),
)
"""Where its bridges begin."""
