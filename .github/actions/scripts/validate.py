"""Check the files of a project without any tenant: annotations, and one SARIF file for it all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from runner import Failed, annotate, finish, given, output, reason_of, show, summarize, tenantctl

CLOSED = 5
"""A gate is closed. Without the tenant it always is: what only the tenant can tell stays open."""
SEVERAL_FAILED = 1
ANNOTATIONS = 10
"""Of one level, GitHub shows so many for a step."""


def main() -> None:
    where = ["--all", "--chdir", given("PROJECT", ".")]
    folder = Path(os.environ["RUNNER_TEMP"]) / "tenantctl-validate"
    problems = folder / "problems.sarif"
    folder.mkdir(parents=True, exist_ok=True)
    validated = tenantctl("validate", *where, "--report", str(problems), "--json")
    if validated.code:
        show(validated.out)
    checked = tenantctl("check", *where, "--offline", "--sarif", str(folder / "checks"), "--json")
    sarif = Path(given("SARIF", "tenantctl.sarif"))
    paths = (problems, *sorted((folder / "checks").glob("*/*.sarif")))
    logs = [_below(given("PROJECT", "."), _read(each)) for each in paths]
    merged = _merged([log for log in logs if log])
    sarif.write_text(json.dumps(merged), encoding="utf-8")
    _annotate([result for run in logs[0].get("runs", ()) for result in run["results"]])
    output(valid=validated.code == 0, sarif_path=sarif)
    number = len(merged["runs"][0]["results"])
    summarize(f"### Files\n\n{_summary(validated.code, number)}\n")
    for verb, code in (("validate", validated.code), ("check", checked.code)):
        if code and not (verb == "check" and code in {CLOSED, SEVERAL_FAILED}):
            reason = reason_of(code)
            raise Failed(reason, f"tenantctl {verb} ended with {code} ({reason}); the log says why")
    output(failure_reason="")


def _read(path: Path) -> dict[str, Any]:
    """The SARIF in a file; empty where the command came to none."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else {}


def _below(project: str, log: dict[str, Any]) -> dict[str, Any]:
    """*log* with its files named from the root of the repository, as GitHub looks for them."""
    folder = PurePosixPath(os.path.relpath(project))
    for run in log.get("runs", ()):
        run.pop("originalUriBaseIds", None)
        for result in run.get("results", ()):
            for location in result.get("locations", ()):
                file = location.get("physicalLocation", {}).get("artifactLocation", {})
                file.pop("uriBaseId", None)
                if "uri" in file:
                    file["uri"] = (folder / file["uri"]).as_posix()
    return log


def _merged(logs: list[dict[str, Any]]) -> dict[str, Any]:
    """One log with one run: code scanning takes one run of a tool from an upload."""
    runs = [run for log in logs for run in log["runs"]]
    if not runs:
        driver = {"name": "tenantctl", "rules": []}
        return {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": []}]}
    rules: dict[str, Any] = {}
    results: dict[str, Any] = {}
    for run in runs:
        rules.update({rule["id"]: rule for rule in run["tool"]["driver"].get("rules", ())})
        for result in run.get("results", ()):
            alone = {name: value for name, value in result.items() if name != "ruleIndex"}
            results[json.dumps(alone, sort_keys=True)] = alone
    driver = {**runs[0]["tool"]["driver"], "rules": list(rules.values())}
    run = {**runs[0], "tool": {"driver": driver}, "results": list(results.values())}
    return {**logs[0], "runs": [run]}


def _annotate(results: list[dict[str, Any]]) -> None:
    """The first errors and warnings at their lines, for people who look at the files.

    What the readiness checks find is for code scanning: it is seldom of the lines that changed.
    """
    for level in ("error", "warning"):
        mine = [result for result in results if result.get("level", "warning") == level]
        for result in mine[:ANNOTATIONS]:
            for where in _places(result):
                annotate(level, result["message"]["text"], title=result["ruleId"], **where)


def _places(result: dict[str, Any]) -> Iterator[dict[str, object]]:
    """Where a result is, its first place alone; nowhere in particular where it has none."""
    for location in result.get("locations", [])[:1]:
        place = location["physicalLocation"]
        region = place.get("region", {})
        yield {
            "file": place["artifactLocation"]["uri"],
            "line": region.get("startLine"),
            "col": region.get("startColumn"),
        }


def _summary(code: int, number: int) -> str:
    said = "The files have no problem." if code == 0 else "The files have problems."
    return f"{said} The SARIF file has {number} results, findings of the checks among them."


if __name__ == "__main__":
    raise SystemExit(finish(main))
