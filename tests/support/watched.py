"""The command line's own wiring around an embedded tenant whose requests are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.project import Project
from tenantctl.cli.planning import Session, open_session, plan_of
from tenantctl.cli.wiring import Project as Wired
from tenantctl.model import Environment, Plan
from tenantctl.sandbox import Request, Sandbox
from tenantctl.workflows import Ask


@dataclass
class Watched:
    """A project and every request that its embedded tenants were sent, oldest first."""

    project: Project
    options: dict[str, Any] = field(default_factory=dict)
    opened: list[Sandbox] = field(default_factory=list)

    def embed(self, environment: Environment, state: Path) -> Sandbox:
        """What the command line opens instead of its own sandbox: the same one, kept."""
        path = state / "sandbox" / f"{environment.domain}.sqlite"
        self.opened.append(Sandbox(environment.domain, path, **self.options))
        return self.opened[-1]

    def session(self, env: str = "dev") -> Session:
        return open_session(Wired(self.project.root, self.embed), env)

    def plan(self, env: str = "dev") -> Plan:
        return plan_of(self.session(env), Ask()).plan

    @property
    def log(self) -> list[Request]:
        return [request for sandbox in self.opened for request in sandbox.log]
