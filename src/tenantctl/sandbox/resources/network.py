"""Log streams and network ACLs."""

from functools import partial

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import filled, without_nulls
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.service import collection_routes, fetch, joined, view
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route, limits

_FIXED_SINKS = frozenset({"eventbridge", "eventgrid"})
_SECURITY_ONLY = [{"type": "category", "name": "security"}]
_CURATED = ("auth0.low_reputation", "auth0.icloud_relay_proxy")


def _check_stream(_call: Call, new: Document, old: Document) -> None:
    if "sink" not in new:
        raise invalid_body("Missing required property: sink")
    if old and old["type"] in _FIXED_SINKS and new["sink"] != old["sink"]:
        raise Refusal(400, f"The sink of an {old['type']} log stream cannot be changed")


def _complete_stream(call: Call, new: Document, old: Document) -> Document:
    if old:
        return new
    server: Document = {"status": "active"}
    if new.get("isPriority"):
        server["filters"] = _SECURITY_ONLY
    source = f"auth0.com/{call.tenant.name}-{identity.uuid4()}/auth0.logs"
    if new["type"] == "eventbridge":
        server["sink"] = {"awsPartnerEventSource": f"aws.partner/{source}"}
    if new["type"] == "eventgrid":
        server["sink"] = {"azurePartnerTopic": f"auth0-{identity.uuid4()}"}
    return filled(new, server)


def _check_acl(_call: Call, new: Document, _old: Document) -> None:
    rule = new["rule"]
    for side in ("match", "not_match"):
        names = (rule.get(side) or {}).get("auth0_managed", [])
        unknown = [name for name in names if name not in _CURATED]
        if unknown:
            raise Refusal(
                400,
                f"Invalid curated list name(s): {', '.join(unknown)}."
                f" Allowed curated list names are: {', '.join(_CURATED)}",
                "invalid_body",
            )


def _complete_acl(call: Call, new: Document, old: Document) -> Document:
    now = identity.timestamp(call.tenant.clock())
    return {**new, "created_at": old.get("created_at", now), "updated_at": now}


def _show_acl(call: Call, document: Document) -> Document:
    if call.method != "GET":
        return document
    return {**document, "tenant_id": call.tenant.name, "deleted_at": None}


def _replace_acl(call: Call) -> Answer:
    old = fetch(ACLS, call)
    new = {"id": old["id"], **without_nulls(call.body)}
    _check_acl(call, new, old)
    new = _complete_acl(call, new, old)
    call.tenant.store.put(ACLS.name, new["id"], new)
    return Answer(200, view(ACLS, call, new))


STREAMS = Collection(
    name="log_streams",
    path="/log-streams",
    mint=identity.log_stream_id,
    noun="log_streams",
    paging=Paging("log_streams", "array"),
    missing=("The log stream does not exist.", None),
    create_status=200,
    hidden=(Hidden(("startFrom",)), Hidden(("sink", "mixpanelServiceAccountPassword"), "masked")),
    limits=limits(
        {
            "pii_config.log_fields": {"minItems": 1},
            "sink.httpEndpoint": {"pattern": "^https://"},
            "sink.awsAccountId": {"pattern": "^[0-9]{12}$"},
            "sink.mixpanelProjectId": {"pattern": "^[0-9]+$"},
        }
    ),
    check=_check_stream,
    complete=_complete_stream,
)

_LISTS = (
    "asns", "auth0_managed", "geo_country_codes", "geo_subdivision_codes", "ipv4_cidrs",
    "ipv6_cidrs", "ja3_fingerprints", "ja4_fingerprints", "user_agents", "hostnames",
)  # fmt: skip
ACLS = Collection(
    name="network_acls",
    path="/network-acls",
    mint=identity.prefixed("acl_", 22),
    noun="network_acls",
    paging=Paging("network_acls"),
    missing=("NetworkACL with this ID was not found", None),
    delete_missing=True,
    deleted=lambda _call: Answer(200, {"code": 204, "object": ""}),
    limits=limits(
        {
            "description": {"maxLength": 255},
            "priority": {"minimum": 1, "maximum": 100},
            **{
                f"rule.{side}.{name}": {"uniqueItems": True, "minItems": 1}
                for side in ("match", "not_match")
                for name in _LISTS
            },
        }
    ),
    check=_check_acl,
    complete=_complete_acl,
    show=_show_acl,
)
_acl_body = partial(Body, "network_acls", limits=ACLS.limits)

ROUTES = joined(
    collection_routes(STREAMS),
    collection_routes(ACLS),
    [
        Route(
            "PUT",
            "/network-acls/{id}",
            ("update:network_acls",),
            _replace_acl,
            _acl_body("replace"),
        )
    ],
)
