"""`tenantctl validate`: are the files right? Reads no tenant and needs no credentials."""

from __future__ import annotations

from tenantctl.cli.options import (
    AsJson,
    Chdir,
    EnvKinds,
    EnvNames,
    Every,
    Jobs,
    Shard,
    Targets,
    Wave,
)
from tenantctl.cli.reporting import Reports, check_reports


def validate(
    target: Targets = None,
    every: Every = False,
    env: EnvNames = None,
    kind: EnvKinds = None,
    wave: Wave = None,
    shard: Shard = None,
    jobs: Jobs = None,
    report: Reports = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Check the files of an environment.

    Tells all problems at once, each with file, line, column and what to write instead.
    """
    from tenantctl.cli.choosing import Several, meant
    from tenantctl.cli.validating import FORMS, validate_many, validate_one
    from tenantctl.cli.wiring import project

    check_reports(report, FORMS)
    root = project(chdir).root
    several = Several(every, env, kind, wave, shard, jobs)
    if found := meant(root, target, several):
        from tenantctl.cli.many import Work

        work = Work(validate, root, *found, lambda each: {"target": each.id}, jobs=several.at_once)
        return validate_many(work, as_json=as_json, reports=report)
    return validate_one(root, target or "", as_json=as_json, reports=report)
