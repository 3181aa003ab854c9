"""Branding, the one theme, and the page template of the universal login."""

from dataclasses import replace
from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import filled, public
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.resources.domains import has_domain
from tenantctl.sandbox.seeds import plant
from tenantctl.sandbox.service import collection_routes, joined, singleton_routes, update, view
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Paging, Route, Singleton

_TEMPLATE = "/branding/templates/universal-login"
_TAGS = ("auth0:head", "auth0:widget")
_KIND = "branding_universal_login_template"
_IDENTIFIERS: Document = {
    "login_display": "unified",
    "otp_autocomplete": True,
    "phone_display": {"formatting": "international", "masking": "mask_digits"},
}


def _check_theme(call: Call, _new: Document, old: Document) -> None:
    if not old and call.tenant.store.rows("branding_themes"):
        raise Refusal(
            409,
            "There was an error updating branding settings: The theme already exists",
            "theme_already_exists",
        )


def _complete_theme(call: Call, new: Document, _old: Document) -> Document:
    if "plain_themes" in call.tenant.features:
        return new
    return filled(new, {"identifiers": _IDENTIFIERS})


def _show_default(call: Call) -> Answer:
    rows = call.tenant.store.rows("branding_themes")
    if not rows:
        raise Refusal(404, *THEMES.missing)
    return Answer(200, view(THEMES, call, rows[0].document))


def _show_template(call: Call) -> Answer:
    found = call.tenant.store.get(_KIND, "")
    if found is None:
        raise Refusal(404, "Template does not exist.", "inexistent_templates_universal_login")
    return Answer(200, public(found))


def _seed_default(call: Call, body: Any) -> None:
    """A tenant has one theme, or none."""
    for row in call.tenant.store.rows(THEMES.name):
        call.tenant.store.delete(THEMES.name, row.id)
    if body is not None:
        plant(THEMES, call, body)


def _seed_template(call: Call, body: Any) -> None:
    if body is None:
        call.tenant.store.delete(_KIND, "")
    else:
        call.tenant.store.put(_KIND, "", body)


def _replace_template(call: Call) -> Answer:
    if not has_domain(call):
        raise Refusal(
            400,
            "A custom domain is required to customize the universal login page.",
            "custom_domain_required",
        )
    body = call.body if isinstance(call.body, str) else call.body["template"]
    absent = [tag for tag in _TAGS if tag not in body]
    if absent:
        raise Refusal(
            400, f"Template is missing required tags: {', '.join(absent)}", "invalid_body"
        )
    created = call.tenant.store.get(_KIND, "") is None
    call.tenant.store.put(_KIND, "", {"body": body})
    return Answer(201, {}) if created else Answer(204)


def _delete_template(call: Call) -> Answer:
    call.tenant.store.delete(_KIND, "")
    return Answer(204)


BRANDING = Singleton(
    name="branding",
    path="/branding",
    read="read:branding",
    write="update:branding",
    defaults={},
)

THEMES = Collection(
    name="branding_themes",
    path="/branding/themes",
    id="themeId",
    mint=identity.alphanumeric,
    noun="branding",
    paging=Paging("themes", "array"),
    missing=(
        "There was an error retrieving branding settings: invalid theme ID",
        "theme_not_found",
    ),
    missing_delete=(
        "There was an error deleting branding settings: invalid theme ID",
        "theme_not_found",
    ),
    delete_missing=True,
    create_status=200,
    scopes=(("create", ("update:branding",)),),
    check=_check_theme,
    complete=_complete_theme,
    operations=frozenset({"create", "get", "update", "delete"}),
)


def _update_theme(call: Call) -> Answer:
    """An update that finds no theme says so in words of its own."""
    if call.tenant.store.get(THEMES.name, call.arguments["id"]) is None:
        message = "There was an error updating branding settings: invalid theme ID"
        raise Refusal(404, message, "theme_not_found")
    return update(THEMES, call)


_PAGES = "page_templates"
ROUTES = joined(
    singleton_routes(BRANDING),
    [
        Route(
            "GET",
            "/branding/themes/default",
            ("read:branding",),
            _show_default,
            seed=_seed_default,
        ),
        Route(
            "GET",
            _TEMPLATE,
            ("read:branding",),
            _show_template,
            feature=_PAGES,
            seed=_seed_template,
        ),
        Route(
            "PUT",
            _TEMPLATE,
            ("update:branding",),
            _replace_template,
            Body(_KIND, "replace"),
            feature=_PAGES,
        ),
        Route("DELETE", _TEMPLATE, ("delete:branding",), _delete_template, feature=_PAGES),
    ],
    (
        replace(route, handle=_update_theme) if route.method == "PATCH" else route
        for route in collection_routes(THEMES)
    ),
)
