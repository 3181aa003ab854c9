"""A tenant in the words of a project: what a person would write, before it is spread over files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tenantctl.model import Address, Json, Note

Body: TypeAlias = Mapping[str, Any]
"""The authored form of a resource: YAML's own values, and a Tag wherever a value has a tag.

Strings are as they are written: with `${...}` for what is put in, and `$${` for a literal `${`.
"""


@dataclass(frozen=True, slots=True)
class Tag:
    """A tagged value: `!tag text`, of `append` and `without` a list of *items*."""

    tag: str
    text: str = ""
    items: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """One environment of a tenant, written down.

    *bodies* hold what hangs on a resource inside it. *files* are code and templates, by their path
    below the tenant's folder. *secrets* are the names that bodies use, with what each is for;
    *variables* the values of those that bodies use.
    """

    domain: str
    bodies: Mapping[Address, Body]
    files: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, Json] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Here:
    """What one environment says over the definition: the content of its file.

    *settings* are the plain entries of the file that are none of the others: `kind`, `domain`,
    `phases`, `credentials`, `policy`, `gates`, ... *secrets* maps a name to its entry, such as
    `{"from": "env:X"}`.
    """

    settings: Mapping[str, Json]
    variables: Mapping[str, Json] = field(default_factory=dict)
    secrets: Mapping[str, Json] = field(default_factory=dict)
    overrides: Mapping[Address, Body] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole tenant with its environments, before it is spread over files.

    *only*: the environments that have a resource, where not all do. *variables*: name to type.
    """

    bodies: Mapping[Address, Body]
    files: Mapping[str, str]
    secrets: Mapping[str, str]
    variables: Mapping[str, str]
    only: Mapping[Address, tuple[str, ...]]
    environments: Mapping[str, Here]
    notes: tuple[Note, ...] = ()
