"""Generated values: any event that the archive may hold, with odd letters and all digits.

Whoever adds an event gets it tested without adding anything here; a field of a new kind fails with
its name.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, date
from decimal import Decimal
from functools import cache
from typing import Any, get_args

import msgspec.inspect
from hypothesis import strategies as st
from msgspec import UNSET, Struct

from ledger.codec import EVENTS
from ledger.envelope import Actor, AuthorSignature, IdempotencyKey, RecordedEvent, Through, belongs
from ledger.events import Event
from ledger.rule_editions import CURRENT, FIRST
from ledger.stored_struct import validating_type
from ledger.values import (
    DIGITS_MAX,
    INTEGER_MAX,
    PLACES_MAX,
    Figure,
    FigureKind,
    Sense,
    Target,
    instant,
)

ODD = '\x00\x08\x1f\x7f\x80"\\/\u2028\ufeff\uffff\U0001f600\U0010ffff Aaé分'
LETTERS = st.one_of(
    st.sampled_from(ODD), st.characters(exclude_categories=["Cs"]), st.characters(codec="ascii")
)
TEXT = st.text(LETTERS, max_size=20)
WORDS = TEXT.filter(lambda text: bool(text.strip()))
SLUGS = st.from_regex(r"\A[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}\Z")
HASHES = st.binary(min_size=32, max_size=32).map(bytes.hex)
MOMENTS = st.datetimes(timezones=st.just(UTC)).map(instant)


@st.composite
def decimals(draw: st.DrawFn) -> Decimal:
    """Any number that stands for itself in print, with zeros at its end and all."""
    places = draw(st.integers(0, PLACES_MAX))
    digits = draw(st.integers(0, 10 ** draw(st.integers(1, DIGITS_MAX)) - 1))
    sign = draw(st.sampled_from([0, 1])) if digits else 0
    return Decimal((sign, tuple(map(int, str(digits))), -places))


NUMBERS = decimals().map(lambda number: f"{number:f}")
DAYS = st.dates().map(date.isoformat)
VALUES: Mapping[FigureKind, st.SearchStrategy[str]] = {
    "number": NUMBERS,
    "date": DAYS,
    "interval": st.tuples(DAYS, DAYS).map("/".join),
    "yes-no": st.sampled_from(["yes", "no"]),
    "text": WORDS,
}


@st.composite
def targets(draw: st.DrawFn) -> Target:
    sense: Sense = draw(st.sampled_from(get_args(Sense)))
    return Target(sense, draw(WORDS if sense == "described" else NUMBERS))


@st.composite
def figures(draw: st.DrawFn) -> Figure:
    kind: FigureKind = draw(st.sampled_from(get_args(FigureKind)))
    return Figure(
        id=draw(SLUGS),
        indicator=draw(SLUGS),
        name=draw(WORDS),
        kind=kind,
        value=draw(st.none() | VALUES[kind]),
        unit=draw(TEXT),
        target=draw(st.none() | targets()),
        scope=draw(TEXT),
        source=draw(TEXT),
        note=draw(TEXT),
        goal_class=draw(st.just(UNSET) | WORDS),
        period=draw(st.just(UNSET) | VALUES["interval"]),
        as_of=draw(st.just(UNSET) | st.dates()),
    )


def signatures() -> st.SearchStrategy[AuthorSignature]:
    """A signature of an author, of any bytes: base64 has one form for them."""
    return st.builds(
        AuthorSignature,
        key=HASHES,
        scheme=SLUGS.filter(lambda scheme: len(scheme) <= 32),
        value=st.binary(min_size=1).map(lambda some: b64encode(some).decode()),
    )


SPECIAL: Mapping[type, st.SearchStrategy[Any]] = {
    AuthorSignature: signatures(),
    Figure: figures(),
    Target: targets(),
}


@cache
def structs(kind: type[Struct]) -> st.SearchStrategy[Any]:
    """Any struct of a kind, every field by its type."""
    if kind in SPECIAL:
        return SPECIAL[kind]
    info = msgspec.inspect.type_info(validating_type(kind))
    assert isinstance(info, msgspec.inspect.StructType)
    return st.builds(kind, **{field.name: _values(field.type) for field in info.fields})


def _values(kind: msgspec.inspect.Type) -> st.SearchStrategy[Any]:  # noqa: C901, PLR0911, PLR0912 - one line per kind
    match kind:
        case msgspec.inspect.Metadata(type=inner):
            return _values(inner)
        case msgspec.inspect.StrType(pattern=None):
            return TEXT
        case msgspec.inspect.StrType(pattern=r"\S"):
            return WORDS
        case msgspec.inspect.StrType(pattern=pattern, min_length=least, max_length=longest):
            found = st.from_regex(str(pattern), alphabet=st.characters(codec="ascii"))
            most = longest or INTEGER_MAX
            return found.filter(lambda text: (least or 0) <= len(text) <= most)
        case msgspec.inspect.BoolType():
            return st.booleans()
        case msgspec.inspect.IntType(ge=least):
            return st.integers(least or 0, INTEGER_MAX)
        case msgspec.inspect.DecimalType():
            return decimals()
        case msgspec.inspect.DateType():
            return st.dates()
        case msgspec.inspect.NoneType():
            return st.none()
        case msgspec.inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case msgspec.inspect.UnionType(types=kinds):
            return st.one_of([_values(each) for each in kinds])
        case msgspec.inspect.VarTupleType(item_type=item):
            return st.lists(_values(item), max_size=3).map(tuple)
        case msgspec.inspect.StructType(cls=twin):
            return structs(twin.__mro__[1])
        case _:
            raise NotImplementedError(f"say how to make any {kind}")


def events(name: str) -> st.SearchStrategy[Event]:
    """Any event of that name."""
    return structs(EVENTS[name])


@st.composite
def recorded(draw: st.DrawFn, event: st.SearchStrategy[Event]) -> RecordedEvent:
    """Any event in any envelope."""
    version = draw(st.integers(1, 3) | st.integers(1, INTEGER_MAX))
    happened = draw(event)
    streams = {
        "of-a-case": SLUGS,
        "rubric:any": SLUGS.map("rubric:{}".format),
        "register:accounts": st.just("register:accounts"),
    }
    (own,) = (kind for kind in streams if belongs(type(happened).__name__, kind))
    return RecordedEvent(
        case=draw(streams[own]),
        version=version,
        at=draw(MOMENTS),
        dated=draw(st.dates()),
        by=draw(structs(Actor)),
        command=draw(structs(IdempotencyKey)),
        prev=draw(HASHES) if version > 1 else "",
        event=happened,
        seen=draw(st.none() | st.integers(1, version - 1)) if version > 1 else None,
        rules=draw(st.integers(FIRST, CURRENT)),
        signed=draw(st.none() | structs(AuthorSignature)),
        confirmed=tuple(sorted(draw(st.sets(st.dates(), max_size=2)))),
        through=draw(st.none() | st.sampled_from(get_args(Through))),
    )
