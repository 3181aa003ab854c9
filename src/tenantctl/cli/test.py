"""`tenantctl test`: does the tenant do what it should?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tenantctl.cli.options import AsJson, Chdir, Every, Jobs, Junit, Shard

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
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="List the tests that passed, too.")]
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
    verbose: Verbose = False,
    junit: Junit = None,
    node: Node = None,
    every: Every = False,
    shard: Shard = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Test code, files, and what they make of a fresh tenant.

    Writes a receipt for each environment. docs/testing.md says how tests are written.
    """
    from tenantctl.cli.choosing import Several
    from tenantctl.cli.testing import Chosen, run_tests, several_work, tell
    from tenantctl.cli.wiring import project

    here = project(chdir)
    several = Several(every, shard=shard, jobs=jobs)
    chosen = Chosen(what or "", live, kind or "", pattern, node)
    if work := several_work(here, chosen, several, prove, junit=junit):
        from tenantctl.cli.many import run_many

        return run_many(work, as_json=as_json)
    tenant, shown = run_tests(here, chosen)
    tell(tenant, shown, as_json=as_json, every=verbose, junit=junit)
    return 1 if shown.failed else 0
