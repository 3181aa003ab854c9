"""Watching a run: events into a file, traces to a collector, figures at its end. One seam for all.

A verb hands its job to `watched`; what the job does with the project it gets is told to whoever
watches: requests by the gateway, steps by the walk, plans and receipts by who makes them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from tenantctl.cli.run import End, Run, Watcher
from tenantctl.errors import Interrupted, TenantctlError

if TYPE_CHECKING:
    from tenantctl.cli.wiring import Project
    from tenantctl.engine.account import Account, Ended
    from tenantctl.model import Noted
    from tenantctl.workflows.several import Target


Options: TypeAlias = "Callable[[Target], Mapping[str, object]]"


def watched(here: Project, run: Run, job: Callable[[Project], int]) -> int:
    """The exit code of *job*, done with a project that whoever watches *run* is told of.

    Raises what *job* raises, and UsageError where the events cannot be written.
    """
    watchers = tuple(_watchers(run))
    if not watchers:
        return job(here)
    from tenantctl.engine.account import Account

    account = Account()

    def observe(noted: Noted) -> None:
        now = time.time()
        ended = account.note(noted, now)
        for watcher in watchers:
            watcher.note(noted, account, ended, now)

    end = End(1)
    try:
        end = End(job(replace(here, observe=observe)))
    except TenantctlError as error:
        end = End(error.exit_code, error)
        raise
    except KeyboardInterrupt:
        end = End(Interrupted.exit_code)
        raise
    finally:
        now = time.time()
        for watcher in watchers:
            watcher.finish(account, end, now)
    return end.code


def each_of(run: Run, options: Options) -> Options:
    """*options* for each of several environments, with what was asked to be seen of *run*.

    Events of one go to `DIR/TENANT/ENV/FILE`.
    """
    from tenantctl.cli.reporting import reports_of

    def found(each: Target) -> Mapping[str, object]:
        into = reports_of([run.into], each)[0] if run.into else None
        return {**options(each), "json_into": into, "stats": run.stats}

    return found


def _watchers(run: Run) -> Iterator[Watcher]:
    """Those that are asked for, by an option or by the variables of OpenTelemetry."""
    if run.into is not None:
        from tenantctl.cli.events import Lines

        yield Lines(run.into, run, time.time())
    if run.stats:
        yield Figures()


class Figures:
    """Says at the end what the run has cost."""

    def note(self, noted: Noted, account: Account, ended: tuple[Ended, ...], now: float) -> None:
        """Counting is the account's."""

    def finish(self, account: Account, end: End, now: float) -> None:  # noqa: ARG002
        from tenantctl.cli import terminal
        from tenantctl.report.events import stats_text

        terminal.say(stats_text(account))
