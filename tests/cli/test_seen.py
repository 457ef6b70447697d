"""`--seen`: what somebody had looked at before they acted."""

from pathlib import Path

from tests.support.places import Place
from tests.support.terminal import CASE, done, entries, scoretrail

ADJUST = ("review", "adjust", CASE, "e-contracts")
WHY = ("--justification", "y", "--clause", "附件1")


def adjust(ledger: Place, award: str, *more: str) -> int:
    words = ("--as", "agency-reviewer", *ADJUST, award, *WHY, *more)
    return scoretrail(ledger, *words, lang="en").code


def test_what_was_looked_at_is_recorded(submitted: Place) -> None:
    last = len(entries(submitted))

    assert adjust(submitted, "0.10", "--seen", f"v{last}") == 0
    assert entries(submitted)[-1]["seen"] == last


def test_whoever_looked_too_early_is_told_what_happened_since(submitted: Place) -> None:
    last = len(entries(submitted))
    assert adjust(submitted, "0.10") == 0
    words = ("--as", "agency-lead", *ADJUST, "0.20", *WHY, "--seen", f"v{last}")

    said = scoretrail(submitted, *words, lang="en")

    assert said.code == 4
    assert "score adjusted (agency-reviewer" in said.err
    assert len(entries(submitted)) == last + 1


def test_what_is_no_version_is_a_mistake_of_use(submitted: Place) -> None:
    last = len(entries(submitted))

    assert adjust(submitted, "0.10", "--seen", "yesterday") == 2
    assert len(entries(submitted)) == last


def test_a_batch_file_says_it_for_one_command_or_for_all(submitted: Place, tmp_path: Path) -> None:
    last = len(entries(submitted))
    file = tmp_path / "review.toml"
    command = (
        '[[command]]\ndo = "adjust-score"\nindicator = "e-contracts"\n'
        'award = "{award}"\njustification = "y"\nclause = "附件1"\n'
    )
    head = f'case = "{CASE}"\nas = "agency-reviewer"\n'

    file.write_text(f'{head}seen = "v{last}"\n{command.format(award="0.10")}', encoding="utf-8")
    done(scoretrail(submitted, "apply", str(file)))
    file.write_text(f"{head}{command.format(award='0.20')}seen = {last}\n", encoding="utf-8")
    said = scoretrail(submitted, "apply", str(file), lang="en")

    assert said.code == 4
    assert "score adjusted (agency-reviewer" in said.err
    assert [one.get("seen") for one in entries(submitted)][last:] == [last]
    file.write_text(f"{head}{command.format(award='0.20')}seen = 1.5\n", encoding="utf-8")
    assert scoretrail(submitted, "apply", str(file), lang="en").code == 2
