"""The identities that the rubric declares: figures against figures, statements against rows.

Each is looked at as the unit sees its figures, and again as the reviewer does, who takes over what
he does not restate. Where a reader lacks a figure, nothing is said.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeVar

from msgspec.structs import replace

from ledger.checks.documents import rescored
from ledger.checks.dossier import Datum, Dossier, View, sources, versions
from ledger.checks.figures import met
from ledger.checks.finding import Finding, shown, signed
from ledger.events import BonusClaimed, BonusRecognised
from ledger.identities import (
    Actual,
    BonusFrom,
    Copies,
    Count,
    Growth,
    Identity,
    OneFact,
    PrintedParty,
    PrintedRate,
    Sum,
    Verdict,
)
from ledger.rubric import Indicator
from ledger.rules.measure import Constant, MeasuredRule, Rate
from ledger.rules.outcome import decimal_of, written
from ledger.rules.rule import Figures, half_up
from ledger.values import Figure, FigureId, IndicatorId, Text

K = TypeVar("K", bound=Identity)
EXACT_UNITS: Final = ("元", "万元", "亿元", "%")
"""Numbers in these cannot be compared with numbers in others; measure words (台, 份) can."""


def _of(dossier: Dossier, kind: type[K]) -> Iterator[K]:
    return (one for one in dossier.rubric.identities if isinstance(one, kind))


def _seen(dossier: Dossier, kind: type[K], *, own: str = "") -> Iterator[tuple[K, View]]:
    """The identities of a kind with every view in which the document states some of it itself."""
    del own
    for identity in _of(dossier, kind):
        for view in dossier.views:
            yield identity, view


def _numbers(view: View, ids: tuple[FigureId, ...]) -> list[Datum] | None:
    """The data of number figures, or `None` where one is missing or the reader restates none."""
    data = [view.data[id_] for id_ in ids if id_ in view.data]
    complete = len(data) == len(ids) and all(datum.figure.number is not None for datum in data)
    return data if complete and view.own & set(ids) else None


def _comparable(data: list[Datum]) -> bool:
    units = {
        datum.figure.unit if datum.figure.unit in EXACT_UNITS else "" for datum in data
    }
    return len(units) == 1


def _total(data: list[Datum]) -> Decimal:
    return sum((datum.figure.number or Decimal(0) for datum in data), Decimal(0))


def sum_does_not_hold(dossier: Dossier) -> Iterator[Finding]:
    """A declared sum holds to the last digit."""
    for identity, view in _seen(dossier, Sum):
        ids = (identity.figure, *identity.plus, *identity.minus)
        data = _numbers(view, ids)
        if data is None or not _comparable(data):
            continue
        figure, plus = data[0], data[1 : len(identity.plus) + 1]
        printed = _total([figure])
        computed = _total(plus) - _total(data[len(identity.plus) + 1 :])
        if printed == computed or (identity.relation == "at-most" and printed < computed):
            continue
        yield _sum_finding(dossier, identity, view, data, computed)


def _sum_finding(
    dossier: Dossier, identity: Sum, view: View, data: list[Datum], computed: Decimal
) -> Finding:
    figure = data[0].figure
    printed = figure.number or Decimal(0)
    rounded = half_up(computed, _decimals(figure)) == printed
    sign = "≤" if identity.relation == "at-most" else "="
    said = f"{figure.value} {figure.unit}".rstrip()
    would = Text("", "")
    if view.reviewed:
        would = rescored(dossier, replace(figure, value=f"{computed:f}"))
    message = Text(
        f"{identity.name}：所列 {said}，算出 {computed:f}，相差 {signed(printed - computed)}"
        + ("（取整）" if rounded else "")
        + (f"；照算出的数，{would.zh}" if would.zh else ""),
        f"{figure.id} {sign} {'+'.join(identity.plus)}"
        + "".join(f"-{id_}" for id_ in identity.minus)
        + f": {said} is stated, {computed:f} is computed: {signed(printed - computed)}"
        + (" (rounded)" if rounded else "")
        + (f"; with the computed number {would.en}" if would.en else ""),
    )
    severity = "note" if rounded else "error"
    return Finding(
        "note" if severity == "note" else "error",
        message,
        figure.indicator,
        versions(*data),
        (*sources(*data), *_clause(identity)),
    )


def _clause(identity: Identity) -> tuple[str, ...]:
    return (identity.clause,) if identity.clause else ()


def _decimals(figure: Figure) -> int:
    return len((figure.value or "").partition(".")[2])
