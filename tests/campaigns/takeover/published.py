"""Published configurations beside the repository: where each lies, and its environments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

DEPLOY_CLI = ("a0deploy-yaml", "a0deploy-directory")


@dataclass(frozen=True)
class Published:
    """One configuration: its *path* as a tool takes it, and by environment the mapping's path.

    *folder* is what was published around it. *unresolved* are keywords that an environment lacks,
    *broken* the files that nobody can read there.
    """

    name: str
    folder: Path
    path: Path
    mappings: Mapping[str, Path]
    counts: Mapping[str, int]
    unresolved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broken: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terraform: bool = False

    @property
    def environments(self) -> tuple[str, ...]:
        return tuple(self.mappings) or ("dev",)


KEYWORDS = "AUTH0_KEYWORD_REPLACE_MAPPINGS"


def keywords(mapping: Path) -> dict[str, Any]:
    """The keywords of an environment: a mapping is a map of them, or a configuration with one."""
    found = json.loads(mapping.read_text("utf-8"))
    configured = any(key.startswith(KEYWORDS) or key == "AUTH0_ALLOW_DELETE" for key in found)
    named = found.get(KEYWORDS, {}) if configured else found
    return named if isinstance(named, dict) else {}


def twins(known: Iterable[Published], folder: Path) -> Iterator[tuple[Published, Published]]:
    """Tenants that were published for both tools; the second with the values of the first.

    Those are the keywords of its last environment, as a file of variables below *folder*.
    """
    by_name = {each.name: each for each in known}
    for name, one in by_name.items():
        other = by_name.get(f"tf-{name}")
        if other is not None:
            env, mapping = list(one.mappings.items())[-1]
            values = {key.lower(): value for key, value in keywords(mapping).items()}
            file = folder / f"{name}.tfvars.json"
            file.write_text(json.dumps(values), encoding="utf-8")
            yield one, replace(other, mappings={env: file})


def published(shared: Path) -> list[Published]:
    """Every configuration of auth0-deploy-cli and of Terraform."""
    configs = shared / "data" / "configs"
    listed = json.loads((configs / "manifest.json").read_text("utf-8"))
    return [each for entry in listed for each in _entry(configs, entry)]


def _entry(configs: Path, entry: dict) -> Iterator[Published]:
    folder = configs / entry["slug"]
    for root in entry["roots"]:
        name = root["id"].rpartition("/")[2].lower()
        name = f"{entry['slug']}-{name}" if not name.startswith(entry["slug"]) else name
        if entry["format"] == "terraform":
            counts = root["resources"]
            yield Published(name, folder, _terraform(folder), {}, counts, terraform=True)
        elif entry["format"] in DEPLOY_CLI:
            path = folder / root["root"]
            yield Published(
                name,
                folder,
                path / "tenant.yaml" if entry["format"] == "a0deploy-yaml" else path,
                {env: folder / file for env, file in root["envs"].items()},
                root["counts"],
                {env: tuple(words) for env, words in root["unresolved_keywords"].items()},
                {
                    env: tuple(file for file, _ in files)
                    for env, files in root["parse_errors_after_replacement"].items()
                },
            )


def _terraform(folder: Path) -> Path:
    """The root module: the outermost folder with files that is not called a module."""
    folders = {file.parent for file in folder.rglob("*.tf")}
    return min(folders, key=lambda each: ("modules" in each.parts, len(each.parts), str(each)))
