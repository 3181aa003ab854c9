"""A definition as the files of a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tenantctl.drafts.place import MANY, Fragment, fragment_file, nested, place
from tenantctl.drafts.write import schema_line, text_of_yaml
from tenantctl.drafts.written import Definition, Here
from tenantctl.playbooks import Playbook


def project_files(definition: Definition, tenant: str, playbook: Playbook) -> dict[str, str]:
    """The text of every file of a *tenant* and its environments, by path below the project.

    Loading them gives back the definition. Nothing is written.
    """
    bodies = {
        address: {"$only": list(definition.only[address]), **body}
        if address in definition.only
        else body
        for address, body in definition.bodies.items()
    }
    fragments = place(bodies, playbook)
    below = f"tenants/{tenant}"
    return {
        f"{below}/tenant.yaml": _tenant_file(definition, fragments, playbook),
        **{f"{below}/{file}": text for file, text in _fragment_files(fragments, playbook)},
        **{f"{below}/{file}": text for file, text in definition.files.items()},
        **{
            f"environments/{tenant}/{name}.yaml": environment_file(here)
            for name, here in definition.environments.items()
        },
    }


def phases(definition: Definition, playbook: Playbook) -> tuple[int, ...]:
    """The phases that something of *definition* belongs to, the first at least."""
    topics = {fragment.topic for fragment in place(definition.bodies, playbook)}
    return tuple(sorted({1, *(playbook.topic(topic).phase for topic in topics)}))


def _tenant_file(
    definition: Definition, fragments: tuple[Fragment, ...], playbook: Playbook
) -> str:
    used = {fragment.topic for fragment in fragments}
    adopted = [topic for topic in playbook.topics if topic in used]
    settings: dict[str, Any] = {"playbook": playbook.id, "adopts": adopted}
    if definition.variables:
        settings["variables"] = {
            name: {"type": type} for name, type in sorted(definition.variables.items())
        }
    if definition.secrets:
        settings["secrets"] = {
            name: {"description": use} for name, use in sorted(definition.secrets.items())
        }
    return schema_line("tenant", 2) + _blocks(settings)


def environment_file(here: Here) -> str:
    """The text of an environment's file."""
    found: dict[str, Any] = dict(here.settings)
    for name in ("variables", "secrets"):
        if entries := getattr(here, name):
            found[name] = dict(sorted(entries.items()))
    if here.overrides:
        found["overrides"] = {str(a): body for a, body in sorted(here.overrides.items())}
    return schema_line("environment", 2) + _blocks(found)


def _fragment_files(
    fragments: tuple[Fragment, ...], playbook: Playbook
) -> Iterator[tuple[str, str]]:
    """Each file with its text: one for a workstream, one for a kind of which there are many."""
    amounts = Counter((playbook.topic(f.topic).phase, f.address.kind) for f in fragments)
    files: dict[str, dict[str, Any]] = {}
    for fragment in fragments:
        phase = playbook.topic(fragment.topic).phase
        kind = fragment.address.kind if amounts[phase, fragment.address.kind] > MANY else ""
        file = files.setdefault(fragment_file(fragment.topic, playbook, kind), {})
        _merge(file.setdefault(fragment.topic, {}), nested(fragment.address, fragment.body))
    for name, topics in sorted(files.items()):
        yield name, schema_line("fragment", 3) + _blocks(topics)


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Put *more* into *into*; only maps of keys meet, never two bodies."""
    for key, value in more.items():
        if key in into and isinstance(value, Mapping):
            _merge(into[key], value)
        else:
            into[key] = dict(value) if isinstance(value, Mapping) else value


def _blocks(entries: Mapping[str, Any]) -> str:
    """Entries with an empty line between those of more than a line."""
    texts = [text_of_yaml({key: value}) for key, value in entries.items()]
    found = ""
    for before, text in zip(["", *texts], texts, strict=False):
        long = text.count("\n") > 1 or before.count("\n") > 1
        found += ("\n" if found and long else "") + text
    return found
