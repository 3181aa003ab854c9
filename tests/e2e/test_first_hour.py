"""What somebody types who has never seen the tool: each mistake is told, with what to type."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from errno import EACCES
from io import BytesIO, TextIOWrapper
from pathlib import Path
from types import SimpleNamespace

import pytest

from support.project import command
from tenantctl.cli import terminal
from tenantctl.errors import Interrupted, LedgerError
from tenantctl.ledger import write_atomic
from tenantctl.sandbox import Sandbox, SandboxError
from tenantctl.workflows.board import failed


@pytest.mark.parametrize(
    ("typed", "said", "help"),
    [
        ("paln dev", "no such command 'paln'. Did you mean 'plan'?", "tenantctl --help"),
        ("--json validate dev", "--json stands before the verb", "tenantctl validate ... --json"),
        ("--chdir=/x plan dev", "--chdir stands before the verb", "tenantctl plan ... --chdir"),
        ("validate dev --jsn", "no such option: --jsn", "tenantctl validate [OPTIONS]"),
        ("scopes dev", "missing option '--for'", "--for plan|apply|check|drift|export: The job"),
        ("bootstrap", "missing argument 'TENANT/ENV'", "TENANT/ENV: An environment;"),
        ("doctor --for", "option '--for' requires an argument", "tenantctl doctor --help"),
        ("lock relase", "no such command 'relase'", "tenantctl lock [OPTIONS] COMMAND"),
    ],
)
def test_a_line_that_is_not_understood_is_told_with_how_it_is_written(typed, said, help):
    ran = command(*typed.split())
    told = ran.json if "--json" in typed.split() else {}
    assert ran.code == 64
    assert said in (told.get("message") or ran.err)
    assert help in (told.get("help") or ran.err)


def test_programs_are_told_of_a_wrong_line_as_of_any_other_error():
    ran = command("scopes", "dev", "--json")
    assert ran.json["exit_code"] == ran.code == 64
    assert ran.err == ""


@pytest.mark.parametrize("words", [("-h",), ("plan", "-h"), ("lock", "show", "-h")])
def test_help_is_there_for_those_who_are_used_to_h(words):
    ran = command(*words)
    assert (ran.code, ran.out.split()[0]) == (0, "Usage:")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_signs_that_a_terminal_does_not_have_are_escaped_and_end_no_run(encoding):
    raw = BytesIO()
    stream = TextIOWrapper(raw, encoding=encoding, errors="strict", write_through=True)
    terminal.forgive(stream)
    document = {"said": "✓ é \U0001f511 \udc80"}
    with redirect_stdout(stream):
        terminal.out("✓ applied \udc80")
        terminal.out_json(document)
    first, _, rest = raw.getvalue().decode(encoding).partition("\n")
    assert "applied" in first
    assert json.loads(rest) == document


@pytest.mark.parametrize("word", ["", "lock", "receipts", "convert"])
def test_what_a_verb_is_for_can_be_read_to_its_end_in_the_list_of_verbs(word, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    said = command(*word.split(), "--help").out.partition("Commands:")[2]
    assert [line for line in said.splitlines() if line.endswith("...")] == []


def test_who_interrupts_a_question_is_told_that_nothing_was_written(monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    asked = SimpleNamespace(isatty=lambda: True, readline=interrupted)
    monkeypatch.setattr("sys.stdin", asked)
    with pytest.raises(Interrupted, match="before anything was written"):
        terminal.confirm("Apply?", "yes")


def test_an_interrupt_anywhere_is_told(monkeypatch):
    def interrupted(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("tenantctl.cli.wiring.project", interrupted)
    ran = command("fleet")
    assert (ran.code, ran.err.split(";")[0]) == (130, "interrupted")


def test_a_first_export_is_told_all_that_it_lacks_and_what_to_grant(tmp_path, monkeypatch):
    monkeypatch.delenv("AUTH0_CLIENT_ID", raising=False)
    monkeypatch.setenv("AUTH0_CLIENT_SECRET", "")
    words = ("export", "shop/prod", "--domain", "shop.eu.auth0.com", "--chdir", str(tmp_path))
    ran = command(*words, "--json")
    assert (ran.code, ran.json["exit_code"]) == (77, 77)
    assert "AUTH0_CLIENT_ID is not set" in ran.json["message"]
    assert "AUTH0_CLIENT_SECRET is empty" in ran.json["message"]
    assert ran.json["help"].endswith("tenantctl scopes shop/prod --for export says what to grant")
    assert "read:clients" in command("scopes", "shop/prod", "--for", "export").out


def test_a_playbook_that_is_not_there_is_no_file_that_is_wrong():
    ran = command("playbooks", "b2x")
    assert (ran.code, "there is b2c, b2b" in ran.err) == (64, True)


@pytest.mark.parametrize(("where", "way"), [(".", "name a file"), ("no/such/x", "make its folder")])
def test_a_plan_that_cannot_be_kept_there_says_what_to_do(where, way, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(LedgerError) as caught:
        write_atomic(Path(where), "{}")
    assert caught.value.help.startswith(way)


def test_a_folder_that_nobody_may_write_to_is_told_with_what_to_do_about_it(tmp_path, monkeypatch):
    place = tmp_path / "project"
    words = ("init", "--into", str(place), "--tenant", "shop")

    def refused(*_, **__):
        raise PermissionError(EACCES, "Permission denied", str(place))

    monkeypatch.setattr("tenantctl.cli.starting.run_init", refused)
    assert command(*words, "--json").json["message"] == f"Permission denied: {place}"
    assert "help: check who owns it" in command(*words).err
    column = failed("shop", "dev", PermissionError(EACCES, "Permission denied", str(place)))
    assert column.failure is not None
    assert column.failure.message == f"Permission denied: {place}"


def test_a_disk_that_is_full_is_no_reason_to_delete_an_embedded_tenant(tmp_path):
    (tmp_path / "taken.sqlite").mkdir()
    (tmp_path / "other.sqlite").write_text("no database, but a file of text that is long enough")
    with pytest.raises(SandboxError) as refused:
        Sandbox("shop-dev.sandbox.invalid", tmp_path / "taken.sqlite")
    with pytest.raises(SandboxError) as strange:
        Sandbox("shop-dev.sandbox.invalid", tmp_path / "other.sqlite")
    assert "delete" not in str(refused.value)
    assert "delete this one" in str(strange.value)
