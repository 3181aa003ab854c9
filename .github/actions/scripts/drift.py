"""Look whether somebody has changed a tenant: yes or no as an output, the report on the summary."""

from __future__ import annotations

import os
from pathlib import Path

from runner import (
    READS,
    Failed,
    annotate,
    environ,
    finish,
    given,
    output,
    reason_of,
    summarize,
    tenantctl,
)

CLEAN, DRIFTED = 0, 2


def main() -> None:
    target = given("TARGET")
    folder = Path(given("FOLDER", f"{os.environ['RUNNER_TEMP']}/tenantctl-drift"))
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "drift.md"
    report.unlink(missing_ok=True)
    ran = tenantctl(
        "drift",
        target,
        "--detailed-exitcode",
        "--json",
        *("--report", str(report)),
        *("--chdir", given("PROJECT", ".")),
        environ=environ(*READS),
    )
    if ran.code not in {CLEAN, DRIFTED}:
        reason = reason_of(ran.code)
        text = f"tenantctl drift {target} ended with {ran.code} ({reason}): {ran.why}"
        summarize(f"### {target}: nobody knows whether it has drifted\n\nThe log says why.\n")
        raise Failed(reason, text)
    (folder / "drift.json").write_text(ran.out, encoding="utf-8")
    summarize(report.read_text(encoding="utf-8"))
    unknown = ran.json.get("outcome") == "unapplied"
    if unknown:
        annotate("warning", f"nothing was applied to {target} yet, so it cannot have drifted")
    drifted = "" if unknown else ran.code == DRIFTED
    output(drifted=drifted, folder=folder, markdown_path=report, failure_reason="")


if __name__ == "__main__":
    raise SystemExit(finish(main))
