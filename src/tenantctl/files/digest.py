"""The definition digest: what is promoted is exactly this content, read by exactly this tool."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tenantctl import __version__
from tenantctl.files.home import Home, home_of
from tenantctl.playbooks import NAMES, source


def definition_digest(root: Path, tenant: str, *, playbook: str = "") -> str:
    """SHA-256 over every file of a tenant's definition, the tool's version and the playbook.

    *playbook* is all that come with the package where it is none of them; a team's own is a file
    of the definition. Environments do not count; of a fleet the row and the overlay of all
    environments do.
    """
    return digest_of(home_of(root, tenant), playbook=playbook)


def digest_of(home: Home, *, playbook: str = "") -> str:
    """The definition digest of the tenant whose files lie at *home*."""
    folder = home.folder
    digest = hashlib.sha256(f"tenantctl {__version__}\n".encode())
    for name in NAMES if playbook not in NAMES else (playbook,):
        _feed(digest, f"playbook {name}", source(name))
    for relative in folder.files():
        _feed(digest, relative, folder.read(relative))
    if home.member:
        _feed(digest, "fleet", home.member.content())
    return digest.hexdigest()


def _feed(digest: hashlib._Hash, name: str, data: bytes) -> None:
    digest.update(f"{name}\0{len(data)}\0".encode())
    digest.update(data)
