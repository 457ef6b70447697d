"""Where the service begins: `python -m web`, which `scoretrail web` runs with its arguments."""

import argparse
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from ipaddress import ip_network
from pathlib import Path
from random import SystemRandom
from secrets import token_hex
from tempfile import TemporaryDirectory
from threading import Event
from typing import Final

import uvicorn
from starlette.applications import Starlette

from application.create import create_first_account, create_store
from application.example import record_example
from application.handle import handle_all
from application.look import accounts, look
from application.place import KEY_VARIABLES, LedgerPlace
from application.retention import accesses_to_erase
from ledger.language import Say, in_language, speaker
from ledger.problem import Problem
from ledger.time_zone import BEIJING
from ledger.values import Invalid, instant
from web.app import create_app
from web.desk import Office
from web.hook_address import Network
from web.hooks import Deliverer
from web.identity import Identities
from web.store import WebStore
from web.ways_in import read_ways_in, ways_in

EXAMPLE: Final = Path(__file__).parents[1] / "examples" / "zhanjiang-2023"
AUDITOR: Final[Mapping[str, object]] = {
    "do": "open-account",
    "account": "auditor",
    "organisation": "audit-office",
    "roles": ["auditor"],
}
"""The account that the demonstration has besides those of the example."""

HOST: Final = "127.0.0.1"
"""Nobody reaches it from elsewhere except through a proxy of the organisation."""


def clock() -> datetime:
    """The moment, in the zone of the ledgers and not of this machine."""
    return datetime.now(BEIJING)


def main() -> int:  # noqa: PLR0911 - one for each thing that is asked
    """Serve a ledger, or give an account its password; the exit code."""
    asked = _asked()
    say = speaker(asked.lang)
    place = LedgerPlace(asked.ledger, asked.evidence, None, None)
    try:
        _refuse_keys(os.environ)
        if asked.password:
            return _give_password(place, _beside(asked), asked.password, say)
        if asked.disable:
            return _disable(_beside(asked), asked.disable, say)
        if asked.erase_accesses:
            return _erase_accesses(place, _beside(asked), asked.erase_accesses, say)
        if asked.restored:
            return _restored(_beside(asked), say)
        if asked.deliver:
            return _deliver(place, _beside(asked), asked, say)
        if asked.demo:
            with TemporaryDirectory(prefix="scoretrail-") as folder:
                shown = LedgerPlace(str(Path(folder) / "demo.db"))
                kept = str(Path(folder) / "demo.db.web")
                _record_demo(shown, kept, say)
                return _serve(shown, kept, asked, say)
        return _serve(place, _beside(asked), asked, say)
    except Problem as problem:
        print(in_language(problem.text, asked.lang), file=sys.stderr)
        return 2


def _refuse_keys(environment: Mapping[str, str]) -> None:
    """See that no signing key is within reach: the process that serves pages must not sign.

    Raises:
        Invalid: the environment names one.
    """
    for name in KEY_VARIABLES:
        if environment.get(name):
            raise Invalid(
                f"网页进程不能持有签名密钥；请去掉环境变量 {name}，签名由另一进程办理",
                f"pages are served without the signing key; take {name} out of the environment"
                " and let another process sign",
                rule="key-within-reach",
            )


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m web", description=__doc__)
    parser.add_argument("ledger")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--evidence", type=Path)
    parser.add_argument("--logins")
    parser.add_argument("--ways-in", type=Path)
    parser.add_argument("--host-name", action="append", default=[])
    parser.add_argument("--lang", choices=("zh", "en"), default="zh")
    parser.add_argument("--metrics", type=int)
    parser.add_argument("--hook-network", default="")
    for what in ("--demo", "--read-only", "--restored", "--deliver"):
        parser.add_argument(what, action="store_true")
    for whose in ("--password", "--disable"):
        parser.add_argument(whose, metavar="ACCOUNT")
    parser.add_argument("--erase-accesses", metavar="CASE")
    return parser.parse_args()


def _beside(asked: argparse.Namespace) -> str:
    """Where logins, sessions and drafts are kept.

    Raises:
        Invalid: the ledger is on a server, and nobody says where.
    """
    if asked.logins:
        return str(asked.logins)
    if "://" in asked.ledger:
        raise Invalid(
            "记录库在服务器上。请写明登录数据的位置（文件，或另一 postgresql:// 地址）",
            "the ledger is on a server. Name the place of the login data: a file, or another"
            " postgresql:// URL",
            rule="no-logins",
        )
    return f"{asked.ledger}.web"


def _serve(place: LedgerPlace, kept: str, asked: argparse.Namespace, say: Say) -> int:
    place.open().close()  # mistakes in it are reported before anything is served
    configured = read_ways_in(asked.ways_in) if asked.ways_in else None
    listening = _listening(asked.port)
    port = listening.getsockname()[1]
    # On this machine alone nobody need configure what a browser calls it.
    here = None if asked.host_name else ways_in(f"http://localhost:{port}")
    hosts = {HOST, "localhost", *asked.host_name, *([configured.host] if configured else [])}
    app = create_app(
        place,
        WebStore(kept),
        clock,
        hosts=frozenset(hosts),
        read_only=asked.read_only,
        ways=configured or here,
    )
    _measure(asked.metrics, app.state.office, app)
    address = f"http://{HOST}:{port}/"
    print(
        say(
            f"请用浏览器打开 {address}；按 Ctrl-C 结束",
            f"open {address} in a browser; press Ctrl-C to stop",
        )
    )
    sys.stdout.flush()
    settings = uvicorn.Config(app, log_level="warning", server_header=False, access_log=False)
    uvicorn.Server(settings).run(sockets=[listening])
    return 0


def _deliver(place: LedgerPlace, kept: str, asked: argparse.Namespace, say: Say) -> int:
    """Send events to web hooks until somebody wants the process to end."""
    place.open().close()
    stop = Event()
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, lambda *_: stop.set())
    office = Office(place, WebStore(kept), clock)
    _measure(asked.metrics, office)
    deliverer = Deliverer(office, _networks(asked.hook_network), SystemRandom().random)
    print(say("开始推送；按 Ctrl-C 结束", "delivering; press Ctrl-C to stop"))
    sys.stdout.flush()
    deliverer.follow(stop, lambda why: print(in_language(why, asked.lang), file=sys.stderr))
    office.close()
    return 0


def _measure(port: int | None, office: Office, app: Starlette | None = None) -> None:
    """Let metrics be read at a port, where one is asked for.

    Raises:
        Invalid: the port cannot be had.
    """
    if port is None:
        return
    from web.metrics import Measured, Metrics  # noqa: PLC0415 - few ask for them

    metrics = Metrics(office)
    metrics.serve(port)
    if app is not None:
        app.add_middleware(Measured, metrics=metrics)


def _networks(text: str) -> list[Network]:
    """Networks with commas between them.

    Raises:
        Invalid: one of them is none.
    """
    try:
        return [ip_network(one.strip()) for one in text.split(",") if one.strip()]
    except ValueError:
        raise Invalid(
            f"“{text}”应为网络地址，以逗号分隔，如 10.1.0.0/16",
            f"'{text}' must be networks with commas between them, such as 10.1.0.0/16",
            rule="hook",
        ) from None


def _listening(port: int) -> socket.socket:
    """What listens at a port.

    Raises:
        Invalid: there is no such port, or somebody else has it.
    """
    # Said to be TCP, so that asyncio lets no answer wait until the one before is acknowledged.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":  # on Windows the port would be shared with its owner
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()  # a client that reads the address may connect at once, and waits
    except (OSError, OverflowError):
        listening.close()
        raise Invalid(
            f"端口 {port} 不可用：不存在或已被占用。请更换端口",
            f"port {port} cannot be used: it does not exist or is in use. Choose another",
            rule="port",
        ) from None
    return listening


def _give_password(place: LedgerPlace, kept: str, account: str, say: Say) -> int:
    with place.open() as store:
        accounts(store).account(account)  # a login that nobody is behind is of no use
    password = token_hex(8)
    with _identities(kept) as identities:
        identities.give_password(account, password, initial=True)
    print(say(f"{account} 的初始密码：{password}", f"first password of {account}: {password}"))
    return 0


def _disable(kept: str, account: str, say: Say) -> int:
    with _identities(kept) as identities:
        if not identities.disable(account):
            print(say(f"{account} 没有登录密码", f"{account} has no login"), file=sys.stderr)
            return 1
    print(say(f"{account} 已不能登录", f"{account} can no longer log in"))
    return 0


def _erase_accesses(place: LedgerPlace, kept: str, case: str, say: Say) -> int:
    """Forget who looked at a case before the day that an approved list names."""
    with place.open() as store:
        point = look(store, case)
    before, listed = accesses_to_erase(point), point.case.destruction
    with closing(WebStore(kept)) as beside:
        count = beside.erase_accesses(case, before)
        if listed and count:  # what remains says that there was more, and by whose decision it went
            note = f"accesses {listed.number} {count}"
            beside.keep_access(listed.signers[-1], case, note, instant(clock()))
    print(say(f"{case}：已销毁访问记录 {count} 条", f"{case}: {count} accesses erased"))
    return 0


def _restored(kept: str, say: Say) -> int:
    """No session, password or login of a backup is good: any may have been revoked since."""
    with closing(WebStore(kept)) as store:
        count = store.disable_all()
    print(
        say(
            f"会话已全部结束，{count} 个账号须重新给予密码；草稿保留",
            f"all sessions ended; {count} accounts need a new password; drafts are kept",
        )
    )
    return 0


def _record_demo(place: LedgerPlace, kept: str, say: Say) -> None:
    """The reference case in a ledger of its own, with a login for each of its accounts."""
    with create_store(place.target) as store:
        create_first_account(store, clock, "administrator", "administration", practice=True)
        record_example(store, clock, place, EXAMPLE, clock().date())
        # Nobody audits the reference case; without an auditor, one role would have no login.
        handle_all(store, clock, "administrator", {token_hex(16): AUDITOR})
        people = accounts(store).accounts
    with _identities(kept) as identities:
        for account in people:
            identities.give_password(account, f"{account}-demo", initial=False)
    print(say("演示账号与密码：", "demo accounts and passwords:"))
    for account, person in people.items():
        print(f"  {account:<20} {account}-demo   {', '.join(sorted(person.roles))}")


@contextmanager
def _identities(target: str) -> Iterator[Identities]:
    with closing(WebStore(target)) as kept:
        yield Identities(kept, clock)


if __name__ == "__main__":
    sys.exit(main())
