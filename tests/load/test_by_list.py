"""Three hundred cases are opened from one list in minutes, and a second run is no slower."""

import time
from pathlib import Path

from tests.cli.test_by_list import open_all, row, workbook
from tests.support.places import Place
from tests.support.terminal import done, record, scoretrail

CASES = 300
MINUTES = 3


def test_three_hundred_cases_are_opened_in_minutes(opened: Place, tmp_path: Path) -> None:
    file = workbook(tmp_path / "list.xlsx", [row(number) for number in range(CASES)])

    seconds = []
    for words in (("--dry-run",), (), (), ("--report", str(tmp_path / "report.xlsx"))):
        start = time.monotonic()
        done(open_all(opened, file, *words))
        seconds.append(time.monotonic() - start)

    print(f"{CASES} cases: rehearsal, run, again, report: {seconds}")  # noqa: T201 - the measure
    assert sum(seconds) < MINUTES * 60
    assert sum(str(entry[1]).startswith("case-") for entry in record(opened)) == 3 * CASES
    assert scoretrail(opened, "verify", "--log").code == 0
