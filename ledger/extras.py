"""Extras (附加功能): parts of the program that need packages which not everybody installs."""

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
