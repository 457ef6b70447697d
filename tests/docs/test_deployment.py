"""The units of docs/deployment.md: what they start is there, under these very options."""

import re
from pathlib import Path

import pytest

from tests.support.terminal import scoretrail

TEXT = (Path(__file__).parents[2] / "docs" / "deployment.md").read_text("utf-8")
LINES = re.findall(r"^ExecStart=\S*/scoretrail (.+)$", TEXT, re.MULTILINE)


def test_there_is_a_unit_for_each_process() -> None:
    assert [re.sub(r"--key \S+ ", "", line).split(" --")[0] for line in LINES] == [
        "web",
        "web",
        "seal",
        "checkpoint sign",
    ]


@pytest.mark.parametrize("line", LINES)
def test_a_unit_starts_what_there_is(line: str) -> None:
    options = [word for word in line.split() if word.startswith("--") and word != "--key"]
    command = re.sub(r"--key \S+ ", "", line).split(" --")[0].split()
    said = scoretrail("none.db", *command, "--help", lang="en")
    assert said.code == 0
    for option in options:
        assert option in said.out


def test_the_proxy_says_whose_address_it_is_and_that_only_tls_will_do() -> None:
    """What a client claims of its address would let it avoid the limits."""
    passed = [line for line in TEXT.splitlines() if "proxy_pass http://scoretrail" in line]
    assert passed
    for line in passed:
        assert "proxy_set_header X-Forwarded-For $remote_addr;" in line
    assert 'Strict-Transport-Security "max-age=31536000; includeSubDomains" always' in TEXT
    assert "listen 80" not in TEXT
