"""Accepting what a look for drift has found: live values go into the files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tenantctl.cli import terminal
from tenantctl.cli.drifting import Asked, document_of, keep, look, report
from tenantctl.cli.planning import Session, open_session
from tenantctl.cli.site import refuse_made
from tenantctl.cli.wiring import Project

if TYPE_CHECKING:
    from tenantctl.workflows.accept import Accepted
    from tenantctl.workflows.drift import Looked


def accept_one(project: Project, asked: Asked, *, detailed: bool) -> int:
    """Look at one environment, and write what is chosen into its files; the exit code.

    It is 1 where some of that could not be written.
    """
    from tenantctl.drafts import write_files
    from tenantctl.workflows.accept import accept, chosen
    from tenantctl.workflows.takeover import secret_entry, settings_of

    session = open_session(project, asked.target)
    environment, root = session.loaded.environment, project.root
    refuse_made(root, environment.tenant)
    looked, _ = look(session, asked)
    wanted = chosen(looked.found, asked.names)
    settings = settings_of(environment)
    done = accept(root, looked, wanted, source=lambda name: secret_entry(name, settings, live=True))
    write_files(root, done.texts)
    after = replace(looked, loaded=done.loaded, found=done.found)
    _tell(session, done, after, asked)
    report(session, after, asked)
    keep(session, after)
    if done.left:
        return 1
    return 2 if detailed and after.drifted else 0


def _tell(session: Session, done: Accepted, after: Looked, asked: Asked) -> None:
    """Say where each was written, what could not be, and for whom else it counts."""
    from tenantctl.report.accepted import accepted_as_json, accepted_text, view_accepted

    environment, source = session.loaded.environment, session.loaded.source
    everywhere = any(file.startswith("tenants/") for file in done.texts)
    names = source.home.names if source and everywhere else ()
    view = view_accepted(
        environment.id,
        done.written,
        done.left,
        notes=done.notes,
        also=tuple(name for name in names if name != environment.name),
        open_=len(after.drifted),
        vault=session.vault,
    )
    if asked.as_json:
        terminal.out_json({**accepted_as_json(view), "drift": document_of(session, after)})
    else:
        terminal.out(accepted_text(view, color=terminal.coloured()))
