"""A drafted rubric as a person answers it, in one way that is allowed everywhere."""

import re
from typing import Final

ANSWERS: Final = {
    "id": '"drafted"',
    "edition": '"2031-1"',
    "title": '"指标体系"',
    "scale": "2",
    "cap": '"100"',
    "band": "[]",
    "each": '"1"',
    "limit": '"100"',
    "zero": '"no-score"',
    "above": '"full"',
    "below": '"zero"',
    "equal": '"no-score"',
    "steps": '"whole"',
    "none_due": '"no-score"',
    "at_most": '"met-or-not"',
    "exactly": '"ratio"',
    "zero_target": '"no-score"',
    "no_targets": '"no-score"',
}
_ASKED: Final = re.compile(r'(\w+) = "\?"')


def answered(draft: str, **more: str) -> str:
    """The draft with every `?` answered and the line `drafted` taken out.

    A tier whose bound is open takes the lower one.
    """
    lines = []
    for line in draft.splitlines():
        if line == "drafted = true":
            continue
        written, mark, remark = line.partition("  # ")
        while found := _ASKED.search(written):
            key = found[1]
            if key == "range":
                answer = f'"{_with_the_lower_bound(remark)}"'
            else:
                answer = more.get(key) or ANSWERS[key]
            written = f"{written[: found.start()]}{key} = {answer}{written[found.end() :]}"
        lines.append(f"{written}{mark}{remark}")
    return "\n".join(lines) + "\n"


def _with_the_lower_bound(remark: str) -> str:
    choices = remark.rpartition(": ")[2].split(" | ")
    return next(
        choice
        for choice in choices
        if choice.startswith(("[", "(-")) and choice.endswith((")", "-)"))
    )
