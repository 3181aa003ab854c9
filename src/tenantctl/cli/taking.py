"""What export, convert, import and init share: names, files on disk, and the report."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.errors import FilesError, Problem, UsageError

if TYPE_CHECKING:
    from tenantctl.playbooks import Playbook
    from tenantctl.report import Takeover
    from tenantctl.workflows.takeover import Taken

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def new_tenant(into: Path, tenant: str) -> Path:
    """The folder of the project. Raises UsageError where it has *tenant* already."""
    name(tenant, "--tenant")
    root = into.resolve()
    if root.exists() and not root.is_dir():
        raise UsageError(f"{into} is not a folder", help="give --into a folder, or a new name")
    for folder in ("tenants", "environments"):
        if (root / folder / tenant).exists():
            raise UsageError(
                f"{into} has {folder}/{tenant} already",
                help="choose another --tenant or --into: nothing is written over",
            )
    return root


def name(text: str, what: str) -> str:
    """*text*, if it can be the name of a tenant or an environment. Raises UsageError."""
    if NAME.fullmatch(text):
        return text
    suggested = re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-_") or "shop"
    raise UsageError(
        f"{what} {text} is no name: small letters, digits, - and _", help=f"such as {suggested}"
    )


def playbook_of(text: str) -> Playbook:
    """The playbook of this name. Raises UsageError."""
    from tenantctl.playbooks import NAMES, playbook

    if text not in NAMES:
        raise UsageError(f"there is no playbook {text}", help=f"there is {', '.join(NAMES)}")
    return playbook(text)


def environments_of(mapping: Sequence[str] | None, otherwise: str) -> dict[str, Path | None]:
    """`ENV=FILE` texts as environments with their files; *otherwise* alone without any."""
    found: dict[str, Path | None] = {}
    for each in mapping or ():
        env, mark, file = each.partition("=")
        if not mark:
            raise UsageError(f"--mapping {each} is not ENV=FILE", help=f"such as {env}=config.json")
        name(env, "the environment")
        if env in found:
            raise UsageError(f"--mapping names {env} twice", help="give each environment one file")
        path = Path(file)
        if not path.is_file():
            raise UsageError(f"there is no file {file}", help=f"--mapping {env}=FILE reads it")
        found[env] = path
    return found or {otherwise: None}


def deliver(texts: Mapping[str, str], root: Path, tenant: str, envs: Sequence[str]) -> None:
    """Write a new tenant's files, and check that every environment loads.

    Raises FilesError, once they are written, with everything that a person has to mend.
    """
    from tenantctl.drafts import write_files

    write_files(root, texts)
    check(root, tenant, envs)


def check(root: Path, tenant: str, envs: Sequence[str]) -> None:
    """Check that every environment loads. Raises FilesError with what is wrong in any."""
    from tenantctl.files import load

    problems: list[Problem] = []
    for env in envs:
        try:
            load(root, tenant, env)
        except FilesError as error:
            problems.extend(error.problems)
    if problems:
        raise FilesError(problems)


def tell(taken: Taken, root: Path, target: str, *, as_json: bool) -> None:
    """Tell what was taken over, what was lost, and how to go on with the environment *target*.

    Whoever does not read it now finds it as Markdown among the tool's own files.
    """
    from tenantctl.cli import terminal
    from tenantctl.drafts import write_files
    from tenantctl.report import takeover_as_json, takeover_markdown
    from tenantctl.report.takeover_text import takeover_text

    told = told_of(taken, root, target)
    write_files(root, {f".tenantctl/takeover/{told.tenant}.md": takeover_markdown(told)})
    if as_json:
        terminal.out_json(takeover_as_json(told))
    else:
        terminal.out(takeover_text(told, color=terminal.coloured(), width=terminal.width()))


def told_of(taken: Taken, root: Path, target: str) -> Takeover:
    """What there is to tell of *taken*, which was written to *root*."""
    from tenantctl.report import Supply, Takeover

    tenant = target.partition("/")[0]
    definition = taken.definition
    supplies = (
        [
            Supply(f"{tenant}/{env}", name, str(entry["from"]), definition.secrets.get(name, ""))
            for env, here in definition.environments.items()
            for name, entry in sorted(here.secrets.items())
        ]
        if definition
        else []
    )
    there = "" if root == Path.cwd() else f" --chdir {shlex.quote(str(root))}"
    return Takeover(
        tenant=tenant,
        folder=str(root),
        files=tuple(sorted(taken.texts)),
        counts=taken.counts,
        notes=taken.notes,
        supplies=tuple(supplies),
        next=f"tenantctl plan {target}{there}",
    )
