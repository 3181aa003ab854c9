"""The keys of a tenant: those it signs tokens with, those it encrypts with, those it is given."""

from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.certificates import issued_certificate, wrapping_key
from tenantctl.sandbox.documents import public
from tenantctl.sandbox.pages import number
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.seeds import plant
from tenantctl.sandbox.service import collection_routes, fetch, joined, require, view
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Answer, Body, Call, Collection, Hidden, Paging, Route

_SIGNING = "/keys/signing"
_CUSTOM = "/keys/custom-signing"
_CUSTOMER, _ENVIRONMENT = "customer-provided-root-key", "environment-root-key"
_MASTER, _TENANT = "tenant-master-key", "tenant-encryption-key"
_PAGE = 50


def signing_keys(call: Call) -> list[Document]:
    """Every signing key, the current one first; a new tenant has a current and a next one."""
    store = call.tenant.store
    if not store.rows("signing_keys"):
        _issue(call, current=True, next=False, noted=False)
        _issue(call, current=False, next=True, noted=False)
    keys = [row.document for row in store.rows("signing_keys")]
    return sorted(keys, key=lambda key: (not key["current"], not key["next"]))


def _issue(call: Call, *, current: bool, next: bool, noted: bool = True) -> Document:
    now = call.tenant.clock()
    key: Document = {
        "kid": identity.base62(21),
        **issued_certificate(call.tenant.domain, now),
        "current": current,
        "next": next,
        "previous": False,
        "revoked": False,
    }
    if current:
        key["current_since"] = identity.timestamp(now)
    call.tenant.store.put("signing_keys", key["kid"], key, noted=noted)
    return key


def _list_signing(call: Call) -> Answer:
    return Answer(200, [public(key) for key in signing_keys(call)])


def _signing_key(call: Call) -> Document:
    """The key the path names. Raises Refusal 404."""
    signing_keys(call)
    refusal = Refusal(404, "Signing key not found.")
    return require(call, "signing_keys", call.arguments["kid"], refusal)


def _show_signing(call: Call) -> Answer:
    return Answer(200, public(_signing_key(call)))


def _rotate_signing(call: Call) -> Answer:
    """The next key signs, the current one becomes a previous one, and there is a new next one."""
    now, store = identity.timestamp(call.tenant.clock()), call.tenant.store
    shown: Document = {}
    for key in signing_keys(call):
        if key["current"]:
            key.update(current=False, previous=True, current_until=now)
        elif key["next"]:
            key.update(current=True, next=False, current_since=now)
            shown = key
        store.put("signing_keys", key["kid"], key)
    _issue(call, current=False, next=True)
    return Answer(201, {"cert": shown["cert"], "kid": shown["kid"]})


def _revoke_signing(call: Call) -> Answer:
    key = _signing_key(call)
    if not key["previous"]:
        raise Refusal(400, "Only a previous signing key can be revoked.", "invalid_operation")
    if not key["revoked"]:
        key.update(revoked=True, revoked_at=identity.timestamp(call.tenant.clock()))
        call.tenant.store.put("signing_keys", key["kid"], key)
    return Answer(200, {"cert": key["cert"], "kid": key["kid"]})


def _seed_signing(call: Call, body: Any) -> None:
    for key in body or []:
        call.tenant.store.put("signing_keys", key["kid"], key)


def _seed_one_signing(call: Call, body: Any) -> None:
    if body is not None:
        _seed_signing(call, [body])


def _custom_keys(call: Call) -> Answer:
    found = call.tenant.store.get("custom_signing_keys", "")
    if found is None:
        raise Refusal(
            404,
            "No custom signing keys found for this tenant. Upload custom signing keys first.",
        )
    return Answer(200, public(found))


def _replace_custom_keys(call: Call) -> Answer:
    _seed_custom_keys(call, {"keys": call.body["keys"]})
    return _custom_keys(call)


def _delete_custom_keys(call: Call) -> Answer:
    call.tenant.store.delete("custom_signing_keys", "")
    return Answer(204)


def _seed_custom_keys(call: Call, body: Any) -> None:
    if body is None:
        call.tenant.store.delete("custom_signing_keys", "")
    else:
        call.tenant.store.put("custom_signing_keys", "", body)


def _make(
    call: Call, type: str, state: str, parent: str | None = None, *, noted: bool = True
) -> Document:
    now = identity.timestamp(call.tenant.clock())
    key = {
        "kid": identity.uuid4(),
        "type": type,
        "state": state,
        "created_at": now,
        "updated_at": now,
        "parent_kid": parent,
    }
    if type != _CUSTOMER:
        key["public_key"] = None
    call.tenant.store.put(ENCRYPTION.name, key["kid"] or "", key, noted=noted)
    return key


def _furnished(call: Call) -> None:
    """A new tenant has a root key of its environment and a master key below it."""
    if not call.tenant.store.rows(ENCRYPTION.name):
        root = _make(call, _ENVIRONMENT, "active", noted=False)
        _make(call, _MASTER, "active", root["kid"], noted=False)


def _active(call: Call, *types: str) -> list[Document]:
    rows = (row.document for row in call.tenant.store.rows(ENCRYPTION.name))
    return [key for key in rows if key["state"] == "active" and key["type"] in types]


def _become(call: Call, key: Document, state: str) -> Document:
    """The key in another state; what it was wrapped with is forgotten."""
    now = identity.timestamp(call.tenant.clock())
    new = {**public(key), "state": state, "updated_at": now}
    call.tenant.store.put(ENCRYPTION.name, key["kid"], new)
    return new


def _renew_master(call: Call, root: str | None) -> None:
    """A new master key below a root key; the former one is destroyed."""
    for key in _active(call, _MASTER):
        _become(call, key, "destroyed")
    _make(call, _MASTER, "active", root)


def _list_encryption(call: Call) -> Answer:
    """Newest first, those that were destroyed included.

    The endpoint is odd: pages have 50 keys, whatever size is asked for, and the totals that come
    with them are zero (recorded traffic of 2024-10).
    """
    _furnished(call)
    rows = call.tenant.store.rows(ENCRYPTION.name)
    rows.sort(key=lambda row: (row.document["created_at"], row.sequence), reverse=True)
    number(call, "per_page", _PAGE, 1, 100)
    start = number(call, "page", 0, 0, None) * _PAGE
    keys = [view(ENCRYPTION, call, row.document) for row in rows[start : start + _PAGE]]
    totals = call.first("include_totals") == "true"
    return Answer(200, {"start": 0, "limit": 0, "total": 0, "keys": keys} if totals else keys)


def _create_encryption(call: Call) -> Answer:
    _furnished(call)
    type = call.body["type"]
    if type == _TENANT:
        master = next(iter(_active(call, _MASTER)), None)
        return Answer(201, _make(call, _TENANT, "active", master["kid"] if master else None))
    rows = (row.document for row in call.tenant.store.rows(ENCRYPTION.name))
    if any(key["type"] == _CUSTOMER and key["state"] == "pre-activation" for key in rows):
        raise Refusal(409, "Encryption key has already been created.")
    return Answer(201, _make(call, _CUSTOMER, "pre-activation"))


def _wrap(call: Call) -> Answer:
    """The key a customer wraps their own root key with."""
    key = fetch(ENCRYPTION, call)
    if key["type"] != _CUSTOMER or key["state"] != "pre-activation":
        raise Refusal(
            409,
            "Failed precondition. Create new encryption key without the key material first.",
        )
    shown = wrapping_key()
    call.tenant.store.put(ENCRYPTION.name, key["kid"], {**key, "_wrapping_key": shown})
    return Answer(201, {"public_key": shown, "algorithm": "CKM_RSA_AES_KEY_WRAP"})


def _import(call: Call) -> Answer:
    """The customer's root key takes the place of the environment's, above a new master key."""
    key = call.tenant.store.get(ENCRYPTION.name, call.arguments["id"])
    if key is None:
        raise Refusal(400, "The key ID was not found.", "invalid_body")
    if "_wrapping_key" not in key:
        raise Refusal(
            409,
            "Failed precondition. Key import not in progress or unable to find the wrapping key."
            " Make sure you have followed all the steps to import a key.",
        )
    for root in _active(call, _CUSTOMER, _ENVIRONMENT):
        _become(call, root, "destroyed")
    new = _become(call, key, "active")
    _renew_master(call, new["kid"])
    return Answer(201, view(ENCRYPTION, call, new))


def _delete_encryption(call: Call) -> Answer:
    """Destroys a key, which stays in the list; without a root key there is one of Auth0's again."""
    _furnished(call)
    key = call.tenant.store.get(ENCRYPTION.name, call.arguments["id"])
    if key is None or key["state"] == "destroyed":
        return Answer(204)
    if key["type"] in {_ENVIRONMENT, _MASTER}:
        raise Refusal(400, "Keys of this type cannot be deleted.", "invalid_uri")
    _become(call, key, "destroyed")
    if key["type"] == _CUSTOMER and key["state"] == "active":
        root = _make(call, _ENVIRONMENT, "active")
        _renew_master(call, root["kid"])
    return Answer(204)


def _rekey(call: Call) -> Answer:
    _furnished(call)
    root = next(iter(_active(call, _CUSTOMER, _ENVIRONMENT)), None)
    _renew_master(call, root["kid"] if root else None)
    return Answer(204)


def _seed_encryption(call: Call, body: Any) -> None:
    """The keys of the list, oldest first, and no others."""
    keys = body["keys"] if isinstance(body, dict) else body or []
    for row in call.tenant.store.rows(ENCRYPTION.name):
        call.tenant.store.delete(ENCRYPTION.name, row.id)
    for key in sorted(keys, key=lambda key: str(key["created_at"])):
        plant(ENCRYPTION, call, key)


ENCRYPTION = Collection(
    name="encryption_keys",
    path="/keys/encryption",
    id="kid",
    mint=identity.uuid4,
    noun="encryption_keys",
    paging=Paging("keys"),
    missing=("The key does not exist.", None),
    hidden=(Hidden(("wrapped_key",)),),
    sample=(
        ("type", _CUSTOMER),
        ("state", "pre-activation"),
        ("created_at", "2024-01-01T00:00:00.000Z"),
    ),
    format=(
        "uuid",
        "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
        "kid (Encryption key ID)",
    ),
    operations=frozenset({"get"}),
)

_ITEM = f"{ENCRYPTION.path}/{{id}}"
_CREATE = ("create:encryption_keys",)
_UPDATE = ("update:encryption_keys",)
_ROTATE = ("create:signing_keys", "update:signing_keys")
ROUTES = joined(
    [
        Route("GET", _SIGNING, ("read:signing_keys",), _list_signing, seed=_seed_signing),
        Route(
            "GET",
            f"{_SIGNING}/{{kid}}",
            ("read:signing_keys",),
            _show_signing,
            seed=_seed_one_signing,
        ),
        Route("POST", f"{_SIGNING}/rotate", _ROTATE, _rotate_signing),
        Route("PUT", f"{_SIGNING}/{{kid}}/revoke", ("update:signing_keys",), _revoke_signing),
        Route("GET", _CUSTOM, ("read:custom_signing_keys",), _custom_keys, seed=_seed_custom_keys),
        Route(
            "PUT",
            _CUSTOM,
            ("create:custom_signing_keys", "update:custom_signing_keys"),
            _replace_custom_keys,
            Body("custom_signing_keys", "replace"),
        ),
        Route("DELETE", _CUSTOM, ("delete:custom_signing_keys",), _delete_custom_keys),
        Route(
            "GET",
            ENCRYPTION.path,
            ("read:encryption_keys",),
            _list_encryption,
            query=ENCRYPTION.paging.parameters(),
            items="keys",
            seed=_seed_encryption,
        ),
        Route(
            "POST",
            ENCRYPTION.path,
            _CREATE,
            _create_encryption,
            Body("encryption_keys", "create"),
        ),
        Route("POST", f"{ENCRYPTION.path}/rekey", (*_CREATE, *_UPDATE), _rekey),
        Route("POST", f"{_ITEM}/wrapping-key", _CREATE, _wrap),
        Route("POST", _ITEM, _UPDATE, _import, Body("encryption_keys", "import_")),
        Route("DELETE", _ITEM, ("delete:encryption_keys",), _delete_encryption),
    ],
    collection_routes(ENCRYPTION),
)
