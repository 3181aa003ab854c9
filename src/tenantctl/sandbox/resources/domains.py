"""Custom domains: made, verified, made the default."""

from fnmatch import fnmatchcase

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import filled
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.service import collection_routes, fetch, joined, view
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route, limits

_MANAGED = "auth0_managed_certs"


def has_domain(call: Call) -> bool:
    """Whether there is a custom domain; recorded traffic does not ask for a verified one."""
    return bool(call.tenant.store.rows("custom_domains"))


def _complete(call: Call, new: Document, old: Document) -> Document:
    if old:
        return new
    name, domain = call.tenant.name, new["domain"]
    managed = new["type"] == _MANAGED
    edge = f"{name}-{new['custom_domain_id'].lower().replace('_', '-')}.edge.tenants.auth0.com"
    record = (
        {"name": "CNAME", "record": edge, "domain": domain}
        if managed
        else {"name": "TXT", "record": identity.uuid4(), "domain": f"_cf-custom-hostname.{domain}"}
    )
    server: Document = {
        "primary": False,
        "is_default": False,
        "status": "pending_verification",
        "verification": {"methods": [record]},
        "created_at": identity.timestamp(call.tenant.clock()),
        "_edge": edge,
        "_since": call.tenant.clock(),
    }
    if managed:
        server["tls_policy"] = "recommended"
    return filled(new, server)


def _show(_call: Call, document: Document) -> Document:
    if document["type"] != _MANAGED:
        document.setdefault("custom_client_ip_header", None)
    return document


def _matches(call: Call, domain: Document) -> bool:
    """`q=domain:shop*` and the like; several terms must all hold."""
    terms = [term.partition(":") for term in (call.first("q") or "").split() if ":" in term]
    return all(fnmatchcase(str(domain.get(field, "")), value) for field, _, value in terms)


def _verify(call: Call) -> Answer:
    """Counts the calls; the last one of the delay makes the domain ready."""
    document = fetch(DOMAINS, call)
    if document["status"] == "ready":
        return Answer(200, view(DOMAINS, call, document))
    delays, now = call.tenant.delays, call.tenant.clock()
    calls = document.get("_verify_calls", 0) + 1
    document["_verify_calls"] = calls
    once: Document = {}
    if calls >= delays.verify_calls and now - document["_since"] >= delays.verify_seconds:
        document, once = _ready(document, identity.timestamp(now))
    call.tenant.store.put(DOMAINS.name, document["custom_domain_id"], document)
    return Answer(200, {**view(DOMAINS, call, document), **once})


def _ready(document: Document, now: str) -> tuple[Document, Document]:
    """The verified domain, and what only this answer shows."""
    verification = {**document["verification"], "status": "verified", "last_verified_at": now}
    ready = {
        **document,
        "status": "ready",
        "verification": verification,
        "origin_domain_name": document["_edge"],
    }
    if document["type"] != _MANAGED:
        return ready, {"cname_api_key": identity.secret()}
    ready["certificate"] = {"certificate_authority": "letsencrypt", "status": "provisioned"}
    return ready, {}


def _show_default(call: Call) -> Answer:
    for row in call.tenant.store.rows("custom_domains"):
        if row.document["is_default"]:
            return Answer(200, view(DOMAINS, call, row.document))
    return Answer(200, {"domain": call.tenant.domain})


def _set_default(call: Call) -> Answer:
    wanted, store = call.body["domain"], call.tenant.store
    chosen = store.find("custom_domains", "domain", wanted)
    if chosen is None and wanted != call.tenant.domain:
        raise Refusal(404, *DOMAINS.missing)
    if chosen is not None and chosen.document["status"] != "ready":
        raise Refusal(
            400, "The domain must be verified before it can be set as default.", "invalid_body"
        )
    for row in store.rows("custom_domains"):
        is_default = chosen is not None and row.id == chosen.id
        if row.document["is_default"] != is_default:
            changed = {**row.document, "is_default": is_default, "primary": is_default}
            store.put("custom_domains", row.id, changed)
    return _show_default(call)


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
    matches=_matches,
    check=_check,
    complete=_complete,
    show=_show,
)

ROUTES = joined(
    [
        Route("GET", "/custom-domains/default", ("read:custom_domains",), _show_default),
        Route(
            "PATCH",
            "/custom-domains/default",
            ("update:custom_domains",),
            _set_default,
            Body("custom_domain_default", "update"),
        ),
        Route("POST", "/custom-domains/{id}/verify", ("create:custom_domains",), _verify),
    ],
    collection_routes(DOMAINS),
)
