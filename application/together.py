"""Together (合并办理): several commands recorded at once, or all that keeps them from it."""

from collections.abc import Mapping
from datetime import date

from application.clock import Clock
from application.confirmed import NOTHING, Confirmed
from application.handle import handle_all
from ledger.language import Text
from ledger.ledger import CommandResult, DryRunStore, EnvelopeRefused, EventStore
from ledger.problem import Mendable
from ledger.values import AccountId, Invalid


class RefusedTogether(Mendable):
    """Some of several commands cannot be recorded, so none was.

    Attributes:
        problems: what is wrong with each that cannot, by its key.
    """

    def __init__(self, problems: Mapping[str, Mendable]) -> None:
        self.problems = problems
        first = next(iter(problems.values()))
        count = len(problems)
        text = Text(
            f"有 {count} 项不能办理，全部未记录：{first.text.zh}",
            f"{count} of them cannot be done, so nothing was recorded: {first.text.en}",
        )
        super().__init__(*text, rule=first.rule)


def handle_together(  # noqa: PLR0913 - as `handle_all`
    store: EventStore,
    clock: Clock,
    account: AccountId,
    acts: Mapping[str, Mapping[str, object]],
    *,
    case: str,
    dated: date | None = None,
    seen: int | None = None,
    confirmed: Confirmed = NOTHING,
) -> list[CommandResult]:
    """Record several commands in one case, all or nothing.

    Args:
        store: see `application.handle.handle_all`, as for the others.
        clock: when.
        account: who acts.
        acts: the fields of each command under its key.
        case: which case they concern.
        dated: business date of all of them.
        seen: the version of the case that the account had looked at.
        confirmed: what is meant so in all of them.

    Raises:
        RefusedTogether: says all that keeps any of them from being recorded.
        VersionConflict: somebody else was faster.
        OutcomeUnknown: they may have been recorded or not.
    """
    try:
        return handle_all(
            *(store, clock, account, acts), case=case, dated=dated, seen=seen, confirmed=confirmed
        )
    except (EnvelopeRefused, Invalid):
        pass
    problems: dict[str, Mendable] = {}
    good: dict[str, Mapping[str, object]] = {}
    for key, fields in acts.items():
        tried = {**good, key: fields}
        try:
            handle_all(
                *(DryRunStore(store), clock, account, tried),
                case=case,
                dated=dated,
                seen=seen,
                confirmed=confirmed,
            )
        except (EnvelopeRefused, Invalid) as problem:
            problems[key] = problem
        else:
            good = tried
    raise RefusedTogether(problems)
