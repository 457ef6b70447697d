"""What a check finds, and the words that all checks share."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from msgspec import Struct

from ledger.language import Text
from ledger.rules.rule import RuleResult
from ledger.values import IndicatorId

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")


class Discrepancy(Struct, frozen=True):
    """One thing that does not fit, with its place.

    Attributes:
        severity: `error` cannot be true together, `warning` needs an answer, `note` a reader should
            know.
        message: what disagrees, with the numbers, and what it would change where that is computed.
        indicator: the row it concerns, or `None`.
        events: versions of the events that disagree.
        documents: titles or places of the documents that disagree.
        check: name of the check; `check_case` fills it in.
    """

    severity: Severity
    message: Text
    indicator: IndicatorId | None = None
    events: tuple[int, ...] = ()
    documents: tuple[str, ...] = ()
    check: str = ""


def shown(result: RuleResult) -> str:
    """A rule's result for people: the score, or the range that it leaves open."""
    return result.range_text


def signed(number: Decimal) -> str:
    """A difference with its sign: `+5.25`."""
    return f"{number:+f}"


def to_places(number: Fraction, places: int) -> Decimal:
    """A number half-up to so many decimals, however large it is."""
    scaled = int(abs(number) * 10**places + Fraction(1, 2))
    digits = tuple(int(digit) for digit in str(scaled))
    return Decimal((int(number < 0 and scaled > 0), digits, -places))


def listed(words: Iterable[str]) -> Text:
    """Names one after another, as each language separates them."""
    names = list(words)
    return Text("、".join(names), ", ".join(names))


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order, without empty ones."""
    return tuple(dict.fromkeys(word for word in words if word))
