"""The dossier of the small case in a log made by hand, by a log that may lie as it signs.

A hundred times smaller than that of the reference case, and every byte of it can be chosen.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from typing import Any, Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from ledger.codec import canonical
from ledger.commands import IssueDossier
from ledger.events import Enclosure
from ledger.log.note import SigningKey, sign
from tests.support import naive_log
from tests.support.small_case import ISSUED, Story, on
from tests.support.specification import told

KEY: Final = SigningKey("reviews.example/log1", bytes(range(32)))
README: Final = b"what people read"
CLOSED: Final[Story] = ISSUED + on(
    "2024-12-31",
    ("clerk", IssueDossier(enclosures=(Enclosure("readme.txt", sha256(README).hexdigest()),))),
)


def entries(*, practice: bool = False) -> list[bytes]:
    """All that the log holds, in its order; the last entry closes the dossier."""
    return [one.entry for one in told(CLOSED, practice=practice)]


def checkpoint(
    log: Sequence[bytes], *extension: str, origin: str = KEY.name, key: SigningKey = KEY
) -> bytes:
    """What the log signs as its checkpoint."""
    root = b64encode(naive_log.mth([naive_log.leaf(one) for one in log])).decode()
    lines = (origin, str(len(log)), root, *extension)
    return bytes(sign("".join(f"{line}\n" for line in lines), [key]))


def files(log: Sequence[bytes], *, signed: bytes | None = None) -> dict[str, bytes]:
    """The members of a dossier of all entries of the log, with true proofs of all of them."""
    leaves = [naive_log.leaf(one) for one in log]
    note = signed or checkpoint(log)
    members = {"checkpoint": note, "enclosures/readme.txt": README}
    members |= {f"entries/{at:012}.json": entry for at, entry in enumerate(log)}
    for at in range(len(log)):
        lines = ["c2sp.org/tlog-proof@v1", f"index {at}"]
        lines += [b64encode(one).decode() for one in naive_log.path(at, leaves)]
        proof = "\n".join(lines).encode()
        members[f"proofs/{at:012}.tlog-proof"] = proof + b"\n\n" + note
    for size in range(1, len(log)):
        lines = [b64encode(one).decode() for one in naive_log.proof(size, leaves)]
        members[f"consistency/{size:012}"] = "".join(f"{line}\n" for line in lines).encode()
    return members


def packed(members: dict[str, bytes]) -> bytes:
    """A ZIP in the form of a dossier, by whoever wants to pass one off."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, content in members.items():
            info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100644 << 16
            archive.writestr(info, content)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The members of a dossier, by their names."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def in_order(files: dict[str, bytes]) -> dict[str, bytes]:
    """The members in the order that a dossier has them in."""
    kinds = ("checkpoint", "enclosures", "entries", "proofs", "consistency")
    return dict(sorted(files.items(), key=lambda one: (kinds.index(one[0].split("/")[0]), one[0])))


def place_of(log: Sequence[bytes], kind: str) -> int:
    """Where the log has the first event of a kind."""
    return next(at for at, one in enumerate(log) if json.loads(one)["type"] == kind)


def told_otherwise(log: Sequence[bytes], place: int, **data: Any) -> list[bytes]:  # noqa: ANN401 - JSON
    """The log as if it had always held other data at a place, all links made to fit."""
    return linked([_with(one, data) if at == place else one for at, one in enumerate(log)])


def linked(log: Sequence[bytes]) -> list[bytes]:
    """The same entries, each with the links to those before it."""
    last: dict[str, str] = {}
    found = []
    for one in log:
        entry = json.loads(one)
        entry["prev"] = last.get(entry["case"], "")
        for end in entry["data"].get("streams", ()):
            end["leaf"] = last.get(end["stream"], "")
        found.append(canonical(entry))
        last[entry["case"]] = naive_log.leaf(found[-1]).hex()
    return found


def _with(entry: bytes, data: dict[str, Any]) -> bytes:
    told_as = json.loads(entry)
    return canonical({**told_as, "data": {**told_as["data"], **data}})
