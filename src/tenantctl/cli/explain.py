"""`tenantctl explain`: which file and line a value came from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenantctl.cli.options import AsJson, Chdir, Target

if TYPE_CHECKING:
    from tenantctl.model import Address, Desired, Origin, Path

Where = Annotated[
    str,
    typer.Argument(
        metavar="ADDRESS[.field]",
        help="Such as clients.web-shop.callbacks or tenant.friendly_name.",
        show_default=False,
    ),
]


def explain(target: Target, where: Where, as_json: AsJson = False, chdir: Chdir = None) -> int:
    """Tell which file and line a value came from.

    Names the definition, the override and the variables that a value was made of.
    """
    from tenantctl.cli import terminal
    from tenantctl.cli.wiring import project
    from tenantctl.files import find, load

    root = project(chdir).root
    loaded = load(root, *find(root, target))
    address, path = parse(where, loaded.desired)
    rows = list(_rows(address, path, loaded.desired))
    if as_json:
        terminal.out_json({"environment": loaded.environment.id, "values": rows})
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
