#!/usr/bin/env python3
"""Verify a scoretrail dossier with the standard library and `openssl` (docs/formats/dossier.md).

    python3 verify_dossier.py FILE VKEY [HELD_CHECKPOINT]

VKEY is the log's public key as it was published, never one that came with the dossier. Written
against the format, not against the program. Exit 0 verified, 3 not.
"""

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path


def check(holds, what):
    if not holds:
        print(f"NOT VERIFIED: {what}")
        sys.exit(3)


def decoded(text):
    """Base64 in its one form; Python by itself takes others for the same."""
    data = base64.b64decode(text)
    check(base64.b64encode(data).decode() == text, "base64 that is not in its one form")
    return data


KEYS = {"at", "by", "case", "command", "data", "dated", "prev", "type", "v", "version"}


def check_envelope(entry):
    """The keys of an entry: ten always, five where they have a value, and none is ever null."""
    check(isinstance(entry, dict) and set(entry) >= KEYS, "an entry lacks a key")
    for key in set(entry) - KEYS:
        value = entry[key]
        if key in {"rules", "seen"}:
            check(type(value) is int and value > (key == "rules"), f"not a number for {key}")
        elif key == "confirmed":
            check(isinstance(value, list) and value, "no days that are confirmed")
            days = [re.fullmatch(r"\d{4}-\d\d-\d\d", str(day), re.ASCII) for day in value]
            check(all(days), "a confirmed day that is none")
            check(sorted(set(value)) == value, "confirmed days out of order")
        elif key == "through":
            check(value in {"database-role", "file", "signature", "web"}, "through what is unknown")
        else:
            check(key == "signed", f"an unknown key {key}")
            check(isinstance(value, dict) and set(value) == {"key", "scheme", "value"}, "signed")
            check(re.fullmatch("[0-9a-f]{64}", value["key"], re.ASCII), "the key of an author")
            check(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", value["scheme"], re.ASCII), "the scheme")
            check(decoded(value["value"]), "an empty signature of the author")


def node(left, right):
    check(len(left) == len(right) == 32, "a hash in a proof that is not of 32 bytes")
    return hashlib.sha256(b"\1" + left + right).digest()


def openssl_verifies(public, message, signature):
    """Ed25519 by `openssl pkeyutl`; the prefix makes the raw key one of RFC 8410."""
    der = bytes.fromhex("302a300506032b6570032100") + public
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / name for name in ("key", "message", "signature")}
        for name, content in (("key", der), ("message", message), ("signature", signature)):
            files[name].write_bytes(content)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin"]
        command += ["-inkey", files["key"], "-in", files["message"], "-sigfile", files["signature"]]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def open_checkpoint(data, vkey):
    """Size and root of a checkpoint that the key has signed (C2SP signed-note, tlog-checkpoint)."""
    name, key_id, code = vkey.split("+", 2)
    key = decoded(code)
    check(key[0] == 1 and len(key) == 33, "the key is not an Ed25519 log key")
    right_id = hashlib.sha256(f"{name}\n".encode() + key).digest()[:4]
    check(right_id.hex() == key_id, "the key does not have its id")
    text, _, below = data.decode().partition("\n\n")
    mark = f"\u2014 {name} "
    ours = [decoded(line[len(mark) :]) for line in below.split("\n") if line.startswith(mark)]
    ours = [value[4:] for value in ours if value[:4] == right_id]
    check(ours, "the checkpoint has no signature of that key")
    message = (text + "\n").encode()
    check(all(openssl_verifies(key[1:], message, our) for our in ours), "the signature is false")
    origin, size, root = text.split("\n")[:3]
    check(origin == name, "the checkpoint is of another log")
    return int(size), decoded(root)


def check_inclusion(entry, index, size, path, root):
    """RFC 9162, section 2.1.3.2."""
    check(0 <= index < size, "a position beyond the log")
    fn, sn, r = index, size - 1, hashlib.sha256(b"\0" + entry).digest()
    for p in path:
        check(sn > 0, f"the proof at {index} is too long")
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node(r, p)
        fn, sn = fn >> 1, sn >> 1
    check(sn == 0 and r == root, f"the entry at {index} is not in the log")


def check_consistency(old, new, path):
    """RFC 9162, section 2.1.4.2."""
    (m, old_root), (n, new_root) = old, new
    check(0 < m <= n, "the checkpoint held cannot be compared with this dossier")
    if m == n:
        check(old_root == new_root, "the same size has two roots: the log was forked")
        return
    check(path, "there is no proof that the log grew from the checkpoint held")
    path = path if m & (m - 1) else [old_root, *path]
    fn, sn = m - 1, n - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        check(sn > 0, "the consistency proof is too long")
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    check(sn == 0 and (fr, sr) == (old_root, new_root), "history was rewritten since")


def packed(files):
    """The one form that a dossier has: nothing can stand in it beside what its members say."""
    kinds = ("checkpoint", "enclosures", "entries", "proofs", "consistency")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files, key=lambda path: (kinds.index(path.split("/")[0]), path)):
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o100644 << 16
            archive.writestr(member, files[name])
    return out.getvalue()


def check_streams(last, heads):
    """The streams that the case stands on are whole, as far as the last entry says they went."""
    given = {name: list(head) for name, head in heads.items() if name != last["case"]}
    if last["v"] == 1:
        check("register:accounts" in given, "there is no register of accounts")
        print("note: an older program made it, which did not state how far the register went")
        return
    stated = {end["stream"]: [end["version"], end["leaf"]] for end in last["data"]["streams"]}
    check("register:accounts" in stated, "the register of accounts is not stated")
    check(stated == given, "a stream that the case stands on is missing, extra or cut short")


def main(dossier, vkey, held=None):
    data = Path(dossier).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        check(len(set(names)) == len(names), "two members of one name")
        files = {name: archive.read(name) for name in names}
    # 1. The checkpoint is signed by the log's published key.
    size, root = open_checkpoint(files["checkpoint"], vkey)
    kinds = r"checkpoint|entries/\d{12}\.json|proofs/\d{12}\.tlog-proof|consistency/\d{12}"
    known = re.compile(kinds + r"|enclosures/[a-z0-9][a-z0-9.-]{0,80}", re.ASCII)
    check(all(known.fullmatch(name) for name in files), "a file that does not belong there")
    check(packed(files) == data, "packed again, or something beside its members: get the original")
    # 2. Every entry is in the log where its name says; every stream is whole and linked.
    heads, last, rubrics, pinned = {}, None, set(), set()
    places = sorted(Path(name).stem for name in files if name.startswith("entries/"))
    proofs = sorted(Path(name).stem for name in files if name.startswith("proofs/"))
    check(places == proofs, "an entry without its proof, or a proof without its entry")
    for place in places:
        entry, position = files[f"entries/{place}.json"], int(place)
        above, _, below = files[f"proofs/{place}.tlog-proof"].partition(b"\n\n")
        check(below == files["checkpoint"], f"the proof at {position} has another checkpoint")
        proof = above.decode().split("\n")
        check(proof[:2] == ["c2sp.org/tlog-proof@v1", f"index {position}"], f"proof {position}")
        path = [decoded(line) for line in proof[2:]]
        check_inclusion(entry, position, size, path, root)
        last = json.loads(entry)
        check_envelope(last)
        version, link = heads.get(last["case"], (0, ""))
        check((last["version"], last["prev"]) == (version + 1, link), f"a gap before {position}")
        heads[last["case"]] = (version + 1, hashlib.sha256(b"\0" + entry).hexdigest())
        if last["type"] == "RubricPublished":
            rubrics.add(hashlib.sha256(last["data"]["source"].encode()).hexdigest())
        if last["type"] in {"RubricPinned", "RubricRepinned"}:
            pinned.add(last["data"]["sha256"])
    # 3. The last entry says that the case is complete up to it, and what belongs to the dossier.
    check(last and last["type"] == "DossierIssued", "the dossier is incomplete")
    check(last["data"]["covers"] == last["version"] - 1, "the dossier covers something else")
    bound = {
        f"enclosures/{enclosure['name']}": enclosure["sha256"]
        for enclosure in last["data"]["enclosures"]
    }
    given = {
        n: hashlib.sha256(c).hexdigest() for n, c in files.items() if n.startswith("enclosures/")
    }
    check(bound == given, "an enclosure is missing, extra or altered")
    # 4. What the case stands on is whole.
    check_streams(last, heads)
    # 5. The rubric that scores the case is there.
    check(pinned <= rubrics, "a rubric that was pinned is not enclosed")
    # 6. The log only grew since a checkpoint that you hold.
    if held:
        old = open_checkpoint(Path(held).read_bytes(), vkey)
        lines = files.get(f"consistency/{old[0]:012}", b"").decode().split()
        check_consistency(old, (size, root), [decoded(line) for line in lines])
    print(f"VERIFIED: {last['case']}, complete to version {last['version']} of {last['at']}")
    print(
        "consistent with the checkpoint held" if held else "not compared with any other checkpoint"
    )


if __name__ == "__main__":
    if not 3 <= len(sys.argv) <= 4 or not re.fullmatch(r"[^+]+\+[0-9a-f]{8}\+.+", sys.argv[2]):
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except Exception as error:  # noqa: BLE001 - whatever it is, this is no sound dossier
        check(holds=False, what=f"not a dossier ({type(error).__name__}: {error})")
