"""Profiles: what connections and their users look like, how tokens and clients are exchanged."""

from functools import partial
from typing import Any, Final

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import filled
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources.templates import CONNECTION_TEMPLATES, USER_TEMPLATES
from tenantctl.sandbox.service import collection_routes, joined, require
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Call, Collection, Paging, Route, limits

_CLAIMS: Final = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_USER_ID: Final[Document] = {
    "oidc_mapping": "sub",
    "saml_mapping": [f"{_CLAIMS}nameidentifier", f"{_CLAIMS}upn", f"{_CLAIMS}name"],
    "scim_mapping": "externalId",
}
_DEFAULTED: Final[Document] = {"connection_config": None, "strategy_overrides": None}


def stamped(call: Call, new: Document, old: Document) -> Document:
    """A document with the time of its creation and of its last update."""
    now = identity.timestamp(call.tenant.clock())
    return {**new, "created_at": old.get("created_at", now), "updated_at": now}


def _complete_connections(_call: Call, new: Document, _old: Document) -> Document:
    return {**_DEFAULTED, **new}


def _complete_users(_call: Call, new: Document, _old: Document) -> Document:
    return {**new, "user_id": filled(new.get("user_id") or {}, _USER_ID)}


CONNECTION_PROFILES = Collection(
    name="connection_profiles",
    path="/connection-profiles",
    mint=identity.prefixed("cop_", 22),
    noun="connection_profiles",
    paging=Paging("connection_profiles", "only_checkpoint", default=5, maximum=10),
    missing=("Connection profile not found.", None),
    complete=_complete_connections,
)
USER_ATTRIBUTE_PROFILES = Collection(
    name="user_attribute_profiles",
    path="/user-attribute-profiles",
    mint=identity.prefixed("uap_", 22),
    noun="user_attribute_profiles",
    paging=Paging("user_attribute_profiles", "only_checkpoint", default=5, maximum=10),
    missing=("User attribute profile not found.", None),
    complete=_complete_users,
)


def _check_exchange(call: Call, new: Document, old: Document) -> None:
    if not old:
        refusal = Refusal(400, "The action does not exist")
        require(call, "actions", new["action_id"], refusal)
    if len(call.tenant.store.rows("token_exchange_profiles")) >= _MOST_EXCHANGES and not old:
        raise Refusal(403, "You reached the limit of entities of this type for this tenant.")


_MOST_EXCHANGES: Final = 100
TOKEN_EXCHANGE_PROFILES = Collection(
    name="token_exchange_profiles",
    path="/token-exchange-profiles",
    mint=identity.prefixed("tep_", 16),
    noun="token_exchange_profiles",
    paging=Paging("token_exchange_profiles", "only_checkpoint"),
    missing=("Token exchange profile not found.", None),
    unique=(("subject_token_type", "subject_token_type already exists for tenant"),),
    limits=limits({"subject_token_type": {"format": "uri"}}),  # documented as url, and yet any URI
    check=_check_exchange,
    complete=stamped,
)
CLIENT_PROFILES = Collection(
    name="client_profiles",
    path="/client-profiles",
    mint=identity.prefixed("clp_", 22),
    noun="client_profiles",
    paging=Paging("client_profiles", "only_checkpoint"),
    missing=("Client profile not found.", None),
    complete=stamped,
)


def _check_agent(call: Call, new: Document, old: Document) -> None:
    if not old and "client_id" in new:
        refusal = Refusal(404, "The client does not exist", "inexistent_client")
        require(call, "clients", new["client_id"], refusal)


def _complete_agent(call: Call, new: Document, old: Document) -> Document:
    return {"metadata": {}, **stamped(call, new, old)}


AGENTS = Collection(
    name="agents",
    path="/agents",
    id="agent_id",
    mint=identity.prefixed("agt_", 22),
    noun="agents",
    paging=Paging("agents", "only_checkpoint"),
    missing=("Agent not found.", None),
    unique=(("external_agent_id", "An agent with this external_agent_id already exists."),),
    check=_check_agent,
    complete=_complete_agent,
)


def _templates(items: str, known: tuple[Document, ...], call: Call) -> list[Document]:
    rows = call.tenant.store.rows(items)
    return [row.document for row in rows] or list(known)


def _list_templates(items: str, known: tuple[Document, ...], call: Call) -> Answer:
    return Answer(200, {items: _templates(items, known, call)})


def _show_template(items: str, known: tuple[Document, ...], missing: str, call: Call) -> Answer:
    for template in _templates(items, known, call):
        if template["id"] == call.arguments["id"]:
            return Answer(200, template)
    raise Refusal(404, missing)


def _seed_templates(items: str, call: Call, body: Any) -> None:
    for template in (body or {}).get(items, []):
        call.tenant.store.put(items, template["id"], template)


def template_routes(
    path: str, scope: str, items: str, known: tuple[Document, ...]
) -> tuple[Route, ...]:
    """The templates of a sort of profile: the list, and one by its id."""
    missing = (
        f"{items.removesuffix('_templates').replace('_', ' ').capitalize()} template not found."
    )
    listed, shown = partial(_list_templates, items, known), partial(_show_template, items, known)
    seed = partial(_seed_templates, items)
    return (
        Route("GET", f"{path}/templates", (scope,), listed, seed=seed),
        Route("GET", f"{path}/templates/{{id}}", (scope,), partial(shown, missing)),
    )


ROUTES = joined(
    template_routes(
        "/connection-profiles",
        "read:connection_profiles",
        "connection_profile_templates",
        CONNECTION_TEMPLATES,
    ),
    template_routes(
        "/user-attribute-profiles",
        "read:user_attribute_profiles",
        "user_attribute_profile_templates",
        USER_TEMPLATES,
    ),
    collection_routes(CONNECTION_PROFILES),
    collection_routes(USER_ATTRIBUTE_PROFILES),
    collection_routes(TOKEN_EXCHANGE_PROFILES),
    collection_routes(CLIENT_PROFILES),
    collection_routes(AGENTS),
)
