"""Generate schemas/: JSON Schemas (draft-07) with which editors check and complete the YAML files.

    python -m tools.generate_schemas            write the files
    python -m tools.generate_schemas --check    write nothing, exit 1 where one is out of date

They are made of the kinds, the request shapes and the playbooks: one for each form of file, and
below `kinds/` one for each kind, which fragments and overrides refer to.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.authored_shapes import Schema, closed
from tools.fleet_schema import fleet
from tools.kind_schemas import keyed, kind_schema, said
from tools.tests_schema import tests

from tenantctl.files.definition import KEYS as TENANT_KEYS
from tenantctl.files.definition import TYPES
from tenantctl.files.environments import INHERITED
from tenantctl.files.environments import OWN as ENVIRONMENT_KEYS
from tenantctl.files.own import OWN
from tenantctl.files.policies import APPROVAL, DELETE, DURATION, REHEARSE
from tenantctl.files.policies import KEYS as POLICY_KEYS
from tenantctl.files.promises import STATED, WAIVED, attestation_names
from tenantctl.files.sharing import KEYS as SHARED_KEYS
from tenantctl.files.sources import FORMS
from tenantctl.kinds import KINDS, Kind
from tenantctl.model.environment import KINDS as ENVIRONMENT_KINDS
from tenantctl.model.environment import SUBSCRIPTIONS
from tenantctl.playbooks import NAMES, checks, playbook, scopes
from tenantctl.playbooks.form import SCHEMA as PLAYBOOK

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
DRAFT = "http://json-schema.org/draft-07/schema#"
DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def schemas() -> Mapping[str, Schema]:
    """All schemas by file name."""
    return {
        "tenant.json": tenant(),
        "fragment.json": fragment(),
        "environment.json": environment(),
        "attestations.json": attestations(),
        "playbook.json": own_playbook(),
        "fleet.json": {"$schema": DRAFT, **fleet(environment())},
        "tests.json": {"$schema": DRAFT, **tests()},
        **{
            f"kinds/{kind.name}.json": {"$schema": DRAFT, **kind_schema(kind)}
            for kind in written_kinds()
        },
    }


def texts() -> Schema:
    return {"type": "array", "items": {"type": "string"}}


# --- tenant.yaml ------------------------------------------------------------------------------


def tenant() -> Schema:
    ids = sorted({topic for name in NAMES for topic in playbook(name).topics})
    text = {"type": "string"}
    variable = closed({"type": {"enum": list(TYPES)}, "description": text})
    properties = {
        "playbook": {"anyOf": [{"enum": list(NAMES)}, {"type": "string", "pattern": OWN.pattern}]},
        "adopts": {"type": "array", "uniqueItems": True, "items": text},
        "declines": {"type": "object", "additionalProperties": text},
        "variables": keyed(variable, "^[A-Za-z_][A-Za-z0-9_]*$"),
        "secrets": keyed(closed({"description": text}), "^[A-Za-z_][A-Za-z0-9_]*$"),
        "parameters": closed(_told(scopes()["parameters"])),
        "waivers": {"type": "array", "items": _waiver()},
    }
    assert properties.keys() == set(TENANT_KEYS)
    head = {"$schema": DRAFT, "title": "tenant.yaml of tenantctl"}
    ours = {
        "if": {"properties": {"playbook": {"enum": list(NAMES)}}},
        "then": {
            "properties": {
                "adopts": {"items": {"enum": ids}},
                "declines": closed(dict.fromkeys(ids, text)),
            }
        },
    }
    return {**head, **closed(properties, required=["playbook"]), **ours}


def _told(properties: Mapping[str, Any]) -> dict[str, Schema]:
    """What people say of themselves, in maps that take nothing else."""
    return {
        name: {**each, **closed(_told(each["properties"]))} if "properties" in each else dict(each)
        for name, each in properties.items()
    }


def _waiver() -> Schema:
    ids = sorted({check.id for name in NAMES for check in checks(playbook(name))})
    text = {"type": "string"}
    properties = {
        "check": {"enum": ids},
        "reason": text,
        "owner": text,
        "expires": DAY,
        "environments": texts(),
    }
    assert properties.keys() == set(WAIVED)
    return closed(properties, required=list(WAIVED[:4]))


# --- a team's own playbook --------------------------------------------------------------------


def own_playbook() -> Schema:
    """The form that files are read by, in the words of the draft that editors know."""
    text = json.dumps(PLAYBOOK).replace("#/$defs/", "#/definitions/")
    schema: Schema = json.loads(text)
    schema["definitions"] = schema.pop("$defs")
    return {"$schema": DRAFT, "title": "A playbook of tenantctl", **schema}


# --- environments/<tenant>/attestations.yaml --------------------------------------------------


def attestations() -> Schema:
    text = {"type": "string"}
    properties = {
        "by": text,
        "on": DAY,
        "until": DAY,
        "environments": texts(),
        "link": {"type": "string", "pattern": "^https://"},
    }
    assert properties.keys() == set(STATED)
    one = closed(properties, required=list(STATED[:2]))
    many = {"anyOf": [one, {"type": "array", "items": one}]}
    names = sorted({each for name in NAMES for each in attestation_names(playbook(name))})
    head = {"$schema": DRAFT, "title": "What people attest of a tenant"}
    return {**head, **closed(dict.fromkeys(names, many))}


# --- environments/<tenant>/<env>.yaml ---------------------------------------------------------


def environment() -> Schema:
    source = _source()
    secret = closed(
        {
            "from": {"anyOf": [source, {"const": "generated"}]},
            "version": {"type": ["string", "integer"]},
        },
        required=["from"],
    )
    credentials = closed(
        {"client_id": {"type": "string"}, "client_secret": source, "private_key": source},
        required=["client_id"],
    )
    properties = {
        "kind": {"enum": list(ENVIRONMENT_KINDS)},
        "domain": {"type": "string", "description": "The tenant's domain, or embedded"},
        "phases": {"type": "array", "items": {"type": "integer"}},
        "promotes_from": {"type": "string"},
        "inherits": {"type": "string"},
        "subscription": {"enum": list(SUBSCRIPTIONS)},
        "credentials": closed({"plan": credentials, "apply": credentials}),
        "fingerprint_key": source,
        "variables": {"type": "object"},
        "secrets": {"type": "object", "additionalProperties": secret},
        "policy": _policy(),
        "receipts": _receipts(),
        "gates": {"enum": ["report", "enforce"]},
        "hold": texts(),
        "live": texts(),
        "pins": {"type": "object", "additionalProperties": {"type": "string"}},
        "topics": {"type": "object", "additionalProperties": {"enum": ["declined", "adopted"]}},
        "operations": closed(_told(scopes()["operations"])),
        "overrides": {
            "type": "object",
            "additionalProperties": False,
            "patternProperties": dict(_overrides()),
        },
    }
    assert properties.keys() == {*ENVIRONMENT_KEYS, *INHERITED}
    head = {"$schema": DRAFT, "title": "An environment of tenantctl"}
    return {**head, **closed(properties, required=["kind", "domain"])}


def _overrides() -> Iterator[tuple[str, Schema]]:
    """What may stand over an address: the fields of its kind."""
    for kind in written_kinds():
        file = f"kinds/{kind.name}.json#/definitions/resource"
        if "{key}" in kind.shape:
            for part in kind.values:
                yield f"^{kind.name}[.]{part}$", {"$ref": f"{file}.{part}"}
        else:
            end = "$" if kind.singleton else "[.]."
            yield f"^{kind.name}{end}", {"$ref": file}


def _policy() -> Schema:
    limit = {
        "anyOf": [
            {"type": "integer", "minimum": 0},
            {"type": "string", "pattern": r"^\d+(\.\d+)?\s*%$"},
        ]
    }
    text = {"type": "string"}
    allow = closed(
        {"rule": text, "address": text, "reason": text, "expires": text},
        required=["rule", "address", "reason"],
    )
    properties = {
        "delete": {"enum": list(DELETE)},
        "protect": texts(),
        "max_deletes": limit,
        "max_changes": limit,
        "approval": {"enum": list(APPROVAL)},
        "replace": texts(),
        "allow": {"type": "array", "items": allow},
        "rehearse": {"enum": list(REHEARSE)},
        "soak": _duration(),
        "max_drift_age": _duration(),
    }
    assert properties.keys() == set(POLICY_KEYS)
    return closed(properties)


def _source() -> Schema:
    forms = "|".join(f"{scheme}:{form}" for scheme, form in FORMS.items())
    return {"type": "string", "pattern": f"^({forms})$"}


def _duration() -> Schema:
    return {"type": "string", "pattern": f"^{DURATION.pattern}$"}


def _receipts() -> Schema:
    properties = {
        "remote": {"type": "string"},
        "branch": {"type": "string"},
        "lease": _duration(),
        "sign": _source(),
        "trust": texts(),
    }
    assert properties.keys() == set(SHARED_KEYS)
    return {**closed(properties), "description": "Share receipts and leases over a Git remote"}


# --- phase<N>/*.yaml --------------------------------------------------------------------------


def fragment() -> Schema:
    bodies = {
        kind.name: {"$ref": f"kinds/{kind.name}.json", "description": said(kind)}
        for kind in written_kinds()
    }
    for kind in written_kinds():
        if kind.legacy:
            bodies[kind.name]["deprecationMessage"] = f"Legacy. Instead: {kind.legacy}."
    topics = {
        topic.id: {"$ref": "#/definitions/kinds", "description": topic.name}
        for name in NAMES
        for topic in playbook(name).topics.values()
    }
    head = {"$schema": DRAFT, "title": "What topics say about a tenant, for tenantctl"}
    return {**head, **closed(topics), "definitions": {"kinds": closed(bodies)}}


def written_kinds() -> list[Kind]:
    """The kinds whose names stand under a topic."""
    return [kind for kind in KINDS.values() if not kind.authored_in and not kind.given]


# --- writing ----------------------------------------------------------------------------------


def written() -> Mapping[str, str]:
    """What each file should say."""
    return {name: rendered(schema) for name, schema in schemas().items()}


def rendered(schema: Schema) -> str:
    """Compact, with a line for each word of the top and each definition, for readable diffs."""
    lines = [f"{json.dumps(word)}:{compact(value)}" for word, value in schema.items()]
    if definitions := schema.get("definitions"):
        each = [f" {json.dumps(name)}:{compact(value)}" for name, value in definitions.items()]
        lines[-1] = '"definitions":{\n' + ",\n".join(each) + "\n}"
    return "{\n" + ",\n".join(lines) + "\n}\n"


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def main(*, check: bool) -> int:
    fresh = written()
    stale = stale_names(fresh)
    for name in stale:
        print(f"{'out of date' if check else 'written'}: schemas/{name}")
        path = SCHEMAS / name
        if check:
            continue
        path.parent.mkdir(exist_ok=True)
        if name in fresh:
            path.write_text(fresh[name], encoding="utf-8")
        else:
            path.unlink()
    sizes = [len(text.encode()) for text in fresh.values()]
    print(f"{len(sizes)} schemas, {sum(sizes):,} bytes, the largest {max(sizes):,}")
    return int(check and bool(stale))


def stale_names(fresh: Mapping[str, str]) -> list[str]:
    """The files that are not what they should be, or should not be."""
    present = {
        path.relative_to(SCHEMAS).as_posix(): path.read_text(encoding="utf-8")
        for path in SCHEMAS.rglob("*.json")
    }
    names = fresh.keys() | present.keys()
    return sorted(name for name in names if fresh.get(name) != present.get(name))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    sys.exit(main(check=parser.parse_args().check))
