"""Texts get to their places below the project, and nowhere else."""

from __future__ import annotations

import pytest

from tenantctl.drafts import write_files
from tenantctl.errors import UsageError


@pytest.mark.parametrize("path", ["../out.yaml", "a/../../out.yaml", "/tmp/out.yaml", "", "a\0b"])
def test_no_path_leads_out_of_the_project(tmp_path, path):
    root = tmp_path / "project"

    with pytest.raises(UsageError, match="is no path inside the project"):
        write_files(root, {"fine.yaml": "1\n", path: "2\n"})

    assert [found for found in tmp_path.rglob("*") if found.is_file()] == []


@pytest.mark.parametrize("path", ["link/file.yaml", "link/new/file.yaml", "file.yaml"])
def test_no_link_leads_out_of_the_project(tmp_path, path):
    root, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (elsewhere / "file.yaml").write_text("theirs\n")
    (root / "link").symlink_to(elsewhere)
    (root / "file.yaml").symlink_to(elsewhere / "file.yaml")

    with pytest.raises(UsageError, match="is behind a link"):
        write_files(root, {"fine.yaml": "1\n", path: "ours\n"})

    assert (root / "file.yaml").is_symlink()
    assert (elsewhere / "file.yaml").read_text() == "theirs\n"
    assert [found.name for found in elsewhere.iterdir()] == ["file.yaml"]
    assert not (root / "fine.yaml").exists()


def test_only_what_differs_is_written_and_keeps_its_mode(tmp_path):
    for name in ("same", "other"):
        (tmp_path / name).write_text("1\n")
        (tmp_path / name).chmod(0o640)
    before = (tmp_path / "same").stat()

    changed = write_files(tmp_path, {"same": "1\n", "other": "2\n", "a/new": "3\n"})

    assert changed == ("other", "a/new")
    assert (tmp_path / "other").read_text() == "2\n"
    assert (tmp_path / "other").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "same").stat() == before
    assert (tmp_path / "a/new").read_text() == "3\n"


def test_where_one_cannot_be_written_none_is(tmp_path):
    (tmp_path / "first").write_text("1\n")
    (tmp_path / "folder").mkdir()

    with pytest.raises(OSError, match="folder"):
        write_files(tmp_path, {"first": "2\n", "folder": "a file\n"})

    assert (tmp_path / "first").read_text() == "1\n"
    assert sorted(found.name for found in tmp_path.iterdir()) == ["first", "folder"]
