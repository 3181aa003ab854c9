"""From the flat resources of a draft to what a person would write of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from tenantctl.drafts.written import Tag, Written
from tenantctl.files.names import written_key
from tenantctl.kinds import KINDS, Kind, fold, said, text_of
from tenantctl.model import (
    ABSENT,
    Address,
    Draft,
    Foreign,
    Note,
    Path,
    Ref,
    Resource,
    Sealed,
    Secret,
    Text,
    Value,
    Var,
    same,
    secret_names,
)

DOMAIN = "tenant_domain"
"""The variable that stands for the tenant's own domain inside texts."""
ENDINGS = {"code": "js", "html": "html", "liquid": "liquid", "json": "json"}
DEVICE = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
"""Names that are no files on Windows, whatever follows the dot."""
LONGEST = 100
"""Most letters of a file's name, without its ending: some disks take no more than 255 bytes."""
SHORT = 100
"""Longest text of one line that stays in the YAML although it is code or a template."""


def write_down(draft: Draft, *, full: bool = False) -> Written:
    """*draft* as it would be written by hand: the inverse of loading.

    What goes without saying is left out, unless *full*: defaults, and what a kind implies. So is
    what others make, which can only be named. Code and templates go into files, secrets become
    `!secret` under a name that tells where they belong, and the tenant's own domain inside a text
    becomes a variable.
    """
    pen = _Pen(draft, full)
    bodies: dict[Address, dict[str, Any]] = {}
    inner = []
    for address, resource in sorted(draft.resources.items()):
        kind = KINDS[address.kind]
        if kind.given:
            continue
        body = pen.body(kind, resource)
        if kind.authored_in:
            inner.append((address, kind, body))
        elif body or not _goes_without_saying(kind, address):
            bodies[address] = body
    for address, kind, body in inner:
        pen.nest(bodies, address, kind, body)
    variables = {**draft.variables, **pen.variables}
    return Written(
        draft.domain, bodies, pen.files, pen.secrets, variables, (*draft.notes, *pen.notes)
    )


def _goes_without_saying(kind: Kind, address: Address) -> bool:
    """Whether there is nothing to declare about what is there in every tenant."""
    return kind.singleton or kind.fixed or address.key in kind.system


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place in a resource: its authored path, and the path as rules have it."""

    kind: Kind
    address: Address
    fields: Mapping[str, Value]
    path: Path
    ruled: Path

    def key(self, name: str) -> _Spot:
        return replace(self, path=(*self.path, name), ruled=(*self.ruled, name))

    def element(self, index: int) -> _Spot:
        return replace(self, path=(*self.path, str(index)), ruled=(*self.ruled, "[]"))

    def __str__(self) -> str:
        return f"{'.'.join(self.path)} of {self.address}"


@dataclass(slots=True)
class _Pen:
    """What is found out while a draft is written down."""

    draft: Draft
    full: bool
    files: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, Value] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def body(self, kind: Kind, resource: Resource) -> dict[str, Any]:
        """The authored form of one resource, without what hangs on it."""
        address = resource.address
        fields = self._asked(kind, resource)
        if not self.full:
            fields = said(kind, address.key, fields)
        found = {}
        for name, value in fold(kind, fields).items():
            spot = _Spot(kind, address, fields, (name,), (name,))
            written = self._value(spot, value)
            if written is not ABSENT and not _said_by_key(kind, address, name, value):
                found[name] = written
        return found

    def _asked(self, kind: Kind, resource: Resource) -> dict[str, Value]:
        """The fields of *resource*; what every declaration asks for is told where it is not so."""
        fields = dict(resource.fields)
        for name, value in kind.implied.items():
            if name in fields and not same(fields[name], value):
                message = f"{resource.address} has {name}: {text_of(fields[name])}"
                help = f"whoever declares it asks for {text_of(value)}: the next plan says so"
                place = str(resource.address)
                self.notes.append(Note("guess", message, help=help, address=place))
                fields[name] = value
        return fields

    def nest(
        self,
        bodies: Mapping[Address, dict[str, Any]],
        address: Address,
        kind: Kind,
        body: dict[str, Any],
    ) -> None:
        """Put what hangs on a resource into the *bodies*, under its parent."""
        assert kind.authored_in is not None
        parent, name = kind.authored_in
        key, _, rest = address.key.partition("/")
        home = bodies.get(Address(parent, key))
        if home is None:
            message = f"{address} was left out: there is no {Address(parent, key)}"
            self.notes.append(Note("loss", message, address=str(address)))
        elif rest:
            home.setdefault(name, {})[rest] = body
        elif kind.members:
            members = body if kind.hooks.unfold and kind.members not in body else None
            said = members if members is not None else body.get(kind.members)
            if said or self.full:
                home[name] = said
        else:
            home[name] = body

    def _value(self, spot: _Spot, value: Value) -> Any:
        """*value*, which stands at *spot*, as it is written; ABSENT for nothing."""
        match value:
            case Mapping():
                items = ((k, self._value(spot.key(k), v)) for k, v in value.items())
                return {written_key(k): v for k, v in items if v is not ABSENT}
            case list() | tuple():
                by = spot.kind.rule(spot.ruled, spot.fields).by
                found = (self._element(spot.element(n), v, by) for n, v in enumerate(value))
                return [item for item in found if item is not ABSENT]
            case str() | Text():
                return self._text(spot, self._own_domain(value))
            case Sealed() | Secret() | Var() | Ref() | Foreign():
                return self._special(spot, value)
        return value

    def _element(self, spot: _Spot, value: Value, by: str) -> Any:
        """An element of a list; ABSENT for one that is known *by* an id that leads nowhere."""
        named = value.get(by) if by and isinstance(value, Mapping) else None
        return (
            self._special(spot, named) if isinstance(named, Foreign) else self._value(spot, value)
        )

    def _special(self, spot: _Spot, value: Sealed | Secret | Var | Ref | Foreign) -> Any:
        """What stands for *value* alone; ABSENT for an id that leads nowhere."""
        match value:
            case Sealed():
                return self._secret(Secret(self._secret_name(spot)), spot)
            case Secret():
                return self._secret(value, spot)
            case Var(name):
                return Tag("var", name)
            case Ref():
                return Tag("ref", str(value))
            case Foreign(to, id):
                self._lose(spot, f"{spot} names {to} {id}, which nobody has read")
                return ABSENT

    def _lose(self, spot: _Spot, message: str) -> None:
        note = Note("loss", f"{message}; it was left out", address=str(spot.address))
        self.notes.append(note)

    def _text(self, spot: _Spot, value: str | Text) -> Any:
        rule = spot.kind.rule(spot.ruled, spot.fields)
        plain = value if isinstance(value, str) else "".join(map(_plain, value.parts))
        ending = ENDINGS.get(rule.text)
        if ending and ("\n" in plain or len(plain) > SHORT):
            file = self._file(spot, ending)
            self.files[file] = value if isinstance(value, str) else interpolated(value)
            return Tag("file" if isinstance(value, str) else "template", file)
        for name in secret_names(value):
            self.secrets.setdefault(name, str(spot))
        return interpolated(value)

    def _own_domain(self, value: str | Text) -> str | Text:
        """*value* with the tenant's own domain as a variable, unless it is nothing but text."""
        domain = self.draft.domain
        if not domain or not isinstance(value, str) or domain not in value or "\n" in value:
            return value
        self.variables[DOMAIN] = domain
        pieces = re.split(f"({re.escape(domain)})", value)
        return Text(tuple(Var(DOMAIN) if p == domain else p for p in pieces if p))

    def _secret(self, secret: Secret, spot: _Spot) -> Tag:
        self.secrets.setdefault(secret.name, str(spot))
        return Tag("secret", secret.name)

    def _secret_name(self, spot: _Spot) -> str:
        """A name for the secret at *spot*, which no other secret has."""
        stem = shouted(f"{spot.address.key or spot.address.kind}_{spot.path[-1]}")
        names = _numbered(stem)
        return next(n for n in names if self.secrets.get(n, str(spot)) == str(spot))

    def _file(self, spot: _Spot, ending: str) -> str:
        """The file of a code or a template: no two have the same."""
        words = map(_slug, (*spot.address.key.split("/"), *spot.path[1:]))
        stem = "-".join(w for w in words if w and w != "customscripts") or _slug(spot.path[0])
        stem = f"{stem}-{spot.kind.name}" if DEVICE.fullmatch(stem) else stem[:LONGEST]
        folder = spot.kind.folder or spot.kind.name
        names = (f"{name}.{ending}" for name in _numbered(f"{folder}/{stem}", "-"))
        return next(name for name in names if name not in self.files)


def _said_by_key(kind: Kind, address: Address, name: str, value: Value) -> bool:
    """Whether the key of a resource says already that its field *name* is *value*."""
    if address.key in kind.system:
        return name in kind.key
    if kind.parts:
        return name in (kind.key if kind.fixed else kind.parts)
    return kind.key == (name,) and same(value, address.key.rpartition("/")[2])


def interpolated(value: str | Text) -> str:
    """A text as YAML has it: `${...}` for what is put in, and `$${` for a literal `${`."""
    if isinstance(value, str):
        return value.replace("${", "$${")
    return "".join(_part(part) for part in value.parts)


def _part(part: str | Ref | Secret | Var) -> str:
    match part:
        case str():
            return part.replace("${", "$${")
        case Var(name):
            return f"${{var.{name}}}"
        case Secret(name):
            return f"${{secret.{name}}}"
        case Ref():
            return f"${{{part}}}"


def _plain(part: str | Ref | Secret | Var) -> str:
    return part if isinstance(part, str) else "?"


def shouted(text: str) -> str:
    """*text* as the name of a secret: `ADD_CLAIMS_CRM_KEY`."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", text)
    name = re.sub(r"[^A-Za-z0-9]+", "_", words).strip("_").upper()
    return name if name and not name[0].isdigit() else f"S_{name}".rstrip("_")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-")


def _numbered(stem: str, mark: str = "_") -> Iterator[str]:
    yield stem
    yield from (f"{stem}{mark}{number}" for number in count(2))
