"""Adds golden files that are missing: `python tests/support/golden_files.py`. Never rewrites one.

A golden file is one canonical entry of one version of one event, as a program of its time wrote it.
It stays for ever: whoever changes an event adds a version, an upcast and a new file.
"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, get_args

import msgspec.inspect
from msgspec import Struct
from msgspec.structs import replace

from ledger.codec import EVENTS, VERSIONS, canonical, encode
from ledger.envelope import (
    Actor,
    AmongActs,
    AuthorSignature,
    IdempotencyKey,
    RecordedEvent,
    Through,
)
from ledger.events import Event
from ledger.stored_struct import validating_type
from ledger.values import Evidence, Figure, Target

FOLDER: Final = Path(__file__).parents[1] / "golden" / "events"

WHOLE: Final = FOLDER.with_name("whole-events")
"""The same events with all that may be left out of them."""

ITEMS: Final = FOLDER.with_name("item-events")
"""Those of them that may be about a bonus or penalty item, about one; and a part of a rubric."""

OF_ITEMS: Final = {"item", "penalty"}
"""The fields that say so, and that came later than `WHOLE`."""

OF_PARTS: Final = {"part", "parts"}
"""Those of a rubric that is published in parts, which came later as well."""

OF_PRACTICE: Final = {"practice"}
"""That of the first account of a ledger, which came later too."""

OF_RETENTION: Final = {"schedule", "access_months"}
OF_ACCESSES: Final = {"accesses_before"}
"""Those of the access log, which came later as well."""

OF_SIGNERS: Final = {"accounts"}
"""That of a demand of signatures in one case, which came later as well."""

OF_LAST_YEAR: Final = {"last_year"}
"""The result of the year before, which came later as well."""

LATER: Final = (
    *(OF_ITEMS, OF_PARTS, OF_PRACTICE, OF_RETENTION, OF_ACCESSES, OF_SIGNERS),
    OF_LAST_YEAR,
)

ENVELOPES: Final = FOLDER.with_name("envelopes")
"""Entries with the keys that are left out where they have no value."""

AMONG: Final = AmongActs(index=1, path=("b" * 64,), root="d" * 64, size=2)
FIGURE: Final = Figure(
    id="lift-inspections",
    indicator="output-goals",
    name="电梯检验数量",
    value="482",
    unit="台",
    target=Target("at-most", "540"),
    scope="本级",
    source="自评报告 产出指标表",
    note="含“复检” \\ 24 台\n见附表",
)
DATED_FIGURE: Final = replace(
    FIGURE, goal_class="数量", period="2023-01-01/2023-12-31", as_of=date(2023, 12, 31)
)
EVIDENCE: Final = Evidence(
    sha256="5" * 64,
    title="关于做好绩效评价工作的通知",
    number="财绩〔2024〕9号",
    media_type="application/pdf",
    size=48213,
)


def main() -> None:
    """Write what is missing."""
    WHOLE.mkdir(exist_ok=True)
    for name, version in VERSIONS.items():
        for path, made in (
            (file_of(name, version), sample(name)),
            (WHOLE / f"{name}.v{version}.json", whole(name)),
        ):
            if not path.exists():
                path.write_bytes(encode(made))
                print(path)  # noqa: T201 - this is a script
    ITEMS.mkdir(exist_ok=True)
    for name in about_items():
        path = ITEMS / f"{name}.v{VERSIONS[name]}.json"
        if not path.exists():
            path.write_bytes(encode(fullest(name)))
            print(path)  # noqa: T201 - the same
    ENVELOPES.mkdir(exist_ok=True)
    for name, one in envelopes().items():
        path = ENVELOPES / f"{name}.json"
        if not path.exists():
            path.write_bytes(encode(one))
            print(path)  # noqa: T201 - the same


def file_of(name: str, version: int) -> Path:
    """Where the golden entry of a version stands."""
    return FOLDER / f"{name}.v{version}.json"


def sample(name: str) -> RecordedEvent:
    """An event of that name with something in every field that is always there."""
    return _recorded(_sample(EVENTS[name]))


def whole(name: str) -> RecordedEvent:
    """An event of that name with something in every field, but about no item."""
    return replace(_recorded(_sample(EVENTS[name], everything=True)), rules=3)


def fullest(name: str) -> RecordedEvent:
    """An event of that name with something in every field, and about an item where it may be."""
    event = _sample(EVENTS[name], everything=True, items=True)
    return replace(_recorded(event), rules=4)


def about_items() -> list[str]:
    """The events that may be about a bonus or penalty item."""
    return [name for name in EVENTS if fullest(name).event != whole(name).event]


def _recorded(event: Event) -> RecordedEvent:
    return RecordedEvent(
        case="zhanjiang-amr-2023",
        version=57,
        at="2026-11-21T10:00:00.000001Z",
        dated=date(2024, 12, 30),
        by=Actor(account="agency-reviewer", role="reviewer", organisation="review-agency"),
        command=IdempotencyKey(id="3-review.toml:57", sha256="c" * 64),
        prev="0123456789abcdef" * 4,
        event=event,
    )


def envelopes() -> dict[str, RecordedEvent]:
    """An event with each of the optional keys by itself, with all of them, and with none."""
    one = sample("ScoreConfirmed")
    signed = AuthorSignature(key="a" * 64, scheme="ed25519", value="c2lnbmVk")
    each: dict[str, dict[str, Any]] = {
        "none": {},
        "rules": {"rules": 2},
        "seen": {"seen": 56},
        "signed": {"signed": signed},
        "signed-among": {"signed": replace(signed, among=AMONG)},
        **{f"through-{way}": {"through": way} for way in get_args(Through)},
        "confirmed": {"rules": 4, "confirmed": (date(2023, 6, 1), date(2024, 12, 30))},
        "all": {"rules": 2, "seen": 56, "signed": signed, "through": "signature"},
    }
    return {name: replace(one, **keys) for name, keys in each.items()}


def misshapen() -> list[bytes]:
    """Entries whose envelope no reader takes, as a program would write them that does not care."""
    entry = json.loads((ENVELOPES / "all.json").read_bytes())
    wrong: dict[str, tuple[Any, ...]] = {
        "rules": (None, 0, 1, "2"),
        "seen": (None, 0, -1, "v56"),
        "signed": (
            *(None, {}, "c2lnbmVk"),
            *(entry["signed"] | more for more in ({"more": ""}, {"key": "A" * 64})),
        ),
        "confirmed": (None, [], "2024-12-30", ["2024-12-30"] * 2, ["2024-12-30", "2023-06-01"]),
        "through": (None, "", "telephone", 1),
        "colour": ("red",),
    }
    changed = [entry | {key: value} for key, values in wrong.items() for value in values]
    lacking = [{key: entry[key] for key in entry if key != gone} for gone in ("by", "prev", "v")]
    return [canonical(one) for one in (*changed, *lacking)]


def _sample(kind: type[Struct], *, everything: bool = False, items: bool = False) -> Any:  # noqa: ANN401 - any event
    info = msgspec.inspect.type_info(validating_type(kind))
    assert isinstance(info, msgspec.inspect.StructType)
    fields = {
        field.name: _value(field.name, field.type, items=items)
        for field in info.fields
        if field.required or (items if _is_of_items(kind, field.name) else everything)
    }
    if everything and "figure" in fields and isinstance(fields["figure"], Figure):
        fields["figure"] = DATED_FIGURE
    return kind(**fields)


def _is_of_items(kind: type[Struct], field: str) -> bool:
    return any(field in later and {*kind.__struct_fields__} >= later for later in LATER)


def _value(  # noqa: C901, PLR0911, PLR0912 - one line per kind
    name: str, kind: msgspec.inspect.Type, *, items: bool = False
) -> Any:  # noqa: ANN401 - any value
    match kind:
        case msgspec.inspect.Metadata(type=inner):
            return _value(name, inner, items=items)
        case msgspec.inspect.BoolType():
            return True
        case msgspec.inspect.StructType(cls=twin) if issubclass(twin, Figure):
            return FIGURE
        case msgspec.inspect.StructType(cls=twin) if issubclass(twin, Evidence):
            return EVIDENCE
        case msgspec.inspect.StructType(cls=twin):
            return _sample(twin.__mro__[1], items=items)
        case msgspec.inspect.UnionType(types=kinds):
            some = next(each for each in kinds if each != msgspec.inspect.NoneType())
            return _value(name, some, items=items)
        case msgspec.inspect.VarTupleType(item_type=item):
            return (_value(name, item, items=items),)
        case msgspec.inspect.LiteralType(values=values):
            return values[0]
        case msgspec.inspect.DecimalType():
            return Decimal("16.50")
        case msgspec.inspect.DateType():
            return date(2024, 11, 30)
        case msgspec.inspect.IntType():
            return 2023
        case msgspec.inspect.StrType(pattern=pattern) if pattern and "[0-9a-f]{64}" in pattern:
            return "9" * 64
        case msgspec.inspect.StrType() if name == "public":
            return "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        case msgspec.inspect.StrType() if name == "zone":
            return "Asia/Shanghai"
        case msgspec.inspect.StrType() if name.endswith("_due"):
            return "2024-11-30" if name == "submission_due" else "10wd"
        case msgspec.inspect.StrType(pattern=pattern) if pattern and pattern != r"\S":
            return f"{name.replace('_', '-')}-1"
        case _:
            return f"{name} 一二三"


if __name__ == "__main__":
    main()
