"""Keys of the user's own: whatever a tenant may have can be written, and means itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantctl.files.names import read_key, written_key

TABLE = [
    ("team", "team"),
    ("a$b", "a$b"),
    ("$x", "$$x"),
    ("$", "$$"),
    ("$$", "$$$"),
    ("$at", "$$at"),
    ("${x}", "$${x}"),
    ("a${x}", "a$${x}"),
    ("$${x}", "$$$${x}"),
    ("${", "$${"),
    ("", ""),
]


@pytest.mark.parametrize(("key", "text"), TABLE)
def test_a_key_is_written_so_that_it_means_itself(key, text):
    assert written_key(key) == text
    assert read_key(text) == key


@given(st.text(alphabet="$${}xa", max_size=8))
def test_every_key_can_be_written(key):
    text = written_key(key)
    assert read_key(text) == key
    assert not text.startswith("$") or text.startswith(("$$", "$${"))


@pytest.mark.parametrize("text", ["${x}", "a${x}", "a${", "$$$x${y}"])
def test_what_is_put_in_makes_no_key(text):
    assert read_key(text) is None
