"""The program for strangers: its proofs for all small sizes, and what it says to its reader.

That it agrees with ours on whole dossiers is told in `test_dossier.py`.
"""

import json
import os
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ledger.author_key import verifies
from ledger.codec import UnreadableEntry, canonical, decode
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.tree import ProofError, tree_head
from tests.support import golden_files, small_dossier
from tests.support import naive_log as naive
from tests.support.passkeys import Authenticator
from tests.support.signed_story import Person
from tests.support.sm2_people import Sm2Person, new_key
from tests.support.small_dossier import packed
from tests.support.ssh_people import IN_A_FILE, ON_A_CURVE, TOUCHED, number
from tests.support.stranger import USAGE, parts, strangers, strangers_alone

SMALL = 17
ENTRIES = [b"entry %d" % place for place in range(SMALL)]
VKEY = str(small_dossier.KEY.public)


def root(size: int) -> bytes:
    return naive.mth(naive.LEAVES[:size])


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Why a call of a part of the program ends it."""

    def why(call: Callable[..., object], *args: object) -> str:
        with pytest.raises(SystemExit) as end:
            call(*args)
        assert end.value.code == 3
        said = capsys.readouterr().out
        assert said.startswith("NOT VERIFIED: ")
        return said.removeprefix("NOT VERIFIED: ").rstrip("\n")

    return why


WHOLE: dict[str, Any] = json.loads((golden_files.ENVELOPES / "all.json").read_bytes())
AMONG: dict[str, Any] = {"index": 1, "path": ["a" * 64] * 2, "root": "b" * 64, "size": 3}


def entry_with(**changes: object) -> bytes:
    return canonical(WHOLE | changes)


def entry_signed(**changes: object) -> bytes:
    return entry_with(signed=WHOLE["signed"] | changes)


WELL_SHAPED = [
    *(entry_signed(scheme=scheme) for scheme in ("x" * 32, "a-b-c1")),
    *(entry_signed(among=AMONG | more) for more in ({}, {"index": 0, "path": [], "size": 1})),
    entry_with(confirmed=["2023-06-01", "2024-12-30"], seen=WHOLE["version"] - 1),
]
MISSHAPEN = [
    canonical(sorted(WHOLE)),
    entry_with(colour=WHOLE["signed"]),
    entry_with(seen=WHOLE["version"]),
    *(entry_with(at=f"2026-11-21T10:00:00{more}") for more in ("Z", ".000001", ".0000010Z")),
    *(entry_with(confirmed=days) for days in (["someday"], ["2024-12-30", "someday"])),
    *(entry_signed(scheme=scheme) for scheme in ("", "Ed25519", "a--b", "a_b", "x" * 33)),
    entry_signed(value=""),
    entry_signed(among=sorted(AMONG)),
    *(entry_signed(among=AMONG | {"index": index}) for index in (True, "1")),
    *(entry_signed(among=AMONG | {"size": size}) for size in (True, "3")),
    *(entry_signed(among=AMONG | {"path": path}) for path in ("a", ["A" * 64], [10**63])),
    entry_signed(among=AMONG | {"root": "b" * 63}),
]


class TestAnEntry:
    @pytest.mark.parametrize("name", golden_files.envelopes())
    def test_has_the_keys_of_the_format(self, name: str) -> None:
        kept = golden_files.ENVELOPES / f"{name}.json"

        parts().check_envelope(json.loads(kept.read_bytes()))

    @pytest.mark.parametrize("entry", WELL_SHAPED)
    def test_has_values_of_the_format(self, entry: bytes) -> None:
        assert decode(entry).entry == entry
        parts().check_envelope(json.loads(entry))

    def test_is_of_65_535_bytes_at_most(self, refused: Callable[..., str]) -> None:
        longest, longer = (
            entry_with(data=WHOLE["data"] | {"ground": WHOLE["data"]["ground"] + "x" * more})
            for more in (65_535 - len(canonical(WHOLE)), 65_536 - len(canonical(WHOLE)))
        )
        assert len(longest) == 65_535

        assert parts().read_entry(longest) == json.loads(decode(longest).entry)
        assert "65,535" in refused(parts().read_entry, longer)
        with pytest.raises(UnreadableEntry):
            decode(longer)

    @pytest.mark.parametrize("entry", [*golden_files.misshapen(), *MISSHAPEN])
    def test_has_no_other_keys_and_no_empty_ones(
        self, entry: bytes, refused: Callable[..., str]
    ) -> None:
        refused(parts().check_envelope, json.loads(entry))
        with pytest.raises(UnreadableEntry):
            decode(entry)

    def test_is_at_its_place_in_every_small_log_and_at_no_other(
        self, refused: Callable[..., str]
    ) -> None:
        check = parts().check_inclusion
        for size in range(1, SMALL + 1):
            for index in range(size):
                path = naive.path(index, naive.LEAVES[:size])
                check(ENTRIES[index], index, size, path, root(size))
                for other in {*range(-1, size + 2)} - {index}:
                    refused(check, ENTRIES[index], other, size, path, root(size))

    def test_is_nowhere_beyond_the_log(self, refused: Callable[..., str]) -> None:
        """Not even where the path would lead to the root."""
        check = parts().check_inclusion
        for index, size, path in ((1, 1, []), (-1, 1, []), (2, 2, [naive.LEAVES[0]])):
            said = refused(check, ENTRIES[0], index, size, path, root(size))
            assert said == "a position beyond the log"

    def test_is_not_shown_by_a_longer_or_shorter_path_although_the_root_was_made_to_fit(
        self, refused: Callable[..., str]
    ) -> None:
        check = parts().check_inclusion
        path = naive.path(2, naive.LEAVES[:4])
        assert refused(check, ENTRIES[2], 0, 1, path, root(4)) == "the proof at 0 is too long"
        check(ENTRIES[2], 2, 4, path, root(4))
        said = refused(check, ENTRIES[2], 2, 4, path[:1], naive.mth(naive.LEAVES[2:4]))
        assert said == "the entry at 2 is not in the log"
        beside, leaf = b"\0" + naive.LEAVES[1], naive.LEAVES[0]
        long = sha256(b"\1" + leaf + beside).digest()
        assert "not of 32 bytes" in refused(check, ENTRIES[0], 0, 2, [beside], long)
        long = sha256(b"\1" + beside + naive.LEAVES[1]).digest()
        assert "not of 32 bytes" in refused(check, ENTRIES[1], 1, 2, [beside], long)


class TestGrowth:
    def test_holds_for_every_two_small_logs(self, refused: Callable[..., str]) -> None:
        check = parts().check_consistency
        for new in range(1, SMALL + 1):
            now = (new, root(new))
            for old in range(1, new):
                path = naive.proof(old, naive.LEAVES[:new])
                check((old, root(old)), now, path)
                assert refused(check, (old, root(old + 1)), now, path)
                assert refused(check, (old, root(old)), (new, root(new - 1)), path)
                assert refused(check, (old, root(old)), now, [*path, now[1]])
                for at in range(len(path)):
                    refused(check, (old, root(old)), now, path[:at] + path[at + 1 :])
                said = refused(check, (old, root(old)), now, [])
                assert said.startswith("there is no proof that the log grew")
            check(now, now, [])
            refused(check, now, (new, root(new + 1)), [])

    def test_is_no_growth_from_nothing_nor_from_more(self, refused: Callable[..., str]) -> None:
        check = parts().check_consistency
        for old in ((0, sha256().digest()), (9, root(9))):
            said = refused(check, old, (8, root(8)), naive.proof(4, naive.LEAVES[:8]))
            assert said == "the checkpoint held cannot be compared with this dossier"

    def test_is_not_shown_where_the_roots_were_made_to_fit(
        self, refused: Callable[..., str]
    ) -> None:
        check = parts().check_consistency
        one, more = naive.LEAVES[0], naive.LEAVES[1:4]
        too_long = naive.mth([one, more[0]])
        path = naive.proof(1, [one, more[0]])
        check((1, one), (2, too_long), path)
        higher = sha256(b"\1" + more[1] + too_long).digest()
        said = refused(check, (1, one), (2, higher), [*path, more[1]])
        assert said == "the consistency proof is too long"
        said = refused(check, (1, one), (4, too_long), path)
        assert said == "history was rewritten since"


def small(folder: Path) -> Path:
    file = folder / "small.zip"
    file.write_bytes(packed(small_dossier.files(small_dossier.entries())))
    return file


class TestRunByAPythonOfItsOwn:
    """As strangers run it; elsewhere the tests spare themselves that."""

    def test_it_says_the_same(self, tmp_path: Path) -> None:
        file = small(tmp_path)
        held = tmp_path / "held"
        held.write_bytes(small_dossier.checkpoint(small_dossier.entries()[:3]))
        for words in ((VKEY,), (VKEY, held), (VKEY, file), (VKEY.replace("+AQ", "+Ag"),)):
            assert strangers_alone(file, *words) == strangers(file, *words)

    def test_it_refuses(self, tmp_path: Path) -> None:
        file = small(tmp_path)
        file.write_bytes(file.read_bytes().replace(b"what people read", b"what people rea."))
        said = strangers_alone(file, VKEY)
        assert (said.code, said.err) == (3, "")
        assert said.out.startswith("NOT VERIFIED: not a dossier (BadZipFile: ")


@pytest.mark.parametrize(
    "words", [[], ["no key"], ["a+f396754+AQ"], ["a+f396754G+AQ"], [VKEY, "held", "more"]]
)
def test_words_that_it_cannot_read_are_answered_with_its_usage(words: list[str]) -> None:
    said = strangers(Path("any"), *words)
    assert (said.code, said.out) == (USAGE, "")
    assert "FILE VKEY [HELD_CHECKPOINT]" in said.err


def test_it_waits_for_no_pipe_and_no_device(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for name in (pipe, Path("/dev/zero")):
        said = strangers(name, VKEY)
        assert said.code == 3
        assert "may never end" in said.out


class TestACheckpoint:
    def test_may_be_so_long_and_no_longer(self, refused: Callable[..., str]) -> None:
        """It is padded by the line of somebody whom nobody here knows."""
        head = tree_head(naive.LEAVES[:7])
        key = small_dossier.KEY
        note = bytes(sign_checkpoint(Checkpoint(key.name, head), [key]))
        value = b64encode(bytes(90_000)).decode()
        line = f"\u2014 {{}} {value}\n".encode()
        room = 131_072 - len(note) - len(line) + len(b"{}")
        longest = note + line.replace(b"{}", b"n" * room)
        assert len(longest) == 131_072

        assert parts().open_checkpoint(longest, VKEY)[0] == 7
        longer = note + line.replace(b"{}", b"n" * (room + 1))
        assert "131,072" in refused(parts().open_checkpoint, longer, VKEY)


TEXT = "scoretrail-command/1\nwhat is signed\n"
SM2 = Sm2Person(new_key())
PEOPLE: dict[str, Person] = {
    "certificate": SM2,
    "passkey": Authenticator(),
    "passkey that states more": Authenticator(states=lambda said: said + b"more"),
    **{
        f"ssh {who.kind.decode()}, {name}": who.lying(hash=name)
        for who in (IN_A_FILE, ON_A_CURVE, TOUCHED)
        for name in ("sha256", "sha512")
    },
}
PASSKEY = json.loads(Authenticator().public)
LONGER = IN_A_FILE.public + b"\0"
UNKNOWN = IN_A_FILE.public.replace(b"\x0bssh-ed25519", b"\x09ssh-ed448")
LIES: dict[str, tuple[bytes, Person]] = {
    **{
        f"a passkey {how}": (public, Authenticator())
        for how, public in {
            "in another order": json.dumps(
                dict(reversed(PASSKEY.items())), separators=(",", ":")
            ).encode(),
            "with spaces": json.dumps(PASSKEY, sort_keys=True).encode(),
            "with more": canonical(PASSKEY | {"more": ""}),
        }.items()
    },
    "a passkey that states less": (
        Authenticator().public,
        Authenticator(states=lambda said: said[:36]),
    ),
    **{
        f"a security key with a count of {size} bytes": (
            TOUCHED.public,
            TOUCHED.lying(count=bytes(size)),
        )
        for size in (3, 5)
    },
    "a signature that names another key": (
        IN_A_FILE.public,
        IN_A_FILE.lying(claimed=TOUCHED.public),
    ),
    "a key of a kind that nobody knows": (
        UNKNOWN,
        IN_A_FILE.lying(kind_stated=b"ssh-ed448", claimed=UNKNOWN),
    ),
    "a key of another kind than its signature": (UNKNOWN, IN_A_FILE.lying(claimed=UNKNOWN)),
    "a key with more": (LONGER, IN_A_FILE.lying(claimed=LONGER)),
    "a certificate that is none": (b"0", SM2),
    "three numbers": (
        ON_A_CURVE.public,
        ON_A_CURVE.lying(inner=lambda signature: signature + number(1)),
    ),
    "a string that is cut short": (
        IN_A_FILE.public,
        IN_A_FILE.lying(inner=lambda signature: signature[:-1]),
    ),
}


class TestASignature:
    """Ours and the program for strangers take the same for one."""

    def both(self, public: bytes, person: Person, text: str = TEXT) -> tuple[bool, bool]:
        scheme, value = person.enrolment("lead").scheme, person.value(TEXT)
        try:
            theirs = parts().VERIFIES[scheme](public, text.encode(), value)
        except (SystemExit, LookupError, ValueError):
            theirs = False
        try:
            return verifies(scheme, public, text, value), theirs
        except ProofError:
            return False, theirs

    @pytest.mark.parametrize("who", PEOPLE)
    def test_holds_of_its_text_alone(self, who: str) -> None:
        person = PEOPLE[who]
        assert self.both(person.public, person) == (True, True)
        assert self.both(person.public, person, f"{TEXT} ") == (False, False)

    @pytest.mark.parametrize("name", LIES)
    def test_is_none_where_anything_of_it_is_otherwise(self, name: str) -> None:
        assert self.both(*LIES[name]) == (False, False)

    def test_is_none_of_a_key_of_another_kind(self, refused: Callable[..., str]) -> None:
        secret = Ed448PrivateKey.generate()
        form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        public = secret.public_key().public_bytes(*form)
        said = refused(parts().openssl_verifies, public, b"x", secret.sign(b"x"))
        assert said == "a public key that is neither of Ed25519 nor of P-256"

    def test_has_no_string_that_is_cut_short(self, refused: Callable[..., str]) -> None:
        assert parts().strings(b"\0\0\0\4abcde", 1) == ([b"abcd"], b"e")
        assert "cut short" in refused(parts().strings, b"\0\0\0\5abcd", 1)

    def test_of_a_certificate_is_none_where_its_key_is_on_another_curve(
        self, refused: Callable[..., str]
    ) -> None:
        other = Sm2Person(new_key("prime256v1"), digest="sha256")
        said = refused(parts().sm2_verifies, other.public, TEXT.encode(), other.value(TEXT))
        assert said == "no certificate with a key of SM2"

    @pytest.mark.parametrize(
        ("at", "valid"),
        [
            ("2025-12-31T23:59:59.999999", False),
            ("2026-01-01T00:00:00.000000", True),
            ("2030-12-31T23:59:59.000000", True),
            ("2031-01-01T00:00:00.000000", False),
        ],
    )
    def test_of_a_certificate_is_valid_from_its_first_second_to_its_last(
        self, at: str, *, valid: bool
    ) -> None:
        assert parts().sm2_is_valid(SM2.public, f"{at}Z") is valid
