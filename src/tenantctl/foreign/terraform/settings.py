"""Resources that are several of our kinds at once: the tenant's own settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tenantctl.foreign.item import Item
from tenantctl.foreign.terraform.configuration import Written
from tenantctl.foreign.terraform.decoding import decoded
from tenantctl.foreign.terraform.translate import (
    Found,
    Make,
    Part,
    Translation,
    blocks,
    made,
    members,
    one,
    plain,
    renamed,
    with_,
    without,
)
from tenantctl.foreign.terraform.types import Type
from tenantctl.foreign.terraform.values import Unknown
from tenantctl.kinds import KINDS
from tenantctl.model import Value

LIFETIMES = (
    "session_lifetime",
    "idle_session_lifetime",
    "ephemeral_session_lifetime",
    "idle_ephemeral_session_lifetime",
)


def _item(
    work: Translation, found: Found, kind: str, values: Mapping[str, Value], *owners: str
) -> Iterator[Item]:
    """One item of *values*, if there are any."""
    if values:
        fields = work.fields(found, kind, values, "/".join(owners))
        alias = ".".join((found.address, kind, *owners))
        yield made(kind, fields, found.at, (alias,), owners)


def tenant(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """The settings of a tenant; lifetimes that are no whole hours are told in minutes."""
    values = without(found.values, "disable_acr_values_supported")
    for name in LIFETIMES:
        hours = values.get(name)
        if hours == 0:
            values = without(values, name)  # to the provider this says nothing
        elif isinstance(hours, float):
            minutes = with_(values, {f"{name}_in_minutes": round(hours * 60)})
            values = without(minutes, name)
    for name in ("mtls", "error_page"):
        if one(values, name).get("disable"):
            values = without(values, name)
    yield from plain(work, replace(found, values=values), type)


def pages(work: Translation, found: Found, _type: Type) -> Iterator[Item | Part]:
    """Pages of the classic experience: of the tenant's own client, and among its settings."""
    if login := one(found.values, "login"):
        page = renamed(login, {"enabled": "custom_login_page_on", "html": "custom_login_page"})
        fields = work.fields(found, "clients", page)
        yield Part("clients", "All Applications", fields, found.at, born=True)
    spelled = {
        "change_password": "change_password",
        "guardian_mfa": "guardian_mfa_page",
        "error": "error_page",
    }
    values = {new: one(found.values, old) for old, new in spelled.items() if found.values.get(old)}
    if values:
        yield Part("tenant", "", work.fields(found, "tenant", values), found.at)


def guardian(work: Translation, found: Found, _type: Type) -> Iterator[Item | Part]:
    """Multi-factor authentication: a policy, factors, and the settings of each."""
    values = found.values
    if isinstance(policy := values.get("policy"), str):
        policies = [] if policy == "never" else [policy]
        yield from _item(work, found, "guardian_policies", {"policies": policies})
    for name, factor in FACTORS.items():
        if values.get(name) is not None:
            on = values[name] if name in SWITCHES else one(values, name).get("enabled", True)
            yield from _item(work, found, "guardian_factors", {"enabled": on}, factor)
    yield from _phone(work, found, one(values, "phone"))
    yield from _push(work, found, one(values, "push"))
    duo = renamed(without(one(values, "duo"), "enabled"), DUO)
    yield from _item(work, found, "guardian_duo_settings", duo)
    for name in ("webauthn_platform", "webauthn_roaming"):
        for lost in without(one(values, name), "enabled"):
            work.note("loss", found, f"{name}.{lost} is left out: it is kept in the dashboard")


FACTORS = {
    "duo": "duo",
    "email": "email",
    "otp": "otp",
    "phone": "sms",
    "push": "push-notification",
    "recovery_code": "recovery-code",
    "webauthn_platform": "webauthn-platform",
    "webauthn_roaming": "webauthn-roaming",
}
SWITCHES = ("email", "otp", "recovery_code")
DUO = {"integration_key": "ikey", "secret_key": "skey", "hostname": "host"}


def _phone(work: Translation, found: Found, phone: Mapping[str, Value]) -> Iterator[Item]:
    provider, kinds = phone.get("provider"), phone.get("message_types")
    if provider is not None:
        yield from _item(work, found, "guardian_phone_provider", {"provider": provider})
    if kinds is not None:
        yield from _item(work, found, "guardian_phone_message_types", {"message_types": kinds})
    options = one(phone, "options")
    words = {name for name in options if name.endswith("_message")}
    twilio = without(options, *words)
    yield from _item(work, found, "guardian_phone_twilio", twilio)
    yield from _item(work, found, "guardian_phone_templates", without(options, *twilio))


def _push(work: Translation, found: Found, push: Mapping[str, Value]) -> Iterator[Item]:
    if push.get("provider") is not None:
        yield from _item(work, found, "guardian_push_provider", {"provider": push["provider"]})
    spelled = {
        "amazon_sns": "guardian_push_sns",
        "direct_apns": "guardian_push_apns",
        "direct_fcm": "guardian_push_fcm",
        "direct_fcm_v1": "guardian_push_fcmv1",
    }
    for name, kind in spelled.items():
        yield from _item(work, found, kind, without(one(push, name), "enabled"))
    if one(push, "custom_app"):
        work.note("loss", found, "push.custom_app is left out: it is kept in the dashboard")


def attack_protection(work: Translation, found: Found, _type: Type) -> Iterator[Item | Part]:
    """Each shield is one of ours; stages of it are written beside its settings."""
    for part in without(found.values, "id"):
        if part not in KINDS["attack_protection"].values:
            work.note("loss", found, f"{part} is nothing that Auth0 has")
            continue
        values = renamed(one(found.values, part), STAGES)
        yield from _item(work, found, "attack_protection", values, part)


STAGES = {
    "pre_login": "stage.pre-login",
    "pre_user_registration": "stage.pre-user-registration",
    "pre_change_password": "stage.pre-change-password",
    "pre_custom_token_exchange": "stage.pre-custom-token-exchange",
}


def phone_provider_protection(
    work: Translation, found: Found, _type: Type
) -> Iterator[Item | Part]:
    """The shield of phone providers is a resource of its own."""
    values = without(found.values, "id")
    yield from _item(work, found, "attack_protection", values, "phone_provider_protection")


def email_provider(work: Translation, found: Found, _type: Type) -> Iterator[Item | Part]:
    """The provider of e-mail; older versions write its credentials beside its name."""
    credentials = renamed(one(found.values, "credentials"), EMAIL)
    settings = one(found.values, "settings")
    inner = {name: one(settings, name) for name in settings if one(settings, name)}
    values = with_(without(found.values, "id", "settings"), {"credentials": credentials})
    if inner:
        values = with_(values, {"settings": renamed(inner, HEADERS)})
    yield from _item(work, found, "email_provider", values)


EMAIL = {
    "azure_cs_connection_string": "connectionString",
    "ms365_client_id": "clientId",
    "ms365_client_secret": "clientSecret",
    "ms365_tenant_id": "tenantId",
}
HEADERS = {
    "headers.x_mc_view_content_link": "X-MC-ViewContentLink",
    "headers.x_ses_configuration_set": "X-SES-Configuration-Set",
}


def branding(work: Translation, found: Found, _type: Type) -> Iterator[Item | Part]:
    """Branding, and the template of the login pages."""
    yield from _item(work, found, "branding", without(found.values, "id", "universal_login"))
    body = one(found.values, "universal_login").get("body")
    if body is not None:
        yield from _item(work, found, "universal_login_template", {"template": body})


def words(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """Words of pages: the JSON in `body` is all of the item."""
    body = found.values.get("body")
    try:
        read = decoded(body) if isinstance(body, str) else body
    except ValueError:
        read = None
    if isinstance(read, Mapping):
        yield from plain(
            work, replace(found, values=with_(without(found.values, "body"), read)), type
        )
    else:
        why = body.why if isinstance(body, Unknown) else "its body has to be a JSON object"
        work.note("mistake", found, f"it is left out: {why}")


def partials(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """What is put into the screens of a prompt."""
    prompt = found.values.get(type.key[0])
    if not isinstance(prompt, str):
        work.note("loss", found, f"it is left out, because its {type.key[0]} is not known")
        return
    rows = found.values.get("screen_partials")
    if "prompt" in type.key:
        own = without(found.values, "prompt", "id")
        rows = [{"screen_name": prompt, "insertion_points": own}]
    fields: dict[str, Value] = {}
    for row in blocks(work, found, found.values if rows is None else rows):
        points = one(row, "insertion_points")
        places = points.at if isinstance(points, Written) else {}
        spelled = {name.replace("_", "-"): text for name, text in points.items()}
        at = {name.replace("_", "-"): where for name, where in places.items()}
        screen = {str(row.get("screen_name")): Written(spelled, at)}
        fields |= work.fields(found, "prompt_partials", screen, prompt)
    yield Part("prompt_partials", prompt, fields, found.at)


def renderers(work: Translation, found: Found, _type: Type) -> Iterator[Item | Part]:
    """How several screens of a prompt are rendered."""
    rows = found.values.get("renderings") or found.values.get("screen_renderers")
    for row in blocks(work, found, rows):
        prompt = row.get("prompt") or row.get("prompt_type") or found.values.get("prompt_type")
        screen = row.get("screen") or row.get("screen_name")
        values = without(row, "prompt", "prompt_type", "screen", "screen_name", "tenant")
        yield from _item(work, found, "prompt_rendering", values, str(prompt), str(screen))


def event_stream(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A stream of events, and where it goes to."""
    kind = found.values.get("destination_type")
    configuration = one(found.values, f"{kind}_configuration")
    secrets = {"token_wo": "token", "password_wo": "password"}
    inner = renamed(configuration, {f"webhook_authorization.{k}": v for k, v in secrets.items()})
    destination = {"type": kind, "configuration": inner}
    names = [name for name in found.values if name.endswith("_configuration")]
    values = with_(
        without(found.values, "destination_type", *names),
        {
            "destination": destination,
            "subscriptions": [
                {"event_type": each} for each in members(work, found, "subscriptions")
            ],
        },
    )
    yield from plain(work, replace(found, values=values), type)


def feature_flag(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A flag, whose parameters are JSON in texts unless they are texts."""
    parameters: dict[str, Value] = {}
    for row in blocks(work, found, found.values.get("parameters")):
        value, name = row.get("value"), row.get("name")
        if isinstance(value, str) and row.get("type") != "string":
            try:
                value = decoded(value)
            except ValueError:
                work.note("mistake", found, f"the value of the parameter {name} has to be JSON")
        parameters[str(name)] = with_(without(row, "name"), {"value": value})
    values = with_(found.values, {"parameters": parameters})
    yield from plain(work, replace(found, values=values), type)


MAKERS: Mapping[str, Make] = {
    "attack_protection": attack_protection,
    "branding": branding,
    "email_provider": email_provider,
    "event_stream": event_stream,
    "feature_flag": feature_flag,
    "guardian": guardian,
    "pages": pages,
    "partials": partials,
    "phone_provider_protection": phone_provider_protection,
    "renderers": renderers,
    "tenant": tenant,
    "words": words,
}
