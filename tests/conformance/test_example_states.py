"""Two made-up companies, in three environments and fresh: what is declared of them comes true."""

from __future__ import annotations

import json

import pytest

from conformance.example_states import NO_CONFIGURATION, Project, project_of
from kinds.laws.ground import Ground, ground_of, secret_names, unhappy, value_of
from kinds.laws.oracle import Eye, look, names
from kinds.laws.surveyed import problems, seen
from kinds.laws.table import Case
from support.largely import mostly
from tenantctl.kinds import KINDS

STATES = (
    "hearthhollow-dev",
    "hearthhollow-fresh-tenant",
    "hearthhollow-prod",
    "hearthhollow-qa",
    "tallowbridge-dev",
    "tallowbridge-fresh-tenant",
    "tallowbridge-prod",
    "tallowbridge-qa",
)


@pytest.fixture(
    scope="module",
    params=mostly(STATES, fast={"hearthhollow-dev"}, rest=pytest.mark.thorough),
)
def come_true(request, shared, tmp_path_factory):
    """A state, its project, and the ground where it was applied once."""
    path = shared / "data" / "example-tenants" / f"{request.param}.json"
    state = json.loads(path.read_text("utf-8"))
    project = project_of(state)
    ground = _ground(project, tmp_path_factory.mktemp(request.param))
    result = ground.apply(ground.plan())
    assert result.receipt.status == "converged", unhappy(result)
    return state, project, ground


def _ground(project: Project, root) -> Ground:
    case = Case(
        kind=KINDS["tenant"],
        name="state",
        key="",
        fields={},
        table="",
        needs=project.kinds,
        files=project.files,
    )
    ground = ground_of(case, root)
    ground.values = {name: value_of(name) for name in secret_names(project.kinds)}
    ground.declare(None)
    return ground


@pytest.mark.thorough
def test_everything_of_a_state_is_declared_or_no_configuration(come_true):
    state, project, _ = come_true

    assert project.pending == []
    left = (
        {name for name, body in state.items() if body}
        - project.kinds.keys()
        - NO_CONFIGURATION.keys()
    )
    assert left <= {"guardian_phone"}


def test_the_next_plan_is_empty(come_true):
    _, _, ground = come_true

    assert ground.plan().steps == ()


@pytest.mark.thorough
def test_who_has_never_seen_the_tenant_finds_every_declared_value(come_true):
    _, _, ground = come_true

    found = seen(ground)

    assert not found.survey.unread
    assert not [*problems(found)]


def test_the_tenant_holds_every_declared_value(come_true):
    _, project, ground = come_true

    assert list(_lacking(project, ground)) == []


def _lacking(project: Project, ground: Ground):
    """What the tenant's own documents lack of what is declared."""
    seen = _Seen(project, ground)
    for kind, keyed in project.kinds.items():
        for key, fields in _resources(KINDS[kind], keyed):
            yield from (
                f"{kind}.{key}{problem}" for problem in seen.lacks(KINDS[kind], key, fields)
            )


def _resources(kind, keyed):
    rows = [((), keyed)]
    for _ in range(0 if kind.singleton else max(len(kind.parts), 1)):
        rows = [((*at, key), inner) for at, body in rows for key, inner in body.items()]
    return [("/".join(at), fields) for at, fields in rows]


TABLES = {"organization_enabled_connections": "organization_connections"}
"""Where the tenant keeps what the API shows under two names."""


UNSHOWN = {
    "tenant.error_page.show_log_link is None, not False",
    "tenant.flags.enable_client_connections is None, not True",
    "tenant.flags.enable_dynamic_client_registration is None, not False",
    "tenant.idle_session_lifetime is None, not 72",
    "tenant.session_lifetime is None, not 168",
}
"""Settings that a tenant does not show as long as they are what they are from the start."""


class _Seen:
    """A tenant's documents, looked at without any rule of ours."""

    def __init__(self, project: Project, ground: Ground) -> None:
        self.now = look(ground.sandbox)
        called = names(ground.case, self.now)
        system = frozenset({f"https://{ground.sandbox.domain}/api/v2/"})
        self.eye = Eye({**called, "management-api": system}, ground.values, project.files)

    def lacks(self, kind, key, fields):
        """What the object that is called *key* lacks of *fields*, with all that hangs on it."""
        inner = [k for k in KINDS.values() if (k.authored_in or ("", ""))[0] == kind.name]
        inner = [k for k in inner if k.authored_in[1] in fields]
        inside = {k.authored_in[1] for k in inner}
        plain = {name: value for name, value in fields.items() if name not in inside}
        id, problems = self._best(kind, key, self._plain(kind, key, plain))
        yield from (problem for problem in problems if f"{kind.name}{problem}" not in UNSHOWN)
        for link in inner:
            yield from self._lacks_inside(link, id, fields[link.authored_in[1]])

    def _lacks_inside(self, link, id, want):
        table = TABLES.get(link.name, link.shape)
        rows = [
            body
            for row, body in self.now.documents.items()
            if row[0] == table and self.now.parents[row] == id
        ]
        if link.members:
            yield from self.eye.lacks(_map(want), rows, f".{link.members}")
        else:
            yield from self.eye.lacks(want, rows[0] if rows else {}, f".{link.authored_in[1]}")

    def _plain(self, kind, key, fields):
        """The fields as a document has them, with what the key says."""
        if kind.name == "trigger_bindings":
            return {"bindings": list(fields)}
        if kind.name == "universal_login_template":
            return {"body": fields["template"]}
        if kind.fixed or kind.singleton:
            return fields
        called = dict(zip(kind.parts, key.split("/"), strict=True)) if kind.parts else {}
        named = {kind.key[0]: fields.get(kind.key[0], key)} if len(kind.key) == 1 else {}
        return {**called, **named, **fields}

    def _best(self, kind, key, plain):
        """The id of the object that lacks least, and what that is."""
        if key in kind.system:
            identifier = kind.system[key][0].partition("{domain}")[2]
            bodies = {
                row[1]: body
                for row, body in self.now.documents.items()
                if row[0] == kind.shape and str(body.get("identifier")).endswith(identifier)
            }
            plain = {name: value for name, value in plain.items() if name not in kind.key}
        else:
            table = kind.shape.format(key=key)
            bodies = {r[1]: body for r, body in self.now.documents.items() if r[0] == table}
            if kind.fixed or kind.singleton:
                bodies = {id: b for id, b in bodies.items() if id in {key, ""} or kind.wire.create}
            bodies = bodies or dict(self.now.defaults(table))
        found = [(id, [*self.eye.lacks(plain, body)]) for id, body in bodies.items()]
        return min(found, key=lambda pair: len(pair[1]), default=("", [" is not there"]))


def _map(members):
    return {member: {} for member in members} if isinstance(members, list) else members
