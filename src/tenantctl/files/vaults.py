"""`vault:PATH#FIELD`: values of a HashiCorp Vault's key-value engine, by its own client.

Whom to ask and as whom is said by the environment: VAULT_ADDR, VAULT_NAMESPACE, VAULT_CACERT;
VAULT_TOKEN, or VAULT_ROLE_ID with VAULT_SECRET_ID (AppRole), or VAULT_JWT with VAULT_AUTH_ROLE, as
runners have it. VAULT_AUTH_PATH is where AppRole or JWT are mounted, if elsewhere than usual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from tenantctl.files.unresolved import Unresolved

PATIENCE = 10
"""Seconds that one request may take."""
VARIABLES = (
    "VAULT_ADDR",
    "VAULT_NAMESPACE",
    "VAULT_CACERT",
    "VAULT_TOKEN",
    "VAULT_ROLE_ID",
    "VAULT_SECRET_ID",
    "VAULT_JWT",
    "VAULT_AUTH_ROLE",
    "VAULT_AUTH_PATH",
    "HOME",
)
PASSING = ("RateLimitExceeded", "InternalServerError", "BadGateway")
"""Errors of Vault that whoever asks has not caused."""
WHO = "set VAULT_TOKEN, VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_JWT and VAULT_AUTH_ROLE"


def vault_value(name: str, environ: Mapping[str, str]) -> str:
    """The value at *name*, `PATH#FIELD`, of either version of the engine. Raises Unresolved."""
    path, _, field = name.partition("#")
    hvac = _hvac()
    given = {key: environ[key] for key in VARIABLES if environ.get(key)}
    client = _asked(path, partial(_client, tuple(sorted(given.items()))), hvac)
    found = _asked(path, partial(_read, client, path, hvac), hvac)
    if field not in found:
        raise Unresolved(f"Vault has no field {field} at {path}", f"put {field} there")
    value = found[field]
    if not isinstance(value, str) or not value:
        raise Unresolved(f"the field {field} at {path} is no text", "put the value there as text")
    return value


def _hvac() -> Any:
    try:
        return import_module("hvac")
    except ImportError:
        help = "pip install 'tenantctl[vault]'"
        raise Unresolved("the client of Vault is not installed", help) from None


@lru_cache(maxsize=4)
def _client(given: tuple[tuple[str, str], ...]) -> Any:
    """A client that has signed in; each process does so once."""
    environ = dict(given)
    if not environ.get("VAULT_ADDR"):
        raise Unresolved("VAULT_ADDR is not set", "set it to the address of Vault")
    client = _hvac().Client(
        url=environ["VAULT_ADDR"],
        token=environ.get("VAULT_TOKEN") or _kept_token(environ),
        namespace=environ.get("VAULT_NAMESPACE"),
        verify=environ.get("VAULT_CACERT") or True,
        timeout=PATIENCE,
        allow_redirects=False,
    )
    if environ.get("VAULT_TOKEN"):
        return client
    mount = {"mount_point": environ["VAULT_AUTH_PATH"]} if "VAULT_AUTH_PATH" in environ else {}
    if environ.get("VAULT_ROLE_ID") and environ.get("VAULT_SECRET_ID"):
        role, secret = environ["VAULT_ROLE_ID"], environ["VAULT_SECRET_ID"]
        client.auth.approle.login(role_id=role, secret_id=secret, **mount)
    elif environ.get("VAULT_JWT") and environ.get("VAULT_AUTH_ROLE"):
        jwt, role = environ["VAULT_JWT"], environ["VAULT_AUTH_ROLE"]
        client.auth.jwt.jwt_login(role=role, jwt=jwt, path=environ.get("VAULT_AUTH_PATH"))
    elif not client.token:
        raise Unresolved("nobody has signed in to Vault", WHO)
    return client


def _kept_token(environ: Mapping[str, str]) -> str:
    """What `vault login` has kept for a person; empty without it."""
    try:
        kept = Path(environ.get("HOME", "/nonexistent")) / ".vault-token"
        return kept.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _read(client: Any, path: str, hvac: Any) -> Mapping[str, Any]:
    """The fields at *path*: the mount and its version are asked for, as Vault's own command does.

    Who may not ask gets the first part of the path as the mount, and its newer version first.
    """
    nothing = (hvac.exceptions.Forbidden, hvac.exceptions.InvalidPath)
    try:
        told = client.adapter.get(f"/v1/sys/internal/ui/mounts/{path}")["data"]
    except nothing:
        mount = path.partition("/")[0]
        with suppress(*nothing):
            return _second(client, path, mount)
        return _first(client, path, mount)
    mount, options = told["path"].strip("/"), told.get("options") or {}
    return (_second if options.get("version") == "2" else _first)(client, path, mount)


def _first(client: Any, path: str, mount: str) -> Mapping[str, Any]:
    """The fields that version 1 of the engine has."""
    inner = path.removeprefix(mount).strip("/")
    found = client.secrets.kv.v1.read_secret(path=inner, mount_point=mount)
    return dict(found["data"])


def _second(client: Any, path: str, mount: str) -> Mapping[str, Any]:
    """The fields that version 2 of the engine has, of the last version of the secret."""
    inner = path.removeprefix(mount).strip("/").removeprefix("data/")
    found = client.secrets.kv.v2.read_secret_version(
        path=inner, mount_point=mount, raise_on_deleted_version=True
    )
    return dict(found["data"]["data"])


def _asked(path: str, ask: Callable[[], Any], hvac: Any) -> Any:
    """What *ask* finds; errors of Vault and of the network in our words, without their text."""
    requests = import_module("requests")
    try:
        return ask()
    except hvac.exceptions.InvalidPath:
        help = "check the path, as `vault kv get` takes it"
        raise Unresolved(f"Vault has nothing at {path}", help) from None
    except (hvac.exceptions.Forbidden, hvac.exceptions.Unauthorized):
        help = f"give the role a policy that reads {path}, or sign in again"
        raise Unresolved(f"Vault does not let us read {path}", help) from None
    except hvac.exceptions.VaultDown:
        help = "run it again once `vault status` says that it is not sealed"
        raise Unresolved("Vault is sealed, or out of service", help) from None
    except hvac.exceptions.VaultError as error:
        name = type(error).__name__
        help = "run it again in a while" if name in PASSING else WHO
        raise Unresolved(f"Vault answers {name} for {path}", help) from None
    except (requests.exceptions.RequestException, OSError) as error:
        message = f"Vault did not answer: {type(error).__name__}"
        raise Unresolved(message, "check VAULT_ADDR, VAULT_CACERT and the network") from None
    except (KeyError, TypeError, AttributeError, ValueError):
        help = "check VAULT_ADDR"
        raise Unresolved(f"what answers for {path} does not answer as Vault", help) from None
