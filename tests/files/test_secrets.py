"""Where the values of secrets come from, and that they go nowhere else."""

from __future__ import annotations

import json
import stat

import pytest

from tenantctl.errors import FilesError, LedgerError
from tenantctl.files import credential, read_environment, resolve
from tenantctl.files.unresolved import Unresolved
from tenantctl.files.values import value_of
from tenantctl.model import Source

PROD = "environments/shop/prod.yaml"


@pytest.fixture
def vault(project):
    """Resolves the secrets of an environment of the small project."""
    root = project()

    def resolved(env="prod", *, environ=None, strict=True, names=None, **changes):
        project(changes)
        environment = read_environment(root, "shop", env)
        state = root / ".tenantctl"
        return resolve(
            environment, root=root, state=state, environ=environ or {}, strict=strict, names=names
        )

    return resolved


def kept(tmp_path):
    return tmp_path / ".tenantctl" / "secrets" / "shop-dev.json"


def test_values_come_from_the_environment_with_their_versions(vault):
    found = vault(environ={"MAIL_KEY": "s3cret", "FINGERPRINT": "k"})
    assert found.values == {"KEY": "s3cret"}
    assert found.versions == {"KEY": "3"}
    assert found.key == b"k"
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("word", ["********", "_VALUE_NOT_SHOWN_", "##KEY##", "redacted"])
def test_a_placeholder_is_no_value_of_a_secret(vault, word):
    values = {"MAIL_KEY": word, "FINGERPRINT": "k"}
    assert vault(environ=values, strict=False).values == {}
    with pytest.raises(FilesError, match="the secret KEY has no value: it is a placeholder"):
        vault(environ=values)


def test_a_plan_does_without_what_is_missing(vault):
    found = vault(strict=False)
    assert (found.values, found.key) == ({}, b"")
    assert found.versions == {"KEY": "3"}


def test_an_apply_says_all_that_is_missing_and_where_it_is_declared(vault):
    with pytest.raises(FilesError) as caught:
        vault()
    assert str(caught.value) == (
        "environments/shop/prod.yaml: the fingerprint key has no value: "
        "the environment variable FINGERPRINT is not set\n"
        "    help: set FINGERPRINT\n"
        "environments/shop/prod.yaml:4:11: the secret KEY has no value: "
        "the environment variable MAIL_KEY is not set\n"
        "    help: set MAIL_KEY"
    )


def test_a_file_gives_its_text_without_the_last_line_break(vault, tmp_path, small):
    (tmp_path / "mail").write_text("s3cret\n")
    text = small.FILES[PROD].replace("env:MAIL_KEY", f"file:{tmp_path}/mail")
    found = vault(environ={"FINGERPRINT": "k"}, **{PROD: text})
    assert found.values == {"KEY": "s3cret"}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.mkdir(), "is not a regular file"),
        (lambda path: path.write_text(""), "is empty"),
        (lambda path: path.write_bytes(b"\xff"), "is not UTF-8"),
        (lambda path: path.write_text("s3cret" * 200_000), "too many for a secret"),
        (lambda _: None, "cannot be read: No such file or directory"),
    ],
    ids=["folder", "empty", "binary", "large", "missing"],
)
def test_a_file_that_is_no_secret_is_refused_without_a_word_of_it(
    vault, tmp_path, small, make, said
):
    make(tmp_path / "mail")
    text = small.FILES[PROD].replace("env:MAIL_KEY", "file:mail")
    with pytest.raises(FilesError) as caught:
        vault(environ={"FINGERPRINT": "k"}, **{PROD: text})
    assert said in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_generated_secrets_are_made_once_and_kept_for_their_owner_only(vault, tmp_path):
    first = vault("dev", strict=False)
    assert len(first.values["KEY"]) >= 32
    assert first.key
    assert set(first.values) == {"KEY"}
    again = vault("dev")
    assert (again.values, again.key) == (first.values, first.key)
    assert stat.S_IMODE(kept(tmp_path).stat().st_mode) == 0o600
    assert stat.S_IMODE(kept(tmp_path).parent.stat().st_mode) == 0o700
    assert sorted(each.name for each in kept(tmp_path).parent.iterdir()) == [
        "shop-dev.json",
        "shop-dev.lock",
    ]


def test_only_what_is_asked_for_is_resolved(vault, tmp_path):
    assert vault("dev", names=()).values == {}
    assert "KEY" not in json.loads(kept(tmp_path).read_text())
    with pytest.raises(FilesError, match="the secret OTHER has no value: it is not declared here"):
        vault("dev", names=("OTHER",))


def test_kept_secrets_that_are_damaged_are_not_replaced_in_silence(vault, tmp_path):
    vault("dev")
    kept(tmp_path).write_text("{")
    with pytest.raises(LedgerError, match="cannot be read"):
        vault("dev")
    assert kept(tmp_path).read_text() == "{"


def test_the_tools_own_credentials_resolve_alike(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "id").write_text("abc\n")
    assert credential(Source("literal", "abc"), environ={}) == "abc"
    assert credential(Source("env", "ID"), environ={"ID": "abc"}) == "abc"
    assert credential(Source("file", "id"), environ={}) == "abc"
    for environ, said in [({}, "ID is not set"), ({"ID": ""}, "ID is empty: a pipeline leaves")]:
        with pytest.raises(FilesError, match=f"the environment variable {said}"):
            credential(Source("env", "ID"), environ=environ)
    with pytest.raises(FilesError, match="it is a placeholder"):
        credential(Source("env", "ID"), environ={"ID": "YOUR_CLIENT_ID"})


def test_the_mark_that_windows_puts_before_a_text_is_no_part_of_a_secret(tmp_path):
    (tmp_path / "key").write_bytes(b"\xef\xbb\xbfabc\r\n")
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfKEY=abc\r\nNEXT=def\r\n")
    assert value_of(Source("file", "key"), tmp_path, {}) == "abc"
    assert value_of(Source("dotenv", ".env#KEY"), tmp_path, {}) == "abc"
    with pytest.raises(Unresolved) as caught:
        value_of(Source("dotenv", ".env#NOPE"), tmp_path, {})
    assert caught.value.help == "write NOPE=... into .env"


def test_a_literal_secret_in_a_file_is_never_repeated(vault, small):
    text = small.FILES[PROD].replace('"env:MAIL_KEY", version', "s3cret, versoin")
    with pytest.raises(FilesError) as caught:
        vault(**{PROD: text})
    assert "versoin" in str(caught.value)
    assert "s3cret" not in str(caught.value)
