#!/usr/bin/env python3
"""Verify a scoretrail dossier with the standard library and `openssl` (docs/formats/dossier.md).

    python3 verify_dossier.py FILE VKEY [HELD_CHECKPOINT] [--require-signed-from YYYY-MM-DD]
                              [--practice]

VKEY is the log's public key as it was published, never one that came with the dossier. What was
recorded from the day on must be signed by its author. A dossier of a practice ledger is verified
with --practice only. Written against the format, not against the program. Exit 0 verified, 3 not,
6 for practice and not asked for as that, or the reverse.
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
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo


def check(holds, what):
    if not holds:
        print(f"NOT VERIFIED: {what}")
        sys.exit(3)


def decoded(text):
    """Base64 in its one form; Python by itself takes others for the same."""
    data = base64.b64decode(text)
    check(base64.b64encode(data).decode() == text, "base64 that is not in its one form")
    return data


MARK = "PRACTICE/"
"""How the name of the log of a practice ledger begins, and that of no other log."""


def must_be_asked_for(vkey, practice):
    """Nothing in a practice ledger is real: it is taken for that, and nothing else is."""
    if vkey.startswith(MARK) != practice:
        told = f"this is {'not ' if practice else ''}the log of a practice ledger"
        print(f"NOT VERIFIED: {told}" + ("" if practice else ", PRACTICE, NOT REAL (--practice)"))
        sys.exit(6)


KEYS = {"at", "by", "case", "command", "data", "dated", "prev", "type", "v", "version"}

SIGNED = {"key", "scheme", "value"}
ALONE = {"index": 0, "path": [], "root": "0" * 64, "size": 1}


def check_among(among):
    """Which it is of several acts that were signed together."""
    check(isinstance(among, dict) and set(among) == set(ALONE), "which of several acts it is")
    check(type(among["index"]) is type(among["size"]) is int, "which of how many acts it is")
    check(isinstance(among["path"], list), "the path to an act")
    for value in (*among["path"], among["root"]):
        is_hash = isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value, re.ASCII)
        check(is_hash, "a hash among several acts")


def check_envelope(entry):
    """The keys of an entry: ten always, five where they have a value, and none is ever null."""
    check(isinstance(entry, dict) and set(entry) >= KEYS, "an entry lacks a key")
    check(re.fullmatch(r"[-0-9]{10}T[0-9:]{8}\.\d{6}Z", entry["at"], re.ASCII), "the moment")
    datetime.fromisoformat(entry["at"][:19])
    for key in set(entry) - KEYS:
        value = entry[key]
        if key in {"rules", "seen"}:
            check(type(value) is int and value > (key == "rules"), f"not a number for {key}")
        elif key == "confirmed":
            check(value, "no days that are confirmed")
            days = [re.fullmatch(r"\d{4}-\d\d-\d\d", str(day), re.ASCII) for day in value]
            check(all(days), "a confirmed day that is none")
            check(sorted(set(value)) == value, "confirmed days out of order")
        elif key == "through":
            check(value in {"database-role", "file", "signature", "web"}, "through what is unknown")
        else:
            check(key == "signed", f"an unknown key {key}")
            check(isinstance(value, dict) and set(value) - {"among"} == SIGNED, "signed")
            check(re.fullmatch("[0-9a-f]{64}", value["key"], re.ASCII), "the key of an author")
            scheme = re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", value["scheme"], re.ASCII)
            check(scheme and len(value["scheme"]) <= 32, "the scheme")
            check(decoded(value["value"]), "an empty signature of the author")
            check_among(value.get("among", ALONE))
    check(entry.get("seen", 0) < entry["version"], "an author has seen what comes later")


def read_entry(entry):
    """An entry is JSON in one form: nothing can be written otherwise, or twice."""
    check(len(entry) <= 65535, "an entry of more than 65,535 bytes")
    said = json.loads(entry, parse_float=str, parse_constant=str)  # written otherwise below
    form = json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    check(form.encode() == entry, "an entry that is not in its one form")
    check_envelope(said)
    return said


def node(left, right):
    check(len(left) == len(right) == 32, "a hash in a proof that is not of 32 bytes")
    return hashlib.sha256(b"\1" + left + right).digest()


ED25519 = bytes.fromhex("302a300506032b6570032100")
P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def openssl_verifies(public, message, signature):
    """A key in DER by `openssl pkeyutl`: Ed25519, RFC 8410; or P-256 with SHA-256, RFC 5480."""
    kinds = [kind for kind in (ED25519, P256) if public.startswith(kind)]
    check(kinds, "a public key that is neither of Ed25519 nor of P-256")
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / name for name in ("key", "message", "signature")}
        for name, content in (("key", public), ("message", message), ("signature", signature)):
            files[name].write_bytes(content)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-rawin"]
        command += ["-inkey", files["key"], "-in", files["message"], "-sigfile", files["signature"]]
        command += ["-digest", "sha256"] if kinds == [P256] else []
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def passkey_verifies(public, text, value):
    """A passkey: its authenticator signs a challenge, its site, and whether its holder was there.

    A value that is cut short fails with an error, which `main` takes for what it is.
    """
    key = json.loads(public)
    form = json.dumps(key, separators=(",", ":"), sort_keys=True).encode()
    check(form == public and set(key) == {"credential", "key", "origin", "rp"}, "no passkey")
    middle = 2 + int.from_bytes(value[:2], "big")
    end = middle + 2 + int.from_bytes(value[middle : middle + 2], "big")
    authenticator, client, signature = value[2:middle], value[middle + 2 : end], value[end:]
    said = json.loads(client)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode()[:-1]
    return (
        (said["type"], said["challenge"], said["origin"])
        == ("webauthn.get", challenge, key["origin"])
        and not said.get("crossOrigin")
        and len(authenticator) >= 37
        and authenticator[:32] == hashlib.sha256(key["rp"].encode()).digest()
        and authenticator[32] & 5 == 5
        and openssl_verifies(
            decoded(key["key"]), authenticator + hashlib.sha256(client).digest(), signature
        )
    )


def strings(data, count):
    """So many strings of SSH (RFC 4251, section 5), and what follows them."""
    found = []
    for _ in range(count):
        end = 4 + int.from_bytes(data[:4], "big")
        check(end <= len(data), "a string of SSH that is cut short")
        found.append(data[4:end])
        data = data[end:]
    return found, data


def joined(*parts):
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def ssh_verifies(public, text, value):
    """A key of SSH: Ed25519, P-256 or Ed25519 in a security key (PROTOCOL.sshsig, PROTOCOL.u2f)."""
    check(value[:10] == b"SSHSIG\0\0\0\1", "no signature of SSH")
    (key, *purpose, name, signature), more = strings(value[10:], 5)
    usual = purpose == [b"scoretrail-command", b""] and name in {b"sha256", b"sha512"}
    if key != public or not usual or more:
        return False
    message = b"SSHSIG" + joined(*purpose, name, hashlib.new(name.decode(), text).digest())
    (kind, signature), more = strings(signature, 2)
    if kind == b"sk-ssh-ed25519@openssh.com":
        (own, key, application), rest = strings(public, 3)
        if len(more) != 5 or not more[0] & 1:
            return False
        message = hashlib.sha256(application).digest() + more + hashlib.sha256(message).digest()
        key, more = ED25519 + key, b""
    elif kind == b"ecdsa-sha2-nistp256":
        (own, _, key), rest = strings(public, 3)
        numbers, after = strings(signature, 2)
        # In DER, a sequence of two whole numbers; SSH writes each of them as DER does.
        listed = b"".join(bytes([2, len(number)]) + number for number in numbers)
        check(not after, "no two numbers of ECDSA")
        key, signature = P256[:-1] + key, bytes([48, len(listed)]) + listed
    else:
        (own, key), rest = strings(public, 2)
        check(kind == b"ssh-ed25519", "a key of SSH that is not known here")
        key = ED25519 + key
    same = own == kind and not rest and not more
    return same and openssl_verifies(key, message, signature)


SM2 = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")


def openssl(*words, **files):
    """The answer of `openssl` about files, each named in the words as `@name`; "" for no."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        command = ["openssl", *(word.replace("@", f"{folder}/") for word in words)]
        done = subprocess.run(command, capture_output=True, check=False)
        return done.stdout.decode() if done.returncode == 0 else ""


OF_CERTIFICATE = ("x509", "-inform", "DER", "-in", "@certificate", "-noout")


def sm2_verifies(certificate, text, value):
    """A certificate with a key on the curve of SM2, by SM3 and the usual id (GB/T 32918, 35276)."""
    key = openssl(*OF_CERTIFICATE, "-pubkey", certificate=certificate)
    der = base64.b64decode(key.split("-----")[2])
    check(der.startswith(SM2), "no certificate with a key of SM2")
    asked = ("dgst", "-sm3", "-sigopt", "distid:1234567812345678", "-verify", "@key", "-signature")
    files = {"key": key.encode(), "text": text, "value": value}
    whole = value[1] + 2 == len(value)  # what follows would be passed over
    return whole and openssl(*asked, "@value", "@text", **files) != ""


def sm2_is_valid(certificate, at):
    """Whether a certificate is valid at a moment, by what it says itself."""
    asked = (*OF_CERTIFICATE, "-dates", "-dateopt", "iso_8601")
    begin, end = re.findall("=(.{19})Z", openssl(*asked, certificate=certificate))
    return begin <= at[:19].replace("T", " ") <= end


VERIFIES = {
    "ed25519": lambda public, text, value: openssl_verifies(ED25519 + public, text, value),
    "webauthn": passkey_verifies,
    "sshsig": ssh_verifies,
    "sm2-x509": sm2_verifies,
}
"""How what an author has signed is verified, by the scheme of their key."""


def open_checkpoint(data, vkey):
    """Size and root of a checkpoint that the key has signed (C2SP signed-note, tlog-checkpoint)."""
    name, key_id, code = vkey.split("+", 2)
    key = decoded(code)
    check(key[0] == 1 and len(key) == 33, "the key is not an Ed25519 log key")
    right_id = hashlib.sha256(f"{name}\n".encode() + key).digest()[:4]
    check(right_id.hex() == key_id, "the key does not have its id")
    # Nothing but lines of signatures may stand below what was signed, nor anything else above it.
    check(len(data) <= 131072, "a checkpoint of more than 131,072 bytes")
    text, _, below = data.decode().rpartition("\n\n")
    check(not re.search(r"[\x00-\x09\x0b-\x1f]", text + below), "a control character")
    lines = [re.fullmatch("\u2014 ([^+\\s]+) (.+)", line) for line in below[:-1].split("\n")]
    check(all(lines) and len(lines) <= 16, "what is no signature below a checkpoint, or too many")
    values = [(line[1], decoded(line[2])) for line in lines]
    check(all(len(value) > 4 for _, value in values), "a signature below a checkpoint is too short")
    ours = [value[4:] for signer, value in values if (signer, value[:4]) == (name, right_id)]
    check(ours, "the checkpoint has no signature of that key")
    message = (text + "\n").encode()
    check(
        all(openssl_verifies(ED25519 + key[1:], message, our) for our in ours),
        "the signature is false",
    )
    origin, size, root, *more = text.split("\n")
    check(origin == name, "the checkpoint is of another log")
    check(re.fullmatch("0|[1-9][0-9]{0,18}", size) and all(more), "no checkpoint: its lines")
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


def hashes_of(consistency):
    """A proof of growth: lines of 32 bytes each in base64, and nothing else."""
    *lines, end = consistency.decode("ascii").split("\n")
    path = [decoded(line) for line in lines]
    check(not end and all(len(one) == 32 for one in path), "no consistency proof")
    return path


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
            member = zipfile.ZipInfo(name)  # of the first date that ZIP knows
            member.create_system, member.external_attr = 3, 0o100644 << 16
            archive.writestr(member, files[name])
    return out.getvalue()


def check_streams(last, heads, aside):
    """The streams that the case stands on are whole, as far as the last entry says they went."""
    given = {(name, *head) for name, head in heads.items() if name != last["case"]}
    check("register:accounts" in heads, "there is no register of accounts")
    if last["v"] == 1:
        print("note: an older program made it, which did not state how far the register went")
        return
    stated = [(end["stream"], end["version"], end["leaf"]) for end in last["data"]["streams"]]
    whole = stated == sorted(given | aside)
    check(whole, "a stream that the case stands on is missing, extra or cut short")
    for name, version, _ in sorted(aside):
        print(f"note: version {version} of {name} was set aside by an administrator")


OF_SIGNERS = "Account(Opened|CarriedOver)|Role(Granted|Revoked)|AccountKey|EntrySetAside"
"""What decides who may do what, with which keys they sign it, and what is set aside."""


class Authors:
    """Acts that their authors have signed, with keys of theirs (docs/formats/signatures.md)."""

    def __init__(self, signed_from=None):
        self.origin, self.keys, self.alive, self.acts = None, {}, {}, {}
        self.keepers, self.accounts = set(), set()
        self.latest = {}
        self.demanded = [{"since": signed_from}] if signed_from else []
        self.zone = timezone(timedelta(hours=8))

    def take(self, said, leaf):
        """One more entry, in the order of the log."""
        data, register = said["data"], said["case"] == "register:accounts"
        if register and said["version"] == 1:
            self.origin = leaf
        if register and said["type"] == "AccountKeyEnrolled":
            public = decoded(data["public"])
            self.keys[hashlib.sha256(public).hexdigest()] = data["account"], data["scheme"], public
        signed, act = said.get("signed"), (said["case"], said["command"]["id"])
        if act not in self.acts:
            of_signers = re.match(OF_SIGNERS, said["type"])
            days = [
                demand["since"]
                for demand in self.demanded
                if demand.get("only") in {None, said["case"]}
                or (of_signers and demand.get("accounts"))
            ]
            at = max(said["at"], self.latest.get(said["case"], ""))
            when = datetime.fromisoformat(at).astimezone(self.zone)
            must = any(str(when.date()) >= day for day in days)
            must |= said["type"] == "AccountKeyEnrolled"
            check(signed or not must, f"{act} is not signed by its author")
            if signed and said["type"] != "AccountKeyEnrolled":
                owner = self.alive.get(signed["key"])
                check(owner == said["by"]["account"], f"{act} is signed by a key of nobody's then")
            self.acts[act] = said, []
        first, parts = self.acts[act]
        check(signed == first.get("signed"), f"the events of {act} are not signed alike")
        self.latest[said["case"]] = max(said["at"], self.latest.get(said["case"], ""))
        parts.append({key: said[key] for key in ("confirmed", "data", "type", "v") if key in said})
        if register:
            self.follow(said, first, act)

    def follow(self, said, first, act):
        """What one more entry of the register changes."""
        data, kind, by = said["data"], said["type"], said["by"]["account"]
        if re.match(OF_SIGNERS, kind) and kind not in {"AccountKeyEnrolled", "AccountKeyRetired"}:
            may = by in self.keepers or first["version"] == 1
            own = kind == "AccountKeyCountersigned" and by == data["account"]
            check(may and not own, f"{act} is not by an administrator who may do it")
        if data.get("role") == "administrator":
            change = self.keepers.add if kind == "RoleGranted" else self.keepers.discard
            change(data["account"])
        if kind in {"AccountOpened", "AccountCarriedOver"}:
            self.open(act, **data)
        if kind == "AccountKeyCountersigned":
            self.alive[data["fingerprint"]] = data["account"]
        if kind == "AccountKeyRetired":
            self.alive.pop(data["fingerprint"], None)
        if kind == "SignaturesDemanded":
            self.demanded.append(data)
        if kind == "TimeZoneSet":
            self.zone = ZoneInfo(data["zone"])

    def open(self, act, account, roles=(), keys=(), **_):
        """An account begins, or goes on with what it had in the ledger before."""
        owners = {owner for owner, _, _ in self.keys.values()}
        fresh = account not in self.accounts or account in self.keepers - owners
        check(fresh, f"{act} gives keys to somebody who could act already")
        self.accounts.add(account)
        if "administrator" in roles:
            self.keepers.add(account)
        for key in keys:
            public = decoded(key["public"])
            name = hashlib.sha256(public).hexdigest()
            check(name not in self.keys, f"{act} gives somebody a key of somebody else's")
            self.keys[name], self.alive[name] = (account, key["scheme"], public), account

    def verify(self):
        """Every signature holds, of exactly what is recorded; how many there are, in words."""
        signed = [act for act in self.acts.values() if "signed" in act[0]]
        unchecked = 0
        for first, parts in signed:
            signature = first["signed"]
            owner, scheme, public = self.keys[signature["key"]]
            name = f"the act {first['command']['id']} of {first['case']}"
            check(owner == first["by"]["account"], f"{name} is signed by somebody else's key")
            known = signature["scheme"] == scheme and scheme in VERIFIES
            check(known, f"{name}: {signature['scheme']} is not known here, or not the key's")
            events = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            lines = ["scoretrail-command/1", self.origin, first["case"], owner, first["dated"]]
            lines += [first["command"]["id"], str(first.get("seen", "-"))]
            lines.append(hashlib.sha256(events.encode()).hexdigest())
            text = "".join(f"{line}\n" for line in lines).encode()
            if "among" in signature:
                among = signature["among"]
                path, root = map(bytes.fromhex, among["path"]), bytes.fromhex(among["root"])
                check_inclusion(text, among["index"], among["size"], path, root)
                text = f"scoretrail-commands/1\n{among['size']}\n{among['root']}\n".encode()
            value = decoded(signature["value"])
            if scheme == "sm2-x509":
                if not re.search("(?i)\\bsm2\\b", openssl("list", "-public-key-algorithms")):
                    unchecked += 1
                    continue
                valid = sm2_is_valid(public, first["at"])
                check(valid, f"{name}: its certificate was not valid then")
            held = VERIFIES[scheme](public, text, value)
            check(held, f"{name}: its author has not signed that")
        told = f"signed by their authors: {len(signed) - unchecked} of {len(self.acts)} acts"
        if unchecked:
            told += (
                f"\nNOT CHECKED: {unchecked} signatures of SM2, which this openssl does not know"
            )
        return told if signed else ""


def decides(entry, at):
    """Whether an entry has its place and is signed, or says who signs: none such is set aside."""
    try:
        said = json.loads(entry)
        who_signs = re.match(f"{OF_SIGNERS}|SignaturesDemanded", said["type"])
        fits = (said["case"], said["version"], said["prev"]) == at
        return fits and bool("signed" in said or who_signs)
    except (ValueError, LookupError, TypeError, RecursionError):
        return False


class Aside:
    """What the last entry names within streams, and an administrator has set aside, by its place.

    It came past the program, means nothing and keeps its version; its bytes are there.
    """

    def __init__(self, files, places):
        self.acts, self.taken, closing = set(), set(), {}
        for place in places:
            # What else it may be is seen when its stream is read.
            with suppress(ValueError, LookupError, TypeError, RecursionError):
                closing = json.loads(files[f"entries/{place}.json"])
                if (closing["type"], closing["case"]) == ("EntrySetAside", "register:accounts"):
                    self.acts.add((closing["data"]["position"], closing["data"]["leaf"]))
        stated = closing.get("data", {}).get("streams", [])
        self.stated = [(end["stream"], end["version"], end["leaf"]) for end in stated]

    def take(self, position, entry, leaf, heads):
        """The stream, version and leaf of what was set aside there, if it is next."""
        for name, version, stated in self.stated if (position, leaf) in self.acts else ():
            before, link = heads.get(name, (0, ""))
            if stated == leaf and version == before + 1:
                sound = decides(entry, (name, version, link))
                check(not sound, f"what was set aside at {position} is signed, or says who signs")
                self.taken.add((name, version, leaf))
                return name, version, leaf
        return None


def read_file(name):
    check(Path(name).is_file(), f"{name} is no file: a pipe or a device may never end")
    return Path(name).read_bytes()


def unpacked(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        check(len(set(names)) == len(names), "two members of one name")
        size = sum(member.file_size for member in archive.infolist())
        check(size <= len(data), "members are compressed: get the original")
        return {name: archive.read(name) for name in names}


def published(said, begun):
    """The digest of a rubric's file, once its last part is there and if it is the one stated."""
    text = begun.pop(said["sha256"], "") + said["source"]
    if said.get("part", 0) < said.get("parts", 0):
        begun[said["sha256"]] = text
        return set()
    return {hashlib.sha256(text.encode()).hexdigest()} & {said["sha256"]}


def main(dossier, vkey, held=None, signed_from=None, *, practice=False):  # noqa: PLR0915 - the steps, in order
    data = read_file(dossier)
    files = unpacked(data)
    # 1. The checkpoint is signed by the log's published key.
    size, root = open_checkpoint(files["checkpoint"], vkey)
    must_be_asked_for(vkey, practice)
    kinds = r"checkpoint|entries/\d{12}\.json|proofs/\d{12}\.tlog-proof|consistency/\d{12}"
    known = re.compile(kinds + r"|enclosures/[a-z0-9][a-z0-9.-]{0,80}", re.ASCII)
    check(all(known.fullmatch(name) for name in files), "a file that does not belong there")
    check(packed(files) == data, "packed again, or something beside its members: get the original")
    # 2. Every entry is in the log where its name says; every stream is whole and linked.
    heads, last, rubrics, begun, pinned, newest, covered = {}, None, set(), {}, set(), 1, {}
    places = sorted(Path(name).stem for name in files if name.startswith("entries/"))
    proofs = sorted(Path(name).stem for name in files if name.startswith("proofs/"))
    check(places == proofs, "an entry without its proof, or a proof without its entry")
    aside, authors = Aside(files, places), Authors(signed_from)
    for place in places:
        entry, position = files[f"entries/{place}.json"], int(place)
        above, _, below = files[f"proofs/{place}.tlog-proof"].partition(b"\n\n")
        check(below == files["checkpoint"], f"the proof at {position} has another checkpoint")
        proof = above.decode().split("\n")
        check(proof[:2] == ["c2sp.org/tlog-proof@v1", f"index {position}"], f"proof {position}")
        path = [decoded(line) for line in proof[2:]]
        check_inclusion(entry, position, size, path, root)
        leaf = hashlib.sha256(b"\0" + entry).hexdigest()
        if stray := aside.take(position, entry, leaf, heads):
            heads[stray[0]] = stray[1:]
            continue
        last = read_entry(entry)
        if (last["case"], last["version"]) == ("register:accounts", 1):
            same = last["data"].get("practice", False) is practice
            check(same, "the log's name and its first entry contradict: practice, or real")
        authors.take(last, leaf)
        newest = max(newest, last.get("rules", 1))
        version, link = heads.get(last["case"], (0, ""))
        check((last["version"], last["prev"]) == (version + 1, link), f"a gap before {position}")
        heads[last["case"]] = (version + 1, leaf)
        covers, covered[last["case"]] = covered.get(last["case"], 0), version + 1
        if last["type"] == "RubricPublished":
            rubrics |= published(last["data"], begun)
        if last["type"] in {"RubricPinned", "RubricRepinned"}:
            pinned.add(last["data"]["sha256"])
    # 3. The last entry says that the case is complete up to it, and what belongs to the dossier.
    check(last and last["type"] == "DossierIssued", "the dossier is incomplete")
    check(last["data"]["covers"] == covers, "the dossier covers something else")
    check(last.get("rules", 1) == newest, "it is closed under older rules than others were made by")
    check(last["v"] > 1 or newest == 1, "it is closed in a form that was out of use")
    bound = {
        f"enclosures/{enclosure['name']}": enclosure["sha256"]
        for enclosure in last["data"]["enclosures"]
    }
    given = {
        n: hashlib.sha256(c).hexdigest() for n, c in files.items() if n.startswith("enclosures/")
    }
    check(bound == given, "an enclosure is missing, extra or altered")
    # 4. What the case stands on is whole.
    check_streams(last, heads, aside.taken)
    # 5. The rubric that scores the case is there.
    check(pinned <= rubrics, "a rubric that was pinned is not enclosed")
    # 6. What its author has signed is what they signed.
    told = authors.verify()
    # 7. The log only grew since a checkpoint that you hold.
    growth = {int(n[12:]): hashes_of(c) for n, c in files.items() if n.startswith("consistency/")}
    earlier = all(older < size for older in growth) and not growth.get(0)
    check(earlier, "a proof of growth from no earlier size")
    if held:
        old = open_checkpoint(read_file(held), vkey)
        check_consistency(old, (size, root), growth.get(old[0], []))
    mark = "PRACTICE, NOT REAL: " if practice else ""
    print(f"{mark}VERIFIED: {last['case']}, complete to version {last['version']} of {last['at']}")
    print(
        "consistent with the checkpoint held" if held else "not compared with any other checkpoint"
    )
    if told:
        print(told)


if __name__ == "__main__":
    words, since = [word for word in sys.argv[1:] if word != "--practice"], None
    if words[-2:-1] == ["--require-signed-from"]:
        *words, _, since = words
    is_day = since is None or re.fullmatch(r"\d{4}-\d\d-\d\d", since, re.ASCII)
    is_asked = 2 <= len(words) <= 3 and re.fullmatch(r"[^+]+\+[0-9a-f]{8}\+.+", words[1])
    if not is_day or not is_asked:
        sys.exit(__doc__)
    try:
        main(*words, signed_from=since, practice="--practice" in sys.argv)
    except Exception as error:  # noqa: BLE001 - whatever it is, this is no sound dossier
        check(holds=False, what=f"not a dossier ({type(error).__name__}: {error})")
