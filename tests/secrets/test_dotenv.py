"""What a `.env` file says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantctl.files.dotenv import values
from tenantctl.files.unresolved import Unresolved
from tenantctl.files.values import value_of
from tenantctl.model import Source


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=b", "b"),
        ("export A=b", "b"),
        ("  A = b c  ", "b c"),
        ("A=b # said", "b"),
        ("A=b#c", "b#c"),
        ("A='b # c'", "b # c"),
        ("A='$HOME ${X} \\n'", "$HOME ${X} \\n"),
        ('A="b # c" # said', "b # c"),
        ('A="one\\ntwo \\"q\\" \\$X"', 'one\ntwo "q" $X'),
        ('A="one\ntwo"', "one\ntwo"),
        ("A=$HOME/${X}", "$HOME/${X}"),
        ("A=x\nA=y", "y"),
        ("A=b=c==", "b=c=="),
        ("A=b\r\nB=c", "b"),
        ("#A=x\nA=y", "y"),
    ],
)
def test_an_entry_is_read_as_most_readers_do_and_nothing_is_interpolated(line, value):
    assert values(line)["A"] == value


@pytest.mark.parametrize("line", ["A", "1A=b", "# A=b", 'A="unfinished', "A-B=c", "A='x' y"])
def test_what_is_no_entry_says_nothing(line):
    assert values(line) == {}


def test_a_value_is_found_by_its_name_in_a_file_below_the_project(tmp_path):
    (tmp_path / ".env").write_text("OTHER=x\nexport CRM='s3cret'\nEMPTY=\n")
    assert value_of(Source("dotenv", ".env#CRM"), tmp_path, {}) == "s3cret"
    for name in ("EMPTY", "NOWHERE"):
        with pytest.raises(Unresolved) as caught:
            value_of(Source("dotenv", f".env#{name}"), tmp_path, {})
        assert caught.value.message == f".env has no {name}"
        assert "s3cret" not in caught.value.help
    with pytest.raises(Unresolved, match="cannot be read"):
        value_of(Source("dotenv", "none#CRM"), Path(tmp_path), {})
