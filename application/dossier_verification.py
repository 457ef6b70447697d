"""Dossier verification (卷宗核对): the order of all its steps, offline and without the issuer.

Bytes, log and streams are checked in `ledger/dossier.py`; the result of the rules, the rights of
the authors and the enclosures are checked on what these have left.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from documents.enclosures import enclosures
from ledger.account_registry import RegisterOverTime, fold_register
from ledger.author_proofs import AuthorProofs
from ledger.case import History, pinned_rubrics
from ledger.checks.every_stream import violations
from ledger.dossier import Dossier, Verified, read, unreadable
from ledger.dossier import verify as verify_content
from ledger.editions import Editions, fold_editions
from ledger.envelope import REGISTER, RecordedEvent, rubric_stream
from ledger.language import Text
from ledger.last_days import notices_in
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.policy import TrustPolicy
from ledger.log.stamp import Authority, TimeStamp
from ledger.log.tree import ProofError
from ledger.log_verification import Level
from ledger.practice import NOT_REAL, is_marked, is_practice, must_be_asked_for
from ledger.program import VERSION
from ledger.time_zone import zone_of
from ledger.values import Instant
from projections.as_of import FINAL, at
from projections.signed_commands import Signed, count_signed


class DossierVerification(NamedTuple):
    """What a dossier proves, and to whom.

    Attributes:
        verified: what it proves.
        entries: how many it holds.
        level: as for a ledger.
        stamped: by when it was there, as an authority says; `None` without a stamp.
        drift: enclosures that this version of the program makes otherwise than the version did
            which the dossier names; what counts are the entries.
        states_streams: whether it states the last versions of the registry and the rubrics;
            dossiers of an older program do not, and may lack their ends.
        acts: how many it holds, and how many of them their authors have signed.
        practice: whether it is of a practice ledger, and nothing in it is real.
    """

    verified: Verified
    entries: int
    level: Level
    stamped: Instant | None
    drift: list[str]
    states_streams: bool
    acts: Signed
    practice: bool = False

    @property
    def report(self) -> dict[str, object]:
        """For machines, with stable keys."""
        last = self.verified.history[-1]
        return {
            "case": self.verified.case,
            "version": last.version,
            "at": last.at,
            "entries": self.entries,
            "size": self.verified.head.size,
            "level": self.level,
            "signatures": [key.name for key, _ in self.verified.signatures],
            "stamped": self.stamped,
            "drift": self.drift,
            "acts": self.acts.acts,
            "signed": self.acts.signed,
            "unchecked": self.acts.unchecked,
        } | ({"practice": True} if self.practice else {})

    def sentences(self) -> Iterator[Text]:
        """For people."""
        case, last = self.verified.case, self.verified.history[-1]
        if self.practice:
            yield NOT_REAL
        yield Text(
            f"相符：{case} 截至第 {last.version} 条（{last.at}）完整，{self.entries} 条，"
            f"等级 {self.level}",
            f"verified: {case} is complete to v{last.version} ({last.at}), {self.entries} entries,"
            f" level {self.level}",
        )
        if self.stamped:
            yield Text(
                f"时间戳：{self.stamped} 以前已有", f"time stamp: it existed by {self.stamped}"
            )
        if self.acts.signed or self.acts.unchecked:
            yield self.acts.words
        for name in self.drift:
            yield Text(
                f"注意：附件 {name} 与本程序生成的不同，可能因程序版本不同。以条目为准",
                f"note: {name} differs from what this program generates from the entries, perhaps"
                " because the versions differ; the entries are authoritative",
            )
        if not self.states_streams:
            yield Text(
                "注意：由旧版程序导出，未写明账号登记簿和指标体系截至哪一条；末尾缺失无法发现",
                "note: made by an older program, which did not state the last entries of the"
                " registry and the rubrics; missing entries at their ends cannot be detected",
            )


def verify_dossier(  # noqa: PLR0913 - all that a verifier may bring along
    data: bytes,
    policy: TrustPolicy,
    *,
    held: Sequence[SignedCheckpoint] = (),
    reply: bytes | None = None,
    authorities: Sequence[Authority] = (),
    signed_from: date | None = None,
) -> DossierVerification:
    """Verify a dossier.

    Args:
        data: of the file.
        policy: whom the verifier trusts.
        held: checkpoints that the verifier got earlier, from elsewhere.
        reply: of a time-stamping authority, for the dossier's checkpoint.
        authorities: whom the verifier trusts to tell the time.
        signed_from: the day from which the verifier demands that authors have signed what was
            recorded; what the ledger demands itself is looked at in any case.

    Raises:
        ProofError: altered, dropped, reordered, incomplete, against the rules, or not signed.
        Invalid: the file is not in the one form of a dossier, though its content may be sound.
        OnlyPractice: it is of a practice ledger, and that was not asked for; or the reverse.
    """
    # 1. The content of the file, regardless of who packed it.
    dossier, form = read(data)
    origin = SignedCheckpoint.parse(dossier.checkpoint).checkpoint.origin
    must_be_asked_for(origin, practice=policy.practice)
    # 2. Signature, proofs, streams, completeness, enclosures by their digests, rubric, growth.
    verified = verify_content(dossier, policy.log, witnesses=policy.witnesses, held=held)
    # 3. Every command again, by the rules and by the register of accounts.
    editions = _editions(verified)
    _check_acts(verified, editions, signed_from)
    # 4. The enclosures agree with the entries.
    drift = _drift(verified, dossier, editions)
    # 5. All of it holds; so what is wrong with the form has happened on the way.
    if form:
        raise unreadable(form)
    # 6. When it was there.
    stamped = TimeStamp(dossier.checkpoint, reply).verify(authorities) if reply else None
    level = _level(verified, policy, stamped)
    number, states = len(dossier.entries), bool(verified.issued.streams)
    acts, practice = count_signed([*verified.others, *verified.history]), is_marked(origin)
    return DossierVerification(verified, number, level, stamped, drift, states, acts, practice)


def _editions(verified: Verified) -> Editions:
    pinned = pinned_rubrics(verified.history)
    stream = rubric_stream(pinned[-1]) if pinned else ""
    return fold_editions(other for other in verified.others if other.case == stream)


def _check_acts(verified: Verified, editions: Editions, signed_from: date | None) -> None:
    streams: dict[str, list[RecordedEvent]] = {REGISTER: []}
    for event in (*verified.others, *verified.history):
        streams.setdefault(event.case, []).append(event)
    register = RegisterOverTime(streams[REGISTER], signed_from)
    for name, record in streams.items():
        for recorded, _, why in violations(name, record, register, editions):
            raise ProofError(
                f"卷宗：{recorded.case} 第 {recorded.version} 条 {recorded.type}：{why.zh}",
                f"dossier: {recorded.case} v{recorded.version} {recorded.type}: {why.en}",
            )


def _drift(verified: Verified, dossier: Dossier, editions: Editions) -> list[str]:
    """Enclosures that this program makes otherwise from the same entries.

    Raises:
        ProofError: it is the program that the dossier says has made them.
    """
    register = [event for event in verified.others if event.case == REGISTER]
    history, zone = History(verified.history[:-1]), zone_of(fold_register(register).time_zone)
    notices, practice = notices_in(register), is_practice(register)
    proofs = AuthorProofs(history, register)
    point = at(history, editions, FINAL, zone, notices, practice=practice, proofs=proofs)
    again = enclosures(point, verified.history[-1].dated, verified.issued.indicator)
    drift = sorted({name for name, _ in again.items() ^ dossier.enclosures.items()})
    if drift and verified.issued.program == VERSION:
        raise ProofError(
            f"卷宗：附件 {'、'.join(drift)} 不是由这些条目生成的",
            f"dossier: the enclosures {', '.join(drift)} are not generated from its entries",
        )
    return drift


def _level(verified: Verified, policy: TrustPolicy, stamped: Instant | None) -> Level:
    if policy.met_by(key for key, _ in verified.signatures):
        return "L4" if stamped else "L3"
    return "L2" if any(verified.consistent_with) else "L1"  # every log has grown from nothing
