"""What a check reports, and the words that all checks share."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from msgspec import Struct

from ledger.language import Text, listing
from ledger.rubric import Indicator
from ledger.rules.rule import RuleResult
from ledger.values import IndicatorId

Severity = Literal["error", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "note")


class Reading(Struct, frozen=True):
    """The same fact as another check sees it.

    Attributes:
        check: name of that check.
        message: the statement.
    """

    check: str
    message: Text


class Discrepancy(Struct, frozen=True):
    """One discrepancy, with where it was found.

    Attributes:
        severity: `error` where numbers or a rule contradict and a score can move, `warning` where a
            reader must look, `note` where it is good to know.
        message: what disagrees, with the numbers, and what it would change where that is computed.
        indicator: the row it concerns, or `None`.
        events: versions of the events that disagree.
        documents: titles or places of the documents that disagree.
        check: name of the check; `examine` fills it in.
        readings: what other checks say of the same fact.
    """

    severity: Severity
    message: Text
    indicator: IndicatorId | None = None
    events: tuple[int, ...] = ()
    documents: tuple[str, ...] = ()
    check: str = ""
    readings: tuple[Reading, ...] = ()


class Held(Struct, frozen=True):
    """Something that was compared and agrees.

    Attributes:
        item: what was compared: an indicator, a figure, a relation.
        indicator: the row it concerns, or `None`.
    """

    item: Text
    indicator: IndicatorId | None = None


class NotJudged(Struct, frozen=True):
    """Something that could not be compared.

    Attributes:
        message: what, and why not.
        indicator: the row it concerns, or `None`.
        check: name of the check; `examine` fills it in.
    """

    message: Text
    indicator: IndicatorId | None = None
    check: str = ""


Outcome = Discrepancy | Held | NotJudged
"""What a check yields, in any order."""


class Holds(Struct, frozen=True):
    """What one check compared and found in agreement.

    Attributes:
        check: its name.
        message: what it promises.
        items: what was compared; empty where the check looks at the record as a whole.
    """

    check: str
    message: Text
    items: tuple[Text, ...]


def row_name(row: Indicator) -> Text:
    """An indicator by name and id; the id alone in English."""
    return Text(f"“{row.path[-1]}”（{row.id}）", row.id)


def row_names(rows: Iterable[Indicator]) -> Text:
    """Several of them."""
    return listing(map(row_name, rows))


def joined(parts: Iterable[Text]) -> Text:
    """Clauses one after another."""
    return listing((part for part in parts if part.zh), "；", "; ")


def and_then(clause: Text) -> Text:
    """A further clause of a sentence, or nothing."""
    return Text(f"；{clause.zh}", f"; {clause.en}") if clause.zh else clause


NOTHING: Final = Text("", "")


def shown(result: RuleResult) -> Text:
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


def distinct(words: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order, without empty ones."""
    return tuple(dict.fromkeys(word for word in words if word))


def gravest(severities: Iterable[Severity]) -> Severity:
    """The gravest of some severities, of which there is at least one."""
    return min(severities, key=SEVERITIES.index)
