"""Files beside the objects: code, pages and templates, in place of their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path as Place
from typing import Any

from tenantctl.foreign.deploy_cli.asset import Asset
from tenantctl.foreign.deploy_cli.folder import Folder
from tenantctl.foreign.deploy_cli.nodes import plain
from tenantctl.foreign.deploy_cli.types import SCRIPTS
from tenantctl.model import Json, Path

FIELDS: Mapping[str, Path] = {
    "actionModules": ("code",),
    "actions": ("code",),
    "emailTemplates": ("body",),
    "hooks": ("script",),
    "pages": ("html",),
    "rules": ("script",),
}
HOMES = {"emailTemplates": "emails", "hooks": "hooks", "pages": "pages", "rules": "rules"}
"""Folders that names of files are meant from, in the directory format; others: the root."""
ENDINGS = {"emailTemplates": ".html", "hooks": ".js", "pages": ".html", "rules": ".js"}
"""Of what lies beside the object's own file, and is called as that is."""


@dataclass(frozen=True, slots=True)
class Sides:
    """What the files beside objects are found with; *yaml*: they are objects of a YAML file."""

    folder: Folder
    yaml: bool
    connections: str = "connections"

    def filled(self, asset: Asset) -> Asset | None:
        """*asset* with the texts of files; a name that leads nowhere is left out and noted.

        None where nothing is left of it.
        """
        fields: dict[str, Any] = dict(asset.fields)
        if path := FIELDS.get(asset.type):
            self.put(asset, fields, path, self.places(asset), optional=False)
        elif asset.type == "clients":
            self.put(asset, fields, ("custom_login_page",), self.in_root("clients"), optional=True)
        elif asset.type == "connections" and fields.get("strategy") == "email":
            places = self.in_root(self.connections)
            self.put(asset, fields, ("options", "email", "body"), places, optional=False)
        if asset.type in {"databases", "connections"}:
            self.scripts(asset, fields)
        elif asset.type == "branding":
            self.templates(asset, fields)
        elif asset.type in {"flows", "forms"} and self.yaml:
            return self.body(asset, fields)
        elif asset.type == "prompts" and self.yaml:
            self.renderers(asset, fields)
        return replace(asset, fields=fields)

    def in_root(self, name: str) -> list[Place]:
        """The folder *name*, wherever files are looked for."""
        return [(self.folder.base if self.yaml else self.folder.root) / name]

    def places(self, asset: Asset) -> list[Place]:
        if self.yaml:
            return [self.folder.base]
        home = self.folder.root / HOMES.get(asset.type, "")
        return [home, self.folder.root]

    def put(
        self,
        asset: Asset,
        fields: dict[str, Any],
        path: Path,
        places: list[Place],
        *,
        optional: bool,
    ) -> None:
        """The text of the file that the field at *path* names, in its place."""
        home = _inner(fields, path[:-1])
        said = home.get(path[-1]) if home is not None else None
        if home is None or (said is None and not self.implied(asset)):
            return
        if isinstance(said, str) and said and _inline(said):
            return
        text = self.text(asset, said, path, places, optional=optional)
        if text is None:
            home.pop(path[-1], None)
        else:
            home[path[-1]] = text

    def implied(self, asset: Asset) -> bool:
        return asset.type in ENDINGS and not self.yaml

    def text(
        self, asset: Asset, said: Json, path: Path, places: list[Place], *, optional: bool
    ) -> str | None:
        """What the file called *said* holds, or the one that is called as the object's own."""
        at = asset.at(path)
        found = self.folder.find(said, places, at) if isinstance(said, str) else None
        if found is None and self.implied(asset):
            beside = self.folder.root / HOMES[asset.type] / f"{asset.stem}{ENDINGS[asset.type]}"
            found = beside if beside.is_file() and self.folder.inside(beside) else None
        if found is None and isinstance(said, str) and not optional:
            found = self.folder.guess(said, at)
        if found is not None:
            return self.folder.text(found)
        if optional:
            return said if isinstance(said, str) else None
        if isinstance(said, str) and said:
            help = f"{'.'.join(path)} was left out: put the file there"
            self.folder.say("mistake", f"{asset.name}: there is no file {said}", at, help)
        return None

    def scripts(self, asset: Asset, fields: dict[str, Any]) -> None:
        """The custom scripts of a database, each in a file of its own."""
        scripts = _inner(fields, ("options", "customScripts"))
        if scripts is None:
            return
        places = [self.folder.base]
        if not self.yaml:
            places = [self.folder.root / "database-connections" / asset.stem, self.folder.root]
        for name in list(scripts):
            path = ("options", "customScripts", name)
            if name not in SCRIPTS:
                del scripts[name]
                message = f"{asset.name}: there is no custom script {name}"
                self.folder.say("mistake", message, asset.at(path), "it was left out")
            else:
                self.put(asset, fields, path, places, optional=False)

    def templates(self, asset: Asset, fields: dict[str, Any]) -> None:
        """Pages of Universal Login; a leading slash means nothing there."""
        places = [self.folder.base]
        if not self.yaml:
            places = [self.folder.root / "branding" / "templates", self.folder.root]
        templates = fields.get("templates")
        for number, template in enumerate(templates if isinstance(templates, list) else ()):
            body = template.get("body") if isinstance(template, dict) else None
            if isinstance(body, str) and body and not _inline(body):
                path = ("templates", str(number), "body")
                text = self.text(asset, body.strip().lstrip("/\\"), path, places, optional=False)
                template["body"] = text

    def body(self, asset: Asset, fields: dict[str, Any]) -> Asset | None:
        """A flow or a form of a YAML file, whose fields stand in a JSON file."""
        said = fields.pop("body", None)
        if not isinstance(said, str):
            return replace(asset, fields=fields)
        at = asset.at(("body",))
        path = self.folder.find(said, [self.folder.base], at)
        node = self.folder.node(path) if path is not None else None
        if path is None:
            help = f"it was left out of {asset.type}"
            self.folder.say("mistake", f"{asset.name}: there is no file {said}", at, help)
        if path is None or node is None or not isinstance(node.value, dict):
            return None
        inner = plain(node)
        inner.pop("body", None)
        name = self.folder.name(path)
        return Asset(asset.type, {**fields, **inner}, node, name, asset.stem)

    def renderers(self, asset: Asset, fields: dict[str, Any]) -> None:
        """How screens are rendered: by prompt and screen the JSON files that say it."""
        found = []
        listed = fields.get("screenRenderers")
        for number, entry in enumerate(listed if isinstance(listed, list) else ()):
            if not isinstance(entry, Mapping) or entry.keys() & {"prompt", "screen"}:
                found.append(entry)
                continue
            for prompt, screens in entry.items():
                for screen, said in screens.items() if isinstance(screens, Mapping) else ():
                    at = asset.at(("screenRenderers", str(number), prompt, screen))
                    path = self.folder.find(str(said), [self.folder.base], at)
                    node = self.folder.node(path) if path is not None else None
                    if node is not None and isinstance(node.value, dict):
                        found.append({"prompt": prompt, "screen": screen, **plain(node)})
                    elif path is None:
                        message = f"{prompt} {screen}: there is no file {said}"
                        self.folder.say("mistake", message, at, "the screen was left out")
        if "screenRenderers" in fields:
            fields["screenRenderers"] = found


def _inner(fields: dict[str, Any], path: Path) -> dict[str, Any] | None:
    """The map at *path*; `plain` has made all maps of *fields* anew."""
    found: Any = fields
    for part in path:
        found = found.get(part) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _inline(text: str) -> bool:
    """Whether this is the text itself and no name of a file, as older exports have it."""
    return "\n" in text or text.lstrip().startswith("<") or len(text) > 300
