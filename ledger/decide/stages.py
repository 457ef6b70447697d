"""Which commands the stage of a case allows at all (办理时段).

The decisions themselves see to it (`must_be`); from here a page knows which of its buttons are of
no use now. `tests/ledger/decide/test_stages.py` compares the two.
"""

from collections.abc import Mapping
from typing import Final

from ledger.values import Stage

STAGES_OF: Final[Mapping[str, tuple[Stage, ...]]] = {
    **dict.fromkeys(
        (
            *("pin-rubric", "submit-figure", "withdraw-figure", "claim-score", "claim-bonus"),
            "submit-self-evaluation",
        ),
        ("open",),
    ),
    "commission-review": ("open", "submitted"),
    "return-submission": ("submitted",),
    **dict.fromkeys(
        ("list-unit", "define-scope", "print-subtotal", "repin-rubric"),
        ("open", "submitted", "draft"),
    ),
    **dict.fromkeys(
        (
            *("assign-work", "recuse-account"),
            *("register-document", "make-statement", "file-evidence"),
        ),
        ("open", "submitted", "draft", "issued"),
    ),
    **dict.fromkeys(
        (
            *("restate-figure", "confirm-figure", "restate-claim", "confirm-score"),
            *("adjust-score", "exclude-indicator", "countersign-adjustment"),
            *("withdraw-adjustment", "recognise-bonus", "refuse-bonus", "record-penalty"),
            *("raise-finding", "make-recommendation", "send-draft", "deliver-report"),
            "issue-result",
        ),
        ("submitted", "draft"),
    ),
    "amend-reason": ("submitted", "draft", "issued"),
    **dict.fromkeys(("raise-objection", "answer-objection"), ("draft",)),
    **dict.fromkeys(
        (
            *("lodge-appeal", "withdraw-appeal", "decide-appeal", "request-rectification"),
            *("respond-rectification", "return-rectification", "accept-rectification"),
            *("extend-deadline", "record-receipt", "correct-result", "close-case"),
        ),
        ("issued",),
    ),
    "publish-result": ("issued", "closed"),
    **dict.fromkeys(("request-reopening", "reopen-case"), ("closed",)),
}
"""By command; one without a line here can be done at any stage, at least with some content: files
are destroyed of closed cases only, but who looked at a case does not wait for that.
"""


def fits(do: str, stage: Stage) -> bool:
    """Whether a command can be done at a stage, as far as the stage is concerned."""
    return stage in STAGES_OF.get(do, (stage,))
