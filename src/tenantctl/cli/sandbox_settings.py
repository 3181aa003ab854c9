"""`tenantctl sandbox clock`, `features`, `faults`, `requests`: how an embedded tenant behaves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenantctl.cli import terminal
from tenantctl.cli.options import AsJson, Chdir, Target
from tenantctl.cli.sandbox_opened import opened, read_json
from tenantctl.errors import UsageError

if TYPE_CHECKING:
    from tenantctl.sandbox import Fault

Advance = Annotated[
    float | None, typer.Option("--advance", metavar="SECONDS", help="Move the time on, or back.")
]
SetTo = Annotated[
    str | None,
    typer.Option(
        "--set",
        metavar="TIME",
        help="An ISO time, in UTC if it says nothing else, or seconds since 1970.",
    ),
]
Freeze = Annotated[bool, typer.Option("--freeze", help="Let the time stand still.")]
Thaw = Annotated[bool, typer.Option("--thaw", help="Let the time be the real one again.")]
With = Annotated[
    list[str] | None, typer.Option("--with", metavar="FEATURE", help="Add one; repeatable.")
]
Without = Annotated[
    list[str] | None, typer.Option("--without", metavar="FEATURE", help="Take one; repeatable.")
]
Subscription = Annotated[
    str | None,
    typer.Option("--subscription", metavar="NAME", help="Its features and its rate limits."),
]
Faults = Annotated[
    Path | None,
    typer.Argument(metavar="[FILE]", help="A JSON list of faults to have from now on."),
]
Clear = Annotated[bool, typer.Option("--clear", help="Have no faults from now on.")]


def clock(
    target: Target,
    advance: Advance = None,
    set_to: SetTo = None,
    freeze: Freeze = False,
    thaw: Thaw = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Show or bend the embedded tenant's time: tokens, limits and delays follow it."""
    from tenantctl.sandbox import administration

    told: dict[str, Any] = {
        "advance": advance,
        "set": _seconds(set_to) if set_to is not None else None,
        "freeze": freeze or None,
        "thaw": thaw or None,
    }
    with opened(target, chdir) as sandbox:
        for name, value in told.items():
            if value is not None:
                administration.steer(sandbox, {name: value})
        found = administration.clock(sandbox)
    if as_json:
        terminal.out_json(found, "sandbox_clock")
    else:
        terminal.out(f"{sandbox.domain}    {found['time']}")
    return 0


def features(
    target: Target,
    more: With = None,
    less: Without = None,
    subscription: Subscription = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Show or change what the embedded tenant's subscription includes."""
    from tenantctl.sandbox.settings import read_features

    with opened(target, chdir) as sandbox:
        if subscription is not None:
            sandbox.subscribe(subscription)
        if more or less:
            added, taken = read_features(more or []), read_features(less or [])
            sandbox.features = (sandbox.features | added) - taken
        found = sorted(sandbox.features)
    if as_json:
        terminal.out_json({"features": found}, "sandbox_features")
    else:
        terminal.out("\n".join([f"{sandbox.domain} has", *(f"  {name}" for name in found)]))
    return 0


def faults(
    target: Target,
    file: Faults = None,
    clear: Clear = False,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Show or replace what goes wrong in the embedded tenant."""
    from tenantctl.sandbox.settings import fault_facts, read_faults

    if clear and file is not None:
        raise UsageError("FILE and --clear exclude each other", help="give one of them")
    told = read_json(file) if file is not None else []
    with opened(target, chdir) as sandbox:
        if clear or file is not None:
            sandbox.faults = read_faults(told)
        found = list(sandbox.faults)
    if as_json:
        terminal.out_json([fault_facts(fault) for fault in found])
    else:
        terminal.out("\n".join([f"{sandbox.domain}: {len(found)} faults", *map(_line, found)]))
    return 0


def requests(target: Target, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Count the requests that the embedded tenant has answered, by method."""
    with opened(target, chdir) as sandbox:
        counts: dict[str, int] = sandbox.status()["requests"]
    if as_json:
        terminal.out_json(counts)
    else:
        rows = (f"  {count:>7} {name}" for name, count in counts.items())
        terminal.out("\n".join([sandbox.domain, *rows]))
    return 0


def _seconds(text: str) -> float:
    """An ISO time, or a number, as seconds since the epoch. Raises UsageError."""
    try:
        return float(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        raise UsageError(
            f"{text!r} is no time", help="write 2026-11-21T12:00:00Z, or seconds since 1970"
        ) from None


def _line(fault: Fault) -> str:
    when = f"number {', '.join(map(str, fault.nth))}" if fault.nth else f"chance {fault.chance:g}"
    return f"  {fault.kind} {fault.method} {fault.path}: {when}"
