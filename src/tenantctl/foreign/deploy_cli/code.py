"""Actions, their bindings, and what they have replaced, in our words."""

from __future__ import annotations

from collections.abc import Iterator

from tenantctl.foreign.deploy_cli.asset import Asset, Gathered, Piece
from tenantctl.foreign.deploy_cli.seal import HIDDEN
from tenantctl.foreign.deploy_cli.words import IDS, TIMES, listed, mapped, noted, without
from tenantctl.kinds import KINDS
from tenantctl.model import Json, Note, Path

READ_ONLY = (
    *IDS,
    *TIMES,
    "all_changes_deployed",
    "built_at",
    "current_version",
    "deployed_version",
    "installed_integration_id",
    "integration",
    "status",
)
BOUND_ELSEWHERE = {
    "custom-email-provider",
    "custom-phone-provider",
    "custom-token-exchange",
    "event-stream",
    "password-hash-migration",
}
"""Triggers whose actions others name, so that no binding is missing."""
OF_MODULES = (
    *IDS,
    *TIMES,
    "actions_using_module_total",
    "all_changes_published",
    "latest_version",
    "latest_version_number",
)


def actions(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:
    """An action. Here whoever declares one wants it deployed."""
    fields = without(asset.fields, *READ_ONLY)
    for name, keys in (
        ("secrets", ("name", "value")),
        ("supported_triggers", ("id", "version")),
        ("dependencies", ("name", "version", "registry_url")),
    ):
        if isinstance(fields.get(name), list):
            fields[name] = [
                {k: each[k] for k in keys if k in each} for each in listed(fields[name])
            ]
    if fields.get("secrets"):
        fields["secrets"] = [{"value": HIDDEN, **each} for each in listed(fields["secrets"])]
    if isinstance(fields.get("modules"), list):
        fields["modules"] = [_module(each) for each in listed(fields["modules"])]
    yield Piece("actions", without(fields, "deployed"), asset, (asset.name,))
    yield from _about(asset, gathered, deployed=fields.get("deployed") is True)


def _module(each: Json) -> dict[str, Json]:
    found = {"module_id": each.get("module_name") or each.get("module_id")}
    if each.get("module_version_number") is not None:
        found["module_version_number"] = each["module_version_number"]
    return found


def _about(asset: Asset, gathered: Gathered, *, deployed: bool) -> Iterator[Note]:
    """What is unlikely to be meant. Some triggers are bound elsewhere, or not at all."""
    name = asset.name
    bound = set(_bound(gathered))
    triggers = {str(each.get("id")) for each in listed(asset.fields.get("supported_triggers"))}
    idle = bool(bound) and name not in bound and not triggers & BOUND_ELSEWHERE
    if not deployed and name in bound:
        message = f"the action {name} is bound to a trigger, but not deployed"
        help = "here it will be deployed: take the binding out if it should not run"
        yield noted(asset, "mistake", message, ("deployed",), help)
    elif not deployed:
        message = f"the action {name} is not deployed" + (", and bound to no trigger" * idle)
        help = "here it will be deployed, as whatever is declared: take it out if it should not"
        yield noted(asset, "guess", message, ("deployed",), help)
    elif idle:
        message = f"the action {name} is bound to no trigger, so it never runs"
        yield noted(asset, "hint", message, (), "bind it, or take it out")


def _bound(gathered: Gathered) -> Iterator[str]:
    """The names of the actions that are bound to a trigger."""
    for asset in gathered.of("triggers"):
        for bindings in asset.fields.values():
            yield from (str(each.get("action_name") or "") for each in listed(bindings))


def action_modules(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """A module of actions; whoever declares it wants it published."""
    fields = without(asset.fields, *OF_MODULES)
    for name in ("secrets", "dependencies"):
        if isinstance(fields.get(name), list):
            fields[name] = [without(each, *TIMES) for each in listed(fields[name])]
    if fields.get("secrets"):
        fields["secrets"] = [{"value": HIDDEN, **each} for each in listed(fields["secrets"])]
    yield Piece("action_modules", fields, asset, (asset.name,))


def triggers(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:
    """The bindings of every trigger."""
    actions = {each.name for each in gathered.of("actions")}
    declared = any(gathered.of("actions"))
    known = KINDS["trigger_bindings"].values
    for trigger, said in asset.fields.items():
        if trigger not in known:
            message = f"there is no trigger {trigger}"
            help = f"known are {', '.join(known)}"
            yield noted(asset, "mistake", message, (trigger,), help)
            continue
        bindings = []
        for number, each in enumerate(listed(said)):
            action, shown = each.get("action_name"), each.get("display_name")
            place: Path = (trigger, str(number), "action_name")
            if not isinstance(action, str) or not action:
                yield noted(asset, "mistake", "a binding names no action", place, "it was left out")
                continue
            if declared and action not in actions:
                message = f"{trigger} binds {action}, which is not among the actions"
                yield noted(asset, "mistake", message, place, "declare it, or take it out")
                continue
            usual = not shown or shown == action
            bindings.append({"action": action, **({} if usual else {"display_name": shown})})
        fields = {"bindings": bindings}
        yield Piece("trigger_bindings", fields, asset, owners=(trigger,), inside=(trigger,))


def rules(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """A rule. Older exports have its name in the name of its file alone."""
    fields = {"name": asset.name, **without(asset.fields, *IDS, "stage")}
    yield Piece("rules", fields, asset, (asset.name,))


def rules_configs(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    key = asset.fields.get("key")
    if not isinstance(key, str) or not key:
        yield noted(asset, "mistake", "a setting of rules has no key", (), "it was left out")
        return
    yield Piece("rules_configs", without(asset.fields, "key"), asset, (key,), (key,))


def hooks(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """A hook, and its secrets. Auth0 spells its name in lower case with hyphens."""
    name = "-".join(asset.name.lower().split())
    fields = {**without(asset.fields, *IDS, "secrets"), "name": name}
    yield Piece("hooks", fields, asset, (name,))
    secrets = mapped(asset.fields.get("secrets"))
    if secrets:
        yield Piece("hook_secrets", dict(secrets), asset, (), (name,), ("secrets",))
