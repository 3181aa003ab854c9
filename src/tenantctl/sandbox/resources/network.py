"""Log streams, network ACLs, and the keys that ACLs check signatures with."""

import hashlib
from functools import partial
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import filled, without_nulls
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.service import collection_routes, fetch, joined, require, view
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route, limits

_FIXED_SINKS = frozenset({"eventbridge", "eventgrid"})
# What the settings of a sink begin with, by the type of its stream.
_SINKS = {
    "datadog": "datadog",
    "eventbridge": "aws",
    "eventgrid": "azure",
    "http": "http",
    "mixpanel": "mixpanel",
    "segment": "segment",
    "splunk": "splunk",
    "sumo": "sumo",
}
# A sink is sent as a whole, but for what nobody can read back.
_OPTIONAL_SECRETS = ("mixpanelServiceAccountPassword",)
_SECURITY_ONLY = [{"type": "category", "name": "security"}]
_CURATED = ("auth0.low_reputation", "auth0.icloud_relay_proxy")


def _check_stream(_call: Call, new: Document, old: Document) -> None:
    if "sink" not in new:
        raise invalid_body("Missing required property: sink")
    if old and old["type"] in _FIXED_SINKS and new["sink"] != old["sink"]:
        raise Refusal(400, f"The sink of an {old['type']} log stream cannot be changed")
    strange = [name for name in new["sink"] if not name.startswith(_SINKS[new["type"]])]
    if strange:
        raise invalid_body(f"Additional properties not allowed: {','.join(strange)}", "sink")


def _complete_stream(call: Call, new: Document, old: Document) -> Document:
    """A stream with priority carries security events, whatever filters are asked for."""
    if new.get("isPriority"):
        new["filters"] = _SECURITY_ONLY
    elif new.get("filters") == []:
        del new["filters"]
    if old:
        kept = {name: old["sink"][name] for name in _OPTIONAL_SECRETS if name in old["sink"]}
        return {**new, "sink": {**kept, **new["sink"]}}
    server: Document = {"status": "active"}
    source = f"auth0.com/{call.tenant.name}-{identity.uuid4()}/auth0.logs"
    if new["type"] == "eventbridge":
        server["sink"] = {"awsPartnerEventSource": f"aws.partner/{source}"}
    if new["type"] == "eventgrid":
        server["sink"] = {"azurePartnerTopic": f"auth0-{identity.uuid4()}"}
    return filled(new, server)


def _check_acl(call: Call, new: Document, old: Document) -> None:
    rule = new["rule"]
    for side in ("match", "not_match"):
        conditions = rule.get(side) or {}
        for key in (conditions.get("http_message_signature") or {}).get("keys", []):
            require(call, KEYS.name, key["id"], invalid_body("Key not found", f"rule.{side}"))
        names = conditions.get("auth0_managed") or []
        unknown = [name for name in names if name not in _CURATED]
        if unknown:
            raise Refusal(
                400,
                f"Invalid curated list name(s): {', '.join(unknown)}."
                f" Allowed curated list names are: {', '.join(_CURATED)}",
                "invalid_body",
            )
    priority = new.get("priority")
    if priority is not None and priority != old.get("priority"):
        for row in call.tenant.store.rows(ACLS.name):
            if row.document.get("priority") == priority:
                raise Refusal(
                    409, "A Network ACL with this priority number has already been created."
                )


def _complete_acl(call: Call, new: Document, old: Document) -> Document:
    now = identity.timestamp(call.tenant.clock())
    return {**new, "created_at": old.get("created_at", now), "updated_at": now}


def _show_acl(call: Call, document: Document) -> Document:
    """Two facts more where one is read alone; what is listed, auth0-deploy-cli sends back."""
    if call.method != "GET" or "id" not in call.arguments:
        return document
    return {**document, "tenant_id": call.tenant.name, "deleted_at": None}


def _replace_acl(call: Call) -> Answer:
    old = fetch(ACLS, call)
    new = {"id": old["id"], **without_nulls(call.body)}
    _check_acl(call, new, old)
    new = _complete_acl(call, new, old)
    call.tenant.store.put(ACLS.name, new["id"], new)
    return Answer(200, view(ACLS, call, new))


def _complete_key(call: Call, new: Document, _old: Document) -> Document:
    now = identity.timestamp(call.tenant.clock())
    fingerprint = hashlib.sha256(str(new.get("value", "")).encode()).hexdigest()
    return {**new, "fingerprint": fingerprint, "created_at": now, "updated_at": now}


def _refuse_used(call: Call, key: Document) -> None:
    for row in call.tenant.store.rows(ACLS.name):
        if _mentions(row.document["rule"], key["id"]):
            raise Refusal(409, "The key is in use by a Network ACL.")


def _mentions(value: Any, id: str) -> bool:
    if isinstance(value, dict):
        return any(_mentions(item, id) for item in value.values())
    if isinstance(value, list):
        return any(_mentions(item, id) for item in value)
    return bool(value == id)


STREAMS = Collection(
    name="log_streams",
    path="/log-streams",
    mint=identity.log_stream_id,
    noun="log_streams",
    paging=Paging("log_streams", "array"),
    missing=("The log stream does not exist.", None),
    create_status=200,
    sample=(("type", "http"), ("sink", {"httpEndpoint": "https://logs.invalid"})),
    hidden=(Hidden(("startFrom",)), Hidden(("sink", "mixpanelServiceAccountPassword"), "masked")),
    check=_check_stream,
    complete=_complete_stream,
)

_LISTS = (
    "asns", "auth0_managed", "geo_country_codes", "geo_subdivision_codes", "ipv4_cidrs",
    "ipv6_cidrs", "ja3_fingerprints", "ja4_fingerprints", "user_agents", "hostnames",
    "connecting_ipv4_cidrs", "connecting_ipv6_cidrs",
)  # fmt: skip
_FORMATS = {
    "ipv4_cidrs": "cidr",
    "ipv6_cidrs": "ipv6_cidr",
    "connecting_ipv4_cidrs": "cidr",
    "connecting_ipv6_cidrs": "ipv6_cidr",
}
_SIDES = ("match", "not_match")
_ACTIONS = ("block", "allow", "log", "redirect")
ACLS = Collection(
    name="network_acls",
    path="/network-acls",
    mint=identity.prefixed("acl_", 22),
    noun="network_acls",
    paging=Paging("network_acls"),
    missing=("NetworkACL with this ID was not found", None),
    delete_missing=True,
    sample=(
        ("active", False),
        ("rule", {"action": {"log": True}, "scope": "tenant"}),
    ),
    feature="tenant_acl",
    deleted=lambda _call: Answer(200, {"code": 204, "object": ""}),
    limits=limits(
        {
            **{f"rule.{side}.{name}": {"uniqueItems": True} for side in _SIDES for name in _LISTS},
            **{
                f"rule.{side}.auth0_managed": {"uniqueItems": True, "minItems": 1}
                for side in _SIDES
            },
            **{
                f"rule.{side}.{name}.[]": {"format": format}
                for side in _SIDES
                for name, format in _FORMATS.items()
            },
            **{f"rule.action.{name}": {"enum": (True, None)} for name in _ACTIONS},
        }
    ),
    check=_check_acl,
    complete=_complete_acl,
    show=_show_acl,
)
KEYS = Collection(
    name="network_acl_keys",
    path="/keys/network-acls",
    mint=identity.compact("nak_"),
    noun="network_acls",
    paging=Paging("keys", "object"),
    missing=("Network ACL key not found", None),
    hidden=(Hidden(("value",)),),
    unique=(("name", "A Network ACL key with this name already exists."),),
    feature="tenant_acl",
    complete=_complete_key,
    cascade=_refuse_used,
    operations=frozenset({"list", "create", "get", "delete"}),
)
_acl_body = partial(Body, "network_acls", limits=ACLS.limits)

ROUTES = joined(
    collection_routes(STREAMS),
    collection_routes(ACLS),
    collection_routes(KEYS),
    [
        Route(
            "PUT",
            "/network-acls/{id}",
            ("update:network_acls",),
            _replace_acl,
            _acl_body("replace"),
            feature="tenant_acl",
        )
    ],
)
