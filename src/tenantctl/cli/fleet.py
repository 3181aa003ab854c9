"""`tenantctl fleet`: which environments there are, and in which order they come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenantctl.cli.options import AsJson, Chdir, EnvKinds, EnvNames

if TYPE_CHECKING:
    from tenantctl.workflows.several import Target

LARGEST = 256
"""The most jobs that GitHub makes of one matrix."""
Name = Annotated[
    str | None,
    typer.Argument(
        metavar="[TENANT|FLEET]", help="Only its environments; all without.", show_default=False
    ),
]
Matrix = Annotated[
    str | None,
    typer.Option(
        "--matrix", metavar="github", help="A matrix of jobs for a pipeline.", show_default=False
    ),
]
Shards = Annotated[
    int | None,
    typer.Option(
        "--shards",
        min=1,
        help="With --matrix: so many jobs for each wave, instead of one for each environment.",
        show_default=False,
    ),
]


def fleet(
    name: Name = None,
    env: EnvNames = None,
    kind: EnvKinds = None,
    matrix: Matrix = None,
    shards: Shards = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """List the environments of all tenants, in order.

    Those of fleets among them, in the order in which they are applied: wave by wave, where what
    promotes into an environment, or connects to its tenant, is in an earlier wave.
    """
    from tenantctl.cli import terminal
    from tenantctl.cli.wiring import project
    from tenantctl.report import problems_as_json, text_problems
    from tenantctl.workflows.several import Asked, choose, known_targets

    _check(matrix, shards)
    known = known_targets(project(chdir).root)
    asked = Asked(name or "", tuple(env or ()), tuple(kind or ()))
    found = choose(known.targets, asked)
    if matrix:
        terminal.out_line({"include": _matrix(found, shards)})
    elif as_json:
        rows = [_row(each) for each in found]
        problems = problems_as_json(known.problems)
        terminal.out_json({"format": 1, "type": "fleet", "targets": rows, "problems": problems})
    else:
        terminal.out(_table(found))
    if known.problems and not as_json:
        terminal.say(text_problems(known.problems))
    return 65 if known.problems else 0


def _check(matrix: str | None, shards: int | None) -> None:
    from tenantctl.errors import UsageError

    if matrix not in {None, "github"}:
        raise UsageError(f"there is no matrix for {matrix}", help="write --matrix github")
    if shards and not matrix:
        raise UsageError("--shards goes with --matrix", help="write --matrix github")


def _matrix(found: tuple[Target, ...], shards: int | None) -> list[dict[str, Any]]:
    """The jobs, those of earlier waves first. Raises UsageError where GitHub takes no more."""
    from tenantctl.errors import UsageError
    from tenantctl.workflows.several import in_shard

    if shards is None:
        rows = [
            {
                "tenant": each.tenant,
                "environment": each.environment,
                "target": each.id,
                "kind": each.kind,
                "wave": each.wave,
                "shard": "1/1",
            }
            for each in found
        ]
    else:
        rows = []
        for wave in sorted({each.wave for each in found}):
            here = [each for each in found if each.wave == wave]
            for number in range(1, shards + 1):
                mine = in_shard(here, number, shards)
                targets = " ".join(each.id for each in mine)
                if mine:
                    rows.append({"wave": wave, "shard": f"{number}/{shards}", "targets": targets})
    if len(rows) > LARGEST:
        raise UsageError(
            f"a matrix of {len(rows)} jobs; GitHub takes {LARGEST}",
            help="give --shards, or choose with --env, --kind or the name of a fleet",
        )
    return rows


def _row(target: Target) -> dict[str, Any]:
    return {
        "target": target.id,
        "tenant": target.tenant,
        "environment": target.environment,
        "kind": target.kind,
        "domain": target.domain,
        "fleet": target.fleet,
        "row": target.row,
        "wave": target.wave,
        "after": list(target.after),
    }


def _table(found: tuple[Target, ...]) -> str:
    from tenantctl.report import visible

    head = ("wave", "environment", "kind", "domain", "fleet", "after")
    rows = [(str(t.wave), t.id, t.kind, visible(t.domain), t.fleet, _some(t.after)) for t in found]
    sizes = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    lines = (
        "  ".join(cell.ljust(size) for cell, size in zip(row, sizes, strict=True)).rstrip()
        for row in (head, *rows)
    )
    return "\n".join(lines)


def _some(ids: tuple[str, ...]) -> str:
    """Not more ids than anybody reads."""
    more = f" and {len(ids) - 2} more" if len(ids) > 2 else ""
    return ", ".join(ids[:2]) + more
