"""The heads of the log for everybody (公开的树头): what was signed when, and that it only grew.

It has hashes alone, no entry and no name of anybody: any web server can serve it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from typing import Final

from msgspec import Struct

from documents.page import (
    Block,
    Document,
    PageColumn,
    PageHeading,
    PageRow,
    PageTable,
    Paragraph,
)
from documents.pictures.growth import Step, growth
from documents.pictures.qr_code import qr_code
from ledger.language import Language, counted, speaker
from ledger.log.checkpoint import ML_DSA_SIZE, TIME_SIZE, cosigned_at
from ledger.log.checkpoint_line import SIGNATURE_SIZE, CheckpointLine
from ledger.log.note import encode_base64
from ledger.log.witness_request import WitnessRequest
from ledger.values import Instant, instant
from projections import formatting

COSIGNATURE_SIZES: Final = {TIME_SIZE + SIGNATURE_SIZE, ML_DSA_SIZE}
"""Bytes of cosignatures, of Ed25519 and ML-DSA-44: the time comes first (C2SP tlog-cosignature)."""


class Head(Struct, frozen=True):
    """A checkpoint that was signed.

    Attributes:
        request: it, with the proof from the one before it on the page.
        at: when it was signed.
    """

    request: WitnessRequest
    at: Instant


class Heads(Struct, frozen=True):
    """What the page shows.

    Attributes:
        heads: the earliest first; at least one.
        signed: how many checkpoints there are, with those that are left out.
        zone: in which the times are shown.
        vkeys: public keys of the log; empty where none is at hand.
    """

    heads: tuple[Head, ...]
    signed: int
    zone: tzinfo
    vkeys: tuple[str, ...]


def log_heads(shown: Heads, language: Language) -> Document:
    """The page."""
    say = speaker(language)
    last = shown.heads[-1].request.signed
    origin = last.checkpoint.origin
    return Document(
        title=say("日志的树头与增长", "Heads of the log and its growth"),
        subtitle=origin,
        blocks=(
            Paragraph(
                say(
                    "本页只有哈希，没有记录内容。每个树头由日志签名，表示当时日志有多少条、根摘要是"
                    "什么；相邻两个之间附一致性证明（RFC 9162 第2.1.4节），证明日志只增未改。"
                    f"共签过{shown.signed}个检查点，此处列出每天最后一个和见证人联署过的，"
                    f"共{len(shown.heads)}个。手中公文所印的检查点应与此处相接。",
                    "This page has hashes only, no content of any record. The log has signed each"
                    " head: how many entries it had, and their root. Between neighbours there is"
                    " a consistency proof (RFC 9162, section 2.1.4): the log has only grown."
                    f" {counted(shown.signed, 'checkpoint')} signed; shown are the last of each"
                    " day and those that a witness has cosigned,"
                    f" {len(shown.heads)} in all. The checkpoint printed on a letter that you"
                    " hold must fit in here.",
                )
            ),
            *_latest(CheckpointLine.of(last), language),
            *_keys(shown, language),
            *_picture(shown, language),
            _table(shown, language),
            PageHeading(say("逐个核验", "To verify each of them")),
            Paragraph(
                say(
                    "每段依次是：上一个的条数、一致性证明、空行、检查点及其签名。这也是见证人协议"
                    "（C2SP tlog-witness）的请求格式，格式见docs/formats/log.md。",
                    "Each block has the size of the one before, the consistency proof, an empty"
                    " line, and the checkpoint with its signatures. It is also what a witness is"
                    " sent (C2SP tlog-witness); see docs/formats/log.md.",
                )
            ),
            *(
                Paragraph(bytes(head.request).decode().rstrip("\n"), code=True)
                for head in reversed(shown.heads)
            ),
        ),
        footer=(),
        language=language,
        made=shown.heads[-1].at,
    )


def _latest(line: CheckpointLine, language: Language) -> tuple[Block, ...]:
    say = speaker(language)
    return (
        PageHeading(say("最近的检查点", "The latest checkpoint")),
        Paragraph(line.in_words, code=True),
        qr_code(str(line), say("检查点二维码", "QR code of the checkpoint")),
    )


def _keys(shown: Heads, language: Language) -> tuple[Block, ...]:
    say = speaker(language)
    if not shown.vkeys:
        return ()
    return (
        Paragraph(
            say(
                "日志公钥（请另与官方网站或决定书所列的比对）：",
                "Public key of the log (compare it with the one on the official website or in a"
                " decision):",
            )
        ),
        Paragraph("\n".join(shown.vkeys), code=True),
    )


def _picture(shown: Heads, language: Language) -> tuple[Block, ...]:
    say = speaker(language)
    steps = [
        Step(datetime.fromisoformat(head.at), head.request.signed.checkpoint.head.size)
        for head in shown.heads
    ]
    ends = (shown.heads[0].at, shown.heads[-1].at)
    first, last = (_day(at, shown, language) for at in ends)
    title = say("日志条数", "entries in the log")
    return (
        PageHeading(say("增长", "Growth")),
        growth(steps, title, (first, last)),
    )


def _day(at: Instant, shown: Heads, language: Language) -> str:
    return formatting.day(datetime.fromisoformat(at).astimezone(shown.zone).date(), language)


def _table(shown: Heads, language: Language) -> PageTable:
    say = speaker(language)
    grown = [shown.heads[0].request.signed.checkpoint.head.size] + [
        after.request.signed.checkpoint.head.size - before.request.signed.checkpoint.head.size
        for before, after in pairwise(shown.heads)
    ]
    rows = (
        PageRow(
            (
                formatting.moment(head.at, language, shown.zone),
                str(head.request.signed.checkpoint.head.size),
                f"+{more}",
                encode_base64(head.request.signed.checkpoint.head.root),
                "\n".join(_witnesses(head, shown, language)) or None,
            )
        )
        for head, more in zip(shown.heads, grown, strict=True)
    )
    return PageTable(
        say("树头", "heads"),
        (
            PageColumn(say("签名时间", "Signed"), 12),
            PageColumn(say("条数", "Size"), 6, number=True),
            PageColumn(say("增加", "Growth"), 6, number=True),
            PageColumn(say("根摘要", "Root hash"), 24),
            PageColumn(say("见证人联署", "Cosigned by witnesses"), 24),
        ),
        tuple(rows)[::-1],
    )


def _witnesses(head: Head, shown: Heads, language: Language) -> Sequence[str]:
    """Who has cosigned, and when it was by their own statement."""
    origin = head.request.signed.checkpoint.origin
    return [
        f"{line.name} {_time(cosigned_at(line.value), shown, language)}"
        for line in head.request.signed.note.signatures
        if line.name != origin and len(line.value) in COSIGNATURE_SIZES
    ]


def _time(seconds: int, shown: Heads, language: Language) -> str:
    """When a witness says that it cosigned; in seconds, where no calendar has that year."""
    try:
        at = instant(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, ValueError, OSError):
        return str(seconds)
    return formatting.moment(at, language, shown.zone)
