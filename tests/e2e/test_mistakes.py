"""A mistake of our own is told in words: no traceback, and nothing that its text may quote."""

from __future__ import annotations

from tenantctl.cli import terminal


def test_an_error_that_we_did_not_raise_on_purpose_is_named_without_its_text():
    secret = "hunter2-hunter2"
    try:
        {}[secret]
    except KeyError as error:
        said = terminal.mistake(error)
    assert "KeyError" in said
    assert "test_mistakes.py:" in said
    assert secret not in said
    assert "help:" in said
