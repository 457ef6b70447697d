"""What people leave out of a command, or call by another name, is looked up in the case (补全)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeGuard

from msgspec import to_builtins

from intake.written_command import (
    CaseLookup,
    is_part_of_figure,
    restated,
    undeclared_figure,
    unknown_figure,
)
from ledger.case import Case
from ledger.editions import Editions
from ledger.ledger import EventStore, Reading
from ledger.rubric import Rubric
from ledger.values import SHA256_FORM, Evidence, Invalid, Sha256

PREFIX_LEAST: Final = 4
"""A shorter beginning of a digest is a title or a number, or a slip."""


def nothing_declared(case: str = "") -> Rubric | None:  # noqa: ARG001 - of any case
    """Where no rubric is at hand that declares figures."""
    return None


def completed(
    case: Callable[[], Case],
    fields: Mapping[str, Any],
    rubric: Callable[[], Rubric | None] = nothing_declared,
) -> dict[str, Any]:
    """The fields of a command about a case, with what the case and its rubric know.

    Args:
        case: the current state of the case, read where it is needed only.
        fields: as files write them. Of a figure that is restated only what changes need be there,
            and of one that the rubric declares neither name, row, kind nor unit; evidence may be
            called by its title, its number or the beginning of its digest; all that is left is
            proposed for destruction where none is named.
        rubric: the one that the case has pinned, read where it is needed only.

    Raises:
        Invalid: a figure that nobody stated yet lacks its indicator or name; or a name is that of
            no evidence, or of several.
    """
    whole = dict(fields)
    figure, cited = whole.get("figure"), whole.get("evidence")
    if whole.get("do") == "propose-destruction" and not cited and not whole.get("accesses_before"):
        held = case()
        whole["evidence"] = [sha256 for sha256 in held.evidence if sha256 not in held.erased]
    if whole.get("do") == "restate-figure" and _is_named(figure):
        whole["figure"] = _restated(case(), figure, rubric)
    elif whole.get("do") == "submit-figure" and is_part_of_figure(figure):
        declared = declared_figure(rubric(), figure["id"])
        if declared is None:
            raise undeclared_figure(figure["id"])
        whole["figure"] = {**declared, **figure}
    if _are_texts(cited) and not all(map(SHA256_FORM.fullmatch, cited)):
        held = case()
        whole["evidence"] = [digest_of(held, name) for name in cited]
    if isinstance(name := whole.get("sha256"), str) and not SHA256_FORM.fullmatch(name):
        whole["sha256"] = digest_of(case(), name)
    return whole


def declared_figure(rubric: Rubric | None, figure: str) -> dict[str, Any] | None:
    """What a rubric says of a figure, as a command writes it; `None` where it declares no such."""
    one = rubric.declaration(figure) if rubric else None
    if rubric is None or one is None:
        return None
    row = rubric.rows_of_figures.get(one.id)
    said = {"id": figure, "indicator": row, "name": one.name, "kind": one.kind, "unit": one.unit}
    return {key: value for key, value in said.items() if value}


def pinned_rubric(case: Case, editions: Callable[[str], Editions]) -> Rubric | None:
    """The rubric that a case has pinned; `None` where there is none."""
    if case.pinned is None:
        return None
    published = editions(case.pinned.rubric)
    edition = case.pinned.edition
    return published.rubric(edition) if edition in published.published else None


def _is_named(figure: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether it is a figure with an id; other forms are reported with the command."""
    return isinstance(figure, Mapping) and isinstance(figure.get("id"), str)


def _are_texts(cited: object) -> TypeGuard[Sequence[str]]:
    return isinstance(cited, list | tuple) and all(isinstance(name, str) for name in cited)


def namer(store: Callable[[], EventStore]) -> CaseLookup:
    """What looks up what commands name in their cases; the store is opened for it only."""

    def case_of(name: str) -> Case:
        return Reading(store()).read(name).history.case

    def rubric_of(name: str) -> Rubric | None:
        return pinned_rubric(case_of(name), Reading(store()).editions)

    return lookup_in(case_of, rubric_of)


def lookup_in(
    case_of: Callable[[str], Case], rubric_of: Callable[[str], Rubric | None] = nothing_declared
) -> CaseLookup:
    """What looks up what commands name, in the cases and rubrics that these give by case ids."""

    def figure(case: str, name: str) -> dict[str, Any] | None:
        held = case_of(case)
        stated = held.restated.get(name) or held.figures.get(name)
        return to_builtins(stated) if stated else None

    def declared(case: str, name: str) -> dict[str, Any] | None:
        return declared_figure(rubric_of(case), name)

    return CaseLookup(lambda case, name: digest_of(case_of(case), name), figure, declared)


def _restated(
    case: Case, given: Mapping[str, Any], rubric: Callable[[], Rubric | None]
) -> dict[str, Any]:
    """A figure that is restated: what is not given is kept, and an empty text takes a part away."""
    stated = case.restated.get(given["id"]) or case.figures.get(given["id"])
    if stated is None:
        whole = {**(declared_figure(rubric(), given["id"]) or {}), **given}
        if not (whole.get("indicator") and whole.get("name")):
            raise unknown_figure(given["id"])
        return whole
    return restated(to_builtins(stated), given)


def digest_of(case: Case, name: str) -> Sha256:
    """The digest of evidence that a case holds, by any of its names.

    Args:
        case: where it was filed.
        name: its digest or the beginning of it, its title or its number. A file is not a name here:
            the caller may be at another computer (`intake.files.by_bytes`).

    Raises:
        Invalid: that names none, or several.
    """
    return digest_among(case.evidence.values(), name)


def digest_among(evidence: Iterable[Evidence], name: str) -> Sha256:
    """The digest of one of several files, by any of its names, as `digest_of` says."""
    if SHA256_FORM.fullmatch(name):
        return name
    filed = {file.sha256: file for file in evidence}.values()
    named = [file for file in filed if name in {file.title, file.number}]
    if not named and len(name) >= PREFIX_LEAST:
        named = [file for file in filed if file.sha256.startswith(name.lower())]
    if len(named) == 1:
        return named[0].sha256
    raise _ambiguous(name, named) if named else _unknown(name)


def _ambiguous(name: str, found: list[Evidence]) -> Invalid:
    zh = "；".join(f"“{file.title}” {file.number} {file.sha256[:12]}" for file in found)
    en = "; ".join(f"'{file.title}' {file.number} {file.sha256[:12]}" for file in found)
    return Invalid(
        f"“{name}”与多份佐证材料相符：{zh}。请填写完整的标题、文号或更长的摘要开头",
        f"'{name}' matches several files of evidence: {en}. Give the full title or number, or"
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
