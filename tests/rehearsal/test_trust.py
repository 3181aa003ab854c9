"""Where a team trusts keys, only rehearsals that one of them has signed count."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from tenantctl.cli.rehearsing import refuse_unrehearsed
from tenantctl.cli.wiring import Project
from tenantctl.files import read_environment, resolve
from tenantctl.ledger import read_plan
from tenantctl.ledger.signing import make_pair
from tenantctl.model import Shared, Source


@pytest.mark.thorough
def test_a_rehearsal_that_no_trusted_key_has_signed_counts_for_nothing(strict, monkeypatch, capsys):
    file = strict.root / "plan.json"
    strict.ok("plan", "dev", "--out", str(file))
    strict.ok("rehearse", str(file))
    here, plan = Project(strict.root), read_plan(file)
    environment = read_environment(here.root, "small", "dev")
    vault = resolve(environment, root=here.root, state=here.state, environ=os.environ, strict=False)
    pem, trusted = make_pair()
    monkeypatch.setenv("RECEIPTS_KEY", pem)

    def rehearses(*trust: str, sign: Source | None = None) -> bool:
        """Whether it takes a rehearsal to let the plan pass."""
        shared = replace(environment, receipts=Shared(sign=sign, trust=trust))
        refuse_unrehearsed(replace(here, asked={}), shared, plan, vault)
        return "rehearsing in a copy" in capsys.readouterr().err

    assert not rehearses()
    assert rehearses(trusted)
    assert rehearses(trusted, sign=Source("env", "RECEIPTS_KEY"))
    assert not rehearses(trusted)
    assert rehearses(make_pair()[1])
