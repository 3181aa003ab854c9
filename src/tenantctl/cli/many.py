"""A verb for several environments: each in a process of its own, and one table of how they ended.

See docs/fleet.md. The process of an environment runs the verb as for it alone, with `--json`.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tenantctl.cli import terminal
from tenantctl.cli.ending import ended as ended_with
from tenantctl.report import Style, problems_as_json, text_problems
from tenantctl.report.several import Ended, failures, several_as_json, several_text, summary
from tenantctl.workflows.several import GOOD, Known, Target, worst

PRELOADED = (
    "git",
    "tenantctl.cli.choosing",
    "tenantctl.cli.many",
    "tenantctl.cli.planning",
    "tenantctl.cli.running",
    "tenantctl.cli.showing",
    "tenantctl.files.composer",
    "tenantctl.gateway.execute",
    "tenantctl.gateway.live",
    "tenantctl.sandbox",
    "tenantctl.workflows",
)
"""What the processes have loaded before they begin, beside the verb."""


@dataclass(frozen=True, slots=True)
class Work:
    """A verb to be carried out for each of *targets*.

    *verb* is the function of a verb, which is called as its command line would be, with what
    *options* says: in another process, so that both have to be importable and picklable. *ordered*:
    an environment waits for those that come before it, and is left out where one of them fails.
    """

    verb: Callable[..., int]
    root: Path
    known: Known
    targets: tuple[Target, ...]
    options: Callable[[Target], Mapping[str, object]]
    ordered: bool = False
    jobs: int = 1
    called: str = ""

    @property
    def name(self) -> str:
        """What the verb is called on the command line."""
        return self.called or self.verb.__name__


def run_many(work: Work, *, as_json: bool) -> int:
    """Carry out *work* and tell how each environment ended; the worst of their exit codes."""
    began = time.monotonic()
    ended = _carry_out(work)
    problems = work.known.problems
    code = worst(
        [*(each.code for each in ended if each.code is not None), *([65] * bool(problems))]
    )
    seconds = time.monotonic() - began
    if as_json:
        told = problems_as_json(problems)
        assert isinstance(told, Mapping)
        terminal.out_json(
            several_as_json(work.name, ended, code=code, seconds=seconds, problems=told)
        )
        return code
    if problems:
        terminal.say(text_problems(problems, color=terminal.coloured(sys.stderr)))
    if told_once := failures(ended):
        terminal.say(told_once)
    style = Style(terminal.coloured(), terminal.width())
    terminal.out(several_text(work.name, ended, seconds=seconds, style=style))
    return code


@dataclass(frozen=True, slots=True)
class _Running:
    target: Target
    process: BaseProcess
    out: Path
    began: float


def _carry_out(work: Work) -> list[Ended]:
    """How each environment ended, in the order of the targets."""
    ended: dict[str, Ended] = {}
    running: dict[int, _Running] = {}
    with tempfile.TemporaryDirectory(prefix="tenantctl-") as folder, _stoppable(running) as halted:
        while len(ended) < len(work.targets):
            for target in _ready(work, ended, running):
                if why := "interrupted" if halted else _because(work, target, ended):
                    ended[target.id] = Ended(target.id, _facts(target), None, because=why)
                elif len(running) < work.jobs:
                    begun = _begin(work, target, Path(folder))
                    running[begun.process.sentinel] = begun
            for sentinel in wait(list(running)) if running else ():
                assert isinstance(sentinel, int)
                found = _settle(running.pop(sentinel), interrupted=bool(halted))
                ended[found.target] = found
                told = f"[{len(ended)}/{len(work.targets)}] {found.target} {found.outcome}"
                terminal.say(f"{told}: {summary(found)}" if summary(found) else told)
    return [ended[target.id] for target in work.targets]


def _ready(work: Work, ended: Mapping[str, Ended], running: Mapping[int, _Running]) -> list[Target]:
    """What may begin now; of what is left out, what nobody waits for any more."""
    busy = {each.target.id for each in running.values()}
    return [
        target
        for target in work.targets
        if target.id not in ended
        and target.id not in busy
        and (not work.ordered or all(id in ended for id in target.after))
    ]


def _because(work: Work, target: Target, ended: Mapping[str, Ended]) -> str:
    """Why *target* is left out; empty where it is not."""
    if not work.ordered:
        return ""
    bad = [id for id in target.after if ended[id].code not in GOOD]
    return f"{bad[0]} comes first, and was {ended[bad[0]].outcome}" if bad else ""


def _facts(target: Target) -> Mapping[str, Any]:
    return {
        "tenant": target.tenant,
        "environment": target.environment,
        "kind": target.kind,
        "domain": target.domain,
        "fleet": target.fleet,
        "row": target.row,
        "wave": target.wave,
    }


def _begin(work: Work, target: Target, folder: Path) -> _Running:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOADED, work.verb.__module__])
    out = folder / f"{target.tenant}-{target.environment}"
    options = {**work.options(target), "as_json": True, "chdir": work.root}
    process = context.Process(target=_run, args=(work.verb, options, str(out), dict(os.environ)))
    process.start()
    return _Running(target, process, out, time.monotonic())


def _run(
    verb: Callable[..., int], options: Mapping[str, object], out: str, environ: Mapping[str, str]
) -> None:
    """Run a command in a process of its own, which no terminal interrupts."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environ)
    for number, end in ((1, ".out"), (2, ".err")):
        os.dup2(os.open(out + end, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), number)
    code = ended_with(partial(verb, **options), as_json=True)
    sys.stdout.flush()
    sys.exit(code)


def _settle(running: _Running, *, interrupted: bool) -> Ended:
    """What has become of a process that is over."""
    running.process.join()
    code = running.process.exitcode
    if code is not None and code < 0 and interrupted:
        code = 130
    seconds = time.monotonic() - running.began
    running.process.close()
    document: Any = None
    try:
        document = json.loads(_text(running.out, ".out"))
    except ValueError:
        document = None
    found = document if isinstance(document, dict) else {}
    said = _text(running.out, ".err")
    facts = _facts(running.target)
    return Ended(running.target.id, facts, 1 if code is None else code, seconds, found, said)


def _text(out: Path, end: str) -> str:
    try:
        return out.with_name(out.name + end).read_text("utf-8", "replace")
    except OSError:
        return ""


@contextmanager
def _stoppable(running: Mapping[int, _Running]) -> Iterator[list[int]]:
    """What there was of interrupts: the first lets what is begun stop in its own way.

    The second one ends the processes.
    """
    halted: list[int] = []

    def stop(number: int, _: object) -> None:
        halted.append(number)
        for each in running.values():
            each.process.terminate() if len(halted) == 1 else each.process.kill()
        terminal.say("stopping: what has begun is finished first; again to end it at once")

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield halted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
