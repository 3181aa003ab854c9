"""Which commit the files are of, and how they were at earlier ones."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING

from tenantctl.errors import UsageError

if TYPE_CHECKING:
    from git import Repo
    from git.objects import Blob, Commit, Tree

WATCHED = ("tenants", "environments")
DIRTY = "-dirty"
"""How a commit ends whose files somebody has changed."""


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
    return f"{commit}{DIRTY}" if dirty else commit


def commits_of(root: Path, *names: str, limit: int = 500) -> tuple[str, ...]:
    """The last commits, of whatever branch, that changed the folders *names*, the newest first.

    Empty outside Git.
    """
    try:
        with _repository(root) as repository:
            paths = [_within(repository, root / name) for name in names]
            found = repository.iter_commits(all=True, paths=paths, max_count=limit)
            return tuple(str(each.hexsha) for each in found)
    except _errors():
        return ()


def tracked(root: Path, names: Iterable[str]) -> frozenset[str]:
    """Those of the files *names*, relative to *root*, that Git keeps; none outside Git."""
    try:
        with _repository(root) as repository:
            top = Path(str(repository.working_tree_dir)).resolve()
            paths = {name: (root / name).resolve() for name in names}
            inside = {name: path for name, path in paths.items() if path.is_relative_to(top)}
            known = {path for path, _ in repository.index.entries} if inside else set()
            return frozenset(
                name for name, path in inside.items() if path.relative_to(top).as_posix() in known
            )
    except _errors():
        return frozenset()


def has_commit(root: Path, commit: str) -> bool:
    """Whether the repository of *root* has *commit*."""
    try:
        with _repository(root) as repository:
            return _commit(repository, commit) is not None
    except _errors():
        return False


def trouble(root: Path) -> tuple[str, str]:
    """Why Git tells nothing of the project at *root*, and what helps; empty where it does."""
    try:
        import git
    except ImportError:
        return "Git is not installed", "install it"
    try:
        with _repository(root) as repository:
            repository.git.rev_parse("--git-dir")
    except git.GitCommandError as error:
        said = str(error.stderr)
        if "safe.directory" in said:
            way = f"git config --global --add safe.directory {shlex.quote(str(root.resolve()))}"
            return "Git refuses this folder, which belongs to somebody else", way
        return "Git cannot read this repository", f"`git status` in {root} says why"
    except (git.GitError, ValueError, OSError):
        return "the project is in no Git repository", "keep it in one: earlier states are there"
    return "", ""


def past(root: Path, commit: str, into: Path, names: tuple[str, ...] = WATCHED) -> str:
    """Writes the folders *names* of the project at *root*, as *commit* has them, into *into*.

    Gives the whole name of the commit. Nothing of the work tree is touched. A link to a file of the
    commit becomes that file; any other link is left out. Raises UsageError where there is no such
    commit.
    """
    try:
        with _repository(root) as repository:
            found = _commit(repository, commit)
            if found is None:
                raise _no_commit(root, commit)
            place = _within(repository, root) or "."
            for name in names:
                for blob, meant in _files(found.tree, _within(repository, root / name)):
                    target = into / Path(blob.path).relative_to(place)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(meant.data_stream.read())
            return str(found.hexsha)
    except _errors():
        raise _no_commit(root, commit) from None


def _commit(repository: Repo, name: str) -> Commit | None:
    """The commit of that *name*; None where git would take it for something else."""
    return repository.commit(f"{name}^{{commit}}") if _is_name(name) else None


def _is_name(commit: str) -> bool:
    """Whether git would not take *commit* for an option or a range."""
    return bool(commit) and not commit.startswith("-") and ".." not in commit


def _no_commit(root: Path, commit: str) -> UsageError:
    why, help = trouble(root)
    return UsageError(
        f"Git knows no commit {commit} here{f': {why}' if why else ''}",
        help=help
        or "`git log -- tenants environments` lists those there are; `git fetch` brings more",
    )


def _files(tree: Tree, path: str) -> Iterator[tuple[Blob, Blob]]:
    """The files below *path* of a commit's *tree*, each with what it is, or links to.

    None where there is no such folder.
    """
    from git.objects import Blob, Tree

    found = _entry(tree, path)
    for each in found.traverse() if isinstance(found, Tree) else (found,):
        if isinstance(each, Blob) and (meant := _behind(tree, each)):
            yield each, meant


def _behind(tree: Tree, blob: Blob, most: int = 8) -> Blob | None:
    """The regular file that *blob* is, or leads to over no more links than *most*; else None."""
    from git.objects import Blob

    if blob.mode != Blob.link_mode:
        return blob
    link = blob.data_stream.read().decode("utf-8", "replace")
    found = _entry(tree, normpath(Path(blob.path).parent / link)) if most else None
    return _behind(tree, found, most - 1) if isinstance(found, Blob) else None


def _entry(tree: Tree, path: str) -> object:
    """What stands at *path* of a commit's *tree*; None where nothing does."""
    try:
        return tree / path if path else tree
    except KeyError:
        return None


def _repository(root: Path) -> Repo:
    import git

    return git.Repo(root, search_parent_directories=True)


def _within(repository: Repo, path: Path) -> str:
    """*path* as Git calls it; empty for the top."""
    top = Path(str(repository.working_tree_dir)).resolve()
    found = path.resolve().relative_to(top).as_posix()
    return "" if found == "." else found


def _errors() -> tuple[type[Exception], ...]:
    """What asking Git can raise."""
    try:
        import git
        from gitdb.exc import BadObject, ODBError
    except ImportError:
        return (ImportError,)
    known = (git.GitError, BadObject, ODBError, ValueError, OSError, LookupError)
    return (*known, NotImplementedError)  # what GitPython says of `main@{yesterday}`
