"""The second tree, over SM3: its roots are those that others compute; its texts have one form."""

import re
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Final

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import HashAlgorithm
from hypothesis import given
from hypothesis import strategies as st

from ledger.log.sm3 import BothTrees, Sm3Range, Sm3Statement, sm3
from ledger.log.tree import ProofError, leaf_hash, tree_head
from ledger.values import Invalid
from tests.support.naive_log import sm3_root
from tests.support.signed_log import ENTRIES

ROOT: Final = Path(__file__).parents[3]
LINES: Final = str(Sm3Statement("log", 1, bytes(32), bytes(32))).split("\n")


def grown(entries: list[bytes]) -> BothTrees:
    trees = BothTrees()
    trees.take_in(entries)
    return trees


def test_sm3_is_that_of_the_standard() -> None:
    """The two examples of GB/T 32905, appendix A, which GM/T 0004 printed first."""
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16).hex() == (
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    )


def test_sm3_where_the_library_was_built_without_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def without(algorithm: HashAlgorithm) -> None:
        raise UnsupportedAlgorithm(algorithm.name)

    monkeypatch.setattr("ledger.log.sm3.Hash", without)
    with pytest.raises(Invalid, match="Install a cryptography that has it"):
        sm3(b"abc")


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_both_roots_are_those_of_the_definition_at_any_size(entries: list[bytes]) -> None:
    by_sm3, by_sha256 = grown(entries).heads()

    assert by_sm3 == (len(entries), sm3_root(entries))
    assert by_sha256 == tree_head(map(leaf_hash, entries))


@given(st.lists(st.binary(max_size=40), max_size=40), st.integers(0, 40))
def test_a_signer_that_goes_on_from_its_state_states_the_same(
    entries: list[bytes], stop: int
) -> None:
    kept = grown(entries[:stop]).state("log")

    trees = BothTrees.parse(kept, "log")
    trees.take_in(entries[stop:])

    assert trees.state("log") == grown(entries).state("log")
    assert trees.statement("log") == grown(entries).statement("log")


def test_the_shell_of_the_format_document_computes_the_root_with_openssl(tmp_path: Path) -> None:
    page = (ROOT / "docs/formats/sm3.md").read_text()
    shells = re.findall(r"^leaf\(\) .*?openssl base64$", page, re.MULTILINE | re.DOTALL)
    assert len(shells) == len({*shells}) * 2 == 2, "the same in both languages"

    said = subprocess.run(shells[0], shell=True, cwd=tmp_path, capture_output=True, check=True)  # noqa: S602 - lines of our own page

    root = grown(ENTRIES).heads()[0].root
    assert said.stdout.decode() == b64encode(root).decode() + "\n"
    assert page.count(b64encode(root).decode()) == 2


def test_a_statement_is_written_in_one_way() -> None:
    statement = grown(ENTRIES).statement("reviews.example/log1")

    assert Sm3Statement.parse(str(statement)) == statement
    assert str(statement).startswith("scoretrail-sm3/1\nreviews.example/log1\n3\n")
    assert Sm3Statement.parse(str(BothTrees().statement("log"))).sm3 == Sm3Range.empty


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LINES[1:]),
        "\n".join(LINES[:-1]),
        "\n".join([*LINES, ""]),
        "\n".join([*LINES[:5], "more"]),
        "\n".join([LINES[0], "", *LINES[2:]]),
        "\n".join([*LINES[:2], "01", *LINES[3:]]),
        "\n".join([*LINES[:3], "AAAA", *LINES[4:]]),
        "\n".join([*LINES[:4], LINES[4].rstrip("="), ""]),
        "\n".join(["scoretrail-sm3/2", *LINES[1:]]),
        "",
    ],
)
def test_what_is_no_statement_is_refused(text: str) -> None:
    with pytest.raises(ProofError):
        Sm3Statement.parse(text)


def test_the_state_of_another_log_or_with_another_number_of_hashes_is_refused() -> None:
    kept = grown(ENTRIES).state("log")

    assert kept.startswith("scoretrail-sm3-state/1\nlog\n3\n")
    for wrong in (
        kept.replace("\n3\n", "\n4\n"),
        kept.replace("state/1", "state/2"),
        kept[:-5],
        "",
        kept + "\n",
        kept + "more",
    ):
        with pytest.raises(ProofError):
            BothTrees.parse(wrong, "log")
    with pytest.raises(ProofError):
        BothTrees.parse(kept, "other")
