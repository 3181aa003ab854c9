"""Back up a tenant into one file; that something could not be read is a warning."""

from __future__ import annotations

from runner import (
    READS,
    Failed,
    annotate,
    environ,
    finish,
    given,
    output,
    reason_of,
    show,
    tenantctl,
)

IN_PART = 4


def main() -> None:
    target, file = given("TARGET"), given("FILE")
    where = ["--to", file, "--chdir", given("PROJECT", ".")]
    ran = tenantctl("backup", target, *where, environ=environ(*READS))
    show(ran.out)
    if ran.code not in {0, IN_PART}:
        reason = reason_of(ran.code)
        text = f"tenantctl backup {target} ended with {ran.code} ({reason}); the log says why"
        raise Failed(reason, text)
    if ran.code == IN_PART:
        annotate("warning", f"not everything of {target} could be read; the log lists it")
    output(file=file, whole=ran.code == 0, failure_reason="")


if __name__ == "__main__":
    raise SystemExit(finish(main))
