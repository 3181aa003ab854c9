"""`tenantctl status`: where does every environment stand?"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, EnvKinds, EnvNames, Now, Offline, Shard

if TYPE_CHECKING:
    from tenantctl.cli.boarding import Errand
    from tenantctl.cli.wiring import Project
    from tenantctl.engine.standing import Sheet
    from tenantctl.report.board_view import BoardView

What = Annotated[
    str | None,
    typer.Argument(
        metavar="[TENANT|TENANT/ENV|FLEET]",
        help="Its environments, or one of them; without it those of all tenants.",
        show_default=False,
    ),
]
Html = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write a page, too.", show_default=False),
]
LinkBase = Annotated[
    str | None,
    typer.Option(
        "--link-base",
        metavar="URL",
        help="What the page's links to files begin with; without it they lead to the files here.",
        show_default=False,
    ),
]
AtOnce = Annotated[
    int | None,
    typer.Option(
        "--jobs", min=1, help="Processes; without it one for each core.", show_default=False
    ),
]


def status(
    what: What = None,
    offline: Offline = False,
    html: Html = None,
    link_base: LinkBase = None,
    env: EnvNames = None,
    kind: EnvKinds = None,
    shard: Shard = None,
    now: Now = None,
    jobs: AtOnce = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Show where every environment stands.

    Phases, workstreams and milestones: what is adopted, in sync or has drifted, what checks say,
    when the last run was, and what comes next.

    Reads only, and no more of a tenant than a plan does. Fails only where nothing at all is known.
    """
    import datetime as dt

    from tenantctl.cli.boarding import Errand, gather
    from tenantctl.cli.wiring import project

    here = project(chdir)
    _check_link(html, link_base)
    targets = _targets(here.root, what, env, kind, shard)
    today = now.date() if now else dt.datetime.now(dt.UTC).date()
    errand = Errand(here.root, targets, offline, today)
    sheets = gather(here, errand, jobs=jobs or os.cpu_count() or 1, patience=_patience(targets))
    return _show(here, sheets, errand, html=html, link_base=link_base or "", as_json=as_json)


def _check_link(html: Path | None, link_base: str | None) -> None:
    from tenantctl.errors import UsageError

    if not link_base:
        return
    if html is None:
        raise UsageError("--link-base goes with --html", help="write --html FILE")
    if not link_base.startswith(("https://", "http://")):
        raise UsageError(
            f"--link-base {link_base} is no address of a web page",
            help="such as https://github.com/owner/project/blob/main/",
        )


def _targets(
    root: Path,
    what: str | None,
    env: list[str] | None,
    kind: list[str] | None,
    shard: str | None,
) -> tuple[tuple[str, str], ...]:
    """The environments that are meant, each (tenant, environment); tells what is left out."""
    from tenantctl.cli import terminal
    from tenantctl.cli.choosing import Several, meant
    from tenantctl.files import find
    from tenantctl.report import text_problems

    several = Several(every=what is None, environments=env, kinds=kind, shard=shard)
    found = meant(root, what, several)
    if found is None:
        return (find(root, what or ""),)
    known, targets = found
    if known.problems:
        terminal.say(text_problems(known.problems, color=terminal.coloured(sys.stderr)))
    return tuple((each.tenant, each.environment) for each in targets)


def _patience(targets: Sequence[object]) -> Callable[[], None] | None:
    """What to say to whoever sits at a terminal when it takes a while."""
    if not sys.stderr.isatty():
        return None
    from tenantctl.cli import terminal

    word = "environment" if len(targets) == 1 else "environments"
    return lambda: terminal.say(f"looking at {len(targets)} {word} ...")


def _show(
    here: Project,
    sheets: tuple[Sheet, ...],
    errand: Errand,
    *,
    html: Path | None,
    link_base: str,
    as_json: bool,
) -> int:
    import datetime as dt

    from tenantctl import __version__
    from tenantctl.cli import terminal
    from tenantctl.report.board import board_as_json, view_board
    from tenantctl.workflows.several import worst

    when = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    view = view_board(sheets, when=when, version=__version__, offline=errand.offline)
    if html is not None:
        _write(here, view, html, link_base)
    if as_json:
        terminal.out_json(board_as_json(view))
    else:
        from tenantctl.report.board_text import board_text

        terminal.out(board_text(view, color=terminal.coloured(), width=terminal.width()))
    columns = [column for sheet in sheets for column in sheet.columns]
    failures = [column.failure for column in columns if column.failure]
    return worst(each.exit_code for each in failures) if len(failures) == len(columns) else 0


def _write(here: Project, view: BoardView, html: Path, link_base: str) -> None:
    """Write the page; its links lead to the project as seen from it, or begin with *link_base*."""
    from tenantctl.cli import terminal
    from tenantctl.report.board_html import board_html, relative

    page = board_html(view, link_base or relative(here.root, html.resolve().parent))
    html.write_text(page, "utf-8")
    terminal.say(f"{html}: {len(page.encode()) / 1000:.0f} kB")
