"""`tenantctl explain`: which file and line a value came from, or what a check is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenantctl.cli.options import AsJson, Chdir

if TYPE_CHECKING:
    from tenantctl.model import Address, Desired, Origin, Path
    from tenantctl.playbooks import Check

What = Annotated[
    str,
    typer.Argument(
        metavar="TENANT/ENV|CHECK",
        help="An environment, or a check such as A09.support-email or A09.",
        show_default=False,
    ),
]
Where = Annotated[
    str,
    typer.Argument(
        metavar="ADDRESS[.field]",
        help="Such as clients.web-shop.callbacks or tenant.friendly_name.",
        show_default=False,
    ),
]


def explain(what: What, where: Where = "", as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Tell where a value came from, or what a check is about.

    Of a value: file and line of the definition, the override and the variables that it was made of.
    Of a check: why it is there, how it is evaluated, how to mend what it finds, and where Auth0
    says so.
    """
    from tenantctl.errors import UsageError

    if check := _check(what):
        return _explain_check(check, as_json=as_json)
    if not where:
        raise UsageError(
            f"what of {what} is to be explained?",
            help=f"tenantctl explain {what} ADDRESS[.field], or tenantctl explain CHECK",
        )
    return _explain_value(what, where, as_json=as_json, chdir=chdir)


def _check(what: str) -> Check | None:
    """The check whose id *what* is, or begins with up to the dot; None if it looks like none.

    Raises UsageError, with a suggestion, where it looks like one and there is none.
    """
    import re
    from difflib import get_close_matches

    from tenantctl.errors import UsageError
    from tenantctl.playbooks import every_check

    if not re.fullmatch(r"[A-Z]\d\d(\..+)?", what):
        return None
    known = {check.id: check for check in every_check()}
    short = {id.partition(".")[0]: id for id in known}
    id = short.get(what, what)
    if id not in known:
        close = get_close_matches(what, [*known, *short], n=1)
        hint = f"did you mean {close[0]}?" if close else f"they are {', '.join(short)}"
        raise UsageError(f"there is no check {what}", help=hint)
    return known[id]


def _explain_check(check: Check, *, as_json: bool) -> int:
    from tenantctl.cli import terminal
    from tenantctl.report import Style
    from tenantctl.report.checks import check_as_json, check_page

    if as_json:
        terminal.out_json(check_as_json(check))
        return 0
    for line in check_page(check, Style(terminal.coloured(), terminal.width())):
        terminal.out(line)
    return 0


def _explain_value(target: str, where: str, *, as_json: bool, chdir: Chdir) -> int:
    from tenantctl.cli import terminal
    from tenantctl.cli.wiring import project
    from tenantctl.files import find, load

    root = project(chdir).root
    loaded = load(root, *find(root, target))
    address, path = parse(where, loaded.desired)
    rows = list(_rows(address, path, loaded.desired))
    if as_json:
        terminal.out_json({"environment": loaded.environment.id, "values": rows}, "values")
        return 0
    from tenantctl.report import visible

    for row in rows:
        terminal.out(visible(f"{row['address']} {row['path']}: {row['value']}"))
        for line in _lines(row["origin"], "  "):
            terminal.out(visible(line))
    return 0


def parse(where: str, desired: Desired) -> tuple[Address, Path]:
    """*where* as an address and a path inside it.

    Raises UsageError with a suggestion where the environment has no such address.
    """
    import csv
    from difflib import get_close_matches

    from tenantctl.errors import UsageError
    from tenantctl.kinds import KINDS
    from tenantctl.model import Address

    parts = tuple(next(csv.reader([where], delimiter=".", quotechar='"')))
    kind = KINDS.get(parts[0])
    size = 1 if kind and kind.singleton else 2
    address = Address(parts[0], ".".join(parts[1:size]))
    if address in desired.tenant.resources:
        return address, parts[size:]
    if why := desired.withheld.get(address):
        raise UsageError(f"{address} is declared but not in this environment: {why}")
    known = [str(address) for address in desired.tenant.resources]
    close = get_close_matches(str(address), known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(sorted(known)[:8])}, ..."
    raise UsageError(f"this environment has no {address}", help=hint)


def _rows(address: Address, path: Path, desired: Desired) -> Iterator[dict[str, Any]]:
    """One row for each leaf at or below *path*."""
    from tenantctl.errors import UsageError
    from tenantctl.kinds import KINDS, Lens, leaves
    from tenantctl.model import dotted

    fields = desired.tenant.resources[address].fields
    origins = desired.origins.get(address, {})
    found = False
    for leaf, value in leaves(Lens(KINDS[address.kind], fields), fields):
        if leaf[: len(path)] == path:
            found = True
            origin = _origin(leaf, origins) or desired.declarations[address].home
            yield {
                "address": str(address),
                "path": dotted(leaf),
                "value": shown(value),
                "origin": described(origin),
            }
    if not found:
        names = ", ".join(fields)
        raise UsageError(f"{address} declares no {dotted(path)}", help=f"it declares {names}")


def _origin(leaf: Path, origins: Any) -> Origin | None:
    """The origin of a leaf, else of the closest thing above it."""
    for size in range(len(leaf), 0, -1):
        if (found := origins.get(leaf[:size])) is not None:
            return found  # type: ignore[no-any-return]
    return None


def shown(value: Any) -> str:
    """A value in one short line; of code, the first line."""
    import json

    from tenantctl.model import to_json

    if isinstance(value, str) and "\n" in value:
        return f"{value.splitlines()[0]} ... ({len(value.splitlines())} lines)"
    return json.dumps(to_json(value), ensure_ascii=False)


def described(origin: Origin) -> dict[str, Any]:
    """An origin and everything behind it, as JSON."""
    return {
        "layer": origin.layer,
        "name": origin.name,
        "where": str(origin),
        "topic": origin.topic,
        "via": [described(each) for each in origin.via],
        "over": described(origin.over) if origin.over else None,
    }


def _lines(origin: dict[str, Any], indent: str) -> Iterator[str]:
    what = " ".join(filter(None, (origin["layer"], origin["name"])))
    topic = f"    ({origin['topic']})" if origin["topic"] else ""
    yield f"{indent}{what:<22} {origin['where']}{topic}"
    for each in origin["via"]:
        yield from _lines(each, f"{indent}  ")
    if origin["over"]:
        yield f"{indent}  instead of"
        yield from _lines(origin["over"], f"{indent}    ")
