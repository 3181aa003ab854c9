"""Apply a plan that was made before, after making sure that it is that plan and belongs here."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from typing import Any

from runner import (
    REASONS,
    Failed,
    annotate,
    environ,
    finish,
    given,
    mask,
    output,
    summarize,
    tenantctl,
)

NAME = re.compile(r"[A-Z][A-Z0-9_]*")
RESERVED = re.compile(
    r"(GITHUB|RUNNER|ACTIONS|INPUT|GIT|SSH|LD|DYLD|NODE|TENANTCTL|SSL|OPENSSL|OTEL|XDG)_.*"
    r"|PYTHON.*|.*_PROXY|.*_CA_BUNDLE|PATH|HOME|SHELL|ENV|BASH_ENV|IFS"
)
"""Variables that decide which programs run, whom they trust, and what the runner says of itself."""
WAITING = 6


def main() -> None:
    folder = Path(given("FOLDER"))
    saved = folder / "plan.json"
    _verify(folder, saved)
    phase = given("PHASE")
    only = ["--phase", phase] if phase else []
    suffix = f"-{phase}" if phase else ""
    events, report = folder / "events.jsonl", folder / f"applied{suffix}.md"
    written = ["--json", "--json-into", str(events), "--report", str(report)]
    where = ["--chdir", given("PROJECT", ".")]
    names = ("AUTH0_APPLY_CLIENT_ID", "AUTH0_APPLY_CLIENT_SECRET", "AUTH0_APPLY_PRIVATE_KEY")
    variables = environ(*names, **_secrets(given("SECRETS")))
    ran = tenantctl("apply", str(saved), *only, *written, *where, environ=variables)
    receipt = _receipt(ran.out)
    path = folder / f"receipt{suffix}.json"
    if receipt:
        path.write_text(ran.out, encoding="utf-8")
    output(
        result=receipt.get("status", "none"),
        receipt=path if receipt else "",
        events=events if events.exists() else "",
        markdown_path=report if report.exists() else "",
    )
    if report.exists():
        summarize(report.read_text(encoding="utf-8"))
    if ran.code == WAITING:
        annotate("warning", "a step waits for something outside; then: tenantctl resume")
    elif ran.code:
        reason = REASONS.get(ran.code, "apply-failed")
        raise Failed(reason, f"tenantctl apply ended with {ran.code} ({reason}): {ran.why}")
    output(failure_reason="")


def _verify(folder: Path, saved: Path) -> None:
    """Raise Failed unless the plan is the one that was shown, made for here, from these files."""
    found = hashlib.sha256(saved.read_bytes()).hexdigest()
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    environment = given("TARGET")
    same = {
        "checksum": (found, given("SHA256")),
        "environment": (about["environment"], environment),
        "commit": (about["commit"], os.environ.get("GITHUB_SHA", "")),
        "version of tenantctl": (about["version"], tenantctl("--version").out.strip()),
    }
    for what, (planned, here) in same.items():
        if planned != here:
            raise Failed(
                "plan-changed",
                f"the plan has {what} {planned or 'none'}, and here it is {here or 'none'}: "
                "plan again, and have that plan approved",
            )


def _secrets(text: str) -> dict[str, str]:
    """The tenant's own secrets, by the names of variables; none of their values is ever shown."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise Failed("credentials", 'TENANT_SECRETS must be one JSON object: {"NAME": "value"}')
    for name, value in found.items():
        mask(value)
        if not NAME.fullmatch(name) or RESERVED.fullmatch(name):
            raise Failed("credentials", f"TENANT_SECRETS: {name!r} may not be a variable's name")
    return found


def _receipt(text: str) -> dict[str, Any]:
    """The receipt that apply wrote; empty where it came to none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) and found.get("type") == "receipt" else {}


if __name__ == "__main__":
    raise SystemExit(finish(main))
