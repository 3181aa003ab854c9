"""A Terraform configuration, as what it makes of a tenant in each environment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from tenantctl.errors import FilesError, Problem
from tenantctl.foreign.item import Item, Source
from tenantctl.foreign.terraform.configuration import Module, Resource, is_sensitive
from tenantctl.foreign.terraform.evaluate import evaluate
from tenantctl.foreign.terraform.folder import Folders, files_in
from tenantctl.foreign.terraform.hiding import hidden
from tenantctl.foreign.terraform.hints import hints
from tenantctl.foreign.terraform.inputs import Given, given, snake, stand_in
from tenantctl.foreign.terraform.items import translated
from tenantctl.foreign.terraform.translate import Found, Translation
from tenantctl.foreign.terraform.values import Unknown, screaming, sealed
from tenantctl.foreign.terraform.variables import traced
from tenantctl.model import Note, Value, same


def read(
    path: Path, environments: Mapping[str, Path | None], *, provider: str | None = None
) -> Mapping[str, Source]:
    """What is declared at *path*, for each of *environments* with its file of variables, if any.

    *path* is a folder of Terraform files, or what `terraform show -json` wrote. *provider* is the
    alias of the provider whose tenant is meant, where there are several. Raises FilesError where
    *path* is nothing of the sort.
    """
    if path.is_file() and path.suffix == ".json" and not path.name.endswith(".tf.json"):
        from tenantctl.foreign.terraform.state import read_state

        return {name: read_state(path) for name in environments}
    _insist(path)
    folder = path.resolve()
    folders = Folders(folder if folder.is_dir() else folder.parent, [])
    every = {name: given(folders, folder, file) for name, file in environments.items()}
    varying = _varying(list(every.values()))
    inputs = {name: _inputs(each, varying) for name, each in every.items()}

    def root(name: str) -> Module:
        return Module(folders, folder, name, inputs[name].values, list(every[name].notes))

    worked = {name: _worked(root(name), provider) for name in every}
    secret = {name for each in worked.values() for name in each.work.hidden}
    return {
        name: _finished(worked[name], each, inputs[name], secret) for name, each in every.items()
    }


def _insist(path: Path) -> None:
    """Raise FilesError unless there are Terraform files at *path*; say where there are some."""
    if files_in(path):
        return
    below = sorted(
        {file.parent.relative_to(path).as_posix() for file in path.rglob("*.tf")}
        if path.is_dir()
        else ()
    )
    help = "name a root module or the JSON that `terraform show -json` writes"
    if below:
        help = f"name the folder of a root module, such as {', '.join(below[:5])}"
    raise FilesError([Problem(str(path), 0, 0, "there are no Terraform files here", help)])


def _varying(every: list[Given]) -> frozenset[str]:
    """The variables that environments set, or that have no value but what they are given."""
    names = {name for each in every for name in each.declared}
    found = set()
    for name in names:
        values = [each.value(name) for each in every]
        alike = all(same(value, values[0]) for value in values)
        without = any("default" not in each.declared[name].body.attributes for each in every)
        if not alike or without:
            found.add(name)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class _Inputs:
    """The values of the root module's variables, and those that are variables of ours."""

    values: Mapping[str, Callable[[], Value]]
    variables: Mapping[str, Value]


def _inputs(every: Given, varying: frozenset[str]) -> _Inputs:
    values: dict[str, Callable[[], Value]] = {}
    variables: dict[str, Value] = {}
    for name, block in every.declared.items():
        value = every.value(name)
        if is_sensitive(block):
            value = sealed(name if isinstance(value, Unknown) else value, screaming(name))
        elif name in varying:
            plain = value
            if isinstance(value, Unknown):
                plain = stand_in(block)
            if plain is not None and not isinstance(plain, Unknown):
                value = traced(plain, snake(name))
                variables[snake(name)] = plain
        values[name] = _always(value)
    return _Inputs(values, variables)


def _always(value: Value) -> Callable[[], Value]:
    return lambda: value


@dataclass(frozen=True, slots=True)
class _Worked:
    """One environment, before it is known which variables are secrets in any of them."""

    root: Module
    domain: str
    items: list[Item]
    work: Translation


def _worked(root: Module, provider: str | None) -> _Worked:
    root.domain = _domain(root, provider or "")
    resources = _of_provider(list(root.resources()), provider, root.notes)
    work = Translation(root.notes)
    found = [Found(each.type, each.address, each.values, each.block.at) for each in resources]
    items = translated(work, found)
    root.notes.extend(hints(root, resources))
    return _Worked(root, _domain(root, resources[0].provider if resources else ""), items, work)


def _finished(worked: _Worked, every: Given, inputs: _Inputs, secret: Collection[str]) -> Source:
    root = worked.root
    items, notes, used = hidden(worked.items, root.notes, secret, worked.work.clear)
    said = [*root.folders.notes, *notes, *_standing(every, used, root.workspace)]
    variables = {key: value for key, value in inputs.variables.items() if key in used}
    return Source(worked.domain, tuple(items), variables, tuple(dict.fromkeys(said)))


def _of_provider(
    resources: list[Resource], provider: str | None, notes: list[Note]
) -> list[Resource]:
    """The resources of one tenant: a provider is one, and several are several."""
    found = list(dict.fromkeys(each.provider for each in resources))
    if provider is None and len(found) > 1:
        shown = ", ".join(name or "(without alias)" for name in found)
        said = f"this configuration is of several tenants, by provider: {shown}; {found[0]} is read"
        notes.append(Note("guess", said, help="name another provider to read its tenant"))
    wanted = provider if provider is not None else next(iter(found), "")
    return [each for each in resources if each.provider == wanted]


def _domain(root: Module, alias: str) -> str:
    """The tenant that the provider speaks to, where it says so."""
    for block in root.body.of("provider"):
        attributes = block.body.attributes
        named = evaluate(attributes["alias"].value, root) if "alias" in attributes else ""
        if block.labels[:1] == ("auth0",) and named == alias and "domain" in attributes:
            found = evaluate(attributes["domain"].value, root)
            return str(found) if isinstance(found, str) and "." in found else ""
    return ""


def _standing(every: Given, used: frozenset[str], environment: str) -> list[Note]:
    """What is said of variables that have no value and are needed."""
    return [
        Note(
            "guess",
            f"variable {name} has no value in {environment}: {stand_in(block)} stands for it",
            block.at.file,
            block.at.line,
            block.at.column,
            "give it one in a .tfvars file of the environment, or in the converted project",
        )
        for name, block in every.declared.items()
        if snake(name) in used and isinstance(every.value(name), Unknown)
    ]
