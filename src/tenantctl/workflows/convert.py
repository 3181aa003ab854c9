"""Configurations of other tools become projects."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from tenantctl.foreign import deploy_cli, resolve, terraform
from tenantctl.workflows.takeover import Taken, Wanted, new_settings, take_over

Tool = Literal["deploy-cli", "terraform"]


def convert(
    tool: Tool,
    path: Path,
    environments: Mapping[str, Path | None],
    wanted: Wanted,
    *,
    embedded: bool = False,
) -> Taken:
    """The project that says what the configuration at *path* says in each of *environments*.

    An environment comes with the file of its values, if it has one. *embedded*: environments on
    this machine stand in for the tenants. Reads files, and nothing else; writes nothing. Raises
    FilesError where there is no such configuration.
    """
    read = deploy_cli.read if tool == "deploy-cli" else terraform.read
    drafts = {name: resolve(source) for name, source in read(path, environments).items()}
    settings = {
        name: new_settings(name, "" if embedded else draft.domain) for name, draft in drafts.items()
    }
    return take_over(drafts, wanted, settings)
