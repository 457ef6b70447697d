"""What people leave out of a command, or call by another name, is looked up in the case (补全)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeGuard

from msgspec import to_builtins

from intake.written_command import CaseLookup, restated, unknown_figure
from ledger.case import Case
from ledger.ledger import EventStore, Reading
from ledger.values import SHA256_FORM, Evidence, Invalid, Sha256

PREFIX_LEAST: Final = 4
"""A shorter beginning of a digest is a title or a number, or a slip."""


def completed(case: Callable[[], Case], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a command about a case, with what the case knows.

    Args:
        case: the current state of the case, read where it is needed only.
        fields: as files write them. Of a figure that is restated only what changes need be there;
            evidence may be called by its title, its number or the beginning of its digest.

    Raises:
        Invalid: a figure that nobody stated yet lacks its indicator or name; or a name is that of
            no evidence, or of several.
    """
    whole = dict(fields)
    figure, cited = whole.get("figure"), whole.get("evidence")
    if whole.get("do") == "restate-figure" and _is_named(figure):
        whole["figure"] = _restated(case(), figure)
    if _are_texts(cited) and not all(map(SHA256_FORM.fullmatch, cited)):
        held = case()
        whole["evidence"] = [digest_of(held, name) for name in cited]
    return whole


def _is_named(figure: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether it is a figure with an id; other forms are reported with the command."""
    return isinstance(figure, Mapping) and isinstance(figure.get("id"), str)


def _are_texts(cited: object) -> TypeGuard[Sequence[str]]:
    return isinstance(cited, list | tuple) and all(isinstance(name, str) for name in cited)


def namer(store: Callable[[], EventStore]) -> CaseLookup:
    """What looks up what commands name in their cases; the store is opened for it only."""
    return lookup_in(lambda name: Reading(store()).read(name).history.case)


def lookup_in(case_of: Callable[[str], Case]) -> CaseLookup:
    """What looks up what commands name, in the cases that this gives by their ids."""

    def figure(case: str, name: str) -> dict[str, Any] | None:
        held = case_of(case)
        stated = held.restated.get(name) or held.figures.get(name)
        return to_builtins(stated) if stated else None

    return CaseLookup(lambda case, name: digest_of(case_of(case), name), figure)


def _restated(case: Case, given: Mapping[str, Any]) -> dict[str, Any]:
    """A figure that is restated: what is not given is kept, and an empty text takes a part away."""
    stated = case.restated.get(given["id"]) or case.figures.get(given["id"])
    if stated is None:
        if not (given.get("indicator") and given.get("name")):
            raise unknown_figure(given["id"])
        return dict(given)
    return restated(to_builtins(stated), given)


def digest_of(case: Case, name: str) -> Sha256:
    """The digest of evidence that a case holds, by any of its names.

    Args:
        case: where it was filed.
        name: its digest or the beginning of it, its title or its number. A file is no name here:
            the caller may be at another computer (`intake.files.by_bytes`).

    Raises:
        Invalid: that names none, or several.
    """
    if SHA256_FORM.fullmatch(name):
        return name
    filed = list(case.evidence.values())
    named = [file for file in filed if name in {file.title, file.number}]
    if not named and len(name) >= PREFIX_LEAST:
        named = [file for file in filed if file.sha256.startswith(name.lower())]
    if len(named) == 1:
        return named[0].sha256
    raise _ambiguous(name, named) if named else _unknown(name)


def _ambiguous(name: str, found: list[Evidence]) -> Invalid:
    listed = "; ".join(f"“{file.title}” {file.number} {file.sha256[:12]}" for file in found)
    return Invalid(
        f"“{name}”与多份佐证材料相符：{listed}。请填写完整的标题、文号或更长的摘要开头",
        f"'{name}' matches several files of evidence: {listed}. Give the full title or number, or"
        " more of the digest",
        rule="which-evidence",
        subject=name,
    )


def _unknown(name: str) -> Invalid:
    return Invalid(
        f"没有佐证材料“{name}”。请先提交，或填写已提交材料的标题、文号或摘要开头",
        f"there is no evidence '{name}'. File it first, or give the title, the number or the start"
        " of the digest of filed evidence",
        rule="unknown-evidence",
        subject=name,
        field="evidence",
    )
