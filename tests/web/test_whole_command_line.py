"""Everything that the command line can do to a case has a page, or a reason why it has none."""

from collections.abc import Iterator
from typing import Final

import click
import pytest
from starlette.routing import Match, Route

from cli.group import CommandGroup
from cli.main import program
from intake.command_fields import is_of_case
from ledger.commands import COMMANDS
from web.app import PAGES
from web.pages.acting import ELSEWHERE, OF_NO_CASE

READ: Final = {
    "account list": "/register",
    "account key list": "/register",
    "rubric list": "/rubrics",
    "calendar list": "/calendar",
    "rubric show": "/rubrics/{rubric}",
    "rubric diff": "/rubrics/{rubric}/difference",
    "rubric draft": "/rubric-draft",
    "rubric check": "/rubric-draft/check",
    "case list": "/cases",
    "case show": "/cases/{case}",
    "case next": "/cases/{case}",  # leads to the form of the next one, filled in
    "score": "/cases/{case}",
    "explain": "/cases/{case}/indicators/{row}",
    "bridge": "/cases/{case}/bridge",
    "log": "/cases/{case}/log",
    "check": "/cases/{case}/checks",
    "appeal list": "/cases/{case}/rectification",
    "rectify status": "/cases/{case}/rectification",
    "rectify figures": "/cases/{case}/rectification",  # leads to the form in the later case
    "evidence list": "/cases/{case}/materials",
    "evidence read": "/cases/{case}/evidence/{sha256}",
    "source list": "/cases/{case}/materials",
    "portfolio work": "/",
    "search": "/search",
    "portfolio scores": "/portfolio",
    "portfolio compare": "/portfolio/compare",
    "portfolio adjustments": "/portfolio/{view}",
    "portfolio rectification": "/portfolio/{view}",
    "review countersign-all": "/cases/{case}/countersign",
    "apply": "/upload",
    "import-table": "/cases/{case}/table",
    "form table": "/cases/{case}/table/filled/{upload}",
    "form list": "/lists/{name}",
    "form self-evaluation": "/cases/{case}/forms/{kind}",
    "form review": "/cases/{case}/forms/{kind}",
    "document": "/cases/{case}/documents/{name}",
    "receipt issue": "/cases/{case}/receipts/{name}",
    "dossier export": "/cases/{case}/dossiers/{name}",  # once `issue-dossier` is recorded
    "replay": "/cases/{case}",  # the slider goes through it
}
"""The page of each command that records nothing, or more than one act."""

_KEY: Final = "whoever holds the signing key does it on the machine where the key is"
_LEDGER: Final = "it makes or moves the ledger itself, below the pages"
_OWN_KEY: Final = "a server never holds the key of an author, who signs where the key is"
_ARCHIVISTS: Final = "it is about all cases, or handles all files of a case, where they are"
_LIST: Final = "the list of all scores stays with those who drew it up, on no server"
_OUTSIDER: Final = "it is for outsiders, who have no login and need not believe this server"
NONE: Final = {
    **dict.fromkeys(
        ("init", "demo", "migrate", "seal", "export", "import", "web", "restored"), _LEDGER
    ),
    **dict.fromkeys(("account database-role", "portfolio rebuild"), _LEDGER),
    **dict.fromkeys(("year freeze", "year succeed", "year rubrics", "archive write"), _LEDGER),
    **dict.fromkeys(
        (f"fleet {do}" for do in ("status", "verify", "checkpoint", "export", "portfolio")), _LEDGER
    ),
    "verify-export": _LEDGER,
    **dict.fromkeys(
        (f"key {do}" for do in ("add-ml-dsa", "generate", "retire", "rotate", "show")), _KEY
    ),
    **dict.fromkeys(
        (
            f"checkpoint {do}"
            for do in (
                *("ask", "cosign", "keep", "keep-stamp", "line", "page", "request-stamp"),
                *("resume", "sign", "verify", "witness", "witness-key"),
            )
        ),
        _KEY,
    ),
    "publish": _KEY,
    **dict.fromkeys(("account key enroll", "signature sign"), _OWN_KEY),
    **dict.fromkeys(("signature prepare", "signature submit"), _OWN_KEY),
    "checkpoint compare": _OUTSIDER,
    "ranking verify": _OUTSIDER,
    **dict.fromkeys(("ranking record", "ranking prove", "ranking audit"), _LIST),
    "verify": _OUTSIDER,
    **dict.fromkeys(("archive list", "archive destroy"), _ARCHIVISTS),
    "receipt verify": _OUTSIDER,
    "dossier verify": _OUTSIDER,
}
"""Why a command has no page."""


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Each command of the command line, and the act that it records; empty where it is none."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield " ".join((*before, name)), _act(group, name)


def _act(group: click.Group, name: str) -> str:
    others = vars(group).get("_names", {}) if isinstance(group, CommandGroup) else {}
    called = next((do for do, short in others.items() if short == name), name)
    return called if called in COMMANDS and called != "issue-dossier" else ""


ALL: Final = dict(commands(program()))


def is_there(path: str) -> bool:
    """Whether a page answers at an address."""
    asked = {"type": "http", "method": "GET", "path": path, "headers": []}
    return any(
        Route(each, lambda _: None, methods=[how]).matches(asked)[0] is Match.FULL
        for how, each, _ in PAGES
    )


@pytest.mark.parametrize("command", ALL)
def test_a_command_has_a_page_or_a_reason(command: str) -> None:
    do = ALL[command]
    if do in OF_NO_CASE:
        assert is_there(f"/acts/{do}")
    elif do:
        assert is_of_case(do)
        assert do not in ELSEWHERE
        assert is_there(f"/cases/a-2024/acts/{do}")
    else:
        assert (command in READ) != (command in NONE), command
        assert command in NONE or READ[command] in [path for _, path, _ in PAGES]


def test_every_act_is_done_by_a_page() -> None:
    """Only what an import makes is not, and what the holder of a key makes where it is."""
    done = {do for do in COMMANDS if is_of_case(do)} - ELSEWHERE | OF_NO_CASE.keys()
    # A ranking is drawn up with random bytes that no server is to hold.
    # These sign, or read another ledger.
    year_end = {"freeze-ledger", "name-predecessor", "carry-account", "take-checkpoint"}
    assert COMMANDS.keys() - done == {"merge-entries", "enrol-key", "record-ranking", *year_end}


def test_no_reason_is_left_of_what_is_gone() -> None:
    assert {*READ, *NONE} <= ALL.keys()
