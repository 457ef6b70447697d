"""How long it is kept who looked at a case: ended by a list that two accounts have approved."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.desks import house
from tests.support.places import Place, Places
from tests.support.terminal import CASE, ROOT, Said, begun, done, scoretrail
from web.store import WebStore

OLD, NEW = "2026-01-05T08:00:00.000000Z", "2026-11-01T08:00:00.000000Z"
LIST = ("--number", "财档销〔2026〕1号")


def service(ledger: Place, logins: str, *words: str) -> Said:
    ran = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "web", ledger.target, "--logins", logins, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return Said(ran.returncode, ran.stdout, ran.stderr)


@pytest.mark.slow
def test_accesses_are_erased_by_an_approved_list_alone_and_the_log_says_so(
    opened: Place, tmp_path: Path
) -> None:
    logins = str(tmp_path / "logins")
    with closing(WebStore(logins)) as kept:
        for at in (OLD, NEW):
            kept.keep_access("unit-filer", CASE, "log", at)
    second = ("second-officer", "--organisation", "zhanjiang-finance", "--role", "bureau")
    done(scoretrail(opened, "--as", "administrator", "account", "open", *second))

    def bureau(*words: str, by: str = "bureau-officer") -> Said:
        early = ("--confirm-date", "2024-01-01")
        return scoretrail(opened, "--as", by, "--dated", "2026-11-29", *early, *words)

    term = ("--term", "10-years", "--starts", "2024-01-01", "--number", "财档〔2024〕2号")
    done(bureau("archive", "retain", CASE, *term, "--access-months", "6"))
    refused = service(opened, logins, "--erase-accesses", CASE)
    before = ("--accesses-before", "2026-05-29")
    reason = ("--reason", "期满")
    assert bureau(
        "archive", "propose", CASE, *LIST, *reason, "--accesses-before", "2026-06-30"
    ).code
    done(bureau("archive", "propose", CASE, *LIST, *reason, *before))
    done(bureau("archive", "appraise", CASE, *LIST, "--outcome", "destroy", "--justification", "x"))
    too_early = service(opened, logins, "--erase-accesses", CASE)
    approve = ("archive", "decide", CASE, *LIST, "--outcome", "approved")
    assert bureau(*approve).code == 1
    done(bureau(*approve, by="second-officer"))

    done(service(opened, logins, "--erase-accesses", CASE))
    done(service(opened, logins, "--erase-accesses", CASE))  # again, it finds nothing

    assert refused.code == too_early.code == 2
    with closing(WebStore(logins)) as kept:
        found = [(one.account, one.page) for one in kept.accesses(CASE)]
    assert found == [("second-officer", "accesses 财档销〔2026〕1号 1"), ("unit-filer", "log")]


@pytest.mark.sqlite_only("a page says the same on either database")
@pytest.mark.parametrize("practice", [True, False])
def test_the_pages_of_a_practice_ledger_say_so(
    places: Places, tmp_path: Path, *, practice: bool
) -> None:
    ledger = begun(places.new(), "2024-01-05", *(["--practice"] if practice else []))
    with house(ledger, tmp_path) as made:
        pages = [made.door("zh").get("/login"), made.desk("administrator").get("/register")]
        for page in pages:
            assert page.status_code == 200
            assert ("演示记录库，所记均为练习" in page.text) == practice
            assert ("<title>【演示】" in page.text) == practice


@pytest.mark.sqlite_only("a file is taken away and put back")
@pytest.mark.parametrize("practice", [True, False])
def test_a_ledger_that_was_away_at_first_is_marked_as_soon_as_it_is_back(
    places: Places, tmp_path: Path, *, practice: bool
) -> None:
    ledger = begun(places.new(), "2024-01-05", *(["--practice"] if practice else []))
    file, elsewhere = Path(ledger.target), tmp_path / "elsewhere"
    with house(ledger, tmp_path) as made:
        file.rename(elsewhere)
        away = made.door("zh").get("/login")
        elsewhere.rename(file)
        back = made.door("zh").get("/login")
        file.rename(elsewhere)
        known = made.door("zh").get("/login")
    marked = ["演示记录库" in page.text for page in (away, back, known)]
    assert marked == [False, practice, practice]
