"""The columns and rows of the lists by which a case, or all of them, are read."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from msgspec.structs import asdict

from documents.lists import ListColumn, Row
from ledger import terms
from ledger.language import Language, Say, Text, counted, in_language, listing, speaker
from projections.provenance import with_remarks

if TYPE_CHECKING:
    # A caller of one list does not need what makes the others.
    from ledger.account_registry import Account
    from ledger.checks import CheckReport
    from ledger.rubric import Rubric
    from projections.as_of import CaseAsOf
    from projections.bridge import Bridge
    from projections.case_summary import CaseSummary
    from projections.explanation import ExplainedFigure
    from projections.facts import Reader
    from projections.listed import AppealSummary, RectificationStatus, Task
    from projections.rescoring import Both, Rescoring
    from projections.rubric_check import RubricCheck
    from projections.rubric_view import PublishedEdition
    from projections.score_sheet import ScoreSheet
    from projections.sources import Sources
    from projections.story import Story

CASES: Final = (
    ListColumn("case", terms.CASE),
    ListColumn("year", terms.YEAR, number=True),
    ListColumn("unit", terms.UNIT),
    ListColumn("stage", terms.STAGE, words=terms.STAGES),
    ListColumn("turn", terms.RESPONSIBLE, words=terms.PARTIES),
    ListColumn("what", terms.TASK),
    ListColumn("about", terms.SUBJECT),
    ListColumn("due", terms.DUE),
    ListColumn("left", terms.DAYS_LEFT, number=True),
)


_NONE: Final = Text("无", "none")
"""In the place of a last day of a task; the reason, where there is one, is in what waits."""


def case_rows(listed: "Iterable[tuple[CaseSummary, Sequence[Task]]]") -> Iterator[Row]:
    """The cases, a row for each thing that waits in them; one row where nothing does."""
    nothing = dict.fromkeys(("turn", "what", "about", "due", "left"))
    for summary, waiting in listed:
        case = asdict(summary)
        for task in waiting:
            yield {
                **case,
                "turn": task.turn,
                "what": task.what,
                "about": task.about if task.subject else None,
                "due": task.due or _NONE,
                "left": task.left,
            }
        if not waiting:
            yield {**case, **nothing}


_UNKNOWN: Final = Text("无法判断", "unknown")
_OPEN: Final = {True: Text("未决", "open"), False: Text("已结", "ended")}
APPEALS: Final = (
    ListColumn("case", terms.CASE),
    ListColumn("appeal", terms.APPEAL),
    ListColumn("number", terms.NUMBER, for_people=False),
    ListColumn("lodged", terms.LODGED),
    ListColumn("open", terms.STATE, words=_OPEN),
    ListColumn("waiting", terms.DAYS_WAITED, number=True),
    ListColumn("late", terms.DAYS_LATE, number=True),
    ListColumn("contested", terms.CONTESTED),
)


def appeal_rows(listed: "Iterable[AppealSummary]", today: date) -> Iterator[Row]:
    """The appeals as they wait on a day."""
    for appeal in listed:
        contested = (f"{row.name}@v{row.version}={row.award}" for row in appeal.contests)
        yield {
            **asdict(appeal),
            "waiting": appeal.waiting(today),
            "late": _UNKNOWN if appeal.late is None else appeal.late,
            "contested": " ".join(contested),
        }


REQUESTS: Final = (
    ListColumn("case", terms.CASE),
    ListColumn("request", terms.REQUEST),
    ListColumn("number", terms.NUMBER, for_people=False),
    ListColumn("demand", terms.DEMAND, for_people=False),
    ListColumn("requested", terms.REQUESTED),
    ListColumn("due", terms.DUE, reasons=("due_by", terms.NO_DUE)),
    ListColumn("state", terms.STATE, words=terms.RECTIFICATION_STATES),
    ListColumn("left", terms.DAYS_LEFT, number=True),
    ListColumn("overdue", terms.DAYS_OVERDUE, number=True),
    ListColumn("late", terms.DAYS_LATE, number=True),
)


def request_rows(listed: "Iterable[tuple[str, RectificationStatus]]") -> Iterator[Row]:
    """The requests for rectification, each with its case."""
    for case, request in listed:
        yield {**asdict(request), "case": case}


EVIDENCE: Final = (
    ListColumn("title", terms.TITLE),
    ListColumn("number", terms.NUMBER),
    ListColumn("media_type", terms.MEDIA_TYPE, for_people=False),
    ListColumn("size", terms.BYTES, number=True),
    ListColumn("sha256", Text("SHA-256", "SHA-256")),
    ListColumn("state", terms.STATE, words=terms.EVIDENCE_STATES),
)
ACCOUNTS: Final = (
    ListColumn("id", terms.ACCOUNT),
    ListColumn("organisation", terms.ORGANISATION),
    ListColumn("roles", terms.ROLE),
)


def account_rows(listed: "Iterable[Account]") -> Iterator[Row]:
    """The accounts with the roles that they have now."""
    for account in listed:
        roles = listing(terms.ROLES[role] for role in sorted(account.roles))
        yield {"id": account.id, "organisation": account.organisation, "roles": roles}


AUTHOR_KEYS: Final = (
    ListColumn("account", terms.ACCOUNT),
    ListColumn("key", terms.AUTHOR_KEY),
    ListColumn("scheme", terms.SIGNATURE_SCHEME),
    ListColumn("state", terms.STATE),
)


def author_key_rows(listed: "Iterable[Account]") -> Iterator[Row]:
    """The keys of the accounts, each with whether it can sign."""
    for account in listed:
        for id_, key in account.keys.items():
            state = Text("待确认", "to be countersigned")
            if key.countersigned:
                state = Text("可签名", "can sign")
            if key.retired:
                state = Text("已停用", "retired")
            if certificate := key.certificate:
                zh, en = certificate.words
                state = Text(f"{state.zh}；{zh}", f"{state.en}; {en}")
            yield {"account": account.id, "key": id_, "scheme": key.scheme, "state": state}


EDITIONS: Final = (
    ListColumn("id", terms.ID),
    ListColumn("edition", terms.EDITION),
    ListColumn("title", terms.NAME),
    ListColumn("sha256", Text("SHA-256", "SHA-256")),
)


def edition_rows(listed: "Iterable[PublishedEdition]", say: Say) -> Iterator[Row]:
    """The editions of rubrics, with what the transcriber remarks of them."""
    for edition in listed:
        yield {**asdict(edition), "title": with_remarks(edition.title, edition, say)}


RUBRIC: Final = (
    ListColumn("name", terms.NAME),
    ListColumn("weight", terms.WEIGHT, number=True),
    ListColumn("indicator", terms.INDICATOR),
    ListColumn("rule", terms.RULE),
)


def rubric_rows(rubric: "Rubric", language: Language, *, verbose: bool) -> Iterator[Row]:
    """The levels of a rubric, each below its own; with clauses and standards where asked for."""
    from projections.rubric_view import tree  # noqa: PLC0415 - slow to import, and for one list only
    from projections.rubric_words import row_words  # noqa: PLC0415 - the same

    for level in tree(rubric):
        words = ""
        if row := level.row:
            words = in_language(row_words(rubric, row), language)
            if verbose:
                words = "\n".join(filter(None, (words, row.clause, row.explanation, row.standard)))
        yield {
            "name": "  " * level.depth + level.name,
            "weight": level.weight,
            "indicator": row.id if row else "",
            "rule": words,
        }


RUBRIC_CHANGES: Final = (
    ListColumn("kind", terms.CHANGE, words=terms.RUBRIC_CHANGES),
    ListColumn("indicator", terms.INDICATOR),
    ListColumn("key", terms.KEY),
    ListColumn("before", terms.BEFORE),
    ListColumn("after", terms.AFTER),
)
READERS: Final = (ListColumn("figure", terms.FIGURE), ListColumn("rows", terms.INDICATORS))


def reader_rows(check: "RubricCheck") -> Iterator[Row]:
    """Which rows of a rubric read a figure."""
    for figure, rows in check.readers.items():
        yield {"figure": figure, "rows": ", ".join(rows)}


RESCORED: Final = (
    ListColumn("indicator", terms.INDICATOR),
    ListColumn("weight", terms.WEIGHT, number=True),
    ListColumn("rule", terms.RULE_RESULT, number=True),
    ListColumn("standing", terms.CURRENT_SCORE, number=True),
)


def rescored_rows(found: "Rescoring") -> Iterator[Row]:
    """The rows that another edition changes."""
    for row in found.rows:
        yield {**asdict(row), "weight": _both(row.weight), "rule": _both(row.rule)}


def _both(ends: "Both") -> str:
    return f"{ends.before or '-'} → {ends.after or '-'}"


_SCORES: Final = (
    ListColumn("claim", terms.CLAIMED, number=True),
    ListColumn("rule", terms.RULE_RESULT, number=True),
    ListColumn("award", terms.AWARDED, number=True),
)
SHEET: Final = (
    ListColumn("id", terms.INDICATOR),
    ListColumn("name", terms.NAME),
    ListColumn("weight", terms.WEIGHT, number=True),
    *_SCORES,
    ListColumn("decided_by", terms.DECIDED_BY),
)
TOTALS: Final = (ListColumn("line", terms.TOTALS), *_SCORES)
_UNUSUAL: Final = {"rebased", "scaled", "grade_drop"}
"""Lines that most rubrics do not have; listed where they are not zero."""


def sheet_rows(sheet: "ScoreSheet") -> Iterator[Row]:
    """The rows of a score sheet."""
    for row in sheet.indicators:
        yield {
            "id": row.id,
            "name": row.path[-1],
            "weight": row.weight,
            "claim": row.claim,
            "rule": row.rule_text,
            "award": Text("不适用", "n/a") if row.excluded else row.award,
            "decided_by": terms.DECIDERS[row.decided_by] if row.decided_by else "",
        }


def total_rows(sheet: "ScoreSheet") -> Iterator[Row]:
    """The totals of a score sheet, as claimed, by the standard and as awarded."""
    claim, award, standard = sheet.claim, sheet.award, sheet.standard
    for part, line in terms.TOTALS_LINES.items():
        if part not in _UNUSUAL or getattr(claim, part) or getattr(award, part):
            rule = standard.range_text if part == "total" else ""
            yield _totals(line, claim.shown(part), rule, award.shown(part))
    yield _totals(terms.PRINTED, claim.printed, "", award.printed)
    grades = (f"{column.grade or '-'}/{column.printed_grade or '-'}" for column in (claim, award))
    own, awarded = grades
    line = Text("等级（计算/所列）", "grade (computed/printed)")
    yield _totals(line, own, standard.grades_text, awarded)
    yield _totals(terms.NOT_REVIEWED, claim.pending, "", award.pending)
    if award.bonus_undecided:
        yield _totals(terms.BONUS_UNDECIDED, "", "", award.bonus_undecided)


def _totals(line: Text, claim: object, rule: Text | str, award: object) -> Row:
    return {"line": line, "claim": claim, "rule": rule, "award": award}


OFF_STANDARD: Final = (
    ListColumn("row", Text("核查得分与标准不符的指标", "Awarded outside the standard")),
    *_SCORES,
    ListColumn("gap", terms.GAP, number=True),
)


def off_standard_rows(told: "Story") -> Iterator[Row]:
    """The rows of a story: those whose award is off the standard."""
    for row in told.rows:
        yield {**asdict(row), "row": Text(row.name, row.indicator), "gap": f"{row.gap:+f}"}


STEPS: Final = (
    ListColumn("name", terms.CHANGE),
    ListColumn("indicator", terms.INDICATOR, for_people=False),
    ListColumn("before", terms.BEFORE, number=True),
    ListColumn("after", terms.AFTER, number=True),
    ListColumn("delta", terms.DELTA, number=True),
    ListColumn("events", terms.EVENT),
    ListColumn("why", terms.JUSTIFICATION),
)


def step_rows(found: "Bridge", rubric: "Rubric | None", reader: "Reader") -> Iterator[Row]:
    """The steps of a bridge."""
    say = speaker(reader.language)
    for step in found.steps:
        yield {
            "name": step.name_in(rubric),
            "indicator": step.indicator,
            "before": step.ends[0],
            "after": step.ends[1],
            "delta": f"{step.delta:+f}",
            "events": step.event_versions(say),
            "why": step.why(reader),
        }


FIGURES: Final = (
    ListColumn("id", terms.FIGURE),
    ListColumn("name", terms.NAME),
    ListColumn("value", terms.ACTUAL, number=True),
    ListColumn("target", terms.TARGET),
    ListColumn("unit", terms.UNIT_OF_MEASURE),
    ListColumn("scope", terms.SCOPE),
    ListColumn("source", terms.SOURCE),
    ListColumn("version", terms.VERSION, number=True),
)


def figure_rows(figures: "Iterable[ExplainedFigure]", say: Say) -> Iterator[Row]:
    """The figures of an explanation."""
    for figure in figures:
        words = {"value": figure.value_text(say), "source": figure.source_text(say)}
        yield asdict(figure) | words


SOURCES: Final = (
    ListColumn("version", terms.VERSION),
    ListColumn("id", terms.ID),
    ListColumn("kind", terms.FIGURE_KIND),
    ListColumn("statement", terms.STATEMENT),
)


def source_rows(found: "Sources", say: Say) -> Iterator[Row]:
    """The documents of a case and what they state, oldest first."""
    from projections.sources import lines  # noqa: PLC0415 - slow to import, and for one list only

    names = [column.name for column in SOURCES]
    for line in lines(found, say):
        yield dict(zip(names, line, strict=True))


FINDINGS: Final = (
    ListColumn("severity", terms.SEVERITY, words=terms.SEVERITIES),
    ListColumn("check", terms.CHECK),
    ListColumn("message", terms.DISCREPANCY),
    ListColumn("events", terms.VERSION),
)
FEW: Final = 6
"""Versions that a list names; of more it names the ends."""


def finding_rows(report: "CheckReport") -> Iterator[Row]:
    """The findings, the gravest first; under each what other checks say of the same fact."""
    for severity in terms.SEVERITIES:
        for finding in report.findings:
            if finding.severity == severity:
                yield {**asdict(finding), "events": _versions(finding.events)}
                for reading in finding.readings:
                    row = {"severity": "", "check": f"· {reading.check}", "events": ""}
                    yield {**row, "message": reading.message}


def _versions(events: Sequence[int]) -> str:
    """`v3 v4 v9`, or the ends where there are many."""
    if len(events) <= FEW:
        return " ".join(f"v{version}" for version in events)
    return f"v{min(events)}…v{max(events)} ({len(events)})"


HOLDS: Final = (
    ListColumn("check", terms.CHECK),
    ListColumn("message", Text("相符", "In agreement")),
    ListColumn("count", Text("项数", "Items"), number=True),
    ListColumn("items", Text("核对了", "Compared")),
)


def hold_rows(report: "CheckReport") -> Iterator[Row]:
    """What was compared and agrees."""
    for hold in report.holds:
        yield {**asdict(hold), "count": len(hold.items) or 1, "items": listing(hold.items)}


NOT_JUDGED: Final = (
    ListColumn("check", terms.CHECK),
    ListColumn("message", Text("未能判断", "Not judged")),
)


def check_summary(report: "CheckReport") -> Text:
    """How many findings of each severity, and how much holds or could not be judged."""
    found = {
        severity: sum(finding.severity == severity for finding in report.findings)
        for severity in terms.SEVERITIES
    }
    held = sum(len(hold.items) or 1 for hold in report.holds)
    zh = [f"{terms.SEVERITIES[severity].zh} {count} 处" for severity, count in found.items()]
    en = [counted(count, severity) for severity, count in found.items()]
    unjudged = len(report.not_judged)
    return Text(
        "，".join([*zh, f"相符 {held} 项", f"未能判断 {unjudged} 项"]),
        ", ".join([*en, f"{held} in agreement", f"{unjudged} not judged"]),
    )


UNSIGNED: Final = (
    ListColumn("indicator", terms.INDICATOR),
    ListColumn("name", terms.NAME),
    ListColumn("claim", terms.CLAIMED, number=True),
    ListColumn("rule", terms.RULE_RESULT, number=True),
    ListColumn("award", terms.AWARDED, number=True),
    ListColumn("decided_by", terms.DECIDED_BY),
    ListColumn("by", terms.ACCOUNT),
    ListColumn("justification", terms.JUSTIFICATION),
    ListColumn("ground", terms.GROUND),
    ListColumn("clause", terms.CLAUSE),
)


def unsigned_rows(point: "CaseAsOf") -> Iterator[Row]:
    """The awards that wait for a second signature, with all that would be signed."""
    from ledger.decide.preconditions import (  # noqa: PLC0415 - for one list only
        decided_rows,
        uncountersigned,
    )
    from projections.score_sheet import score_sheet  # noqa: PLC0415 - the same

    sheet, case, rubric = score_sheet(point), point.case, point.rubric
    if sheet is None or rubric is None:
        return
    waiting = uncountersigned(case, rubric, decided_rows(case, rubric))
    for row in sheet.indicators:
        if row.id in waiting:
            award, decided_by = case.in_force[row.id], waiting[row.id]
            yield {
                **asdict(award),
                "indicator": row.id,
                "name": row.path[-1],
                "claim": row.claim,
                "rule": row.rule_text,
                "award": terms.EXCLUDED if row.excluded else row.award,
                "decided_by": terms.DECIDERS[decided_by] if decided_by else terms.EXCLUDED,
            }
