"""The phone provider of a tenant, and the templates of what it sends."""

from functools import partial
from typing import Final

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import UNSEEN, filled
from tenantctl.sandbox.refusal import Refusal, invalid_body
from tenantctl.sandbox.service import collection_routes, fetch, joined, view
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route

_NAMES = "{{ friendly_name | escape }}"
_CODE = "{{ code | escape }}"


def _spoken(purpose: str) -> str:
    return (
        f"Hello. Your {purpose} code for {_NAMES} is {{{{ pause }}}} {_CODE}."
        f" I repeat, your {purpose} code is {{{{ pause }}}} {_CODE}"
    )


_BLOCKED = "Logins from {{ user.source_ip }} to your account have been blocked."
_BREACHED = "Your password was found in a breach of another site. Please reset it."
# The first three are Auth0's own words; what it says in the other two was never seen.
_TEXTS: Final[dict[str, dict[str, str]]] = {
    "otp_verify": {
        "text": f"{_CODE} is your verification code for {_NAMES}",
        "voice": _spoken("verification"),
    },
    "otp_enroll": {
        "text": (
            f"{_CODE} is your verification code for {_NAMES}."
            " Please enter this code to verify your enrollment."
        ),
        "voice": _spoken("verification"),
    },
    "change_password": {
        "text": f"{_CODE} is your password change code for {_NAMES}",
        "voice": _spoken("password change"),
    },
    "blocked_account": {"text": _BLOCKED, "voice": _BLOCKED},
    "password_breach": {"text": _BREACHED, "voice": _BREACHED},
}


def _stamped(call: Call, new: Document, old: Document) -> Document:
    """What both kinds of objects get from the server."""
    now = identity.timestamp(call.tenant.clock())
    if old:
        return {**new, "updated_at": now}
    server = {"tenant": call.tenant.name, "channel": "phone", "disabled": False}
    return filled(new, {**server, "created_at": now, "updated_at": now})


def _check_provider(call: Call, new: Document, old: Document) -> None:
    """Twilio needs a token and an account; there is one provider in a tenant."""
    if not old and call.tenant.store.rows("branding_phone_providers"):
        raise Refusal(409, "Custom phone provider conflict.")
    if new.get("name") != "twilio":
        return
    if "auth_token" not in new.get("credentials", {}):
        raise invalid_body("Missing required property: auth_token", "credentials")
    if "configuration" in new and "sid" not in new["configuration"]:
        raise invalid_body("Missing required property: sid", "configuration")


def _unseen(document: Document) -> Document:
    """A provider has credentials, of which nobody is shown anything."""
    if document.get("credentials"):
        return document
    return {**document, "credentials": {"auth_token": UNSEEN}}


def _show_provider(call: Call, document: Document) -> Document:
    """The list has a place for credentials, and nothing in it."""
    listed = call.method == "GET" and "id" not in call.arguments
    return {**document, "credentials": None} if listed else document


def _check_template(call: Call, new: Document, old: Document) -> None:
    if old:
        return
    if "type" not in new:
        raise invalid_body("Missing required property: type")
    if call.tenant.store.find("branding_phone_templates", "type", new["type"]):
        raise Refusal(409, "Phone template already configured for tenant")


def _complete_template(call: Call, new: Document, old: Document) -> Document:
    """A template without words of its own has Auth0's."""
    default: Document = {"syntax": "liquid"}
    if "body" not in new.get("content", {}):
        default["body"] = _TEXTS.get(new.get("type", ""), {})
    return _stamped(call, filled(new, {"content": default}), old)


def _reset_template(call: Call) -> Answer:
    """Auth0's own words again; who sends them stays."""
    old = fetch(TEMPLATES, call)
    sender = {name: old["content"][name] for name in ("from",) if name in old["content"]}
    content = {"syntax": "liquid", "body": _TEXTS.get(old["type"], {}), **sender}
    new = _stamped(call, {**old, "content": content}, old)
    call.tenant.store.put(TEMPLATES.name, old["id"], new)
    return Answer(200, view(TEMPLATES, call, new))


def _try(collection: Collection, call: Call) -> Answer:
    fetch(collection, call)
    return Answer(
        202, {"code": 202, "message": "Test notification successfully sent for processing"}
    )


PROVIDERS = Collection(
    name="branding_phone_providers",
    path="/branding/phone/providers",
    mint=identity.compact("pro_"),
    noun="phone_providers",
    paging=Paging("providers", "object"),
    missing=("Phone provider has not been configured.", None),
    delete_missing=True,
    filters=(("disabled", "disabled"),),
    hidden=(Hidden(("credentials",)),),
    unseen=_unseen,
    sample=(("name", "custom"), ("credentials", {})),
    check=_check_provider,
    complete=_stamped,
    show=_show_provider,
)

TEMPLATES = Collection(
    name="branding_phone_templates",
    path="/branding/phone/templates",
    mint=identity.compact("tem_"),
    noun="phone_templates",
    paging=Paging("templates", "object"),
    missing=("Notification Resource not found", None),
    delete_missing=True,
    filters=(("disabled", "disabled"),),
    merged=("content",),
    sample=(("type", "otp_verify"),),
    check=_check_template,
    complete=_complete_template,
)

ROUTES = joined(
    collection_routes(PROVIDERS),
    collection_routes(TEMPLATES),
    [
        Route(
            "POST",
            f"{collection.path}/{{id}}/try",
            (f"create:{collection.noun}",),
            partial(_try, collection),
            Body(collection.name, "test"),
        )
        for collection in (PROVIDERS, TEMPLATES)
    ],
    [
        Route(
            "PATCH",
            f"{TEMPLATES.path}/{{id}}/reset",
            ("update:phone_templates",),
            _reset_template,
            Body(TEMPLATES.name, "reset"),
        )
    ],
)
