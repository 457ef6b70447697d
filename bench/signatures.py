"""Commands that their authors sign: to sign one, to audit one, and what a whole ledger takes."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from time import process_time
from typing import Any, Final

from msgspec.structs import replace

from application.place import LedgerPlace
from application.verify import verify
from bench.measure import Line
from bench.places import SQLITE, Settings
from bench.workload import Workload
from ledger.account_registry import RegisterOverTime, fold_register
from ledger.author_key import ED25519
from ledger.author_signature import statement_of, together
from ledger.checks.every_stream import of_keys
from ledger.codec import decode, encode
from ledger.commands import (
    Command,
    CommandEnvelope,
    CountersignKey,
    EnrolKey,
    FileEvidence,
    OpenAccount,
    OpenCase,
)
from ledger.envelope import REGISTER, AuthorSignature, Identity, RecordedEvent, Sign
from ledger.ledger import Ledger
from ledger.log.note import SigningKey
from ledger.log.tree import leaf_hash
from ledger.log_verification import Trust
from ledger.store import NewEntry, Store
from ledger.values import Evidence, Instant

ACTS: Final = 600
LIVES: Final = 3
PLAIN, EACH, TOGETHER = "plain", "each", "together"
DAY: Final = date(2025, 1, 6)
AT: Final = "2025-01-06T01:00:00.000000Z"
CASE: Final = "signed-2024"
KEY: Final = SigningKey("filer", bytes(range(32)))
ID: Final = sha256(KEY.public.public).hexdigest()
TEXT: Final = "scoretrail-command/1\n" + "a line of what is signed\n" * 7


class _Signing:
    """A store that somebody has opened who signs what they record."""

    def __init__(self, store: Store, sign: Sign | None) -> None:
        self._store, self.identity = store, Identity(None, None, sign)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a store has
        return getattr(self._store, name)


def lines(settings: Settings) -> Iterator[Line]:
    """Signing, auditing, the size of a signature, and a whole verification."""
    unit = SQLITE
    yield _absolute("签名一次操作 / sign a command", "", 1e6 * _least(settings, _sign_all) / ACTS)
    plain, signed = (settings.folder / f"{name}.db" for name in ("plain", "signed"))
    _record(plain, None)
    _record(signed, _by(KEY))
    with Store.open(signed) as store:
        ledger = Ledger(store)
        record, register = ledger.history(CASE), RegisterOverTime(ledger.history(REGISTER))
        audited = _least(settings, lambda: list(of_keys(record, register)))
        size = sum(len(entry.entry) for entry in store.read_log())
    with Store.open(plain) as store:
        record = Ledger(store).history(CASE)
        unsigned = _least(settings, lambda: list(of_keys(record, register)))
        grown = (size - sum(len(entry.entry) for entry in store.read_log())) / ACTS
    each = 1e6 * (audited - unsigned) / ACTS
    yield _absolute("审核一次签名 / audit a signed command", unit, each)
    yield Line("每条因签名增加 / an entry grows by", unit, "1 B", None, grown, 400)
    whole, half = _verified(settings, signed), _verified(settings, plain)
    yield _compared(
        f"全库核验，{ACTS} 个操作均已逐个签名 / verify a ledger, each command signed by itself",
        whole,
        half,
    )
    life = {kind: settings.folder / f"life-{kind}.db" for kind in (PLAIN, EACH, TOGETHER)}
    for kind, path in life.items():
        _record_lives(settings.workload, path, kind)
    half = _verified(settings, life[PLAIN])
    for kind, said in (
        (EACH, "逐个签名 / verify whole lives, each command signed by itself"),
        (TOGETHER, "逐批签名 / verify whole lives, what is handed in together signed at once"),
    ):
        yield _compared(f"全库核验，{LIVES} 个实例，{said}", _verified(settings, life[kind]), half)


def _compared(work: str, signed: float, plain: float) -> Line:
    return Line(work, SQLITE, f"{plain * 1e3:.3g} ms", None, signed / plain, 1.3)


def _absolute(work: str, on: str, micros: float) -> Line:
    return Line(f"{work}", on, "1 µs", None, micros, 150)


def _by(key: SigningKey) -> Sign:
    """Signs with a key."""
    fingerprint = sha256(key.public.public).hexdigest()

    def sign(text: str) -> AuthorSignature:
        value = b64encode(key.sign(text).value).decode()
        return AuthorSignature(key=fingerprint, scheme=ED25519, value=value)

    return sign


def _sign_all() -> None:
    sign = _by(KEY)
    for _ in range(ACTS):
        sign(TEXT)


def _least(settings: Settings, do: Callable[[], object]) -> float:
    """The least processor time of all rounds, in seconds."""
    spent = []
    for _ in range(settings.rounds):
        began = process_time()
        do()
        spent.append(process_time() - began)
    return min(spent)


def _record(path: Path, sign: Sign | None) -> None:
    """A ledger in which one account records many commands, signed or not."""
    with Store.create(path) as store:
        ledger = Ledger(store)
        ledger.initialise("admin", "archive", DAY, AT)
        key = b64encode(KEY.public.public).decode()
        _act(ledger, "admin", OpenAccount(account="filer", organisation="unit", roles=("unit",)))
        opening = OpenAccount(account="clerk", organisation="bureau", roles=("bureau",))
        _act(ledger, "admin", opening)
        signing = Ledger(_Signing(store, _by(KEY)))
        _act(signing, "filer", EnrolKey(account="filer", scheme=ED25519, public=key))
        _act(ledger, "admin", CountersignKey(account="filer", fingerprint=ID))
        case = OpenCase(
            title="评价",
            year=2024,
            unit="unit",
            unit_name="某局",
            bureau="bureau",
            bureau_name="财政局",
        )
        _act(ledger, "clerk", case)
        acting = Ledger(_Signing(store, sign))
        for number in range(ACTS):
            digest = sha256(b"%d" % number).hexdigest()
            _act(acting, "filer", FileEvidence(evidence=Evidence(sha256=digest, title="材料")))


def _act(ledger: Ledger, by: str, command: Command, at: Instant = AT) -> None:
    case = CASE if isinstance(command, OpenCase | FileEvidence) else None
    act = CommandEnvelope(case=case, by=by, dated=DAY, id=None, command=command)
    ledger.handle([act], at)


def _record_lives(workload: Workload, path: Path, kind: str) -> None:
    """A ledger of cases like that of the 2023 review, in which every account has a key.

    Args:
        workload: has the events of the review.
        path: of the ledger.
        kind: `PLAIN`, `EACH` or `TOGETHER`.
    """
    with Store.create(path) as store:
        store.append(workload.ground)
        ledger = Ledger(store)
        register = ledger.history(REGISTER)
        at, administrator = decode(workload.ground[-1].entry).at, register[0].by.account
        clerk = OpenAccount(account="clerk", organisation="archive", roles=("administrator",))
        _act(ledger, administrator, clerk, at)
        for account in fold_register(register).accounts:
            key = _key_of(account)
            public = b64encode(key.public.public).decode()
            own = Ledger(_Signing(store, _by(key)))
            _act(own, account, EnrolKey(account=account, scheme=ED25519, public=public), at)
            fingerprint = sha256(key.public.public).hexdigest()
            _act(ledger, "clerk", CountersignKey(account=account, fingerprint=fingerprint), at)
        origin = RegisterOverTime(register).origin
        for number in range(LIVES):
            life = workload.named(f"life-{number}")
            acts = [replace(decode(entry.entry), at=at) for entry in life]
            store.append(_chained(_signed(acts, origin, kind)))


def _key_of(account: str) -> SigningKey:
    return SigningKey(account, sha256(account.encode()).digest())


def _signed(acts: Sequence[RecordedEvent], origin: str, kind: str) -> Iterator[RecordedEvent]:
    """Events with the signatures of their authors, of each command or of what came together."""
    commands = [list(group) for _, group in groupby(acts, key=lambda act: act.command.id)]
    for account, group in groupby(commands, key=lambda command: command[0].by.account):
        handed_in, sign = list(group), _by(_key_of(account))
        for batch in [handed_in] if kind == TOGETHER else [[command] for command in handed_in]:
            text, places = together([statement_of(command, origin).text() for command in batch])
            signature = sign(text)
            for command, among in zip(batch, places, strict=True):
                signed = None if kind == PLAIN else replace(signature, among=among)
                yield from (replace(act, signed=signed) for act in command)


def _chained(acts: Iterator[RecordedEvent]) -> list[NewEntry]:
    """The entries of a case's events, each of which names the one before."""
    entries, prev = [], ""
    for act in acts:
        entry = encode(replace(act, prev=prev))
        prev = leaf_hash(entry).hex()
        entries.append(NewEntry(act.case, act.version, act.type, entry))
    return entries


def _verified(settings: Settings, path: Path) -> float:
    """The least processor time of a whole verification."""
    place = LedgerPlace(str(path))

    def once() -> None:
        with Store.open(path) as store:
            result = verify(store, place, Trust())
        if result.breaks:
            raise AssertionError(result.breaks)

    return _least(settings, once)
