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


def validate(
    target: Targets = None,
    every: Every = False,
    env: EnvNames = None,
    kind: EnvKinds = None,
    wave: Wave = None,
    shard: Shard = None,
    jobs: Jobs = None,
    as_json: AsJson = False,
    chdir: Chdir = None,
) -> int:
    """Check the files of an environment.

    Tells all problems at once, each with file, line, column and what to write instead.
    """
    from tenantctl.cli import terminal
    from tenantctl.cli.choosing import Several, meant
    from tenantctl.cli.wiring import project
    from tenantctl.files import find, load

    root = project(chdir).root
    several = Several(every, env, kind, wave, shard, jobs)
    if found := meant(root, target, several):
        from tenantctl.cli.many import Work, run_many

        work = Work(validate, root, *found, lambda each: {"target": each.id}, jobs=several.at_once)
        return run_many(work, as_json=as_json)
    loaded = load(root, *find(root, target or ""))
    count = len(loaded.desired.tenant)
    if as_json:
        from tenantctl.report import problems_as_json

        terminal.out_json(
            {
                "environment": loaded.environment.id,
                "resources": count,
                "digest": loaded.desired.digest,
                "warnings": problems_as_json(loaded.warnings),
            }
        )
        return 0
    if loaded.warnings:
        from tenantctl.report import text_problems

        color = terminal.coloured()
        terminal.say(text_problems(loaded.warnings, color=color, word="warning"))
    terminal.out(f"{loaded.environment.id}: {count} resources, no problems")
    return 0
