"""`tenantctl test`: does the tenant do what it should?"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, EnvNames, Jobs, Shard
from tenantctl.cli.options import Every as All

if TYPE_CHECKING:
    from tenantctl.workflows.several import Target

What = Annotated[
    str | None,
    typer.Argument(
        metavar="[TENANT|TENANT/ENV|FLEET]",
        help="A tenant with all its environments, or one of them; or the tenants of a fleet.",
        show_default=False,
    ),
]
Live = Annotated[
    bool, typer.Option("--live", help="Ask the environment's own tenant; nothing is written to it.")
]
Kind = Annotated[
    str | None,
    typer.Option("--kind", metavar="unit|mock", help="Only these tests.", show_default=False),
]
Pattern = Annotated[
    str,
    typer.Option("-k", metavar="TEXT", help="Only tests with this in their names; no receipt."),
]
Every = Annotated[bool, typer.Option("--verbose", "-v", help="List the tests that passed, too.")]
Junit = Annotated[
    Path | None,
    typer.Option(
        "--junit",
        metavar="FILE",
        help="Write JUnit XML, too; of several, into this folder.",
        show_default=False,
    ),
]
Node = Annotated[
    Path | None,
    typer.Option(
        "--node", metavar="PATH", help="The Node.js to run code with.", show_default=False
    ),
]


def prove(
    what: What = None,
    live: Live = False,
    kind: Kind = None,
    pattern: Pattern = "",
    every: Every = False,
    junit: Junit = None,
    node: Node = None,
    all_of_them: All = False,
    env: EnvNames = None,
    shard: Shard = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Test the code of a tenant, what its files ask for, and what they make of a fresh tenant.

    Writes a receipt for each environment. docs/testing.md says how tests are written.
    """
    from tenantctl.cli.choosing import Several, is_fleet, meant
    from tenantctl.cli.testing import Chosen, run_tests, tell
    from tenantctl.cli.wiring import project

    here = project(chdir)
    several = Several(all_of_them, env, shard=shard, jobs=jobs)
    if several.given or what is None or is_fleet(here.root, what):
        found = meant(here.root, what, several)
        assert found is not None
        from tenantctl.cli.many import Work, run_many

        options = {"live": live, "kind": kind, "pattern": pattern, "node": node}
        each = partial(_options, options, junit.resolve() if junit else None)
        work = Work(prove, here.root, *found, each, jobs=several.at_once, called="test")
        return run_many(work, as_json=as_json)
    chosen = Chosen(what, live, kind or "", pattern, node)
    tenant, shown = run_tests(here, chosen)
    tell(tenant, shown, as_json=as_json, every=every, junit=junit)
    return 1 if shown.failed else 0


def _options(options: Mapping[str, object], folder: Path | None, each: Target) -> dict[str, object]:
    """The options for one of several; its JUnit XML goes into *folder*."""
    if folder is None:
        return {**options, "what": each.id}
    path = folder / each.tenant / f"{each.environment}.xml"
    path.parent.mkdir(parents=True, exist_ok=True)
    return {**options, "what": each.id, "junit": path}
