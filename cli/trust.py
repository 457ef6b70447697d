"""Whom a verifier trusts, as options: keys of the log and of witnesses, or one policy file."""

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Any, cast

from application.handed_over import TrustPolicy, read_log_keys, read_policy, read_witness_keys
from cli.option import DAY, F, flag, option, together, usage_error
from cli.parameter_types import FILE


def trusting(*, required: bool) -> Callable[[F], F]:
    """`--vkey`, `--witness` and `--policy`, which reach the command as one `policy`.

    Args:
        required: whether the command proves nothing without a key of the log.
    """

    def decorate(command: F) -> F:
        @wraps(command)
        def trusted(*given: object, policy: Path | None, **more: Any) -> Any:  # noqa: ANN401 - as click hands them on, and what the command returns
            trust = _policy(more.pop("vkey"), more.pop("witness"), policy)
            trust = trust._replace(practice=more.pop("practice", False))
            if required and not trust.log:
                raise usage_error("须写明 --vkey 或 --policy", "--vkey or --policy is needed")
            return command(*given, policy=trust, **more)

        made = together(
            option(
                "--policy",
                "信任文件（C2SP tlog-policy），代替 --vkey 和 --witness",
                "C2SP tlog-policy file, instead of --vkey and --witness",
                FILE,
            ),
            option(
                "--witness",
                "见证人公钥或其文件；可重复",
                "public key of a witness, or its file; repeatable",
                multiple=True,
            ),
            option(
                "--vkey",
                "日志公钥或其文件；可重复",
                "public key of the log, or its file; repeatable",
                multiple=True,
            ),
        )(cast("F", trusted))
        asked = flag("--practice", "核验演示记录库的", "of a practice ledger")
        return asked(made) if required else made

    return decorate


def _policy(vkey: Iterable[str], witness: Iterable[str], path: Path | None) -> TrustPolicy:
    if path is None:
        return TrustPolicy.of(read_log_keys(vkey), read_witness_keys(witness))
    if vkey or witness:
        raise usage_error(
            "--policy 不与 --vkey、--witness 同用", "--policy does not go with --vkey, --witness"
        )
    return read_policy(path)


telling_time = option(
    "--tsa-ca tsa_ca",
    "时间戳机构的根证书（PEM），须从其他渠道取得；可重复",
    "root certificate (PEM) of a time-stamping authority, from elsewhere; repeatable",
    FILE,
    multiple=True,
)
"""`--tsa-ca FILE`: authorities that the verifier trusts to tell the time."""

demanding = option(
    "--require-signed-from signed_from",
    "自此日起所记，须有办理人签名",
    "what was recorded from this day on must be signed by its author",
    DAY,
)
"""`--require-signed-from DAY`: what the verifier demands, even if the ledger does not."""

holding = option(
    "--checkpoint held",
    "此前从外部取得并持有的检查点；可重复",
    "checkpoint obtained earlier from outside; repeatable",
    FILE,
    multiple=True,
)
"""`--checkpoint FILE`: checkpoints that the verifier has held since."""
