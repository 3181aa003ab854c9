"""Receipts on the command line: bringing, giving, listing, showing, and keys to sign them with."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.sharing import fetch, fetched, left_out, pushed
from tenantctl.cli.showing import show_receipt
from tenantctl.cli.wiring import Project
from tenantctl.errors import UsageError
from tenantctl.files import environments_of, find, read_environment, tenants
from tenantctl.ledger.kept import Kept, kept, named
from tenantctl.model import Environment, Receipt
from tenantctl.report import Style, visible
from tenantctl.report.kept import (
    Line,
    kept_as_json,
    kept_text,
    line_of,
    log_as_json,
    log_text,
)

if TYPE_CHECKING:
    from tenantctl.ledger.branch import Moved
    from tenantctl.model import Json


def bring(project: Project, target: str | None, *, as_json: bool) -> int:
    """Bring every receipt of the environments that *target* means, and tell how many are new."""

    def job(environment: Environment) -> Moved:
        return fetched(project, environment, whole=True)

    return _move(project, target, job, "fetched", as_json=as_json)


def give(project: Project, target: str | None, *, as_json: bool) -> int:
    """Push the receipts of the environments that *target* means, and tell how many went."""

    def job(environment: Environment) -> Moved:
        return pushed(project, environment)

    return _move(project, target, job, "pushed", as_json=as_json)


def _move(
    project: Project,
    target: str | None,
    job: Callable[[Environment], Moved],
    verb: str,
    *,
    as_json: bool,
) -> int:
    told: list[Json] = []
    for environment in _meant(project, target):
        moved = job(environment)
        if not as_json:
            left_out(environment, "here" if verb == "pushed" else "on the branch", moved.skipped)
            what = f"{moved.count} receipts" if moved.count != 1 else "1 receipt"
            terminal.out(f"{environment.id}: {what} {verb}")
        told.append(
            {
                "environment": environment.id,
                verb: moved.count,
                "left_out": [visible(said) for said in moved.skipped],
            }
        )
    if as_json:
        terminal.out_json({"format": 1, "type": f"receipts_{verb}", "environments": told})
    return 0


def _meant(project: Project, target: str | None) -> list[Environment]:
    """The environments that share receipts: *target*, or all. Raises UsageError for none."""
    root = project.root
    names = (
        [find(root, target)]
        if target
        else [(t, e) for t in tenants(root) for e in environments_of(root, t)]
    )
    found = [read_environment(root, *each) for each in names]
    shared = [each for each in found if each.receipts is not None]
    if not shared:
        whose = f"{found[0].id} are" if target else "this project are"
        raise UsageError(
            f"receipts of {whose} not shared: they stay on the machine that wrote them",
            help="write `receipts: {remote: origin}` into the environment file",
        )
    return shared


def listed(project: Project, target: str, last: int, *, as_json: bool) -> int:
    """Tell which receipts of *target* there are, the newest first."""
    environment = read_environment(project.root, *find(project.root, target))
    fetch(project, environment)
    found = kept(project.state, environment.tenant, environment.name, last)
    lines = [_line(each, environment) for each in found]
    if as_json:
        terminal.out_json(log_as_json(environment.id, lines))
    else:
        style = Style(terminal.coloured(), terminal.width())
        terminal.out(log_text(environment.id, lines, style))
    return 0


def _line(each: Kept, environment: Environment) -> Line:
    trust = environment.receipts.trust if environment.receipts else ()
    return line_of(each.name, each.record, signer=each.signer, damage=each.damage, trust=trust)


def shown(project: Project, target: str, name: str, *, as_json: bool) -> int:
    """Show the receipt of *target* that *name* begins the name of."""
    environment = read_environment(project.root, *find(project.root, target))
    fetch(project, environment)
    found = _named(project, environment, name.removesuffix(".json"))
    line = _line(found, environment)
    if found.record is None:
        raise UsageError(
            f"the receipt {found.name} cannot be shown: {found.damage}",
            help=f"delete {found.path}, then: tenantctl receipts fetch {environment.id}",
        )
    if as_json:
        terminal.out_json(kept_as_json(environment.id, line, found.document))
    elif isinstance(found.record, Receipt):
        show_receipt(found.record, None, as_json=False)
        terminal.out(kept_text(line, {}))
    else:
        assert isinstance(found.document, dict)
        terminal.out(kept_text(line, found.document))
    return 0


def _named(project: Project, environment: Environment, name: str) -> Kept:
    meant = named(project.state, environment.tenant, environment.name, name)
    if len(meant) == 1:
        return meant[0]()
    said = f"{len(meant)} receipts have names that begin with" if meant else "no receipt is called"
    help = f"tenantctl receipts log {environment.id}"
    if environment.receipts and not meant:
        help += f"; older ones come with: tenantctl receipts fetch {environment.id}"
    raise UsageError(f"{environment.id}: {said} {name}", help=help)


def new_key(out: Path, *, as_json: bool) -> int:
    """Make a pair of keys: the private one into the file *out*, the public one to stdout."""
    from tenantctl.ledger.signing import make_pair

    private, public = make_pair()
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        raise UsageError(f"{out} is there already", help="give another file with --out") from None
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written: {error.strerror}", help="give another"
        ) from None
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(private)
    if as_json:
        terminal.out_json({"format": 1, "type": "key", "public": public, "private": str(out)})
    else:
        terminal.out(public)
        terminal.say(f"{out} holds the private key: keep it where secrets are kept, not in Git")
        terminal.say("sign with it:  receipts: {sign: env:NAME}, where NAME holds the whole file")
        terminal.say(f"trust it:      receipts: {{trust: ['{public}']}}")
    return 0
