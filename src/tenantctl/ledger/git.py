"""Which commit the files are of: provenance for receipts. Nothing depends on it."""

from __future__ import annotations

from pathlib import Path

WATCHED = ("tenants", "environments")


def commit_of(root: Path) -> str:
    """The commit that the project at *root* stands on, with `-dirty` where files differ from it.

    Only `tenants/` and `environments/` count. Empty outside Git, before the first commit, and
    where Git is not installed or refuses the folder.
    """
    try:
        import git
    except ImportError:
        return ""
    try:
        with git.Repo(root, search_parent_directories=True) as repository:
            commit = str(repository.head.commit.hexsha)
            folders = [str(root.resolve() / name) for name in WATCHED]
            # A configured fsmonitor is a program of the project's choice; status would run it.
            command = ["git", "-c", "core.fsmonitor=false", "status", "--porcelain", "--"]
            dirty = repository.git.execute([*command, *folders])
    except (git.GitError, ValueError, OSError):
        return ""
    return f"{commit}-dirty" if dirty else commit
