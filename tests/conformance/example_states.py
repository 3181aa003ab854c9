"""
The states of two made-up companies as projects of ours.

A state tells facts about a tenant, among them what every object is called and how it is set; it
leaves bodies out that do not matter to whoever wrote it. What the API insists on beyond a state is
in `SAID_BESIDES`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kinds.laws.table import Tagged
from tenantctl.kinds import KINDS

Json = Any

NO_CONFIGURATION = {
    "now": "the day that the state is looked at",
    "env": "the environment file",
    "environments": "the environment files of the others",
    "params": "parameters of the playbook",
    "attestations": "what people vouch for",
    "drift": "the difference between the state and a live tenant",
    "unmanaged": "objects that nobody declares",
    "secret_findings": "findings of a scan",
    "parity_findings": "findings of a comparison of environments",
    "dangling_permissions": "findings",
    "deploy_scopes": "the client that deploys",
    "page_sources": "where templates come from",
    "signing_keys": "keys that Auth0 rotates",
    "test_runs": "receipts of tests",
    "applied_in": "receipts",
    "gate": "what a gate says",
    "adopted": "topics of the playbook",
    "fleet": "other tenants",
    "code": "the code of actions once more, with their tests",
}
NOT_WRITTEN = {
    "custom_domains": {"status", "certificate"},
    "resource_servers": {"is_system"},
    "actions": {"all_changes_deployed"},
}
"""What Auth0 sets; that an action is deployed and a domain ready goes without saying."""
THEME: Json = {
    "borders": {
        "button_border_radius": 3,
        "button_border_weight": 1,
        "buttons_style": "rounded",
        "input_border_radius": 3,
        "input_border_weight": 1,
        "inputs_style": "rounded",
        "show_widget_shadow": True,
        "widget_border_weight": 0,
        "widget_corner_radius": 5,
    },
    "colors": {
        "body_text": "#1e212a",
        "error": "#d03c38",
        "header": "#1e212a",
        "icons": "#65676e",
        "input_background": "#ffffff",
        "input_border": "#c9cace",
        "input_filled_text": "#000000",
        "input_labels_placeholders": "#65676e",
        "links_focused_components": "#635dff",
        "primary_button": "#635dff",
        "primary_button_label": "#ffffff",
        "secondary_button_border": "#c9cace",
        "secondary_button_label": "#1e212a",
        "success": "#13a688",
        "widget_background": "#ffffff",
        "widget_border": "#c9cace",
    },
    "fonts": {
        "body_text": {"bold": False, "size": 87.5},
        "buttons_text": {"bold": False, "size": 100},
        "font_url": "",
        "input_labels": {"bold": False, "size": 100},
        "links": {"bold": True, "size": 87.5},
        "links_style": "normal",
        "reference_text_size": 16,
        "subtitle": {"bold": False, "size": 87.5},
        "title": {"bold": False, "size": 150},
    },
    "page_background": {
        "background_color": "#000000",
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
VERSIONS = {"pre-user-registration": "v2", "post-user-registration": "v2"}
"""The states say v3 throughout; these triggers have no such version."""
SINKS: Mapping[str, Json] = {
    "datadog": {"datadogRegion": "eu", "datadogApiKey": Tagged("secret", "DATADOG")},
    "eventbridge": {"awsAccountId": "123456789012", "awsRegion": "eu-central-1"},
}
SAID_BESIDES: Mapping[str, Json] = {
    "branding_theme": THEME,
    "email_provider": {
        "credentials": {
            "accessKeyId": Tagged("secret", "SES_ID"),
            "secretAccessKey": Tagged("secret", "SES_KEY"),
            "region": "eu-central-1",
        }
    },
    "flow_vault_connections": {
        "app_id": "HTTP",
        "setup": {"type": "BEARER", "token": Tagged("secret", "VAULT")},
    },
    "forms": {"nodes": [], "start": {}, "ending": {}},
    "flows": {"actions": []},
    "network_acls": {
        "priority": 1,
        "rule": {
            "action": {"block": True},
            "match": {"geo_country_codes": ["AQ"]},
            "scope": "tenant",
        },
    },
    "phone_providers": {
        "configuration": {"sid": "AC1", "mssid": "MG1", "delivery_methods": ["text"]},
        "credentials": {"auth_token": Tagged("secret", "TWILIO")},
    },
}


@dataclass(slots=True)
class Project:
    """What a state becomes: kinds as they are authored, files, and the names of secrets."""

    kinds: dict[str, Json] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    pending: list[str] = field(default_factory=list)


def project_of(state: Mapping[str, Json]) -> Project:
    """A project that declares everything of *state* that is configuration."""
    project = Project()
    said = {name: body for name, body in state.items() if name not in NO_CONFIGURATION}
    _move_phone(said)
    for name, body in said.items():
        if not body:
            continue
        if name not in KINDS:
            project.pending.append(name)
            continue
        convert = CONVERTED.get(name, _collection if isinstance(body, list) else _singleton)
        project.kinds[name] = convert(project, state, name, body)
    return project


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-")


def _move_phone(said: dict[str, Json]) -> None:
    """The state has the settings of messages to phones in one place, the API in two."""
    for phone in [said.pop("guardian_phone", None)]:
        if phone:
            said["guardian_phone_provider"] = {"provider": phone["provider"]}
            said["guardian_phone_message_types"] = {"message_types": phone["message_types"]}


def _singleton(_: Project, state: Mapping[str, Json], name: str, body: Json) -> Json:
    del state
    return {**SAID_BESIDES.get(name, {}), **_written(name, body)}


def _collection(_: Project, state: Mapping[str, Json], name: str, body: Json) -> Json:
    del state
    besides = SAID_BESIDES.get(name, {})
    key = (KINDS[name].parts or KINDS[name].key)[0]
    found = {}
    for each in body:
        fields = {**besides, **_written(name, each)}
        if KINDS[name].fixed:
            fields.pop(key)
        found[each[key] if KINDS[name].fixed else slug(each[key])] = fields
    return found


def _written(name: str, body: Json) -> dict[str, Json]:
    """The fields that somebody would write; secrets by name."""
    skip = NOT_WRITTEN.get(name, set())
    plain = {k: v for k, v in body.items() if not k.startswith("_") and k not in skip}
    return {k: _value(name, (k,), v) for k, v in plain.items()}


def _value(name: str, path: tuple[str, ...], value: Json) -> Json:
    if isinstance(value, dict):
        return {k: _value(name, (*path, k), v) for k, v in value.items()}
    if isinstance(value, list):
        return [_value(name, (*path, "[]"), item) for item in value]
    if isinstance(value, str) and (KINDS[name].rule(path).secret or value.startswith("secret://")):
        called = re.sub(r"\W+", "_", value.removeprefix("secret://")).upper().strip("_")
        return Tagged("secret", called) if KINDS[name].rule(path).secret else called.lower()
    return value


def _prompt_custom_text(_: Project, state: Json, name: str, body: Json) -> Json:
    del state, name
    found: Json = {}
    for each in body:
        text = {each["prompt"]: {"title": f"{each['prompt']} ({each['language']})"}}
        found.setdefault(each["prompt"], {})[each["language"]] = text
    return found


def _attack_protection(_: Project, state: Json, name: str, body: Json) -> Json:
    del state
    return {part: _written(name, fields) for part, fields in body.items() if fields}


def _email_templates(project: Project, state: Json, name: str, body: Json) -> Json:
    found = _collection(project, state, name, body)
    for key, each in found.items():
        path = f"emails/{each['body'].rpartition('/')[2]}"
        project.files[path] = f"<html><body>{key}: {{{{ url }}}}</body></html>\n"
        each["body"] = Tagged("file", path)
    return found


def _page(project: Project, state: Json, name: str, body: Json) -> Json:
    del state, name
    path = f"pages/{body['template'].rpartition('/')[2]}"
    head, prompt = "{%- auth0:head -%}", "{%- auth0:widget -%}"
    project.files[path] = f"<!DOCTYPE html><html><head>{head}</head><body>{prompt}</body></html>\n"
    return {"template": Tagged("file", path)}


def _log_streams(project: Project, state: Json, name: str, body: Json) -> Json:
    found = _collection(project, state, name, body)
    return {key: {"sink": SINKS[each["type"]], **each} for key, each in found.items()}


def _actions(project: Project, state: Json, name: str, body: Json) -> Json:
    found = _collection(project, state, name, body)
    for key, each in found.items():
        path = f"actions/{key}.js"
        project.files[path] = each["code"]
        each["code"] = Tagged("file", path)
        each["supported_triggers"] = {
            t["id"]: VERSIONS.get(t["id"], t["version"]) for t in each["supported_triggers"]
        }
        each["dependencies"] = {d["name"]: d["version"] for d in each["dependencies"]}
        each["secrets"] = {
            s["name"]: Tagged("secret", f"{key}_{s['name']}".upper().replace("-", "_"))
            for s in each["secrets"]
        }
    return found


def _trigger_bindings(_: Project, state: Json, name: str, body: Json) -> Json:
    del state, name
    return {
        each["trigger"]: {
            slug(binding["ref"]["value"]): {"$at": 10 * at}
            | ({"display_name": binding["display_name"]} if _renamed(binding) else {})
            for at, binding in enumerate(each["bindings"], 1)
        }
        for each in body
    }


def _renamed(binding: Json) -> bool:
    return bool(binding["display_name"] != binding["ref"]["value"])


def _connections(project: Project, state: Json, name: str, body: Json) -> Json:
    found = _collection(project, state, name, body)
    for each in found.values():
        clients = each.pop("enabled_clients", [])
        if clients:
            each["clients"] = [slug(client) for client in clients]
    return found


def _api_key(state: Json, identifier: str) -> str:
    system = f"https://{_domain(state)}/api/v2/"
    if identifier == system:
        return "management-api"
    return next(slug(a["name"]) for a in state["resource_servers"] if a["identifier"] == identifier)


def _domain(state: Json) -> str:
    system = next((a for a in state["resource_servers"] if a.get("is_system")), None)
    return system["identifier"].split("/")[2] if system else ""


def _resource_servers(_: Project, state: Json, name: str, body: Json) -> Json:
    found = {}
    for each in body:
        fields = _written(name, each)
        if each.get("is_system"):
            fields = {k: v for k, v in fields.items() if k not in {"name", "identifier"}}
            found["management-api"] = fields
        else:
            found[slug(each["name"])] = fields
    del state
    return {key: fields for key, fields in found.items() if fields}


def _client_grants(_: Project, state: Json, name: str, body: Json) -> Json:
    found: Json = {}
    known = {client["name"] for client in state["clients"]}
    for each in body:
        if each["client_id"] not in known:
            continue  # the state itself does not have the client
        fields = _written(name, each)
        client, api = slug(fields.pop("client_id")), _api_key(state, fields.pop("audience"))
        subject = fields.pop("subject_type", "client")
        found.setdefault(client, {}).setdefault(api, {})[subject] = fields
    return found


def _roles(_: Project, state: Json, name: str, body: Json) -> Json:
    found = {}
    for each in body:
        fields = _written(name, each)
        wanted = fields.pop("permissions", [])
        permissions = {
            slug(api["name"]): [s for s in wanted if s in _scopes(api)]
            for api in state["resource_servers"]
            if set(wanted) & _scopes(api)
        }
        found[slug(each["name"])] = {**fields, "permissions": permissions}
    return found


def _scopes(api: Json) -> set[str]:
    return {scope["value"] for scope in api.get("scopes", ())}


def _guardian_policies(_: Project, state: Json, name: str, body: Json) -> Json:
    del state, name
    return {"policies": [each["name"] for each in body]}


def _organizations(_: Project, state: Json, name: str, body: Json) -> Json:
    known = {connection["name"] for connection in state["connections"]}
    found = {}
    for each in body:
        fields = _written(name, each)
        connections = fields.pop("enabled_connections", [])
        # The states of fresh tenants name connections that they do not have.
        connections = [item for item in connections if item["connection"] in known]
        domains = fields.pop("discovery_domains", [])
        if connections:
            fields["connections"] = dict(_keyed(connections, "connection"))
        if domains:
            fields["discovery_domains"] = {d.pop("domain"): d for d in map(dict, domains)}
        found[each["name"]] = fields
    return found


def _keyed(items: list[Json], by: str) -> Iterator[tuple[str, Json]]:
    for item in items:
        yield slug(item[by]), {k: v for k, v in item.items() if k != by}


def _self_service_profiles(project: Project, state: Json, name: str, body: Json) -> Json:
    found = _collection(project, state, name, body)
    for each in found.values():
        each["user_attributes"] = [
            {"description": item["name"], **item} for item in each["user_attributes"]
        ]
    return found


CONVERTED: Mapping[str, Any] = {
    "prompt_custom_text": _prompt_custom_text,
    "attack_protection": _attack_protection,
    "email_templates": _email_templates,
    "universal_login_template": _page,
    "log_streams": _log_streams,
    "actions": _actions,
    "trigger_bindings": _trigger_bindings,
    "connections": _connections,
    "resource_servers": _resource_servers,
    "client_grants": _client_grants,
    "roles": _roles,
    "guardian_policies": _guardian_policies,
    "organizations": _organizations,
    "self_service_profiles": _self_service_profiles,
}
