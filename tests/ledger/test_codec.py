import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import codec
from ledger.codec import (
    ENTRY_MAX,
    EVENTS,
    EntryTooLarge,
    UnreadableEntry,
    check,
    decode,
    encode,
    encoded,
    link,
    plain,
    read,
)
from ledger.envelope import Actor, AuthorSignature, IdempotencyKey, RecordedEvent
from ledger.events import ScoreClaimed
from ledger.language import Text
from ledger.log.tree import leaf_hash
from tests.support.arbitrary import decimals, events, recorded

CLAIM = RecordedEvent(
    case="small-2023",
    version=1,
    at="2026-11-21T10:00:00.000000Z",
    dated=date(2024, 7, 30),
    by=Actor(account="filer", role="unit", organisation="market-bureau"),
    command=IdempotencyKey(id="claim-1", sha256="c" * 64),
    prev="",
    event=ScoreClaimed(
        indicator="spending", score=Decimal("40.00"), justification="已支付", evidence=()
    ),
)
ENTRY = encode(CLAIM)


# Bytes -------------------------------------------------------------------------------------------


def test_an_entry_is_these_bytes() -> None:
    assert ENTRY.decode() == (
        '{"at":"2026-11-21T10:00:00.000000Z",'
        '"by":{"account":"filer","organisation":"market-bureau","role":"unit"},'
        '"case":"small-2023","command":{"id":"claim-1","sha256":"' + "c" * 64 + '"},'
        '"data":{"evidence":[],"indicator":"spending","justification":"已支付","score":"40.00"},'
        '"dated":"2024-07-30","prev":"","type":"ScoreClaimed","v":1,"version":1}'
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", EVENTS)
@settings(max_examples=settings().max_examples // 10)
@given(data=st.data())
def test_any_event_has_the_bytes_of_rfc_8785_and_comes_back_to_the_digit(
    name: str, data: st.DataObject
) -> None:
    one = data.draw(recorded(events(name)))

    entry = encode(one)
    back = decode(entry, position=7)

    assert rfc8785.dumps(json.loads(entry)) == entry
    assert back == msgspec.structs.replace(one, entry=entry, position=7)
    assert repr(back.event) == repr(one.event)  # 40.0 equals 40.00 but is not the same record
    assert read(entry, position=7) == back
    said = check(entry)
    assert (said.case, said.version, said.type, said.prev) == (
        one.case,
        one.version,
        name,
        one.prev,
    )


@given(number=decimals())
def test_a_decimal_comes_back_with_the_digits_it_was_written_with(number: Decimal) -> None:
    event = ScoreClaimed(indicator="a", score=number, justification="", evidence=())

    back = decode(encode(msgspec.structs.replace(CLAIM, event=event)))

    assert isinstance(back.event, ScoreClaimed)
    assert back.event.score.as_tuple() == number.as_tuple()


def test_the_next_event_is_linked_to_the_leaf_hash_of_the_last() -> None:
    sealed = encoded(CLAIM)

    assert sealed.entry == ENTRY
    assert link(None) == ""
    assert link(sealed) == leaf_hash(ENTRY).hex()


# What is refused ---------------------------------------------------------------------------------


def tampered(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The entry with one thing changed, and canonical again."""
    data = json.loads(ENTRY)
    change(data)
    return rfc8785.dumps(data)


def claim_with(score: object) -> bytes:
    return tampered(lambda entry: entry["data"].update(score=score))


@pytest.mark.parametrize("key", sorted(json.loads(ENTRY)))
def test_an_entry_with_a_key_missing_is_refused(key: str) -> None:
    with pytest.raises(UnreadableEntry, match=f"missing.*{key}|{key}.*missing"):
        decode(tampered(lambda entry: entry.pop(key)))


AMONG = {"index": 1, "path": ("b" * 64,), "root": "c" * 64, "size": 2}
SIGNED = {"key": "a" * 64, "scheme": "ed25519", "value": "c2lnbmVk"}


@pytest.mark.parametrize("key", ["seen", "rules", "signed", "through"])
def test_a_key_without_a_value_is_left_out_and_nothing_else_is_its_absence(key: str) -> None:
    assert key not in json.loads(ENTRY)
    nothings: list[object] = [None, "", 0, {}, [], False]
    for nothing in nothings:
        with pytest.raises(UnreadableEntry):
            decode(tampered(lambda entry: entry.update({key: nothing})))  # noqa: B023 - called at once


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rules", 2),
        ("signed", SIGNED),
        ("signed", SIGNED | {"scheme": "sm2-x509", "value": "AA=="}),
        ("signed", SIGNED | {"among": AMONG}),
        *[("through", way) for way in ("file", "database-role", "web", "signature")],
    ],
)
def test_a_key_with_a_value_comes_back_as_it_was(key: str, value: object) -> None:
    entry = tampered(lambda entry: entry.update({key: value}))

    assert encode(decode(entry)) == entry
    assert msgspec.to_builtins(getattr(decode(entry), key)) == value


def test_what_the_author_had_seen_is_before_what_they_did() -> None:
    second = {"version": 2, "prev": "0" * 64}
    entry = tampered(lambda entry: entry.update(second, seen=1))

    assert encode(decode(entry)) == entry
    assert decode(entry).seen == 1
    with pytest.raises(UnreadableEntry, match="not before"):
        decode(tampered(lambda entry: entry.update(second, seen=2)))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seen", -1),
        ("seen", "v57"),
        ("rules", 1),
        ("through", "telephone"),
        ("signed", "c2lnbmVk"),
        ("signed", SIGNED | {"more": 1}),
        ("signed", {"key": "a" * 64, "scheme": "ed25519"}),
        ("signed", SIGNED | {"key": "a" * 63}),
        ("signed", SIGNED | {"scheme": "Ed25519"}),
        ("signed", SIGNED | {"scheme": "e" * 33}),
        ("signed", SIGNED | {"value": "c2lnbmV"}),
        ("signed", SIGNED | {"value": "c2ln\n"}),
        ("signed", SIGNED | {"value": "c2l_"}),
        ("signed", SIGNED | {"value": "AB=="}),
        ("signed", SIGNED | {"value": ""}),
        ("signed", SIGNED | {"among": None}),
        ("signed", SIGNED | {"among": AMONG | {"root": "A" * 64}}),
        ("signed", SIGNED | {"among": AMONG | {"size": "2"}}),
        ("signed", SIGNED | {"among": AMONG | {"path": ["b"]}}),
    ],
)
def test_a_key_with_a_value_of_another_form_is_refused(key: str, value: object) -> None:
    with pytest.raises(UnreadableEntry):
        decode(tampered(lambda entry: entry.update({key: value})))


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ("data", "score"),
        ("data", "evidence"),
        ("data", "justification"),
        ("by", "role"),
        ("command", "sha256"),
    ],
)
def test_a_part_with_a_key_missing_is_refused(place: str, key: str) -> None:
    with pytest.raises(UnreadableEntry, match=key):
        decode(tampered(lambda entry: entry[place].pop(key)))


@pytest.mark.parametrize("place", ["", "data", "by", "command"])
def test_an_unknown_key_is_refused(place: str) -> None:
    with pytest.raises(UnreadableEntry, match="colour"):
        decode(tampered(lambda entry: (entry[place] if place else entry).update(colour="red")))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"score":"40.00"', '"score":"40.00","score":"40.00"'),
        ('"score":"40.00"', '"score":"1.00","score":"40.00"'),
        ('"v":1', '"v":1,"v":1'),
        ('"role":"unit"', '"role":"unit","role":"unit"'),
    ],
)
def test_a_key_that_comes_twice_is_refused(old: str, new: str) -> None:
    assert old in ENTRY.decode()
    with pytest.raises(UnreadableEntry, match="not canonical"):
        decode(ENTRY.decode().replace(old, new).encode())


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("version", 0),
        ("version", -1),
        ("version", "1"),
        ("version", True),
        ("version", 2**53),
        ("version", 2),  # has no prev
        ("v", 0),
        ("v", -1),
        ("v", 1.5),
        ("prev", "c" * 64),  # the first version has none
        ("prev", "banana"),
        ("prev", None),
        ("case", "Small 2023"),
        ("case", "register:other"),
        ("at", "2026-11-21T10:00:00Z"),
        ("at", "2026-13-45T10:00:00.000000Z"),
        ("at", "2026-11-21T99:00:00.000000Z"),
        ("dated", "2024-07-30T00:00:00"),
        ("dated", "2024-7-30"),
        ("dated", 20240730),
        ("by", None),
        ("data", None),
        ("data", []),
        ("type", 1),
        ("command", {"id": "a b", "sha256": "c" * 64}),
        ("command", {"id": "a", "sha256": "C" * 64}),
    ],
)
def test_an_ill_typed_envelope_is_refused(key: str, value: object) -> None:
    changed = json.loads(ENTRY) | {key: value}
    with pytest.raises(UnreadableEntry):
        decode(codec.canonical(changed))


@pytest.mark.parametrize(
    "score",
    [
        40,
        "NaN",
        "sNaN",
        "Infinity",
        "-Infinity",
        "1e400",
        "4E+1",
        "40.00 ",
        " 40.00",
        "+40.00",
        "4_0",
        "040.00",
        ".5",
        "5.",
        "４０",
        "-0",
        "-0.00",
        "0.0000001",
        "123456789012345678901",
        "",
        None,
        True,
        ["40.00"],
    ],
)
def test_what_is_no_plain_decimal_is_refused_as_a_score(score: object) -> None:
    with pytest.raises(UnreadableEntry):
        decode(claim_with(score))


@pytest.mark.parametrize("number", ["40.0", "40.00", "4e1", "1e400", "-0.0"])
def test_a_float_is_refused_wherever_it_stands(number: str) -> None:
    as_score = ENTRY.replace(b'"40.00"', number.encode())
    as_version = ENTRY.replace(b'"version":1', f'"version":{number}'.encode())

    for entry in (as_score, as_version):
        with pytest.raises(UnreadableEntry):
            decode(entry)
    with pytest.raises(msgspec.ValidationError, match=r"浮点数.*write a decimal in quotes"):
        plain(f'{{"do":"adjust-score","award":{number}}}')


def test_an_event_that_nobody_knows_is_refused_by_its_name() -> None:
    with pytest.raises(
        UnreadableEntry, match=r"(不认识|无法识别)的事件 ScoreGuessed.*unknown event ScoreGuessed"
    ):
        decode(tampered(lambda entry: entry.update(type="ScoreGuessed")))


def test_an_event_of_a_newer_program_is_refused_with_advice() -> None:
    with pytest.raises(UnreadableEntry, match=r"请升级.*ScoreClaimed v2 is newer.*upgrade"):
        decode(tampered(lambda entry: entry.update(v=2)))


def test_data_of_another_event_is_refused() -> None:
    with pytest.raises(UnreadableEntry):
        decode(tampered(lambda entry: entry.update(type="ClaimRestated")))


def rewritten(**how: Any) -> bytes:  # noqa: ANN401 - what json.dumps takes
    return json.dumps(json.loads(ENTRY), **how).encode()


@pytest.mark.parametrize(
    "entry",
    [
        ENTRY + b"\n",
        ENTRY + b" ",
        b" " + ENTRY,
        b"\xef\xbb\xbf" + ENTRY,
        ENTRY + ENTRY,
        ENTRY[:-1],
        b"",
        b"null",
        b"[]",
        ENTRY.replace(b":", b": ", 1),
        rewritten(ensure_ascii=False, indent=1),
        rewritten(separators=(",", ":")),  # letters as \uXXXX
        json.dumps(
            dict(reversed(json.loads(ENTRY).items())), ensure_ascii=False, separators=(",", ":")
        ).encode(),
        ENTRY.replace("已".encode(), b"\\u5df2"),
        ENTRY.replace(b"filer", b"fil\\u0065r"),
    ],
)
def test_bytes_in_any_other_form_are_refused(entry: bytes) -> None:
    with pytest.raises(UnreadableEntry):
        decode(entry)


@pytest.mark.parametrize("letters", [b"\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"\\ud800", b"\\udc00"])
def test_letters_that_are_none_are_refused(letters: bytes) -> None:
    with pytest.raises(UnreadableEntry):
        decode(ENTRY.replace("已".encode(), letters))


@pytest.mark.parametrize("place", [b'"40.00"', b'"2024-07-30"', b"[]", b'"c'])
def test_an_entry_nested_without_end_is_refused(place: bytes) -> None:
    with pytest.raises(UnreadableEntry):
        decode(ENTRY.replace(place, b"[" * 30_000))


def test_an_entry_as_large_as_the_log_can_hold_is_read_and_a_larger_one_is_not() -> None:
    room = ENTRY_MAX - len(ENTRY)
    largest = ENTRY.replace("已支付".encode(), "已支付".encode() + b"x" * room)
    larger = largest.replace(b"xxx", b"xxxx", 1)

    assert len(largest) == 65_535
    assert encode(decode(largest)) == largest
    with pytest.raises(UnreadableEntry, match="65536 bytes are above the limit of 65535"):
        decode(larger)


def test_an_entry_above_the_limit_is_not_written() -> None:
    event = ScoreClaimed(indicator="a", score=Decimal(1), justification="字" * 30_000, evidence=())
    with pytest.raises(EntryTooLarge, match=r"上限是 65535.*file long text as evidence"):
        encode(msgspec.structs.replace(CLAIM, event=event))


def test_what_could_not_be_read_back_is_not_written() -> None:
    for wrong in (
        msgspec.structs.replace(CLAIM, version=0),
        msgspec.structs.replace(CLAIM, prev="c" * 64),
        msgspec.structs.replace(CLAIM, at="yesterday"),
    ):
        with pytest.raises(UnreadableEntry):
            encoded(wrong)


def test_a_refusal_names_the_position() -> None:
    with pytest.raises(UnreadableEntry, match=r"第 41 条记录无法读取.*entry 41 is unreadable"):
        decode(b"{}", position=41)


@settings(max_examples=settings().max_examples * 5)
@given(
    place=st.integers(0, len(ENTRY) - 1),
    width=st.integers(0, 4),
    instead=st.binary(max_size=4) | st.sampled_from([b"{", b"}", b'"', b"\\", b",", b"0", b"e9"]),
)
def test_whatever_is_changed_is_refused_or_is_another_canonical_entry(
    place: int, width: int, instead: bytes
) -> None:
    """No two forms of bytes are one record: what is read is written again to the same bytes."""
    changed = ENTRY[:place] + instead + ENTRY[place + width :]
    try:
        read = decode(changed)
    except UnreadableEntry:
        with pytest.raises(UnreadableEntry):
            check(changed)
        return

    assert encode(read) == changed
    assert check(changed).type == read.type
    assert (read.event != CLAIM.event or read != encoded(CLAIM)) == (changed != ENTRY)


def verdict(entry: bytes) -> object:
    """What `check` says of an entry: its place, or why it is refused."""
    try:
        said = check(entry)
    except UnreadableEntry as refused:
        return refused.text
    signed = msgspec.to_builtins(said.signed)  # of the strict twin where it was asked key by key
    return said.case, said.version, said.type, said.prev, signed, said.through, said.rules


REPEATED = ENTRY.replace(b',"dated":', b',"at":"of no form","data":{},"dated":', 1)
"""One expression finds all keys in it; there are others among them."""

MORE = [b"", b"0", b"-", b"a", b"1", b"a" * 64, b"a" * 101, b"9" * 11, b'"', b"\n", b'b","a":"']


LATER = encode(
    msgspec.structs.replace(
        CLAIM, case="rubric:of-2023", version=12, prev="0" * 64, seen=11, rules=2, through="web"
    )
)
"""With what may be left out."""

ALONE, OF_SEVERAL = (
    encode(
        msgspec.structs.replace(
            CLAIM,
            seen=11,
            version=12,
            prev="0" * 64,
            signed=msgspec.convert(signed, AuthorSignature),
        )
    )
    for signed in (SIGNED, SIGNED | {"among": AMONG | {"path": ["b" * 64, "d" * 64]}})
)
"""Signed."""


@pytest.mark.parametrize("entry", [ENTRY, LATER, REPEATED, ALONE, OF_SEVERAL])
@pytest.mark.parametrize(
    "key",
    sorted({*json.loads(OF_SEVERAL), "account", "organisation", "role", *SIGNED, "among", *AMONG}),
)
def test_what_one_expression_allows_is_what_is_allowed_key_by_key(
    entry: bytes, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, name, value = entry.partition(b'"%b":' % key.encode())
    value, quote = value.removeprefix(b'"'), value[:1].strip(b"0123456789{")
    rest = value.lstrip(b"abcdefghijklmnopqrstuvwxyz0123456789")
    changed = [before + name + quote + more + behind for more in MORE for behind in (value, rest)]
    at_once = [verdict(each) for each in changed]
    monkeypatch.setattr(codec, "_usual", lambda _: None)

    for each, said in zip(changed, at_once, strict=True):
        key_by_key = verdict(each)
        assert isinstance(said, Text) == isinstance(key_by_key, Text), each
        assert isinstance(said, Text) or said == key_by_key, each


def test_nearly_all_entries_are_matched_by_one_expression() -> None:
    assert codec._usual(ENTRY)  # noqa: SLF001 - else it would be slow, and nothing would say so
    assert codec._usual(LATER)  # noqa: SLF001 - the same
    assert codec._usual(REPEATED)  # noqa: SLF001 - the same
    assert codec._usual(ALONE)  # noqa: SLF001 - the same
    assert codec._usual(OF_SEVERAL)  # noqa: SLF001 - the same


def test_keys_that_come_twice_around_the_data_are_refused() -> None:
    for again in (b'"data":{},', b'"at":"of no form",', b'"data":{},"data":', b""):
        data = ENTRY[ENTRY.index(b'{"evidence"') : ENTRY.index(b',"dated"')]
        changed = ENTRY.replace(data, data + b"," + again + b'"data":' + data, 1)
        with pytest.raises(UnreadableEntry):
            check(changed)


# What the store holds ----------------------------------------------------------------------------


def test_an_entry_with_a_misleading_end_is_read_as_what_it_is() -> None:
    keys = json.loads(ENTRY)
    last = json.dumps({"data": keys.pop("data") | {"justification": '"type":"RoleGranted","v":1,'}})

    assert read(f"{json.dumps(keys)[:-1]},{last[1:]}".encode()).type == "ScoreClaimed"
    with pytest.raises(UnreadableEntry, match="newer"):
        read(ENTRY[:-1] + b',"v":9}')


def test_what_the_store_holds_is_not_written_again_to_be_read() -> None:
    """Its form was checked before it was stored, and `verify` checks it again."""
    spaced = ENTRY.replace(b":", b": ", 1)

    assert read(spaced).event == CLAIM.event
    with pytest.raises(UnreadableEntry, match="not canonical"):
        decode(spaced)


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"{}",
        ENTRY[:-1],
        tampered(lambda entry: entry.pop("command")),
        tampered(lambda entry: entry["by"].pop("role")),
        tampered(lambda entry: entry["by"].update(role="god")),
        tampered(lambda entry: entry.update(colour="red")),
        tampered(lambda entry: entry.update(version="1")),
        tampered(lambda entry: entry.update(dated="2024-7-30")),
        tampered(lambda entry: entry.update(type="ScoreGuessed")),
        tampered(lambda entry: entry.update(v=2)),
        tampered(lambda entry: entry["data"].pop("score")),
        claim_with("1e400"),
    ],
)
def test_what_has_no_sense_is_refused_from_the_store_too(entry: bytes) -> None:
    with pytest.raises(UnreadableEntry, match=r"第 5 条记录无法读取.*entry 5 is unreadable"):
        read(entry, position=5)
