"""The mapping file: answers go in the place of their questions, and all else stays as it was."""

import tomllib
from typing import Final

from hypothesis import example, given, settings
from hypothesis import strategies as st

from intake.mapping_file import SECTIONS, Line, answered, written

HEAD: Final = {"table": "t.xlsx", "sha256": "0" * 64, "submit": True}
QUESTION: Final = Line("columns", "评分 表!F12", "?", "得分: claim | award")
OTHER: Final = Line("cells", "评分 表!D7", "?", "“185天”")


def asked() -> str:
    """A file with two questions and what a person wrote around them."""
    text = written(HEAD, {}, [QUESTION, Line("columns", "评分 表!G12", "weight"), OTHER])
    return text.replace("[cells]", "# 已与单位核对\n\n[cells]")


class TestAnAnswer:
    def test_replaces_the_question_mark_alone(self) -> None:
        given_ = answered(asked(), {QUESTION.key: "claim"})

        assert given_ == asked().replace('F12" = "?"', 'F12" = "claim"')

    def test_is_a_text_whatever_is_in_it(self) -> None:
        words = '≥"95"%\\ # 无\t'

        told = tomllib.loads(answered(asked(), {OTHER.key: words}))

        assert told["cells"]["评分 表!D7"] == words
        assert told["columns"]["评分 表!F12"] == "?"

    def test_of_the_same_place_in_another_section_is_another(self) -> None:
        told = tomllib.loads(answered(asked(), {("figures", "评分 表!D7"): "days"}))

        assert told["cells"]["评分 表!D7"] == "?"
        assert told["figures"] == {"评分 表!D7": "days"}

    def test_that_nothing_asked_for_is_added_to_its_section(self) -> None:
        text = answered(asked(), {("columns", "评分 表!H12"): "ignore"})

        assert tomllib.loads(text)["columns"]["评分 表!H12"] == "ignore"
        assert text.count("[columns]") == 1
        assert "# 已与单位核对" in text

    def test_can_be_given_again(self) -> None:
        once = answered(asked(), {QUESTION.key: "claim"})

        assert answered(once, {QUESTION.key: "award"}) == once.replace('"claim"', '"award"')


def test_a_remark_holds_no_sign_that_would_end_it() -> None:
    line = Line("cells", "t!A1", "?", "a\x00b\x7fc\u2028d\ne")

    assert str(line).endswith("  # a b c d e")
    assert tomllib.loads(written(HEAD, {}, [line]))["cells"] == {"t!A1": "?"}


@settings(max_examples=50, deadline=None)
@example({("cells", "\x7f"): "\u2028", ("rows", "\x85\U0001f600"): "\x1c"})
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(list(SECTIONS)), st.text(min_size=1, max_size=8)),
        st.text(max_size=12),
        max_size=5,
    )
)
def test_what_is_answered_is_what_the_file_then_says(answers: dict[tuple[str, str], str]) -> None:
    answers = {
        key: value for key, value in answers.items() if all(map(_can_be_written, (*key, value)))
    }

    told = tomllib.loads(answered(asked(), answers))

    before = tomllib.loads(asked())
    for (section, place), value in answers.items():
        assert told[section][place] == value
    for section in ("columns", "cells"):
        for place, value in before[section].items():
            if (section, place) not in answers:
                assert told[section][place] == value


def _can_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair is no text
        return False
    return True
