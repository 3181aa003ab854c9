"""Custom domains: made, verified, made the default."""

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import filled
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.seeds import plant
from tenantctl.sandbox.service import collection_routes, fetch, joined, view
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route, limits

_MANAGED = "auth0_managed_certs"
_NINETY_DAYS = 90 * 86400.0
# A tenant of the time when there was one domain, its primary one (recorded traffic before 2025-10).
_OLDER = "one_custom_domain"
_RELYING = "relying_party_identifier"


def has_domain(call: Call) -> bool:
    """Whether there is a custom domain; recorded traffic does not ask for a verified one."""
    return bool(call.tenant.store.rows("custom_domains"))


def _complete(call: Call, new: Document, old: Document) -> Document:
    """The first domain of a tenant is its primary one; none is the default by itself."""
    if old:
        return new
    managed = new["type"] == _MANAGED
    edge = _edge(call, new["custom_domain_id"])
    server: Document = {
        "primary": not has_domain(call),
        "is_default": False,
        "status": "pending_verification",
        "verification": {"methods": [_record(new["domain"], edge if managed else "")]},
        "created_at": identity.timestamp(call.tenant.clock()),
        "_edge": edge,
        "_since": call.tenant.clock(),
    }
    if managed:
        server["tls_policy"] = "recommended"
    return filled(new, _as_told(call, new, server))


def _as_told(call: Call, given: Document, server: Document) -> Document:
    """What the server adds, as an older tenant tells it.

    Certificates of one's own, metadata and times came with several domains, of which none that is
    made is the primary one; relying parties came with a default.
    """
    if _OLDER not in call.tenant.features:
        return server
    left_out = set() if _RELYING in given else {"is_default"}
    several = given["type"] != _MANAGED or given.keys() & {"domain_metadata", _RELYING}
    if not several:
        left_out.add("created_at")
    told = {name: value for name, value in server.items() if name not in left_out}
    return {**told, "primary": False} if several else told


def _show(call: Call, document: Document) -> Document:
    """Behind certificates of one's own stands a proxy, which may name the client in a header.

    A list does not tell where a domain is served: auth0-deploy-cli sends back what it lists.
    """
    if call.method == "GET" and not call.arguments:
        document = {name: document[name] for name in document if name != "origin_domain_name"}
    if document.get("type", _MANAGED) == _MANAGED:
        return document
    return {"custom_client_ip_header": None, **document}


def _edge(call: Call, id: str) -> str:
    name = id.lower().replace("_", "-")
    return f"{call.tenant.name}-{name}.edge.tenants.auth0.com"


def _record(domain: str, edge: str) -> Document:
    """What the owner of the domain puts into the DNS: an alias, or a text without an edge."""
    if edge:
        return {"name": "CNAME", "record": edge, "domain": domain}
    return {"name": "TXT", "record": identity.uuid4(), "domain": f"_cf-custom-hostname.{domain}"}


def _matches(call: Call, domain: Document) -> bool:
    """`q=domain:shop*` and the like; several terms must all hold."""
    terms = [term.partition(":") for term in (call.first("q") or "").split() if ":" in term]
    return all(fnmatchcase(str(domain.get(field, "")), value) for field, _, value in terms)


def _verify(call: Call) -> Answer:
    """Counts the calls; the last one of the delay makes the domain ready."""
    document = fetch(DOMAINS, call)
    if document.get("status") == "ready":
        return Answer(201, view(DOMAINS, call, document))
    delays, now = call.tenant.delays, call.tenant.clock()
    calls = document.get("_verify_calls", 0) + 1
    document["_verify_calls"] = calls
    once: Document = {}
    passed = now - document.get("_since", 0.0)
    due = calls >= delays.verify_calls and passed >= delays.verify_seconds
    if due and not document.get("_unproven"):
        document, once = _ready(call, document)
    call.tenant.store.put(DOMAINS.name, document["custom_domain_id"], document)
    return Answer(201, {**view(DOMAINS, call, document), **once})


def _ready(call: Call, document: Document) -> tuple[Document, Document]:
    """The verified domain, and what only this answer shows."""
    edge = document.get("_edge") or _edge(call, document["custom_domain_id"])
    ready = {**document, "status": "ready", "origin_domain_name": edge}
    managed = document.get("type") == _MANAGED
    once = {} if managed else {"cname_api_key": identity.secret()}
    if _OLDER in call.tenant.features:
        return ready, once
    now = call.tenant.clock()
    ready["verification"] = {
        **document.get("verification", {}),
        "status": "verified",
        "last_verified_at": _second(now),
    }
    if managed:
        ready["certificate"] = {
            "certificate_authority": "letsencrypt",
            "renews_before": _second(now + _NINETY_DAYS),
            "status": "provisioned",
        }
    return ready, once


def _second(moment: float) -> str:
    return identity.timestamp(moment)[:19] + "Z"


def _test(call: Call) -> Answer:
    """Whether requests reach the tenant through the domain: here they do once it is ready."""
    document = fetch(DOMAINS, call)
    if document.get("status") != "ready":
        raise Refusal(409, "The custom domain is not ready.")
    return Answer(200, {"success": True})


def _own_names(call: Call) -> set[str]:
    """The domain the tenant has without any custom one, as it is served and as it was recorded."""
    recorded = call.tenant.store.get("custom_domain_default", "") or {}
    return {call.tenant.domain, *([recorded["domain"]] if "domain" in recorded else [])}


def _show_default(call: Call) -> Answer:
    for row in call.tenant.store.rows("custom_domains"):
        if row.document.get("is_default"):
            return Answer(200, view(DOMAINS, call, row.document))
    recorded = call.tenant.store.get("custom_domain_default", "") or {}
    return Answer(200, {"domain": recorded.get("domain", call.tenant.domain)})


def _set_default(call: Call) -> Answer:
    wanted, store = call.body["domain"], call.tenant.store
    chosen = store.find("custom_domains", "domain", wanted)
    ready = chosen is not None and chosen.document.get("status") == "ready"
    if not ready and wanted not in _own_names(call):
        raise Refusal(
            400, "The domain must be verified before it can be set as default.", "invalid_body"
        )
    for row in store.rows("custom_domains"):
        is_default = chosen is not None and row.id == chosen.id
        if row.document.get("is_default", False) != is_default:
            changed = {**row.document, "is_default": is_default, "primary": is_default}
            store.put("custom_domains", row.id, changed)
    return _show_default(call)


def _seed_default(call: Call, body: Any) -> None:
    if body is not None and "custom_domain_id" in body:
        plant(DOMAINS, call, body)
    elif body is not None:
        call.tenant.store.put("custom_domain_default", "", body)


def _keep_default(_call: Call, document: Document) -> None:
    if document.get("is_default"):
        raise Refusal(
            409,
            "Cannot delete the default custom domain."
            " Please set another domain as default before deleting this one.",
        )


def _check(_call: Call, new: Document, old: Document) -> None:
    if not old and "." not in new["domain"]:
        raise invalid_body("Object didn't pass validation for format hostname", "domain")


DOMAINS = Collection(
    name="custom_domains",
    path="/custom-domains",
    id="custom_domain_id",
    mint=identity.prefixed("cd_", 16),
    noun="custom_domains",
    paging=Paging("custom_domains", "array_or_checkpoint"),
    missing=("The custom domain does not exist", "inexistent_custom_domain"),
    unique=(("domain", "The domain {domain} is already in use"),),
    hidden=(Hidden(("verification_method",)),),
    merged=("domain_metadata",),
    emptied=("domain_metadata",),
    limits=limits(
        {
            "domain": {"minLength": 3, "maxLength": 255},
            "domain_metadata": {"maxProperties": 10},
            "relying_party_identifier": {"maxLength": 255},
        }
    ),
    sample=(("type", _MANAGED), ("domain", "login.example.com")),
    matches=_matches,
    check=_check,
    complete=_complete,
    show=_show,
    cascade=_keep_default,
)


def _entitled(route: Route) -> Route:
    """A tenant without the feature may look, but not add one (OpenAPI, 403 of the POST)."""
    return replace(route, feature="custom_domains") if route.method == "POST" else route


ROUTES = joined(
    [
        Route(
            "GET",
            "/custom-domains/default",
            ("read:custom_domains",),
            _show_default,
            seed=_seed_default,
        ),
        Route(
            "PATCH",
            "/custom-domains/default",
            ("update:custom_domains",),
            _set_default,
            Body("custom_domain_default", "update"),
        ),
        Route("POST", "/custom-domains/{id}/verify", ("create:custom_domains",), _verify),
        Route("POST", "/custom-domains/{id}/test", ("read:custom_domains",), _test),
    ],
    map(_entitled, collection_routes(DOMAINS)),
)
