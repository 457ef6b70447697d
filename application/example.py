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
        "三、得分变动：每一步由何人、因何、依据什么，合计与总分一致",
        "3. Changes: each step with its reason; the steps add up to the change of the total",
    ),
    Text(
        "四、核验：从存储的字节重新计算全部记录",
        "4. Verification: everything is computed again from the stored bytes",
    ),
    Text("五、接下来可运行的命令", "5. Commands to run next"),
)
"""What is shown of it, in the order in which it is."""


def next_commands(program: str, target: str, case: str) -> tuple[str, list[str]]:
    """Where a ledger is, and commands about a case in it that run as they are written.

    Args:
        program: what was called.
        target: of the ledger. The address of a server may hold a password, so it is not repeated.
        case: which.
    """
    is_file = "://" not in target
    ledger = _quoted(target) if is_file else "SCORETRAIL_LEDGER"
    start = _quoted(program) + (f" --ledger {ledger}" if is_file else "")
    folder = Path(target).parent if is_file else Path()
    commands = (
        f"score {case} --at self",
        f"explain {case} output-goals",
        f"log {case} --indicator output-goals",
        f"document score-table {case} -o {_quoted(str(folder / 'score-table.pdf'))}",
        "verify",
    )
    return ledger, [f"  {start} {command}" for command in commands]


def _quoted(word: str) -> str:
    """A word for the command line of any system."""
    return f'"{word}"' if " " in word else word
