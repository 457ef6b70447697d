"""Sentences in two languages, and how they are written where nothing is before them."""

import pytest

from ledger.language import Text, sentence
from ledger.problem import Mendable


@pytest.mark.parametrize(
    ("en", "own"),
    [
        ("fill this in", "Fill this in"),
        ("not logged in: ask an administrator", "Not logged in: ask an administrator"),
        ("There is no account lead.", "There is no account lead."),
        ("output-goals: a justification is required", "output-goals: a justification is required"),
        ("complaints: a justification is required", "complaints: a justification is required"),
        ("report.html is already there", "report.html is already there"),
        ("10.75 is not a date", "10.75 is not a date"),
        ("", ""),
    ],
)
def test_english_begins_with_a_capital_unless_it_begins_with_a_name(en: str, own: str) -> None:
    assert sentence(Text("请填写", en)) == Text("请填写", own)


def test_a_problem_that_begins_with_what_it_is_about_is_written_as_that_is() -> None:
    last = Mendable("lead 是最后一个管理员", "lead is the last administrator", subject="lead")
    other = Mendable("没有这个账号", "no such account", subject="lead")

    assert [last.sentence.en, other.sentence.en] == [last.text.en, "No such account"]
