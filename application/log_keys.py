"""The keys of a log (日志密钥): made, rotated, retired, and their public halves written out."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from application.place import LedgerPlace
from application.sign import keys, state_file
from ledger.ledger import Ledger
from ledger.log.ml_dsa import MlDsaKey, MlDsaSigningKey
from ledger.log.note import KEY_SIZE, SigningKey
from ledger.log.signer import Signer, add_key, create_key, retire_key, write_public
from ledger.practice import marked_name
from ledger.store import StoreError
from ledger.values import Invalid

Chance = Callable[[int], bytes]
"""Gives so many bytes that nobody can guess."""


def generate_key(place: LedgerPlace, name: str, chance: Chance) -> list[str]:
    """Make the first key and begin to sign.

    Args:
        place: whose key.
        name: of the log; that of a practice ledger next to it is marked as such.
        chance: where the key comes from.

    Returns:
        The public keys, which are next to the key as well.

    Raises:
        Invalid: there is a key already, or it cannot be written.
    """
    if place.is_file and Path(place.target).exists():
        with suppress(StoreError), place.open() as store:  # what it is, is asked again to sign
            name = marked_name(name) if Ledger(store).practice else name
    create_key(place.key_file, SigningKey(name, chance(KEY_SIZE)))
    Signer.start(state_file(place), name)
    return publish_keys(place)


def rotate_key(place: LedgerPlace, chance: Chance) -> list[str]:
    """Add a second key of each kind, which signs next to the first; the public keys.

    Raises:
        Invalid: there are two keys already, or they cannot be read or written.
    """
    kinds = {key.kind: key for key in keys(place)}
    added = [type(key)(key.name, chance(KEY_SIZE)) for key in kinds.values()]
    add_key(place.key_file, *added)
    return publish_keys(place)


def add_ml_dsa_key(place: LedgerPlace, chance: Chance) -> list[str]:
    """Add a key of ML-DSA-44, which signs checkpoints next to the others; the public keys.

    Raises:
        Invalid: there is one already, or they cannot be read or written.
    """
    if any(key.kind is MlDsaKey for key in keys(place)):
        raise Invalid(
            f"{place.key_file} 已有 ML-DSA-44 密钥，未作改动；要更换，请开始更换密钥",
            f"{place.key_file} has a key of ML-DSA-44 already and was not changed; rotate the keys"
            " to replace it",
        )
    add_key(place.key_file, MlDsaSigningKey(keys(place)[0].name, chance(KEY_SIZE)))
    return publish_keys(place)


def retire_old_key(place: LedgerPlace) -> list[str]:
    """End a rotation: the newest key signs alone; the public keys.

    Raises:
        Invalid: there is no other key, or it cannot be read or written.
    """
    retire_key(place.key_file)
    return publish_keys(place)


def public_keys(place: LedgerPlace) -> list[str]:
    """The public keys, in one line each.

    Raises:
        Invalid: there are no keys.
    """
    return [str(key.public) for key in keys(place)]


def publish_keys(place: LedgerPlace) -> list[str]:
    """Write the public keys next to the key, for people to copy; the keys."""
    public = public_keys(place)
    path = place.key_file.with_name(f"{place.key_file.name}.pub")
    write_public(path, public)
    return public
