"""Ask a tenant whether it is right, by its live tests and by the checks of what was applied."""

from __future__ import annotations

from runner import (
    READS,
    Failed,
    environ,
    finish,
    given,
    output,
    reason_of,
    show,
    summarize,
    tenantctl,
)

FAILURES = {1: "tests", 5: "gate"}


def main() -> None:
    target, phase = given("TARGET"), given("PHASE")
    only = ["--phase", phase] if phase else []
    asked = {"tests": ["test", target, "--live"], "checks": ["check", target, *only]}
    failed: list[int] = []
    for what, arguments in asked.items():
        ran = tenantctl(*arguments, "--chdir", given("PROJECT", "."), environ=environ(*READS))
        show(ran.out)
        said = f"ended with {ran.code}; the log says why" if ran.code else "passed"
        summarize(f"{target}{f', phase {phase}' if phase else ''}: {what} {said}")
        failed += filter(None, [ran.code])
    if failed:
        reason = FAILURES.get(failed[0]) or reason_of(failed[0])
        raise Failed(reason, f"{target} is not as it should be; the log says why")
    output(failure_reason="")


if __name__ == "__main__":
    raise SystemExit(finish(main))
