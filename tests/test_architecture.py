"""The shape of the house, read from the source: who imports whom, and what stays out of where."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple, get_args

import pytest

from ledger.events import Event
from tests.support.source import nodes, tree

ROOT: Final = Path(__file__).parents[1]
FOLDERS: Final = (
    "ledger",
    "projections",
    "documents",
    "intake",
    "application",
    "cli",
    "web",
    "migrations",
    "client",
    "docs",
    "bench",
    "tests",
    "examples",
)
HOUSE: Final = (
    "ledger",
    "projections",
    "documents",
    "intake",
    "application",
    "cli",
    "web",
    "migrations",
)
EDGES: Final = ("cli", "web")
BELOW_THE_EDGE: Final = tuple(folder for folder in HOUSE if folder not in EDGES)

# Imports go from later to earlier, never back. A name stands for everything below it.
ORDER: Final = (
    "migrations",
    "ledger.language",
    "ledger.right_form",
    "ledger.not_read",
    "ledger.problem",
    "ledger.extras",
    "ledger.log.operating_system",
    "ledger.redacted",
    "ledger.visible",
    "ledger.stored_struct",
    "ledger.values",
    "ledger.gzipped",
    "ledger.system_error",
    "ledger.refusals",
    "ledger.time_zone",
    "ledger.refusal_texts",
    "ledger.program",
    "ledger.cross_checks",
    "ledger.official_calendar",
    "ledger.time_limits",
    "ledger.field_errors",
    "ledger.toml_lines",
    "ledger.log.tree",
    "ledger.log.note",
    "ledger.public_key",
    "ledger.passkey",
    "ledger.ssh_signature",
    "ledger.sm2_certificate",
    "ledger.author_key",
    "ledger.rules",
    "ledger.award_needs",
    "ledger.figure_declarations",
    "ledger.rubric_shorthand",
    "ledger.rubric",
    "ledger.events",
    "ledger.rule_editions",
    "ledger.terms",
    "ledger.envelope",
    "ledger.practice",
    "ledger.chronology",
    "ledger.commands",
    "ledger.personal_numbers",
    "ledger.case",
    "ledger.last_days",
    "ledger.every_command",
    "ledger.case_totals",
    "ledger.known_results",
    "ledger.standard_totals",
    "ledger.account_registry",
    "ledger.rubric_parts",
    "ledger.editions",
    "ledger.subjects",
    "ledger.moves",
    "ledger.effects",
    "ledger.authority",
    "ledger.sight",
    "ledger.decide",
    "ledger.upcasts",
    "ledger.codec",
    "ledger.author_signature",
    "ledger.author_proofs",
    "ledger.recorded_command",
    "ledger.log",
    "ledger.aligned_parts",
    "ledger.cited_outcome",
    "ledger.ranking",
    "ledger.evidence",
    "ledger.stream_reading",
    "ledger.dossier",
    "ledger.archive_package",
    "ledger.store",
    "ledger.dump",
    "ledger.objects",
    "ledger.archive",
    "ledger.repetition",
    "ledger.ledger",
    "ledger.checks",
    "ledger.entry_verification",
    "ledger.verified_reading",
    "ledger.followed_reading",
    "ledger.log_verification",
    "ledger.commands_on_log",
    "projections.as_of",
    "projections.formatting",
    "projections.provenance",
    "projections.facts",
    "projections.change_log",
    "projections.score_sheet",
    "projections.listed",
    "projections.rectification_status",
    "projections",
    "documents",
    "intake",
    "application",
    "cli",
    "web",
)
USE_CASE_MAX: Final = 200
"""Lines in a file of `application/`: what needs more is two use cases."""
COMMAND_LINE_MAX: Final = 5_500
"""Lines in `cli/`, all files together: what needs more is knowledge that a page would need, too."""

RULES_MAY_IMPORT: Final = ("ledger.rules", "ledger.values", "ledger.language")

# Foreign packages, and what is of the whole process, with the only places that may know them.
ONLY_HERE: Final = {
    "eventsourcing": ("ledger/store",),
    "duckdb": ("projections/portfolio/exports.py",),
    "pyarrow": ("documents/parquet_",),
    "sqlalchemy": (
        "ledger/store",
        "projections/portfolio/",
        "migrations/",
        "web/store.py",
        "web/hook_store.py",
    ),
    "psycopg": ("ledger/store/postgresql.py",),
    "alembic": ("migrations/",),
    "click": ("cli/",),
    "rich": ("cli/", "documents/line_breaking.py"),
    "cryptography": (
        "ledger/log/",
        "ledger/public_key.py",
        "ledger/ssh_signature.py",
        "ledger/sm2_certificate.py",
        "web/feed_cursor.py",
    ),
    "rfc3161_client": ("ledger/log/stamp.py",),
    "argon2": ("web/identity.py",),
    "zxcvbn": ("web/guessing.py",),
    "httpx2": ("web/oidc.py",),
    "joserfc": ("web/oidc.py",),
    "jinja2": ("web/wording.py",),
    "starlette": ("web/",),
    "uvicorn": ("web/__main__.py",),
    "icalendar": ("web/pages/deadlines.py",),
    "prometheus_client": ("web/metrics.py",),
    "gc": ("cli/start.py", "application/processes.py"),
}
ASKED_AT_THE_EDGE: Final = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "time.time_ns",
    "time.monotonic",
    "os.environ",
    "os.getenv",
    "os.urandom",
    "uuid.uuid1",
    "uuid.uuid4",
    "getpass.getuser",
}
NAMELESS: Final = {"utils", "util", "helpers", "helper", "manager", "common", "base", "misc"}


class Place(NamedTuple):
    """A line of a file."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}"


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def imports(path: Path) -> tuple[tuple[str, Place], ...]:
    """Every module that a file imports, with the line. For `from a import b` that is `a.b`."""
    found = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [(name.name, Place(path, node.lineno)) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            module, line = node.module, Place(path, node.lineno)
            found += [(f"{module}.{name.name}", line) for name in node.names]
    return tuple(found)


def rank(module: str) -> int | None:
    """How late a module stands in the order; `None` for one that has no place there."""
    fitting = [name for name in ORDER if f"{module}.".startswith(f"{name}.")]
    return ORDER.index(max(fitting, key=len)) if fitting else None


def test_every_module_has_its_place_in_the_order() -> None:
    homeless = [
        module_of(path)
        for path in sources(*HOUSE)
        if rank(module_of(path)) is None and path.name != "__init__.py"
    ]

    assert homeless == [], "say in ORDER what they may import"


def test_imports_go_one_way() -> None:
    backward = [
        f"{place} imports {imported}"
        for path in sources(*HOUSE)
        for imported, place in imports(path)
        if imported.split(".")[0] in HOUSE and (rank(imported) or 0) > (rank(module_of(path)) or 0)
    ]

    assert backward == []


def test_the_front_doors_do_not_know_each_other() -> None:
    astray = [
        f"{place} imports {imported}"
        for path in sources(*EDGES)
        for imported, place in imports(path)
        if imported.split(".")[0] in set(EDGES) - {path.relative_to(ROOT).parts[0]}
    ]

    assert astray == []


def test_the_front_doors_ask_use_cases_and_no_store_log_or_workbook() -> None:
    """What a door would do with them, another door would have to copy."""
    below = ("ledger.store", "ledger.log", "ledger.dump", "ledger.dossier", "projections.portfolio")
    libraries = ("sqlalchemy", "eventsourcing", "python_calamine", "openpyxl", "docx", "xlsxwriter")
    astray = [
        f"{place} imports {imported}"
        for path in sources(*EDGES)
        if path.name not in {"store.py", "hook_store.py"}  # logins and drafts, which hold no events
        for imported, place in imports(path)
        if any(f"{imported}.".startswith(f"{name}.") for name in (*below, *libraries))
    ]

    assert astray == []


def test_a_use_case_is_short_and_the_command_line_thin() -> None:
    long = [
        str(path)
        for path in sources("application")
        if len(path.read_text().splitlines()) > USE_CASE_MAX
    ]

    assert long == []
    assert sum(len(path.read_text().splitlines()) for path in sources("cli")) <= COMMAND_LINE_MAX


def test_rules_import_values_and_each_other_only() -> None:
    astray = [
        f"{place} imports {imported}"
        for path in sources("ledger/rules")
        for imported, place in imports(path)
        if imported.startswith("ledger.") and not imported.startswith(RULES_MAY_IMPORT)
    ]

    assert astray == []


@pytest.mark.parametrize(("package", "homes"), ONLY_HERE.items())
def test_a_foreign_package_has_one_door(package: str, homes: tuple[str, ...]) -> None:
    astray = [
        f"{place} imports {imported}"
        for path in sources(*HOUSE)
        for imported, place in imports(path)
        if imported.split(".")[0] == package
        and not path.relative_to(ROOT).as_posix().startswith(homes)
    ]

    assert astray == []


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def test_clock_environment_and_chance_enter_at_the_edge() -> None:
    """Whoever folds the same history on another day, elsewhere, gets the same."""
    found = []
    for path in sources(*BELOW_THE_EDGE):
        for node in nodes(path):
            if not isinstance(node, ast.Attribute | ast.Name):
                continue
            name = _dotted(node)
            if any(f".{name}".endswith(f".{asked}") for asked in ASKED_AT_THE_EDGE):
                found.append(f"{Place(path, node.lineno)} asks {name}")
        for imported, place in imports(path):
            if imported in ASKED_AT_THE_EDGE or imported.split(".")[0] in {"random", "secrets"}:
                found.append(f"{place} imports {imported}")

    assert found == []


def test_no_float_touches_a_score() -> None:
    found = [
        f"{Place(path, getattr(node, 'lineno', 0))} {what}"
        for path in sources("ledger", "projections", "documents", "intake", "application")
        for node in nodes(path)
        for what in _floats(node)
    ]

    assert found == []


def _floats(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and _dotted(node.func) in {"float", "round", "math.fsum"}:
        yield f"calls {_dotted(node.func)}"
    annotation = node.annotation if isinstance(node, ast.arg | ast.AnnAssign) else None
    if annotation is not None and _dotted(annotation) == "float" and not _is_patience(node):
        yield "is annotated as float"


def _is_patience(node: ast.AST) -> bool:
    """Seconds to wait for a database are no score."""
    return isinstance(node, ast.arg) and node.arg == "patience"


def test_no_module_is_called_by_a_name_that_says_nothing() -> None:
    assert [str(path) for path in sources(*FOLDERS) if path.stem in NAMELESS] == []


def test_nothing_points_outside_the_repository() -> None:
    outside = "../" + "shared"
    written = [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".md", ".toml", ".json", ".jsonl", ".txt", ".csv", ".sql"}
    ]
    written += [path for path in ROOT.iterdir() if path.is_file()]

    found = [
        str(Place(path, number))
        for path in written
        for number, line in enumerate(path.read_bytes().splitlines(), start=1)
        if outside.encode() in line
    ]

    assert len(written) > 50
    assert found == []


def test_whoever_tells_events_apart_forgets_none() -> None:
    """A match over events ends with `assert_never`, so that mypy names where a new one is missing.

    Whoever looks at a few asks `isinstance`, a property of the event, or `ledger/moves.py`.
    """
    events = {event.__name__ for event in get_args(Event)}
    matches = [
        (path, node)
        for path in sources(*HOUSE)
        for node in nodes(path)
        if isinstance(node, ast.Match)
        if any(
            isinstance(part, ast.MatchClass) and _dotted(part.cls).split(".")[-1] in events
            for part in ast.walk(node)
        )
    ]

    assert len(matches) > 5
    assert [
        str(Place(path, node.lineno))
        for path, node in matches
        if "assert_never(" not in ast.unparse(node.cases[-1].body[0])
    ] == []


WORDED_AS: Final = {"CommandRefused", "NotFound"}


def _refusals() -> Iterator[tuple[str, str, Place]]:
    """Each refusal: the name of its function, its rule, its line."""
    path = ROOT / "ledger" / "refusals.py"
    for function in tree(path).body:
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _dotted(node.func) in WORDED_AS:
                    assert isinstance(node.args[0], ast.Constant)
                    yield function.name, str(node.args[0].value), Place(path, node.lineno)


def test_every_refusal_is_put_to_the_test() -> None:
    """A rule that no test has seen refuse may not refuse at all."""
    rules = {(rule, str(place)) for _, rule, place in _refusals()}
    tests = "\n".join(path.read_text(encoding="utf-8") for path in sources("tests"))

    assert len(rules) > 30
    assert [f"{rule} ({place})" for rule, place in sorted(rules) if f'"{rule}"' not in tests] == []


def test_refusals_are_worded_in_one_file_and_all_are_used() -> None:
    elsewhere = [
        str(Place(path, node.lineno))
        for path in sources("ledger", "projections", "documents", "intake")
        if path.name != "refusals.py"
        for node in nodes(path)
        if isinstance(node, ast.Call) and _dotted(node.func) == "CommandRefused"
    ]
    used = {
        node.attr
        for path in sources("ledger", "application")
        for node in nodes(path)
        if isinstance(node, ast.Attribute) and _dotted(node.value) == "refusals"
    }

    assert elsewhere == []
    assert [name for name, _, _ in _refusals() if name not in used] == []


# What a paper tells its reader to run: whoever holds it has no edge of ours to advise them.
TELLS_ITS_READER: Final = (
    "documents/appeal_answer.py",
    "documents/enclosures.py",
    "documents/letter_sections.py",
)
_COMMAND_LINE: Final = re.compile(r"\bscoretrail (?!ledger|alone)[a-z-]+|(?<![\w-])--[a-z]{2,}")


def test_no_text_below_the_edges_names_a_command_line() -> None:
    """An edge adds its own advice by rule: a web page has no options."""
    found = []
    for path in sources(*BELOW_THE_EDGE):
        if path.relative_to(ROOT).as_posix() in TELLS_ITS_READER:
            continue
        docstrings = {
            id(node.value)
            for node in nodes(path)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        found += [
            f"{Place(path, node.lineno)}: {node.value}"
            for node in nodes(path)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
            and "{" not in node.value  # a style sheet
            and _COMMAND_LINE.search(node.value)
        ]

    assert found == []


# Where the program prints what it has composed itself, of parts that are visible.
PRINTS_AS_IT_IS: Final = ("screen.py", "table.py", "spreadsheet.py")


def test_words_reach_the_screen_by_one_way() -> None:
    """What prints past `cli/screen.py` would print what a text of another party tells it to."""
    astray = [
        str(Place(path, node.lineno))
        for path in sources("cli")
        if path.name not in PRINTS_AS_IT_IS
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and _dotted(node.func) in {"click.echo", "click.secho", "print", "sys.stdout.write"}
    ]

    assert astray == []
