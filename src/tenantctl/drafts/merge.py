"""Several environments of one product, each written down, as one definition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from tenantctl.drafts.naming import IN_FILES, names, paths, written_out
from tenantctl.drafts.overlay import Overlay, Spot, Voice
from tenantctl.drafts.written import Body, Definition, Here, Tag, Written
from tenantctl.kinds import KINDS
from tenantctl.model import ABSENT, Address, Json, Note

TYPES: Mapping[type, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "list",
    dict: "map",
}


def unite(written: Mapping[str, Written], here: Mapping[str, Here]) -> Definition:
    """One definition of what is *written* of each environment, the last nearest to production.

    What most environments say stands in the definition, of equally many the last one's; what
    others say, they say over it. Loading an environment gives back what was written of it. *here*
    has the settings and the sources of secrets of each.
    """
    types, notes = _types(written)
    apart = _placed({name: _spelled_out(each, types) for name, each in written.items()})
    addresses = sorted({address for bodies in apart.bodies.values() for address in bodies})
    voices = {
        name: Voice(each.variables, _known(each, here[name], types))
        for name, each in written.items()
    }
    bodies: dict[Address, Body] = {}
    overrides: dict[str, dict[Address, Body]] = {name: {} for name in written}
    for address in addresses:
        said = {name: each[address] for name, each in apart.bodies.items() if address in each}
        overlay = Overlay({name: voices[name] for name in said}, apart.files)
        agreed = overlay.agreed(said)
        if agreed is not None:
            bodies[address] = agreed
            continue
        spot = Spot(KINDS[address.kind], next(reversed(said.values())), forced=True)
        bodies[address] = overlay.base(said, spot)
        for name, body in said.items():
            over = overlay.over(voices[name], bodies[address], body, spot)
            if over is not ABSENT:
                overrides[name][address] = over
    found = _Found(written, here, apart, bodies, overrides)
    return replace(found.definition(types), notes=tuple(notes))


@dataclass(frozen=True, slots=True)
class _Apart:
    """The bodies of each environment, and the files of all of them, each path one text."""

    bodies: Mapping[str, Mapping[Address, Body]]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Found:
    """The definition and its overrides, before what they name is declared."""

    written: Mapping[str, Written]
    here: Mapping[str, Here]
    apart: _Apart
    bodies: Mapping[Address, Body]
    overrides: Mapping[str, Mapping[Address, Body]]

    def definition(self, types: Mapping[str, str]) -> Definition:
        used = {name: self._used(name) for name in self.written}
        named = set().union(*used.values())
        files = {path for part in (self.bodies, self.overrides) for path in paths(part)}
        secrets = {
            name: use for each in self.written.values() for name, use in each.secrets.items()
        }
        return Definition(
            bodies=self.bodies,
            files={path: self.apart.files[path] for path in sorted(files)},
            secrets={name: secrets.get(name, "") for what, name in named if what == "secret"},
            variables={
                name: types.get(name, "string") for what, name in named if what == "variable"
            },
            only=dict(self._only()),
            environments={name: self._environment(name, used[name], named) for name in used},
        )

    def _used(self, name: str) -> set[tuple[str, str]]:
        """What an environment has to have a value for."""
        has = self.apart.bodies[name]
        parts = ([self.bodies[address] for address in has], self.overrides[name])
        return {each for part in parts for each in names(part, self.apart.files)}

    def _only(self) -> Iterator[tuple[Address, tuple[str, ...]]]:
        for address in self.bodies:
            having = tuple(name for name, each in self.apart.bodies.items() if address in each)
            if len(having) < len(self.written):
                yield address, having

    def _environment(
        self, name: str, used: set[tuple[str, str]], named: set[tuple[str, str]]
    ) -> Here:
        here = self.here[name]
        values = self.written[name].variables
        return replace(
            here,
            variables={v: values[v] for what, v in used if what == "variable" and v in values},
            secrets={k: v for k, v in here.secrets.items() if ("secret", k) in named},
            overrides=self.overrides[name],
        )


def _known(written: Written, here: Here, types: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    variables = {("variable", name) for name in written.variables if name in types}
    return frozenset(variables | {("secret", name) for name in here.secrets})


def _types(written: Mapping[str, Written]) -> tuple[dict[str, str], list[Note]]:
    """The types of those variables that can be one, and a note for each other."""
    types, notes = {}, []
    for name in sorted({name for each in written.values() for name in each.variables}):
        values = {env: w.variables[name] for env, w in written.items() if name in w.variables}
        found = {env: TYPES.get(type(value), "null") for env, value in values.items()}
        kinds = set(found.values())
        if any(map(_has_marker, values.values())):
            notes.append(_no_variable(name, "a value of it has ${ in it"))
        elif kinds == {"integer", "number"}:
            types[name] = "number"
        elif len(kinds) == 1 and "null" not in kinds:
            types[name] = kinds.pop()
        else:
            told = ", ".join(f"{type} in {env}" for env, type in found.items())
            notes.append(_no_variable(name, f"it is {told}"))
    return types, notes


def _has_marker(value: Json) -> bool:
    if isinstance(value, Mapping):
        return any(map(_has_marker, value.values()))
    if isinstance(value, list):
        return any(map(_has_marker, value))
    return isinstance(value, str) and "${" in value


def _no_variable(name: str, why: str) -> Note:
    message = f"{name} is no variable: {why}"
    return Note("guess", message, help="its values are written out where they stood")


def _spelled_out(written: Written, types: Mapping[str, str]) -> Written:
    """*written* without the variables that are none."""
    gone = {name: value for name, value in written.variables.items() if name not in types}
    if not gone:
        return written
    verbatim = {path for body in written.bodies.values() for path in paths(body, ("file",))}
    return replace(
        written,
        bodies={address: written_out(body, gone) for address, body in written.bodies.items()},
        files={
            path: text if path in verbatim else written_out(text, gone)
            for path, text in written.files.items()
        },
    )


def _placed(written: Mapping[str, Written]) -> _Apart:
    """A path for every text of every environment: its own, where most have that text there."""
    files: dict[str, str] = {}
    moved: dict[str, dict[str, str]] = {name: {} for name in written}
    for path in sorted({path for each in written.values() for path in each.files}):
        texts = {name: each.files[path] for name, each in written.items() if path in each.files}
        order = list(texts.values())
        rank = {text: (order.count(text), n) for n, text in enumerate(order)}
        usual = max(rank, key=lambda text: rank[text])
        files[path] = usual
        own: dict[str, str] = {usual: path}
        for name, text in reversed(texts.items()):
            if text not in own:
                own[text] = _own_path(path, name, files, written)
                files[own[text]] = text
            moved[name][path] = own[text]
    return _Apart(
        {
            name: {a: _with_paths(body, moved[name]) for a, body in each.bodies.items()}
            for name, each in written.items()
        },
        files,
    )


def _own_path(
    path: str, name: str, files: Mapping[str, str], written: Mapping[str, Written]
) -> str:
    """A path beside *path* for what the environment *name* has there: `actions/x.prod.js`."""
    pure = PurePosixPath(path)
    found = str(pure.with_name(f"{pure.stem}.{name}{pure.suffix}"))
    number = 2
    while found in files or any(found in each.files for each in written.values()):
        found = str(pure.with_name(f"{pure.stem}.{name}-{number}{pure.suffix}"))
        number += 1
    return found


def _with_paths(value: Any, moved: Mapping[str, str]) -> Any:
    match value:
        case Mapping():
            return {key: _with_paths(item, moved) for key, item in value.items()}
        case list() | tuple():
            return [_with_paths(item, moved) for item in value]
        case Tag(tag, path) if tag in IN_FILES:
            return Tag(tag, moved.get(path, path))
    return value
