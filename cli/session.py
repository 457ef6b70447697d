"""One run of the command line: which ledger, who acts, and the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.language import t

if TYPE_CHECKING:
    # `--help` must not import the store and what it stands on.
    from ledger.evidence import EvidenceFolder
    from ledger.ledger import CommandResult, Ledger
    from projections.as_of import CaseAsOf


class Session(NamedTuple):
    """The global options.

    Attributes:
        target: SQLite file or `postgresql://` URL.
        account: who acts; needed for acts, not for reads.
        dated: business date of the act; today where it is not given.
        key_file: the key that signs checkpoints; beside the ledger where it is not given.
        key_command: a command that prints the key instead.
        evidence_folder: where evidence files are kept; beside the ledger where it is not given.
    """

    target: str
    account: str | None
    dated: date | None
    evidence_folder: str | None = None
    key_file: str | None = None
    key_command: str | None = None

    @contextmanager
    def ledger(self) -> Iterator["Ledger"]:
        """The ledger, open while the block runs."""
        from ledger.ledger import Ledger  # noqa: PLC0415 - slow to import, not needed for help
        from ledger.store import Store  # noqa: PLC0415 - the same

        with Store.open(self.target) as store:
            yield Ledger(store)

    def evidence(self) -> "EvidenceFolder":
        """The folder of the evidence files.

        Raises:
            Invalid: the ledger is no file, and no folder is named.
        """
        from pathlib import Path  # noqa: PLC0415 - slow to import, not needed for help

        from ledger.evidence import EvidenceFolder  # noqa: PLC0415 - the same
        from ledger.values import Invalid  # noqa: PLC0415 - the same

        if self.evidence_folder:
            return EvidenceFolder(Path(self.evidence_folder))
        if "://" in self.target:
            raise Invalid(
                "账本不是文件，请用 --evidence 写明佐证材料放在哪个目录",
                "the ledger is no file; say with --evidence where evidence files are kept",
            )
        return EvidenceFolder(Path(f"{self.target}.evidence"))

    def evidence_of_ledger(self) -> "EvidenceFolder | None":
        """The folder of the evidence files, where there is one."""
        if "://" in self.target and not self.evidence_folder:
            return None
        folder = self.evidence()
        return folder if folder.is_there else None

    def act(
        self, fields: dict[str, Any], case: str | None = None, key: str | None = None
    ) -> "CommandResult":
        """Record one act of the account.

        Args:
            fields: the command as files write it, with its name in `do`; `None` is left out.
            case: which case it concerns; `None` for the register and for rubrics.
            key: idempotency key; a fresh one where it is not given.
        """
        from uuid import uuid4  # noqa: PLC0415 - slow to import, not needed for help

        from ledger.commands import CommandEnvelope  # noqa: PLC0415 - the same
        from ledger.store import OutcomeUnknown  # noqa: PLC0415 - the same
        from ledger.stored_struct import decode_validated  # noqa: PLC0415 - the same

        wanted = {name: value for name, value in fields.items() if value is not None}
        act: CommandEnvelope = decode_validated(
            {
                "case": case,
                "by": self.who(),
                "dated": self.dated or today(),
                "id": key or str(uuid4()),
                "command": wanted,
            },
            CommandEnvelope,
        )
        with self.ledger() as ledger:
            try:
                return ledger.handle([act], now())[0]
            except OutcomeUnknown as error:  # only here is it known under which id to repeat it
                raise OutcomeUnknown(error.place, error.reason, act.id) from error

    def who(self) -> str:
        """The account that acts.

        Raises:
            Invalid: nobody is named.
        """
        if self.account:
            return self.account
        from ledger.values import Invalid  # noqa: PLC0415 - only where it goes wrong

        raise Invalid(
            "没有写明由谁操作；请加 --as 账号 或设 SCORETRAIL_AS",
            "who acts is not said; add --as ACCOUNT or set SCORETRAIL_AS",
        )


def look(ledger: "Ledger", case: str, label: str = "final") -> "CaseAsOf":
    """A point of a case.

    Raises:
        Invalid: no such case or point.
    """
    from ledger.case import fold  # noqa: PLC0415 - slow to import, not needed for help
    from ledger.editions import Editions  # noqa: PLC0415 - the same
    from ledger.values import Invalid  # noqa: PLC0415 - the same
    from projections.as_of import at, last_needed  # noqa: PLC0415 - the same

    history = ledger.history(case, last_needed(label))
    if not history or ":" in case:
        raise Invalid(
            f"没有评价事项 {case}；scoretrail case list 列出全部",
            f"there is no case {case}; scoretrail case list shows all",
        )
    pinned = fold(history).pinned
    editions = ledger.editions(pinned.rubric) if pinned else Editions()
    return at(history, editions, label)


def look_at_all(ledger: "Ledger", label: str = "final") -> "list[CaseAsOf]":
    """The same point of every case."""
    return [look(ledger, name, label) for name in ledger.streams() if ":" not in name]


def erased(ledger: "Ledger", case: str | None) -> "set[str]":
    """The files that a case has erased by law; none for a case that does not exist."""
    from ledger.case import fold  # noqa: PLC0415 - slow to import, not needed for help

    return fold(ledger.history(case)).erased if case and ":" not in case else set()


def now() -> str:
    """The instant at which the program records something."""
    from ledger.values import instant  # noqa: PLC0415 - slow to import, not needed for help

    return instant(datetime.now(UTC))


def today() -> date:
    """The business date of an act that names none."""
    return datetime.now().astimezone().date()


def report(outcome: "CommandResult") -> str:
    """What an act led to, in a line an event."""
    done = (
        t("此前已记录：", "recorded before: ") if outcome.repeated else t("已记录：", "recorded: ")
    )
    lines = []
    for one in outcome.recorded:
        name = (type(one.event).__doc__ or "").partition("。")[0]
        zh = f"{one.case} 第 {one.version} 条 {name}（{one.type}），日志位置 {one.position}"
        en = f"{one.case} v{one.version} {one.type}, log position {one.position}"
        lines.append(done + t(zh, en))
    return "\n".join(lines)
