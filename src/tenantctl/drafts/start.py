"""What a project starts with: a first tenant, and what editors, Git and pipelines look for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import tenantctl

IGNORED = ".tenantctl/"
SCHEMAS = "schemas"
WORKFLOW = ".github/workflows/tenantctl.yml"
SETTINGS = ".vscode/settings.json"
CUSTOM_TAGS = "yaml.customTags"
ENVIRONMENTS = ("dev", "qa", "prod")


def first_files(tenant: str, playbook: str) -> dict[str, str]:
    """A first *tenant* by the playbook, in three environments: text by path below the project."""
    below = f"tenants/{tenant}"
    found = {f"{below}/tenant.yaml": _starter(f"{playbook}/tenant.yaml", tenant=tenant)}
    for workstream in ("authentication", "provisioning"):
        name = f"{playbook}/{workstream}.yaml"
        if _folder().joinpath(name).is_file():
            found[f"{below}/phase1/{workstream}.yaml"] = _starter(name, tenant=tenant)
    for env in ENVIRONMENTS:
        found[f"environments/{tenant}/{env}.yaml"] = _starter(f"{env}.yaml", tenant=tenant)
    return found


def furniture(tenant: str, needs: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Schemas and settings for editors, and a workflow for pull requests.

    *needs*: the environments of *tenant*, each with the variables of the shell that a plan takes.
    """
    return {
        SETTINGS: _starter("settings.json"),
        ".vscode/extensions.json": _starter("extensions.json"),
        WORKFLOW: workflow(tenant, needs),
        **{f"{SCHEMAS}/{name}": text for name, text in schemas().items()},
    }


def workflow(tenant: str, needs: Mapping[str, Sequence[str]]) -> str:
    """A workflow that validates and plans every environment, each with its own secrets."""
    version = tenantctl.__version__
    text = _starter("workflow.yml", version=version)
    text += "".join(f"      - run: tenantctl validate {tenant}/{env}\n" for env in needs)
    for env, names in needs.items():
        text += _starter("plan.yml", version=version, tenant=tenant, env=env)
        if names:
            text += "        env:\n"
        text += "".join(f"          {name}: ${{{{ secrets.{name} }}}}\n" for name in names)
    return text


def ignoring(text: str) -> str:
    """The `.gitignore` *text*, which leaves out the tool's own files from now on."""
    there = {line.strip().strip("/") for line in text.splitlines()}
    if IGNORED.strip("/") in there:
        return text
    between = "\n" if text and not text.endswith("\n") else ""
    return f"{text}{between}{IGNORED}\n"


@cache
def schemas() -> Mapping[str, str]:
    """The JSON Schemas of all files, by their path below `schemas/`."""
    package = Path(tenantctl.__file__).parent
    shipped = package / SCHEMAS
    folder = shipped if shipped.is_dir() else package.parents[1] / SCHEMAS
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.json"))
    }


def _starter(name: str, **words: str) -> str:
    """A file that is shipped, with `@word@` put in."""
    text = _folder().joinpath(name).read_text("utf-8")
    for word, value in words.items():
        text = text.replace(f"@{word}@", value)
    return text


def _folder() -> Path:
    return Path(str(files("tenantctl.drafts"))) / "starter"
