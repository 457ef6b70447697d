"""Looking into rules: the shapes and measures that they are made of."""

from collections.abc import Iterator
from typing import NamedTuple

from ledger.rules.comparison import Comparison
from ledger.rules.composition import AnyOf, Choice, Gated, Mean, Shape, Waivable, WeightedParts
from ledger.rules.conditions import InRange
from ledger.rules.measure import (
    Days,
    Difference,
    Measure,
    MeasuredRule,
    Quotient,
    Rate,
    ShareInTime,
    Total,
)
from ledger.rules.score_range import ExactRule, FigureIds


class Allowed(NamedTuple):
    """Durations that a rule measures, and the days that it allows."""

    measure: Days | ShareInTime
    days: str


def shapes(rule: ExactRule) -> Iterator[ExactRule]:
    """A rule and every rule inside it."""
    yield rule
    for inner in _inner(rule):
        yield from shapes(inner)


def _inner(rule: ExactRule) -> tuple[Shape, ...]:
    match rule:
        case WeightedParts(parts=parts):
            return tuple(part.rule for part in parts)
        case Mean(rules=rules) | AnyOf(rules=rules):
            return rules
        case Gated(rule=inner) | Waivable(rule=inner):
            return (inner,)
        case Choice(options=options):
            return tuple(options.values())
        case _:
            return ()


def measures(rule: ExactRule) -> Iterator[Measure]:
    """Every measure that a rule or a rule inside it reads, and those that it is made of."""
    for shape in shapes(rule):
        match shape:
            case Comparison(value=value, against=against):
                yield from _made_of(value)
                yield from _made_of(against)
            case MeasuredRule(value=value):
                yield from _made_of(value)
            case InRange(conditions=conditions):
                for condition in conditions:
                    yield from _made_of(condition.value)
            case _:
                pass


def _made_of(measure: Measure) -> Iterator[Measure]:
    yield measure
    match measure:
        case Difference(of=first, less=second) | Quotient(over=first, under=second):
            yield from _made_of(first)
            yield from _made_of(second)
        case _:
            pass


def compared(rule: ExactRule) -> Iterator[tuple[FigureIds, FigureIds]]:
    """The figures on the two sides of every comparison and every rate in a rule."""
    for shape in shapes(rule):
        if isinstance(shape, Comparison):
            value, against = _figures(shape.value), _figures(shape.against)
            if value and against:
                yield value, against
    for measure in measures(rule):
        if isinstance(measure, Rate):
            yield measure.over, measure.under


def _figures(measure: Measure) -> FigureIds:
    """The figures that a sum adds; none for what is more than a sum."""
    return measure.figures if isinstance(measure, Total) else ()


def durations(rule: ExactRule) -> Iterator[Allowed]:
    """The durations that a rule judges."""
    for shape in shapes(rule):
        if isinstance(shape, InRange):
            for condition in shape.conditions:
                if isinstance(condition.value, Days):
                    yield Allowed(condition.value, condition.range)
    for measure in measures(rule):
        if isinstance(measure, ShareInTime):
            yield Allowed(measure, measure.allowed)
