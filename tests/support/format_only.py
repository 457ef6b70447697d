"""Signatures of authors, checked by somebody who has read docs/formats/signatures.md only.

With any one of the schemes it takes no more than sixty lines.
"""

import json
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from re import match
from typing import Any, Final
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key as load

from tests.support.system_programs import answer_of

SCHEMES: Final = ("ed25519", "webauthn", "sshsig", "sm2-x509")


def text_of(act: list[Any], origin: str) -> str:
    parts = [{k: one[k] for k in ("confirmed", "data", "type", "v") if k in one} for one in act]
    form = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    said = (act[0]["case"], act[0]["by"]["account"], act[0]["dated"], act[0]["command"]["id"])
    lines = (origin, *said, act[0].get("seen", "-"), sha256(form).hexdigest())
    return "".join(f"{line}\n" for line in ("scoretrail-command/1", *lines))


def root(index: int, size: int, leaf: bytes, path: list[str]) -> bytes:
    if size == 1:
        return b"" if path else leaf
    half = 1 << ((size - 1).bit_length() - 1)
    right, beside = index >= half, bytes.fromhex(path[-1])
    below = root(index - half * right, size - half if right else half, leaf, path[:-1])
    return sha256(b"\1" + (beside + below if right else below + beside)).digest()


def by_ed25519(public: bytes, text: bytes, value: bytes, _: str = "") -> bool:
    return Ed25519PublicKey.from_public_bytes(public).verify(value, text) is None


def by_webauthn(public: bytes, text: bytes, value: bytes, _: str = "") -> bool:
    key: Any = load(b64decode((raw := json.loads(public))["key"]))
    end = 2 + int.from_bytes(value[:2], "big")
    middle = end + 2 + int.from_bytes(value[end : end + 2], "big")
    said, client, signature = value[2:end], value[end + 2 : middle], value[middle:]
    how = [] if isinstance(key, Ed25519PublicKey) else [ECDSA(SHA256())]
    key.verify(signature, said + sha256(client).digest(), *how)
    told, site = json.loads(client), sha256(raw["rp"].encode()).digest()
    challenge = urlsafe_b64encode(sha256(text).digest()).decode().rstrip("=")
    wanted = ("webauthn.get", challenge, raw["origin"], site, 5)
    given = (told["type"], told["challenge"], told["origin"], said[:32], said[32] & 5)
    return given == wanted and not told.get("crossOrigin")


def by_sshsig(public: bytes, text: bytes, value: bytes, _: str = "") -> bool:
    kind, usable = public[4 : 4 + public[3]].decode(), {"ssh-ed25519", "ecdsa-sha2-nistp256"}
    touched = kind == "sk-ssh-ed25519@openssh.com" and value[-5] & 1
    lines = (f"-----{end} SSH SIGNATURE-----\n" for end in ("BEGIN", "END"))
    files = {"allowed": f"author {kind} {b64encode(public).decode()}\n".encode()}
    files |= {"signature": f"{b64encode(value).decode()}\n".join(lines).encode()}
    asked = ("-f", "@allowed", "-I", "author", "-n", "scoretrail-command", "-s", "@signature")
    answer_of("ssh-keygen", "-Y", "verify", *asked, stdin=text, **files)
    return kind in usable or bool(touched)


def by_sm2_x509(public: bytes, text: bytes, value: bytes, at: str) -> bool:
    what = ("-noout", "-pubkey", "-dates", "-dateopt", "iso_8601")
    said = answer_of(
        "openssl", "x509", "-inform", "DER", "-in", "@cert", *what, cert=public
    ).decode()
    *key, begin, end = sorted(said.splitlines(), key=lambda line: line.startswith("not"))
    asked = ("-sigopt", "distid:1234567812345678", "-signature", "@value", "@text")
    files = {"key": "\n".join(key).encode(), "text": text, "value": value}
    answer_of("openssl", "dgst", "-sm3", "-verify", "@key", *asked, **files)
    assert value[1] + 2 == len(value)
    return begin[10:].replace(" ", "T")[:19] <= at[:19] <= end[9:].replace(" ", "T")[:19]


def holds(text: bytes, signed: dict[str, Any], at: str, scheme: str, public: bytes) -> bool:
    if among := signed.get("among"):
        found = root(among["index"], among["size"], sha256(b"\0" + text).digest(), among["path"])
        assert found.hex() == among["root"]
        text = f"scoretrail-commands/1\n{among['size']}\n{among['root']}\n".encode()
    verifies, value = globals()[f"by_{scheme.replace('-', '_')}"], b64decode(signed["value"])
    return signed["scheme"] == scheme and bool(verifies(public, text, value, at))


def findings(log: Sequence[bytes]) -> list[tuple[str, str]]:
    begun: Any = ({}, {}, {}, {}, [], [], "Asia/Shanghai")
    acts, keys, owners, times, demands, found, zone = begun
    for one in map(json.loads, log):
        acts.setdefault((one["case"], one["command"]["id"]), []).append(one)
    for name, act in acts.items():
        data, kind, signed, at = (act[0].get(k) for k in ("data", "type", "signed", "at"))
        times[name[0]] = max(at, times.get(name[0], at))
        day = str(datetime.fromisoformat(times[name[0]]).astimezone(ZoneInfo(zone)).date())
        ours = {None, name[0], bool(match("Account(Key|Opened|Carried)|Role|EntrySetAside", kind))}
        about = [one for one in demands if {one.get("only"), one.get("accounts", "-")} & ours]
        good, now = all(day < demand["since"] for demand in about), {**owners}
        for key in data.get("keys", [data] * (kind == "AccountKeyEnrolled")):
            id_ = sha256(b64decode(key["public"])).hexdigest()
            keys[id_] = (key["scheme"], b64decode(key["public"]))
            owners |= {id_: data["account"] * (kind == "AccountCarriedOver")}
            good, now = (False, {id_: data["account"]}) if key is data else (good, now)
        try:
            text = text_of(act, sha256(b"\0" + log[0]).hexdigest()).encode()
            own = not signed or now[signed["key"]] == act[0]["by"]["account"]
            good = own and (holds(text, signed, at, *keys[signed["key"]]) if signed else good)
        except Exception:  # noqa: BLE001 - whatever it is, it is no signature
            good = False
        found += [name] if any(one.get("signed") != signed for one in act) or not good else []
        owners |= {data.get("fingerprint"): data.get("account", "") * ("Count" in kind)}
        demands += [data] if kind == "SignaturesDemanded" else []
        zone = data["zone"] if kind == "TimeZoneSet" else zone
    return [*found]
