"""A table that needs no folding is printed without rich, which is slow; nobody can see it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.table import Table

from cli import table
from cli.table import TableColumn, print_table

TEXT = st.text(st.sampled_from("a7.-[]\\ 得分（）é́😀\u3000\n\t\x07"), max_size=12)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[TableColumn], list[tuple[str, ...]]]:
    """A table of any shape."""
    width = draw(st.integers(1, 12))
    headings = st.text(st.sampled_from("ab得分"), min_size=1, max_size=6)
    columns = [TableColumn(draw(headings), number=draw(st.booleans())) for _ in range(width)]
    rows = st.lists(st.tuples(*[TEXT] * width), max_size=5)
    return columns, draw(rows)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=tables())
def test_is_the_same_as_rich_prints_it(
    capsys: pytest.CaptureFixture[str], drawn: tuple[list[TableColumn], list[tuple[str, ...]]]
) -> None:
    print_table(*drawn)
    printed = capsys.readouterr().out

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "_fits", lambda *_: False)
        print_table(*drawn)

    assert printed == capsys.readouterr().out


def test_of_ten_thousand_rows_never_goes_through_rich(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Table, "add_row", None)

    print_table([TableColumn("评价事项"), TableColumn("n", number=True)], [("事项", "1")] * 10_000)

    assert capsys.readouterr().out.count(" 事项       1 ") == 10_000
