"""The reference case: nobody says what somebody else has said, or what nobody has printed."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pytest

from ledger.envelope import RecordedEvent
from ledger.events import FigureConfirmed, FigureRestated, FigureSubmitted
from ledger.values import Figure
from tests.examples.test_reference_findings import reference

OF_A_TRANSCRIBER = ("转录", "录入", "报告没有", "报告只", "报告写")
OTHER_REPORT = {"unit": "核查报告", "reviewer": "自评报告", "lead-reviewer": "自评报告"}
NOT_WORDS = ("transcriber_note", "cites", "source")


def history() -> list[RecordedEvent]:
    return reference()[0]


def words(data: object) -> Iterator[str]:
    """What an act says, apart from where it is printed and what its transcriber adds."""
    match data:
        case Mapping():
            for name, each in data.items():
                if name not in NOT_WORDS:
                    yield from words(each)
        case list() | tuple():
            for each in data:
                yield from words(each)
        case str():
            yield data
        case _:
            pass


def said(one: RecordedEvent) -> list[str]:
    plain: Any = msgspec.to_builtins(one.event)
    return list(words(plain))


def figures() -> list[tuple[FigureSubmitted | FigureRestated, Figure]]:
    events = [one.event for one in history()]
    return [
        (one, one.figure) for one in events if isinstance(one, FigureSubmitted | FigureRestated)
    ]


@pytest.mark.parametrize("remark", OF_A_TRANSCRIBER)
def test_no_act_of_a_party_holds_a_remark_of_whoever_copied_it(remark: str) -> None:
    found = [
        (one.version, text)
        for one in history()
        if not one.event.undocumented
        for text in said(one)
        if remark in text
    ]

    assert found == []


def test_neither_report_speaks_of_the_other() -> None:
    found = [
        (one.version, text)
        for one in history()
        if not one.event.undocumented
        for text in said(one)
        if (other := OTHER_REPORT.get(one.by.role)) and other in text
    ]

    assert found == []


def test_where_a_figure_is_printed_is_said_alike_in_words_and_as_citations() -> None:
    reports = {"self-report": "自评报告 ", "review": "核查报告 "}
    for event, figure in figures():
        places = "、".join(citation.place for citation in event.cites)
        assert figure.source == reports[event.cites[0].document] + places, figure.id


def test_what_neither_document_records_is_marked_so() -> None:
    kinds = {type(one.event).__name__ for one in history() if one.event.undocumented}

    assert kinds == {
        "AdjustmentCountersigned",
        "BonusRefused",
        "CaseOpened",
        "DocumentRegistered",
        "EvidenceFiled",
        "FigureRestated",  # the amount that was reserved for small firms, left out of the review
        "ResultIssued",
        "ReviewCommissioned",
        "RubricPinned",
    }


def test_a_silence_is_no_value() -> None:
    stated = {figure.id for _, figure in figures() if figure.value is not None}

    assert not {one for one in stated if one.startswith("audit-issues")}
    submitted = {
        figure.id
        for event, figure in figures()
        if isinstance(event, FigureSubmitted) and figure.value is not None
    }
    assert "budget-addition-rate" not in submitted


def test_what_the_review_drops_is_neither_confirmed_nor_restated() -> None:
    confirmed = {one.event.figure for one in history() if isinstance(one.event, FigureConfirmed)}
    restated = {figure.id for event, figure in figures() if isinstance(event, FigureRestated)}

    assert "lift-inspections" in confirmed
    assert "complaint-rate" not in confirmed | restated
