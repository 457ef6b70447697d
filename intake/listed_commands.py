"""Which commands a list of cases may be of (可按清单办理的操作)."""

from collections.abc import Mapping
from typing import Final

LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "open-case": ("open-case", "pin-rubric", "commission-review"),
    "send-draft": ("send-draft",),
    "issue-result": ("issue-result",),
    "record-receipt": ("record-receipt",),
    "publish-result": ("publish-result",),
    "request-rectification": ("request-rectification",),
}
"""The commands that a list may be of, each with those that go with it in the same row."""

SEVERAL: Final = ("request-rectification",)
"""Those of which a case may have several rows."""
