"""Events to canonical bytes and back, strictly.

The bytes are JSON in the form of RFC 8785 for our subset: sorted ASCII keys, no white space,
decimals as plain strings, no floats, instants fixed-width. They are written once, stored verbatim
and hashed. There are two ways back. `decode` believes nothing: it refuses what is unknown, missing,
duplicate, ill-typed, newer than this program or not canonical, and is used wherever bytes come in:
before they are stored, at an import, in a dossier; `check` is the same look without the event, for
`verify`. `read` is for what the store holds, which has passed `decode` before: it leaves out the
forms of strings (see `kept`) and the second writing, which are most of the work.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Final, NoReturn, Protocol, get_args

import msgspec
from msgspec import Meta, Raw

from ledger import not_read
from ledger.envelope import (
    Actor,
    AuthorSignature,
    IdempotencyKey,
    RecordedEvent,
    StreamId,
    Through,
    belongs,
)
from ledger.events import Event, Role
from ledger.field_errors import field_errors
from ledger.log.tree import leaf_hash
from ledger.problem import Fault, Mendable
from ledger.rule_editions import CURRENT, FIRST, RuleEdition
from ledger.stored_struct import StoredStruct, validating_type
from ledger.upcasts import current_version, upcast
from ledger.values import (
    INTEGER_MAX,
    AccountId,
    Base64,
    CommandId,
    Instant,
    OrganisationId,
    Scheme,
    Sha256,
    explained,
)

ENTRY_MAX: Final = 65_535  # bytes; C2SP tlog-tiles prefixes entries with a 16-bit length

EVENTS: Final[Mapping[str, type[Event]]] = {event.__name__: event for event in get_args(Event)}
VERSIONS: Final[Mapping[str, int]] = {name: current_version(name) for name in EVENTS}


class UnreadableEntry(Fault):
    """Bytes that are no entry of this archive. The message says where and why."""


class EntryTooLarge(Mendable):
    """An entry above the size that the log's public format can hold."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"一条记录有 {size} 字节，上限是 {ENTRY_MAX}；长文请作为佐证材料提交",
            f"an entry of {size} bytes exceeds the limit of {ENTRY_MAX}; file long text as"
            " evidence",
        )


_Ordinal = Annotated[int, Meta(ge=1, le=INTEGER_MAX)]
_LaterEdition = Annotated[int, Meta(ge=FIRST + 1, le=INTEGER_MAX)]  # the first is left out
_Days = Annotated[tuple[date, ...], Meta(min_length=1)]  # left out where there are none
_Link = Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?\Z")]


class EntryLocation(Protocol):
    """Where an entry belongs, in its own words; see `RecordedEvent`."""

    @property
    def case(self) -> str:
        """The stream."""

    @property
    def version(self) -> int:
        """Its number in the stream."""

    @property
    def type(self) -> str:
        """The event's name."""

    @property
    def prev(self) -> str:
        """Leaf hash of the stream's previous entry."""

    @property
    def signed(self) -> AuthorSignature | None:
        """The author's signature; nothing where there is none."""

    @property
    def through(self) -> Through | None:
        """How its author was proven; nothing where that is only claimed."""

    @property
    def rules(self) -> RuleEdition:
        """The edition of the rules that it was recorded under."""


class _Envelope(StoredStruct, frozen=True, kw_only=True):
    """The keys of an entry. The content of `data` depends on `type` and `v`.

    Optional ones are left out where they have no value. None of them is ever null: that would be
    written otherwise.
    """

    at: Instant
    by: Actor
    case: StreamId
    command: IdempotencyKey
    confirmed: _Days = ()
    data: Raw
    dated: date
    prev: _Link
    rules: _LaterEdition = FIRST
    seen: _Ordinal | None = None
    signed: AuthorSignature | None = None
    through: Through | None = None
    type: str
    v: _Ordinal
    version: _Ordinal


_encoder: Final = msgspec.json.Encoder(order="sorted")
_envelopes: Final = msgspec.json.Decoder(_Envelope)
_strict_envelopes: Final = msgspec.json.Decoder[_Envelope](validating_type(_Envelope))


def _string(kind: Any) -> str:  # noqa: ANN401 - an annotation
    """How JSON writes a string of a type, as an expression: of its pattern and its length."""
    (meta,) = (each for each in get_args(kind) if isinstance(each, Meta))
    form = str(meta.pattern).removeprefix("^").removesuffix(r"\Z")
    least, most = meta.min_length or 0, meta.max_length or ""
    length = f'(?=[^"]{{{least},{most}}}")' if least or most else ""
    return f'"{length}(?:{form})"'


def _one_of(literal: Any) -> str:  # noqa: ANN401 - an annotation
    return f'"(?:{"|".join(get_args(literal))})"'


_HASH: Final = _string(Sha256)
_COUNT: Final = r"(?:0|[1-9]\d{0,9})"
_SIGNED: Final = (
    rf'{{(?:"among":{{"index":{_COUNT},"path":\[(?:{_HASH}(?:,{_HASH})*)?\],"root":{_HASH},'
    f'"size":{_COUNT}}},)?"key":{_HASH},"scheme":{_string(Scheme)},"value":{_string(Base64)}}}'
)

# The canonical form of an envelope as one expression: its keys in order, each once, each value of
# its form, no white space. To ask so takes half the time of asking string by string. What is rare
# is not in it and is looked at key by key: `confirmed`, very large numbers.
_usual: Final = re.compile(
    (
        f'{{"at":{_string(Instant)},"by":{{"account":{_string(AccountId)},'
        f'"organisation":{_string(OrganisationId)},"role":{_one_of(Role)}}},'
        f'"case":{_string(StreamId)},"command":{{"id":{_string(CommandId)},'
        f'"sha256":{_HASH}}},"data":(?P<data>{{.*}}),'
        rf'"dated":"\d{{4}}-\d\d-\d\d","prev":{_string(_Link)}'
        r'(?:,"rules":(?:[2-9]|[1-9]\d{1,3}))?(?:,"seen":[1-9]\d{0,9})?'
        rf'(?:,"signed":{_SIGNED})?'
        rf'(?:,"through":{_one_of(Through)})?,"type":"\w+","v":[1-9]\d{{0,3}},'
        r'"version":[1-9]\d{0,9}}'
    ).encode(),
    re.DOTALL,
).fullmatch


def canonical(value: object) -> bytes:
    """The canonical bytes of a struct or of plain JSON data."""
    return _encoder.encode(value)


def encode(recorded: RecordedEvent) -> bytes:
    """The entry that is stored and hashed.

    Raises:
        EntryTooLarge: above 65,535 bytes.
    """
    entry = _written(recorded, recorded.event)
    if len(entry) > ENTRY_MAX:
        raise EntryTooLarge(len(entry))
    return entry


def _written(about: "RecordedEvent | _Envelope", event: Event) -> bytes:
    keys = {
        "at": about.at,
        "by": about.by,
        "case": about.case,
        "command": about.command,
        "data": event,
        "dated": about.dated,
        "prev": about.prev,
        "type": about.type,
        "v": VERSIONS[about.type],
        "version": about.version,
    }
    if about.confirmed:
        keys["confirmed"] = about.confirmed
    if about.rules != FIRST:
        keys["rules"] = about.rules
    if about.seen is not None:
        keys["seen"] = about.seen
    if about.signed is not None:
        keys["signed"] = about.signed
    if about.through is not None:
        keys["through"] = about.through
    return canonical(keys)


def encoded(recorded: RecordedEvent) -> RecordedEvent:
    """The same event with its entry written, and read back: nothing unreadable is ever stored.

    Raises:
        EntryTooLarge: above 65,535 bytes.
        UnreadableEntry: something in it that `decode` would refuse.
    """
    return decode(encode(recorded))


def link(recorded: RecordedEvent | None) -> str:
    """What the next event of the stream names as `prev`; empty before the first."""
    return leaf_hash(recorded.entry).hex() if recorded else ""


def decode(entry: bytes, position: int | None = None) -> RecordedEvent:
    """The event in an entry of any origin.

    Raises:
        UnreadableEntry: see the module's docstring. The place is the position, if known.
    """
    check(entry, position)
    return read(entry, position)


class _Author(msgspec.Struct):
    account: str


class _Authorship(msgspec.Struct):
    by: _Author
    through: str | None = None


_authorships: Final = msgspec.json.Decoder(_Authorship)


def authorship(entry: bytes) -> tuple[str, str | None]:
    """The account of an entry's author, and how the entry says that it was proven.

    Raises:
        UnreadableEntry: it states neither.
    """
    try:
        said = _authorships.decode(entry)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _no(None, *not_read.reason(error)) from None
    return said.by.account, said.through


class _Form(msgspec.Struct):
    v: int


_forms: Final = msgspec.json.Decoder(_Form)


def form_of(recorded: RecordedEvent) -> int:
    """The version of its event's shape that an entry was written in."""
    return _forms.decode(recorded.entry).v


def check(entry: bytes, position: int | None = None) -> EntryLocation:
    """What `decode` refuses is refused, and nothing else is made of the rest: half the work.

    Raises:
        UnreadableEntry: as `decode` does.
    """
    if len(entry) > ENTRY_MAX:
        raise _no(
            position,
            f"{len(entry)} 字节，超过上限 {ENTRY_MAX}",
            f"{len(entry)} bytes are above the limit of {ENTRY_MAX}",
        )
    usual = _usual(entry)  # its strings are of their forms
    try:
        envelope = (_envelopes if usual else _strict_envelopes).decode(entry)
        _make_sense(envelope, position)
        kind = EVENTS.get(envelope.type)
        event = _event(envelope, kind and validating_type(kind), position)
        # What was upcast would be written in another shape, so its bytes are taken as they are.
        if envelope.v < VERSIONS[envelope.type]:
            is_canonical = canonical(plain(entry)) == entry
        elif usual:  # nor can there be a key twice in what is as `event` is written
            is_canonical = canonical(event) == usual["data"]
        else:
            is_canonical = _written(envelope, event) == entry
    except _NONSENSE as error:
        raise _unreadable(error, position, entry) from None
    if not is_canonical:
        raise _no(position, "不是规范字节", "the bytes are not canonical")
    return envelope


def read(entry: bytes, position: int | None = None) -> RecordedEvent:
    """The event that an entry of the store holds.

    Raises:
        UnreadableEntry: the event is unknown, newer than this program, or not of its shape.
    """
    try:
        envelope = _envelopes.decode(entry)
        if envelope.rules > CURRENT:
            raise _later_rules(envelope.rules, position)
        today = _DECODERS[envelope.type]
        if today and envelope.v == today[0]:
            event = today[1](envelope.data)
        else:
            event = _event(envelope, EVENTS.get(envelope.type), position)
    except _NONSENSE as error:
        raise _unreadable(error, position, entry) from None
    return RecordedEvent(  # by place: names take a tenth of the time of reading an entry
        envelope.case,
        envelope.version,
        envelope.at,
        envelope.dated,
        envelope.by,
        envelope.command,
        envelope.prev,
        event,
        envelope.seen,
        envelope.rules,
        envelope.signed,
        envelope.through,
        envelope.confirmed,
        entry,
        position,
    )


def _no(position: int | None, zh: str, en: str) -> UnreadableEntry:
    if position is None:
        return UnreadableEntry(f"记录无法读取：{zh}", f"the entry is unreadable: {en}")
    return UnreadableEntry(
        f"第 {position} 条记录无法读取：{zh}", f"entry {position} is unreadable: {en}"
    )


_NONSENSE: Final = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


def _unreadable(error: Exception, position: int | None, entry: bytes = b"{}") -> UnreadableEntry:
    """What is wrong with an entry, of the fields of its event as exactly as where one comes in."""
    if not isinstance(error, msgspec.ValidationError):
        return _no(position, *not_read.reason(error))
    with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        envelope = _envelopes.decode(entry)
        kind = EVENTS.get(envelope.type)
        if kind and envelope.v == VERSIONS[envelope.type]:
            for path, text in field_errors(
                msgspec.json.decode(envelope.data), validating_type(kind)
            ):
                place = ".".join(map(str, path))
                return _no(position, f"{place}：{text.zh}", f"{place}: {text.en}")
    return _no(position, *explained(error))


def _later_rules(rules: RuleEdition, position: int | None) -> UnreadableEntry:
    """A reader that does not know the rules cannot state their result for a command."""
    return _no(
        position,
        f"第 {rules} 版规则比本程序新（本程序到第 {CURRENT} 版），请升级",
        f"edition {rules} of the rules is newer than this program ({CURRENT}); upgrade it",
    )


def _make_sense(envelope: _Envelope, position: int | None) -> None:
    """What no type can say of an envelope."""
    if envelope.rules > CURRENT:
        raise _later_rules(envelope.rules, position)
    if envelope.seen and envelope.seen >= envelope.version:
        raise _no(
            position,
            f"seen {envelope.seen} 不在本条（第 {envelope.version} 条）之前",
            f"seen {envelope.seen} is not before this version, {envelope.version}",
        )
    confirmed = envelope.confirmed
    if confirmed and tuple(sorted(set(confirmed))) != confirmed:
        raise _no(
            position,
            "confirmed 中的日期重复或次序不对",
            "the days of confirmed are not in order, each once",
        )
    signed = envelope.signed
    if signed and b64encode(b64decode(signed.value)).decode() != signed.value:
        raise _no(position, "签名的 base64 写法不唯一", "the signature is not in base64's one form")
    if envelope.type in EVENTS and not belongs(envelope.type, envelope.case):
        raise _no(
            position,
            f"{envelope.type} 不属于 {envelope.case} 这种流",
            f"{envelope.type} is no event of a stream such as {envelope.case}",
        )
    if bool(envelope.prev) != (envelope.version > 1):
        raise _no(
            position,
            "第 1 条没有 prev，其余都有",
            "version 1 has no prev, every other has one",
        )
    try:
        datetime.fromisoformat(envelope.at)  # the pattern alone would let a month 13 pass
    except ValueError as error:
        raise _unreadable(error, position) from None


@cache
def _decoder(kind: type[Event]) -> msgspec.json.Decoder[Event]:
    return msgspec.json.Decoder(kind)


class _Decoders(dict[str, tuple[int, Callable[[Raw], Event]] | None]):
    """By the name of an event, the version of its shape today and what decodes it; made when asked.

    `None` of an event that nobody knows.
    """

    def __missing__(self, name: str) -> tuple[int, Callable[[Raw], Event]] | None:
        if name not in EVENTS:
            return None
        found = self[name] = VERSIONS[name], _decoder(EVENTS[name]).decode
        return found


_DECODERS: Final = _Decoders()


def _event(envelope: _Envelope, kind: type[Event] | None, position: int | None) -> Event:
    """What the data of an envelope says, as a kind of event or its strict twin."""
    name, v = envelope.type, envelope.v
    if kind is None:
        raise _no(position, f"无法识别的事件 {name}", f"unknown event {name}")
    known = VERSIONS[name]
    if v == known:
        return _decoder(kind).decode(envelope.data)
    if v > known:
        raise _no(
            position,
            f"{name} 第 {v} 版比本程序新（本程序到第 {known} 版），请升级",
            f"{name} v{v} is newer than this program (v{known}); upgrade it",
        )
    data = _old_data.decode(envelope.data)
    try:
        return msgspec.convert(upcast(name, v, data), kind)
    except msgspec.ValidationError:
        raise
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise _no(position, f"第 {v} 版的内容有误", f"not of version {v}") from error


def _refuse_float(text: str) -> NoReturn:
    raise msgspec.ValidationError(
        f'浮点数 {text}：请写成带引号的十进制数，如 "16.00" / float {text}:'
        ' write a decimal in quotes, such as "16.00"'
    )


_plain: Final = msgspec.json.Decoder(float_hook=_refuse_float)
_old_data: Final = msgspec.json.Decoder(dict[str, Any], float_hook=_refuse_float)


def plain(text: bytes | str) -> Any:  # noqa: ANN401 - JSON data is what it is
    """JSON as plain data, without floats.

    Raises:
        msgspec.MsgspecError: not JSON, or a float in it.
    """
    return _plain.decode(text)
