"""A small playbook, and environments that stand in every way there is."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from tenantctl.engine.board import column
from tenantctl.engine.standing import Column, Failure, Seen, Sheet
from tenantctl.errors import Problem
from tenantctl.model import (
    Address,
    Create,
    Declaration,
    Delete,
    Desired,
    Entry,
    Environment,
    Finding,
    Identity,
    Origin,
    Place,
    Plan,
    Receipt,
    Resource,
    Step,
    StepId,
    Tenant,
    TestReceipt,
    Update,
)
from tenantctl.playbooks import load

TODAY = dt.date(2026, 9, 1)


def topic(id, milestone, requirement="required", **more):
    return {"id": id, "requirement": requirement, "milestone": milestone, **more}


def stream(id, name, audience, topics, **more):
    return {
        "id": id,
        "name": name,
        "audience": audience,
        "follows": [],
        "parallel": [],
        "topics": topics,
        **more,
    }


DOCUMENT = {
    "id": "small",
    "name": "A small rollout",
    "phases": [
        {
            "number": 1,
            "name": "People sign in",
            "requires": [],
            "sequence": ["soil", "roots", "stem"],
            "milestones": [
                {"id": "shown", "name": "It can be shown", "kind": "either", "workstreams": ["a"]},
                {"id": "live", "name": "It is live", "kind": "production", "workstreams": []},
            ],
            "workstreams": [
                stream("a", "Ground", "Builders", [topic("soil", "shown"), topic("roots", "live")]),
                stream("b", "Growth", "Testers", [topic("stem", "live", "optional")]),
            ],
        },
        {
            "number": 2,
            "name": "APIs are called",
            "requires": [1],
            "sequence": ["leaf"],
            "milestones": [
                {"id": "live", "name": "It is used", "kind": "either", "workstreams": ["c"]}
            ],
            "workstreams": [
                stream(
                    "c",
                    "Crown",
                    "Builders",
                    [topic("leaf", "live", "conditional", condition="there is an API")],
                    again=[topic("roots", "live")],
                    optional=True,
                ),
            ],
        },
    ],
}
TOPICS = {
    "soil": {"name": "Soil", "kind": "config"},
    "roots": {"name": "Roots", "kind": "config"},
    "stem": {"name": "Stem", "kind": "process"},
    "leaf": {"name": "Leaf", "kind": "config"},
}
BOOK = load(DOCUMENT, TOPICS)


def at(file, line):
    return Origin(file, line, 3)


ADOPTED = {"soil": at("tenants/oak/tenant.yaml", 4), "roots": at("tenants/oak/tenant.yaml", 5)}
DECLINED = {"stem": at("tenants/oak/tenant.yaml", 8)}
REASONS = {"stem": "nobody climbs"}


def declared(*rows):
    """The desired tenant: (address, topics, phase of the file)."""
    found = {Address.parse(name): (topics, phase) for name, topics, phase in rows}
    return Desired(
        tenant=Tenant.of(Resource(address, {}) for address in found),
        declarations={
            address: Declaration(Identity(), topics, at("x.yaml", 1), phase=phase)
            for address, (topics, phase) in found.items()
        },
        origins={},
        digest="d1",
    )


DESIRED = declared(
    ("clients.web", ("soil",), 1),
    ("clients.app", ("roots", "soil"), 1),
    ("roles.admin", ("roots",), 1),
)


def step(name, topic, phase=1, change="update"):
    address = Address.parse(name)
    changes = {
        "update": Update(address, ()),
        "create": Create(Resource(address, {})),
        "delete": Delete(Resource(address, {})),
    }
    return Step(StepId(address), changes[change], Place(phase, 0, 0, name, topic), "why")


def plan(*steps):
    return Plan("oak", "dev", "oak.example", "development", (1,), "d1", "0", steps, {})


def receipt(**more):
    entries = {address: Entry() for address in DESIRED.tenant.resources}
    given = {
        "kind": "apply",
        "tenant": "oak",
        "environment": "dev",
        "domain": "oak.example",
        "digest": "d1",
        "phases": (1,),
        "status": "converged",
        "full": True,
        "entries": entries,
        "outcomes": {},
        "version": "0",
        "commit": "abcdef0123456789",
        "who": "ann",
        "when": "2026-08-30T10:00:00+00:00",
    }
    return Receipt(**{**given, **more})


def finding(check="X01.some", status="failed", level="block", topics=("soil",), **more):
    given = {"details": ("it is not so",), "places": (at("tenants/oak/a.yaml", 7),)}
    return Finding(
        check,
        f"{check} holds",
        "high",
        level,
        status,
        topics=topics,
        **{"phase": 1, "milestone": "shown", **given, **more},
    )


def trial_of(ran="unit", *, passed=True, digest="d1", when="2026-08-31T09:00:00+00:00"):
    return TestReceipt("oak", "dev", "development", ran, passed, digest, {"passed": 3}, when=when)


def seen(name="dev", kind="development", phases=(1,), **more):
    given = {
        "environment": Environment("oak", name, kind, "oak.example", phases=phases),
        "playbook": BOOK,
        "desired": DESIRED,
        "adopted": ADOPTED,
        "declined": DECLINED,
        "reasons": REASONS,
        "findings": (),
        "plan": plan(),
        "receipt": receipt(),
    }
    return Seen(**{**given, **more})


def look(**more) -> Column:
    return column(seen(**more), TODAY)


BROKEN = Column(
    "oak",
    "prod",
    failure=Failure(
        "FilesError",
        "1 problem in the files",
        "",
        65,
        (Problem("environments/oak/prod.yaml", 3, 1, "kind is missing", "write kind"),),
    ),
)
SHEET = Sheet(
    "oak",
    BOOK,
    (
        look(
            tests=(trial_of(), trial_of("mock", passed=False, digest="d0")),
            backup=dt.date(2026, 8, 30),
        ),
        look(
            name="qa",
            kind="qa",
            phases=(1, 2),
            findings=(
                finding(),
                finding("X02.other", level="warn", topics=("roots",), milestone="live"),
                finding("X03.dim", "unknown", topics=("roots",), milestone="live"),
                finding("X04.fine", "passed", details=(), places=(), vacuous=True),
                finding("X05.word", level="warn", waived="we know (bob, until 2026-12-01)"),
            ),
            plan=plan(step("clients.web", "soil"), step("roles.admin", "roots", 2)),
            receipt=receipt(digest="d0"),
        ),
        BROKEN,
    ),
)


def renamed(sheet: Sheet, text: str) -> Sheet:
    """*sheet* with *text* wherever a stranger may have written something."""
    columns = tuple(
        replace(
            each,
            domain=text,
            last=replace(each.last, who=text, commit=text, status=text) if each.last else None,
            findings=tuple(
                replace(f, details=(text,), places=(at(text, 3),), waived=text, title=text)
                for f in each.findings
            ),
            cells=tuple(replace(c, reason=text) for c in each.cells),
            because=text,
            failure=replace(each.failure, message=text, help=text) if each.failure else None,
        )
        for each in sheet.columns
    )
    return replace(sheet, columns=columns)
