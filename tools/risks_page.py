"""Write docs/risks.md from what the kinds say: `python -m tools.risks_page`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tenantctl.kinds import KINDS, Kind
from tenantctl.kinds.hazard import API, RISKS, Hazard
from tenantctl.report.risks import WORDS

PAGE = Path(__file__).parents[1] / "docs" / "risks.md"
HEAD = """# What changes risk

`python -m tools.risks_page` writes this page from the kinds themselves; a test sees that it is so.
[reports.md](reports.md) says what the risks mean and where they are shown.

Of a field, the row that names most of its path and whose condition holds is the one that counts.
*anything else* is a field that no other row names. A change of a secret that was there before is a
secret rotation in every kind, and what no row names is safe. Where a row names no page of its own,
the reference of the Management API says what the field does. What no request creates or deletes is
set: to do so where nothing was, or nothing is then, risks what an update does.
"""
REACHES = {
    "counted": "itself",
    "everybody": "everybody who signs in",
    "binds": "everybody who signs in, and so does whatever it names",
    "nobody": "nobody who signs in",
    "": "whoever uses it: applications and organizations, by what refers to it",
}
WHEN = {
    "": "",
    "less": "has less, or goes",
    "more": "has more, or comes",
    "on": "is switched on",
    "off": "is switched off",
}


def text() -> str:
    """The page."""
    parts = [HEAD, *(part for kind in KINDS.values() if kind.risks for part in _kind(kind))]
    return "\n".join(parts)


def _kind(kind: Kind) -> Iterator[str]:
    yield f"## {kind.name}\n"
    yield f"A change reaches {REACHES[kind.reach]}.\n"
    yield "| what | when | risks | why |"
    yield "|---|---|---|---|"
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for hazard in kind.risks:
        grouped.setdefault(_said(hazard), []).append(_what(hazard))
    yield from (f"| {', '.join(what)} | {' | '.join(said)} |" for said, what in grouped.items())
    yield ""


def _said(hazard: Hazard) -> tuple[str, str, str]:
    risks = ", ".join(WORDS[risk] for risk in RISKS if risk in hazard.risks) or "safe"
    link = f" ([Auth0]({hazard.source}))" if hazard.why and hazard.source != API else ""
    return _when(hazard), risks, f"{hazard.why}{link}"


def _what(hazard: Hazard) -> str:
    keys = f" of {', '.join(hazard.keys)}" if hazard.keys else ""
    verbs = " or ".join(verb for verb in hazard.on if verb != "update")
    if not hazard.at:
        both = ["anything else"] if "update" in hazard.on else []
        return ", ".join([*both, *([verbs] if verbs else [])]) + keys
    return f"`{'.'.join(hazard.at)}`{keys}" + (f" ({verbs} too)" if verbs else "")


def _when(hazard: Hazard) -> str:
    values = sorted({repr(each) for each in hazard.to if isinstance(each, str)})
    to = f"becomes {' or '.join(values)}" if values else "becomes empty" if hazard.to else ""
    return "; ".join(part for part in (WHEN[hazard.when], to) if part)


def main() -> None:
    PAGE.write_text(text(), "utf-8")


if __name__ == "__main__":
    main()
