import pytest

from ledger.commands import PublishRubric, SupersedeRubric
from ledger.editions import Editions
from ledger.events import RubricPublished, RubricSuperseded
from ledger.refusals import CommandRefused
from ledger.rubric import digest
from ledger.values import Invalid
from tests.support.small_case import RUBRIC
from tests.support.specification import given

NEWER = RUBRIC.replace('edition = "2023"', 'edition = "2024"')
SUPERSEDE = SupersedeRubric(
    rubric="small", edition="2023", by_edition="2023-plain", reason="取消加分"
)


def test_an_edition_is_published_with_the_file_to_the_byte() -> None:
    given().when(PublishRubric(source=NEWER), by="clerk").then(
        RubricPublished(rubric="small", edition="2024", sha256=digest(NEWER.encode()), source=NEWER)
    )


def test_a_changed_file_needs_a_new_edition() -> None:
    changed = RUBRIC.replace("小指标体系", "改过的指标体系")
    given().when(PublishRubric(source=changed), by="clerk").then_refused(
        "edition-exists", "2023", "新的版本号"
    )


def test_a_file_that_is_no_rubric_is_refused_where_it_is_wrong() -> None:
    with pytest.raises(Invalid, match="add up to 101"):
        given().when(PublishRubric(source=NEWER.replace("weight = 40", "weight = 41")), by="clerk")


def test_an_edition_sent_twice_is_published_once() -> None:
    published = given().when(PublishRubric(source=NEWER), by="clerk")
    published.again().when(PublishRubric(source=NEWER), by="clerk").then_nothing()


def test_a_newer_edition_takes_the_place_of_an_older_one() -> None:
    given().when(SUPERSEDE, by="clerk").then(
        RubricSuperseded(rubric="small", edition="2023", by_edition="2023-plain", reason="取消加分")
    )


@pytest.mark.parametrize(("old", "new"), [("1999", "2023"), ("2023", "1999")])
def test_only_published_editions_supersede_each_other(old: str, new: str) -> None:
    command = SupersedeRubric(rubric="small", edition=old, by_edition=new, reason="x")
    given().when(command, by="clerk").then_refused("unknown-edition", "1999", "2023、2023-plain")


@pytest.mark.parametrize("account", ["admin", "filer", "reviewer", "auditor"])
def test_only_a_bureau_publishes(account: str) -> None:
    given().when(PublishRubric(source=NEWER), by=account).then_refused("role", "财政部门")
    given().when(SUPERSEDE, by=account).then_refused("role")


def test_an_unpublished_rubric_has_no_editions() -> None:
    with pytest.raises(CommandRefused) as refused:
        Editions().rubric("2023")

    assert refused.value.rule == "unknown-edition"
