"""A check as people read it: why, how it is evaluated, how to mend it, where it is said."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from tenantctl.engine.asked import asked
from tenantctl.model import Json
from tenantctl.playbooks import Check, Node, texts
from tenantctl.report.style import Style

EVIDENCE = {
    "config": "what is declared, laid over what the tenant has",
    "live": "what the tenant has",
    "code": "the code of Actions, database scripts and pages",
    "env": "the files of the project, its settings, and receipts of what was done",
    "attest": "what a person has attested",
}


def check_as_json(check: Check) -> dict[str, Json]:
    """All that is known of *check*, its language included."""
    said = texts()["checks"].get(check.id, {})
    return {
        "check": check.id,
        "title": check.title,
        "severity": check.severity,
        "levels": dict(check.levels),
        "topics": list(check.topics),
        "evidence": check.evidence,
        "plan": check.plan,
        "order": check.order,
        "why": said.get("why", ""),
        "mend": said.get("mend", ""),
        "see": list(said.get("see", ())),
        "when": dict(check.when) if check.when is not None else None,
        "evaluate": dict(check.evaluate),
        "asks": list(asked(check.evaluate)),
    }


def check_page(check: Check, style: Style) -> Iterator[str]:
    """The same as lines."""
    said = texts()["checks"].get(check.id, {})
    levels = ", ".join(f"{level} in {kind}" for kind, level in check.levels.items())
    yield style.paint("title", f"{check.id}  {check.title}")
    yield f"  {check.severity}; {levels}"
    yield f"  topics: {', '.join(check.topics)}"
    if check.plan:
        yield f"  takes: {check.plan}"
    if check.order:
        yield "  a hotfix and a rollback go without it"
    for heading, key in (("Why", "why"), ("How to mend it", "mend")):
        if text := said.get(key):
            yield ""
            yield style.paint("title", heading)
            yield from _wrapped(text, style)
    yield ""
    yield style.paint("title", "How it is evaluated")
    yield from _wrapped(f"By {EVIDENCE[check.evidence]}.", style)
    if check.when is not None:
        yield "  It applies where"
        yield from _asked(check.when, style)
        yield "  and then"
    yield from _asked(check.evaluate, style)
    if see := said.get("see"):
        yield ""
        yield style.paint("title", "Where Auth0 says it")
        yield from (f"  {link}" for link in see)


def _asked(node: Node, style: Style) -> Iterator[str]:
    for line in asked(node, "    "):
        indent = line[: len(line) - len(line.lstrip())]
        yield from textwrap.wrap(
            line.strip(),
            style.width,
            initial_indent=indent,
            subsequent_indent=f"{indent}  ",
            break_long_words=False,
            break_on_hyphens=False,
        )


def _wrapped(text: str, style: Style) -> list[str]:
    return textwrap.wrap(
        text,
        style.width,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
