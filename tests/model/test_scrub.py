"""No form of a secret is left in a text, and nothing else is taken out of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenantctl.model import Vault, forms, scrubber

LETTERS = "ab\\é\n"
"""So few that secrets begin alike, overlap, and stand in one another."""
SECRETS = st.dictionaries(st.sampled_from("XYZ"), st.text(LETTERS, max_size=12))


@given(SECRETS, st.data())
def test_the_longest_form_goes_first_and_from_left_to_right(
    values: dict[str, str], data: st.DataObject
) -> None:
    names = {f: name for name, v in values.items() if len(v) >= 6 for f in forms(v)}
    known = st.sampled_from(sorted(names)) if names else st.nothing()
    text = "".join(data.draw(st.lists(known | st.text(LETTERS, max_size=9), max_size=6)))
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    wanted = re.sub(longest_first, lambda f: f"(secret {names[f[0]]})", text) if names else text
    assert scrubber(Vault(values))(text) == wanted


@pytest.mark.parametrize(
    ("values", "text", "wanted"),
    [
        ({"X": "abcdefgh", "Y": "abcdefxy"}, "abcdefg abcdefx abcdefgh!", "abcdefg abcdefx {X}!"),
        ({"X": "abcdefgh", "Y": "abcdefghij"}, "abcdefghij abcdefghi", "{Y} {X}i"),
        ({"X": "abababc"}, "abababababc", "abab{X}"),
        ({"X": "bcdefg", "Y": "abcdef"}, "abcdefg", "{Y}g"),
    ],
    ids=["one begins like it", "the longer one", "it begins within itself", "two overlap"],
)
def test_where_a_text_begins_like_a_secret(values: dict[str, str], text: str, wanted: str) -> None:
    for name in values:
        wanted = wanted.replace(f"{{{name}}}", f"(secret {name})")
    assert scrubber(Vault(values))(text) == wanted
