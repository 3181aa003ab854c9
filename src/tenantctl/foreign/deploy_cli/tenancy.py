"""The tenant, its protection and its factors in our words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tenantctl.foreign.deploy_cli.asset import Asset, Gathered, Piece
from tenantctl.foreign.deploy_cli.words import mapped, noted, text, without
from tenantctl.model import Note

LIFETIMES = (
    "session_lifetime",
    "idle_session_lifetime",
    "ephemeral_session_lifetime",
    "idle_ephemeral_session_lifetime",
)
FLAGS_GONE = ("enable_custom_domain_in_emails",)
"""Flags that auth0-deploy-cli no longer writes, and says so."""


def tenant(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """Settings; lifetimes in hours where they are whole, else in minutes, as writes take them."""
    fields = without(asset.fields, "sandbox_versions_available", *LIFETIMES)
    for name in LIFETIMES:
        hours = asset.fields.get(name)
        if isinstance(hours, bool) or not isinstance(hours, int | float):
            continue
        if hours == int(hours):
            fields.setdefault(name, int(hours))
        else:
            fields.setdefault(f"{name}_in_minutes", round(hours * 60))
    for name in ("default_directory", "default_audience"):
        if fields.get(name) == "":
            del fields[name]
    if isinstance(fields.get("flags"), dict):
        fields["flags"] = without(fields["flags"], *FLAGS_GONE)
        if not fields["flags"]:
            del fields["flags"]
    yield Piece("tenant", fields, asset)


def attack_protection(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """A part for each key."""
    for part, said in asset.fields.items():
        fields = dict(mapped(said))
        if fields:
            name = re.sub(r"(?=[A-Z])", "_", part).lower()
            yield Piece("attack_protection", fields, asset, (), (name,), (part,))


def risk_assessment(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """Settings, and how long a device is known."""
    for part, kind in (
        ("settings", "risk_assessment_settings"),
        ("new_device", "risk_assessment_new_device"),
    ):
        if mapped(asset.fields.get(part)):
            yield Piece(kind, dict(asset.fields[part]), asset, inside=(part,))
    bare = without(asset.fields, "settings", "new_device")
    if bare and "settings" not in asset.fields:
        yield Piece("risk_assessment_settings", bare, asset)


def factors(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    name = text(asset.fields.get("name")) or asset.stem
    fields = without(asset.fields, "trial_expired")
    yield Piece("guardian_factors", {**fields, "name": name}, asset, (name,), (name,))


PROVIDERS = {
    ("sms", "twilio"): "guardian_phone_twilio",
    ("push-notification", "sns"): "guardian_push_sns",
}


def factor_providers(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """What delivers messages of a factor; an export without an account says nothing."""
    which = (str(asset.fields.get("name")), str(asset.fields.get("provider")))
    said = without(asset.fields, "name", "provider")
    fields = {k: v for k, v in said.items() if v is not None}
    if which not in PROVIDERS:
        message = f"there is no provider {which[1]} of {which[0]}"
        yield noted(asset, "loss", message, ("provider",), "it was left out")
    elif fields:
        yield Piece(PROVIDERS[which], fields, asset)


def factor_templates(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """What the phone factor sends."""
    fields = without(asset.fields, "name")
    if asset.name in {"sms", "phone"}:
        yield Piece("guardian_phone_templates", fields, asset)
    else:
        message = f"there are no templates of the factor {asset.name}"
        yield noted(asset, "loss", message, (), "they were left out")


def custom_domains(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """A custom domain, and whether it is the default one."""
    gone = ("certificate", "custom_domain_id", "is_default", "origin_domain_name", "primary")
    fields = without(asset.fields, *gone, "status", "verification", "created_at", "updated_at")
    yield Piece("custom_domains", fields, asset, (asset.name,))
    if asset.fields.get("is_default") is True:
        yield Piece("custom_domain_default", {"domain": asset.name}, asset)


def self_service(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """A self-service profile, and the texts of its pages."""
    fields = without(asset.fields, "id", "created_at", "updated_at", "customText")
    yield Piece("self_service_profiles", fields, asset, (asset.name,))
    for language, of in mapped(asset.fields.get("customText")).items():
        for page, texts in mapped(of).items():
            if mapped(texts):
                owners = (asset.name, language, page)
                place = ("customText", language, page)
                kind = "self_service_profile_custom_text"
                yield Piece(kind, dict(texts), asset, (), owners, place)


def token_exchange(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """A token exchange profile; it names its action."""
    fields = without(asset.fields, "id", "created_at", "updated_at", "action")
    if text(asset.fields.get("action")):
        fields["action_id"] = asset.fields["action"]
    yield Piece("token_exchange_profiles", fields, asset, (asset.name,))


def migrations(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    message = f"migrations were left out: {', '.join(asset.fields)}"
    yield noted(asset, "loss", message, (), "no API writes them any more")
