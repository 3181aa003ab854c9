"""stdout is data, stderr is talk; colour and progress where a person looks."""

from __future__ import annotations

import os
import re
import sys
from contextlib import AbstractContextManager, contextmanager, nullcontext
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

from tenantctl.errors import FilesError, GatewayError, Interrupted, TenantctlError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenantctl.model import Event, Plan, Vault


RUNNERS = ("GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION")
"""Variables by which pipelines say that they read what is printed for commands to themselves."""
COMMAND = re.compile(r"(?m)^(\s*):(?=:)|#(?=#(?:vso|teamcity)?\[)")
"""Where GitHub, Azure or TeamCity take a line for one: `##[` and `##vso[` wherever they stand."""


def out(text: str) -> None:
    """Data, to stdout."""
    print(_unheeded(text.rstrip("\n")))


def exact(text: str) -> None:
    """Data for a program, to stdout, whatever it is."""
    print(text.rstrip("\n"))


def _unheeded(text: str, colon: str = r"\x3a", hash: str = r"\x23") -> str:
    """*text*; in a pipeline, so that no part of it is a command to the runner.

    A stranger's text in a log would set variables and paths of the steps that follow.
    """
    if not any(os.environ.get(name) for name in RUNNERS):
        return text
    return COMMAND.sub(lambda found: hash if found[1] is None else f"{found[1]}{colon}", text)


def out_json(document: Any, type: str = "") -> None:
    """Data, to stdout, as JSON; *type* says what it is where the document does not yet."""
    import json

    if type:
        document = {"format": 1, "type": type, **document}
    text = json.dumps(document, indent=2, ensure_ascii=_narrow(), sort_keys=False)
    print(_unheeded(text, hash=r"\u0023"))


def out_line(document: Any) -> None:
    """Data, to stdout, as JSON on one line."""
    import json

    print(_unheeded(json.dumps(document, ensure_ascii=_narrow()), hash=r"\u0023"))


def forgive(*streams: Any) -> None:
    """Let *streams* write in escapes what their encoding has no signs for.

    A locale such as C or Latin-1 lacks the signs of a report, and a run that has been carried out
    must not end with a mistake for want of a tick.
    """
    for stream in streams:
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _narrow() -> bool:
    """Whether stdout takes less than Unicode: JSON has escapes of its own for the rest."""
    return not (getattr(sys.stdout, "encoding", "") or "utf").lower().startswith("utf")


@contextmanager
def unread() -> Iterator[None]:
    """Printing that stops no run: whoever reads no further misses the rest."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        hush()


def hush() -> None:
    """Nobody reads stdout any more: the rest of it goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(text: str) -> None:
    """Talk, to stderr."""
    print(_unheeded(text), file=sys.stderr)


def note(text: str) -> None:
    """Talk that a person should know of, made visible."""
    from tenantctl.report import visible

    say(f"note: {visible(text)}")


def warn(text: str) -> None:
    """What went wrong beside the job itself, made visible."""
    from tenantctl.report import visible

    say(f"warning: {visible(text)}")


def coloured(stream: Any = None) -> bool:
    """Whether colour is welcome: a terminal, no NO_COLOR, not TERM=dumb; FORCE_COLOR wins."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return (stream or sys.stdout).isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns of the terminal; in a pipe always the same, whatever the surroundings say."""
    if not sys.stdout.isatty():
        return 120
    import shutil

    return shutil.get_terminal_size((120, 24)).columns


def fail(error: TenantctlError, *, as_json: bool) -> int:
    """Tell what is wrong and what to do instead; the exit code."""
    if as_json:
        said = {"error": type(error).__name__, "exit_code": error.exit_code, **_told(error)}
        out_json(said, "error")
        return error.exit_code
    if isinstance(error, FilesError):
        from tenantctl.report import text_problems

        say(text_problems(error.problems, color=coloured(sys.stderr)))
    else:
        say(f"error: {_lines(error)}")
        if error.help:
            from tenantctl.report import visible

            say(f"help: {visible(error.help)}")
    return error.exit_code


def _lines(error: TenantctlError) -> str:
    """The message, made visible; only lines that we broke ourselves are lines, a tenant's not."""
    from tenantctl.report import visible

    if isinstance(error, GatewayError):
        return visible(error.message)
    return "\n".join(map(visible, error.message.split("\n")))


def _told(error: TenantctlError) -> dict[str, Any]:
    if isinstance(error, FilesError):
        from tenantctl.report import problems_as_json

        return {"problems": problems_as_json(error.problems)}
    from tenantctl.report import visible

    return {"message": visible(error.message), "help": visible(error.help)}


def mistake(error: Exception) -> str:
    """What to say of an error that we did not raise on purpose: what and where, never its text.

    The text may quote a value that is secret.
    """
    import traceback
    from pathlib import PurePath

    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "tenantctl" in frame.filename] or frames
    where = f"{PurePath(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "nowhere"
    return (
        f"error: {type(error).__name__} in {where}: this is a mistake of tenantctl's own\n"
        "help: report it with that line; `tenantctl show` says what the last run has done"
    )


def confirm(question: str, expected: str) -> bool:
    """Whether a person at the terminal types *expected*.

    Raises UsageError without a terminal, Interrupted where they would rather not say.
    """
    if not sys.stdin.isatty():
        raise UsageError(
            "there is nobody to ask: the standard input is not a terminal",
            help="give --yes to apply without asking, or apply a plan that was saved with --out",
        )
    say("")
    print(f"{question} [{expected}] ", end="", file=sys.stderr, flush=True)
    try:
        return sys.stdin.readline().strip() == expected
    except KeyboardInterrupt:
        say("")
        raise Interrupted("interrupted before anything was written") from None


def waiting(text: str) -> AbstractContextManager[None]:
    """Says what takes its time while it does, on stderr; silent where stderr is no terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return nullcontext()

    @contextmanager
    def shown() -> Any:
        from rich.console import Console
        from rich.text import Text

        from tenantctl.report import visible

        with Console(stderr=True).status(Text(visible(text))):
            yield

    return shown()


def progress(plan: Plan, vault: Vault) -> AbstractContextManager[Callable[[Event], None]]:
    """A display of a run for people, on stderr; silent where stderr is no terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return nullcontext(lambda _: None)
    return _bar(plan, vault)


def _bar(plan: Plan, vault: Vault) -> AbstractContextManager[Callable[[Event], None]]:
    @contextmanager
    def shown() -> Any:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.text import Text

        from tenantctl.report import cleaner, line_for

        clean = cleaner(vault)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("apply", total=len(plan.steps))

            def note(event: Event) -> None:
                if event.type == "settled":
                    bar.advance(task)
                    if event.outcome and event.outcome.status in {"failed", "moved", "waiting"}:
                        bar.console.print(Text(line_for(event, clean)))
                else:
                    bar.update(task, description=line_for(event, clean)[:60])

            yield note

    return shown()
