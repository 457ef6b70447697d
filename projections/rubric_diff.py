"""What differs between two rubrics (指标体系比较): rows, weights, words, rules, totals, bands."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from ledger.rubric import Indicator, Rubric, RubricName, digest, read
from ledger.values import IndicatorId

Kind = Literal["added", "removed", "moved", "weight", "wording", "rule", "rubric"]

NAMED_BY: Final = ("id", "grade", "name", "figure", "range", "under")
"""What an item of a list is called by, so that one more item does not shift all the others."""
"""Lists of tables whose order says nothing; where it does, nothing of this names each item."""
_MISSING: Final = object()


class Change(Struct, frozen=True, kw_only=True):
    """One difference.

    Attributes:
        kind: `added`, `removed` and `moved` rows (places from 1); a row's `weight`, `wording` or
            `rule`; or the `rubric` itself: title, full, cap, totals, bands, bonus and so on.
        indicator: the row, or `None` for the rubric itself.
        key: which key, such as `rule.tiers[[90,100)].points`; `None` for whole rows.
        before: as the file writes it; `None` where it was not there.
        after: the same for the second rubric.
    """

    kind: Kind
    indicator: IndicatorId | None
    key: str | None
    before: str | None
    after: str | None


class RubricDiff(Struct, frozen=True, kw_only=True, rename={"before": "from", "after": "to"}):
    """All that differs between two editions."""

    before: RubricName
    after: RubricName
    changes: tuple[Change, ...]


def compared(old: bytes, new: bytes) -> RubricDiff:
    """All that differs between two editions, by the files that were published.

    Raises:
        Invalid: one of them is not a rubric.
    """
    before, after = read(old), read(new)
    ends = [
        RubricName(rubric.id, rubric.edition, digest(source))
        for rubric, source in ((before, old), (after, new))
    ]
    return RubricDiff(before=ends[0], after=ends[1], changes=tuple(differences(before, after)))


def differences(old: Rubric, new: Rubric) -> list[Change]:
    """The rubric's own changes, then those of the rows in the order of the new one."""
    return [*_own(old, new), *_rows(old, new)]


def _own(old: Rubric, new: Rubric) -> Iterator[Change]:
    before, after = (_plain(rubric) for rubric in (old, new))
    for side in (before, after):
        for key in ("id", "edition", "indicator"):
            del side[key]
    for key, was, becomes in _compared(before, after):
        yield Change(kind="rubric", indicator=None, key=key, before=was, after=becomes)


def _rows(old: Rubric, new: Rubric) -> Iterator[Change]:
    kept = [row for row in old.by_id if row in new.by_id]
    moved = _moved(kept, [row for row in new.by_id if row in old.by_id])
    for row in new.by_id.values():
        if row.id not in old.by_id:
            yield Change(kind="added", indicator=row.id, key=None, before=None, after=_title(row))
            continue
        if row.id in moved:
            places = [str(list(rubric.by_id).index(row.id) + 1) for rubric in (old, new)]
            yield Change(
                kind="moved", indicator=row.id, key=None, before=places[0], after=places[1]
            )
        yield from _row(old.by_id[row.id], row)
    for row in old.by_id.values():
        if row.id not in new.by_id:
            yield Change(kind="removed", indicator=row.id, key=None, before=_title(row), after=None)


def _moved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Rows that changed places among those that stayed: the fewest whose removal restores order."""
    rank = {row: place for place, row in enumerate(old)}
    runs: list[list[str]] = [[]]  # for each row, the longest run in the old order that ends there
    for row in new:
        before = [run for run in runs if not run or rank[run[-1]] < rank[row]]
        runs.append([*_longest(before), row])
    return set(new) - set(_longest(runs))


def _longest(runs: Sequence[list[str]]) -> list[str]:
    return max(runs, key=len)


def _row(old: Indicator, new: Indicator) -> Iterator[Change]:
    for key, was, becomes in _compared(_plain(old), _plain(new)):
        kind: Kind = "wording"
        if key == "weight":
            kind = "weight"
        elif key.startswith(("rule", "needs")):
            kind = "rule"
        yield Change(kind=kind, indicator=old.id, key=key, before=was, after=becomes)


def _title(row: Indicator) -> str:
    return f"{' / '.join(row.path)} {row.weight}"


def _plain(value: Struct) -> dict[str, Any]:
    """As the file writes it. Numbers stay numbers: `20` and `20.00` are the same weight."""
    plain: dict[str, Any] = msgspec.to_builtins(value, builtin_types=(Decimal,))
    return plain


def _compared(old: Any, new: Any, key: str = "") -> Iterator[tuple[str, str | None, str | None]]:  # noqa: ANN401 - any value of a file
    """Each leaf that differs, with its key."""
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys((*old, *new)):
            inner = f"{key}.{name}" if key else str(name)
            yield from _compared(old.get(name, _MISSING), new.get(name, _MISSING), inner)
    elif (named := _named(old)) is not None and (named_too := _named(new)) is not None:
        for name in dict.fromkeys((*named, *named_too)):
            inner = f"{key}[{name}]"
            yield from _compared(named.get(name, _MISSING), named_too.get(name, _MISSING), inner)
    else:
        yield key, _written(old), _written(new)


def _named(items: object) -> Mapping[str, object] | None:
    """The items of a list of tables by their names, where each has one of its own."""
    if not isinstance(items, list | tuple) or not all(isinstance(item, dict) for item in items):
        return None
    for key in NAMED_BY:
        names = [str(item.get(key)) for item in items]
        if all(key in item for item in items) and len(set(names)) == len(names):
            return dict(zip(names, items, strict=True))
    return None


def _written(value: object) -> str | None:
    if value is _MISSING or value is None:
        return None
    if isinstance(value, list | tuple):
        return ", ".join(str(_written(item)) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key} = {_written(inside)}" for key, inside in value.items())
    return str(value)
