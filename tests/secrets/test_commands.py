"""Commands that print secrets: which are run, how, and what is said of those that fail."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tenantctl.files import commands
from tenantctl.files.commands import command, of_a_shell, words
from tenantctl.files.unresolved import Unresolved
from tenantctl.files.values import values_of
from tenantctl.model import Source

CANARY = "canary-of-a-command-4711"


@pytest.fixture
def script(tmp_path):
    """Puts a command on a PATH of its own; runs it with what is given."""
    folder = tmp_path / "bin"
    folder.mkdir()

    def made(text, name="getsecret"):
        path = folder / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def run(line, **environ):
        return command(line, tmp_path, {"PATH": f"{folder}:{os.environ['PATH']}", **environ})

    run.made, run.root = made, tmp_path
    return run


def test_what_a_command_prints_is_the_value_without_its_last_line_break(script):
    script.made(f"printf '%s\\n\\n' '{CANARY}'")
    assert script("getsecret read") == f"{CANARY}\n"


def test_no_shell_reads_the_line(script):
    script.made('printf "%s|" "$@"')
    line = "getsecret 'a b' $HOME `id` ; rm -rf x > y | z *"
    assert script(line) == "a b|$HOME|`id`|;|rm|-rf|x|>|y|||z|*|"
    assert not (script.root / "y").exists()


def test_a_command_runs_in_the_folder_of_the_project_and_knows_its_environment(script):
    script.made('pwd; echo "$WHO"')
    assert script("getsecret", WHO="me") == f"{script.root}\nme"


def test_a_command_that_is_asked_twice_runs_once(script):
    script.made(f"echo x >> {script.root}/runs; echo {CANARY}")
    assert script("getsecret a") == script("getsecret  a") == CANARY
    assert (script.root / "runs").read_text() == "x\n"


def test_a_command_that_failed_is_tried_again(script):
    script.made(f"test -e {script.root}/there && echo {CANARY}")
    with pytest.raises(Unresolved, match="getsecret ended with 1"):
        script("getsecret")
    (script.root / "there").touch()
    assert script("getsecret") == CANARY


def test_only_the_last_line_of_a_complaint_is_said_and_no_secret_in_it(script):
    script.made(
        f"echo {CANARY}; echo first line >&2;"
        f' echo "no session for $OP_TOKEN, had {CANARY}" >&2; exit 6'
    )
    with pytest.raises(Unresolved) as caught:
        script("getsecret read", OP_TOKEN="ops_token-s3cret")
    assert caught.value.message == (
        "getsecret ended with 6: no session for (secret OP_TOKEN), had (secret that it printed)"
    )
    assert caught.value.help == "run it by hand: getsecret read"


@pytest.mark.parametrize(
    ("complaint", "said"),
    [
        ("bad token hunter2-canary of me", "bad token ... of me"),
        ("+ curl -H Authorization: Bearer eyJhbGciOi", "+ curl -H Authorization: Bearer ..."),
        ("user=root,password=pw", "..."),
        ("[ERROR] You are not signed in.", "[ERROR] You are not signed in."),
    ],
)
def test_what_a_complaint_quotes_is_left_out_whatever_it_is(script, complaint, said):
    script.made(f"echo '{complaint}' >&2; exit 1")
    with pytest.raises(Unresolved) as caught:
        script("getsecret")
    assert caught.value.message == f"getsecret ended with 1: {said}"


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("op read x | tr -d y", "|"),
        ("op read x 2>/dev/null", "2>"),
        ("pass show $NAME", "$"),
        ("~/bin/secret crm", "~"),
        ("cut -d '|' -f 2 x", ""),
        ("sh -c 'op read x | tr -d y'", ""),
    ],
)
def test_what_only_a_shell_would_understand_is_found_unless_it_is_quoted(line, sign):
    assert of_a_shell(line) == sign


def test_a_complaint_is_cut(script):
    script.made("yes word | head -c 5000 | tr '\\n' ' ' >&2; exit 1")
    with pytest.raises(Unresolved) as caught:
        script("getsecret")
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("true", "getsecret printed nothing"),
        ("printf '\\377'", "getsecret printed what is not UTF-8"),
        ("yes", "getsecret printed more than 1,000,000 bytes"),
    ],
)
def test_what_is_no_secret_is_refused(script, text, said):
    script.made(text)
    with pytest.raises(Unresolved) as caught:
        script("getsecret")
    assert caught.value.message == said


def test_a_command_that_is_not_there_is_said(script):
    with pytest.raises(Unresolved, match="there is no command nowhere"):
        script("nowhere read")


def test_a_command_that_hangs_is_ended_with_all_that_it_began(script, monkeypatch):
    monkeypatch.setattr(commands, "PATIENCE", 0.4)
    script.made(f"sleep 60 & echo $! > {script.root}/child; sleep 60")
    began = time.monotonic()
    with pytest.raises(Unresolved, match="took more than"):
        script("getsecret")
    assert time.monotonic() - began < 5
    child = int((script.root / "child").read_text())
    until = time.monotonic() + 5
    while _alive(child) and time.monotonic() < until:
        time.sleep(0.02)
    assert not _alive(child)


def _alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_nobody_is_asked_anything(script):
    script.made('read answer || echo "nobody: $answer"')
    assert script("getsecret") == "nobody: "


def test_the_switch_keeps_every_command_from_running(script):
    script.made(f"touch {script.root}/ran; echo {CANARY}")
    with pytest.raises(Unresolved, match="TENANTCTL_SECRET_COMMANDS is never"):
        script("getsecret", TENANTCTL_SECRET_COMMANDS="never")
    assert not (script.root / "ran").exists()


def test_several_commands_run_side_by_side(script):
    # Each waits for the other's mark: one after the other, both would time out.
    script.made(
        f"touch {script.root}/$1; n=0;"
        f" until test -e {script.root}/$2; do sleep 0.02; n=$((n+1)); test $n -lt 200 || exit 1;"
        " done; echo $1"
    )
    environ = {"PATH": f"{script.root}/bin:{os.environ['PATH']}"}
    sources = {
        "ONE": Source("cmd", "getsecret one two"),
        "TWO": Source("cmd", "getsecret two one"),
    }
    assert values_of(sources, script.root, environ) == {"ONE": "one", "TWO": "two"}


@pytest.mark.parametrize("line", ["", "   ", "op 'read", "''"])
def test_what_is_no_command_is_found_when_it_is_read(line):
    with pytest.raises(ValueError, match=r"command|quotation"):
        words(line)
