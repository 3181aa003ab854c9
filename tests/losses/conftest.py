"""A project of one file and its tenant: what must not happen is tried here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from kinds.laws.ground import Ground, ground_of, secret_names, unhappy, value_of
from kinds.laws.table import Case, Loader
from tenantctl.kinds import KINDS
from tenantctl.model import Plan

Json = Any


@dataclass
class Site:
    """A project, its tenant, and the last receipt."""

    ground: Ground
    deletes: str = "managed"

    def declare(self, text: str) -> Site:
        """The files now say *text*: kinds, keys and fields."""
        kinds = yaml.load(text, Loader=Loader) or {}
        self.ground.case = replace(self.ground.case, needs=kinds)
        self.ground.values = {name: value_of(name) for name in secret_names(kinds)}
        self.ground.declare(None)
        settings = self.ground.root / "environments" / "laws" / "dev.yaml"
        told = settings.read_text("utf-8").replace("delete: managed", f"delete: {self.deletes}")
        settings.write_text(told, "utf-8")
        return self

    def plan(self) -> Plan:
        return self.ground.plan()

    def apply(self, text: str = "") -> list[str]:
        """Declare and apply; the writes that it took. Fails where it does not converge."""
        if text:
            self.declare(text)
        plan = self.plan()
        assert plan.blocking == (), plan.blocking
        self.ground.sandbox.clear_log()
        result = self.ground.apply(plan)
        assert result.receipt.status == "converged", unhappy(result)
        return self.ground.writes()

    def refused(self, text: str) -> str:
        """The rules that the plan for *text* breaks."""
        return " ".join(sorted(v.rule for v in self.declare(text).plan().blocking))

    def one(self, table: str, **known: Json) -> Json:
        """The one document of a table whose fields are as *known*; None where there is none."""
        found = [
            body
            for body in self.ground.sandbox.documents(table).values()
            if all(body.get(name) == value for name, value in known.items())
        ]
        assert len(found) < 2
        return found[0] if found else None

    def make(self, table: str, id: str, body: Mapping[str, Json], parent: str = "") -> None:
        """Somebody else makes an object."""
        self.ground.sandbox.put(table, id, dict(body), parent=parent)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return _site(tmp_path)


@pytest.fixture
def sites(tmp_path: Path) -> Callable[[str], Site]:
    """Several projects, each with a tenant of its own."""
    return lambda name: _site(tmp_path / name)


def _site(root: Path) -> Site:
    case = Case(kind=KINDS["tenant"], name="loss", key="", fields={}, table="")
    root.mkdir(exist_ok=True)
    return Site(ground_of(case, root))
