"""A date that is most likely a slip is refused at every door, until that very date is confirmed."""

import json
from pathlib import Path

import pytest

from tests.support.filled_forms import Person
from tests.support.places import Place, Places
from tests.support.terminal import CASE, Said, done, entries, record, scoretrail

pytest_plugins = ["tests.support.reference_ledger"]

REFUSED = 1
DAY = "2013-11-20"
FIELDS = {
    "indicator": "output-goals",
    "award": "15",
    "clause": "附件2",
    "ground": "酌情",
    "justification": "三项未完成",
}


def adjust(ledger: Place, *before: str) -> Said:
    words = [part for name, value in list(FIELDS.items())[2:] for part in (f"--{name}", value)]
    act = ("review", "adjust", CASE, "output-goals", "15", *words)
    return scoretrail(ledger, *before, "--as", "agency-reviewer", *act, lang="en")


def toml(folder: Path, head: str = "", own: str = "") -> Path:
    path = folder / "acts.toml"
    fields = "".join(f"{name} = {json.dumps(value)}\n" for name, value in FIELDS.items())
    path.write_text(
        f'case = "{CASE}"\nas = "agency-reviewer"\ndated = {DAY}\n{head}\n'
        f'[[command]]\ndo = "adjust-score"\n{fields}{own}\n',
        encoding="utf-8",
    )
    return path


def json_lines(folder: Path, **own: object) -> Path:
    path = folder / "acts.jsonl"
    act = {"case": CASE, "as": "agency-reviewer", "dated": DAY, "do": "adjust-score", **FIELDS}
    path.write_text(json.dumps({**act, **own}, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def test_a_single_act_is_refused_with_what_confirms_it(submitted: Place) -> None:
    before = record(submitted)

    said = adjust(submitted, "--dated", DAY)

    assert said.code == REFUSED
    assert f"Business date {DAY} is before" in said.err
    assert f"scoretrail --confirm-date {DAY} …" in said.err
    assert record(submitted) == before


def test_only_that_very_date_confirms_it(submitted: Place) -> None:
    before = record(submitted)

    assert adjust(submitted, "--dated", DAY, "--confirm-date", "2013-11-21").code == REFUSED
    assert record(submitted) == before

    done(adjust(submitted, "--dated", DAY, "--confirm-date", DAY))
    assert entries(submitted)[-1]["confirmed"] == [DAY]
    done(scoretrail(submitted, "verify"))


@pytest.mark.parametrize("way", ["file", "command", "lines", "option"])
def test_a_file_confirms_at_its_head_in_a_command_or_by_the_option(
    submitted: Place, tmp_path: Path, way: str
) -> None:
    key = f"confirm_dates = [{DAY}]"
    file = {
        "file": lambda: toml(tmp_path, head=key),
        "command": lambda: toml(tmp_path, own=key),
        "lines": lambda: json_lines(tmp_path, confirm_dates=[DAY]),
        "option": lambda: toml(tmp_path),
    }[way]()
    option = ("--confirm-date", DAY) if way == "option" else ()

    done(scoretrail(submitted, *option, "apply", str(file)))

    assert entries(submitted)[-1]["confirmed"] == [DAY]


def test_a_file_that_confirms_nothing_is_refused_with_its_place(
    submitted: Place, tmp_path: Path
) -> None:
    before = record(submitted)

    for file in (toml(tmp_path), json_lines(tmp_path)):
        said = scoretrail(submitted, "apply", str(file), lang="en")
        assert said.code == REFUSED
        assert DAY in said.out + said.err
        assert f"{file.name}, command 1" in said.out + said.err
    assert record(submitted) == before


def test_a_form_is_confirmed_by_the_option(submitted: Place, tmp_path: Path) -> None:
    path = tmp_path / "review.xlsx"
    done(scoretrail(submitted, "form", "review", "--case", CASE, "-o", str(path)))
    person = Person(path)
    row = {"award": "15", "justification": "三项未完成", "clause": "附件2", "ground": "酌情"}
    person.fill("核查评分", "output-goals", row)
    person.book.save(path)
    before = record(submitted)
    apply = ("--as", "agency-reviewer", "--dated", DAY, "apply", str(path))

    assert scoretrail(submitted, *apply).code == REFUSED
    assert record(submitted) == before

    done(scoretrail(submitted, "--confirm-date", DAY, *apply))
    assert entries(submitted)[-1]["confirmed"] == [DAY]


@pytest.mark.parametrize("value", ['"2013-11-20"', "true", '["2013-13-01"]', '["yesterday"]'])
def test_what_is_no_list_of_days_confirms_nothing(
    submitted: Place, tmp_path: Path, value: str
) -> None:
    before = record(submitted)

    said = scoretrail(submitted, "apply", str(toml(tmp_path, own=f"confirm_dates = {value}")))

    assert said.code == 2
    assert "confirm_dates" in said.err
    assert record(submitted) == before


def test_a_confirmation_is_no_part_of_what_is_asked_for(
    submitted: Place, places: Places, tmp_path: Path
) -> None:
    other = places.copy(submitted, "other")

    done(scoretrail(submitted, "apply", str(toml(tmp_path, own=f"confirm_dates = [{DAY}]"))))
    done(scoretrail(other, "--confirm-date", DAY, "apply", str(toml(tmp_path))))

    assert entries(submitted)[-1]["command"] == entries(other)[-1]["command"]
    again = done(scoretrail(submitted, "--confirm-date", DAY, "apply", str(toml(tmp_path))))
    assert "0" in again.out


def test_a_ledger_is_not_founded_on_a_slip(places: Places) -> None:
    place = places.new()

    refused = scoretrail(place, "--dated", "0024-01-01", "init", lang="en")

    assert refused.code == REFUSED
    assert "0024-01-01" in refused.err
    done(scoretrail(place, "--dated", "0024-01-01", "--confirm-date", "0024-01-01", "init"))
