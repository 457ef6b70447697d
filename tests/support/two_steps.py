"""A receipt in two steps, as docs/formats/two-step.md writes it, of made-up logs of two levels."""

import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from ledger.codec import canonical
from ledger.log.note import SigningKey
from ledger.practice import MARK
from tests.support import naive_log, small_dossier
from tests.support.small_dossier import checkpoint

CITY: Final = small_dossier.KEY
PROVINCE: Final = SigningKey("province.example/2024", bytes(range(3, 35)))
REHEARSED: Final = SigningKey(f"{MARK}{CITY.name}", bytes(range(32)))


class TwoSteps(NamedTuple):
    """A receipt in two steps of an entry of the city, that entry, and the keys of either log."""

    receipt: bytes
    entry: bytes
    city: str = str(CITY.public)
    province: str = str(PROVINCE.public)


def two_steps(
    lie: Callable[[dict[str, Any]], object] = lambda _: None,
    city: SigningKey = CITY,
    province: SigningKey = PROVINCE,
) -> TwoSteps:
    """The receipt of the fourth entry of a city, whose log a province has taken up.

    Args:
        lie: changes the entry of the province with the city's checkpoint, before it is sealed.
        city: who signs the city's log.
        province: who signs the upper one.
    """
    log = small_dossier.entries(practice=city == REHEARSED)
    note = checkpoint(log, origin=city.name, key=city).decode()
    taken = json.loads(log[0]) | {"type": "CheckpointTaken", "data": {"checkpoint": note}, "v": 1}
    lie(taken)
    upper = [log[0], canonical(taken), b"another", b"and another"]
    parts = (
        f"scoretrail/two-step@v1\n{_proof(log, 3)}",
        upper[1].decode(),
        f"c2sp.org/tlog-proof@v1\n{_proof(upper, 1)}",
        checkpoint(upper, origin=province.name, key=province).decode(),
    )
    keys = (str(key.public) for key in (city, province))
    return TwoSteps("\n\n".join(parts).encode(), log[3], *keys)


def _proof(log: Sequence[bytes], place: int) -> str:
    path = naive_log.path(place, [naive_log.leaf(entry) for entry in log])
    return "\n".join([f"index {place}", *(b64encode(one).decode() for one in path)])
