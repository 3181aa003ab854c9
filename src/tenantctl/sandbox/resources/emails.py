"""The email provider and the email templates."""

from functools import partial
from typing import Any

from tenantctl.sandbox.documents import concealed, projected, public, updated, without_nulls
from tenantctl.sandbox.refusal import Refusal, invalid_body, invalid_path
from tenantctl.sandbox.shapes import refuse_unset
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Hidden, Route

_SECRETS = (
    "api_key", "smtp_pass", "accessKeyId", "secretAccessKey", "connectionString", "clientId",
    "clientSecret", "tenantId",
)  # fmt: skip
_HIDDEN = tuple(Hidden(("credentials", name)) for name in _SECRETS)
_TEMPLATES = frozenset(
    {
        "async_approval", "auth_email_by_code", "blocked_account", "change_password",
        "enrollment_email", "mfa_oob_code", "password_reset", "reset_email", "reset_email_by_code",
        "stolen_credentials", "user_invitation", "verify_email", "verify_email_by_code",
        "welcome_email",
    }
)  # fmt: skip
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


def _seed_provider(call: Call, body: Any) -> None:
    if body is None:
        call.tenant.store.delete("email_provider", "")
    else:
        call.tenant.store.put("email_provider", "", body)


def _name(call: Call) -> str:
    """The template that the path names. Raises Refusal 400 where Auth0 sends no such mail."""
    name = call.arguments["templateName"]
    if name not in _TEMPLATES:
        raise invalid_path(f'No enum match for: "{name}"', "templateName")
    return name


def _template(call: Call) -> Document:
    """A template that somebody has customized: nobody else's is known to the API."""
    found = call.tenant.store.get("email_templates", _name(call))
    if found is None:
        raise Refusal(404, "The template does not exist.", "inexistent_email_template")
    return found


def _create_template(call: Call) -> Answer:
    name = call.body["template"]
    if call.tenant.store.get("email_templates", name) is not None:
        raise Refusal(409, f"Template {name} already exists.")
    return _save_template(call, name, without_nulls(call.body))


def _update_template(call: Call) -> Answer:
    return _save_template(call, _name(call), updated(_template(call), call.body))


def _replace_template(call: Call) -> Answer:
    _template(call)
    name = _name(call)
    if name != call.body["template"]:
        raise invalid_body(f"No match for the template {name} of the path", "template")
    return _save_template(call, name, without_nulls(call.body))


def _save_template(call: Call, name: str, document: Document) -> Answer:
    new = {**document, "template": name}
    call.tenant.store.put("email_templates", name, new)
    return Answer(200, public(new))


def _show_template(call: Call) -> Answer:
    return Answer(200, public(_template(call)))


def _seed_template(call: Call, body: Any) -> None:
    name = call.arguments["templateName"]
    if body is None:
        call.tenant.store.delete("email_templates", name)
    else:
        call.tenant.store.put("email_templates", name, body)


_provider_body = partial(Body, "email_provider")
_template_body = partial(Body, "email_templates")
_FIELDS = frozenset({"fields", "include_fields"})

ROUTES = (
    Route(
        "GET",
        _PROVIDER,
        ("read:email_provider",),
        _show_provider,
        None,
        _FIELDS,
        seed=_seed_provider,
    ),
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
    Route("GET", _TEMPLATE, ("read:email_templates",), _show_template, seed=_seed_template),
    Route(
        "PATCH", _TEMPLATE, ("update:email_templates",), _update_template, _template_body("update")
    ),
    Route(
        "PUT", _TEMPLATE, ("update:email_templates",), _replace_template, _template_body("replace")
    ),
)
