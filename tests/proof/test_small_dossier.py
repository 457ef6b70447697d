"""A small dossier whose every byte the tests choose, so that the log itself may lie as it signs.

Ours and the program for strangers are asked about each, and agree.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO, UnsupportedOperation
from itertools import cycle
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.codec import VERSIONS, canonical
from ledger.dossier import FILES_MAX, SIZE_MAX, parse, read, verify, write
from ledger.envelope import REGISTER
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import SigningKey, sign
from ledger.log.tree import ProofError
from ledger.values import Invalid
from tests.support import naive_log as naive
from tests.support import small_dossier
from tests.support.small_dossier import in_order, packed
from tests.support.stranger import strangers

VKEY = str(small_dossier.KEY.public)
README = "enclosures/readme.txt"


def small(tmp_path: Path, dossier: dict[str, bytes] | bytes, *held: bytes, refused: bool) -> str:
    """Both programs agree on a dossier, of which the members will do; what the stranger's says."""
    file = tmp_path / "small.zip"
    file.write_bytes(dossier if isinstance(dossier, bytes) else packed(dossier))
    outside = [tmp_path / f"held-{at}" for at in range(len(held))]
    for path, note in zip(outside, held, strict=True):
        path.write_bytes(note)
    stranger = strangers(file, VKEY, *outside)
    assert (stranger.code, stranger.err) == (3 if refused else 0, "")
    assert stranger.out.startswith("NOT VERIFIED: " if refused else "VERIFIED: small-2023, ")
    seen = [SignedCheckpoint.parse(note) for note in held]
    if refused:
        with pytest.raises((ProofError, Invalid)):
            verify(parse(file.read_bytes()), [small_dossier.KEY.public], held=seen)
    else:
        verified = verify(parse(file.read_bytes()), [small_dossier.KEY.public], held=seen)
        assert verified.consistent_with == tuple(one.checkpoint.head.size for one in seen)
        told = len(verified.history) + len(verified.others)
        assert (verified.case, verified.head.size) == ("small-2023", told)
        assert {one.case for one in verified.others} == {"rubric:small", REGISTER}
    return stranger.out


class TestASmallDossier:
    def test_verifies_and_says_how_far_it_goes(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        said = small(tmp_path, small_dossier.files(log), refused=False)
        last = json.loads(log[-1])
        assert said == (
            f"VERIFIED: small-2023, complete to version {last['version']} of {last['at']}\n"
            "not compared with any other checkpoint\n"
        )

    def test_fits_every_checkpoint_that_the_log_has_had(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        for size in range(1, len(log) + 1):
            held = small_dossier.checkpoint(log[:size])
            said = small(tmp_path, small_dossier.files(log), held, refused=False)
            assert said.endswith("\nconsistent with the checkpoint held\n")

    def test_may_have_a_checkpoint_that_says_more(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        signed = small_dossier.checkpoint(log, "more", "and more")
        small(tmp_path, small_dossier.files(log, signed=signed), refused=False)

    def test_may_have_no_empty_line_in_its_checkpoint(self, tmp_path: Path) -> None:
        """A reader who stops there would take less for signed than was."""
        log = small_dossier.entries()
        signed = small_dossier.checkpoint(log, "more", "", "and more")
        small(tmp_path, small_dossier.files(log, signed=signed), refused=True)

    def test_may_have_no_control_character_in_its_checkpoint(self, tmp_path: Path) -> None:
        """A screen would show something else than what was signed."""
        log = small_dossier.entries()
        text = small_dossier.checkpoint(log, "more").replace(b"more", b"mo\x1bre")
        text = text.partition(b"\n\n")[0] + b"\n"
        value = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).sign(text)
        key_id = bytes.fromhex(VKEY.split("+")[1])
        line = f"— {small_dossier.KEY.name} {b64encode(key_id + value).decode()}\n"
        signed = text + b"\n" + line.encode()
        small(tmp_path, small_dossier.files(log, signed=signed), refused=True)

    def test_may_be_signed_twice_but_never_falsely(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        signed = small_dossier.checkpoint(log)
        text, _, line = signed.partition(b"\n\n")
        false = small_dossier.checkpoint(log[:5]).partition(b"\n\n")[2]
        small(tmp_path, small_dossier.files(log, signed=signed + line), refused=False)
        for lines in (line + false, false + line):
            signed = text + b"\n\n" + lines
            said = small(tmp_path, small_dossier.files(log, signed=signed), refused=True)
            assert said == "NOT VERIFIED: the signature is false\n"

    def test_without_a_signature_is_refused(self, tmp_path: Path) -> None:
        """One by another key is none, even if it bears the name."""
        log = small_dossier.entries()
        text = small_dossier.checkpoint(log).partition(b"\n\n")[0].decode() + "\n"
        other = SigningKey(small_dossier.KEY.name, bytes(32))
        for key in (other, SigningKey("other.example/log1", bytes(range(32)))):
            files = small_dossier.files(log, signed=bytes(sign(text, [key])))
            said = small(tmp_path, files, refused=True)
            assert said == "NOT VERIFIED: the checkpoint has no signature of that key\n"

    def test_may_have_a_checkpoint_that_others_signed_too(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        line = "— auditor.example/w1 Fc++LAAAAABrAjCA\n— reviews.example/log1 AAAAAAAAAA==\n"
        shortest = "— x AAAAAAA=\n" * 13
        signed = small_dossier.checkpoint(log) + f"{line}{shortest}".encode()
        small(tmp_path, small_dossier.files(log, signed=signed), refused=False)

    @pytest.mark.parametrize("other", ["reviews.example/log2", ""])
    def test_of_another_log_with_the_same_key_is_refused(self, tmp_path: Path, other: str) -> None:
        log = small_dossier.entries()
        signed = small_dossier.checkpoint(log, origin=other) if other else b"no checkpoint"
        small(tmp_path, small_dossier.files(log, signed=signed), refused=True)

    def test_whose_signature_is_false_is_refused(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        signed = small_dossier.checkpoint(log)
        others = small_dossier.checkpoint([*log, b"more"])
        text, line = signed.partition(b"\n\n")[0], others.rpartition(b"\n\n")[2]
        false = text + b"\n\n" + line
        said = small(tmp_path, small_dossier.files(log, signed=false), refused=True)
        assert said == "NOT VERIFIED: the signature is false\n"

    def test_without_one_of_its_files_is_refused(self, tmp_path: Path) -> None:
        """But for the proofs of its growth, which only whoever holds a checkpoint asks for."""
        log = small_dossier.entries()
        files = small_dossier.files(log)
        gone = {"checkpoint", "enclosures/readme.txt"}
        for at in (0, 7, len(log) - 1):
            gone |= {f"entries/{at:012}.json", f"proofs/{at:012}.tlog-proof"}
        for name in sorted(gone):
            rest = {other: content for other, content in files.items() if other != name}
            assert len(rest) == len(files) - 1
            small(tmp_path, rest, refused=True)

    def test_with_a_file_too_many_is_refused(self, tmp_path: Path) -> None:
        files = small_dossier.files(small_dossier.entries())
        more = {
            "enclosures/also.txt": b"also",
            "entries/000000009999.json": files["entries/000000000003.json"],
            "proofs/000000009999.tlog-proof": files["proofs/000000000003.tlog-proof"],
        }
        for name, content in more.items():
            small(tmp_path, in_order({**files, name: content}), refused=True)
        small(tmp_path, in_order({**files, **more}), refused=True)

    def test_with_a_file_that_was_exchanged_is_refused(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        files = small_dossier.files(log)
        others = small_dossier.files([*log, b"more"])
        place = "proofs/000000000003.tlog-proof"
        small(tmp_path, {**files, "enclosures/readme.txt": b"other"}, refused=True)
        small(tmp_path, {**files, "checkpoint": others["checkpoint"]}, refused=True)
        small(tmp_path, {**files, place: others[place]}, refused=True)
        false = files[place].replace(b"log1\n", b"log2\n", 1)
        said = small(tmp_path, {**files, place: false}, refused=True)
        assert said == "NOT VERIFIED: the proof at 3 has another checkpoint\n"
        one, other = (f"entries/{at:012}.json" for at in (3, 4))
        small(tmp_path, {**files, one: files[other], other: files[one]}, refused=True)

    def test_with_a_member_that_comes_twice_is_refused(self, tmp_path: Path) -> None:
        out = BytesIO(packed(small_dossier.files(small_dossier.entries())))
        with pytest.warns(UserWarning, match="Duplicate"), ZipFile(out, "a", ZIP_STORED) as archive:
            archive.writestr("enclosures/readme.txt", archive.read("enclosures/readme.txt"))
        small(tmp_path, out.getvalue(), refused=True)
        with pytest.raises(ProofError, match="two members are named enclosures/readme"):
            read(out.getvalue())

    def test_cut_short_or_damaged_in_the_fields_of_its_archive_is_refused(
        self, tmp_path: Path
    ) -> None:
        """Such as the method of compression of the first member, in both places."""
        sound = packed(small_dossier.files(small_dossier.entries()))
        for end in (0, 1, 100, len(sound) // 2, -1):
            small(tmp_path, sound[:end], refused=True)
        directory = int.from_bytes(sound[-6:-2], "little")
        for place in (6, 8, directory + 8, directory + 10):
            for bit in range(8):
                flipped = bytearray(sound)
                flipped[place] ^= 1 << bit
                with pytest.raises((ProofError, Invalid)):
                    parse(bytes(flipped))
        with pytest.raises(ProofError, match=r"readme\.txt is damaged or altered"):
            read(sound.replace(small_dossier.README, small_dossier.README[::-1]))

    def test_in_another_order_is_the_same_when_it_is_written_again(self) -> None:
        data = packed(small_dossier.files(small_dossier.entries()))
        sound = parse(data)
        shuffled = sound._replace(
            entries=dict(sorted(sound.entries.items(), reverse=True)),
            receipts=dict(sorted(sound.receipts.items(), reverse=True)),
            consistency=dict(sorted(sound.consistency.items(), reverse=True)),
            enclosures=dict(sorted(sound.enclosures.items(), reverse=True)),
        )
        assert write(shuffled) == write(sound) == data

    def test_without_a_checkpoint_is_refused(self) -> None:
        files = small_dossier.files(small_dossier.entries())
        del files["checkpoint"]
        with pytest.raises(ProofError, match="there is no checkpoint"):
            parse(packed(files))

    def test_without_entries_is_refused(self, tmp_path: Path) -> None:
        files = small_dossier.files(small_dossier.entries())
        few = {name: files[name] for name in ("checkpoint", "enclosures/readme.txt")}
        said = small(tmp_path, few, refused=True)
        assert said == "NOT VERIFIED: the dossier is incomplete\n"

    def test_that_the_log_has_closed_elsewhere_is_refused(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        count = json.loads(log[-1])["data"]["covers"]
        for lie in (count - 1, count + 1, count + 2):
            false = small_dossier.told_otherwise(log, len(log) - 1, covers=lie)
            said = small(tmp_path, small_dossier.files(false), refused=True)
            assert said == "NOT VERIFIED: the dossier covers something else\n"
        said = small(tmp_path, small_dossier.files(log[:-1]), refused=True)
        assert said == "NOT VERIFIED: the dossier is incomplete\n"

    def test_with_a_link_that_the_log_has_broken_is_refused(self, tmp_path: Path) -> None:
        *log, last = small_dossier.entries()
        link = json.loads(last)["prev"].encode()
        for other in (b"0" * 64, b""):
            false = [*log, last.replace(link, other)]
            small(tmp_path, small_dossier.files(false), refused=True)

    def test_with_a_version_that_the_log_has_left_out_is_refused(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        register = [at for at, one in enumerate(log) if json.loads(one)["case"] == REGISTER]
        for gone in (-2, small_dossier.place_of(log, "CaseOpened"), register[1]):
            less = small_dossier.linked([one for one in log if one is not log[gone]])
            small(tmp_path, small_dossier.files(less), refused=True)

    def test_with_another_rubric_than_was_pinned_is_refused(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        pinned = small_dossier.place_of(log, "RubricPinned")
        small(
            tmp_path,
            small_dossier.files(small_dossier.told_otherwise(log, pinned, sha256="0" * 64)),
            refused=True,
        )
        published = small_dossier.place_of(log, "RubricPublished")
        source = json.loads(log[published])["data"]["source"] + "\n"
        other = small_dossier.told_otherwise(log, published, source=source)
        small(tmp_path, small_dossier.files(other), refused=True)

    def test_holds_the_rubric_that_the_case_was_pinned_to_later(self, tmp_path: Path) -> None:
        *log, last = small_dossier.entries()
        pinned = json.loads(log[small_dossier.place_of(log, "RubricPinned")])["data"]
        entry = json.loads(last)
        published = (json.loads(one)["data"].get("source", "") for one in log)
        digests = {sha256(source.encode()).hexdigest() for source in published if source}
        [later_edition] = digests - {pinned["sha256"]}
        for digest, refused in ((later_edition, False), ("0" * 64, True)):
            data = {
                **{name: pinned[name] for name in ("rubric", "edition")},
                "previous_edition": "1",
                "previous_sha256": "0" * 64,
                "sha256": digest,
                "number": "1",
                "reason": "corrected",
            }
            kind = {"type": "RubricRepinned", "v": VERSIONS["RubricRepinned"]}
            closing = {**entry["data"], "covers": entry["data"]["covers"] + 1}
            later = {**entry, "version": entry["version"] + 1, "data": closing}
            longer = [*log, canonical({**entry, **kind, "data": data}), canonical(later)]
            files = small_dossier.files(small_dossier.linked(longer))
            small(tmp_path, files, refused=refused)

    @pytest.mark.parametrize(
        ("was", "now"),
        [
            (b"tlog-proof@v1", b"tlog-proof@v2"),
            (b"index 7\n", b"index 6\n"),
            (b"index 7\n", b"index 07\n"),
            (b"index 7\n", b"index 7\n" + b"A" * 43 + b"=\n"),
            (b"\n\n", b"\n" + b"A" * 43 + b"=\n\n"),
            (b"=\n\n", b"=A\n\n"),  # which Python's base64 reads over
        ],
    )
    def test_with_a_false_proof_is_refused(self, tmp_path: Path, was: bytes, now: bytes) -> None:
        files = small_dossier.files(small_dossier.entries())
        name = f"proofs/{7:012}.tlog-proof"
        files[name] = files[name].replace(was, now, 1)
        small(tmp_path, files, refused=True)

    def test_with_an_entry_whose_proof_is_of_the_place_after_the_last_is_refused(
        self, tmp_path: Path
    ) -> None:
        log = small_dossier.entries()
        files = small_dossier.files(log)
        at, beyond = len(log) - 1, len(log)
        files[f"entries/{beyond:012}.json"] = files.pop(f"entries/{at:012}.json")
        proof = files.pop(f"proofs/{at:012}.tlog-proof")
        files[f"proofs/{beyond:012}.tlog-proof"] = proof.replace(
            f"index {at}".encode(), f"index {beyond}".encode()
        )
        small(tmp_path, in_order(files), refused=True)

    def test_with_an_entry_under_the_name_of_another_place_is_refused(self, tmp_path: Path) -> None:
        """It would pass for the place that it has in the log; only its name lies."""
        log = small_dossier.entries()
        files = small_dossier.files(log)
        at, beyond = len(log) - 1, len(log) + 7
        files[f"entries/{beyond:012}.json"] = files.pop(f"entries/{at:012}.json")
        files[f"proofs/{beyond:012}.tlog-proof"] = files.pop(f"proofs/{at:012}.tlog-proof")
        small(tmp_path, in_order(files), refused=True)

    @pytest.mark.parametrize("entry", [b"", b"{}", b"[]", b"\xff"])
    def test_with_an_entry_that_nobody_can_read_is_refused(
        self, tmp_path: Path, entry: bytes
    ) -> None:
        *log, last = small_dossier.entries()
        small(tmp_path, small_dossier.files([*log, entry, last]), refused=True)
        small(tmp_path, small_dossier.files([entry, *log, last]), refused=True)

    def test_is_not_compared_with_what_the_log_has_not_signed(self, tmp_path: Path) -> None:
        """Its roots would fit."""
        log = small_dossier.entries()
        text = small_dossier.checkpoint(log[:5]).partition(b"\n\n")[0]
        others = small_dossier.checkpoint(log[:6]).partition(b"\n\n")[2]
        small(tmp_path, small_dossier.files(log), text + b"\n\n" + others, refused=True)

    def test_is_not_compared_with_another_log_that_the_reader_trusts_as_well(self) -> None:
        log = small_dossier.entries()
        other = SigningKey("other.example/log1", bytes(32))
        text = small_dossier.checkpoint(log[:5], origin=other.name).decode().partition("\n\n")[0]
        held = SignedCheckpoint.parse(bytes(sign(f"{text}\n", [other])))
        keys = [small_dossier.KEY.public, other.public]
        with pytest.raises(ProofError, match=r"belongs to another log, other\.example/log1"):
            verify(parse(packed(small_dossier.files(log))), keys, held=[held])

    @pytest.mark.parametrize("size", [1, 2, 3, 8, 9])
    def test_whose_growth_is_not_shown_is_refused(self, tmp_path: Path, size: int) -> None:
        log = small_dossier.entries()
        held = small_dossier.checkpoint(log[:size])
        fork = small_dossier.checkpoint([*log[: size - 1], b"another"])
        files, name = small_dossier.files(log), f"consistency/{size:012}"
        small(tmp_path, files, fork, refused=True)
        proof = files.pop(name)
        small(tmp_path, files, held, refused=True)
        more = [b"A" * 43 + b"=\n" + proof, proof + b"A" * 43 + b"=\n", b"\xe9" + proof]
        for false in (b"", proof[45:], proof[:-45], *more):
            small(tmp_path, in_order({**files, name: false}), held, refused=True)

    def test_is_not_compared_with_the_empty_log_or_with_a_longer_one(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        longer = small_dossier.checkpoint([*log, b"more"])
        small(tmp_path, small_dossier.files(log), longer, refused=True)
        with pytest.raises(ProofError, match="ask for a newer dossier"):
            verify(
                parse(packed(small_dossier.files(log))),
                [small_dossier.KEY.public],
                held=[SignedCheckpoint.parse(longer)],
            )
        small(tmp_path, small_dossier.files(log), small_dossier.checkpoint([]), refused=True)

    def test_with_a_name_that_is_almost_right_is_refused(self, tmp_path: Path) -> None:
        files = small_dossier.files(small_dossier.entries())
        for name in ("enclosures/A", "enclosures/a_b", "enclosures/.a", "enclosures/" + "a" * 82):
            small(tmp_path, in_order({**files, name: b""}), refused=True)
        for name in ("checkpoint~", "entries/1.json", "consistency/1~", "proofs/1"):
            small(tmp_path, {**files, name: b""}, refused=True)
        for was, now in (("checkpoint", "~checkpoint"), (README, f"checkpoint/{README}")):
            renamed = {now if name == was else name: data for name, data in files.items()}
            small(tmp_path, renamed, refused=True)
            with pytest.raises(ProofError):
                read(packed(renamed))

    def test_has_limits(self) -> None:
        """They are far above any case; only what is measured against them is made up here."""

        class Long(bytes):
            size = 0

            def __len__(self) -> int:
                return self.size

        data = Long(packed(small_dossier.files(small_dossier.entries())))
        data.size = SIZE_MAX
        assert parse(data).entries
        data.size = SIZE_MAX + 1
        with pytest.raises(Invalid, match="larger than 536870912 bytes"):
            parse(data)
        assert (SIZE_MAX, FILES_MAX) == (536_870_912, 200_000)

    def test_that_would_fill_the_memory_is_not_unpacked(self) -> None:
        """A hundred bytes may hold a gigabyte, and twenty members the same bytes."""
        zeros = BytesIO()
        with ZipFile(zeros, "w", ZIP_DEFLATED) as archive:
            archive.writestr("checkpoint", bytes(100_000))
        files = small_dossier.files(small_dossier.entries())
        sound = packed(files)
        first = int.from_bytes(sound[-6:-2], "little") + 24  # where its length is said
        rest = sum(map(len, files.values())) - len(files["checkpoint"])

        def of_which_it_says(size: int) -> bytes:
            said = (size - rest).to_bytes(4, "little")
            return sound[:first] + said + sound[first + 4 :]

        for bomb in (zeros.getvalue(), of_which_it_says(len(sound) + 1)):
            with pytest.raises(Invalid, match="larger than any dossier"):
                parse(bomb)
        with pytest.raises(Invalid, match="not in the prescribed form"):
            parse(of_which_it_says(len(sound)))
        sound = packed_again(files, ZIP_DEFLATED)
        first = int.from_bytes(sound[-6:-2], "little") + 24
        most = 64 * len(sound)
        with pytest.raises(Invalid, match="larger than any dossier"):
            parse(of_which_it_says(most + 1))
        with pytest.raises(Invalid, match="its members are compressed"):
            parse(of_which_it_says(most))

    def test_has_no_more_files_than_may_be(self, monkeypatch: pytest.MonkeyPatch) -> None:
        files = small_dossier.files(small_dossier.entries())
        monkeypatch.setattr("ledger.dossier.FILES_MAX", len(files))
        assert parse(packed(files)).entries
        monkeypatch.setattr("ledger.dossier.FILES_MAX", len(files) - 1)
        with pytest.raises(Invalid, match="too many files"):
            parse(packed(files))


def vkey_of(raw: bytes) -> str:
    """A public key with its right id, of whichever type and length."""
    name = small_dossier.KEY.name
    number = sha256(name.encode() + b"\n" + raw).digest()[:4].hex()
    return f"{name}+{number}+{b64encode(raw).decode()}"


RAW = small_dossier.KEY.public.public


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (VKEY.replace("f3967548", "f3967549"), "the key does not have its id"),
        (VKEY.replace("+AQ", "+Ag"), "the key is not an Ed25519 log key"),
        (vkey_of(b"\2" + RAW), "the key is not an Ed25519 log key"),
        (vkey_of(b"\1" + RAW + b"\0"), "the key is not an Ed25519 log key"),
        (vkey_of(b"\1" + RAW[:-1]), "the key is not an Ed25519 log key"),
    ],
)
def test_a_key_that_is_none_verifies_nothing(tmp_path: Path, key: str, said: str) -> None:
    file = tmp_path / "small.zip"
    file.write_bytes(packed(small_dossier.files(small_dossier.entries())))
    assert vkey_of(b"\1" + RAW) == VKEY
    assert strangers(file, VKEY).code == 0
    stranger = strangers(file, key)
    assert (stranger.code, stranger.err) == (3, "")
    assert stranger.out == f"NOT VERIFIED: {said}\n"


# What stands beside what was signed ---------------------------------------------------------------

BELOW: dict[str, Callable[[bytes], bytes]] = {
    "a line that is no signature": lambda note: note + b"hello\n",
    "an empty line": lambda note: note + b"\n",
    "no newline at the end": lambda note: note[:-1],
    "other line ends": lambda note: note.replace(b"\n", b"\r\n"),
    "a control character": lambda note: note + b"\x01\n",
    "a space": lambda note: note[:-1] + b" \n",
    "a signature that is too short": lambda note: note + "— x AAAA\n".encode(),
    "a signature that is an id alone": lambda note: note + "— x AAAAAA==\n".encode(),
    "a signature in no base64": lambda note: note + "— x A===\n".encode(),
    "a name that no key has": lambda note: note + "— a+b AAAAAAAA\n".encode(),
    "no name": lambda note: note + "—  AAAAAAAA\n".encode(),
    "too many signatures": lambda note: note + "— x AAAAAAAA\n".encode() * 16,
    "more than any note holds": lambda note: note + f"— x {'A' * 132_000}\n".encode(),
    "what is no text": lambda note: note + b"\xff\n",
}


@pytest.mark.parametrize("change", BELOW.values(), ids=BELOW)
def test_nothing_is_hidden_below_a_checkpoint(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    """What stands there is in no signature, and in every proof again."""
    log = small_dossier.entries()
    signed = change(small_dossier.checkpoint(log))
    small(tmp_path, small_dossier.files(log, signed=signed), refused=True)


def test_what_is_no_signature_below_a_checkpoint_is_called_that(tmp_path: Path) -> None:
    log = small_dossier.entries()
    signed = BELOW["a line that is no signature"](small_dossier.checkpoint(log))
    said = small(tmp_path, small_dossier.files(log, signed=signed), refused=True)
    assert "what is no signature" in said


@pytest.mark.parametrize("size", ["0{}", "+{}", " {}", "-{}", "9{}000000000000000000", "４４"])
def test_a_size_has_one_spelling(tmp_path: Path, size: str) -> None:
    log = small_dossier.entries()
    origin, number, root = small_dossier.checkpoint(log).decode().split("\n")[:3]
    text = f"{origin}\n{size.format(number)}\n{root}\n"
    signed = bytes(sign(text, [small_dossier.KEY]))
    small(tmp_path, small_dossier.files(log, signed=signed), refused=True)


GROWTH: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "no base64": (5, lambda _: b"junk\n"),
    "bytes": (5, lambda _: b"\xff\xfe"),
    "no newline at the end": (5, lambda proof: proof[:-1]),
    "other line ends": (5, lambda proof: proof.replace(b"\n", b"\r\n")),
    "a tabulator between lines": (5, lambda proof: proof.replace(b"\n", b"\x0b", 1)),
    "a space": (5, lambda proof: b" " + proof),
    "an empty line": (5, lambda proof: b"\n" + proof),
    "a hash that is too short": (5, lambda proof: proof + b64encode(bytes(31)) + b"\n"),
    "from nothing": (0, lambda proof: proof),
    "from the size that it has": (len(small_dossier.entries()), lambda proof: proof),
    "from a size to come": (10**11, lambda proof: proof),
}


@pytest.mark.parametrize(("size", "change"), GROWTH.values(), ids=GROWTH)
def test_nothing_is_hidden_in_proofs_of_growth_that_nobody_asks_for(
    tmp_path: Path, size: int, change: Callable[[bytes], bytes]
) -> None:
    files = small_dossier.files(small_dossier.entries())
    files[f"consistency/{size:012}"] = change(files["consistency/000000000005"])
    small(tmp_path, in_order(files), refused=True)


def with_key(**keys: object) -> Callable[[bytes], bytes]:
    return lambda entry: canonical(json.loads(entry) | keys)


OTHERWISE: dict[str, Callable[[bytes], bytes]] = {
    "a space": lambda entry: entry.replace(b'"data":', b'"data": '),
    "a key twice": lambda entry: entry.replace(b'{"at":', b'{"at":"x","at":', 1),
    "keys in another order": lambda entry: json.dumps(
        dict(reversed(json.loads(entry).items())), separators=(",", ":"), ensure_ascii=False
    ).encode(),
    "a float": lambda entry: entry.replace(b'"v":2', b'"v":2.0'),
    "half a number": lambda entry: entry.replace(b'"v":2', b'"v":2.5'),
    "no number": lambda entry: entry.replace(b'"v":2', b'"v":NaN'),
    "half of a character": lambda entry: entry.replace(b'"data":{', b'"data":{"\\ud800":1,'),
    "no text": lambda entry: entry.replace(b'"data":{', b'"data":{"\xff":1,'),
    "deep": lambda _: b"[" * 100_000,
    "too long": lambda entry: entry.replace(b'"purpose":"', b'"purpose":"' + b"x" * 66_000),
    "an author who saw what came later": with_key(seen=10_000),
    "a month that there is not": with_key(at="2024-13-01T00:00:00.000000Z"),
    "a scheme that is too long": with_key(
        signed={"key": "a" * 64, "scheme": "x" * 33, "value": "AAAA"}
    ),
    "in the form of an older program": with_key(v=1),
    "under older rules than the others": lambda entry: canonical(
        {key: value for key, value in json.loads(entry).items() if key != "rules"}
    ),
    "without the streams that it stands on": lambda entry: canonical(
        json.loads(entry) | {"data": json.loads(entry)["data"] | {"streams": []}}
    ),
}


@pytest.mark.parametrize("change", OTHERWISE.values(), ids=OTHERWISE)
def test_the_log_itself_cannot_close_a_dossier_in_another_form(
    tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    *log, last = small_dossier.entries()
    small(tmp_path, small_dossier.files([*log, change(last)]), refused=True)


def of_before(log: list[bytes]) -> list[bytes]:
    """The log as an older program wrote it, which did not say how far the register went."""
    *body, last = log
    closing = json.loads(last)
    data = {key: closing["data"][key] for key in ("covers", "enclosures", "indicator", "purpose")}
    old = canonical(closing | {"v": 1, "data": data})
    of_all = [
        canonical({key: value for key, value in json.loads(one).items() if key != "rules"})
        for one in (*body, old)
    ]
    return small_dossier.linked(of_all)


def test_nobody_passes_a_dossier_off_as_one_of_before(tmp_path: Path) -> None:
    """Those did not say how far the register went, so that its end could be left off."""
    log = small_dossier.entries()
    old = json.loads(of_before(log)[-1]) | {"rules": json.loads(log[-1])["rules"]}
    linked = small_dossier.linked([*log[:-1], canonical(old)])
    small(tmp_path, small_dossier.files(linked), refused=True)
    file = tmp_path / "old.zip"
    file.write_bytes(packed(small_dossier.files(of_before(log))))
    assert not verify(parse(file.read_bytes()), [small_dossier.KEY.public]).issued.streams
    said = strangers(file, VKEY)
    assert (said.code, said.out.startswith("note: an older program made it")) == (0, True)


@pytest.mark.parametrize("stream", [REGISTER, "rubric:small"])
def test_one_of_before_lacks_no_stream_either(tmp_path: Path, stream: str) -> None:
    log = [one for one in of_before(small_dossier.entries()) if json.loads(one)["case"] != stream]
    assert verdicts(tmp_path, log) == (False, False)


def with_another_stream(log: list[bytes], name: str) -> list[bytes]:
    """What opens the case, in a stream that the case does not depend on."""
    opened = json.loads(log[small_dossier.place_of(log, "CaseOpened")])
    other = canonical(opened | {"case": name, "prev": ""})
    closing = json.loads(log[-1])
    if "streams" in closing["data"]:
        end = {"stream": name, "version": 1, "leaf": naive.leaf(other).hex()}
        streams = [*closing["data"]["streams"], end]
        closing["data"]["streams"] = sorted(streams, key=lambda one: one["stream"])
    return [*log[:-1], other, canonical(closing)]


@pytest.mark.parametrize("written", [list, of_before], ids=["as today", "as before"])
def test_the_log_itself_cannot_enclose_what_the_case_does_not_depend_on(
    written: Callable[[list[bytes]], list[bytes]],
) -> None:
    """Ours says so; for strangers it is in the log and was stated by it, which is all they ask."""
    log = with_another_stream(written(small_dossier.entries()), "other-2023")
    with pytest.raises(ProofError, match="other-2023 is missing, extra or truncated"):
        verify(parse(packed(small_dossier.files(log))), [small_dossier.KEY.public])


@pytest.mark.parametrize("before", [0, 1])
def test_covers_its_case_however_little_there_is(tmp_path: Path, before: int) -> None:
    *body, last = small_dossier.entries()
    closing = json.loads(last)
    register, case = (
        [one for one in body if json.loads(one)["case"] == name]
        for name in (REGISTER, closing["case"])
    )
    streams = [end for end in closing["data"]["streams"] if end["stream"] == REGISTER]
    for lie in (0, 1):
        data = closing["data"] | {"covers": before + lie, "streams": streams}
        told = canonical(closing | {"version": before + 1, "data": data})
        log = small_dossier.linked([*register, *case[:before], told])
        assert verdicts(tmp_path, log) == (not lie, not lie)


def set_aside(  # noqa: PLR0913 - what a forger can choose
    strays: list[bytes],
    *,
    acts: int | None = None,
    stated: int | None = None,
    shift: int = 0,
    version: int = 0,
    trailing: bool = False,
) -> list[bytes]:
    """The log with bytes in the stream of its case that an administrator has set aside.

    Args:
        strays: these bytes, one behind the other.
        acts: how many of them are set aside; all where it is `None`.
        stated: how many of them the last entry names; all where it is `None`.
        shift: by how much the acts name another position.
        version: by how much the last entry names another version.
        trailing: whether the acts come first, so that the strays are the last of their stream.
    """
    *body, last = small_dossier.entries()
    closing, first = json.loads(last), json.loads(body[0])
    case, register = (
        [one for one in body if json.loads(one)["case"] == name]
        for name in (closing["case"], REGISTER)
    )
    leaves = [naive.leaf(one).hex() for one in strays]
    begin = len(body) + (len(strays) if trailing else 0)
    places = range(begin, begin + len(strays))
    made = []
    prev, count = naive.leaf(register[-1]).hex(), len(register)
    for place, leaf in [*zip(places, leaves, strict=True)][:acts]:
        count += 1
        act = first | {"type": "EntrySetAside", "prev": prev, "version": count, "at": closing["at"]}
        data = {"position": place + shift, "leaf": leaf, "reason": "not ours"}
        command = {"id": f"aside-{count}", "sha256": "0" * 64}
        made.append(canonical(act | {"data": data, "command": command, "rules": 4}))
        prev = naive.leaf(made[-1]).hex()
    ends = [
        {"stream": closing["case"], "version": len(case) + at + version, "leaf": leaf}
        for at, leaf in enumerate(leaves, 1)
    ][:stated]
    for end in closing["data"]["streams"]:
        is_register = end["stream"] == REGISTER
        ends.append(end | ({"version": count, "leaf": prev} if is_register else {}))
    closing["data"]["streams"] = sorted(ends, key=lambda end: (end["stream"], end["version"]))
    closing |= {
        "version": len(case) + len(strays) + 1,
        "prev": [naive.leaf(case[-1]).hex(), *leaves][-1],
    }
    between = [*made, *strays] if trailing else [*strays, *made]
    return [*body, *between, canonical(closing)]


def verdicts(tmp_path: Path, log: list[bytes]) -> tuple[bool, bool]:
    """Whether the program and the stranger's verify a dossier of all of a log."""
    file = tmp_path / "aside.zip"
    file.write_bytes(packed(small_dossier.files(log)))
    stranger = strangers(file, VKEY)
    assert stranger.err == ""
    try:
        verify(parse(file.read_bytes()), [small_dossier.KEY.public])
    except (ProofError, Invalid):
        return False, stranger.code == 0
    return True, stranger.code == 0


STRAYS: Final = [b"garbage", b"{}", b"\xff", b"[" * 5_000, b"garbage"]


@pytest.mark.parametrize("number", range(len(STRAYS) + 1))
def test_what_was_set_aside_keeps_its_version_and_means_nothing(
    tmp_path: Path, number: int
) -> None:
    assert verdicts(tmp_path, set_aside(STRAYS[:number])) == (True, True)


def test_what_can_be_read_is_set_aside_where_it_decides_nothing(tmp_path: Path) -> None:
    """Without its place in its stream nobody has signed it, nor does it say who signs."""
    *body, last = small_dossier.entries()
    name = json.loads(last)["case"]
    case = [one for one in body if json.loads(one)["case"] == name]
    here = {"case": name, "version": len(case) + 1, "prev": naive.leaf(case[-1]).hex()}
    for stray in (
        here | {"type": "Nonsense"},
        here | {"type": "RoleGranted", "version": 1},
        here | {"type": "Nonsense", "signed": {}, "prev": ""},
    ):
        assert verdicts(tmp_path, set_aside([canonical(stray)])) == (True, True)


def test_what_was_set_aside_is_mentioned(tmp_path: Path) -> None:
    log = set_aside(STRAYS[:2])
    last = json.loads(log[-1])["version"]
    file = tmp_path / "aside.zip"
    file.write_bytes(packed(small_dossier.files(log)))
    assert strangers(file, VKEY).out.splitlines()[:2] == [
        f"note: version {last - back} of small-2023 was set aside by an administrator"
        for back in (2, 1)
    ]


@pytest.mark.parametrize(
    "forged",
    [
        {"acts": 0},
        {"acts": 1},
        {"stated": 0},
        {"stated": 1},
        {"shift": 1},
        {"shift": -1},
        {"version": 1},
        {"version": -1},
        {"trailing": True, "acts": 1},
    ],
    ids=str,
)
def test_nothing_is_passed_over_that_nobody_has_set_aside(
    tmp_path: Path, forged: dict[str, Any]
) -> None:
    assert verdicts(tmp_path, set_aside(STRAYS[:2], **forged)) == (False, False)


def test_no_stray_can_be_left_off(tmp_path: Path) -> None:
    log = set_aside(STRAYS[:3])
    for place in (at for at, one in enumerate(log) if one in STRAYS):
        files = small_dossier.files(log)
        del files[f"entries/{place:012}.json"], files[f"proofs/{place:012}.tlog-proof"]
        small(tmp_path, files, refused=True)


class Pipe(BytesIO):
    """What a program writes to that cannot go back: sizes stand behind each member."""

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        raise UnsupportedOperation


def packed_again(
    files: dict[str, bytes],
    *methods: int,
    out: type[BytesIO] = BytesIO,
    extra: bytes = b"",
    folder: str = "",
) -> bytes:
    """As other programs pack the members; those by turns in one way and another."""
    written = out()
    with ZipFile(written, "w") as archive:
        for (name, content), method in zip(files.items(), cycle(methods), strict=False):
            member = ZipInfo(f"{folder}{name}")
            member.extra = extra
            archive.writestr(member, content, method)
    return written.getvalue()


def without_marks(data: bytes) -> bytes:
    """As some programs do, which write the sizes behind a member and no mark before them."""
    start = int.from_bytes(data[-6:-2], "little")
    members, directory = data[:start].replace(b"PK\7\b", b""), bytearray(data[start:-22])
    place, shift = 0, 0
    while place < len(directory):
        at = int.from_bytes(directory[place + 42 : place + 46], "little") - shift
        directory[place + 42 : place + 46] = at.to_bytes(4, "little")
        place += 46 + int.from_bytes(directory[place + 28 : place + 30], "little")
        shift += 4
    assert len(members) == start - shift
    return members + directory + data[-22:-6] + len(members).to_bytes(4, "little") + data[-2:]


STORED_AND_COMPRESSED: Final = {
    "as it is": (ZIP_STORED,),
    "compressed": (ZIP_DEFLATED,),
    "compressed in part": (ZIP_STORED, ZIP_DEFLATED),
}


@pytest.mark.parametrize("methods", STORED_AND_COMPRESSED.values(), ids=STORED_AND_COMPRESSED)
def test_packed_again_it_is_read_and_told_as_that(methods: tuple[int, ...]) -> None:
    files = small_dossier.files(small_dossier.entries())
    to_a_pipe = packed_again(files, *methods, out=Pipe)
    for data in (packed_again(files, *methods), to_a_pipe, without_marks(to_a_pipe)):
        dossier, told = read(data)
        assert len(dossier.entries) == len(small_dossier.entries())
        assert told is not None
        assert "已被重新打包" in told.zh
        assert ("its members are compressed" in told.en) == (ZIP_DEFLATED in methods)


def test_packed_again_with_whatever_programs_add_it_is_read_however_large_that_is() -> None:
    """The directory of the archive begins beyond 16 MiB and is as large."""
    more = {f"enclosures/{number}.txt": b"" for number in range(260)}
    files = small_dossier.files(small_dossier.entries()) | more
    extra = b"UT\xfb\xff" + bytes(0xFFFB)
    data = packed_again(files, ZIP_STORED, extra=extra)
    start = int.from_bytes(data[-6:-2], "little")
    assert min(start, len(data) - start) > 1 << 24

    dossier, told = read(data)

    assert told is not None
    assert len(dossier.enclosures) == 261


def test_what_lies_next_to_a_packed_folder_is_not_read_even_where_it_is_encrypted() -> None:
    files = small_dossier.files(small_dossier.entries())
    data = bytearray(packed_again(files | {".DS_Store": b"Bud1"}, ZIP_STORED, folder="answer/"))
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.rindex(mark) + flags] |= 1

    dossier, told = read(bytes(data))

    assert told is not None
    assert dossier == parse(packed(files))
