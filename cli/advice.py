"""What to do on a command line about a broken rule: a command for each, by the rule's name.

Below the edges no text names a command (see `ledger/problem.py`); this table is where the command
line adds its own. A rule without a line here needs none: its text says what to do, and the command
that was refused is the one to repeat.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ledger.extras import installing
from ledger.problem import Problem

COMMANDS: Final[Mapping[str, str]] = {
    # Accounts
    "unknown-account": "account open {subject} --organisation …",
    "no-accounts": "init",
    "last-administrator": "account grant ACCOUNT administrator",
    "role": "account list",
    "organisation": "account list",
    "no-account": "--as ACCOUNT …",
    "not-ones-own": "--as ACCOUNT …",
    "role-taken": "account database-role … --role NAME",
    "no-evidence-folder": "--evidence FOLDER …",
    "no-key": "key generate NAME",
    "practice": "… --practice",
    "no-key-file": "--key FILE …",
    "date": "--confirm-date {subject} …",
    "personal-number": "--confirm-personal-number …",
    # Cases and rubrics
    "no-case": "case open {subject} …",
    "unknown-case": "case list",
    "unknown-dossier": "log {subject} --type DossierIssued",
    "no-agency": "case commission {subject} …",
    "case-exists": "case show {subject}",
    "no-rubric": "case pin {subject} --rubric RUBRIC --edition EDITION",
    "rubric-pinned": "case repin {subject} --edition EDITION …",
    "unknown-edition": "rubric list",
    "no-such-rubric": "rubric list",
    "rubric-wrong": "rubric check FILE",
    "misfit": "case repin --dry-run …",
    "stage": "case show {subject}",
    "review-begun": "review withdraw {subject} INDICATOR …",
    # Self-evaluation and review
    "claims-missing": "submit score {subject} …",
    "claims-missing-in-edition": "review return …",
    "unknown-indicator": "score …",
    "unknown-evidence": "submit evidence …",
    "evidence-filed": "evidence list",
    "unknown-document": "source register …",
    "unknown-place": "source list …",
    "unknown-unit": "source unit …",
    "unknown-scope": "source scope …",
    "figure-decided": "review restate …",
    "no-award": "review confirm …",
    "no-change": "review confirm …",
    "discretion": "review adjust … --clause … | --ground …",
    "unstated": "review adjust … --clause … | --ground …",
    "awards-unstated": "review withdraw {subject} INDICATOR …",
    "exclusion-unstated": "review exclude … --clause … | --ground …",
    "awards-missing": "score {subject}",
    "not-countersigned": "review countersign-all {subject}",
    "printed-differs": "review issue {subject} … --difference …",
    # Consultation, appeals, rectification, end
    "objection-open": "object answer {subject} …",
    "no-open-appeal": "appeal list",
    "appeal-open": "appeal decide {subject} …",
    "which-appeal": "document … --appeal APPEAL",
    "unknown-request": "rectify status",
    "request-state": "rectify status",
    "no-reopening-requested": "case request-reopening {subject} …",
    "reopening-requested": "case reopen {subject} …",
    # Ledgers and logs
    "no-ledger": "init",
    "ledger-not-empty": "--ledger OTHER init --empty",
    "ledger-older": "migrate",
    "tables-not-made": "migrate --database URL",
    "ledger-broken": "verify",
    "clock-behind": "entry set-aside {subject} --reason …",
    "unreadable-entry": "entry set-aside {subject} --reason …",
    "export-broken": "verify",
    "outcome-unknown": "… --id {subject}",
    "signer-state": "checkpoint resume FILE",
    "nothing-published": "publish FOLDER",
    "nothing-signed": "checkpoint sign",
    "signing-failed": "receipt issue …",
    "not-a-form": "import-table FILE …",
}


def command(problem: Problem) -> str:
    """The command line that helps with a problem; empty where there is none to name."""
    if problem.rule == "extra-missing":
        return installing(problem.subject, sys.executable, Path(__file__).parents[1])
    known = COMMANDS.get(problem.rule)
    return f"scoretrail {known.format(subject=problem.subject or '…')}" if known else ""
