from collections.abc import Iterator
from decimal import Decimal
from typing import Any, get_args

import msgspec.inspect
import pytest
from msgspec import Struct

from ledger import events
from ledger.codec import EVENTS
from ledger.events import CaseEvent, Event, RegisterEvent, RubricEvent
from ledger.every_command import FIELDS
from ledger.last_days import STEPS, due_field
from ledger.stored_struct import validating_type
from ledger.values import INTEGER_MAX, Invalid
from tests.support.golden_files import sample


def test_every_event_of_the_file_is_in_the_union() -> None:
    shared = (events._Event, events._CaseEvent)  # noqa: SLF001 - what events share
    written = {
        name
        for name, kind in vars(events).items()
        if isinstance(kind, type) and issubclass(kind, shared) and kind not in shared
    }

    assert written == set(EVENTS)
    assert len(get_args(Event)) == len(written)


def test_every_stream_has_its_own_events() -> None:
    streams = [set(get_args(union)) for union in (RegisterEvent, RubricEvent, CaseEvent)]

    assert set.union(*streams) == set(get_args(Event))
    assert sum(map(len, streams)) == len(EVENTS)


@pytest.mark.parametrize("kind", EVENTS.values())
def test_an_event_is_frozen_closed_and_leaves_no_more_to_a_default_than_it_leaves_out(
    kind: type[Struct],
) -> None:
    config = kind.__struct_config__
    own = [field for field in msgspec.structs.fields(kind) if field.name not in FIELDS]
    defaults = {f"{kind.__name__}.{field.name}" for field in own if not field.required}

    assert config.frozen
    assert config.forbid_unknown_fields
    assert config.omit_defaults
    assert defaults <= LATER


LATER = {
    "BonusClaimed.recipient",
    "CaseOpened.last_year",
    "BonusClaimed.commended",
    "RectificationResponded.promises",
    "RubricPublished.part",
    "RubricPublished.parts",
    "AccountOpened.practice",
    "SignaturesDemanded.accounts",
    "RetentionSet.schedule",
    "RetentionSet.access_months",
    "DestructionProposed.accesses_before",
    *(
        f"{name}.{field}"
        for name in ("ObjectionRaised", "ObjectionAnswered", "ResultCorrected", "ReasonAmended")
        for field in ("item", "penalty")
    ),
    *(f"YearNoticeRecorded.{field}" for field in ("rubric", "amends", *map(due_field, STEPS))),
}
"""Fields that events of older programs do not have, and last days that a notice does not set."""


@pytest.mark.parametrize("name", EVENTS)
def test_events_with_equal_content_are_equal(name: str) -> None:
    assert sample(name).event == sample(name).event
    assert hash(sample(name).event) == hash(sample(name).event)


def _types(kind: msgspec.inspect.Type, seen: set[type]) -> Iterator[msgspec.inspect.Type]:
    yield kind
    match kind:
        case msgspec.inspect.StructType(cls=cls, fields=fields) if cls not in seen:
            for field in fields:
                yield from _types(field.type, seen | {cls})
        case msgspec.inspect.UnionType(types=types):
            for each in types:
                yield from _types(each, seen)
        case msgspec.inspect.VarTupleType(item_type=item):
            yield from _types(item, seen)
        case msgspec.inspect.Metadata(type=inner):
            yield from _types(inner, seen)
        case _:
            pass


@pytest.mark.parametrize("kind", EVENTS.values())
def test_an_event_holds_no_float_and_no_number_that_json_cannot_carry(kind: type[Struct]) -> None:
    allowed: Any = (
        msgspec.inspect.Metadata
        | msgspec.inspect.StructType
        | msgspec.inspect.UnionType
        | msgspec.inspect.VarTupleType
        | msgspec.inspect.LiteralType
        | msgspec.inspect.StrType
        | msgspec.inspect.IntType
        | msgspec.inspect.BoolType
        | msgspec.inspect.DecimalType
        | msgspec.inspect.DateType
        | msgspec.inspect.NoneType
    )
    for each in _types(msgspec.inspect.type_info(validating_type(kind)), set()):
        assert isinstance(each, allowed)
        if isinstance(each, msgspec.inspect.IntType):
            assert each.le == INTEGER_MAX


@pytest.mark.parametrize("name", EVENTS)
def test_no_number_of_an_event_can_be_nonsense(name: str) -> None:
    """A decimal that was not asked to be `exact` would reach the archive as NaN."""
    event = sample(name).event
    for field in msgspec.structs.fields(event):
        if isinstance(getattr(event, field.name), Decimal):
            for nonsense in ("NaN", "Infinity", "1e400", "0.0000001", "-0"):
                with pytest.raises(Invalid):
                    msgspec.structs.replace(event, **{field.name: Decimal(nonsense)})
