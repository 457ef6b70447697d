"""`scoretrail rubric`: publish and read rubrics."""

from pathlib import Path

import click

from cli.acting import acting, argument, option
from cli.acts import read_text
from cli.language import t
from cli.options import as_json, example, print_json
from cli.session import Session
from cli.table import Column, print_table
from ledger.rubric import Rubric, digest, read
from ledger.values import Invalid


@click.group(help=t("指标体系：发布、列出、查看。", "Rubrics: publish, list, show."))
def rubric() -> None:
    """Group the commands of the rubrics."""


acting(
    rubric,
    "publish",
    "publish-rubric",
    zh="发布一版指标体系（TOML 文件，原样存入）。",
    en="Publish an edition: a TOML file, stored as it stands.",
    line="bureau-officer rubric publish examples/zhanjiang-2023/rubric.toml",
    parameters=[click.Argument(["file"], type=click.Path(path_type=Path))],
    fold=lambda fields: {"source": read_text(fields["file"])},
)
acting(
    rubric,
    "supersede",
    "supersede-rubric",
    zh="以新版取代旧版；已立项的仍用原版。",
    en="Supersede an edition; cases keep the one they pinned.",
    line="bureau-officer rubric supersede zhanjiang-departments-2023 2024-1 --by 2024-1"
    " --reason 勘误",
    parameters=[
        argument("rubric"),
        argument("edition"),
        option("--by", "新的版号", "the newer edition", name="by_edition", required=True),
        option("--reason", "原因", "why", required=True),
    ],
)


@rubric.command(
    "list",
    help=t("列出已发布的各版。", "List the published editions."),
    epilog=example("scoretrail rubric list --json"),
)
@as_json
@click.pass_obj
def list_(session: Session, *, json_: bool) -> None:
    """List the editions."""
    rows = []
    with session.ledger() as ledger:
        for stream in ledger.streams():
            if not stream.startswith("rubric:"):
                continue
            editions = ledger.editions(stream.removeprefix("rubric:"))
            rows += [
                {
                    "id": one.rubric,
                    "edition": one.edition,
                    "sha256": one.sha256,
                    "title": editions.rubric(one.edition).title,
                    "superseded_by": editions.superseded_by.get(one.edition),
                }
                for one in editions.published.values()
            ]
    if json_:
        print_json({"rubrics": rows})
        return
    print_table(
        [
            Column(t("编号", "id")),
            Column(t("版", "edition")),
            Column(t("名称", "title")),
            Column("SHA-256"),
        ],
        [(str(r["id"]), str(r["edition"]), str(r["title"]), str(r["sha256"])) for r in rows],
    )


@rubric.command(
    help=t(
        "查看一版指标体系：账本中的编号，或一个文件。",
        "Show an edition: an id in the ledger, or a file.",
    ),
    epilog=example("scoretrail rubric show examples/zhanjiang-2023/rubric.toml"),
)
@click.argument("name")
@click.option(
    "--edition", help=t("版号（默认最新发布）", "edition (default: the latest published)")
)
@as_json
@click.pass_obj
def show(session: Session, name: str, edition: str | None, *, json_: bool) -> None:
    """Show an edition."""
    source = read_text(Path(name)) if name.endswith(".toml") else _published(session, name, edition)
    shown = read(source.encode())
    if json_:
        print_json(_as_json(shown, source))
        return
    print_table(
        [
            Column(t("指标", "indicator")),
            Column(t("名称", "name")),
            Column(t("分值", "weight"), number=True),
            Column(t("评分标准", "standard")),
        ],
        [(i.id, " / ".join(i.path), str(i.weight), i.standard) for i in shown.indicators],
        title=f"{shown.title}({shown.id} {shown.edition})",
    )
    for extra in (shown.bonus, shown.penalty):
        if extra:
            click.echo(
                t(
                    f"{extra.name}：每项 {extra.each}，最多 {extra.cap}",
                    f"{extra.name}: {extra.each} each, {extra.cap} at most",
                )
            )
    bands = "  ".join(f"{band.grade} {band.range}" for band in shown.bands)
    click.echo(
        t(
            f"总分 {shown.full}，上限 {shown.cap}；{bands}",
            f"full {shown.full}, cap {shown.cap}; {bands}",
        )
    )


def _published(session: Session, name: str, edition: str | None) -> str:
    with session.ledger() as ledger:
        editions = ledger.editions(name)
    if not editions.published:
        raise Invalid(f"没有指标体系 {name}", f"there is no rubric {name}")
    chosen = edition or next(reversed(editions.published))
    editions.digest(chosen)
    return editions.published[chosen].source


def _as_json(shown: Rubric, source: str) -> dict[str, object]:
    return {
        "id": shown.id,
        "edition": shown.edition,
        "sha256": digest(source.encode()),
        "title": shown.title,
        "scale": shown.scale,
        "full": str(shown.full),
        "cap": str(shown.cap),
        "bands": [{"grade": band.grade, "range": band.range} for band in shown.bands],
        "bonus": {"id": shown.bonus.id, "cap": str(shown.bonus.cap)} if shown.bonus else None,
        "penalty": {"id": shown.penalty.id, "cap": str(shown.penalty.cap)}
        if shown.penalty
        else None,
        "indicators": [
            {"id": i.id, "path": list(i.path), "weight": str(i.weight), "clause": i.clause}
            for i in shown.indicators
        ],
    }
