"""What the search finds: texts of events, and words in them."""

from decimal import Decimal
from typing import Final, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.events import (
    AppealDecided,
    CaseEvent,
    EvidenceFiled,
    ObjectionAnswered,
    ScoreConfirmed,
)
from ledger.values import Evidence, Invalid
from projections.searched_texts import (
    FIELDS,
    KINDS,
    LONGEST,
    MOST_WORDS,
    WIDEST,
    compared,
    in_index,
    pieces,
    pieces_of_words,
    quoted,
    texts_of,
    words_of,
)

NOT_SEARCHED: Final = {
    *("number", "notice", "document", "sha256", "previous_sha256", "form", "label", "name"),
    *("bureau_name", "agency_name", "issuer", "recipient", "place", "scope", "transcriber_note"),
    *("account", "unit", "bureau", "agency", "rubric", "edition", "previous_edition", "member"),
    *("within", "item", "indicator", "figure", "finding", "recommendation", "objection", "appeal"),
    *("request", "column", "schedule", "kind", "outcome", "term", "purpose", "program"),
    *("printed_grade", "computed_grade"),
}
"""Names, numbers and ids: what cases, rows and documents are looked for by elsewhere."""

TEXTS = st.text(st.sampled_from("预算执行率abAＢ1２ ,。：ß㎡"), max_size=12)


def test_every_word_of_a_case_is_searched_or_known_not_to_be() -> None:
    for event in get_args(CaseEvent):
        words = {name for name, kind in get_type_hints(event).items() if kind in {str, str | None}}
        assert words <= FIELDS.keys() | NOT_SEARCHED, event
    assert NOT_SEARCHED.isdisjoint(FIELDS)


def test_a_text_is_of_the_kind_of_its_event() -> None:
    confirmed = ScoreConfirmed(
        indicator="plan",
        award=Decimal(1),
        justification="有文件",
        clause="第三条",
        ground="",
        evidence=(),
    )
    answered = ObjectionAnswered(
        objection="o", indicator="plan", outcome="rejected", justification="维持", adjustment=None
    )
    decided = AppealDecided(
        appeal="a",
        outcome="upheld",
        number="",
        justification="成立",
        clause="第九条",
        rulings=(),
        evidence=(),
    )
    filed = EvidenceFiled(evidence=Evidence("0" * 64, "自评报告"))
    assert [*texts_of(confirmed)] == [("reason", "有文件"), ("clause", "第三条")]
    assert [*texts_of(answered)] == [("answer", "维持")]
    assert [*texts_of(decided)] == [("answer", "成立"), ("clause", "第九条")]
    assert [*texts_of(filed)] == [("evidence", "自评报告")]
    assert {"reason", "clause", "answer", "evidence"} < {*KINDS}


@given(text=TEXTS, word=TEXTS)
def test_the_index_leaves_out_no_text_that_has_a_word(text: str, word: str) -> None:
    """What an index of pieces finds is at least what is there."""
    words = compared(word).split()
    if all(part in compared(text) for part in words):
        held = {in_index(piece) for piece in pieces([compared(text)])}
        whole, begun = pieces_of_words(words)
        assert {in_index(piece) for piece in whole} <= held
        assert all(any(piece.startswith(in_index(short)) for piece in held) for short in begun)


def test_a_word_of_two_characters_is_a_piece_and_one_of_one_begins_some() -> None:
    assert pieces_of_words(["预算"]) == ({"预算"}, set())
    assert pieces_of_words(["预"]) == (set(), {"预"})
    assert pieces_of_words(["预算2023年"]) == ({"预算", "202", "023"}, {"年"})
    assert pieces(["预算a"]) == {"预算", "算", "a"}


@given(before=TEXTS, word=TEXTS.filter(lambda text: bool(compared(text).strip())), after=TEXTS)
def test_a_sentence_is_quoted_as_it_is_written_with_the_word_in_it(
    before: str, word: str, after: str
) -> None:
    text = before + word + after
    (first, *_) = words_of(word)
    quotation = quoted(text, [first])
    assert quotation.sentence.strip("…") in text
    assert "".join(part for part, _ in quotation.parts) == quotation.sentence
    assert quotation.found
    for start, end in quotation.found:
        marked = compared(quotation.sentence[start:end])
        assert marked.startswith(first) or first in marked or set(first) & {*"。;"}


def test_the_sentences_of_the_words_are_shown_and_a_long_one_cut_about_them() -> None:
    assert quoted("先说别的。预算执行 95%；再说。", ["预算"]).marked == "…【预算】执行 95%；…"
    assert (
        quoted("预算一。空话。说到调整。", ["调整", "预算"]).marked == "【预算】一。…说到【调整】。"
    )
    assert quoted("ＰＬＡＮ done", ["plan"]).marked == "【ＰＬＡＮ】 done"
    long = "甲" * 300 + "预算" + "乙" * 300
    shown = quoted(long, ["预算"])
    assert len(shown.sentence) <= WIDEST + 2
    assert shown.sentence.startswith("…")
    assert shown.sentence.endswith("…")
    assert "【预算】" in shown.marked


@pytest.mark.parametrize("typed", ["", "   ", "x" * (LONGEST + 1), " ".join("abcdefghi")])
def test_no_words_and_too_many_are_refused(typed: str) -> None:
    assert len("abcdefghi") > MOST_WORDS
    with pytest.raises(Invalid):
        words_of(typed)
