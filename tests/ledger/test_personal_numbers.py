"""Numbers of persons are found in texts; amounts, digests, codes and numbers of papers are not.

The numbers are made up: of the examples in the standards, or of digits in a row.
"""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.commands import LodgeAppeal, RestateFigure
from ledger.language import Text
from ledger.personal_numbers import (
    CARD,
    IDENTITY,
    MOBILE,
    PersonalNumber,
    personal_numbers,
    personal_numbers_of,
)
from ledger.values import Figure, Target


@pytest.mark.parametrize(
    ("text", "kind", "last"),
    [
        ("11010519491231002X", IDENTITY, "002X"),
        ("经办人身份证11010519491231002x，已核对", IDENTITY, "002X"),
        ("(11010519491231002X)", IDENTITY, "002X"),
        ("卡号4111111111111111。", CARD, "1111"),
        ("4111 1111 1111 1111", CARD, "1111"),
        ("5500-0000-0000-0004", CARD, "0004"),
        ("联系电话13812345678，", MOBILE, "5678"),
        ("138 1234 5678", MOBILE, "5678"),
        ("138-1234-5678", MOBILE, "5678"),
        ("+86 13812345678", MOBILE, "5678"),
        ("8613812345678", MOBILE, "5678"),
        ("１３８１２３４５６７８", MOBILE, "5678"),
        ("13812345678.", MOBILE, "5678"),
    ],
)
def test_each_kind_is_found_and_only_its_end_is_kept(text: str, kind: Text, last: str) -> None:
    assert list(personal_numbers(text)) == [PersonalNumber(kind, last)]


@pytest.mark.parametrize(
    "text",
    [
        "110105194912310021",  # the check digit is another
        "110105194913310022",  # no such month
        "110105188012310023",  # born before 1900
        "4111111111111112",  # the check digit is another
        "0000000000000000",
        "911100001000014489",  # no card
        "91350100M000100Y43",  # a social credit code
        "12812345678",
        "1381234567",
        "138123456789",
        "13812345678元",
        "13812345678 万元",
        "13812345678.50",
        "13,812,345,678",
        "¥13812345678",
        "0759-3381234-8012",
        "2024-13812345678",
        "粤财绩〔2024〕13号",
        "2023-11-09/2023-11-24",
        "20241109123456",
        "v57",
        "IMG_13812345678",
    ],
)
def test_what_is_like_it_is_not_asked_about(text: str) -> None:
    assert not list(personal_numbers(text))


@given(st.binary())
def test_no_digest_is_the_number_of_a_person(content: bytes) -> None:
    assert not list(personal_numbers(sha256(content).hexdigest()))


@given(st.decimals(0, 10**14, places=2).map(str))
def test_no_amount_with_decimals_is_the_number_of_a_person(amount: str) -> None:
    assert not list(personal_numbers(amount))


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text("，。；：（）人电话"))
def test_a_mobile_number_among_chinese_words_is_always_found(number: str, words: str) -> None:
    found = list(personal_numbers(f"{words}{number}{words}"))

    assert found == [PersonalNumber(MOBILE, number[-4:])]


def test_the_field_is_named_in_which_it_stands_however_deep() -> None:
    figure = Figure("lifts", "output-goals", "电梯", note="问 13812345678")

    found = dict(personal_numbers_of(RestateFigure(figure=figure, reason="更正")))

    assert found == {"figure.note": PersonalNumber(MOBILE, "5678")}


def test_a_number_that_is_a_figure_is_an_amount() -> None:
    target = Target("at-least", "13812345678")
    amount = Figure("lifts", "output-goals", "金额", value="13912345678", target=target)
    words = Figure("lifts", "output-goals", "联系人", kind="text", value="13912345678")

    assert not list(personal_numbers_of(RestateFigure(figure=amount, reason="更正")))
    assert dict(personal_numbers_of(RestateFigure(figure=words, reason="更正"))) == {
        "figure.value": PersonalNumber(MOBILE, "5678")
    }


def test_every_part_of_a_list_is_looked_at() -> None:
    appeal = LodgeAppeal(appeal="a", indicators=("plan", "13812345678"), statement="x")

    assert [field for field, _ in personal_numbers_of(appeal)] == ["indicators.2"]
