"""
Writes docs/sandbox-coverage.md: which operations the sandbox answers, and what backs each of them.

`python -m tools.sandbox_coverage` writes, `--check` exits 1 where the page is not what would be
written. Needs the measurement material beside the repository: the list of the API's operations and
the recorded traffic.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.replays import SHARED, Exchange, anonymous, replayed

from tenantctl.sandbox.api import ROUTES

PAGE = Path(__file__).resolve().parents[1] / "docs" / "sandbox-coverage.md"
HEAD = "| resource | operation | request | answered | recordings | alike |"
RULE = "| --- | --- | --- | --- | ---: | ---: |"
BEYOND = "Beyond configuration"
TITLES = {"apis": "APIs", "forms_flows": "Forms and flows", "misc": "Other configuration"}

INTRODUCTION = """\
# What the sandbox answers

Made by `python -m tools.sandbox_coverage`; do not edit. The operations are those that auth0-python
6.8 or Auth0's OpenAPI document of June 2026 knows for the 102 configuration resources; at the end
stand those which the sandbox has besides.

*recordings* is how many recordings of Auth0's own traffic use the operation, *alike* how many of
the recorded requests are answered alike, status and body, when they are sent again; `-` where none
was recorded. What still differs, and why: [fidelity](sandbox-fidelity.md). Operations without
recordings are built from the OpenAPI document and auth0-python's types, and held to them by tests.
"""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API: `endpoint` is the method and the path without argument names."""

    area: str
    resource: str
    name: str
    method: str
    path: str

    @property
    def endpoint(self) -> str:
        return f"{self.method} {anonymous(self.path)}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What recorded traffic says about the operations, by endpoint."""

    recordings: Counter[str]
    interactions: Counter[str]
    alike: Counter[str]


def main(arguments: list[str]) -> int:
    """Writes or checks the page; 1 where a check fails, else 0."""
    text = render(operations(SHARED), weigh(replayed(SHARED)))
    if "--check" in arguments:
        return 0 if PAGE.read_text(encoding="utf-8") == text else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


def operations(shared: Path) -> list[Operation]:
    """The operations of all configuration resources, area by area."""
    text = (shared / "reference" / "coverage.json").read_text(encoding="utf-8")
    return [
        Operation(resource["area"], resource["name"], name, each["method"], each["path"])
        for resource in json.loads(text)["resources"]
        for name, each in resource["operations"].items()
    ]


def weigh(exchanges: Iterable[Exchange]) -> Evidence:
    pairs: set[tuple[str, str]] = set()
    interactions: Counter[str] = Counter()
    alike: Counter[str] = Counter()
    for each in exchanges:
        pairs.add((each.endpoint, each.recording))
        interactions[each.endpoint] += 1
        alike[each.endpoint] += not each.differences
    return Evidence(Counter(endpoint for endpoint, _ in pairs), interactions, alike)


def answered() -> dict[str, str]:
    """The sandbox's routes: paths as they are written there, by endpoint."""
    return {f"{route.method} {anonymous(route.path)}": route.path for route in ROUTES}


def render(known: list[Operation], evidence: Evidence) -> str:
    """The page."""
    beyond = list(_beyond(known, evidence))
    parts = [INTRODUCTION, _summary(known, evidence)]
    areas = dict.fromkeys(operation.area for operation in known)
    for area in areas:
        rows = [operation for operation in known if operation.area == area]
        parts.append(
            _section(TITLES.get(area, area.replace("_", " ").capitalize()), rows, evidence)
        )
    if beyond:
        parts.append(_section(BEYOND, beyond, evidence))
    return "\n".join(parts)


def _beyond(known: list[Operation], evidence: Evidence) -> Iterator[Operation]:
    """What the sandbox answers, or recordings ask for, besides."""
    listed = {operation.endpoint for operation in known}
    recorded = {endpoint: endpoint.split(" ")[1] for endpoint in evidence.interactions}
    others = {**recorded, **answered()}
    for endpoint, path in sorted(others.items(), key=lambda item: (item[1], item[0])):
        if endpoint not in listed:
            resource = path.strip("/").split("/")[0]
            yield Operation("", resource, "", endpoint.split(" ")[0], path)


def _summary(known: list[Operation], evidence: Evidence) -> str:
    routes = answered()
    here = sum(operation.endpoint in routes for operation in known)
    seen = sum(operation.endpoint in evidence.interactions for operation in known)
    interactions, alike = evidence.interactions.total(), evidence.alike.total()
    return (
        f"{here} of {len(known)} operations are answered; {seen} of the {len(known)} occur in "
        f"recordings.\n{alike} of {interactions} recorded requests are answered alike "
        f"({alike / interactions:.1%}).\n"
    )


def _section(title: str, rows: list[Operation], evidence: Evidence) -> str:
    lines = [f"## {title}", "", HEAD, RULE, *_lines(rows, evidence)]
    return "\n".join(lines) + "\n"


def _lines(rows: list[Operation], evidence: Evidence) -> Iterator[str]:
    routes, before = answered(), ""
    for row in rows:
        total = evidence.interactions[row.endpoint]
        cells = (
            row.resource if row.resource != before else "",
            row.name.replace("_", " "),
            f"`{row.method} {row.path}`",
            "yes" if row.endpoint in routes else "no",
            str(evidence.recordings[row.endpoint]) if total else "-",
            f"{evidence.alike[row.endpoint]}/{total}" if total else "-",
        )
        before = row.resource
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
