"""Commands that their authors sign: to sign one, to audit one, and what a whole ledger takes."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Any, Final

from application.place import LedgerPlace
from application.verify import verify
from bench.measure import Line
from bench.places import SQLITE, Settings
from ledger.account_registry import RegisterOverTime
from ledger.checks.every_stream import of_keys
from ledger.commands import (
    Command,
    CommandEnvelope,
    CountersignKey,
    EnrolKey,
    FileEvidence,
    OpenAccount,
    OpenCase,
)
from ledger.envelope import REGISTER, AuthorSignature, Identity, Sign
from ledger.ledger import Ledger
from ledger.log.note import SigningKey
from ledger.log_verification import Trust
from ledger.store import Store
from ledger.values import Evidence

ACTS: Final = 600
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
    _record(signed, _sign)
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
    yield Line(
        f"全库核验，{ACTS} 个操作均已签名，与未签名相比 / verify a ledger in which all are signed",
        unit,
        f"{half * 1e3:.3g} ms",
        None,
        whole / half,
        1.3,
    )


def _absolute(work: str, on: str, micros: float) -> Line:
    return Line(f"{work}", on, "1 µs", None, micros, 150)


def _sign(text: str) -> AuthorSignature:
    value = b64encode(KEY.sign(text).value).decode()
    return AuthorSignature(key=ID, scheme="ed25519", value=value)


def _sign_all() -> None:
    for _ in range(ACTS):
        _sign(TEXT)


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
        ledger.initialise("admin", "archive", date(2025, 1, 6), AT)
        key = b64encode(KEY.public.public).decode()
        _act(ledger, "admin", OpenAccount(account="filer", organisation="unit", roles=("unit",)))
        opening = OpenAccount(account="clerk", organisation="bureau", roles=("bureau",))
        _act(ledger, "admin", opening)
        signing = Ledger(_Signing(store, _sign))
        _act(signing, "filer", EnrolKey(account="filer", scheme="ed25519", public=key))
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


def _act(ledger: Ledger, by: str, command: Command) -> None:
    case = CASE if isinstance(command, OpenCase | FileEvidence) else None
    act = CommandEnvelope(case=case, by=by, dated=date(2025, 1, 6), id=None, command=command)
    ledger.handle([act], AT)


def _verified(settings: Settings, path: Path) -> float:
    """The least processor time of a whole verification."""
    place = LedgerPlace(str(path))

    def once() -> None:
        with Store.open(path) as store:
            result = verify(store, place, Trust())
        if result.breaks:
            raise AssertionError(result.breaks)

    return _least(settings, once)
