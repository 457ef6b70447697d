"""Every test that opens a ledger runs on both databases, or says here why not.

Whoever marks a test as being about files adds it to the list below, where a reader sees it; whoever
forgets to say anything is told by the test itself, which fails.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from ledger.store import NewEntry, Store
from tests.support.places import Place, Places, administrator
from tests.support.postgres import Databases, is_postgres, raw

pytestmark = pytest.mark.slow

TESTS: Final = Path(__file__).parent
ABOUT_FILES: Final = {
    "application/test_asked_at_once.py": {"all of it"},
    "application/test_cluster.py": {"all of it"},
    "application/test_fleet_data.py": {"all of it"},
    "application/test_parquet_export.py": {"all of it"},
    "application/test_portfolio_list.py": {
        "test_four_times_as_many_awards_take_no_more_memory",
    },
    "application/test_witnessing.py": {"all of it"},
    "docs/test_api.py": {"test_they_run"},
    "web/test_feed.py": {"test_what_is_recorded_while_a_page_is_read_waits_for_the_next"},
    "web/test_health.py": {
        "test_a_page_without_the_logins_is_for_later_and_says_so",
        "test_it_is_not_ready_without_the_ledger_or_the_logins",
    },
    "life/test_programs.py": {"all of it"},
    "life/test_archived.py": {"TestOnObjectStorage", "TestTheObjects"},
    "life/test_fleet.py": {"test_a_list_that_is_none_is_refused"},
    "golden/test_upgrades.py": {
        "test_a_frozen_ledger_verifies_and_stays_frozen",
        "test_a_receipt_in_two_steps_verifies",
        "test_an_archive_verifies",
    },
    "browser/test_assigning.py": {
        "all of it",
    },
    "browser/test_comparison.py": {
        "all of it",
    },
    "browser/test_paper_pages.py": {
        "test_the_public_page_asks_for_nothing_and_shows_its_code",
    },
    "browser/test_paper_widths.py": {"test_no_document_of_a_ledger_is_broader_than_the_window"},
    "browser/test_verify_page.py": {"all of it"},
    "cli/test_amended_by_table.py": {"all of it"},
    "cli/test_bad_input.py": {
        "test_a_file_that_is_no_ledger_is_left_as_it_is",
        "test_a_file_that_is_there_is_not_made_a_ledger",
        "test_a_folder_is_no_ledger",
    },
    "cli/test_contract.py": {
        "test_5_the_database_cannot_be_reached",
    },
    "cli/test_demo.py": {"test_it_says_where_its_ledger_is_and_ends_with_commands_that_run"},
    "cli/test_help.py": {
        "test_reading_a_ledger_in_a_file_imports_nothing_that_only_others_need",
    },
    "cli/test_reference_figures.py": {
        "test_the_sheet_at_every_version_is_what_a_stranger_adds_up_from_the_export",
        "test_between_any_two_points_the_steps_leave_no_rest",
    },
    "cli/test_portfolio.py": {
        "test_checks_no_tables_where_there_are_none",
        "test_says_that_tables_which_lack_something_are_not_checked",
        "test_a_broken_file_of_tables_is_not_taken_for_a_broken_ledger",
        "test_after_a_restore_names_the_tables_that_it_left_out",
    },
    "cli/test_messages.py": {
        "test_every_file_that_is_broken",
        "test_every_global_option_with_a_slip",
        "test_every_option_with_every_slip",
    },
    "cli/test_output.py": {
        "test_a_broken_ledger_is_3_whoever_reads_it",
        "test_a_closed_stdout_is_not_taken_for_the_ledger",
    },
    "cli/test_log_filters.py": {
        "all of it",
    },
    "cli/test_narrow_terminals.py": {
        "all of it",
    },
    "cli/test_rubric_command.py": {
        "test_a_draft_is_written_reported_answered_checked_and_published",
    },
    "cli/test_tables.py": {
        "all of it",
    },
    "docs/test_guide.py": {
        "test_the_letters_of_the_tasks_say_what_was_decided",
        "test_a_page_that_promises_something_else_is_stale",
        "test_every_command_prints_what_the_page_shows",
    },
    "browser/test_doors.py": {"all of it"},
    "browser/test_flows.py": {"all of it"},
    "browser/test_keyboard.py": {"all of it"},
    "browser/test_logins.py": {"all of it"},
    "browser/test_pictures.py": {"all of it"},
    "browser/test_signed_life.py": {"all of it"},
    "browser/test_whole_life.py": {"all of it"},
    "docs/test_generated.py": {"test_what_is_generated_is_fresh"},
    "docs/test_readme.py": {"test_what_the_readme_shows_is_answered"},
    "docs/test_reference_items.py": {"all of it"},
    "proof/test_damage_at_edges.py": {"all of it"},
    "proof/test_verify_in_parts.py": {
        "test_in_each_damaged_ledger",
    },
    "web/test_access_retention.py": {
        "test_a_ledger_that_was_away_at_first_is_marked_as_soon_as_it_is_back",
        "test_the_pages_of_a_practice_ledger_say_so",
    },
    "web/test_scan.py": {"all of it"},
    "web/test_service.py": {"all of it"},
    "web/test_ways_in.py": {"all of it"},
    "web/test_rubric_draft.py": {"all of it"},
    "web/test_table.py": {"all of it"},
    "cli/test_self_tables.py": {"all of it"},
    "examples/test_form_as_a_table.py": {"all of it"},
    "golden/test_views.py": {
        "test_every_view_has_the_keys_and_values_that_it_had",
    },
    "ledger/store/test_recorders.py": {
        "OnAFile",
    },
    "ledger/store/test_store.py": {
        "TestTheRecordInAFileOnlyGrows",
        "test_a_broken_file_is_said_to_be_broken",
        "test_a_file_that_is_not_a_database",
        "test_a_ledger_in_a_folder_that_nobody_may_write",
        "test_a_ledger_where_nothing_can_be_written_is_read_and_says_what_it_may_lack",
        "test_an_empty_file",
        "test_by_a_text_or_a_path_with_any_signs_in_it",
        "test_in_a_folder_that_is_not_there",
        "test_in_a_folder_that_nobody_may_write",
        "test_keeps_a_write_ahead_log",
        "test_leaves_one_file_that_can_be_copied",
        "test_of_a_file_wait_for_each_other_but_not_for_ever",
        "test_refuses_a_file_that_is_not_a_database_and_leaves_it",
        "test_what_waits_in_a_log_beside_it_is_read_there_too",
        "test_takes_up_an_empty_file_that_an_interrupted_attempt_left",
        "test_the_database_of_another_program_which_is_left_as_it_is",
    },
    "life/test_from_a_workbook.py": {
        "test_an_unseen_workbook_becomes_a_checked_review_in_six_commands",
        "test_what_the_rules_read_is_asked_with_the_draft_and_never_again",
    },
    "load/test_crowd_of_logins.py": {"all of it"},
    "load/test_full_disk.py": {
        "test_for_a_file_leaves_all_or_nothing_and_goes_on_with_space",
        "test_for_a_new_ledger_leaves_nothing_in_its_way",
        "test_that_comes_at_any_moment_leaves_all_or_nothing",
    },
    "load/test_many_writers.py": {
        "test_of_a_file_lose_nothing_and_double_nothing",
    },
    "migrations/test_migrations.py": {
        "test_it_works_anywhere_without_a_settings_file_and_says_nothing",
    },
    "office/test_office.py": {
        "all of it",
    },
    "documents/test_documents.py": {
        "test_a_case_of_sixty_rows_and_five_hundred_entries_has_every_document_in_every_format",
    },
    "proof/test_practice.py": {
        "test_is_found_by_verify_to_have_been_signed_under_another_name",
        "test_marks_the_name_of_its_log_by_itself_and_what_leaves_it_has_it_in_signed_bytes",
        "test_stays_one_when_it_is_moved_and_does_not_go_into_a_real_one",
    },
    "proof/test_backups.py": {
        "test_a_file_is_backed_up_whole_while_its_newest_pages_are_in_the_log_beside_it",
    },
    "proof/test_damaged_kit.py": {
        "all of it",
    },
    "proof/test_dossier.py": {
        "test_both_refuse_a_file_cut_short",
        "test_both_refuse_another_key_of_the_same_name",
        "test_both_refuse_what_was_tampered_with",
        "test_no_flipped_byte_verifies_with_other_content",
    },
    "proof/test_two_steps.py": {"all of it"},
    "proof/test_dossier_forms.py": {"all of it"},
    "proof/test_every_byte.py": {
        "all of it",
    },
    "proof/test_flipped_file.py": {
        "all of it",
    },
    "proof/test_foreign_verifiers.py": {
        "test_go_refuses_every_file_with_a_flipped_byte",
        "test_go_waits_for_no_pipe_and_no_device",
    },
    "proof/test_guards.py": {
        "test_a_name_that_is_no_text_is_named_and_the_rest_goes_on",
        "test_numbers_that_run_ahead_so_that_nobody_can_append",
        "test_what_was_cut_off_by_somebody_who_forgot_the_number_that_sqlite_keeps",
    },
    "proof/test_interruptions.py": {
        "test_killed_at_any_write_of_the_database_library",
        "test_when_the_database_library_finds_no_room",
    },
    "proof/test_large_rubrics.py": {
        "test_five_hundred_rows_are_published_scored_handed_out_and_verified",
        "test_go_audits_a_log_with_a_large_rubric",
    },
    "proof/test_not_stored.py": {"test_nor_is_one_that_is_changed_while_it_is_sealed"},
    "proof/test_proofbundle.py": {
        "test_it_refuses_the_receipt_with_any_byte_changed",
    },
}
IN_MEMORY: Final = {
    "cli/test_surroundings.py": "that none is made",
    "ledger/test_dump.py": "the other side of a comparison",
    "ledger/store/test_recorders.py": "the library's suite a third time",
    "ledger/store/test_store.py": "that there is such a store",
    "ledger/store/test_tile_store.py": "a log of 70,000 entries, and a backup",
    "ledger/test_log_verification.py": "rows to be changed by hand",
    "support/crowd.py": "the other side of a comparison",
    "load/test_full_disk.py": "the other side of a comparison",
    "load/test_same_history.py": "a third one beside both",
    "support/places.py": "what is not watched",
    "test_places.py": "this list",
}
"""Stores that are in no database at all, and what for. They stand for none of the two."""


def marked(tree: ast.AST) -> Iterator[str]:
    """What a module marks as being about files: tests, classes, or all of it."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.ClassDef():
                name, said = node.name, node.decorator_list
            case ast.Assign(targets=[ast.Name(id="pytestmark")]):
                value = node.value
                name = "all of it"
                said = value.elts if isinstance(value, ast.List) else [value]
            case _:
                continue
        for one in said:
            if "mark.sqlite_only" in ast.unparse(one):
                assert isinstance(one, ast.Call), f"{name} gives no reason"
                assert isinstance(one.args[0], ast.Constant), f"{name} gives no reason"
                yield name


def test_what_is_about_files_alone_is_known() -> None:
    found = {
        str(path.relative_to(TESTS)): names
        for path in TESTS.rglob("*.py")
        if (names := {*marked(ast.parse(path.read_text(encoding="utf-8")))})
    }
    assert found == ABOUT_FILES


def test_which_tests_use_a_store_in_memory_is_known() -> None:
    found = {
        str(path.relative_to(TESTS))
        for path in TESTS.rglob("*.py")
        if any(word in path.read_text(encoding="utf-8") for word in ("MEMORY", ":memory:"))
    }
    assert found == set(IN_MEMORY)


OPENING: Final = """
import pytest
from ledger.store import Store

def test_forgets(tmp_path):
    Store.create(tmp_path / "ledger.db").close()

@pytest.fixture
def ledger(tmp_path):
    Store.create(tmp_path / "ledger.db").close()

def test_forgets_in_a_fixture(ledger):
    pass

@pytest.mark.sqlite_only("it says so")
def test_says_so(tmp_path):
    Store.create(tmp_path / "ledger.db").close()

def test_on_both(places):
    places.ledger()

@pytest.mark.sqlite_only("it says so")
def test_on_one(places):
    places.ledger()

def test_opens_nothing():
    pass
"""


def test_a_test_that_opens_a_file_and_says_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "test_opening.py").write_text(OPENING)
    plugins = [word for name in ("postgres", "places") for word in ("-p", f"tests.support.{name}")]
    ran = subprocess.run(  # noqa: S603 - the tests' own program
        [sys.executable, "-m", "pytest", "-v", *plugins, "-p", "no:cacheprovider", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(TESTS.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = dict(
        line.split()[:2]
        for line in ran.stdout.replace("test_opening.py::", "").splitlines()
        if line.startswith("test_")
    )
    assert found == {
        "test_forgets": "FAILED",
        "test_forgets_in_a_fixture": "FAILED",
        "test_says_so": "PASSED",
        "test_on_both[sqlite]": "PASSED",
        "test_on_both[postgresql]": "PASSED",
        "test_on_one[sqlite]": "PASSED",
        "test_opens_nothing": "PASSED",
    }, ran.stdout
    assert "take `places`, or say why not" in ran.stdout


# The places themselves ---------------------------------------------------------------------------


def held(place: Place) -> list[str]:
    with Store.open(place.target) as store:
        return [entry.case_id for entry in store.read_log()]


def test_a_copy_has_what_the_ledger_had_and_goes_its_own_way(places: Places) -> None:
    ledger = places.ledger()
    with Store.open(ledger.target) as store:
        store.append([NewEntry("a", 1, "T", b"{}")])
    copy, other = places.copy(ledger), places.copy(ledger)
    with Store.open(copy.target) as store:
        store.append([NewEntry("b", 1, "T", b"{}")])
    assert (held(ledger), held(copy), held(other)) == (["a"], ["a", "b"], ["a"])


def test_a_copy_that_somebody_wrote_to_is_not_used_again(
    database: Databases | None, places: Places, tmp_path: Path
) -> None:
    ledger = places.ledger()
    used = []
    for turn, case in enumerate(("", "a", "", "")):
        folder = tmp_path / str(turn)
        folder.mkdir()
        with Places(folder, database) as others:
            copy = others.copy(ledger)
            assert held(copy) == []
            used.append(copy.owner)
            if case:
                with Store.open(copy.target) as store:
                    store.append([NewEntry(case, 1, "T", b"{}")])
    if database is not None:
        assert used[1] != used[2]


def test_nothing_of_a_place_is_left(server: Databases, tmp_path: Path) -> None:
    def there() -> set[str]:
        with raw(server.url) as connection:
            found = connection.execute("SELECT datname FROM pg_database").fetchall()
            return {name for (name,) in found}

    before = there()
    with Places(tmp_path, server) as places:
        new = places.new()
        Store.create(new.owner).close()
        for _ in range(2):
            places.copy(new)
        assert len(there()) == len(before) + 3
    assert there() == before


def test_an_administrator_is_stopped_by_nothing_and_undoes_what_fails(places: Places) -> None:
    ledger = places.ledger()
    with Store.open(ledger.target) as store:
        store.append([NewEntry("a", 1, "T", b"{}")])
    with pytest.raises(Exception, match="nowhere"), administrator(ledger) as connection:  # noqa: PT012 - what is undone comes before what fails
        connection.execute("DELETE FROM events")
        connection.execute("DELETE FROM nowhere")
    assert held(ledger) == ["a"]
    with administrator(ledger) as connection:
        connection.execute("DELETE FROM leaves")
        connection.execute("DELETE FROM events")
    assert ledger.is_empty()
    assert is_postgres(ledger.target) or Path(ledger.target).exists()
