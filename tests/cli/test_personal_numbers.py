"""A number of a person is asked about at the door, and recorded only where somebody says so."""

from pathlib import Path

import pytest

from ledger.personal_numbers import personal_numbers
from tests.support.places import Place, Places
from tests.support.terminal import CASE, EXAMPLES, ROOT, Said, done, entries, record, scoretrail

pytest_plugins = ["tests.support.reference_ledger"]

USAGE = 2
NUMBERS = {
    "identity card number": "11010519491231002X",
    "bank card number": "4111111111111111",
    "mobile telephone number": "13812345678",
}
CONFIRMED = "--confirm-personal-number"


def adjust(ledger: Place, text: str, *before: str) -> Said:
    words = ("review", "adjust", CASE, "output-goals", "15", "--justification", text)
    more = ("--ground", "酌情", "--clause", "附件2")
    return scoretrail(ledger, *before, "--as", "agency-reviewer", *words, *more, lang="en")


def batch(folder: Path, *lines: str) -> str:
    path = folder / "acts.toml"
    head = f'case = "{CASE}"\nas = "agency-reviewer"\n[[command]]\n'
    command = 'do = "adjust-score"\nindicator = "output-goals"\naward = "15"\nclause = "附件2"\n'
    words = 'ground = "酌情"\njustification = "电话 13812345678"\n'
    path.write_text(head + command + words + "\n".join(lines), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("kind", NUMBERS)
def test_each_kind_is_asked_about_and_only_its_end_is_shown(submitted: Place, kind: str) -> None:
    before, number = record(submitted), NUMBERS[kind]

    said = adjust(submitted, f"经办人 {number}。")

    assert (said.code, said.out) == (USAGE, "")
    assert "justification" in said.err
    assert f"{kind} ending in {number[-4:]}" in said.err
    assert number[:-4] not in said.err
    assert CONFIRMED in said.err
    assert record(submitted) == before


def test_where_it_is_confirmed_it_is_recorded_and_later_readers_are_not_asked(
    submitted: Place, places: Places, tmp_path: Path
) -> None:
    done(adjust(submitted, "电话 13812345678", CONFIRMED))
    assert entries(submitted)[-1]["data"]["justification"] == "电话 13812345678"

    done(scoretrail(submitted, "verify"))
    out = str(tmp_path / "all.jsonl")
    done(scoretrail(submitted, "export", "--all", "-o", out))
    copied = places.for_import()
    done(scoretrail(copied, "import", out))
    assert entries(copied) == entries(submitted)


def test_a_file_is_asked_with_the_place_and_nothing_of_it_is_written(
    submitted: Place, tmp_path: Path
) -> None:
    before = record(submitted)

    for words in ((), ("--check",)):
        said = scoretrail(submitted, "apply", *words, batch(tmp_path), lang="en")

        assert (said.code, said.out) == (USAGE, "")
        assert "acts.toml, command 1 (line 3): justification: it seems to contain" in said.err
        assert "13812" not in said.err
    assert record(submitted) == before


def test_a_command_of_a_file_confirms_by_a_key_and_a_whole_file_by_the_option(
    submitted: Place, places: Places, tmp_path: Path
) -> None:
    other = places.copy(submitted, "other")

    done(scoretrail(submitted, "apply", batch(tmp_path, "confirm_personal_number = true")))
    done(scoretrail(other, CONFIRMED, "apply", batch(tmp_path)))

    one, two = entries(submitted)[-1], entries(other)[-1]
    assert one["data"] == two["data"]
    assert one["command"]["id"] == two["command"]["id"]  # how it was confirmed is not its content
    again = done(scoretrail(submitted, CONFIRMED, "apply", batch(tmp_path), lang="en"))
    assert "0 events recorded" in again.out


@pytest.mark.parametrize("value", ["false", '"yes"', "1"])
def test_only_true_confirms(submitted: Place, tmp_path: Path, value: str) -> None:
    before = record(submitted)
    file = batch(tmp_path, f"confirm_personal_number = {value}")

    assert scoretrail(submitted, "apply", file).code == USAGE
    assert record(submitted) == before


def test_none_of_the_examples_is_asked() -> None:
    files = [one for one in EXAMPLES.parent.rglob("*") if one.suffix in {".toml", ".jsonl"}]

    assert files
    assert not [one for one in files if [*personal_numbers(one.read_text(encoding="utf-8"))]]
    assert EXAMPLES.parent == ROOT / "examples"
