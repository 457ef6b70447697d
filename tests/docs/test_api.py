"""docs/api.md: its program runs as it stands, at a service, in both languages alike."""

import re
from pathlib import Path

import pytest

from tests.support.desks import house
from tests.support.places import Place
from tests.support.serving import serving

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
PROGRAMS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_both_languages_have_the_same_programs() -> None:
    half = len(PROGRAMS) // 2
    assert PROGRAMS[:half] == PROGRAMS[half:]


@pytest.mark.sqlite_only("the same API; tests/client has both")
def test_they_run(submitted: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with house(submitted, tmp_path) as pages:
        pages.identities.give_password("agency-reviewer", "only-for-tests", initial=False)
        token = pages.app.state.office.tokens.make("agency-reviewer", "文档", "act", (), 1)
        with serving(pages) as address:
            for program in reversed(PROGRAMS[: len(PROGRAMS) // 2]):
                exec(program.replace("ADDRESS", address).replace("TOKEN", token), {})  # noqa: S102 - of our own page
            follow = PROGRAMS[0].replace("ADDRESS", address).replace("TOKEN", token)
            exec(follow, {})  # noqa: S102 - what was recorded by the other one is in the feed
    said = capsys.readouterr().out
    assert re.search(r"^zhanjiang-amr-2023 \d+ 16.00$", said, re.MULTILINE)
    assert "output-goals 20.00 None" in said
    assert "ScoreAdjusted" in said
