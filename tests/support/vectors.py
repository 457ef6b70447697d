"""Writes docs/formats/vectors.json: examples of our formats, right and wrong, with the finding.

`python -m tests.support.vectors` writes the file again. It is the same bytes each time: what is
signed here is signed deterministically. A vector that was there stays there.
"""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any, Final, Literal

from dilithium_py.ml_dsa import ML_DSA_44

from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.cose import CoseReceipt, TransparentStatement, sign_root, signed_roots
from ledger.log.ml_dsa import MlDsaKey
from ledger.log.note import encode_base64
from ledger.log.tree import consistency_proof, inclusion_proof, tree_head
from tests.support import naive_log as naive
from tests.support.golden_files import ENVELOPES, misshapen
from tests.support.signed_log import ENTRIES, LOG, NOTE, RECEIPT, STRANGER, TEXT, TIME, WITNESS
from tests.support.terminal import ROOT

FILE: Final = ROOT / "docs" / "formats" / "vectors.json"

SIZES: Final = (1, 2, 3, 4, 5, 7, 8, 9, 16, 255, 256, 257)

Vector = dict[str, Any]
Finding = Literal["valid", "invalid"]
VALID: Final = "valid"
INVALID: Final = "invalid"


def vector(kind: str, name: str, finding: Finding, **given: object) -> Vector:
    """One example; bytes are in hexadecimal."""
    told = {key: one.hex() if isinstance(one, bytes) else one for key, one in given.items()}
    return {"kind": kind, "name": name, "finding": finding, "given": told}


def every() -> list[Vector]:
    """All of them."""
    parts = (entries, leaves, proofs, growth, checkpoints, cosignatures, receipts, cose, authors)
    return [one for part in parts for one in part()]


def entries() -> Iterator[Vector]:
    for path in sorted(ENVELOPES.glob("*.json")):
        yield vector("entry", f"envelope {path.stem}", VALID, entry=path.read_bytes())
    for number, entry in enumerate(misshapen()):
        yield vector("entry", f"misshapen {number}", INVALID, entry=entry)
    sound = (ENVELOPES / "all.json").read_bytes()
    yield vector("entry", "a space after it", INVALID, entry=sound + b" ")
    yield vector("entry", "cut off", INVALID, entry=sound[:-1])


def leaves() -> Iterator[Vector]:
    for entry in (b"", *ENTRIES, bytes(300)):
        name = f"of {len(entry)} bytes, {entry[:5]!r}"
        yield vector("leaf", name, VALID, entry=entry, leaf=naive.leaf(entry))
        yield vector(
            "leaf", f"{name}, without the first byte 00", INVALID, entry=entry, leaf=_sha(entry)
        )
    for size in (0, *SIZES[:-3], 257):
        given = {"leaves": [one.hex() for one in naive.LEAVES[:size]]}
        root = tree_head(naive.LEAVES[:size]).root
        yield vector("root", f"of {size} entries", VALID, **given, root=root)
        yield vector("root", f"of {size} entries, flipped", INVALID, **given, root=_flip(root))


def proofs() -> Iterator[Vector]:
    for size in SIZES:
        root = tree_head(naive.LEAVES[:size]).root
        for index in sorted({0, size // 2, size - 1}):
            path = [one.hex() for one in inclusion_proof(naive.node, index, size)]
            given = {"leaf": naive.LEAVES[index].hex(), "index": index, "size": size}
            given |= {"root": root.hex(), "path": path}
            name = f"{index} of {size}"
            yield vector("inclusion", name, VALID, **given)
            wrong: dict[str, dict[str, object]] = {
                "another leaf": {"leaf": _flip(naive.LEAVES[index])},
                "another root": {"root": _flip(root)},
                "beyond the log": {"index": size},
                "one hash more": {"path": [*path, root.hex()]},
                "a hash of 31 bytes": {"path": [*path[:-1], root[:31].hex()]},
            }
            if path:
                wrong["one hash less"] = {"path": path[:-1]}
            for why, change in wrong.items():
                yield vector("inclusion", f"{name}, {why}", INVALID, **(given | change))


def growth() -> Iterator[Vector]:
    for old, new in ((1, 1), (1, 2), (2, 3), (3, 7), (4, 7), (6, 8), (7, 8), (8, 9), (100, 257)):
        path = [one.hex() for one in consistency_proof(naive.node, old, new)]
        roots = [tree_head(naive.LEAVES[:size]).root.hex() for size in (old, new)]
        given = {"old": old, "old_root": roots[0], "new": new, "new_root": roots[1], "path": path}
        name = f"{old} to {new}"
        yield vector("consistency", name, VALID, **given)
        wrong: dict[str, dict[str, object]] = {
            "another old root": {"old_root": _flip(bytes.fromhex(roots[0]))},
            "another new root": {"new_root": _flip(bytes.fromhex(roots[1]))},
            "backwards": {"old": new + 1},
            "one hash more": {"path": [*path, roots[0]]},
        }
        if path:
            wrong["one hash less"] = {"path": path[1:]}
        for why, change in wrong.items():
            yield vector("consistency", f"{name}, {why}", INVALID, **(given | change))


def checkpoints() -> Iterator[Vector]:
    vkey = str(LOG.public)
    text = Checkpoint.parse(TEXT)
    cases: list[tuple[str, Finding, bytes]] = [
        ("the worked example", VALID, NOTE),
        (
            "with lines of others",
            VALID,
            bytes(sign_checkpoint(text, [LOG, STRANGER])),
        ),
        (
            "signed by another key",
            INVALID,
            bytes(sign_checkpoint(text, [STRANGER])),
        ),
        ("another size", INVALID, NOTE.replace(b"\n3\n", b"\n4\n")),
        ("a leading zero", INVALID, _signed(TEXT.replace("\n3\n", "\n03\n"))),
        ("no root", INVALID, _signed("reviews.example/log1\n3\n")),
        ("a root of 31 bytes", INVALID, _signed(f"{LOG.name}\n3\n{encode_base64(bytes(31))}\n")),
        ("CRLF", INVALID, NOTE.replace(b"\n", b"\r\n")),
        ("no signature", INVALID, TEXT.encode() + b"\n"),
        ("no newline at the end", INVALID, NOTE[:-1]),
        ("something below", INVALID, NOTE + b"P.S.\n"),
    ]
    for name, finding, note in cases:
        yield vector("checkpoint", name, finding, vkey=vkey, note=note)


def cosignatures() -> Iterator[Vector]:
    public, secret = ML_DSA_44.key_derive(bytes(range(32, 64)))
    witness = MlDsaKey(WITNESS.name, public)
    message = (
        b"subtree/v1\n\0"
        + bytes([len(WITNESS.name)])
        + WITNESS.name.encode()
        + TIME.to_bytes(8, "big")
        + bytes([len(LOG.name)])
        + LOG.name.encode()
        + (0).to_bytes(8, "big")
        + (3).to_bytes(8, "big")
        + tree_head([naive.leaf(one) for one in ENTRIES]).root
    )
    value = TIME.to_bytes(8, "big") + ML_DSA_44.sign(secret, message, deterministic=True)
    for kind, key, signature in (
        ("Ed25519", WITNESS.public, WITNESS.cosign(TEXT, TIME).value),
        ("ML-DSA-44", witness, value),
    ):
        given: dict[str, object] = {"vkey": str(key), "text": TEXT, "signature": signature}
        yield vector("cosignature", kind, VALID, **given)
        wrong: dict[str, dict[str, object]] = {
            "another time": {"signature": (TIME + 1).to_bytes(8, "big") + signature[8:]},
            "another size": {"text": TEXT.replace("\n3\n", "\n4\n")},
            "a bit flipped": {"signature": signature[:-1] + bytes([signature[-1] ^ 1])},
            "cut off": {"signature": signature[:-1]},
        }
        for why, change in wrong.items():
            yield vector("cosignature", f"{kind}, {why}", INVALID, **(given | change))


def receipts() -> Iterator[Vector]:
    given: dict[str, object] = {"vkey": str(LOG.public), "entry": b"beta", "receipt": RECEIPT}
    yield vector("receipt", "the worked example", VALID, **given)
    wrong: dict[str, dict[str, object]] = {
        "another entry": {"entry": b"gamma"},
        "another position": {"receipt": RECEIPT.replace(b"index 1", b"index 2")},
        "another log": {"vkey": str(STRANGER.public)},
        "a hash less": {
            "receipt": RECEIPT.replace(b"KhWNiv1I4/iMtBld/bKp5IF9lfpX/TREDZP5quXE+Cs=\n", b"")
        },
        "another version of the format": {"receipt": RECEIPT.replace(b"@v1", b"@v2")},
    }
    for why, change in wrong.items():
        yield vector("receipt", why, INVALID, **(given | change))


def cose() -> Iterator[Vector]:
    head = tree_head(naive.LEAVES[:7])
    note = sign_checkpoint(Checkpoint(LOG.name, head), [LOG]).joined([sign_root(LOG, head.root)])
    path = tuple(inclusion_proof(naive.node, 4, 7))
    (root,) = signed_roots(note)
    made = CoseReceipt(root, 4, 7, path)
    statement = TransparentStatement.make(LOG, b"entry 4", "parks-2022", [made])
    given = {"vkey": str(LOG.public), "entry": b"entry 4".hex()}
    for kind, sound in (("cose-receipt", bytes(made)), ("statement", bytes(statement))):
        yield vector(kind, "of entry 4 of 7", VALID, **given, message=sound)
        yield vector(
            kind, "another entry", INVALID, **(given | {"entry": b"entry 5"}), message=sound
        )
        yield vector(
            kind, "a bit flipped", INVALID, **given, message=sound[:-1] + bytes([sound[-1] ^ 1])
        )
        yield vector(kind, "something behind it", INVALID, **given, message=sound + b"\0")
        another = given | {"vkey": str(STRANGER.public)}
        yield vector(kind, "another log", INVALID, **another, message=sound)


def authors() -> Iterator[Vector]:
    text = "scoretrail-command/1\n" + "".join(f"{line}\n" for line in ("00" * 32, *"abcdef"))
    given = {"scheme": "ed25519", "public": LOG.public.public.hex(), "text": text}
    value = LOG.sign(text).value
    yield vector("author-signature", "of eight lines", VALID, **given, value=value)
    other = given | {"text": text.replace("\na\n", "\nA\n")}
    yield vector("author-signature", "of another text", INVALID, **other, value=value)
    yield vector("author-signature", "a bit flipped", INVALID, **given, value=_flip(value))
    stranger = given | {"public": STRANGER.public.public}
    yield vector("author-signature", "of another key", INVALID, **stranger, value=value)


def _signed(text: str) -> bytes:
    return f"{text}\n{LOG.sign(text)}\n".encode()


def _flip(data: bytes) -> bytes:
    return bytes([data[0] ^ 1]) + data[1:]


def _sha(data: bytes) -> bytes:
    return sha256(data).digest()


def text() -> str:
    """The file."""
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in every())
    return f'{{"format": "scoretrail-vectors/1", "vectors": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
