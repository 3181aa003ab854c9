"""auth0-deploy-cli, unmodified, against tenants that `tenantctl sandbox serve` serves."""

import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
VERSION = "8.44.0"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tenantctl"
COMMAND = CACHE / f"auth0-deploy-cli-{VERSION}" / "node_modules" / ".bin" / "a0deploy"
NODE = (20, 19)
_EXPORT = re.compile(r"^export (\w+)=(.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Served:
    """A tenant that is served: its own domain, and what other programs need to reach it."""

    domain: str
    variables: Mapping[str, str]

    def get(self, path: str) -> object:
        """The answer to a GET below `/api/v2`, with every scope."""
        base = f"https://{self.variables['AUTH0_DOMAIN']}"
        names = ("AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET", "AUTH0_AUDIENCE")
        id, secret, audience = (self.variables[name] for name in names)
        asked = {
            "grant_type": "client_credentials",
            "client_id": id,
            "client_secret": secret,
            "audience": audience,
        }
        trust = ssl.create_default_context(cafile=self.variables["SSL_CERT_FILE"])
        with httpx.Client(verify=trust, base_url=base) as client:
            token = client.post("/oauth/token", json=asked).json()["access_token"]
            answer = client.get(f"/api/v2{path}", headers={"authorization": f"Bearer {token}"})
            return answer.raise_for_status().json()


def command() -> Path:
    """The installed program; skips where it, or the node it needs, is not there.

    CI does not bring node along: Debian's own is too old, and a package source of somebody else is
    more risk than one short test is worth. `make peer` installs the program where node is.
    """
    if not _node_is_new_enough():
        pytest.skip(f"needs node {NODE[0]}.{NODE[1]} or newer")
    if not COMMAND.exists():
        pytest.skip(f"needs auth0-deploy-cli {VERSION}: make peer")
    return COMMAND


def _node_is_new_enough() -> bool:
    node = shutil.which("node")
    if node is None:
        return False
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(map(int, re.findall(r"\d+", told)[:2])) >= NODE


@contextmanager
def serving(folder: Path, names: Sequence[str]) -> Iterator[dict[str, Served]]:
    """Tenants under these names, kept in *folder*, each with its own variables."""
    asked = [part for name in names for part in ("--tenant", name)]
    verb = [sys.executable, "-m", "tenantctl", "sandbox", "serve", "--port", "0"]
    with (
        (folder / "serve.err").open("w") as errors,
        subprocess.Popen(
            [*verb, "--folder", str(folder), *asked],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=folder,
        ) as server,
    ):
        try:
            yield dict(_announced(server) for _ in names)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _announced(server: subprocess.Popen[str]) -> tuple[str, Served]:
    """What the server prints about one tenant; the last line is an example for curl."""
    assert server.stdout is not None
    lines = list(takewhile(lambda line: not line.startswith("# curl"), server.stdout))
    lines = [line for line in lines if line.strip()]
    assert lines, "the server has ended"
    name = lines[0].removeprefix("# ").partition(":")[0]
    variables = {key: value.strip("'") for key, value in _EXPORT.findall("".join(lines))}
    return name, Served(f"{name.lower()}.sandbox.invalid", variables)


def run(tenant: Served, *arguments: str, cwd: Path, **variables: str) -> str:
    """What the program prints. Fails with it where the program fails."""
    ended = subprocess.run(
        [str(command()), *arguments],
        env={**os.environ, **tenant.variables, **variables},
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr[-3000:]
    return ended.stdout


def export(tenant: Served, folder: Path) -> str:
    """The tenant as one YAML text."""
    folder.mkdir()
    run(tenant, "export", "--format", "yaml", "--output_folder", ".", cwd=folder)
    return (folder / "tenant.yaml").read_text(encoding="utf-8")


def import_(tenant: Served, path: Path, *, delete: bool = False, **variables: str) -> str:
    allowed = {"AUTH0_ALLOW_DELETE": json.dumps(delete)}
    return run(tenant, "import", "--input_file", path.name, cwd=path.parent, **allowed, **variables)
