"""A number of a person is asked about at the door: what is recorded can never be erased."""

from ledger.commands import Command
from ledger.personal_numbers import personal_numbers_of
from ledger.values import Invalid


def ask_about_personal_numbers(command: Command) -> None:
    """Refuse a command that nobody has confirmed and that says the number of a person.

    Raises:
        Invalid: an identity card, bank card or mobile number stands in it; says in which field,
            with its last four digits only.
    """
    for field, (kind, last) in personal_numbers_of(command):
        raise Invalid(
            f"{field}：其中像有{kind.zh}（尾号 {last}）；记入后永远不能删除。请删去或遮住；"
            "确需记录的，请确认（批量操作文件的该操作里写 confirm_personal_number = true）",
            f"{field}: there seems to be a {kind.en} in it (ending in {last}); once recorded it"
            " can never be erased. Take it out or mask it; where it must be recorded, confirm it"
            " (in that command of a batch file: confirm_personal_number = true)",
            rule="personal-number",
            field=field,
        )
