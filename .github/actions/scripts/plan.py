"""Plan an environment: the plan as files, what is in it as outputs, the report on the summary."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from runner import (
    READS,
    REASONS,
    Failed,
    annotate,
    environ,
    finish,
    given,
    output,
    reason_of,
    show,
    summarize,
    tenantctl,
)

COMMANDS = ("plan", "promote", "rollback")
WORDS = ("from", "to", "hotfix")
"""Inputs that become options of the same name, whatever stands in them."""
RISKS = ("lockout", "data_loss", "token_breaking", "login_affecting", "secret_rotation", "safe")
"""The gravest first."""
UNSHARED = 64
"""Receipts of this environment stay on the machine that wrote them."""


def main() -> None:
    target, command = given("TARGET"), given("COMMAND", "plan")
    if command not in COMMANDS:
        raise Failed("usage", f"command is {command}, and may be {', '.join(COMMANDS)}")
    folder = Path(given("FOLDER", f"{os.environ['RUNNER_TEMP']}/tenantctl-plan"))
    folder.mkdir(parents=True, exist_ok=True)
    saved = folder / "plan.json"
    saved.unlink(missing_ok=True)  # of a plan that fails, an older one must not be taken for it
    report, page = folder / "plan.md", folder / "plan.html"
    output(folder=folder, markdown_path=report)
    options = [line.strip() for line in given("OPTIONS").splitlines() if line.strip()]
    options += [f"--{name}={value}" for name in WORDS if (value := given(name.upper()))]
    where = ["--chdir", given("PROJECT", ".")]
    written = ["--out", str(saved), "--report", str(report)]
    ran = tenantctl(command, target, *written, *options, *where, environ=environ(*READS))
    show(ran.out)
    if not saved.exists():
        _say_why(target, command, ran.code, report)
    shown = _shown(saved, page, where)
    summarize(report.read_text(encoding="utf-8"))
    _describe(folder, target, shown)
    counted = _counted(shown)
    output(
        **counted,
        due=counted["changes"] or not _recorded(target, shown["digest"], where),
        plan_path=saved,
        html_path=page,
        sha256=hashlib.sha256(saved.read_bytes()).hexdigest(),
        failure_reason="",
    )
    if counted["changes"] and not counted["refused"] and given("REHEARSE") == "true":
        _rehearse(saved, folder / "rehearsal.md", where)


def _say_why(target: str, command: str, code: int, report: Path) -> None:
    """Raise Failed for a command that ended with *code* and made no plan; the *report* says so.

    A comment that still showed the plan of an earlier commit would be read as this one's.
    """
    reason = reason_of(code)
    text = f"tenantctl {command} {target} ended with {code} ({reason}); the log above says why"
    report.write_text(f"### {target}: no plan\n\n{text}.\n", encoding="utf-8")
    summarize(report.read_text(encoding="utf-8"))
    raise Failed(reason, text)


def _shown(saved: Path, page: Path, where: list[str]) -> dict[str, Any]:
    """The JSON of a saved plan, and its page; that it has no page does not hide the plan."""
    ran = tenantctl("show", str(saved), "--report", str(page), "--json", *where)
    if ran.code:
        annotate("warning", "the report could not be made a page; the log says why")
        ran = tenantctl("show", str(saved), "--json", *where)
    if ran.code:
        raise Failed("failed", f"tenantctl show ended with {ran.code}; the log says why")
    return dict(ran.json)


def _counted(shown: dict[str, Any]) -> dict[str, object]:
    """The outputs that say what is in a plan, given its JSON."""
    counts = shown["counts"]
    risks = {each["risk"] for each in shown["risks"]}
    refused = shown["outcome"] == "refused"
    if refused:
        annotate(
            "warning", "the plan is refused: the summary lists the violations", title="Refused"
        )
    return {
        "changes": counts["steps"] > 0,
        **{name: counts[name] for name in ("create", "update", "delete", "replace")},
        "risk": next((risk for risk in RISKS if risk in risks), "safe"),
        "refused": refused,
        "phases": json.dumps(shown["phases"]),
    }


def _recorded(target: str, digest: str, where: list[str]) -> bool:
    """Whether shared receipts need no further apply of a plan with no change to make.

    An apply that finds nothing to do still records that the environment has this definition, and
    only what is recorded can be promoted. Receipts that nobody else sees record nothing.
    """
    reads = environ(*READS)
    fetched = tenantctl("receipts", "fetch", target, "--json", *where, environ=reads)
    if fetched.code == UNSHARED:
        return True
    ran = tenantctl("receipts", "log", target, "--json", *where, environ=reads)
    if fetched.code or ran.code:
        annotate("warning", f"the receipts of {target} could not be read: {fetched.why}")
        return True
    applied = (each for each in ran.json["receipts"] if each["kind"] == "apply")
    last: dict[str, Any] = next(applied, {})
    return (last.get("digest"), last.get("status")) == (digest, "converged")


def _rehearse(saved: Path, report: Path, where: list[str]) -> None:
    """Carry out the plan in a copy of the tenant. Raises Failed where it would not go through."""
    written = ["--report", str(report), *where]
    ran = tenantctl("rehearse", str(saved), *written, environ=environ(*READS))
    show(ran.out)
    if report.exists():
        summarize(report.read_text(encoding="utf-8"))
    if ran.code:
        text = f"tenantctl rehearse ended with {ran.code}; the summary and the log say why"
        raise Failed(REASONS.get(ran.code, "rehearsal"), text)


def _describe(folder: Path, target: str, shown: dict[str, Any]) -> None:
    """Write down what the plan was made from; the apply action compares it with what it runs on."""
    about = {
        "target": target,
        "environment": f"{shown['tenant']}/{shown['environment']}",
        "domain": shown["domain"],
        "commit": os.environ.get("GITHUB_SHA", ""),
        "version": tenantctl("--version").out.strip(),
        "run": os.environ.get("GITHUB_RUN_ID", ""),
    }
    (folder / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(finish(main))
