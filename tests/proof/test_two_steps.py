"""A receipt in two steps holds, or not, for everybody alike: us, the program in Go and the page."""

import gzip
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from application.cose_receipts import any_receipt
from application.receipt_verification import verify_receipt
from bench.two_steps import receipts
from ledger.gzipped import compressed
from ledger.log.note import VerifierKey
from ledger.log.policy import TrustPolicy
from ledger.log.tree import ProofError
from ledger.values import Invalid
from tests.support.small_dossier import checkpoint, entries
from tests.support.stranger import page_believes_two_steps
from tests.support.strangers_in_go import Verifier
from tests.support.two_steps import CITY, PROVINCE, REHEARSED, TwoSteps, two_steps

pytestmark = pytest.mark.sqlite_only("made-up logs")

PROOF = b"c2sp.org/tlog-proof@v1\n"
TWO_KILOBYTES = 2048


def believed(held: TwoSteps, folder: Path, goverify: Verifier) -> list[bool | None]:
    """Whether we, Go and the page believe it; None where there is no browser."""
    file, entry = folder / "two-step", folder / "entry.json"
    file.write_bytes(held.receipt)
    entry.write_bytes(held.entry)
    audited = goverify("-two-steps", held.city, held.province, file, entry)
    assert (audited.returncode == 0) == audited.stdout.startswith("VERIFIED: entry 3 of ")
    assert audited.returncode in (0, 3), audited.stderr
    page = page_believes_two_steps(file, entry, f"{held.city}\n{held.province}")
    return [ours(held), audited.returncode == 0, page]


def ours(held: TwoSteps) -> bool:
    try:
        policy = TrustPolicy.of(map(VerifierKey.parse, (held.city, held.province)), [])
        verify_receipt(any_receipt("two-step", held.receipt), held.entry, policy)
    except (ProofError, Invalid):
        return False
    return True


def as_its_bytes_are(data: bytes) -> bytes:
    return data


def by_another_program(data: bytes) -> bytes:
    """As `gzip` does, with the name of the file and its time."""
    out = BytesIO()
    with gzip.GzipFile("two-step", "wb", fileobj=out, mtime=1_700_000_000) as member:
        member.write(data)
    return out.getvalue()


@pytest.mark.parametrize("form", [as_its_bytes_are, compressed, by_another_program])
def test_it_holds_for_everybody(
    form: Callable[[bytes], bytes], tmp_path: Path, goverify: Verifier
) -> None:
    held = two_steps()
    assert False not in believed(held._replace(receipt=form(held.receipt)), tmp_path, goverify)


def test_with_a_flipped_bit_in_its_compressed_bytes_it_holds_for_all_or_nobody(
    tmp_path: Path, goverify: Verifier
) -> None:
    """The time in its first bytes, and unused bits, say nothing of what is in it."""
    held = two_steps()
    data = compressed(held.receipt)
    for bit in (*range(80), *range(80, 8 * len(data), 89)):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        found = believed(held._replace(receipt=bytes(flipped)), tmp_path, goverify)
        assert len({*found} - {None}) == 1, (bit, found)


def test_compressed_it_has_two_kilobytes_at_most_at_the_size_of_a_province() -> None:
    assert max(len(compressed(data)) for data in receipts(200)) <= TWO_KILOBYTES


def of_another_type() -> TwoSteps:
    return two_steps(lambda taken: taken.update(type="AccountOpened"))


def outside_the_register() -> TwoSteps:
    return two_steps(lambda taken: taken.update(case="demo-2024"))


def of_a_city_that_nobody_signed() -> TwoSteps:
    other = checkpoint(entries(), key=PROVINCE, origin=PROVINCE.name)
    return two_steps(lambda taken: taken["data"].update(checkpoint=other.decode()))


def without_its_signature() -> TwoSteps:
    return two_steps(lambda taken: taken["data"].update(checkpoint=unsigned(checkpoint(entries()))))


def unsigned(note: bytes) -> str:
    return note.decode().partition("\n\n")[0] + "\n\n"


def of_one_log_twice() -> TwoSteps:
    return two_steps(province=CITY)


def of_a_shorter_city() -> TwoSteps:
    """The city's checkpoint is of three entries: the fourth is not among them."""
    short = checkpoint(entries()[:3]).decode()
    return two_steps(lambda taken: taken["data"].update(checkpoint=short))


def with_another_entry() -> TwoSteps:
    return two_steps()._replace(entry=entries()[2])


def with_a_changed_upper_entry() -> TwoSteps:
    held = two_steps()
    day = json.loads(entries()[0])["dated"]
    changed = held.receipt.replace(f'"dated":"{day}"'.encode(), b'"dated":"2031-01-01"', 1)
    assert changed != held.receipt
    return held._replace(receipt=changed)


def cut_short() -> TwoSteps:
    held = two_steps()
    return held._replace(receipt=held.receipt.partition(PROOF)[0])


def of_one_step_only() -> TwoSteps:
    held = two_steps()
    return held._replace(receipt=PROOF + held.receipt.partition(PROOF)[2])


def with_a_place_in_another_spelling() -> TwoSteps:
    held = two_steps()
    return held._replace(receipt=held.receipt.replace(b"index 3\n", b"index +3\n", 1))


def compressed_and_cut_short() -> TwoSteps:
    held = two_steps()
    return held._replace(receipt=compressed(held.receipt)[:-9])


def compressed_with_something_behind() -> TwoSteps:
    held = two_steps()
    return held._replace(receipt=compressed(held.receipt) + b"\n")


def compressed_as_two_members() -> TwoSteps:
    held = two_steps()
    halves = (held.receipt[:500], held.receipt[500:])
    return held._replace(receipt=b"".join(map(compressed, halves)))


def compressed_twice() -> TwoSteps:
    held = two_steps()
    return held._replace(receipt=compressed(compressed(held.receipt)))


def compressed_without_end() -> TwoSteps:
    """It begins as a receipt, and has 128 MiB of zeros behind that."""
    held = two_steps()
    return held._replace(receipt=gzip.compress(held.receipt + bytes(2**27), 1))


def compressed_with_another_entry() -> TwoSteps:
    held = with_another_entry()
    return held._replace(receipt=compressed(held.receipt))


@pytest.mark.parametrize(
    "lie",
    [
        of_another_type,
        outside_the_register,
        of_a_city_that_nobody_signed,
        without_its_signature,
        of_one_log_twice,
        of_a_shorter_city,
        with_another_entry,
        with_a_changed_upper_entry,
        cut_short,
        of_one_step_only,
        with_a_place_in_another_spelling,
        compressed_and_cut_short,
        compressed_with_something_behind,
        compressed_as_two_members,
        compressed_twice,
        compressed_without_end,
        compressed_with_another_entry,
    ],
)
def test_a_lie_holds_for_nobody(
    lie: Callable[[], TwoSteps], tmp_path: Path, goverify: Verifier
) -> None:
    assert True not in believed(lie(), tmp_path, goverify)


def test_nobody_takes_the_city_for_the_province(tmp_path: Path, goverify: Verifier) -> None:
    """Go is told which key is of which level; ours and the page see it by the names."""
    held = two_steps()
    file, entry = tmp_path / "two-step", tmp_path / "entry.json"
    file.write_bytes(held.receipt)
    entry.write_bytes(held.entry)
    assert goverify("-two-steps", held.province, held.city, file, entry).returncode == 3


def test_of_a_rehearsed_city_it_is_nothing_real(tmp_path: Path, goverify: Verifier) -> None:
    held = two_steps(city=REHEARSED)
    file, entry = tmp_path / "two-step", tmp_path / "entry.json"
    file.write_bytes(held.receipt)
    entry.write_bytes(held.entry)
    asked = ("-two-steps", held.city, held.province, file, entry)
    assert goverify(*asked).returncode == 6
    assert goverify(*asked, "-practice").returncode == 0
