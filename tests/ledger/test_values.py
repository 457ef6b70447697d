from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import msgspec
import pytest

from ledger.language import Text, from_to
from ledger.stored_struct import validating_type
from ledger.values import (
    CaseId,
    CommandId,
    Evidence,
    Figure,
    FigureKind,
    Instant,
    Interval,
    Invalid,
    Sense,
    Sha256,
    Target,
    Words,
    day_of,
    exact,
    in_words,
    instant,
    interval_of,
    number_of,
)


def test_a_text_shows_both_languages() -> None:
    assert str(Text("得分", "score")) == "得分 / score"


# Numbers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0", "16.00", "-0.5", "007", "12345678901234567890", "0.000001"])
def test_a_plain_decimal_is_read_to_the_digit(text: str) -> None:
    assert number_of(text) == Decimal(text)
    assert number_of(text).as_tuple().exponent == Decimal(text).as_tuple().exponent


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1",
        "1 ",
        "1\n",
        "1,234",
        "1_000",
        "5%",
        "5元",
        "+5",
        ".5",
        "5.",
        "1e5",
        "1e400",
        "NaN",
        "Infinity",
        "１６",
        "٣",
        "0x10",
        "--1",
    ],
)
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"(?s)不是数.*is not a number.*such as"):
        number_of(text)


@pytest.mark.parametrize("text", ["0.1234567", "123456789012345678901", "-0", "-0.00"])
def test_a_number_that_print_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        number_of(text)


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+1", "1e400"])
def test_a_decimal_that_is_no_number_or_has_an_exponent_is_refused(number: str) -> None:
    with pytest.raises(Invalid, match=r"/ .* (is not a number|is out of range)"):
        exact(Decimal(1), None, Decimal(number))


def test_missing_numbers_are_accepted() -> None:
    exact(None, Decimal("0.00"), Decimal("-1.5"))


# Intervals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("[90,100)", ["90", "99.99"], ["89.99", "100", "-90"]),
        ("(90,100]", ["90.01", "100"], ["90", "100.01"]),
        ("(-,60)", ["-1000", "0", "59.99"], ["60"]),
        ("[ 0.5 , - )", ["0.5", "1000000"], ["0.49"]),
        ("(-,-)", ["0", "-5", "5"], []),
        ("[5,5]", ["5", "5.00"], ["4.99", "5.01"]),
        ("[-10,-5]", ["-10", "-5"], ["-4.99", "5"]),
    ],
)
def test_an_interval_holds_what_mathematics_says(
    text: str, inside: list[str], outside: list[str]
) -> None:
    interval = interval_of(text)

    assert [number for number in inside + outside if Decimal(number) in interval] == inside


def test_only_numbers_lie_in_an_interval() -> None:
    assert "5" not in Interval(None, None, low_closed=False, high_closed=False)


@pytest.mark.parametrize("text", ["", "90-100", "[90;100]", "[90,100", "90,100", "[a,b]", "[1,2]x"])
def test_what_is_no_interval_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is not an interval"):
        interval_of(text)


@pytest.mark.parametrize("text", ["[100,90]", "(5,5)", "[5,5)", "(5,5]"])
def test_an_interval_that_holds_nothing_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="is empty"):
        interval_of(text)


# Days and instants -------------------------------------------------------------------------------


def test_a_day_is_written_in_one_way() -> None:
    assert day_of("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2023-02-29",
        "2023-2-9",
        "20230209",
        "2023-W44-6",
        "2023/02/09",
        "2023-02-09T00:00",
        "日",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"is not a date\. Write year, month and day, such as"):
        day_of(text)


def test_instants_have_one_width_so_that_text_order_is_time_order() -> None:
    early = datetime(2026, 11, 21, 18, 0, tzinfo=timezone(timedelta(hours=8)))
    late = datetime(2026, 11, 21, 10, 0, 0, 1, tzinfo=UTC)

    assert instant(early) == "2026-11-21T10:00:00.000000Z"
    assert instant(early) < instant(late)


# Names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (CaseId, ["zhanjiang-amr-2023", "a", "1"], ["", "A", "a--b", "-a", "a-", "湛江", "a\n"]),
        (CaseId, ["a" * 64], ["a" * 65, "a_b", "a b", "rubric:a"]),
        (CommandId, ["x", "A.b:c_d-1", "x" * 100], ["", "x" * 101, "a b", "键", "a\n"]),
        (Sha256, ["0" * 64], ["0" * 63, "0" * 65, "A" * 64, "0" * 64 + "\n"]),
        (Words, ["有", " a "], ["", " ", "\u3000\n\t", "x" * 8001]),
        (
            Instant,
            ["2026-11-21T10:00:00.000000Z"],
            [
                "2026-11-21T10:00:00Z",
                "2026-11-21 10:00:00.000000Z",
                "2026-11-21T10:00:00.000000Z\n",
            ],
        ),
    ],
)
def test_a_name_keeps_to_its_form(kind: type, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert msgspec.convert(text, kind) == text
    for text in bad:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, kind)


def test_evidence_has_a_digest_a_title_and_no_negative_size() -> None:
    good = {"sha256": "0" * 64, "title": "报告"}

    assert msgspec.convert(good, validating_type(Evidence)).media_type == "application/octet-stream"
    for bad in ({"size": -1}, {"size": 2**53}, {"title": ""}, {"sha256": "0"}, {"colour": "red"}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(good | bad, validating_type(Evidence))


# Figures -----------------------------------------------------------------------------------------


def figure(kind: FigureKind, value: str | None) -> Figure:
    return Figure(id="f", indicator="row", name="指标值", kind=kind, value=value)


def test_each_kind_of_figure_reads_its_own_value_and_no_other() -> None:
    number, day = figure("number", "482"), figure("date", "2023-11-04")
    days, met = figure("interval", "2023-11-09/2023-11-24"), figure("yes-no", "no")

    assert number.number == Decimal(482)
    assert day.day == date(2023, 11, 4)
    assert days.days == (date(2023, 11, 9), date(2023, 11, 24))
    assert met.met is False
    assert (number.day, number.days, number.met) == (None, None, None)
    assert (day.number, days.number, met.number) == (None, None, None)


@pytest.mark.parametrize("kind", ["number", "date", "interval", "yes-no", "text"])
def test_a_missing_value_is_not_zero(kind: FigureKind) -> None:
    missing = figure(kind, None)

    assert (missing.number, missing.day, missing.days, missing.met) == (None, None, None, None)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", ""),
        ("number", "约500"),
        ("number", "1,234"),
        ("number", "NaN"),
        ("date", "2023年11月"),
        ("interval", "2023-11-09"),
        ("interval", "2023-11-09/"),
        ("interval", "2023-11-09/later"),
        ("yes-no", "Yes"),
        ("yes-no", "是"),
        ("text", ""),
        ("text", "\u3000"),
    ],
)
def test_a_value_that_is_not_of_its_kind_is_refused(kind: FigureKind, value: str) -> None:
    with pytest.raises(Invalid):
        figure(kind, value).refuse_nonsense()


@pytest.mark.parametrize("sense", ["at-least", "at-most", "exactly"])
def test_a_target_is_a_number_unless_it_is_described(sense: Sense) -> None:
    assert Target(sense, "540").number == Decimal(540)
    assert Target("described", "逐步提高").number is None
    with pytest.raises(Invalid):
        Target(sense, "逐步提高").refuse_nonsense()


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ("(150,-)", "超过 150%", "above 150%"),
        ("[100,-)", "不低于 100%", "at least 100%"),
        ("(-,60)", "不足 60%", "below 60%"),
        ("(-,60]", "不超过 60%", "at most 60%"),
        ("[80,100]", "在 80%～100% 之间", "from 80% to 100%"),
        ("[80,90)", "不低于 80% 且不足 90%", "at least 80% and below 90%"),
        ("(60,80]", "超过 60% 且不超过 80%", "above 60% and at most 80%"),
        ("[5,5]", "为 5%", "exactly 5%"),
        ("(-,-)", "任何数", "any number"),
    ],
)
def test_an_interval_is_said_as_people_say_it(written: str, zh: str, en: str) -> None:
    assert in_words(interval_of(written), "%") == Text(zh, en)


def test_a_range_is_written_as_each_language_writes_it() -> None:
    assert from_to("0.00", "20.00") == Text("0.00～20.00", "0.00–20.00")
    assert from_to("20.00", "20.00") == Text("20.00", "20.00")
