"""The report by four properties says of each check what came of it, and hides nothing."""

import ast
from pathlib import Path
from typing import Final

import pytest

from documents.docx import docx
from documents.four_properties import (
    PROPERTIES,
    Verified,
    four_properties,
    report,
    sentences,
    state,
)
from documents.page import Document, Facts, PageTable, Paragraph, format_cell
from documents.pdf import pdf
from ledger.entry_verification import VerificationFailure
from ledger.language import Language, Text, speaker
from ledger.log.tree import EMPTY_ROOT, TreeHead
from ledger.log_verification import Verification

ROOT: Final = Path(__file__).parents[2]
VERIFIERS: Final = (
    "ledger/log_verification.py",
    "ledger/entry_verification.py",
    "ledger/commands_on_log.py",
    "projections/case_verification.py",
    "application/verify_beside.py",
)
MAKERS: Final = {"_tree_break", "row_break", "_break", "VerificationFailure"}
KINDS: Final = [
    kind for part in PROPERTIES for check in part.checks for kind in sorted(check.kinds)
]
CHECKS: Final = [check for part in PROPERTIES for check in part.checks]


def made_kinds() -> set[str]:
    """Every kind of failure that the source of the verifiers writes down."""
    found = set()
    for name in VERIFIERS:
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            kinds = [word.value for word in node.keywords if word.arg == "kind"]
            if node.func.id in MAKERS and (kinds or node.args):
                kind = (kinds or node.args)[0]
                found |= {
                    one.value
                    for one in ast.walk(kind)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    return found


def failure(kind: str) -> VerificationFailure:
    said = Text("说明", "message")
    return VerificationFailure(kind=kind, where="#7", message=said, affects=said)


def sound() -> Verification:
    return Verification(events=3, leaves=3, accounts=2, head=TreeHead(3, EMPTY_ROOT), held=1)


def document(result: Verification, language: Language, signer: str = "") -> Document:
    verified = Verified(result, "a.example/log", None, "今天", "2026-01-01T00:00:00Z", signer)
    return four_properties(verified, language)


def words(made: Document) -> str:
    parts: list[str] = [*made.footer]
    for block in made.blocks:
        match block:
            case Paragraph(text=text):
                parts.append(text)
            case Facts(pairs=pairs):
                parts += [f"{name}: {value}" for name, value in pairs]
            case PageTable(rows=rows):
                parts += ["|".join(map(format_cell, row.cells)) for row in rows]
            case _:
                pass
    return "\n".join(parts)


def test_every_kind_of_failure_is_in_one_check() -> None:
    assert len(KINDS) == len({*KINDS})
    assert made_kinds() - {*KINDS} == set()
    assert len(made_kinds()) > 15


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_shows_under_its_property_and_nowhere_else(kind: str) -> None:
    result = sound()
    result.breaks.append(failure(kind))

    assert [state(check, result) == "broken" for check in CHECKS] == [
        kind in check.kinds for check in CHECKS
    ]
    assert "1 处不符" in words(document(result, "zh"))
    assert "1 break" in words(document(result, "en"))
    assert f"{kind}|#7|说明" in words(document(result, "zh"))


def test_what_was_not_looked_at_is_not_called_sound() -> None:
    result = Verification(events=3, evidence_unchecked=True)

    unchecked = {check.id for check in CHECKS if state(check, result) == "unchecked"}

    assert unchecked == {"identity", "signatures", "bytes", "sm3", "stamps", "held", "evidence"}
    assert words(document(result, "zh")).count("|未核验：") == len(unchecked)


def test_nothing_at_all_is_no_success() -> None:
    assert "结论: 没有可核验的条目" in words(document(Verification(), "zh"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_property_says_what_it_does_not_cover_and_the_whole_what_it_does_not_prove(
    language: Language,
) -> None:
    result = sound()
    printed, shown = words(document(result, language)), [*sentences(result)]

    for part in PROPERTIES:
        assert part.not_covered
        for limit in part.not_covered:
            assert speaker(language)(*limit) in printed
            assert any(limit.zh in one.zh and limit.en in one.en for one in shown)
    for limit in result.does_not_prove:
        assert speaker(language)(*limit)[1:] in printed
    assert "DA/T 70" in printed


def test_programs_get_the_same() -> None:
    result = sound()
    result.breaks.append(failure("leaf"))

    found = {one["property"]: one for one in report(result, "en")}

    assert [*found] == ["authenticity", "integrity", "usability", "security"]
    checks = found["authenticity"]["checks"]
    assert isinstance(checks, list)
    assert [one["check"] for one in checks if one["state"] == "broken"] == ["bytes"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_prints_as_word_and_pdf_and_says_who_signs(language: Language) -> None:
    signed = document(sound(), language, "clerk+00112233")

    assert docx(signed).startswith(b"PK")
    assert pdf(signed).startswith(b"%PDF")
    assert "clerk+00112233" in words(signed)
    assert "clerk" not in words(document(sound(), language))
