"""Dossiers: ours and a stranger's program agree on what holds and on what was tampered with."""

import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
import small_dossier
from houses import House, exported, signed
from small_dossier import packed
from stranger import strangers, strangers_alone
from terminal import CASE, Said, copied, done, scoretrail

from ledger.dossier import FILES_MAX, SIZE_MAX, parse, verify, write
from ledger.log.checkpoint import SignedCheckpoint
from ledger.log.note import SigningKey, VerifierKey, sign
from ledger.log.tree import Unproven
from ledger.recorded import REGISTER

pytest_plugins = ["signed_ledger"]

OTHER_KEY = "proof.example/log1+9c4820c1+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"


VKEY = str(small_dossier.KEY.public)


def ours(file: Path, vkey: str, *held: Path) -> Said:
    """What `scoretrail dossier verify` says, which needs no ledger."""
    words = [word for one in held for word in ("--checkpoint", str(one))]
    return scoretrail(None, "dossier", "verify", str(file), "--vkey", vkey, *words, "--json")


def both_refuse(file: Path, vkey: str, *held: Path) -> None:
    assert ours(file, vkey, *held).code == 3
    stranger = strangers(file, vkey, *held)
    assert (stranger.code, stranger.out[:12], stranger.err) == (3, "NOT VERIFIED", "")


def members(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def places(files: dict[str, bytes], case: str = CASE) -> list[str]:
    """The positions of a case's entries, as the names of the members have them."""
    return [
        name[8:20]
        for name in sorted(files)
        if name.startswith("entries/") and json.loads(files[name])["case"] == case
    ]


def without(files: dict[str, bytes], place: str) -> dict[str, bytes]:
    gone = {f"entries/{place}.json", f"proofs/{place}.tlog-proof"}
    return {name: content for name, content in files.items() if name not in gone}


def altered_entry(files: dict[str, bytes]) -> dict[str, bytes]:
    name = next(name for name in files if b'"type":"ScoreAdjusted"' in files[name])
    return {**files, name: files[name].replace(b'"award":"', b'"award":"1', 1)}


def dropped_first(files: dict[str, bytes]) -> dict[str, bytes]:
    return without(files, places(files)[0])


def dropped_middle(files: dict[str, bytes]) -> dict[str, bytes]:
    return without(files, places(files)[100])


def dropped_last(files: dict[str, bytes]) -> dict[str, bytes]:
    return without(files, places(files)[-1])


def dropped_entry_without_its_proof(files: dict[str, bytes]) -> dict[str, bytes]:
    return {n: c for n, c in files.items() if n != f"entries/{places(files)[-1]}.json"}


def kept_proof_of_nothing(files: dict[str, bytes]) -> dict[str, bytes]:
    proof = files[f"proofs/{places(files)[3]}.tlog-proof"]
    return in_order({**files, "proofs/000000009999.tlog-proof": proof})


def swapped(files: dict[str, bytes]) -> dict[str, bytes]:
    one, other = (f"entries/{place}.json" for place in places(files)[50:52])
    return {**files, one: files[other], other: files[one]}


def swapped_with_their_proofs(files: dict[str, bytes]) -> dict[str, bytes]:
    one, other = (f"proofs/{place}.tlog-proof" for place in places(files)[50:52])
    return {**swapped(files), one: files[other], other: files[one]}


def duplicated(files: dict[str, bytes]) -> dict[str, bytes]:
    place, beyond = places(files)[50], f"{int(places(files)[-1]) - 1:012}"
    again = {
        f"entries/{beyond}.json": files[f"entries/{place}.json"],
        f"proofs/{beyond}.tlog-proof": files[f"proofs/{place}.tlog-proof"],
    }
    return {**files, **again}


def changed_proof(files: dict[str, bytes]) -> dict[str, bytes]:
    name = f"proofs/{places(files)[7]}.tlog-proof"
    lines = files[name].split(b"\n")
    lines[2] = lines[3]
    return {**files, name: b"\n".join(lines)}


def proof_of_another_checkpoint(files: dict[str, bytes]) -> dict[str, bytes]:
    name = f"proofs/{places(files)[7]}.tlog-proof"
    return {**files, name: files[name].replace(b"log1\n", b"log2\n", 1)}


def missing_enclosure(files: dict[str, bytes]) -> dict[str, bytes]:
    return {n: c for n, c in files.items() if n != "enclosures/score-sheet.json"}


def extra_enclosure(files: dict[str, bytes]) -> dict[str, bytes]:
    return in_order({**files, "enclosures/also.txt": b"also"})


def altered_enclosure(files: dict[str, bytes]) -> dict[str, bytes]:
    return {**files, "enclosures/readme.txt": files["enclosures/readme.txt"] + b"."}


def extra_member(files: dict[str, bytes]) -> dict[str, bytes]:
    return {**files, "minutes.txt": b"not part of it"}


def missing_checkpoint(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name != "checkpoint"}


def another_rubric(files: dict[str, bytes]) -> dict[str, bytes]:
    """Without the stream of the rubric that the case pins."""
    rubric = json.loads(next(files[name] for name in files if b"RubricPublished" in files[name]))
    for place in places(files, rubric["case"]):
        files = without(files, place)
    return files


def in_order(files: dict[str, bytes]) -> dict[str, bytes]:
    kinds = ("checkpoint", "enclosures", "entries", "proofs", "consistency")
    return dict(sorted(files.items(), key=lambda one: (kinds.index(one[0].split("/")[0]), one[0])))


TAMPERED: list[Callable[[dict[str, bytes]], dict[str, bytes]]] = [
    altered_entry, dropped_first, dropped_middle, dropped_last, dropped_entry_without_its_proof,
    kept_proof_of_nothing, swapped, swapped_with_their_proofs, duplicated, changed_proof,
    proof_of_another_checkpoint, missing_enclosure, extra_enclosure, altered_enclosure,
    extra_member, missing_checkpoint, another_rubric,
]  # fmt: skip


def test_a_dossier_verifies_by_both_programs(house_as_built: House) -> None:
    house = house_as_built
    said = done(ours(house.dossier, house.vkey, house.old)).json
    stranger = strangers_alone(house.dossier, house.vkey, house.old)

    assert (said["case"], said["level"], said["drift"]) == (CASE, "L2", [])
    assert stranger.code == 0, stranger.out
    assert f"VERIFIED: {CASE}, complete to version {said['version']}" in stranger.out
    assert "consistent with the checkpoint held" in stranger.out


def test_without_a_checkpoint_from_outside_both_say_so(house_as_built: House) -> None:
    assert done(ours(house_as_built.dossier, house_as_built.vkey)).json["level"] == "L1"
    stranger = strangers(house_as_built.dossier, house_as_built.vkey)
    assert stranger.code == 0
    assert "not compared with any other checkpoint" in stranger.out


def test_packing_it_again_changes_nothing(house_as_built: House) -> None:
    """So that the tampered ones below are refused for what was done to them."""
    data = house_as_built.dossier.read_bytes()
    assert packed(members(data)) == write(parse(data)) == data


@pytest.mark.parametrize("tamper", TAMPERED, ids=lambda one: str(one.__name__))
def test_both_refuse_what_was_tampered_with(
    tamper: Callable[[dict[str, bytes]], dict[str, bytes]], house_as_built: House, tmp_path: Path
) -> None:
    files = members(house_as_built.dossier.read_bytes())
    tampered = tamper(files)
    assert tampered != files
    file = tmp_path / "tampered.zip"
    file.write_bytes(packed(tampered))
    both_refuse(file, house_as_built.vkey)


def test_both_refuse_a_member_that_comes_twice(house_as_built: House, tmp_path: Path) -> None:
    """A reader that takes the first and a verifier that takes the last would differ."""
    out = BytesIO(house_as_built.dossier.read_bytes())
    with pytest.warns(UserWarning, match="Duplicate"), ZipFile(out, "a", ZIP_STORED) as archive:
        archive.writestr("enclosures/readme.txt", archive.read("enclosures/readme.txt"))
    file = tmp_path / "twice.zip"
    file.write_bytes(out.getvalue())
    both_refuse(file, house_as_built.vkey)


@pytest.mark.parametrize("part", [0, 1, 100, 0.5, -1])
def test_both_refuse_a_file_cut_short(part: float, house_as_built: House, tmp_path: Path) -> None:
    data = house_as_built.dossier.read_bytes()
    file = tmp_path / "short.zip"
    file.write_bytes(data[: int(len(data) * part) if part == 0.5 else int(part)])
    both_refuse(file, house_as_built.vkey)


def test_both_refuse_another_key_of_the_same_name(house_as_built: House) -> None:
    both_refuse(house_as_built.dossier, OTHER_KEY)


def test_both_refuse_the_checkpoint_of_another_dossier(
    house: House, house_as_built: House, tmp_path: Path
) -> None:
    later = exported(house.ledger, tmp_path / "later.zip")
    files = members(house_as_built.dossier.read_bytes())
    files["checkpoint"] = members(later.read_bytes())["checkpoint"]
    file = tmp_path / "mixed.zip"
    file.write_bytes(packed(files))
    both_refuse(file, house.vkey)


def test_both_refuse_an_older_dossier_with_a_newer_end(house: House, tmp_path: Path) -> None:
    """Its entries after the first export are left out, and the last of all is put there."""
    later = members(exported(house.ledger, tmp_path / "later.zip").read_bytes())
    file = tmp_path / "gap.zip"
    file.write_bytes(packed(without(later, places(later)[-2])))
    both_refuse(file, house.vkey)


def test_the_dossier_of_another_case_is_not_taken_for_this_one(
    house: House, tmp_path: Path
) -> None:
    """It holds, and both say whose it is."""
    done(
        scoretrail(
            *(house.ledger, "--as", "bureau-officer", "--dated", "2025-01-06"),
            *("case", "open", "parks-2022", "--title", "绿化", "--year", "2022"),
            *("--unit", "parks", "--unit-name", "公园", "--bureau", "zhanjiang-finance"),
            *("--bureau-name", "湛江市财政局"),
        )
    )
    pin = (
        *("case", "pin", "parks-2022", "--rubric", "zhanjiang-departments-2023"),
        *("--edition", "2024-1"),
    )
    done(scoretrail(house.ledger, "--as", "bureau-officer", "--dated", "2025-01-06", *pin))
    other = exported(house.ledger, tmp_path / "parks.zip", case="parks-2022")
    assert done(ours(other, house.vkey)).json["case"] == "parks-2022"
    assert "VERIFIED: parks-2022," in strangers(other, house.vkey).out
    files = {
        **members(house.dossier.read_bytes()),
        **{n: c for n, c in members(other.read_bytes()).items() if n.startswith("enclosures/")},
    }
    file = tmp_path / "mixed.zip"
    file.write_bytes(packed(files))
    both_refuse(file, house.vkey)


def test_the_bytes_of_the_same_content_are_the_same(house_as_built: House) -> None:
    dossier = parse(house_as_built.dossier.read_bytes())
    shuffled = dossier._replace(
        entries=dict(sorted(dossier.entries.items(), reverse=True)),
        receipts=dict(sorted(dossier.receipts.items(), reverse=True)),
        consistency=dict(sorted(dossier.consistency.items(), reverse=True)),
        enclosures=dict(sorted(dossier.enclosures.items(), reverse=True)),
    )
    assert write(shuffled) == house_as_built.dossier.read_bytes()


def test_no_flipped_byte_verifies_with_other_content(house_as_built: House) -> None:
    """Every 9,001st byte of the file, and many of its checkpoint and of one proof."""
    data = house_as_built.dossier.read_bytes()
    keys = [VerifierKey.parse(house_as_built.vkey)]
    checkpoint = data.index(parse(data).checkpoint)
    proof = data.index(b"c2sp.org/tlog-proof@v1")
    every = {
        *range(0, len(data), 9_001),
        *range(checkpoint - 40, checkpoint + len(parse(data).checkpoint), 2),
        *range(proof - 60, proof + 600, 13),
        *range(len(data) - 22, len(data)),
    }
    for place in sorted(every):
        flipped = bytearray(data)
        flipped[place] ^= 1 << place % 8
        with pytest.raises(Unproven):
            verify(parse(bytes(flipped)), keys)


def test_a_zip_that_is_damaged_in_its_own_fields_is_refused_and_never_a_crash(
    house_as_built: House,
) -> None:
    """Such as the method of compression of the first member, in its header and in the directory."""
    data = house_as_built.dossier.read_bytes()
    directory = int.from_bytes(data[-6:-2], "little")
    for place in (6, 8, directory + 8, directory + 10):
        for bit in range(8):
            flipped = bytearray(data)
            flipped[place] ^= 1 << bit
            with pytest.raises(Unproven):
                parse(bytes(flipped))


class TestACheckpointThatTheReaderHolds:
    def test_fits(self, house_as_built: House) -> None:
        house = house_as_built
        assert done(ours(house.dossier, house.vkey, house.old, house.new)).json["level"] == "L2"
        assert strangers(house.dossier, house.vkey, house.new).code == 0

    def test_of_a_fork_of_the_same_length_is_refused(self, house: House, fork: House) -> None:
        both_refuse(house.dossier, house.vkey, fork.new)

    def test_of_a_shorter_fork_is_refused_although_a_proof_was_asked_for(
        self, house: House, fork: House, tmp_path: Path
    ) -> None:
        asked = exported(house.ledger, tmp_path / "asked.zip", "--checkpoint", str(fork.new))
        both_refuse(asked, house.vkey, fork.new)

    def test_that_is_newer_is_answered_by_a_newer_dossier(
        self, house: House, tmp_path: Path
    ) -> None:
        exported(house.ledger, tmp_path / "more.zip")
        newer = signed(house.ledger, tmp_path / "newer")
        both_refuse(house.dossier, house.vkey, newer)
        said = ours(house.dossier, house.vkey, newer).err
        assert "请要新的卷宗" in said
        asked = exported(house.ledger, tmp_path / "asked.zip", "--checkpoint", str(newer))
        assert done(ours(asked, house.vkey, newer)).json["level"] == "L2"
        assert strangers(asked, house.vkey, newer).code == 0

    def test_of_another_log_is_refused(self, house: House, tmp_path: Path) -> None:
        other = copied(house.ledger, tmp_path / "other.db")
        done(scoretrail(other, "key", "generate", "other.example/log1"))
        both_refuse(house.dossier, house.vkey, signed(other, tmp_path / "other"))


def small(tmp_path: Path, files: dict[str, bytes], *held: bytes, refused: bool) -> str:
    """Both programs agree on a small dossier; what the stranger's says of it."""
    file, vkey = tmp_path / "small.zip", str(small_dossier.KEY.public)
    file.write_bytes(packed(files))
    outside = [tmp_path / f"held-{at}" for at in range(len(held))]
    for path, note in zip(outside, held, strict=True):
        path.write_bytes(note)
    stranger = strangers(file, vkey, *outside)
    assert (stranger.code, stranger.err) == (3 if refused else 0, "")
    assert stranger.out.startswith("NOT VERIFIED: " if refused else "VERIFIED: small-2023, ")
    seen = [SignedCheckpoint.parse(note) for note in held]
    if refused:
        with pytest.raises(Unproven):
            verify(parse(file.read_bytes()), [small_dossier.KEY.public], held=seen)
    else:
        verified = verify(parse(file.read_bytes()), [small_dossier.KEY.public], held=seen)
        assert verified.consistent_with == tuple(one.checkpoint.head.size for one in seen)
        assert (verified.case, verified.head.size) == ("small-2023", len(small_dossier.entries()))
        assert {one.case for one in verified.others} == {"rubric:small", REGISTER}
    return stranger.out


class TestASmallDossier:
    """Whose every byte the tests choose, so that the log itself may lie as it signs."""

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
        signed = small_dossier.checkpoint(log) + line.encode()
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

    def test_without_a_checkpoint_is_refused(self) -> None:
        files = small_dossier.files(small_dossier.entries())
        del files["checkpoint"]
        with pytest.raises(Unproven, match="there is no checkpoint"):
            parse(packed(files))

    def test_without_entries_is_refused(self, tmp_path: Path) -> None:
        files = small_dossier.files(small_dossier.entries())
        few = {name: files[name] for name in ("checkpoint", "enclosures/readme.txt")}
        small(tmp_path, few, refused=True)

    def test_that_the_log_has_closed_elsewhere_is_refused(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        count = json.loads(log[-1])["data"]["covers"]
        for lie in (count - 1, count + 1, count + 2):
            false = small_dossier.told_otherwise(log, len(log) - 1, covers=lie)
            small(tmp_path, small_dossier.files(false), refused=True)
        small(tmp_path, small_dossier.files(log[:-1]), refused=True)

    def test_with_a_link_that_the_log_has_broken_is_refused(self, tmp_path: Path) -> None:
        *log, last = small_dossier.entries()
        link = json.loads(last)["prev"].encode()
        for other in (b"0" * 64, b""):
            false = [*log, last.replace(link, other)]
            small(tmp_path, small_dossier.files(false), refused=True)

    def test_with_a_version_that_the_log_has_left_out_is_refused(self, tmp_path: Path) -> None:
        log = small_dossier.entries()
        for gone in (-2, small_dossier.place_of(log, "CaseOpened")):
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
        with pytest.raises(Unproven, match=r"of another log, other\.example/log1"):
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
        small(tmp_path, small_dossier.files(log), small_dossier.checkpoint([]), refused=True)

    def test_with_a_name_that_is_almost_right_is_refused(self, tmp_path: Path) -> None:
        files = small_dossier.files(small_dossier.entries())
        for name in ("enclosures/A", "enclosures/a_b", "enclosures/.a", "enclosures/" + "a" * 82):
            small(tmp_path, in_order({**files, name: b""}), refused=True)
        for name in ("checkpoint~", "entries/1.json", "consistency/1~", "proofs/1"):
            small(tmp_path, {**files, name: b""}, refused=True)

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
        with pytest.raises(Unproven, match="above 536870912 bytes"):
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
            with pytest.raises(Unproven, match="larger than it is"):
                parse(bomb)
        with pytest.raises(Unproven, match="not in the one form"):
            parse(of_which_it_says(len(sound)))

    def test_has_no_more_files_than_may_be(self, monkeypatch: pytest.MonkeyPatch) -> None:
        files = small_dossier.files(small_dossier.entries())
        monkeypatch.setattr("ledger.dossier.FILES_MAX", len(files))
        assert parse(packed(files)).entries
        monkeypatch.setattr("ledger.dossier.FILES_MAX", len(files) - 1)
        with pytest.raises(Unproven, match="too many files"):
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
