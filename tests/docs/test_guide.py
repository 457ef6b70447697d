"""The guide: every command in it runs, and prints what it says."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import docx
import pytest

from cli.language import Language
from cli.main import run
from docs import transcript
from tests.support.places import Place, Places
from tests.support.terminal import entries

pytestmark = pytest.mark.slow

PAGE = (transcript.ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
ROLES = '<a id="roles-zh"></a>'
HALVES: Final[dict[Language, str]] = {
    "zh": PAGE.partition(transcript.ENGLISH)[0],
    "en": PAGE.partition(transcript.ENGLISH)[2],
}
LIFE = transcript.ROOT / "examples" / "whole-life"
SAME = ("type", "version", "dated", "by", "data")


def shown(text: str) -> list[str]:
    return [
        command
        for block in transcript._BLOCK.findall(text)  # noqa: SLF001 - the reader of blocks itself
        for command, _ in transcript.commands(block)
    ]


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> Mapping[Language, tuple[Path, str]]:
    """What the page is in each language when its commands run now, and the folder they ran in."""
    found: dict[Language, tuple[Path, str]] = {}
    for language, text in HALVES.items():
        folder = tmp_path_factory.mktemp(language)
        found[language] = folder, transcript.replayed_in(folder, text, language)
    return found


@pytest.mark.sqlite_only("the page shows a ledger in a file; below, the commands run on both")
@pytest.mark.parametrize("language", HALVES)
def test_every_command_prints_what_the_page_shows(
    now: Mapping[Language, tuple[Path, str]], language: Language
) -> None:
    assert now[language][1] == HALVES[language], "run: python -m docs.transcript"


def test_both_languages_show_the_same_commands() -> None:
    assert shown(HALVES["zh"]) == shown(HALVES["en"])
    assert len(shown(HALVES["zh"])) > 50


@pytest.mark.sqlite_only("the same page")
def test_a_page_that_promises_something_else_is_stale() -> None:
    beginning = PAGE[: PAGE.index("### 出处和转录")] + transcript.ENGLISH
    wrong = beginning.replace("98.00 → 97.00", "98.00 → 96.00")

    assert wrong != beginning
    assert transcript.replayed(wrong) == beginning


# The tasks of the three roles ---------------------------------------------------------------------

BARS: Final = {
    "启动评价": 11,
    "按表核查": 1,
    "从复核签字到印发": 6,
    "从申诉到答复函": 6,
    "由原有的表到核对过的评分表": 7,  # six, and one that makes the ledger
}
"""The most commands that these tasks may take."""
TASK: Final = re.compile(
    r"^#### (?P<task>.+?)[：:] ?(?P<count>\d+) (?:条命令|commands?)$", re.MULTILINE
)
ANSWERS: Final = {
    # Worked out by hand. Awarded 19 + 6 + 84/100 x 30 + 7.50 + 8 + 16 = 81.70, and 1 of bonus.
    "查看结果": ["parks-2022 某区某局 2022 已印发 97.00 82.70 -14.30 良 0 2023-12-27"],
    "从复核签字到印发": ["plan 年度计划 10.00 10.00 6.00 酌情 agency-reviewer"],
    # By 2023-12-31 the plan had been raised to 8 on an objection, and no appeal was lodged.
    # Awarded 9 + 7.25 + 7 + 15 + 0 + 10 + 10 + 5 + 4.50 + 3.50 = 71.25, one row not at all.
    "由原有的表到核对过的评分表": [
        "自评表 23 总分 100 100.00 - 71.25 一致",
        "提醒 award-without-clause “数量指标”（quantity）：自评得分 15.00 改为核查得分 14.25",
    ],
    "审计": [
        "28 2023-06-12 agency-reviewer 调整得分 ScoreAdjusted plan 10.00 → 6.00",
        "43 2023-09-20 agency-reviewer 调整得分 ScoreAdjusted plan 6.00 → 8.00",
        "58 2024-02-01 bureau-second 申诉决定 AppealDecided plan 8.00 → 9.00",
        "parks-2022 patrols 2024-01-05 2024-01-18 已到位 - 0 0",
        "parks-2022 planting 2024-01-05 2024-02-09 已到位 - 0 5",
        "plan 年度计划 10.00 10.00 10.00 8.00 酌情",
        "总分 97.00 63.20～93.20 84.70",
    ],
}


def tasks(text: str) -> dict[str, tuple[int, str]]:
    """The tasks by their headings: how many commands they promise, and what stands below."""
    _, *parts = TASK.split(text)
    return {
        task: (int(count), below)
        for task, count, below in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    }


@pytest.mark.parametrize("language", HALVES)
def test_a_task_takes_as_many_commands_as_its_heading_says(language: Language) -> None:
    told = tasks(HALVES[language])

    assert len(told) == 10
    for task, (count, below) in told.items():
        run_by_hand = [line for line in shown(below) if line.startswith("scoretrail ")]
        assert len(run_by_hand) == count, task


def test_no_task_takes_more_commands_than_its_bar() -> None:
    counts = {task: count for task, (count, _) in tasks(HALVES["zh"]).items()}

    assert [task for task, bar in BARS.items() if counts[task] > bar] == []


def test_what_the_tasks_answer_was_worked_out_by_hand() -> None:
    told = tasks(HALVES["zh"])

    for task, answers in ANSWERS.items():
        below = [" ".join(line.split()) for line in told[task][1].splitlines()]
        for answer in answers:
            assert any(line.startswith(answer) for line in below), (task, answer)


@pytest.mark.sqlite_only("the same page")
def test_the_letters_of_the_tasks_say_what_was_decided(
    now: Mapping[Language, tuple[Path, str]],
) -> None:
    folder, _ = now["zh"]
    result, answer = (words_of(folder / name) for name in ("result.docx", "answer.docx"))

    assert "财绩函〔2023〕21号" in result
    assert "82.70" in result
    for said in (
        "财绩复〔2024〕1号",
        "6.00",
        "9.00",
        "82.70",
        "85.70",
        "迟报应从轻",
        "附件1 第二条",
    ):
        assert said in answer, said


def words_of(file: Path) -> str:
    """The words of a document of Word."""
    document = docx.Document(str(file))
    return "\n".join("".join(part.itertext()) for part in document.element.body)


# The life that the page tells ---------------------------------------------------------------------


def test_the_commands_and_the_files_of_acts_tell_the_same_life(
    places: Places,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ledgers = {name: places.new() for name in ("commands", "files")}
    (tmp_path / "examples").symlink_to(transcript.ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    for name, ledger in ledgers.items():
        for variable, value in ledger.environment.items():
            monkeypatch.setenv(variable, value)
        commands = ["scoretrail --dated 2023-03-01 init"]
        commands += [f"scoretrail apply {file}" for file in sorted(LIFE.glob("[1-9]-*.toml"))]
        if name == "commands":
            commands = shown(HALVES["zh"].partition(ROLES)[0])
        for command in commands:
            if command.startswith("scoretrail "):
                run(shlex.split(command)[1:])
    capsys.readouterr()

    by_command, by_file = (told(ledger) for ledger in ledgers.values())
    assert len(by_file) == 67
    assert by_command[:67] == by_file
    assert [entry["type"] for entry in by_command[67:]] == ["EvidenceErased"]


def told(ledger: Place) -> list[dict[str, Any]]:
    return [{name: one[name] for name in SAME} for one in entries(ledger, "parks-2022")]
