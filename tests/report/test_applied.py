"""What `apply --report FILE` writes, however the apply ends."""

from __future__ import annotations

import json
from dataclasses import replace

from jsonschema import Draft202012Validator

from report.samples import PLAN, RECEIPT, SECRET, VAULT
from support.project import REPOSITORY
from tenantctl.cli.applied import applied_renderers
from tenantctl.cli.run import Run
from tenantctl.cli.watching import watched
from tenantctl.cli.wiring import Project as Folder
from tenantctl.engine.account import Account
from tenantctl.errors import LedgerError
from tenantctl.model import Event, Lacking, Outcome, Violation
from tenantctl.report import cleaner
from tenantctl.report.applied import Ran, view_applied
from tenantctl.report.applied_markdown import applied_markdown
from tenantctl.report.applied_text import sorted_acts
from tenantctl.report.markdown import LIMIT
from tenantctl.report.schema import apply_schema

FORMS = (".md", ".html", ".json", ".sarif", ".xml", ".txt")
FIRST, SECOND, THIRD = (step.id for step in PLAN.steps[:3])


def ran(code=1, **known) -> Ran:
    return Ran("hearth/dev", code, 2.5, Account(), plan=PLAN, **known)


def texts(found: Ran) -> dict[str, str]:
    """Each form of the report of a run."""
    made = applied_renderers(view_applied(found, cleaner(VAULT)), REPOSITORY)
    return {form: render() for form, render in made.items()}


def test_a_step_ends_as_the_receipt_says_else_as_it_was_last_heard_of() -> None:
    events = {FIRST: Event("settled", FIRST, Outcome("applied")), SECOND: Event("started", SECOND)}
    view = view_applied(ran(130, events=events), cleaner(None))
    assert [act.status for act in view.acts][:3] == ["applied", "unknown", "not_begun"]
    assert (view.status, view.error) == ("unknown", "the run was interrupted")
    receipt = replace(RECEIPT, outcomes={FIRST: Outcome("failed", "400 no")})
    view = view_applied(ran(events=events, receipt=receipt), cleaner(None))
    assert next((act.status, act.detail) for act in view.acts) == ("failed", "400 no")
    assert view.status == receipt.status


def test_every_form_tells_what_failed_and_what_was_not_reached_and_none_a_secret() -> None:
    events = {
        FIRST: Event("settled", FIRST, Outcome("failed", f"400: {SECRET} | <b>@all</b> \x1b[2J")),
        SECOND: Event("settled", SECOND, Outcome("skipped", because=(FIRST,))),
    }
    lacking = (Lacking(THIRD, ("name",)),)
    for form, text in texts(ran(4, events=events, lacking=lacking)).items():
        assert "400" in text, form
        assert SECRET not in text, form
        assert "\x1b" not in text, form
        assert form == ".sarif" or "is not as it was written" in text, form
        if form in {".md", ".html"}:
            assert "<b>@all" not in text


def test_a_plan_that_was_refused_names_what_refuses_it() -> None:
    plan = replace(PLAN, violations=(Violation("zebra", "clients.shop", "too many", "split"),))
    found = texts(replace(ran(5), plan=plan))
    assert [form for form, text in found.items() if "zebra" not in text] == []
    assert json.loads(found[".json"])["status"] == "not_begun"


def test_a_run_that_never_knew_a_plan_has_a_report_too() -> None:
    found = texts(Ran("plans/--><script>.json", 65, 0.1, Account(), error="it is no plan"))
    assert all("it is no plan" in text for form, text in found.items() if form != ".sarif")
    assert "script>" not in found[".md"]
    assert "<script" not in found[".xml"]


def test_the_document_is_what_its_schema_says() -> None:
    events = {FIRST: Event("settled", FIRST, Outcome("waiting", "DNS", {"CNAME": "x"}))}
    document = json.loads(texts(ran(6, events=events))[".json"])
    Draft202012Validator(apply_schema()).validate(document)


def test_a_comment_on_many_failures_stays_under_the_limit() -> None:
    steps = tuple(replace(PLAN.steps[0], id=replace(FIRST, part=f"p{n}")) for n in range(400))
    events = {s.id: Event("settled", s.id, Outcome("failed", "𝄞" * 300)) for s in steps}
    known = replace(ran(), plan=replace(PLAN, steps=steps), events=events)
    found = applied_markdown(view_applied(known, cleaner(None)))
    assert len(found.encode()) < LIMIT
    assert "more" in found


def test_what_failed_stands_before_what_was_skipped_for_it_and_what_is_done_last() -> None:
    statuses = ("applied", "skipped", "waiting", "failed", "moved")
    steps = [step.id for step in PLAN.steps]
    events = {
        id: Event("settled", id, Outcome(status))
        for id, status in zip(steps, statuses, strict=False)
    }
    view = view_applied(ran(4, events=events), cleaner(None))
    found = [act.status for _, acts in sorted_acts(view) for act in acts]
    assert found[:4] == ["failed", "moved", "waiting", "skipped"]
    assert (found[-1], set(found[4:-1])) == ("applied", {"not_begun"})


def test_a_report_that_cannot_be_written_is_said_and_the_run_ends_as_it_did(
    tmp_path, capsys, monkeypatch
) -> None:
    def full(*_):
        raise LedgerError("no space left")

    monkeypatch.setattr("tenantctl.ledger.write_atomic", full)
    run = Run("apply", "shop/dev", reports=(tmp_path / "a.md",))
    assert watched(Folder(tmp_path), run, lambda _: 4) == 4
    assert "warning: no report of this run: no space left" in capsys.readouterr().err
