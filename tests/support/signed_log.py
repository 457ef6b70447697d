"""The worked example of docs/formats/log.md: three entries, a log's key and a witness's."""

from typing import Final

from ledger.log.checkpoint import WitnessSigningKey
from ledger.log.note import SigningKey

ENTRIES: Final = [b"alpha", b"beta", b"gamma"]

LOG: Final = SigningKey("reviews.example/log1", bytes(range(32)))
WITNESS: Final = WitnessSigningKey("auditor.example/w1", bytes(range(32, 64)))
STRANGER: Final = SigningKey("reviews.example/log1", bytes(range(64, 96)))

TIME: Final = 1_795_305_600
"""When the witness cosigned."""

LOG_VKEY: Final = "reviews.example/log1+f3967548+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
WITNESS_VKEY: Final = "auditor.example/w1+15cfbe2c+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"

TEXT: Final = """\
reviews.example/log1
3
OF2jDzkXKCyJOd/4UZV+UZqxhGsTUaFMCts7EWMnQqo=
"""
LOG_LINE: Final = (
    "— reviews.example/log1"
    " 85Z1SL3twPFCzrF4fLyU61uLsekQ3cq+ln86isXN7dbzJPfXN8xP4v5Za2QxcMUa"
    "NyQkPiM2CCJvZPYMMjJWETMO/QE=\n"
)
WITNESS_LINE: Final = (
    "— auditor.example/w1"
    " Fc++LAAAAABrAjCAUuM0O2hv9US9JTo90VaK3Pq8BCnpkAJG9wNXlS02gRQ2"
    "TIGinrRxjnTC4v18/8Y3KNCZAuL8a4OZwMnx6EjRDw==\n"
)
NOTE: Final = f"{TEXT}\n{LOG_LINE}{WITNESS_LINE}".encode()

RECEIPT: Final = (
    b"""\
c2sp.org/tlog-proof@v1
index 1
KhWNiv1I4/iMtBld/bKp5IF9lfpX/TREDZP5quXE+Cs=
THnQ1i989cqIdBVfLTuHXyYl2iuzq8hrvWgz8lupDlE=

"""
    + NOTE
)


def flips(data: bytes) -> list[bytes]:
    """The data with each of its bits the other way."""
    return [
        data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]
        for at in range(len(data))
        for bit in range(8)
    ]
