"""The files of one environment or of several, judged, and reports of what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenantctl.cli import terminal
from tenantctl.cli.reporting import Render, json_text, write_reports
from tenantctl.errors import FilesError, Problem
from tenantctl.files import find, load
from tenantctl.report import problems_as_json, text_problems

if TYPE_CHECKING:
    from tenantctl.cli.many import Work
    from tenantctl.files import Loaded
    from tenantctl.workflows.several import Target

FORMS = (".sarif", ".json", ".xml", ".txt")
"""The reports that there are of problems."""


def validate_one(
    root: Path, target: str, *, as_json: bool, reports: Iterable[Path] | None = None
) -> int:
    """Judge the files of *target*, say so, and write *reports*, whether they are right or not."""
    try:
        loaded = load(root, *find(root, target))
    except FilesError as error:
        write_reports(reports, problem_renderers(error.problems, ()))
        raise
    write_reports(reports, problem_renderers((), loaded.warnings))
    _say(loaded, as_json=as_json)
    return 0


def _say(loaded: Loaded, *, as_json: bool) -> None:
    count = len(loaded.desired.tenant)
    if as_json:
        terminal.out_json(
            {
                "environment": loaded.environment.id,
                "resources": count,
                "digest": loaded.desired.digest,
                "warnings": problems_as_json(loaded.warnings),
            },
            "validate",
        )
        return
    if loaded.warnings:
        color = terminal.coloured()
        terminal.say(text_problems(loaded.warnings, color=color, word="warning"))
    terminal.out(f"{loaded.environment.id}: {count} resources, no problems")


def validate_many(work: Work, *, as_json: bool, reports: list[Path] | None) -> int:
    """Judge several environments; *reports* are of all of them, each problem once."""
    import tempfile
    from dataclasses import replace

    from tenantctl.cli.many import run_many

    if not reports:
        return run_many(work, as_json=as_json)
    with tempfile.TemporaryDirectory(prefix="tenantctl-") as folder:
        each = partial(_options, Path(folder))
        code = run_many(replace(work, options=each), as_json=as_json)
        told = [json.loads(path.read_text("utf-8")) for path in sorted(Path(folder).iterdir())]
    problems = [*work.known.problems, *_read(told, "problems")]
    write_reports(reports, problem_renderers(_once(problems), _once(_read(told, "warnings"))))
    return code


def _options(folder: Path, each: Target) -> Mapping[str, object]:
    return {"target": each.id, "report": [folder / f"{each.tenant}-{each.environment}.json"]}


def _read(documents: Iterable[Mapping[str, Any]], name: str) -> Iterable[Problem]:
    return (Problem(**each) for document in documents for each in document[name])


def _once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Each of *problems* once, by their places."""
    return tuple(sorted(set(problems), key=lambda each: (each.file, each.line, each.column)))


def problem_renderers(
    problems: Iterable[Problem], warnings: Iterable[Problem]
) -> Mapping[str, Render]:
    """What makes each report of *problems* and *warnings*, by the end of its name."""
    found, warned = tuple(problems), tuple(warnings)

    def sarif() -> str:
        from tenantctl.report.problem_files import problems_sarif

        return json_text(problems_sarif(found, warned))

    def junit() -> str:
        from tenantctl.report.problem_files import problems_junit

        return problems_junit(found, warned)

    def document() -> str:
        told = problems_as_json(found)
        return json_text({**told, "warnings": problems_as_json(warned)["problems"]})

    def text() -> str:
        said = [text_problems(found)] if found or not warned else []
        return "\n".join([*said, *([text_problems(warned, word="warning")] if warned else [])])

    return {".sarif": sarif, ".json": document, ".xml": junit, ".txt": text}
