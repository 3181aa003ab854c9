"""What export, convert, import and init share: names, files on disk, and the report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.errors import FilesError, Problem, UsageError

if TYPE_CHECKING:
    from tenantctl.playbooks import Playbook
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
    from tenantctl.files import load

    write_files(root, texts)
    problems: list[Problem] = []
    for env in envs:
        try:
            load(root, tenant, env)
        except FilesError as error:
            problems.extend(error.problems)
    if problems:
        raise FilesError(problems)


def tell(taken: Taken, root: Path, *, as_json: bool) -> None:
    """Tell what was taken over, what was lost, and how to go on."""
    from tenantctl.cli import terminal
    from tenantctl.report import takeover_as_json, takeover_text

    if as_json:
        terminal.out_json(takeover_as_json(taken, root))
    else:
        terminal.out(takeover_text(taken, root, color=terminal.coloured()))
