"""Projects of several kinds that are applied one after the other to one tenant."""

from kinds.laws.ground import Ground
from kinds.laws.table import Case
from tenantctl.kinds import KINDS
from tenantctl.model import Plan


def nothing(**more):
    """A case that declares nothing but what a test puts in its place."""
    return Case(KINDS["clients"], "clients", "", {}, "clients", needs={}, **more)


def planned(ground: Ground, **kinds) -> Plan:
    """The plan for *kinds*, which may be refused."""
    case = ground.case
    ground.case = Case(
        case.kind, case.name, "", {}, case.table, needs=kinds, files=case.files, seed=case.seed
    )
    ground.declare(None)
    return ground.plan()


def converge(ground: Ground, **kinds) -> list[str]:
    """Declare *kinds* and apply: the requests that wrote, without ids."""
    plan = planned(ground, **kinds)
    assert plan.blocking == ()
    ground.sandbox.clear_log()
    result = ground.apply(plan)
    assert result.receipt.status == "converged", result
    assert planned(ground, **kinds).steps == ()
    return [shortened(write) for write in ground.writes()]


def shortened(write: str) -> str:
    """A request without the ids in its path."""
    method, _, path = write.partition(" ")
    return f"{method} {'/'.join(part for part in path.split('/')[1:] if part.islower())}"


def held(ground: Ground, table: str) -> list[dict]:
    """The documents of a table, as the sandbox keeps them."""
    return [body for row, body in ground.look().documents.items() if row[0] == table]
