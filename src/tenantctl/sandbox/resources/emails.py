"""The email provider and the email templates."""

from functools import partial

from tenantctl.sandbox.documents import concealed, projected, public, updated, without_nulls
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.shapes import refuse_unset
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Hidden, Route, limits

_SECRETS = (
    "api_key", "smtp_pass", "accessKeyId", "secretAccessKey", "connectionString", "clientId",
    "clientSecret", "tenantId",
)  # fmt: skip
_HIDDEN = tuple(Hidden(("credentials", name)) for name in _SECRETS)
_PROVIDER = "/emails/provider"
_TEMPLATE = "/email-templates/{templateName}"


def _provider(call: Call) -> Document:
    found = call.tenant.store.get("email_provider", "")
    if found is None:
        raise Refusal(404, "There is not a configured email provider", "inexistent_email_provider")
    return found


def _show_provider(call: Call) -> Answer:
    return Answer(200, projected(call, concealed(_provider(call), _HIDDEN)))


def _create_provider(call: Call) -> Answer:
    present = call.tenant.store.get("email_provider", "")
    if present is not None:
        raise Refusal(409, f"An email provider is already configured: {present['name']}")
    document = {"enabled": True, **without_nulls(call.body)}
    call.tenant.store.put("email_provider", "", document)
    return Answer(201, concealed(document, _HIDDEN))


def _update_provider(call: Call) -> Answer:
    old = _provider(call)
    refuse_unset("email_provider", call.body)
    if call.body.get("name", old["name"]) != old["name"]:
        old = {name: old[name] for name in old if name not in {"credentials", "settings"}}
    document = updated(old, call.body)
    call.tenant.store.put("email_provider", "", document)
    return Answer(200, concealed(document, _HIDDEN))


def _delete_provider(call: Call) -> Answer:
    call.tenant.store.delete("email_provider", "")
    return Answer(204)


def _template(call: Call) -> Document:
    name = call.arguments["templateName"]
    found = call.tenant.store.get("email_templates", name)
    if found is None:
        raise Refusal(404, f"Template {name} does not exist.")
    return found


def _create_template(call: Call) -> Answer:
    name = call.body["template"]
    if call.tenant.store.get("email_templates", name) is not None:
        raise Refusal(409, f"Template {name} already exists.")
    return _save_template(call, name, without_nulls(call.body))


def _update_template(call: Call) -> Answer:
    return _save_template(call, call.arguments["templateName"], updated(_template(call), call.body))


def _replace_template(call: Call) -> Answer:
    name = call.arguments["templateName"]
    if name != call.body["template"]:
        raise invalid_body(f"No match for the template {name} of the path", "template")
    return _save_template(call, name, without_nulls(call.body))


def _save_template(call: Call, name: str, document: Document) -> Answer:
    document = {"includeEmailInRedirect": False, **document, "template": name}
    call.tenant.store.put("email_templates", name, document)
    return Answer(200, public(document))


def _show_template(call: Call) -> Answer:
    return Answer(200, public(_template(call)))


_provider_body = partial(
    Body,
    "email_provider",
    limits=limits({f"credentials.{name}": {"minLength": 1} for name in _SECRETS}),
)
_template_body = partial(Body, "email_templates")
_FIELDS = frozenset({"fields", "include_fields"})

ROUTES = (
    Route("GET", _PROVIDER, ("read:email_provider",), _show_provider, None, _FIELDS),
    Route(
        "POST", _PROVIDER, ("create:email_provider",), _create_provider, _provider_body("create")
    ),
    Route(
        "PATCH", _PROVIDER, ("update:email_provider",), _update_provider, _provider_body("update")
    ),
    Route("DELETE", _PROVIDER, ("delete:email_provider",), _delete_provider),
    Route(
        "POST",
        "/email-templates",
        ("create:email_templates",),
        _create_template,
        _template_body("create"),
    ),
    Route("GET", _TEMPLATE, ("read:email_templates",), _show_template),
    Route(
        "PATCH", _TEMPLATE, ("update:email_templates",), _update_template, _template_body("update")
    ),
    Route(
        "PUT", _TEMPLATE, ("update:email_templates",), _replace_template, _template_body("replace")
    ),
)
