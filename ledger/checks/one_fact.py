"""One finding for one fact: what several checks say of it is brought together."""

from collections.abc import Iterable, Mapping
from typing import Final

from msgspec.structs import replace

from ledger.checks.discrepancy import Discrepancy, Reading, distinct, gravest

SAME_FACT: Final[Mapping[str, tuple[str, ...]]] = {
    "negative-duration": (
        "said-in-order",
        "award-off-the-rule",
        "claim-above-rule",
    ),
    "duration-too-long": (
        "said-in-order",
        "said-at-fault",
        "award-off-the-rule",
        "claim-above-rule",
    ),
    "award-off-the-rule": (
        "claim-above-rule",
        "said-in-order",
        "rule-undecided",
        "goal-without-grade",
        "award-by-fewer-goals",
        "cut-off-the-steps",
        "evidence-cut-once",
        "goal-overshot",
    ),
    "claim-above-rule": ("said-in-order", "goal-without-grade", "goal-overshot"),
    "rule-undecided": ("full-marks-on-nothing", "figure-dropped", "figure-restated"),
    "printed-rate": ("copies-differ", "printed-rate-against-score"),
    "count-differs": ("copies-differ", "goal-not-printed", "one-thing-two-names"),
    "net-hides-parts": ("net-printed-as-rate",),
    "decided-by-a-hair": ("finer-than-unit",),
    "bonus-beyond-cap": ("bonus-left-out",),
}
"""By the check that leads: those that say the same again where they name an event of its own."""

ACROSS_ROWS: Final = frozenset({"count-differs", "net-hides-parts"})
"""Leading checks that others follow from another row as well."""


def one_per_fact(findings: Iterable[Discrepancy]) -> list[Discrepancy]:
    """The findings with those that say the same again made readings of the one that leads.

    A finding follows the leading one where both are about one row and name the same event. The
    order is kept.
    """
    kept = list(findings)
    for leading, following in SAME_FACT.items():
        for lead in [finding for finding in kept if finding.check == leading]:
            group = [lead]
            for finding in kept:
                if finding.check in following and _same(group, finding):
                    group.append(finding)
            kept[kept.index(lead)] = _together(group)
            for finding in group[1:]:
                kept.remove(finding)
    return kept


def _same(group: list[Discrepancy], finding: Discrepancy) -> bool:
    lead = group[0]
    row = finding.indicator == lead.indicator or lead.check in ACROSS_ROWS
    return row and any({*known.events} & {*finding.events} for known in group)


def _together(group: list[Discrepancy]) -> Discrepancy:
    lead, *others = group
    readings = [
        reading
        for other in others
        for reading in (Reading(other.check, other.message), *other.readings)
    ]
    return replace(
        lead,
        severity=gravest(finding.severity for finding in group),
        indicator=lead.indicator
        or next((finding.indicator for finding in others if finding.indicator), None),
        events=tuple(sorted({version for finding in group for version in finding.events})),
        documents=distinct(place for finding in group for place in finding.documents),
        readings=(*lead.readings, *readings),
    )
