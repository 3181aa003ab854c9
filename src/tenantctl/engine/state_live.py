"""What only a closer look at the tenant tells, as checks read it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from tenantctl.engine.checks import Item
from tenantctl.engine.facts import Facts, Surveyed
from tenantctl.engine.state_fields import CLOSER, Naming, specs
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Json, matches
from tenantctl.playbooks import scopes

Found = Mapping[str, tuple[Item, ...] | str]
GONE = "the tenant does not have it"
"""How the reason begins why something cannot be read that is not there."""


def surveyed(facts: Facts, names: Naming) -> Found:
    """Old kinds that a tenant may still have, what nobody declares, keys and permissions."""
    old = {scope: spec["kind"] for scope, spec in specs().items() if spec.get("survey")}
    look = facts.surveyed
    if look is None:
        return dict.fromkeys((*old, "unmanaged", "signing_keys", "deploy_scopes"), CLOSER)
    return {
        **{scope: _all(kind, look, names) for scope, kind in old.items()},
        "unmanaged": _unmanaged(look, facts),
        "signing_keys": _keys(look, facts.now),
        "deploy_scopes": _scopes(look, facts),
    }


def _all(kind: str, look: Surveyed, names: Naming) -> tuple[Item, ...] | str:
    """Everything of a kind, declared or not."""
    if why := _unread(kind, look):
        return why
    of_kind = [seen for seen in names.sight.values() if seen.address.kind == kind]
    return tuple(Item(names.plain(s.fields), str(s.address), s.origin) for s in of_kind)


def _unread(kind: str, look: Surveyed) -> str:
    """Why nobody knows all that there is of a kind; empty where it is known, or there is none."""
    why = look.unread.get(kind, "" if kind in look.kinds else CLOSER)
    return "" if why.startswith(GONE) else why


def _unmanaged(look: Surveyed, facts: Facts) -> tuple[Item, ...] | str:
    wanted: list[str] = scopes()["unmanaged"]
    if missing := [f"{kind}: {why}" for kind in wanted if (why := _unread(kind, look))]:
        return "; ".join(missing)
    if facts.desired is None:
        return "the files were not read"
    items = (_stranger(address, facts) for address in look.tenant.resources)
    return tuple(item for item in items if item is not None)


def _stranger(address: Address, facts: Facts) -> Item | None:
    """An object of which the files say nothing; what belongs to every tenant, or to us, is none."""
    kind = KINDS[address.kind]
    declared = facts.desired is not None and address in facts.desired.declarations
    withheld = facts.desired is not None and address in facts.desired.withheld
    if declared or withheld or address.kind not in scopes()["unmanaged"]:
        return None
    if address.key in kind.system or address in (facts.own or ()):
        return None
    if matches(address, facts.environment.live):
        return None
    return Item({"resource": address.kind, "name": address.key}, str(address))


def _keys(look: Surveyed, now: dt.date) -> tuple[Item, ...] | str:
    if look.keys is None:
        return look.keys_unread or CLOSER
    return tuple(_key(key, index, now) for index, key in enumerate(look.keys, 1))


def _key(key: Mapping[str, Json], index: int, now: dt.date) -> Item:
    value: dict[str, Json] = {"current": bool(key.get("current"))}
    unknown: dict[str, str] = {}
    since = next(_day(key.get("current_since")), None)
    if since is None:
        unknown["_age_days"] = "Auth0 does not say since when it is in use"
    else:
        value["_age_days"] = (now - since).days
    return Item(value, f"signing key {index}", None, unknown)


def _day(moment: Json) -> Iterator[dt.date]:
    """The day of a moment in ISO 8601, where it is one."""
    if isinstance(moment, str):
        try:
            yield dt.date.fromisoformat(moment[:10])
        except ValueError:
            return


def _scopes(look: Surveyed, facts: Facts) -> tuple[Item, ...] | str:
    if look.scopes is None:
        return look.scopes_unread or "the token does not say what it permits"
    extra = sorted(look.scopes - look.needed)
    name = f"the credentials of {facts.environment.id}"
    return (Item({"name": name, "extra": extra}, name),)
