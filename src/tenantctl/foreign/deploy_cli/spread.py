"""Objects that the directory format spreads over several files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from tenantctl.foreign.deploy_cli.asset import Asset
from tenantctl.foreign.deploy_cli.folder import Folder
from tenantctl.foreign.deploy_cli.nodes import Node, plain
from tenantctl.foreign.deploy_cli.types import PARTS_OF_ATTACK_PROTECTION, SCRIPTS
from tenantctl.model import Json, Origin


def databases(folder: Folder) -> Iterator[Asset]:
    """One for each folder with a `database.json`, or the `settings.json` of older exports.

    Older exports do not name the scripts: whatever is called like one is one.
    """
    for place in folder.folders("database-connections"):
        if place.name.startswith("_"):
            continue
        files = [place / name for name in ("database.json", "settings.json")]
        file = next((each for each in files if each.is_file() and folder.inside(each)), None)
        if file is None:
            at = Origin(folder.name(place), 0, 0)
            folder.say("mistake", "there is no database.json", at, "the database was left out")
            continue
        node = folder.node(file)
        if node is None or not isinstance(node.value, dict) or not node.value:
            continue
        fields = plain(node)
        if "customScripts" in fields:
            scripts = fields.pop("customScripts")
            fields["options"] = {**_map(fields.get("options")), "customScripts": scripts}
        options = _map(fields.get("options"))
        if file.name == "settings.json" and not options.get("customScripts"):
            there = {name: f"./{name}.js" for name in SCRIPTS if (place / f"{name}.js").is_file()}
            if there:
                fields["options"] = {**options, "customScripts": there}
        yield Asset("databases", fields, node, folder.name(file), place.name)


def branding(folder: Folder) -> Iterator[Asset]:
    """`branding.json`, and what `templates` describe."""
    file = folder.root / "branding" / "branding.json"
    node = _object(file, folder)
    fields = plain(node) if node is not None else {}
    templates = []
    for path in folder.names("branding/templates", ".json"):
        found = _object(path, folder)
        if found is not None:
            templates.append(plain(found))
            node = node or found
            file = file if file.is_file() else path
    if templates:
        fields["templates"] = templates
    if node is not None and fields:
        yield Asset("branding", fields, node, folder.name(file))


def protection(folder: Folder) -> Iterator[Asset]:
    """A file for each part."""
    for path in folder.names("attack-protection", ".json"):
        node = _object(path, folder)
        part = PARTS_OF_ATTACK_PROTECTION.get(path.stem)
        if part is None:
            at = Origin(folder.name(path), 0, 0)
            folder.say("mistake", f"there is no attack protection {path.stem}", at)
        elif node is not None:
            yield Asset(
                "attackProtection", {part: plain(node)}, _under(part, node), folder.name(path)
            )


def triggers(folder: Folder) -> Iterator[Asset]:
    """The first file of the folder has all of them."""
    for path in folder.names("triggers", ".json")[:1]:
        node = _object(path, folder)
        if node is not None and node.value:
            yield Asset("triggers", plain(node), node, folder.name(path))


def prompts(folder: Folder) -> Iterator[Asset]:
    """Settings, custom text, partials and how screens are rendered, each in files of its own."""
    home = folder.root / "prompts"
    settings = _object(home / "prompts.json", folder)
    if settings is not None and settings.value:
        yield Asset("prompts", plain(settings), settings, folder.name(home / "prompts.json"))
    text = _object(home / "custom-text.json", folder)
    if text is not None and text.value:
        node, file = _under("customText", text), folder.name(home / "custom-text.json")
        yield Asset("prompts", {"customText": plain(text)}, node, file)
    partials = _object(home / "partials.json", folder)
    if partials is not None and partials.value:
        file = folder.name(home / "partials.json")
        found = {key: _partials(item, home, file, folder) for key, item in partials.value.items()}
        yield Asset("prompts", {"partials": found}, _under("partials", partials), file)
    for path in folder.names("prompts/screenRenderSettings", ".json"):
        renderer = _object(path, folder)
        if renderer is not None:
            nodes = _under("screenRenderers", Node(renderer.line, renderer.column, [renderer]))
            fields = {"screenRenderers": [plain(renderer)]}
            yield Asset("prompts", fields, nodes, folder.name(path))


def _partials(node: Node, home: Path, file: str, folder: Folder) -> Json:
    """What the partials of one prompt are: the text of a file for each insertion point."""
    screens = node.value[0] if type(node.value) is list and node.value else node
    found: dict[str, dict[str, Json]] = {}
    for screen, points in screens.value.items() if isinstance(screens.value, dict) else ():
        for point in points.value if type(points.value) is list else ():
            said = plain(point)
            name, template = _map(said).get("name"), _map(said).get("template")
            if not isinstance(name, str) or not isinstance(template, str):
                continue
            at = Origin(file, point.line, point.column)
            path = folder.find(template, [home], at)
            if path is None:
                folder.say("mistake", f"there is no {template}", at, "the partial was left out")
                continue
            found.setdefault(screen, {})[name] = folder.text(path)
    return found


def _object(path: Path, folder: Folder) -> Node | None:
    """The object in a file; None where there is none."""
    node = folder.node(path) if path.is_file() and folder.inside(path) else None
    return node if node is not None and isinstance(node.value, dict) else None


def _under(key: str, node: Node) -> Node:
    return Node(node.line, node.column, {key: node})


def _map(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
