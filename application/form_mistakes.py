"""Mistakes of a form (填表错误): all of them at once, of its cells and by the rules."""

from collections.abc import Callable, Sequence
from pathlib import Path

from application.clock import Clock
from application.confirmed import NOTHING, Confirmed
from application.place import LedgerPlace
from application.rehearsal import rehearse
from application.written_file import write_whole
from intake.batch import Batch
from intake.files import read_bytes
from intake.forms.marked_copy import marked_copy
from intake.mistakes import Misfilled
from ledger.language import Language, in_language
from ledger.problem import Problem
from ledger.store import Store
from ledger.terms import EVIDENCE, FIGURES, RESTATED_FIGURES
from ledger.values import Invalid


def form_mistakes(  # noqa: PLR0913 - what, where, when and how
    store: Callable[[], Store],
    clock: Clock,
    place: LedgerPlace,
    batch: Batch,
    read: Sequence[Invalid],
    *,
    confirmed: Confirmed = NOTHING,
) -> Sequence[Invalid]:
    """All that is wrong with a form: its cells, and what the rules refuse of the sound rows.

    Where figures, evidence or the like cannot be read, the rules are not asked: they would refuse
    what depends on them.

    Args:
        store: opens where it would be recorded.
        clock: when.
        place: where evidence is kept.
        batch: its sound rows.
        read: what is wrong with the others.
        confirmed: what is meant so, although it looks like a slip.
    """
    asked = {*EVIDENCE, *FIGURES, *RESTATED_FIGURES}
    sheets = {mistake.cell.sheet for mistake in read if isinstance(mistake, Misfilled)}
    if batch.form is None or not batch.commands or sheets & asked:
        return read
    try:
        return [*read, *rehearse(store(), clock, place, batch, confirmed=confirmed).mistakes]
    except Problem:  # which is reported where the form is to be recorded
        return read


def form_fault(mistake: Invalid, language: Language) -> dict[str, str | None]:
    """A mistake with its sheet and its cell, where it is of one."""
    if isinstance(mistake, Misfilled):
        sheet, cell = mistake.cell
        return {"sheet": sheet, "cell": cell, "message": in_language(mistake.what, language)}
    return {"sheet": None, "cell": None, "message": in_language(mistake.text, language)}


def write_marked(
    file: Path, output: Path | None, mistakes: Sequence[Invalid], language: Language
) -> None:
    """Write a copy of a form with its mistakes marked, where one is asked for and there are any.

    Raises:
        Invalid: the form cannot be copied, or the copy not be written there.
        ExtraMissing: the package that writes into workbooks is not installed.
    """
    if output is not None and mistakes:
        write_whole(output, [marked_copy(file, read_bytes(file), mistakes, language)])
