"""How what was taken over is told. `TENANTCTL_GOLDEN=1` writes the files again."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tenantctl.model import LEVELS, Note
from tenantctl.report import Supply, Takeover, takeover_as_json, takeover_markdown, unmanaged_text
from tenantctl.report.takeover import HEADINGS
from tenantctl.report.takeover_text import takeover_text

GOLDEN = Path(__file__).parent / "golden"
TAKEN = Takeover(
    tenant="shop",
    folder="/home/ada/shop",
    files=("environments/shop/dev.yaml", "tenants/shop/tenant.yaml"),
    counts={"clients": 3, "connections": 1},
    notes=(
        Note("hint", "rules are legacy", "rules/greet.json", help="write an action"),
        Note("mistake", "there is no client Web", "tenant.yaml", 14, 7, "spell it as it is called"),
        Note("loss", "an organization's members were left out", "organizations/acme.json", 3, 5),
        Note(
            "loss", "an organization's members were left out", "organizations/umbrella.json", 9, 5
        ),
        Note("guess", "no topic owns hooks: written under application_integration"),
        *(Note("loss", "the field plan is unknown", "tenant.yaml", n, 3) for n in range(20, 27)),
        Note("secret", "the password of smtp stood in clear", "tenant.yaml", 40, 5),
    ),
    supplies=(
        Supply("shop/prod", "SMTP_PASSWORD", "env:SMTP_PASSWORD", "password of email_provider"),
        Supply("shop/prod", "CRM", "file:/run/secrets/crm"),
        Supply("shop/dev", "SMTP_PASSWORD", "generated", "password of email_provider"),
    ),
    next="tenantctl plan shop/dev",
)
NASTY = "a\x1b[31mb\u202ec\nd|e`f<g>[h]*j_k"
HOSTILE = Takeover(
    tenant=NASTY,
    folder=NASTY,
    files=(NASTY,),
    counts={NASTY: 1},
    notes=tuple(Note(level, NASTY, NASTY, 1, 1, NASTY, NASTY) for level in LEVELS),
    supplies=(Supply(NASTY, NASTY, f"env:{NASTY}", NASTY),),
    next=NASTY,
)
UNMANAGED = {"clients": ("Legacy Portal", "Old App"), "roles": ("editor",)}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("takeover.txt", takeover_text(TAKEN)),
        ("takeover_colour.txt", takeover_text(TAKEN, color=True, width=60)),
        ("takeover.md", takeover_markdown(TAKEN)),
        ("takeover.json", json.dumps(takeover_as_json(TAKEN), indent=1) + "\n"),
        ("takeover_nothing.txt", takeover_text(Takeover("shop", "."))),
        ("unmanaged.txt", unmanaged_text("shop/dev", UNMANAGED)),
        ("unmanaged_nothing.txt", unmanaged_text("shop/dev", {})),
    ],
)
def test_a_report_looks_as_it_did(name, said):
    path = GOLDEN / name
    if os.environ.get("TENANTCTL_GOLDEN"):
        path.write_text(said, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == said


def test_every_level_of_notes_has_a_heading():
    assert tuple(HEADINGS) == LEVELS


@pytest.mark.parametrize(
    "said",
    [
        takeover_text(HOSTILE),
        takeover_markdown(HOSTILE),
        json.dumps(takeover_as_json(HOSTILE), ensure_ascii=False),
        unmanaged_text(NASTY, {NASTY: (NASTY,)}),
    ],
    ids=["text", "markdown", "json", "unmanaged"],
)
def test_nothing_of_a_stranger_moves_a_cursor(said):
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "b\\u202ec\\nd" in said.replace("\\\\", "\\")


def test_nothing_of_a_stranger_is_markup():
    said = takeover_markdown(HOSTILE)
    shown = "d\\|e\\`f\\<g\\>\\[h\\]\\*j\\_k"
    assert said.count("|e") == said.count(shown) > len(LEVELS)
    for start in ("# title", "- item", "+ item", "1. item", "= rule"):
        note = takeover_markdown(Takeover("shop", ".", notes=(Note("loss", start),)))
        assert f"* {start}" not in note


def test_all_notes_are_in_the_json_whatever_the_text_leaves_out():
    assert len(takeover_as_json(TAKEN)["notes"]) == len(TAKEN.notes)
    assert "and 2 more" in " ".join(takeover_text(TAKEN).split())
