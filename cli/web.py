"""`scoretrail web`: the pages over a ledger, in a process of their own."""

import os
from typing import Any

import click

from application.begun_process import serve
from cli.language import language
from cli.option import command, flag, option
from cli.session import Session


@command(
    "网页：在本机 127.0.0.1 上启动，用浏览器办理；或给账号登录密码。",
    "Serve web pages on 127.0.0.1, or give an account a login.",
    "scoretrail web --logins logins.web --password bureau-officer",
)
@option("--port", "端口（默认 8000）", "port (default: 8000)", click.INT)
@flag("--demo", "演示实例，各角色一个账号", "with the reference case")
@flag("--read-only", "只供查看", "read-only pages")
@option("--host-name", "代理所用的主机名", "host name used by the proxy")
@option("--ways-in", "其他登录方式的配置文件", "file with other ways to log in")
@option("--logins", "登录数据的位置（默认记录库旁）", "place of the login data")
@option("--password", "给账号初始密码", "set a first password", metavar="ACCOUNT")
@option("--erase-accesses", "销毁清册所列访问记录", "erase accesses on a list", metavar="CASE")
@flag("--deliver", "推送事件，不提供网页", "deliver to web hooks, no pages")
@option("--hook-network", "推送可达的内部网络", "private network for hooks", metavar="CIDR")
@option("--metrics", "指标数据的端口（Prometheus）", "port of Prometheus metrics", click.INT)
@flag("--restored", "恢复备份后：登录全部作废", "after a restore: void all logins")
@option("--disable", "不再让账号登录", "remove a login", metavar="ACCOUNT")
def web(session: Session, /, **given: Any) -> int:  # noqa: ANN401 - what click hands over
    given |= {"lang": language(), "evidence": session.evidence_folder}
    return serve(session.target, given, os.environ)
