"""Choosing among the rows of a change log: what a person asks for, checked and understood."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from application.look import accounts as registered
from ledger import terms
from ledger.events import Role
from ledger.rubric import Rubric
from ledger.store import Store
from ledger.values import AccountId, Invalid, day_of, version_seen
from projections.as_of import instant_of
from projections.change_log import ChangeLogRow
from projections.log_filter import LogFilter

_VERSION: Final = re.compile(r"v?\d+", re.ASCII)


def known_indicator(rubric: Rubric | None, indicator: str | None) -> None:
    """Check that a rubric has a row or list of items of that id.

    Raises:
        Invalid: it has not.
    """
    if rubric is None or indicator is None:
        return
    known = [*rubric.by_id, *(extra.id for extra in (rubric.bonus, rubric.penalty) if extra)]
    if indicator not in known:
        raise Invalid(
            f"没有指标 {indicator}。现有：{'、'.join(known)}",
            f"no indicator {indicator}; there are: {', '.join(known)}",
            subject=rubric.meant(indicator),
            known=known,
        )


def log_filter(  # noqa: PLR0913 - one for each thing that can be asked for
    store: Store,
    rows: Sequence[ChangeLogRow],
    *,
    accounts: Sequence[AccountId] = (),
    roles: Sequence[Role] = (),
    types: Sequence[str] = (),
    dated_from: str | None = None,
    dated_to: str | None = None,
    recorded_from: str | None = None,
    recorded_to: str | None = None,
    late: bool = False,
    since: str | None = None,
) -> LogFilter:
    """The filter that holds all of this, as people write it.

    Args:
        store: of the ledger.
        rows: of the whole log.
        accounts: see `LogFilter`, as for the others.
        roles: of those.
        types: of events.
        dated_from: a day.
        dated_to: a day.
        recorded_from: an instant.
        recorded_to: an instant.
        late: whether only what was recorded late.
        since: the file of a receipt, or a version such as `v57` or `57`.

    Raises:
        Invalid: no such account, day, instant, version or kind of event; or the receipt cannot be
            read.
        ProofError: the receipt is not of this log.
    """
    for name in {*accounts} - {row.by.account for row in rows}:
        opened = registered(store).accounts  # one that has not acted here is no slip of the pen
        if name not in opened:
            raise Invalid(
                f"没有账号 {name}。请查看账号列表。",
                f"There is no account {name}. See the list of accounts.",
                subject=name,
                known=opened,
            )
    for name in {*types} - terms.EVENTS.keys():
        met = sorted({row.type for row in rows})
        raise Invalid(
            f"事件类型“{name}”不存在；本事项有：{'、'.join(met)}",
            f"there is no event type '{name}'; this case has: {', '.join(met)}",
            subject=name,
            known=terms.EVENTS,
        )
    version, position = 0, -1
    if since and _VERSION.fullmatch(since) and not Path(since).exists():
        version = version_seen(since)
    elif since:
        # What reads a receipt is slow to import, and few logs are asked for since one.
        from application.cose_receipts import read_any_receipt  # noqa: PLC0415 - as said
        from application.receipt_position import position_of  # noqa: PLC0415 - the same

        position = position_of(store, read_any_receipt(Path(since))).position
    return LogFilter(
        accounts=accounts,
        roles=roles,
        types=types,
        dated_from=day_of(dated_from) if dated_from else None,
        dated_to=day_of(dated_to) if dated_to else None,
        recorded_from=instant_of(recorded_from) if recorded_from else None,
        recorded_to=instant_of(recorded_to) if recorded_to else None,
        late=late,
        after_version=version,
        after_position=position,
    )
