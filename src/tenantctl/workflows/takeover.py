"""Taking over what exists: drafts of one tenant's environments become a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tenantctl.drafts import Definition, Here, project_files, unite, unplaced, write_down
from tenantctl.drafts import phases as phases_of
from tenantctl.model import Credentials, Draft, Environment, Json, Note
from tenantctl.playbooks import Playbook

EMBEDDED = "embedded"
KINDS_OF_ENVIRONMENTS = {
    "development": ("dev", "develop", "development", "local", "sandbox"),
    "qa": ("qa", "test", "testing", "uat", "int", "integration"),
    "staging": ("staging", "stage", "stg", "preprod", "preview"),
    "production": ("prod", "production", "prd", "live", "main"),
}
"""What environments of a kind are called, in whole or as a word of their name."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for: the *tenant*'s name, and how it is to be written.

    *live*: it was read from a live tenant, which has its secrets. *full*: defaults too.
    """

    tenant: str
    playbook: Playbook
    live: bool = False
    full: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """Files that were made of something else, not yet on disk.

    *texts*: by path below the project. *counts*: resources of each kind that they declare anew.
    *definition*: what they say, of a project that is new.
    """

    texts: Mapping[str, str]
    counts: Mapping[str, int]
    notes: tuple[Note, ...]
    definition: Definition | None = None


def take_over(
    drafts: Mapping[str, Draft], wanted: Wanted, settings: Mapping[str, Mapping[str, Json]]
) -> Taken:
    """The project that says what *drafts*, one for each environment, say. Pure.

    *settings* are the plain entries of each environment's file.
    """
    written = {name: write_down(draft, full=wanted.full) for name, draft in drafts.items()}
    here = {
        name: Here(
            settings=settings[name],
            variables=each.variables,
            secrets={s: secret_entry(s, settings[name], live=wanted.live) for s in each.secrets},
        )
        for name, each in written.items()
    }
    united = unite(written, here)
    released = list(phases_of(united, wanted.playbook))
    definition = replace(
        united,
        environments={
            name: replace(each, settings={**each.settings, "phases": released})
            for name, each in united.environments.items()
        },
    )
    texts = project_files(definition, wanted.tenant, wanted.playbook)
    notes = [note for each in written.values() for note in each.notes]
    notes += [*united.notes, *unplaced(united.bodies, wanted.playbook)]
    found = {address for draft in drafts.values() for address in draft.resources}
    counts = Counter(address.kind for address in found)
    return Taken(texts, counts, tuple(dict.fromkeys(notes)), definition)


def new_settings(name: str, domain: str) -> dict[str, Json]:
    """The plain entries of the file of an environment that did not have one.

    Without a *domain* it is embedded: a tenant on this machine is wrong for nobody.
    """
    found: dict[str, Json] = {"kind": kind_of(name), "domain": domain or EMBEDDED}
    if domain:
        upper = name.upper().replace("-", "_")
        login = {
            "client_id": f"env:AUTH0_{upper}_CLIENT_ID",
            "client_secret": f"env:AUTH0_{upper}_CLIENT_SECRET",
        }
        found["credentials"] = {"plan": login, "apply": dict(login)}
    return {**found, "phases": [1], "gates": "report"}


def settings_of(environment: Environment) -> dict[str, Json]:
    """The plain entries of a file that says what is known of *environment*."""
    found: dict[str, Json] = {
        "kind": environment.kind,
        "domain": EMBEDDED if environment.embedded else environment.domain,
        "phases": list(environment.phases),
        "gates": environment.gates,
    }
    if environment.subscription:
        found["subscription"] = environment.subscription
    if environment.credentials:
        found["credentials"] = {
            verb: _login(credentials) for verb, credentials in environment.credentials.items()
        }
    return found


def _login(credentials: Credentials) -> dict[str, str]:
    parts = {
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret,
        "private_key": credentials.private_key,
    }
    return {
        name: source.name if source.scheme == "literal" else str(source)
        for name, source in parts.items()
        if source is not None
    }


def secret_entry(name: str, settings: Mapping[str, Json], *, live: bool) -> Json:
    """Where an environment has a secret from: made up for an embedded tenant, else its shell.

    What a *live* tenant has now is its version 1.
    """
    source = "generated" if settings["domain"] == EMBEDDED else f"env:{name}"
    return {"from": source, "version": 1} if live else {"from": source}


def kind_of(name: str) -> str:
    """What kind of environment is called *name*."""
    words = set(name.lower().replace("_", "-").split("-"))
    for kind, called in KINDS_OF_ENVIRONMENTS.items():
        if words & set(called):
            return kind
    return "development"
