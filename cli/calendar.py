"""`scoretrail calendar`: the notices of years and the last days that they set."""

import click

from application import look
from cli.command_parameters import recording_command
from cli.group import CommandGroup
from cli.language import language, t
from cli.listing import ListOptions, as_list, print_list
from cli.option import command
from cli.options import at_point
from cli.parameter_types import YEAR
from cli.session import Session
from documents.portfolio_lists import CALENDAR, listed
from projections.year_calendar import year_calendar

calendar = CommandGroup("calendar", help=t("年度日程。", "The calendar of the year."))

recording_command(
    calendar,
    "notice",
    "record-year-notice",
    "bureau-officer calendar notice 2023 --bureau zhanjiang-finance --number 湛财绩〔2024〕5号"
    " --sha256 " + "a" * 64 + " --submission-due 2024-07-31 --receipt-due 5wd",
    "year",
)


@command(
    "列出年度通知规定的期限及其依据；--at 列出当时有效的。",
    "List the time limits that notices set; --at lists those that held then.",
    "scoretrail calendar list --year 2023 --json",
    of=calendar,
)
@click.option("--year", type=YEAR, help=t("年度", "year"))
@at_point
@as_list(CALENDAR)
def list_(session: Session, *, year: int | None, label: str, form: ListOptions) -> None:
    every = year_calendar(look.notices(session.store), label)
    found = [one for one in every if year in {None, one.year}]
    print_list("deadlines", CALENDAR, listed(found, language()), form, {"at": {"label": label}})
