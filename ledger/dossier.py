"""Dossiers (卷宗): the exact answer to an appeal, in one file that strangers can verify offline.

A dossier is a ZIP archive with fixed bytes for fixed content (docs/formats/dossier.md)::

    checkpoint                    what the log held, signed
    entries/000000000017.json     an entry, to the byte; the name is its position in the log
    proofs/000000000017.tlog-proof  its receipt under that checkpoint
    consistency/000000000009      that the log only grew since it had that size
    enclosures/... enclosures for people, bound by digests in the last entry

The last entry is the DossierIssued event of the case. It says how far the case goes and which
enclosures belong to it, so that nothing can be left off at either end.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from struct import Struct
from typing import Final, NamedTuple
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ledger.case import pinned_rubrics
from ledger.codec import UnreadableEntry, decode, form_of
from ledger.envelope import REGISTER, RecordedEvent, rubric_stream
from ledger.events import (
    DossierIssued,
    RubricPinned,
    RubricRepinned,
    StreamEnd,
)
from ledger.language import Text
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import Signature, VerifierKey, decode_base64, encode_base64
from ledger.log.receipt import Receipt
from ledger.log.tree import HASH_SIZE, ProofError, TreeHead, leaf_hash, verify_consistency
from ledger.practice import is_practice, must_agree
from ledger.rubric_parts import files
from ledger.rule_editions import FIRST
from ledger.stream_reading import entries_set_aside, is_faulty
from ledger.values import Invalid, Sha256

SIZE_MAX: Final = 512 * 1024 * 1024
"""Bytes in a dossier; far above any case, far below what would exhaust a verifier."""

FILES_MAX: Final = 200_000
_RATIO_MAX: Final = 64
"""How many times larger a dossier may be that somebody has compressed; usual are ten."""

_UNSOUND: Final = (BadZipFile, ValueError, OSError, RuntimeError, EOFError, zlib.error)
"""What reading a damaged ZIP raises; an unknown method of compression is a RuntimeError."""

_LOCAL: Final = 30
"""Bytes of a member's own header in a ZIP, before its name."""

_END: Final = Struct("<4s8xLLH")
"""The end of a ZIP's directory: its mark, size and place, and how long a comment follows."""

_SIZES_BEHIND: Final = 8
"""The flag of a member whose sizes follow it, as streaming packers write them."""

_NAME: Final = re.compile(
    r"checkpoint|entries/(?P<entry>\d{12})\.json|proofs/(?P<proof>\d{12})\.tlog-proof"
    r"|consistency/(?P<size>\d{12})|enclosures/(?P<enclosure>[a-z0-9][a-z0-9.-]{0,80})",
    re.ASCII,
)


class Dossier(NamedTuple):
    """What a dossier holds; nothing of it is believed yet.

    Attributes:
        checkpoint: a signed note.
        entries: by position, ascending.
        receipts: by position, ascending.
        consistency: by an older size: the hashes that lead from it to the checkpoint.
        enclosures: by name.
    """

    checkpoint: bytes
    entries: Mapping[int, bytes]
    receipts: Mapping[int, bytes]
    consistency: Mapping[int, Sequence[bytes]]
    enclosures: Mapping[str, bytes]


class Verified(NamedTuple):
    """What a dossier proves.

    Attributes:
        case: whose dossier it is.
        issued: the DossierIssued event that closes it.
        history: every event of the case up to and including that one.
        others: events of the streams that the case depends on.
        head: the tree that all of it is in.
        signatures: the trusted signatures under the checkpoint, here and where the caller held it.
        consistent_with: sizes of checkpoints that the caller held and that fit.
    """

    case: str
    issued: DossierIssued
    history: tuple[RecordedEvent, ...]
    others: tuple[RecordedEvent, ...]
    head: TreeHead
    signatures: tuple[tuple[VerifierKey, Signature], ...]
    consistent_with: tuple[int, ...]


def write(dossier: Dossier) -> bytes:
    """The bytes of a dossier; the same for the same content, on any machine."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, content in _files(dossier):
            info = ZipInfo(name)  # of the first date that ZIP knows
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, content)
    return out.getvalue()


def _files(dossier: Dossier) -> Iterable[tuple[str, bytes]]:
    yield "checkpoint", dossier.checkpoint
    for name, content in sorted(dossier.enclosures.items()):
        yield f"enclosures/{name}", content
    for position, entry in sorted(dossier.entries.items()):
        yield f"entries/{position:012}.json", entry
    for position, receipt in sorted(dossier.receipts.items()):
        yield f"proofs/{position:012}.tlog-proof", receipt
    for size, hashes in sorted(dossier.consistency.items()):
        lines = "".join(f"{encode_base64(digest)}\n" for digest in hashes)
        yield f"consistency/{size:012}", lines.encode()


def parse(data: bytes) -> Dossier:
    """The dossier in these bytes: `write` gives the same bytes again.

    Raises:
        ProofError: a file in it that does not belong there, or one that is damaged.
        Invalid: no dossier, or other bytes than `write` gives for that content.
    """
    dossier, form = read(data)
    if form:
        raise unreadable(form)
    return dossier


def read(data: bytes) -> tuple[Dossier, Text | None]:
    """The dossier in these bytes, regardless of who packed them.

    Returns:
        What it holds, and in what the bytes are not those that `write` gives for it. That alone is
            no forgery, but a ZIP can contain unseen bytes between its members.

    Raises:
        ProofError: a file in it that does not belong there, or one that is damaged.
        Invalid: no dossier.
    """
    if len(data) > SIZE_MAX:
        raise unreadable(Text(f"超过 {SIZE_MAX} 字节", f"larger than {SIZE_MAX} bytes"))
    try:
        archive = ZipFile(BytesIO(data))
    except _UNSOUND:
        raise unreadable(
            Text(
                "不是完整的 ZIP，可能已被截断",
                "not a complete ZIP file; it may have been truncated",
            )
        ) from None
    with archive:
        members = [member for member in archive.infolist() if not _is_aside(member)]
        if len(members) > FILES_MAX:
            raise unreadable(Text("文件太多", "too many files"))
        stored = all(member.compress_type == ZIP_STORED for member in members)
        most = len(data) if stored else min(SIZE_MAX, len(data) * _RATIO_MAX)
        if sum(member.file_size for member in members) > most:
            raise unreadable(
                Text("解压后过大，不可能是卷宗", "unpacked, it is larger than any dossier can be")
            )
        contents = _contents(archive, members)
    if "checkpoint" not in contents:
        raise _no("没有检查点", "there is no checkpoint")
    dossier = _sorted_out(contents)
    if write(dossier) == data:
        return dossier, None
    if not _is_filled(data, archive):  # no program leaves that behind that packs files again
        raise _no("文件之外还夹带了内容", "the file contains something besides its members")
    if not stored:
        return dossier, Text(
            "其中的文件经过压缩，说明已被重新打包",
            "its members are compressed: it was packed again",
        )
    return dossier, Text(
        "不符合规定的字节形式：已被重新打包",
        "its bytes are not in the prescribed form: it was packed again",
    )


def unreadable(why: Text) -> Invalid:
    """That a file is not in the one form of a dossier, and what to do."""
    return Invalid(
        f"该文件不能作为卷宗读取：{why.zh}；请向导出方索取原文件",
        f"this file cannot be read as a dossier: {why.en}; get the original file from its issuer",
    )


def _is_aside(member: ZipInfo) -> bool:
    """What programs leave in an archive when a person packs a folder again."""
    path = member.filename
    return member.is_dir() or path.startswith("__MACOSX/") or path.endswith("/.DS_Store")


def _is_filled(data: bytes, archive: ZipFile) -> bool:
    """Whether an archive is nothing but its members, one after the other, and their directory."""
    place = 0
    for member in sorted(archive.infolist(), key=lambda member: member.header_offset):
        if member.header_offset != place:
            return False
        place += (
            _LOCAL + member.compress_size + _number(data, place + 26) + _number(data, place + 28)
        )
        if member.flag_bits & _SIZES_BEHIND:
            place += 16 if data[place : place + 4] == b"PK\x07\x08" else 12
    mark, size, start, comment = _END.unpack(data[-_END.size :])
    end = len(data) - _END.size
    return (mark, place, place + size, comment) == (b"PK\5\6", start, end, 0)


def _number(data: bytes, place: int) -> int:
    return int.from_bytes(data[place : place + 2], "little")


def _contents(archive: ZipFile, members: Sequence[ZipInfo]) -> dict[str, bytes]:
    tops = {member.filename.partition("/")[0] for member in members}
    outer = f"{tops.pop()}/" if len(tops) == 1 else ""  # the folder that a person has packed
    contents: dict[str, bytes] = {}
    for member in members:
        name = member.filename.removeprefix(outer)
        if name in contents:
            raise _no(f"有两个名为 {name} 的文件", f"two members are named {name}")
        try:
            contents[name] = archive.read(member)
        except _UNSOUND:
            raise _no(f"{name} 已损坏或被改动", f"{name} is damaged or altered") from None
    return contents


def _sorted_out(contents: Mapping[str, bytes]) -> Dossier:
    entries: dict[int, bytes] = {}
    receipts: dict[int, bytes] = {}
    consistency: dict[int, Sequence[bytes]] = {}
    enclosures: dict[str, bytes] = {}
    for name, content in contents.items():
        match = _NAME.fullmatch(name)
        if not match:
            raise _no(f"不该有的文件 {name!r}", f"a file that does not belong there: {name!r}")
        if position := match["entry"]:
            entries[int(position)] = content
        elif position := match["proof"]:
            receipts[int(position)] = content
        elif size := match["size"]:
            consistency[int(size)] = _hashes(content)
        elif enclosure := match["enclosure"]:
            enclosures[enclosure] = content
    return Dossier(contents["checkpoint"], entries, receipts, consistency, enclosures)


def _hashes(content: bytes) -> tuple[bytes, ...]:
    # Read either way, what is not ASCII is not base64.
    hashes = tuple(map(decode_base64, content.decode("latin-1").splitlines()))
    if any(len(digest) != HASH_SIZE for digest in hashes):
        raise _no("一致性证明中有哈希不是 32 字节", "a hash of a consistency proof is not 32 bytes")
    return hashes


def verify(
    dossier: Dossier,
    log: Iterable[VerifierKey],
    *,
    witnesses: Iterable[VerifierKey] = (),
    held: Iterable[SignedCheckpoint] = (),
) -> Verified:
    """Check a dossier without trusting its issuer.

    Args:
        dossier: what was handed over.
        log: keys of the log, from a source that the verifier trusts.
        witnesses: keys of witnesses whose cosignatures must hold where they are.
        held: checkpoints that the verifier got earlier, from elsewhere; cosignatures below the
            dossier's own count.

    Raises:
        ProofError: altered, dropped, reordered, incomplete, or not signed by a trusted key.
    """
    keys, seers = list(log), list(witnesses)
    # 1. The checkpoint is signed by the log.
    signed = SignedCheckpoint.parse(dossier.checkpoint)
    seen = list(held)
    same = [other for other in seen if other.note.text == signed.note.text]
    note = signed.note.joined(line for other in same for line in other.note.signatures)
    signatures = tuple(signed._replace(note=note).verify(keys, seers))
    head = signed.checkpoint.head
    # 2. Every entry is in the log, at the place that its name says, and none is without its proof.
    if dossier.entries.keys() != dossier.receipts.keys():
        raise _no("条目与证明不成对", "entries and proofs do not match in number")
    for position, data in dossier.receipts.items():
        _check_receipt(dossier, position, Receipt.parse(data), keys)
    # 3. Every stream is whole from its first version: no gap, every link holds.
    streams = _streams(dossier)
    # 4. The last entry closes the dossier, and the case is complete up to it.
    history, issued = _closed(streams, max(dossier.entries, default=None))
    case = history[-1].case
    _check_edition(streams, history[-1])
    # 5. The streams that it depends on are there, up to the versions that the last entry states.
    _check_streams(streams, case, history, issued)
    # The first entry of the ledger and the log's name say alike whether anything of it is real.
    must_agree(signed.checkpoint.origin, practice=is_practice(streams[REGISTER].events))
    # 6. The enclosures are those that the last entry bound.
    _check_enclosures(dossier, issued)
    # 7. The rubric that scores the case is there, and is the one that was pinned.
    others = tuple(one for name, stream in streams.items() if name != case for one in stream.events)
    _check_rubric(history, others)
    # 8. The log only grew since the checkpoints that the verifier holds.
    # Nothing leads from the empty log; nobody would look at its contents.
    if dossier.consistency.get(0) or any(size >= head.size for size in dossier.consistency):
        raise _no(
            "有一致性证明不是从较早的检查点起",
            "a consistency proof does not start from an earlier size",
        )
    fits = tuple(_check_growth(dossier, signed, other, keys) for other in seen)
    return Verified(case, issued, tuple(history), others, head, signatures, fits)


def _check_receipt(
    dossier: Dossier, position: int, receipt: Receipt, keys: Sequence[VerifierKey]
) -> None:
    if receipt.position != position:
        raise _no(
            f"位置 {position} 的证明属于位置 {receipt.position}",
            f"the proof at {position} is for {receipt.position}",
        )
    if bytes(receipt.checkpoint.note) != dossier.checkpoint:
        raise _no(
            f"位置 {position} 的证明用了别的检查点",
            f"the proof at {position} has another checkpoint",
        )
    if receipt.extra is not None:
        raise _no(
            f"位置 {position} 的证明带有附加内容", f"the proof at {position} has something extra"
        )
    receipt.verify(dossier.entries[position], keys)


class _Stream:
    """A stream of a dossier, as far as it is there.

    Attributes:
        entries: position and bytes of every version from 1.
        events: of those that are events.
        aside: the others, which came past the program and were set aside.
    """

    def __init__(self) -> None:
        self.entries: list[tuple[int, bytes]] = []
        self.events: list[RecordedEvent] = []
        self.aside: list[StreamEnd] = []

    @property
    def end(self) -> tuple[int, Sha256]:
        """Its last version and the leaf hash of that; of none, what a first event names."""
        return len(self.entries), leaf_hash(self.entries[-1][1]).hex() if self.entries else ""


def _streams(dossier: Dossier) -> dict[str, _Stream]:
    stated = _stated(dossier)
    streams: dict[str, _Stream] = defaultdict(_Stream)
    set_aside: list[tuple[int, Sha256]] = []
    for position, entry in sorted(dossier.entries.items()):
        leaf = leaf_hash(entry).hex()
        for one in stated.get(leaf, ()):
            stream = streams[one.stream]
            there = [*stream.entries, (position, entry)]
            if one.version == len(there) and is_faulty(one.stream, there):
                stream.entries = there
                stream.aside.append(one)
                set_aside.append((position, leaf))
                break
        else:
            _append(streams, position, entry)
    leaves = entries_set_aside(streams[REGISTER].entries)
    for position, leaf in set_aside:
        if leaf not in leaves.get(position, ()):
            raise _no(
                f"位置 {position} 的条目没有搁置", f"nobody has set the entry at {position} aside"
            )
    return {name: stream for name, stream in streams.items() if stream.events}


def _stated(dossier: Dossier) -> dict[Sha256, list[StreamEnd]]:
    """What the last entry says of the streams, by leaf hash; nothing where it is no such entry."""
    stated: dict[Sha256, list[StreamEnd]] = defaultdict(list)
    with suppress(UnreadableEntry, ValueError):  # reported when its stream is read, or as missing
        last = max(dossier.entries)
        event = decode(dossier.entries[last], last).event
        if isinstance(event, DossierIssued):
            for one in event.streams:
                stated[one.leaf].append(one)
    return stated


def _append(streams: Mapping[str, _Stream], position: int, entry: bytes) -> None:
    try:
        recorded = decode(entry, position)
    except UnreadableEntry as error:
        raise ProofError(error.text.zh, error.text.en) from None
    stream = streams[recorded.case]
    version, leaf = stream.end
    if (recorded.version, recorded.prev) != (version + 1, leaf):
        raise _no(
            f"{recorded.case} 第 {recorded.version} 条与前一条不衔接",
            f"{recorded.case} v{recorded.version} does not follow the one before",
        )
    stream.entries.append((position, entry))
    stream.events.append(recorded)


def _closed(
    streams: Mapping[str, _Stream], last: int | None
) -> tuple[list[RecordedEvent], DossierIssued]:
    history = next((one.events for one in streams.values() if one.events[-1].position == last), [])
    before = history[-2].version if len(history) > 1 else 0
    if (
        history
        and isinstance(issued := history[-1].event, DossierIssued)
        and issued.covers == before
    ):
        return history, issued
    raise _no(
        "末条不是卷宗事件，或它所述的范围不符：卷宗不完整",
        "the last entry is not a DossierIssued event, or covers something else: incomplete",
    )


def _check_edition(streams: Mapping[str, _Stream], closing: RecordedEvent) -> None:
    """The event that closes a dossier comes last, under rules that are no older than any other's.

    Only programs of the first edition did not say how far the streams went: nobody can pass off a
    dossier of today as one of theirs.
    """
    newest = max(one.rules for stream in streams.values() for one in stream.events)
    if closing.rules < newest or (form_of(closing) == 1 and closing.rules > FIRST):
        raise _no(
            "末条的规则版次或格式早于卷宗中的其他条目",
            "the last entry is of an older edition of the rules, or in an older form, than others",
        )


def _check_streams(
    streams: Mapping[str, _Stream],
    case: str,
    history: Sequence[RecordedEvent],
    issued: DossierIssued,
) -> None:
    """An older program did not say how far they went; then at least none may be missing."""
    wanted = {REGISTER, *map(rubric_stream, pinned_rubrics(history))}
    stated = [(one.stream, one.version, one.leaf) for one in issued.streams]
    says = form_of(history[-1]) > 1
    for name in sorted(wanted | streams.keys() | {name for name, _, _ in stated}):
        stream = streams.get(name, _Stream())
        ends = {(name, one.version, one.leaf) for one in stream.aside}
        if name != case:
            ends.add((name, *stream.end))
        said = [one for one in stated if one[0] == name]
        is_so = said == sorted(ends) or not says
        if name not in {case, *wanted} or not stream.events or not is_so:
            version, _ = stream.end
            raise _no(
                f"{name} 缺失、多余或不全（卷宗里到第 {version} 条）：卷宗不完整",
                f"{name} is missing, extra or truncated (here up to v{version}): incomplete",
            )


def _check_enclosures(dossier: Dossier, issued: DossierIssued) -> None:
    bound = {enclosure.name: enclosure.sha256 for enclosure in issued.enclosures}
    given = {name: sha256(data).hexdigest() for name, data in dossier.enclosures.items()}
    for name in sorted(bound.keys() | given.keys()):
        if bound.get(name) != given.get(name):
            raise _no(
                f"附件 {name} 缺失、多余或被改动",
                f"the enclosure {name} is missing, extra or altered",
            )


def _check_rubric(history: Sequence[RecordedEvent], others: Sequence[RecordedEvent]) -> None:
    published = files(other.event for other in others)
    for recorded in history:
        if isinstance(recorded.event, RubricPinned | RubricRepinned):
            digest = recorded.event.sha256
            source = published.get(digest)
            if source is None or sha256(source.encode()).hexdigest() != digest:
                raise _no(
                    f"第 {recorded.version} 条选定的指标体系 {digest[:12]}… 不在卷宗里",
                    f"the rubric {digest[:12]}… that v{recorded.version} pins is not enclosed",
                )


def _check_growth(
    dossier: Dossier,
    signed: SignedCheckpoint,
    held: SignedCheckpoint,
    keys: Sequence[VerifierKey],
) -> int:
    held.verify(keys)
    old, new = held.checkpoint, signed.checkpoint
    if old.origin != new.origin:
        raise _no(
            f"手中的检查点属于另一日志 {old.origin}",
            f"the checkpoint held belongs to another log, {old.origin}",
        )
    if old.head.size > new.head.size:
        raise _no(
            f"手中的检查点更新（{old.head.size} 条），卷宗里没有到它的证明；请索取新的卷宗",
            f"the checkpoint held is newer ({old.head.size}); ask for a newer dossier",
        )
    if old.head.size == new.head.size:
        path: Sequence[bytes] = ()
    elif old.head.size in dossier.consistency:
        path = dossier.consistency[old.head.size]
    else:
        raise _no(
            f"卷宗里没有从 {old.head.size} 条起的一致性证明；请在导出时给出该检查点",
            f"there is no consistency proof from size {old.head.size};"
            " name that checkpoint when exporting",
        )
    verify_consistency(old.head, new.head, path)
    return old.head.size


def _no(zh: str, en: str) -> ProofError:
    return ProofError(f"卷宗：{zh}", f"dossier: {en}")
