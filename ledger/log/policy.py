"""Whom a verifier trusts, in one file: logs, witnesses and their quorum (C2SP tlog-policy).

Names in the file are for the file alone; witnesses and groups share them. They are octets: two
spellings of one word are two names.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Final, NamedTuple, Self

from ledger.log.checkpoint import WitnessKey
from ledger.log.ml_dsa import MlDsaKey
from ledger.log.note import VerifierKey
from ledger.log.tree import ProofError

POLICY_MAX: Final = 131_072
"""Bytes in a policy file."""

LINES_MAX: Final = 128
"""Logs, witnesses or groups in one policy, each; the specification asks for 32 at least."""

_NONE: Final = b"none"
_OCTETS: Final = re.compile(rb"[\t\n\x20-\x7e\x80-\xff]*")
_DECIMAL: Final = re.compile(rb"[1-9][0-9]{0,3}")

Kinds = tuple[type[VerifierKey], ...]

LOG_KEYS: Final[Kinds] = (VerifierKey, MlDsaKey)
WITNESS_KEYS: Final[Kinds] = (WitnessKey, MlDsaKey)
"""Kinds of keys that sign checkpoints, and that cosign them."""


def organisation(key: VerifierKey) -> str:
    """Whose key it is: the host of its name, which is best a URL without its scheme."""
    return key.name.partition("/")[0].lower()


class QuorumGroup(NamedTuple):
    """Witnesses of which so many must have cosigned.

    Attributes:
        least: from 1 to as many as there are members.
        members: witnesses, and groups of them.
    """

    least: int
    members: tuple["VerifierKey | QuorumGroup", ...]

    def met_by(self, keys: frozenset[VerifierKey]) -> bool:
        """Whether the holders of these keys are enough."""
        return self.least <= sum(
            member.met_by(keys) if isinstance(member, QuorumGroup) else member in keys
            for member in self.members
        )

    def organisations(self) -> frozenset[str]:
        """Whose witnesses are in it."""
        return frozenset().union(*map(_organisations, self.members))


def _organisations(member: "VerifierKey | QuorumGroup") -> frozenset[str]:
    if isinstance(member, QuorumGroup):
        return member.organisations()
    return frozenset({organisation(member)})


class TrustPolicy(NamedTuple):
    """Whom a verifier trusts.

    Attributes:
        log: keys of logs; a checkpoint is signed by one of them.
        witnesses: keys of witnesses.
        quorum: which of them must have cosigned; `None` where nobody needs to.
        practice: whether what they have signed is to be of a practice ledger, and nothing real.
    """

    log: tuple[VerifierKey, ...] = ()
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: QuorumGroup | None = None
    practice: bool = False

    @classmethod
    def of(cls, log: Iterable[VerifierKey], witnesses: Iterable[VerifierKey]) -> Self:
        """The policy of a caller that names keys only: any one of the witnesses is enough."""
        seers = tuple(witnesses)
        return cls(tuple(log), seers, QuorumGroup(1, seers) if seers else None)

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The policy in the bytes of a file.

        Raises:
            ProofError: it is none, names no log, or is above our limits; says the line.
        """
        if len(data) > POLICY_MAX or not _OCTETS.fullmatch(data):
            raise _no(
                f"超过 {POLICY_MAX} 字节，或含制表符和换行以外的控制字符",
                f"larger than {POLICY_MAX} bytes, or with control characters other than tabs and"
                " newlines",
            )
        # Half a name may be another name, so a file that was cut off is none.
        if not data.endswith(b"\n"):
            raise _no(
                "末尾没有换行，可能不完整", "no newline at the end; it may have been truncated"
            )
        reading = _Reading()
        for number, line in enumerate(data[:-1].split(b"\n"), 1):
            words = re.split(rb"[ \t]+", line.strip(b" \t"))
            if words == [b""] or words[0].startswith(b"#"):
                continue
            try:
                reading.line(words[0], words[1:])
            except ProofError as error:
                raise _no(
                    f"第 {number} 行：{error.text.zh}", f"line {number}: {error.text.en}"
                ) from None
        return cls(*reading.whole())

    def met_by(self, keys: Iterable[VerifierKey]) -> bool:
        """Whether enough witnesses are among these keys; never where nobody needs to cosign."""
        return self.quorum is not None and self.quorum.met_by(frozenset(keys))

    def check(self, keys: Iterable[VerifierKey]) -> None:
        """Check that a checkpoint may be believed which these keys have signed.

        Raises:
            ProofError: fewer witnesses have cosigned it than the quorum wants.
        """
        if self.quorum is not None and not self.met_by(keys):
            raise ProofError(
                "检查点：联署数不足", "checkpoint: fewer cosignatures than the quorum requires"
            )


class _Reading:
    """What the lines so far have defined."""

    def __init__(self) -> None:
        self._log: list[VerifierKey] = []
        self._witnesses: list[VerifierKey] = []
        self._names: dict[bytes, VerifierKey | QuorumGroup] = {}
        self._members: set[bytes] = set()
        self._quorum: list[QuorumGroup | None] = []

    def line(self, what: bytes, words: Sequence[bytes]) -> None:
        kinds: dict[bytes, tuple[Callable[..., None], range]] = {
            b"log": (self._add_log, range(1, 3)),
            b"witness": (self._add_witness, range(2, 4)),
            b"group": (self._add_group, range(3, 3 + LINES_MAX * 2)),
            b"quorum": (self._set_quorum, range(1, 2)),
        }
        if what not in kinds:
            raise ProofError(
                f"无法识别 {_shown(what)}；应为 log、witness、group 或 quorum",
                f"{_shown(what)} is none of log, witness, group and quorum",
            )
        add, counts = kinds[what]
        if len(words) not in counts:
            raise ProofError(
                f"{_shown(what)} 的项数不正确", f"{_shown(what)}: wrong number of fields"
            )
        add(*words)

    def whole(self) -> tuple[tuple[VerifierKey, ...], tuple[VerifierKey, ...], QuorumGroup | None]:
        if not self._log:
            raise _no("没有 log 行", "there is no log line")
        if not self._quorum:
            raise _no("没有 quorum 行", "there is no quorum line")
        return tuple(self._log), tuple(self._witnesses), self._quorum[0]

    def _add_log(self, vkey: bytes, _url: bytes = b"") -> None:
        _add(self._log, _key(vkey, LOG_KEYS))

    def _add_witness(self, name: bytes, vkey: bytes, _url: bytes = b"") -> None:
        key = _key(vkey, WITNESS_KEYS)
        _add(self._witnesses, key)
        self._define(name, key)

    def _add_group(self, name: bytes, least: bytes, *members: bytes) -> None:
        parts = []
        for member in members:
            if member in self._members:
                raise ProofError(
                    f"{_shown(member)} 已经是一个组的成员",
                    f"{_shown(member)} is already a member of a group",
                )
            self._members.add(member)
            parts.append(self._known(member))
        words = {b"any": 1, b"all": len(parts)}
        count = words.get(least) or (int(least) if _DECIMAL.fullmatch(least) else 0)
        if not 1 <= count <= len(parts):
            raise ProofError(
                f"{_shown(least)} 应为 any、all 或 1 至 {len(parts)}",
                f"{_shown(least)} is none of any, all and 1 to {len(parts)}",
            )
        if count > 1:
            _check_apart(parts)
        self._define(name, QuorumGroup(count, tuple(parts)))

    def _set_quorum(self, name: bytes) -> None:
        if self._quorum:
            raise ProofError("quorum 重复", "there is a quorum line already")
        if name == _NONE:
            self._quorum.append(None)
            return
        asked = self._known(name)
        self._quorum.append(asked if isinstance(asked, QuorumGroup) else QuorumGroup(1, (asked,)))

    def _define(self, name: bytes, what: VerifierKey | QuorumGroup) -> None:
        if name == _NONE or name in self._names:
            raise ProofError(
                f"名字 {_shown(name)} 已有所指", f"the name {_shown(name)} is already defined"
            )
        if len(self._names) == 2 * LINES_MAX:
            raise ProofError("定义太多", "too many definitions")
        self._names[name] = what

    def _known(self, name: bytes) -> VerifierKey | QuorumGroup:
        if name not in self._names:
            raise ProofError(f"前面没有定义 {_shown(name)}", f"{_shown(name)} is not defined above")
        return self._names[name]


def public_key(vkey: str, kinds: Kinds) -> VerifierKey:
    """The public key of one of these kinds, of which the first is the usual one.

    Raises:
        ProofError: it is none of them.
    """
    for kind in kinds[1:]:
        with suppress(ProofError):
            return kind.parse(vkey)
    return kinds[0].parse(vkey)


def _key(vkey: bytes, kinds: Kinds) -> VerifierKey:
    try:
        return public_key(vkey.decode(), kinds)
    except UnicodeDecodeError:
        raise ProofError("公钥不是 UTF-8", "the vkey is not UTF-8") from None


def _add(keys: list[VerifierKey], key: VerifierKey) -> None:
    if any(key.public == other.public for other in keys):
        raise ProofError("公钥重复", "the public key is repeated")
    if len(keys) == LINES_MAX:
        raise ProofError(f"多于 {LINES_MAX} 个", f"more than {LINES_MAX}")
    keys.append(key)


def _check_apart(parts: Iterable[VerifierKey | QuorumGroup]) -> None:
    """An organisation with two witnesses is no second opinion: it counts once.

    Raises:
        ProofError: two members of a group that wants more than one have the same organisation.
    """
    counted: set[str] = set()
    for part in parts:
        both = counted & _organisations(part)
        if both:
            whose = min(both)
            raise ProofError(
                f"{whose} 的见证人在组里不止一个，同一单位只算一个：请先把它们放进一个 any 组",
                f"{whose} has more than one witness in the group and counts once: put them into a"
                " group of their own with any first",
            )
        counted |= _organisations(part)


def _shown(word: bytes) -> str:
    return repr(word[:40].decode(errors="replace"))


def _no(zh: str, en: str) -> ProofError:
    return ProofError(f"信任文件（tlog-policy）：{zh}", f"tlog-policy: {en}")
