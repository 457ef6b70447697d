"""Extras (附加功能): parts of the program that need packages which not everybody installs."""

from pathlib import Path

from ledger.problem import Mendable


class ExtraMissing(Mendable):
    """What was asked for needs an extra that is not installed."""

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(
            f"缺少附加功能 {extra}（软件包 {package}）。请先安装。",
            f"the extra '{extra}' is not installed (package {package}). Install it first.",
            rule="extra-missing",
            subject=extra,
        )


def installing(extra: str, python: str, clone: Path) -> str:
    """The command that installs an extra of this copy of the program; by name, no index has it.

    Args:
        extra: which.
        python: the program that this one runs in.
        clone: the folder that it was taken from, where that is still there.
    """
    what = f'-e "{clone}[{extra}]"' if (clone / "pyproject.toml").is_file() else f'".[{extra}]"'
    return f"{python} -m pip install {what}"
