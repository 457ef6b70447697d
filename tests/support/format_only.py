"""Signatures of authors, checked by somebody who has read docs/formats/signatures.md only."""

import json
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key as load

DER: Final = bytes.fromhex("302a300506032b6570032100")


def text_of(act: list[Any], origin: str) -> str:
    parts = [{k: one[k] for k in ("confirmed", "data", "type", "v") if k in one} for one in act]
    form = json.dumps(parts, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    said = (act[0]["case"], act[0]["by"]["account"], act[0]["dated"], act[0]["command"]["id"])
    lines = (origin, *said, act[0].get("seen", "-"), sha256(form).hexdigest())
    return "".join(f"{line}\n" for line in ("scoretrail-command/1", *lines))


def holds(scheme: str, public: bytes, text: bytes, value: bytes) -> bool:
    raw: Any = json.loads(public) if scheme == "webauthn" else {"key": b64encode(DER + public)}
    key: Any = load(b64decode(raw["key"]))
    if scheme == "ed25519":
        key.verify(value, text)
        return True
    end = 2 + int.from_bytes(value[:2], "big")
    middle = end + 2 + int.from_bytes(value[end : end + 2], "big")
    said, client, signature = value[2:end], value[end + 2 : middle], value[middle:]
    how = [] if isinstance(key, Ed25519PublicKey) else [ECDSA(SHA256())]
    key.verify(signature, said + sha256(client).digest(), *how)
    told, challenge = json.loads(client), urlsafe_b64encode(sha256(text).digest()).decode()
    wanted = ("webauthn.get", challenge.rstrip("="), raw["origin"], 5)
    given = (told["type"], told["challenge"], told["origin"], said[32] & 5)
    of_the_site = said[:32] == sha256(raw["rp"].encode()).digest()
    return given == wanted and of_the_site and not told.get("crossOrigin")


def findings(log: Sequence[bytes]) -> list[tuple[str, str]]:
    """Which acts are not as their authors have signed them, or should have."""
    acts: dict[tuple[str, str], list[Any]] = {}
    keys: dict[str, Any] = {}
    owners: dict[str, str] = {}
    demands: list[tuple[str | None, str]] = []
    found, zone = [], "Asia/Shanghai"
    for one in map(json.loads, log):
        acts.setdefault((one["case"], one["command"]["id"]), []).append(one)
    for name, act in acts.items():
        data, kind, signed = act[0]["data"], act[0]["type"], act[0].get("signed")
        day = str(datetime.fromisoformat(act[0]["at"]).astimezone(ZoneInfo(zone)).date())
        good = not any(only in {None, name[0]} and day >= since for only, since in demands)
        now = owners
        if kind == "AccountKeyEnrolled":
            id_ = sha256(b64decode(data["public"])).hexdigest()
            keys[id_] = (data["scheme"], b64decode(data["public"]))
            good, now = False, {id_: data["account"]}
        if signed:
            try:
                text = text_of(act, sha256(b"\0" + log[0]).hexdigest()).encode()
                good = now[signed["key"]] == act[0]["by"]["account"]
                scheme, public = keys[signed["key"]]
                good &= scheme == signed["scheme"]
                good &= holds(scheme, public, text, b64decode(signed["value"]))
            except Exception:  # noqa: BLE001 - whatever it is, it is no signature
                good = False
        if not good or any(one.get("signed") != signed for one in act):
            found.append(name)
        if kind in {"AccountKeyCountersigned", "AccountKeyRetired"}:
            owners[data["fingerprint"]] = data["account"] if "Count" in kind else ""
        elif kind == "SignaturesDemanded":
            demands.append((data.get("only"), data["since"]))
        zone = data["zone"] if kind == "TimeZoneSet" else zone
    return found
