"""Which secrets a job needs the values of: the others are not asked for."""

from __future__ import annotations

from tenantctl.engine import written
from tenantctl.files import Loaded
from tenantctl.model import Plan, Receipt, Value, secret_names


def to_compare(loaded: Loaded, receipt: Receipt | None) -> frozenset[str]:
    """Those that a tenant may show: what is declared has them, or what was applied last."""
    found: list[Value] = [dict(resource.fields) for resource in loaded.desired.tenant]
    found += [dict(entry.fields) for entry in receipt.entries.values()] if receipt else []
    return frozenset(name for value in found for name in secret_names(value))


def to_carry_out(plan: Plan) -> frozenset[str]:
    """Those that a tenant may show while *plan* is carried out, or that it is given."""
    found: list[Value] = [dict(entry.fields) for entry in plan.entries.values()]
    found += [written(step.change) for step in plan.steps]
    return frozenset(name for value in found for name in secret_names(value))
