"""The files that are filed (佐证材料), and room for more."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from intake.forms.filled_row import Fields, FormRow, SheetKind
from intake.forms.sheet import FormColumn, FormSheet
from ledger import terms
from ledger.case import Case
from ledger.events import BonusClaimed, ScoreClaimed
from ledger.language import Say
from ledger.values import Sha256

SPARE: Final = 40


def columns(say: Say) -> tuple[FormColumn, ...]:
    """A file by the name that rows cite it by; what is filed already has its SHA-256."""
    return (
        FormColumn(key="id", heading=say(*terms.FILE), width=30, open=True),
        FormColumn(key="title", heading=say(*terms.TITLE), width=30, open=True),
        FormColumn(key="number", heading=say(*terms.NUMBER), width=18, open=True),
        FormColumn(key="sha256", heading=say("已提交", "Filed"), width=14),
    )


def evidence_sheet(case: Case, say: Say) -> FormSheet:
    """The files that are filed, by the names that rows cite them by, and room for more."""
    names = cited_names(case)
    return FormSheet(
        key="evidence",
        name=say(*terms.EVIDENCE),
        columns=columns(say),
        rows=tuple(
            (names[digest], file.title, file.number, digest)
            for digest, file in case.evidence.items()
        ),
        spare=SPARE,
    )


def cited_names(case: Case) -> dict[Sha256, str]:
    """What each filed file is called in the form: its title, made distinct."""
    # A line end or a semicolon is between the names of two files.
    plain = {
        digest: " ".join(re.split(r"[;；\s]+", file.title)).strip()
        for digest, file in case.evidence.items()
    }
    shared = Counter(plain.values())
    return {
        digest: name if shared[name] == 1 and name else f"{name} {digest[:8]}".strip()
        for digest, name in plain.items()
    }


def cited_by(case: Case, claim: ScoreClaimed | BonusClaimed | None) -> str:
    """The files that a claim cites, one on each line, as the sheet of the evidence calls them."""
    names = cited_names(case)
    return "\n".join(names[digest] for digest in claim.evidence) if claim else ""


def _filed(row: FormRow, scale: int) -> Iterator[Fields]:
    del scale
    if row.text("sha256"):
        if row.changed - {"sha256"}:
            raise row.refusal(
                "title",
                "这份材料已提交，这里不能改；要换请另起一行",
                "this file is filed already and is not changed here; add a row for another",
            )
        return
    fields = {"do": "file-evidence", "file": row.text("id")}
    for key in ("title", "number"):
        if text := row.text(key):
            fields[key] = text
    yield fields


EVIDENCE: Final = SheetKind("evidence", columns, (_filed,), frozenset({"sha256"}))
