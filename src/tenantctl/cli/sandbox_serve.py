"""`tenantctl sandbox serve`: tenants for any other client of Auth0, over TLS on this machine."""

from __future__ import annotations

import json
import re
import shlex
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tenantctl.cli import terminal
from tenantctl.cli.options import Chdir
from tenantctl.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from tempfile import TemporaryDirectory

    from tenantctl.cli.wiring import Project
    from tenantctl.model import Environment
    from tenantctl.sandbox import Sandbox
    from tenantctl.sandbox.server import Guest, Serving
    from tenantctl.sandbox.site import Hosted

PORT = 8443
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")

Tenants = Annotated[
    list[str] | None,
    typer.Option(
        "--tenant",
        metavar="NAME[:PORT]",
        help="An embedded environment of the project, or any name for a tenant of its own;"
        " repeatable. With PORT it answers there without a prefix, too.",
        show_default="every embedded environment; outside a project, dev",
    ),
]
Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="The port that all share; 0 for a free one.")
]
Folder = Annotated[
    Path | None,
    typer.Option(
        "--folder", help="Keep tenants in DIR/NAME.sqlite and look at no project.", metavar="DIR"
    ),
]
Memory = Annotated[
    bool, typer.Option("--memory", help="Keep tenants in memory and look at no project.")
]
NoTls = Annotated[bool, typer.Option("--no-tls", help="Plain HTTP; auth0-deploy-cli needs TLS.")]
AsLines = Annotated[
    bool, typer.Option("--json", help="One line of JSON for each tenant instead of the text.")
]


def serve(
    tenant: Tenants = None,
    port: Port = PORT,
    folder: Folder = None,
    memory: Memory = False,
    no_tls: NoTls = False,
    as_json: AsLines = False,
    chdir: Chdir = None,
) -> int:
    """Serve embedded tenants on 127.0.0.1 until interrupted.

    Each is at /t/NAME; the first also without a prefix. Prints the variables that other tools need
    to use them. In a browser, the address shows what the tenants hold.
    """
    from tenantctl.sandbox import SandboxError
    from tenantctl.sandbox.server import serve as serve_sandboxes

    if folder is not None and memory:
        raise UsageError("--folder and --memory exclude each other", help="give one of them")
    with ExitStack() as stack:
        guests, state = _guests(tenant or [], folder, stack, memory=memory, chdir=chdir)
        ca_folder = None if no_tls else state or Path(stack.enter_context(_scratch()))
        try:
            serve_sandboxes(guests, port, ca_folder, lambda found: _tell(found, as_json=as_json))
        except SandboxError as error:
            raise UsageError(str(error), help="give another --port, 0 for a free one") from None
    return 0


def _guests(
    asked: list[str], folder: Path | None, stack: ExitStack, *, memory: bool, chdir: Path | None
) -> tuple[list[Guest], Path | None]:
    """Whom to serve, and the folder that keeps the tool's own files; None where nothing is kept.

    Opened sandboxes close with *stack*. Raises UsageError.
    """
    from tenantctl.sandbox.server import Guest

    here = None if folder is not None or memory else _project(chdir)
    guests: list[Guest] = []
    for each in asked or (_embedded(here) if here else []) or ["dev"]:
        target, port = _parsed(each)
        name = target.replace("/", "-")
        if any(guest.name == name for guest in guests):
            raise UsageError(f"{name} is named twice", help="give every --tenant a name of its own")
        sandbox = _environment(here, target) or _other(name, folder)
        stack.callback(sandbox.close)
        guests.append(Guest(name, sandbox, port))
    return guests, folder or (here.state / "sandbox" if here else None)


def _parsed(text: str) -> tuple[str, int | None]:
    """`NAME` or `NAME:PORT`; a name may be `TENANT/ENV`. Raises UsageError."""
    target, mark, port = text.partition(":")
    known = all(map(_NAME.fullmatch, target.split("/", 1)))
    if not known or (mark and not (port.isascii() and port.isdigit() and int(port) < 65536)):
        raise UsageError(
            f"{text!r} is no NAME or NAME:PORT",
            help="write letters, digits, dots, dashes and underscores; a port is at most 65535",
        )
    return target, int(port) if mark else None


def _project(chdir: Path | None) -> Project | None:
    """The project here, if there is one; one that is asked for must be there."""
    from tenantctl.cli.wiring import project

    try:
        return project(chdir)
    except UsageError:
        if chdir is not None:
            raise
        return None


def _embedded(here: Project) -> list[str]:
    """Every embedded environment; without its tenant where the project has but one."""
    found = [each for each in _named(here) if _read(here, each).embedded]
    alone = len({each.partition("/")[0] for each in found}) == 1
    return [each.partition("/")[2] for each in found] if alone else found


def _named(here: Project) -> list[str]:
    """The ids of a project's environments."""
    from tenantctl.files import environments_of, tenants

    return [
        f"{tenant}/{name}"
        for tenant in tenants(here.root)
        for name in environments_of(here.root, tenant)
    ]


def _read(here: Project, id: str) -> Environment:
    from tenantctl.files import read_environment

    tenant, _, name = id.partition("/")
    return read_environment(here.root, tenant, name)


def _environment(here: Project | None, target: str) -> Sandbox | None:
    """The tenant of an embedded environment; None where the project has none of this name.

    Raises UsageError where the environment is a live tenant.
    """
    known = _named(here) if here else []
    found = [each for each in known if target in {each, each.partition("/")[2]}]
    if here is None or not found:
        return None
    if len(found) > 1:
        raise UsageError(f"several tenants have an environment {target}", help=f"write {found[0]}")
    environment = _read(here, found[0])
    if not environment.embedded:
        raise UsageError(
            f"{environment.id} is {environment.domain}, not an embedded tenant",
            help="serve another name, or an environment that says domain: embedded",
        )
    return here.embed(environment, here.state)


def _other(name: str, folder: Path | None) -> Sandbox:
    """A tenant that belongs to no project."""
    from tenantctl.sandbox import Sandbox, SandboxError

    path = folder / f"{name}.sqlite" if folder else None
    try:
        return Sandbox(f"{name.lower()}.sandbox.invalid", path)
    except SandboxError as error:
        raise UsageError(str(error)) from None


def _tell(serving: Serving, *, as_json: bool) -> None:
    ca_file = str(serving.ca_file.resolve()) if serving.ca_file else None
    for hosted in serving.tenants:
        if as_json:
            terminal.out(json.dumps(_facts(hosted, ca_file)))
        else:
            terminal.out("\n".join(_lines(hosted, ca_file)))
    sys.stdout.flush()


def _facts(hosted: Hosted, ca_file: str | None) -> dict[str, str | None]:
    return {
        "tenant": hosted.name,
        "base_url": hosted.base_url,
        "ca_file": ca_file,
        "token": hosted.sandbox.token(),
        "admin_url": hosted.admin_url,
    }


def _lines(hosted: Hosted, ca_file: str | None) -> Iterator[str]:
    """What a shell has to know so that auth0-deploy-cli, auth0-python and curl find a tenant."""
    id, secret = hosted.sandbox.credentials()
    yield f"# {hosted.name}: {hosted.base_url}, kept in {hosted.sandbox.path or 'memory'}"
    yield f"# administration: {hosted.admin_url}"
    variables = {
        "AUTH0_DOMAIN": hosted.base_url.partition("://")[2],
        "AUTH0_CLIENT_ID": id,
        "AUTH0_CLIENT_SECRET": secret,
        "AUTH0_AUDIENCE": f"{hosted.base_url}/api/v2/",
    }
    trust = ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
    variables |= dict.fromkeys(trust, ca_file) if ca_file else {}
    for name, value in variables.items():
        yield f"export {name}={shlex.quote(value)}"
    bearer = f"authorization: Bearer {hosted.sandbox.token()}"
    yield f"# curl -H '{bearer}' {hosted.base_url}/api/v2/clients"
    yield ""


def _scratch() -> TemporaryDirectory[str]:
    from tempfile import TemporaryDirectory

    return TemporaryDirectory(prefix="tenantctl-")
