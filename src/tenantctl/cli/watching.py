"""Watching a run: events into a file, traces to a collector, figures at its end. One seam for all.

A verb hands its job to `watched`; what the job does with the project it gets is told to whoever
watches: requests by the gateway, steps by the walk, plans and receipts by who makes them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from tenantctl.cli.run import End, Run, Seen, Watcher
from tenantctl.errors import Interrupted, TenantctlError

if TYPE_CHECKING:
    from tenantctl.cli.wiring import Project
    from tenantctl.model import Noted, Vault
    from tenantctl.workflows.several import Target


Options: TypeAlias = "Callable[[Target], Mapping[str, object]]"


def watched(here: Project, run: Run, job: Callable[[Project], int]) -> int:
    """The exit code of *job*, done with a project that whoever watches *run* is told of.

    Raises what *job* raises, and UsageError where the events cannot be written.
    """
    watchers = tuple(_watchers(run, here))
    if not watchers:
        return job(here)
    watch = Watch(watchers)
    end = End(1)
    try:
        end = End(job(replace(here, observe=watch.note)))
    except TenantctlError as error:
        end = End(error.exit_code, error)
        raise
    except KeyboardInterrupt:
        end = End(Interrupted.exit_code)
        raise
    finally:
        watch.finish(end)
    return end.code


class Watch:
    """Counts what it is told of, and tells everybody; hides the secrets of all that was opened."""

    def __init__(self, watchers: tuple[Watcher, ...]) -> None:
        from tenantctl.engine.account import Account
        from tenantctl.report import cleaner

        self._watchers = self._listening = watchers
        self._vaults: list[Vault] = []
        self._seen = Seen(Account(), time.time(), cleaner(None))

    def note(self, noted: Noted) -> None:
        """Tell of *noted*."""
        from tenantctl.model import Vault

        seen = self._seen
        now = time.time()
        ended = seen.account.note(noted, now)
        clean = self._hidden(noted) if isinstance(noted, Vault) else seen.clean
        self._seen = replace(seen, now=now, ended=ended, clean=clean)
        self._tell(lambda watcher: watcher.note(noted, self._seen))

    def finish(self, end: End) -> None:
        """Tell how the run ended."""
        seen = replace(self._seen, now=time.time(), ended=())
        self._listening = self._watchers
        self._tell(lambda watcher: watcher.finish(end, seen))

    def _tell(self, what: Callable[[Watcher], None]) -> None:
        """Tell everybody; who fails at that hears of the end only, and the run goes on."""
        for watcher in self._listening:
            try:
                what(watcher)
            except Exception as error:  # noqa: BLE001 - watching stops no run
                from tenantctl.cli import terminal

                self._listening = tuple(each for each in self._listening if each is not watcher)
                terminal.say(terminal.mistake(error).replace("error:", "warning:", 1))

    def _hidden(self, vault: Vault) -> Callable[[str], str]:
        from tenantctl.report import cleaner

        if vault not in self._vaults:
            self._vaults.append(vault)
        each = [cleaner(vault) for vault in self._vaults]

        def clean(text: str) -> str:
            for one in each:
                text = one(text)
            return text

        return clean


def each_of(run: Run, options: Options) -> Options:
    """*options* for each of several environments, with what was asked to be seen of *run*.

    Events of one go to `DIR/TENANT/ENV/FILE`.
    """
    from tenantctl.cli.reporting import reports_of

    def found(each: Target) -> Mapping[str, object]:
        into = reports_of([run.into], each)[0] if run.into else None
        reports = {"report": reports_of(run.reports, each)} if run.reports else {}
        return {**options(each), "json_into": into, "stats": run.stats, **reports}

    return found


def _watchers(run: Run, here: Project) -> Iterator[Watcher]:
    """Those that are asked for, by an option or by the variables of OpenTelemetry."""
    if run.into is not None:
        from tenantctl.cli.events import Lines

        yield Lines(run.into, run, time.time())
    if run.reports:
        from tenantctl.cli.applied import Reported

        yield Reported(run, here.root)
    if any(name.startswith("OTEL_") for name in os.environ):
        from tenantctl.cli.tracing import traces

        yield from traces(run, os.environ)
    if run.stats:
        yield Figures()


class Figures:
    """Says at the end what the run has cost."""

    def note(self, noted: Noted, seen: Seen) -> None:
        """Counting is the account's."""

    def finish(self, end: End, seen: Seen) -> None:  # noqa: ARG002 - however it ended
        from tenantctl.cli import terminal
        from tenantctl.report.events import stats_text

        terminal.say(stats_text(seen.account))
