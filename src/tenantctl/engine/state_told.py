"""What people and files say beside the tenant, as checks read it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tenantctl.engine.checks import Item
from tenantctl.engine.facts import Facts, Project
from tenantctl.kinds.limits import family
from tenantctl.model import Json
from tenantctl.model.neighbour import Neighbour, Remark
from tenantctl.playbooks import scopes

NO_FILES = "the files were not read"
UNREAD = {
    "environments": "no other environment was read",
    "fleet": "the tenants that connect to this one were not read",
    "secret_findings": "nobody has looked for secrets in the files",
    "parity_findings": "nobody has looked for what the environment has differently",
}
Told = Mapping[str, tuple[Item, ...] | str]


def told(facts: Facts) -> Told:
    """Parameters, the environments beside each other, and what is odd in the files."""
    phases = facts.missing_phases
    gate: tuple[Item, ...] | str = "nobody has looked which phases are there"
    if phases is not None:
        gate = (Item({"missing_phases": list(phases)}, facts.environment.id),)
    project = facts.project
    if project is None:
        return {**dict.fromkeys(("params", *UNREAD), NO_FILES), "gate": gate}
    found: dict[str, Iterable[Item] | None] = {
        "environments": _each(project.environments),
        "fleet": _fleet(project.fleet),
        "secret_findings": _remarks(project.secrets),
        "parity_findings": _remarks(project.parity),
    }
    return {
        "params": (_parameters(facts, project),),
        "gate": gate,
        **{
            name: project.unread.get(name, UNREAD[name]) if items is None else tuple(items)
            for name, items in found.items()
        },
    }


def _parameters(facts: Facts, project: Project) -> Item:
    """What people say of the project, and what the subscription permits."""
    subscription = facts.environment.subscription
    limits = scopes()["limits"].get(family(subscription))
    value: dict[str, Json] = {**project.parameters}
    if limits:
        value |= {"limits": limits, "plan": subscription}
    unknown = {} if limits else {"limits": "the environment file names no subscription"}
    return Item(value, "parameters", None, unknown)


def _fleet(fleet: Iterable[Mapping[str, Json]] | None) -> list[Item] | None:
    return None if fleet is None else [Item(each, str(each.get("name"))) for each in fleet]


def _each(environments: Iterable[Neighbour] | None) -> list[Item] | None:
    if environments is None:
        return None
    return [
        Item(
            {
                "name": each.name,
                "kind": each.kind,
                "domain": each.domain,
                "tenant_name": each.domain.partition(".")[0],
                "custom_domain": each.custom_domain or None,
                "missing_variables": list(each.missing),
            },
            each.name,
            each.origin,
        )
        for each in environments
    ]


def _remarks(remarks: Iterable[Remark] | None) -> list[Item] | None:
    if remarks is None:
        return None
    return [
        Item(
            {"name": each.name, "resource": each.resource},
            f"{each.origin}: {each.name}",
            each.origin,
        )
        for each in remarks
    ]
