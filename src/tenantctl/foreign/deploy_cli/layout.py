"""The two formats of auth0-deploy-cli, and which of them a path is."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from tenantctl.errors import FilesError, Problem
from tenantctl.foreign.deploy_cli.asset import Asset, Gathered
from tenantctl.foreign.deploy_cli.folder import Folder
from tenantctl.foreign.deploy_cli.nodes import Node, plain
from tenantctl.foreign.deploy_cli.sides import Sides
from tenantctl.foreign.deploy_cli.spread import branding, databases, prompts, protection, triggers
from tenantctl.foreign.deploy_cli.types import (
    FOLDERS,
    KNOWN_FOLDERS,
    LISTS,
    OTHERS,
    TYPES,
    Type,
)
from tenantctl.model import Origin

YAML = (".yaml", ".yml")
NAMES = ("tenant.yaml", "tenant.yml")
SCREENS = "prompts/screenRenderSettings"
PLACES = (*LISTS.values(), *FOLDERS.values(), *KNOWN_FOLDERS, "branding/templates", SCREENS)
SIDES = ("flows", "forms", SCREENS)
"""Folders with JSON that lie beside a YAML file, too."""
HELP = "name the tenant.yaml or the folder that a0deploy import takes"


def where(path: Path) -> tuple[Path, Path | None]:
    """The folder of the configuration at *path*, and its YAML file if it is of that format.

    Raises FilesError where there is no configuration.
    """
    if path.is_file() and path.suffix in YAML:
        return path.resolve().parent, path.resolve()
    if path.is_file():
        raise FilesError([Problem(str(path), 0, 0, "this is no YAML file and no folder", HELP)])
    if not path.is_dir():
        raise FilesError([Problem(str(path), 0, 0, "there is no such file or folder", HELP)])
    root = path.resolve()
    yaml = next((root / name for name in NAMES if (root / name).is_file()), None)
    if _has_json(root, *(SIDES if yaml else ())):
        return root, None
    if yaml:
        return root, yaml
    message = "this is no configuration of auth0-deploy-cli: no tenant.yaml, and no folders of JSON"
    raise FilesError([Problem(str(path), 0, 0, message, HELP)])


def _has_json(root: Path, *but: str) -> bool:
    """Whether something of the directory format is there, *but* in those folders."""
    places = [name for name in PLACES if name not in but]
    there = (next((root / place).glob("*.json"), None) for place in places)
    databases = (root / FOLDERS["databases"]).glob("*/*.json")
    files = (root / name for name in KNOWN_FOLDERS if "." in name)
    return any(there) or any(databases) or any(file.is_file() for file in files)


def of_yaml_file(file: Path, folder: Folder) -> Gathered:
    """All objects of a YAML file. Raises FilesError where no type is among its keys."""
    root = folder.node(file)
    name = folder.name(file)
    if root is None:
        return Gathered(())
    if not isinstance(root.value, dict) or (
        root.value and not root.value.keys() & {*TYPES, *OTHERS}
    ):
        message = "no key of this file is a type of auth0-deploy-cli"
        raise FilesError([Problem(name, root.line, root.column, message, HELP)])
    assets: list[Asset] = []
    empty: dict[str, Origin] = {}
    for key, node in root.value.items():
        at = Origin(name, node.line, node.column)
        if key in TYPES:
            found = list(_objects(TYPES[key], node, name, folder))
            assets += found
            if node.value in ([], {}):
                empty[key] = at
        elif key not in OTHERS:
            near = get_close_matches(key, TYPES, n=1, cutoff=0.7)
            help = f"did you mean {near[0]}?" if near else "a0deploy refuses a file that has it"
            folder.say("mistake", f"there is no type {key}", at, help)
    sides = Sides(folder, yaml=True)
    return Gathered(_filled(sides, assets), empty)


def _filled(sides: Sides, assets: list[Asset]) -> tuple[Asset, ...]:
    return tuple(filled for asset in assets if (filled := sides.filled(asset)) is not None)


def _objects(of: Type, node: Node, file: str, folder: Folder) -> Iterator[Asset]:
    """The objects of a type below its key, or in its file."""
    wanted = dict if of.one else list
    if node.value is not None and type(node.value) is not wanted:
        message = f"{of.name} must be a {'map' if of.one else 'list'}"
        help = "it was left out: write it out"
        folder.say("mistake", message, Origin(file, node.line, node.column), help)
    elif of.one and node.value:
        yield _asset(of, node, file)
    elif node.value:
        for item in node.value:
            if isinstance(item.value, dict):
                yield _asset(of, item, file)
            elif item.value is not None:
                place = Origin(file, item.line, item.column)
                message = f"an element of {of.name} must be a map"
                folder.say("mistake", message, place, "it was left out")


def _asset(of: Type, node: Node, file: str, stem: str = "") -> Asset:
    return Asset(of.name, plain(node), node, file, stem)


def of_folder(folder: Folder, connections: str = "") -> Gathered:
    """All objects of a folder of files. *connections*: their folder, if it has another name."""
    sides = Sides(folder, yaml=False, connections=connections or "connections")
    assets: list[Asset] = []
    empty: dict[str, Origin] = {}
    for of in TYPES.values():
        place = connections if of.name == "connections" and connections else of.folder
        if place:
            found = list(_of_files(of, place, folder))
        elif of.file:
            found = list(_of_file(of, folder))
        else:
            found = list(_spread(of, folder))
        place = place or FOLDERS.get(of.name, "")
        if not found and place and (folder.root / place).is_dir() and not of.one:
            empty[of.name] = Origin(place, 0, 0)
        assets += _filled(sides, found)
    _strangers(folder)
    return Gathered(tuple(assets), empty)


def _of_files(of: Type, place: str, folder: Folder) -> Iterator[Asset]:
    """One object for each file; an empty one is none."""
    for path in folder.names(place, ".json"):
        node = folder.node(path)
        if node is None:
            continue
        name = folder.name(path)
        if isinstance(node.value, dict) and node.value:
            yield _asset(of, node, name, path.stem)
        elif node.value:
            at = Origin(name, node.line, node.column)
            folder.say("mistake", f"one of {of.name} must be an object", at, "it was left out")


def _of_file(of: Type, folder: Folder) -> Iterator[Asset]:
    """The objects in the one file of a type; of a list it may hold one without the list."""
    path = folder.root / of.file
    node = folder.node(path) if path.is_file() and folder.inside(path) else None
    if node is None:
        return
    if not of.one and isinstance(node.value, dict):
        node = Node(node.line, node.column, [node] if node.value else [])
    yield from _objects(of, node, folder.name(path), folder)


def _spread(of: Type, folder: Folder) -> Iterator[Asset]:
    """The objects of a type whose objects have several files."""
    match of.name:
        case "databases":
            yield from databases(folder)
        case "pages" | "emailTemplates":
            stems = [p for p in folder.names(FOLDERS[of.name], ".json") if p.stem != "provider"]
            for path in stems:
                node = folder.node(path)
                if node is not None and isinstance(node.value, dict):
                    yield _asset(of, node, folder.name(path), path.stem)
        case "branding":
            yield from branding(folder)
        case "prompts":
            yield from prompts(folder)
        case "attackProtection":
            yield from protection(folder)
        case "triggers":
            yield from triggers(folder)


def _strangers(folder: Folder) -> None:
    """Folders that are likely meant to be others."""
    spellings = {_bare(name): name for name in KNOWN_FOLDERS if "." not in name}
    spellings.update(
        {_bare(t.name): t.folder.partition("/")[0] for t in TYPES.values() if t.folder}
    )
    for path in sorted(p for p in folder.root.iterdir() if p.is_dir()):
        meant = spellings.get(_bare(path.name))
        if meant and path.name not in KNOWN_FOLDERS and next(path.glob("*.json"), None):
            message = f"auth0-deploy-cli does not read the folder {path.name}"
            folder.say("hint", message, Origin(path.name, 0, 0), f"it reads {meant}")


def _bare(name: str) -> str:
    return "".join(c for c in name.lower() if c.isalnum())
