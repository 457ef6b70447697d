"""One run of the command line: which ledger, who acts, and the clock."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from application.confirmed import Confirmed
from cli.output import lasts
from cli.reading import tell_level
from cli.screen import tell

if TYPE_CHECKING:
    # `--help` must not import the store and what it depends on.
    from application.place import LedgerPlace, Store
    from ledger.envelope import RecordedEvent
    from ledger.ledger import CommandResult
    from projections.as_of import CaseAsOf

OPENED: Final = "scoretrail.store"
"""Where the command line that is running keeps the open ledger."""


def current() -> "Session":
    session = click.get_current_context().find_object(Session)
    assert session  # noqa: S101 - the group has made one
    return session


class Session(NamedTuple):
    """The global options, each of which says in `cli/main.py` what it is."""

    target: str
    account: str | None
    dated: date | None
    evidence_folder: str | None = None
    key_file: str | None = None
    key_command: str | None = None
    author_key: str | None = None
    author_key_command: str | None = None
    unverified: bool = False
    confirmed: Confirmed = Confirmed()

    @property
    def place(self) -> "LedgerPlace":
        """The ledger and what is next to it."""
        from pathlib import Path  # noqa: PLC0415 - slow to import, not needed for help

        from application.place import LedgerPlace  # noqa: PLC0415 - the same

        return LedgerPlace(
            self.target,
            Path(self.evidence_folder) if self.evidence_folder else None,
            Path(self.key_file) if self.key_file else None,
            self.key_command,
        )

    @property
    def day(self) -> date:
        """The business date of what is done or asked."""
        return self.dated or self.clock().date()

    def clock(self) -> datetime:
        """The moment, in the time zone of the ledger and not of this machine."""
        from application.look import time_zone  # noqa: PLC0415 - slow to import, not for help

        return datetime.now(time_zone(self.store))

    @property
    def store(self) -> "Store":
        """The ledger, opened where it is first asked for, and once for a command line.

        Raises:
            StoreError: it is not there, or cannot be opened.
        """
        command = click.get_current_context().find_root()
        store: Store | None = command.meta.get(OPENED)
        if store is None:
            store = command.meta[OPENED] = command.with_resource(self.place.open())
        if self.author_key and not store.sign:
            from application.author_keys import KeyInFile  # noqa: PLC0415 - for those who sign

            store.sign = KeyInFile(self.author_key, self.author_key_command)
        return store

    def look(self, case: str, label: str = "final", *, any_stream: bool = False) -> "CaseAsOf":
        """A point of a case; of the accounts or of a rubric, where it may be any stream.

        Raises:
            Invalid: no such case or point.
        """
        from application.look import look  # noqa: PLC0415 - slow to import, not needed for help

        verify = not self.unverified
        point = look(self.store, case, label, verify=verify, any_stream=any_stream)
        tell_level([point])
        return point

    def act(
        self,
        commands: Sequence[dict[str, Any]],
        case: str | None = None,
        key: str | None = None,
        seen: int | None = None,
        *,
        err: bool = False,
    ) -> None:
        """Record commands of the account, all or none; print them, with the receipts that follow.

        Args:
            commands: commands as files write them, with their names in `do`; `None` is left out.
            case: which case they concern; `None` for the register and for rubrics.
            key: idempotency key of the first, by which the others have theirs; a fresh one where
                it is not given.
            seen: the version that the account had looked at, where it states one.
            err: whether they are reported on stderr, since stdout has an answer for programs.
        """
        from application.handle import handle_all, under  # noqa: PLC0415 - slow to import

        outcomes = handle_all(
            *(self.store, self.clock, self.who(), under(key or fresh_key(), commands)),
            case=case,
            dated=self.dated,
            seen=seen,
            confirmed=self.confirmed,
        )
        self.tell_recorded(outcomes, err=err)

    def tell_recorded(self, outcomes: "Sequence[CommandResult]", *, err: bool = False) -> None:
        """Tell what commands led to, and where the receipts lie that are due.

        Args:
            outcomes: what they led to.
            err: whether to stderr, since stdout has an answer for programs.

        Raises:
            SigningFailed: receipts are due, and signing was refused or failed.
        """
        lasts()
        for outcome in outcomes:
            for line in outcome.in_words():
                tell(*line, err=err)
        self.tell_receipts(
            [event for one in outcomes if not one.repeated for event in one.recorded]
        )

    def tell_receipts(self, recorded: "Sequence[RecordedEvent]") -> None:
        """Tell where the receipts of these events lie, where some are due.

        Raises:
            SigningFailed: some are, and signing was refused or failed.
        """
        from ledger.events import RECEIPT_EVENTS  # noqa: PLC0415 - slow to import, not for help

        if any(isinstance(event.event, RECEIPT_EVENTS) for event in recorded):
            from application.receipts import hand_out  # noqa: PLC0415 - needed for few commands only

            for path in hand_out(self.store, clock, self.place, recorded):
                tell(f"存证证明：{path}", f"receipt: {path}")

    def who(self) -> str:
        """The account that acts.

        Raises:
            Invalid: nobody is named.
        """
        if self.account:
            return self.account
        from ledger.values import Invalid  # noqa: PLC0415 - only where it goes wrong

        raise Invalid(
            "未写明操作账号。请加 --as 账号，或设 SCORETRAIL_AS",
            "no account is named. Add --as ACCOUNT or set SCORETRAIL_AS",
        )


def fresh_key() -> str:
    from uuid import uuid4  # noqa: PLC0415 - slow to import, not needed for help

    return str(uuid4())


def clock() -> datetime:
    """The moment, where no ledger is there yet, or none is asked for its day."""
    from ledger.time_zone import BEIJING  # noqa: PLC0415 - slow to import, not needed for help

    return datetime.now(BEIJING)
