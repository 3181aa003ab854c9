"""Whole tenants drawn by hypothesis, over every kind of phase 1, in the form that people write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from support.worlds import declare, resource
from tenantctl.model import Desired, Secret

World = dict[str, dict[str, Any]]
"""The authored fields of each address. References are the bare keys of what they name."""

SECRETS = {"FIRST": "a first secret value", "SECOND": "another secret value"}
KEYS = ("ash", "birch", "cedar", "dogwood")
URLS = tuple(f"https://{name}.example/in" for name in KEYS)
SCOPES = ("read:x", "write:x", "read:y", "admin:ü")
LANGUAGES = ("en", "de")

keys = st.lists(st.sampled_from(KEYS), unique=True, max_size=3)
words = st.sampled_from(("one", "two", "three", "fünf & sechs", "NO", "12:30"))
urls = st.lists(st.sampled_from(URLS), unique=True, max_size=3)
secrets = st.sampled_from(sorted(SECRETS)).map(Secret)
colours = st.sampled_from(("#112233", "#445566", "#aabbcc"))
flags = st.booleans()


def _clients() -> st.SearchStrategy[World]:
    fields = st.fixed_dictionaries(
        {
            "name": words,
            "app_type": st.sampled_from(("spa", "native", "regular_web")),
            "callbacks": urls,
            "allowed_logout_urls": urls,
            "description": st.none() | words,
            "client_metadata": st.dictionaries(st.sampled_from(("a.b", "$c", "d")), words),
        },
        optional={"is_first_party": flags, "oidc_conformant": flags},
    )
    return _some("clients", keys, fields, unique="name")


def _apis() -> st.SearchStrategy[World]:
    scopes = st.dictionaries(st.sampled_from(SCOPES), words, max_size=3)
    fields = st.fixed_dictionaries(
        {"name": words, "scopes": scopes, "token_lifetime": st.integers(60, 90_000)},
        optional={"allow_offline_access": flags},
    )
    return _some("resource_servers", keys, fields).map(
        lambda world: {a: {"identifier": f"https://{a}/", **f} for a, f in world.items()}
    )


def _connections() -> st.SearchStrategy[World]:
    options = st.fixed_dictionaries(
        {
            "passwordPolicy": st.sampled_from(("none", "good", "excellent")),
            "password_history": st.fixed_dictionaries(
                {"enable": flags, "size": st.integers(1, 24)}
            ),
            "disable_signup": flags,
            "configuration": st.dictionaries(st.sampled_from(("URL", "a.b")), secrets),
        },
        optional={
            "brute_force_protection": flags,
            "password_complexity_options": st.fixed_dictionaries(
                {"min_length": st.integers(8, 20)}
            ),
            "customScripts": st.dictionaries(st.sampled_from(("login", "get_user")), words),
        },
    )
    fields = st.fixed_dictionaries(
        {"options": options, "metadata": st.dictionaries(st.sampled_from(("m", "n")), words)}
    )
    return _some("connections", keys, fields).map(
        lambda world: {
            a: {"name": a.replace(".", "-"), "strategy": "auth0", **f} for a, f in world.items()
        }
    )


def _roles() -> st.SearchStrategy[World]:
    """Names hold the key: a role cannot take the name that another one leaves in the same plan."""
    fields = st.fixed_dictionaries({"name": words, "description": words})
    return _some("roles", keys, fields).map(
        lambda world: {a: {**f, "name": f"{a} {f['name']}"} for a, f in world.items()}
    )


def _actions() -> st.SearchStrategy[World]:
    fields = st.fixed_dictionaries(
        {
            "code": words,
            "supported_triggers": st.just({"post-login": "v3"}),
            "secrets": st.dictionaries(st.sampled_from(("KEY", "TOKEN")), secrets),
            "dependencies": st.dictionaries(st.sampled_from(("lodash", "uuid")), st.just("1.0.0")),
        }
    )
    return _some("actions", keys, fields).map(
        lambda world: {a: {"name": a, **f} for a, f in world.items()}
    )


def _streams() -> st.SearchStrategy[World]:
    sink = st.fixed_dictionaries(
        {
            "httpEndpoint": st.sampled_from(URLS),
            "httpContentType": st.just("application/json"),
            "httpContentFormat": st.sampled_from(("JSONLINES", "JSONARRAY")),
            "httpAuthorization": secrets,
        }
    )
    filters = st.lists(
        st.sampled_from(("auth.login.fail", "auth.login.success", "scim.event")), unique=True
    ).map(lambda names: [{"type": "category", "name": name} for name in names])
    fields = st.fixed_dictionaries(
        {"type": st.just("http"), "sink": sink, "filters": filters},
        optional={"status": st.sampled_from(("active", "paused"))},
    )
    return _some("log_streams", keys, fields).map(
        lambda world: {a: {"name": a, **f} for a, f in world.items()}
    )


def _acls() -> st.SearchStrategy[World]:
    codes = st.lists(st.sampled_from(("CU", "IR", "KP", "SY")), unique=True, min_size=1)
    rule = st.fixed_dictionaries(
        {
            "action": st.sampled_from(({"block": True}, {"log": True})),
            "scope": st.sampled_from(("authentication", "tenant")),
            "match": st.fixed_dictionaries({"geo_country_codes": codes}),
        }
    )
    fields = st.fixed_dictionaries({"active": flags, "priority": st.integers(1, 25), "rule": rule})
    return _some("network_acls", keys, fields).map(
        lambda world: {a: {"description": a, **_apart(a, f)} for a, f in world.items()}
    )


def _apart(address: str, fields: dict[str, Any]) -> dict[str, Any]:
    """A priority is taken once, also while a plan swaps two: each key has priorities of its own."""
    return {**fields, "priority": fields["priority"] + 25 * KEYS.index(address.split(".")[1])}


def _some(
    kind: str,
    keys: st.SearchStrategy[list[str]],
    fields: st.SearchStrategy[dict[str, Any]],
    unique: str = "",
) -> st.SearchStrategy[World]:
    """Resources of a kind under some of the keys; no two of the same *unique* field."""

    @st.composite
    def draw_some(draw: st.DrawFn) -> World:
        found: World = {}
        for key in draw(keys):
            one = draw(fields)
            if not unique or all(one[unique] != other[unique] for other in found.values()):
                found[f"{kind}.{key}"] = one
        return found

    return draw_some()


def _one(address: str, fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[World]:
    """A singleton, or a resource with a fixed key, that may also not be declared."""
    return st.none() | st.fixed_dictionaries(fields).map(lambda found: {address: found})


PARTS: tuple[st.SearchStrategy[World | None], ...] = (
    _clients(),
    _apis(),
    _connections(),
    _roles(),
    _actions(),
    _streams(),
    _acls(),
    _one(
        "email_provider",
        {
            "name": st.just("sendgrid"),
            "default_from_address": st.sampled_from(("a@x.example", "b@x.example")),
            "credentials": st.fixed_dictionaries({"api_key": secrets}),
        },
    ),
    *(
        _one(
            f"email_templates.{name}",
            {
                "template": st.just(name),
                "body": words,
                "subject": words,
                "from": st.just("a@x.example"),
                "syntax": st.just("liquid"),
                "enabled": flags,
            },
        )
        for name in ("welcome_email", "reset_email")
    ),
    _one(
        "branding",
        {
            "logo_url": st.sampled_from(URLS),
            "colors": st.fixed_dictionaries({"primary": colours, "page_background": colours}),
        },
    ),
    _one("prompts", {"identifier_first": flags, "webauthn_platform_first_factor": flags}),
    *(
        _one(f"prompt_custom_text.login/{language}", {"login": st.dictionaries(
            st.sampled_from(("title", "description", "buttonText")), words, min_size=1
        )})
        for language in LANGUAGES
    ),
    _one(
        "attack_protection.brute_force_protection",
        {
            "enabled": flags,
            "shields": st.lists(st.sampled_from(("block", "user_notification")), unique=True),
            "max_attempts": st.integers(1, 100),
        },
    ),
    _one(
        "attack_protection.suspicious_ip_throttling",
        {
            "allowlist": st.lists(st.sampled_from(("192.0.2.1", "192.0.2.2")), unique=True),
            "stage": st.fixed_dictionaries(
                {"pre-login": st.fixed_dictionaries({"max_attempts": st.integers(1, 2500)})}
            ),
        },
    ),
)  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Tenants that Auth0 would take: whatever one resource names is there as well."""
    world: World = {}
    for part in PARTS:
        world |= draw(part) or {}
    clients, apis = _names(world, "clients"), _names(world, "resource_servers")
    pairs = [(client, api) for client in clients for api in apis]
    for client, api in (
        draw(st.lists(st.sampled_from(pairs), unique=True, max_size=3)) if pairs else ()
    ):
        scope = draw(_subset(world[f"resource_servers.{api}"]["scopes"]))
        named = {"client_id": client, "audience": api, "subject_type": "client", "scope": scope}
        world[f"client_grants.{client}/{api}/client"] = named
    for key in _names(world, "connections"):
        if draw(flags):
            world[f"connection_clients.{key}"] = {"clients": draw(_subset(clients))}
    for key in _names(world, "roles"):
        permissions = {a: draw(_subset(world[f"resource_servers.{a}"]["scopes"])) for a in apis}
        if draw(flags) and any(permissions.values()):
            world[f"role_permissions.{key}"] = {"permissions": permissions}
    if bound := draw(_subset(_names(world, "actions"))):
        world["trigger_bindings.post-login"] = {key: {} for key in draw(st.permutations(bound))}
    world["tenant"] = {
        "friendly_name": draw(words),
        "session_lifetime": draw(st.integers(1, 700)),
        "allowed_logout_urls": draw(urls),
        "default_directory": draw(
            st.none() | st.sampled_from(_names(world, "connections") or [None])
        ),
    }
    if draw(flags):
        world |= draw(_pages())
    return world


def _pages() -> st.SearchStrategy[World]:
    """A custom domain, with or without the page template that needs one, and a theme."""
    domain = {"custom_domains.login": {"domain": "login.x.example", "type": "auth0_managed_certs"}}
    template = words.map(lambda word: f"{word} {{%- auth0:head -%}} {{%- auth0:widget -%}}")
    page = template.map(lambda text: {"universal_login_template": {"template": text}})
    themes = st.tuples(words, colours).map(lambda drawn: {"branding_theme": theme(*drawn)})
    parts = st.tuples(st.just(domain), st.just({}) | page, st.just({}) | themes)
    return parts.map(lambda found: {k: v for part in found for k, v in part.items()})


def theme(name: str, colour: str) -> dict[str, Any]:
    """A whole theme: the API takes no less."""
    text = {"bold": False, "size": 100}
    plain = ("primary_button", "primary_button_label", "secondary_button_border",
             "secondary_button_label", "links_focused_components", "header", "body_text",
             "widget_background", "widget_border", "input_labels_placeholders",
             "input_filled_text", "input_border", "input_background", "icons", "error",
             "success")  # fmt: skip
    fonts = ("title", "subtitle", "body_text", "buttons_text", "input_labels", "links")
    return {
        "displayName": name,
        "borders": {
            "button_border_radius": 3,
            "button_border_weight": 1,
            "buttons_style": "rounded",
            "input_border_radius": 3,
            "input_border_weight": 1,
            "inputs_style": "rounded",
            "show_widget_shadow": False,
            "widget_border_weight": 1,
            "widget_corner_radius": 6,
        },
        "colors": dict.fromkeys(plain, colour),
        "fonts": {
            "font_url": "",
            "links_style": "underlined",
            "reference_text_size": 16,
            **dict.fromkeys(fonts, text),
        },
        "page_background": {
            "background_color": colour,
            "background_image_url": "",
            "page_layout": "center",
        },
        "widget": {
            "header_text_alignment": "center",
            "logo_height": 52,
            "logo_position": "center",
            "logo_url": "",
            "social_buttons_layout": "bottom",
        },
    }


def _names(world: World, kind: str) -> list[str]:
    """The keys under which *world* has resources of a kind."""
    return [a.partition(".")[2] for a in world if a.partition(".")[0] == kind]


def _subset(items: Iterable[Any]) -> st.SearchStrategy[list[Any]]:
    there = list(items)
    return st.lists(st.sampled_from(there), unique=True) if there else st.just([])


def desired(world: World, topics: Mapping[str, str] | None = None) -> Desired:
    """What the files would ask for, if they said what *world* says."""
    made = declare(*(resource(address, fields) for address, fields in world.items()))
    if not topics:
        return made
    declared = {
        address: replace(declaration, topics=(topics.get(str(address), declaration.topics[0]),))
        for address, declaration in made.declarations.items()
    }
    return replace(made, declarations=declared)
