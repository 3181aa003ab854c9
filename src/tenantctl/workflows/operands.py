"""What can be compared: what a word on the command line names, and what that says of a tenant."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from tenantctl.errors import FilesError, UsageError
from tenantctl.files import Loaded, find, load, read_environment, tenants
from tenantctl.kinds import KINDS, Lens, Mark, leaves, text_of
from tenantctl.ledger import Ledger, read_backup, read_plan
from tenantctl.ledger.git import past
from tenantctl.model import (
    BACKUP,
    Address,
    Backup,
    Entry,
    Environment,
    Plan,
    Receipt,
    Resource,
    Tenant,
    Vault,
)
from tenantctl.workflows.secrets import to_compare

T = TypeVar("T")
LIVE, RECEIPT = "live:", "receipt:"
FORMS = "live:TENANT/ENV, TENANT/ENV, TENANT/ENV@COMMIT, receipt:TENANT/ENV[@NAME], or a .json file"
SHORT = 7
"""As many characters of a commit as are shown."""
LATER = "name a later one: `git log -- tenants environments` lists those there are"
BEGINNING = 6
"""The fewest characters that name a digest or a commit by its beginning."""


VaultOf = Callable[[Environment, Collection[str]], Vault]


@dataclass(frozen=True, slots=True)
class Place:
    """Where operands are: the project at *root*, its *ledger*, and where secrets are from.

    *vault_of* asks commands and services for secrets of the names that it is given, and for others
    nobody: they are needed only beside a *live* tenant, which may show them.
    """

    root: Path
    ledger: Ledger
    vault_of: VaultOf
    live: bool = False

    def vault(self, loaded: Loaded, receipt: Receipt | None) -> Vault:
        """What is known of the secrets of an environment."""
        names = to_compare(loaded, receipt) if self.live else frozenset[str]()
        return self.vault_of(loaded.environment, names)


@dataclass(frozen=True, slots=True)
class Operand:
    """One side of a comparison. *name* is for people, *form* what it is.

    *form*: `files`, `plan`, `receipt`, `backup` or `live`. The last two say all there is. *tenant*
    is empty of a live one until it has been read. *loaded* are the files, of a live one those that
    say what to read; *entries* what a plan or receipt says, of a live one the last receipt.
    *domain* is that of its tenant, *id* its `tenant/environment`, *vault* what is known of secrets.
    """

    name: str
    form: str
    id: str
    domain: str
    tenant: Tenant = field(default_factory=lambda: Tenant({}))
    loaded: Loaded | None = None
    entries: Mapping[Address, Entry] = field(default_factory=dict)
    backup: Backup | None = None
    receipt: Receipt | None = None
    vault: Vault = field(default_factory=Vault)
    notes: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it says all there is."""
        return self.form in {"live", "backup"}

    @property
    def mark(self) -> Mark:
        """What it knows of a secret by its name; see `Vault.mark`."""
        return _mark_of(self.entries) if self.form in {"plan", "receipt"} else self.vault.mark


def operand(text: str, place: Place) -> Operand:
    """What *text* names. Raises UsageError where it is nothing, FilesError where it cannot be read.

    A live tenant is not read yet.
    """
    if text.startswith(LIVE):
        return _live(text.removeprefix(LIVE), place)
    if text.startswith(RECEIPT):
        return _receipt(text.removeprefix(RECEIPT), place)
    if text.endswith(".json") or os.path.isfile(text):  # noqa: PTH113 - of any length
        return _file(Path(text), place)
    target, mark, commit = text.partition("@")
    if mark:
        return _past(target, commit, place)
    try:
        found = find(place.root, text)
    except UsageError as error:
        help = f"{error.help}; what can be compared is {FORMS}" if error.help else FORMS
        raise UsageError(error.message, help=help) from None
    return _files(load(place.root, *found), place)


def _files(loaded: Loaded, place: Place) -> Operand:
    environment = loaded.environment
    receipt = place.ledger.receipt(environment.tenant, environment.name) if place.live else None
    vault = place.vault(loaded, receipt)
    return Operand(
        environment.id, "files", environment.id, environment.domain,
        loaded.desired.tenant, loaded, vault=vault,
    )  # fmt: skip


def _past(target: str, commit: str, place: Place) -> Operand:
    """The files as a commit has them; what it says of secrets is not asked for a value."""
    with TemporaryDirectory(prefix="tenantctl-") as folder:
        root = Path(folder).resolve()
        whole = past(place.root, commit, root)
        try:
            loaded = load(root, *find(root, target))
        except UsageError as error:
            if not tenants(root):
                raise UsageError(
                    f"commit {commit} has no tenants/*/tenant.yaml", help=LATER
                ) from None
            raise UsageError(f"at commit {commit}, {error.message}", help=error.help) from None
        except FilesError as error:
            told = (replace(each, file=f"{commit}:{each.file}") for each in error.problems)
            raise FilesError(told) from None
    environment = loaded.environment
    secrets = environment.secrets.items()
    versions = {name: secret.version for name, secret in secrets if secret.version}
    short = whole[:SHORT]
    name = f"{environment.id}@{short if whole.startswith(commit) else f'{commit} ({short})'}"
    return Operand(
        name, "files", environment.id, environment.domain,
        loaded.desired.tenant, loaded, vault=Vault(versions=versions),
    )  # fmt: skip


def _live(target: str, place: Place) -> Operand:
    loaded = load(place.root, *find(place.root, target))
    environment = loaded.environment
    receipt = place.ledger.receipt(environment.tenant, environment.name)
    return Operand(
        f"live {environment.id}", "live", environment.id, environment.domain,
        loaded=loaded, entries=receipt.entries if receipt else {}, receipt=receipt,
        vault=place.vault(loaded, receipt),
    )  # fmt: skip


def _receipt(text: str, place: Place) -> Operand:
    """A receipt of an environment, which need not have a file any more."""
    target, mark, name = text.partition("@")
    tenant, _, environment = target.rpartition("/")
    if not tenant:
        tenant, environment = find(place.root, target)
    ledger = place.ledger
    last = None if mark else ledger.receipt(tenant, environment)
    receipt = _named(name, ledger, tenant, environment) if mark else last
    if receipt is None:
        raise UsageError(
            f"{tenant}/{environment} has no receipt: nothing was applied from here yet",
            help=f"tenantctl receipts fetch {tenant}/{environment}, or apply",
        )
    kept = f"receipt of {tenant}/{environment}" + (f" of {receipt.when}" if receipt.when else "")
    return _of_entries(kept, "receipt", receipt, place)


def _named(name: str, ledger: Ledger, tenant: str, environment: str) -> Receipt:
    """The newest receipt that *name* means: its name or its beginning, of a digest or commit."""
    for stem, receipt in ledger.history(tenant, environment):
        words = (receipt.digest, receipt.commit) if len(name) >= BEGINNING else ()
        if name and (stem.startswith(name) or any(word.startswith(name) for word in words)):
            return receipt
    raise UsageError(
        f"{tenant}/{environment} has no receipt {name}",
        help=f"tenantctl receipts log {tenant}/{environment} lists them; a digest or a commit is"
        f" named by its first {BEGINNING} characters or more",
    )


def _file(path: Path, place: Place) -> Operand:
    """A plan or a backup, told by what is in the file."""
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise UsageError(f"there is no file {path}", help=f"compare {FORMS}") from None
    except (OSError, ValueError, RecursionError):
        document = None
    held = document if isinstance(document, dict) else {}
    if "plan" in held:
        return _of_entries(str(path), "plan", read_plan(path), place)
    if "backup" in held:
        return _of_backup(path)
    raise UsageError(
        f"{path} is neither a plan nor a backup",
        help="tenantctl plan ... --out FILE and tenantctl backup ... --to FILE make such files",
    )


def _of_backup(path: Path) -> Operand:
    backup = read_backup(path)
    id = f"{backup.tenant}/{backup.environment}"
    known, notes = _of_known_kinds(str(path), backup.resources)
    notes += [f"{path} has no {what}: {why}." for what, why in sorted(backup.unread.items())]
    return Operand(
        f"{path} ({backup.when})", "backup", id, backup.domain,
        Tenant(known), backup=replace(backup, resources=known), notes=tuple(notes),
    )  # fmt: skip


def _of_known_kinds(name: str, found: Mapping[Address, T]) -> tuple[dict[Address, T], list[str]]:
    """What of *found* this version knows the kind of, and a note on the rest."""
    strange = sorted({address.kind for address in found if address.kind not in KINDS})
    note = f"{name} has {', '.join(strange)}, which this version does not know."
    known = {address: each for address, each in found.items() if address.kind in KINDS}
    return known, [note] if strange else []


def _of_entries(name: str, form: str, said: Plan | Receipt, place: Place) -> Operand:
    """What a plan or a receipt says of each address: its declared fields as they are applied."""
    entries, notes = _of_known_kinds(name, said.entries)
    known = {a: e for a, e in entries.items() if e.fields or not e.paths}
    silent = len(entries) - len(known)
    if silent and not known:
        raise UsageError(
            f"{name} was made by an earlier version of tenantctl and holds no values",
            help="make it again with this version; the next apply writes a receipt that does",
        )
    if silent:
        notes.append(f"{name} does not say what {silent} addresses were like.")
    if isinstance(said, Plan) and said.digest.startswith(BACKUP):
        notes.append(f"{name} leads back to a backup: it says only what applies have made.")
    elif isinstance(said, Plan) and said.selection:
        notes.append(f"{name} carries out a part of what it says: {', '.join(said.selection)}.")
    return Operand(
        name, form, f"{said.tenant}/{said.environment}", said.domain,
        Tenant({address: Resource(address, entry.fields) for address, entry in known.items()}),
        entries=known, receipt=said if isinstance(said, Receipt) else None,
        vault=_today(said, place), notes=tuple(notes),
    )  # fmt: skip


def _today(said: Plan | Receipt, place: Place) -> Vault:
    """What is known of the secrets of an environment now; nothing where it has no file."""
    try:
        return place.vault_of(read_environment(place.root, said.tenant, said.environment), ())
    except (UsageError, FilesError):
        return Vault()


def _mark_of(entries: Mapping[Address, Entry]) -> Mark:
    """The marks that *entries* kept, by the secrets and hidden values that they are of."""
    found: dict[str, tuple[str, str]] = {}
    for address, entry in entries.items():
        lens = Lens(KINDS[address.kind], entry.fields)
        for path, value in leaves(lens, KINDS[address.kind].sealing(entry.fields)):
            if path in entry.sealed:
                found[text_of(value)] = entry.sealed[path]
    return lambda value: found.get(text_of(value), ("", ""))
